package http_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"carjs/bindings/fetch"
)

// While the script has a page, the one behind it is on its way, and no other; a list that is left
// takes its request back.
func TestNextPageIsFetchedAhead(t *testing.T) {
	var asked atomic.Int64
	second, third, cancelled := make(chan struct{}), make(chan struct{}), make(chan struct{})
	url := serve(t, map[string]http.HandlerFunc{
		"/pages": func(w http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			n, _ := strconv.Atoi(r.URL.Query().Get("n"))
			switch n {
			case 1:
				close(second)
			case 2:
				close(third)
				<-r.Context().Done() // the script is content with two pages
				close(cancelled)
				return
			}
			fmt.Fprintf(w, `{"items":[{"n":%d}],"next":"/pages?n=%d"}`, n, n+1)
		},
		"/second":    func(w http.ResponseWriter, r *http.Request) { <-second; fmt.Fprint(w, asked.Load()) },
		"/third":     func(w http.ResponseWriter, r *http.Request) { <-third; fmt.Fprint(w, asked.Load()) },
		"/cancelled": func(w http.ResponseWriter, r *http.Request) { <-cancelled; fmt.Fprint(w, asked.Load()) },
	})
	check{"ahead", `const client = new HttpClient({ baseURL: a });
		const seen: any[] = [];
		for await (const page of client.paginate.nextURL("/pages", { items: "items" })) {
			seen.push(page[0].n);
			if (page[0].n === 0) seen.push("asked", await client.get("/second"));
			if (page[0].n === 1) {
				await client.get("/third");
				break;
			}
		}
		seen.push("asked", await client.get("/cancelled"));
		return seen;`, `[0,"asked",2,1,"asked",3]`}.run(t, world(fetch.Deps{}), url)
}

// What goes wrong with a page that was fetched ahead is thrown when the script asks for that page,
// and not while it has another.
func TestFailureAheadWaitsForItsTurn(t *testing.T) {
	url := serve(t, map[string]http.HandlerFunc{
		"/pages": func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("n") == "1" {
				http.Error(w, "gone", http.StatusForbidden)
				return
			}
			fmt.Fprint(w, `{"items":[1],"next":"/pages?n=1"}`)
		},
	})
	check{"failure", `const client = new HttpClient({ baseURL: a });
		const seen: any[] = [];
		try {
			for await (const page of client.paginate.nextURL("/pages", { items: "items" })) {
				await new Promise((resolve) => setTimeout(resolve, 20));
				seen.push(page);
			}
		} catch (e: any) { seen.push(e.code); }
		return seen;`, `[[1],53]`}.run(t, world(fetch.Deps{}), url)
}

// Where the total is known, several pages are on their way at once, as many as asked for and no
// more, and come in their order.
func TestSeveralPagesAreFetchedAhead(t *testing.T) {
	const items, ahead = 20, 3
	var mu sync.Mutex
	under, most, behind := 0, 0, 0
	full := make(chan struct{})
	url := serve(t, map[string]http.HandlerFunc{
		"/items": func(w http.ResponseWriter, r *http.Request) {
			offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
			if offset > 0 {
				mu.Lock()
				under++
				most = max(most, under)
				if behind++; behind == ahead {
					close(full)
				}
				mu.Unlock()
				<-full // the first ones wait until all that may be on their way are
				mu.Lock()
				under--
				mu.Unlock()
			}
			fmt.Fprintf(w, `{"count":%d,"items":[%d,%d]}`, items, offset, offset+1)
		},
	})
	check{"ahead", `const seen: number[] = [];
		for await (const page of new HttpClient({ baseURL: a }).paginate.offset<number>("/items", { items: "items", total: "count", limit: 2, ahead: 3 })) seen.push(...page);
		return seen.every((n, i) => n === i) && seen.length;`, `20`}.run(t, world(fetch.Deps{}), url)
	if most != ahead {
		t.Errorf("%d pages were on their way at once, want %d", most, ahead)
	}
}

// A page that is shorter than the one before makes what was expected behind it wrong: it is asked
// for anew.
func TestPagesThatComeOtherwise(t *testing.T) {
	const items = 11
	url := serve(t, map[string]http.HandlerFunc{
		"/items": func(w http.ResponseWriter, r *http.Request) {
			offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
			size := 3
			if offset == 3 { // the server is short of breath for once
				size = 1
			}
			list := []int{}
			for i := offset; i < min(offset+size, items); i++ {
				list = append(list, i)
			}
			json.NewEncoder(w).Encode(map[string]any{"count": items, "items": list}) //nolint:errcheck // it is a test's
		},
	})
	check{"otherwise", `const seen: number[] = [];
		for await (const page of new HttpClient({ baseURL: a }).paginate.offset<number>("/items", { items: "items", total: "count" })) seen.push(...page);
		return seen;`, `[0,1,2,3,4,5,6,7,8,9,10]`}.run(t, world(fetch.Deps{}), url)
}

// A list that is left takes all of its requests back.
func TestLeavingTakesAllBack(t *testing.T) {
	var left sync.WaitGroup
	left.Add(3)
	url := serve(t, map[string]http.HandlerFunc{
		"/items": func(w http.ResponseWriter, r *http.Request) {
			if offset := r.URL.Query().Get("offset"); offset != "0" {
				<-r.Context().Done()
				left.Done()
				return
			}
			fmt.Fprint(w, `{"count":100,"items":[1]}`)
		},
	})
	check{"left", `for await (const page of new HttpClient({ baseURL: a }).paginate.offset<number>("/items", { items: "items", total: "count", ahead: 3 })) {
			await new Promise((resolve) => setTimeout(resolve, 50)); // the requests are on their way
			return page;
		}`, `[1]`}.run(t, world(fetch.Deps{}), url)
	left.Wait()
}
