package http_test

import (
	"fmt"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"

	"carjs/bindings/fetch"
)

// While the script has a page, the one behind it is on its way, and no other; a list that is left takes its request back.
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

// What goes wrong with a page that was fetched ahead is thrown when the script asks for that page, and not while it has another.
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
