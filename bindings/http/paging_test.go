package http_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"carjs/bindings/fetch"
)

// book serves the numbers from 0 to 9 in pages of three, by number, and says of itself what a test
// wants to be said.
type book struct {
	mu    sync.Mutex
	asked []string
}

func (b *book) note(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked = append(b.asked, text)
}

func (b *book) numbers(page int) string {
	ids := []int{}
	for n := page * 3; page >= 0 && n < min(page*3+3, 10); n++ {
		ids = append(ids, n)
	}
	text, _ := json.Marshal(ids)
	return string(text)
}

func (b *book) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	data, _ := io.ReadAll(r.Body)
	b.note(strings.TrimSpace(r.Method + " " + r.URL.RequestURI() + " " + string(data)))
	query := r.URL.Query()
	page, _ := strconv.Atoi(query.Get("page"))
	var sent struct {
		Page      int
		Cursor    any
		Variables struct{ After any }
	}
	_ = json.Unmarshal(data, &sent)
	form, _ := url.ParseQuery(string(data))
	from := func(cursor any) int {
		if n, ok := cursor.(float64); ok {
			return int(n)
		}
		n, _ := strconv.Atoi(fmt.Sprint(cursor))
		return n
	}
	switch r.URL.Path {
	case "/one":
		fmt.Fprint(w, b.numbers(page-1))
	case "/zero":
		fmt.Fprintf(w, `{"rows":%s,"pages":4}`, b.numbers(page))
	case "/total":
		w.Header().Set("X-Total", "10")
		fmt.Fprint(w, b.numbers(page-1))
	case "/pages":
		w.Header().Set("X-Pages", "4")
		fmt.Fprint(w, b.numbers(page-1))
	case "/many":
		fmt.Fprintf(w, `{"rows":%s,"pages":6}`, b.numbers(page-1))
	case "/short": // the last page is missing
		if page > 3 {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		fmt.Fprintf(w, `{"rows":%s,"pages":4}`, b.numbers(page-1))
	case "/fewer":
		fmt.Fprintf(w, `{"rows":%s,"pages":%d}`, b.numbers(page-1), 5-page)
	case "/zeroes":
		fmt.Fprintf(w, `{"rows":%s,"pages":0}`, b.numbers(page-1))
	case "/last": // the last page is the answer to any number behind it
		fmt.Fprint(w, b.numbers(min(page-1, 3)))
	case "/body":
		fmt.Fprint(w, b.numbers(sent.Page-1))
	case "/form":
		page, _ := strconv.Atoi(form.Get("page"))
		fmt.Fprint(w, b.numbers(page-1))
	case "/graph":
		at := from(sent.Variables.After)
		next := "null"
		if at < 9 {
			next = strconv.Quote(strconv.Itoa(at + 3))
		}
		fmt.Fprintf(w, `{"data":{"nodes":%s,"next":%s}}`, b.numbers(at/3), next)
	case "/numbers": // cursors that are numbers
		at := from(sent.Cursor)
		fmt.Fprintf(w, `{"rows":%s,"next":%d,"more":%t}`, b.numbers(at/3), at+3, at < 9)
	case "/head": // the cursor comes and goes in headers
		at, _ := strconv.Atoi(r.Header.Get("X-Continuation"))
		if at < 9 {
			w.Header().Set("X-Continuation", strconv.Itoa(at+3))
		}
		fmt.Fprint(w, b.numbers(at/3))
	case "/linked":
		at, _ := strconv.Atoi(query.Get("at"))
		if at < 9 {
			w.Header().Set("Link", fmt.Sprintf(`</linked>; rel="first", </linked?at=%d>; rel="more"`, at+3))
			w.Header().Set("X-Next", fmt.Sprintf("?at=%d", at+3))
		}
		fmt.Fprint(w, b.numbers(at/3))
	case "/empty": // a POST without an answer
	}
}

// The pages of every style that can be told by number, by body, by header and by Link.
func TestPagesOfEveryKind(t *testing.T) {
	const missing = "failure 55: GET $a/"
	graph := `{ items: "data.nodes", next: "data.next", cursorParam: "variables.after", json: { query: "{ n }", variables: { first: 3 } } }`
	for _, c := range []struct{ name, pages, want, asked string }{
		{"until an empty page", `page("/one", { ahead: 1 })`, `[[0,1,2],[3,4,5],[6,7,8],[9],[]]`, "GET /one?page=1, GET /one?page=2, GET /one?page=3, GET /one?page=4, GET /one?page=5"},
		{"from 0, with the number of pages", `page("/zero", { first: 0, items: "rows", pages: "pages" })`, ten, "GET /zero?page=0, GET /zero?page=1, GET /zero?page=2, GET /zero?page=3"},
		{"with a total in a header", `page("/total", { total: { header: "X-Total" }, sizeParam: "per_page", size: 3 })`, ten,
			"GET /total?per_page=3&page=1, GET /total?per_page=3&page=2, GET /total?per_page=3&page=3, GET /total?per_page=3&page=4"},
		{"with the number of pages in a header", `page("/pages", { pages: { header: "x-pages" } })`, ten, "GET /pages?page=1, GET /pages?page=2, GET /pages?page=3, GET /pages?page=4"},
		{"by function of the head", `page<number>("/pages", { pages: (_, response) => response.headers.get("x-pages") })`, ten, "GET /pages?page=1, GET /pages?page=2, GET /pages?page=3, GET /pages?page=4"},
		{"empty pages that were announced", `page("/many", { items: "rows", pages: "pages" })`, `[[0,1,2],[3,4,5],[6,7,8],[9],[],[]]`,
			"GET /many?page=1, GET /many?page=2, GET /many?page=3, GET /many?page=4, GET /many?page=5, GET /many?page=6"},
		{"fewer pages than announced", `page("/short", { items: "rows", pages: "pages", ahead: 1 })`, missing + "short?page=…: the data source announced 4 pages and returned 3 (at src/main.ts:7:76)", ""},
		{"fewer and fewer pages", `page("/fewer", { items: "rows", pages: "pages", ahead: 1 })`,
			missing + "fewer?page=…: the number of pages fell from 4 to 3 while the list was read, " +
				"so rows may have been skipped (at src/main.ts:7:76)", ""},
		{"no pages beside rows", `page("/zeroes", { items: "rows", pages: "pages" })`, missing + "zeroes?page=…: the data source announced 0 pages and returned 3 rows (at src/main.ts:7:76)", ""},
		{"no number of pages", `page("/many", { items: "rows", pages: "rows" })`,
			missing + `many?page=…: there is no number of pages at "rows"; the page is an object of rows, pages (at src/main.ts:7:76)`, ""},
		{"a last page for ever", `page("/last", { ahead: 1 })`, missing + "last?page=…: the page has the same rows as an earlier one, so the list would never end (at src/main.ts:7:76)", ""},
		{"number in a body", `page("/body", { json: { sort: "id" }, sizeParam: "size", size: 3, ahead: 1 })`, `[[0,1,2],[3,4,5],[6,7,8],[9],[]]`,
			`POST /body {"sort":"id","size":3,"page":1}, POST /body {"sort":"id","size":3,"page":2}, POST /body {"sort":"id","size":3,"page":3}, POST /body {"sort":"id","size":3,"page":4}, POST /body {"sort":"id","size":3,"page":5}`},
		{"body of nothing else", `page("/body", { in: "body", total: () => 10 })`, ten, `POST /body {"page":1}, POST /body {"page":2}, POST /body {"page":3}, POST /body {"page":4}`},
		{"number in a form", `page("/form", { form: { a: "ä b" }, total: () => 10 })`, ten,
			`POST /form a=%C3%A4+b&page=1, POST /form a=%C3%A4+b&page=2, POST /form a=%C3%A4+b&page=3, POST /form a=%C3%A4+b&page=4`},
		{"number in the query of a POST", `page("/one", { json: [1], in: "query", total: () => 10 })`, ten,
			`POST /one?page=1 [1], POST /one?page=2 [1], POST /one?page=3 [1], POST /one?page=4 [1]`},
		{"offset in a body", `offset("/body", { json: { page: 0 }, offsetParam: "skip", limitParam: "take", total: () => 0 })`, `[[]]`, `POST /body {"page":0,"take":100,"skip":0}`},
		{"GraphQL", `cursor("/graph", ` + graph + `)`, ten,
			`POST /graph {"query":"{ n }","variables":{"first":3,"after":"3"}}, ` +
				`POST /graph {"query":"{ n }","variables":{"first":3,"after":"6"}}, POST /graph {"query":"{ n }","variables":{"first":3,"after":"9"}}, POST /graph {"query":"{ n }","variables":{"first":3}}`},
		{"cursors that are numbers", `cursor("/numbers", { items: "rows", next: (page) => page.more && page.next, json: {} })`, ten,
			`POST /numbers {"cursor":3}, POST /numbers {"cursor":6}, POST /numbers {"cursor":9}, POST /numbers {}`},
		{"cursor in headers", `cursor("/head", { next: { header: "X-Continuation" }, in: "header", cursorParam: "X-Continuation" })`, ten,
			`GET /head, GET /head, GET /head, GET /head`},
		{"URL in a header", `nextURL("/linked", { next: { header: "X-Next" } })`, ten, `GET /linked, GET /linked?at=3, GET /linked?at=6, GET /linked?at=9`},
		{"URL in a Link header", `nextURL("/linked", { next: { link: "More" } })`, ten, `GET /linked, GET /linked?at=3, GET /linked?at=6, GET /linked?at=9`},
		{"URL of a POST", `nextURL("/linked", { next: { link: "more" }, json: { a: 1 } })`, ten,
			`POST /linked {"a":1}, POST /linked?at=3 {"a":1}, POST /linked?at=6 {"a":1}, POST /linked?at=9 {"a":1}`},
		{"cursor out of a URL in a Link header", `cursor("/linked", { next: (_, { headers }) => /at=(\d+)/.exec(headers.get("link") ?? "")?.[1], cursorParam: "at" })`, ten,
			`GET /linked, GET /linked?at=3, GET /linked?at=6, GET /linked?at=9`},
		{"a POST without an answer", `page("/empty", { in: "body" })`, `failure 55: POST $a/empty: the response (status 200) is empty and not JSON (at src/main.ts:7:76)`, ""},
	} {
		b := &book{}
		at := serve(t, map[string]http.HandlerFunc{"/": b.ServeHTTP})
		check{c.name, collect("c.paginate." + c.pages), c.want}.run(t, world(fetch.Deps{}), at)
		slices.Sort(b.asked)
		if got := strings.Join(b.asked, ", "); c.asked != "" && got != c.asked {
			t.Errorf("%s: asked\n%s\nwant\n%s", c.name, got, c.asked)
		}
	}
}

// What cannot be a way to page is refused where it is written.
func TestPagingMisuse(t *testing.T) {
	for _, c := range []struct{ pages, want string }{
		{`page("/x", { json: [1] })`, `paginate.page: the option json must be an object, because the parameters of each page go into it; set in: "query" to send them in the query`},
		{`page("/x", { in: "path" as any })`, `paginate.page: the option in must be "query", "body" or "header", not "path"`},
		{`page("/x", { json: {}, form: {} })`, `a request has one body, not json and form`},
		{`cursor("/x", { next: {} as any })`, `paginate.cursor: the option next must name a header or a link`},
		{`page("/x", { method: "PUT" as any })`, `paginate.page: the option method must be "GET" or "POST", not "PUT"`},
		{`page("/x", { first: -1 })`, `paginate.page: the option first must be a whole number from 0 to 2147483647, not -1`},
	} {
		check{c.pages, `return (await caught(async () => { for await (const page of new HttpClient({ baseURL: a }).paginate.` + c.pages + `) void page }))[2]`, c.want}.
			run(t, world(fetch.Deps{}), "http://h.invalid")
	}
}

// Pages whose numbers are known are on their way at once, and come in their order.
func TestNumberedPagesAhead(t *testing.T) {
	for name, options := range map[string]string{
		"total": `total: "total", ahead: 3`, "pages": `pages: "pages", ahead: 3`, "neither": `ahead: 3`,
	} {
		b := &book{}
		var mu sync.Mutex
		waiting, full := 0, make(chan struct{})
		at := serve(t, map[string]http.HandlerFunc{"/": func(w http.ResponseWriter, r *http.Request) {
			page, _ := strconv.Atoi(r.URL.Query().Get("page"))
			if page > 1 {
				mu.Lock()
				if waiting++; waiting == 3 {
					close(full)
				}
				mu.Unlock()
				<-full
			}
			fmt.Fprintf(w, `{"rows":%s,"total":10,"pages":4}`, b.numbers(page-1))
		}})
		check{name, `const all: number[] = []; for await (const page of new HttpClient({ baseURL: a }).paginate.page<number>("/x", { items: "rows", ` + options + ` })) all.push(...page); return all.join("")`,
			"0123456789"}.run(t, world(fetch.Deps{}), at)
	}
}

// store has an object for each id that is a number below a hundred, and returns at most so many.
type store struct {
	book
	most  int
	lacks map[string]bool
}

func (s *store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	data, _ := io.ReadAll(r.Body)
	var ids []string
	query := r.URL.Query()
	switch r.URL.Path {
	case "/repeated":
		ids = query["ids"]
	case "/listed":
		ids = strings.Split(query.Get("id"), ",")
	case "/filter":
		ids = strings.Split(strings.TrimSuffix(strings.TrimPrefix(query.Get("filter"), "id in ("), ")"), " ")
	case "/body":
		var sent struct{ Filter struct{ IDs []any } }
		_ = json.Unmarshal(data, &sent)
		for _, id := range sent.Filter.IDs {
			ids = append(ids, fmt.Sprint(id))
		}
	case "/deaf":
		ids = []string{"7", "8"}
	case "/none":
		http.Error(w, "none", http.StatusNotFound)
		return
	}
	s.note(strings.Join(ids, " "))
	var rows []string
	for _, id := range ids {
		if !s.lacks[id] && (s.most == 0 || len(rows) < s.most) {
			rows = append(rows, fmt.Sprintf(`{"id":%q,"uid":"u%s"}`, id, id))
		}
	}
	fmt.Fprintf(w, `{"rows":[%s]}`, strings.Join(rows, ","))
}

// Ids go out in batches and every one of them comes back, or is told.
func TestBatches(t *testing.T) {
	numbers := func(n int) string { return fmt.Sprintf(`Array.from({ length: %d }, (_, i) => i)`, n) }
	for _, c := range []struct {
		name, call string
		store      *store
		want       string
		asked      string
	}{
		{"names repeated", `"/repeated", { ids: ["1", "2", "3"], size: 2`, &store{}, "1 2 3", "1 2, 3"},
		{"a list of text", `"/listed", { ids: ` + numbers(5) + `, size: 3, param: "id", value: (ids: any) => ids.join(",")`, &store{}, "0 1 2 3 4", "0 1 2, 3 4"},
		{"a filter", `"/filter", { ids: new Set(["a", "b"]), param: "filter", value: (ids: any) => "id in (" + ids.join(" ") + ")"`, &store{}, "a b", "a b"},
		{"a body", `"/body", { ids: [1, 2n, "3"], param: "Filter.IDs", json: { Filter: { all: true } }`, &store{}, "1 2 3", "1 2 3"},
		{"a body of its own form", `"/body", { ids: [1, 2], param: "Filter", json: {}, value: (ids: any) => ({ IDs: ids })`, &store{}, "1 2", "1 2"},
		{"none", `"/repeated", { ids: []`, &store{}, "", ""},
		{"the same id twice", `"/repeated", { ids: ["1", "1", "2"], size: 2`, &store{}, "1 2", "1 2"},
		{"URLs of a length", `"/repeated", { ids: ` + numbers(12) + `, maxURL: a.length + 40`, &store{}, "0 1 2 3 4 5 6 7 8 9 10 11", "0 1 2 3 4, 5 6 7 8, 9 10 11"},
		{"a URL that one id fills", `"/repeated", { ids: [1, 2], maxURL: 1`, &store{}, "1 2", "1, 2"},
		{"fewer than asked for", `"/repeated", { ids: ` + numbers(5) + `, size: 5, ahead: 1`, &store{most: 2}, "0 1 2 3 4", "0 1 2 3 4, 2 3 4, 4"},
		{"one that is gone", `"/repeated", { ids: ["1", "2", "3"], size: 2`, &store{lacks: map[string]bool{"2": true}},
			"failure 55: GET $a/repeated?ids=…: the data source returned nothing for 1 of the ids: 2" + inMain, "1 2, 2, 3"},
		{"one that may be gone", `"/repeated", { ids: ["1", "2", "3"], size: 2, missing: "warn"`, &store{lacks: map[string]bool{"2": true}}, "1 3", "1 2, 2, 3"},
		{"one that does not matter", `"/repeated", { ids: ["1", "2", "3"], size: 2, missing: "ignore"`, &store{lacks: map[string]bool{"2": true}}, "1 3", "1 2, 3"},
		{"others than asked for", `"/deaf", { ids: ["7", "2"]`, &store{},
			`failure 55: GET $a/deaf?ids=…&ids=…: the data source returned a row with the id "8", which was not requested` + inMain, ""},
		{"an id by another name", `"/repeated", { ids: ["1"], key: (row: any) => row.uid.slice(1)`, &store{}, "1", "1"},
		{"no such id", `"/repeated", { ids: ["1"], key: "serial"`, &store{}, "failure 55: GET $a/repeated?ids=…: the id of row 1 is not text or a number" + inMain, ""},
		{"404", `"/none", { ids: ["1"]`, &store{}, "failure 54: GET $a/none?ids=…: status 404 Not Found" + inMain, ""},
		{"404 that means none", `"/none", { ids: ["1", "2"], missing: "warn", rules: [{ status: 404, then: "ignore" }]`, &store{}, "", ""},
	} {
		at := serve(t, map[string]http.HandlerFunc{"/": c.store.ServeHTTP})
		check{c.name, `const all: any[] = []; const c = new HttpClient({ baseURL: a, retries: 0 });
			for await (const page of c.batches<any>(` + c.call + `, items: "rows" })) all.push(...page);
			return all.map((row) => row.id).join(" ")`, c.want}.run(t, world(fetch.Deps{}), at)
		slices.Sort(c.store.asked)
		if got := strings.Join(c.store.asked, ", "); c.asked != "" && got != c.asked {
			t.Errorf("%s: asked for %q, want %q", c.name, got, c.asked)
		}
	}
}

// Batches are on their way at once from the first one on.
func TestBatchesAhead(t *testing.T) {
	full, under := make(chan struct{}), map[string]bool{}
	s := &store{}
	at := serve(t, map[string]http.HandlerFunc{"/": func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		if under[r.URL.RawQuery] = true; len(under) == 3 {
			close(full)
		}
		s.mu.Unlock()
		<-full
		s.ServeHTTP(w, r)
	}})
	check{"ahead", `const all: any[] = [];
		for await (const page of new HttpClient({ baseURL: a }).batches<any>("/repeated", { ids: [1, 2, 3], size: 1, ahead: 3, items: "rows" })) all.push(page[0].id);
		return all`,
		`["1","2","3"]`}.run(t, world(fetch.Deps{}), at)
	if got := slices.Sorted(maps.Keys(under)); len(got) != 3 {
		t.Errorf("asked for %v", got)
	}
}

// Lists by number and by POST are whole or fail, as the others are.
func TestListsByNumberAndByPost(t *testing.T) {
	const at, sized = "failure 55: GET $a/x?at=…: ", "failure 55: GET $a/x?limit=…&at=…: "
	total := func(n int) string { return fmt.Sprintf(`"total":%d,`, n) }
	for _, c := range []listCase{
		{"as announced", "numbers", ``, answers{"1": page(total(4), 1, 2), "2": page(total(4), 3, 4)}, "1 2 3 4", ""},
		{"short", "numbers", ``, answers{"1": page(total(5), 1, 2), "2": page(total(5), 3, 4), "3": page(total(5))},
			at + "the data source announced 5 rows and returned 4" + inMain, ""},
		{"short before 204", "numbers", ``, answers{"1": page(total(5), 1, 2), "2": page(total(5), 3, 4), "3": "204"},
			at + "the data source announced 5 rows and returned 4" + inMain, ""},
		{"long", "numbers", ``, answers{"1": page(total(3), 1, 2), "2": page(total(3), 3, 4)}, at + "the data source announced 3 rows and returned 4" + inMain, ""},
		{"shifted", "numbers", `, key: "id"`, answers{"1": page(total(4), 1, 2), "2": page(total(4), 2, 3)},
			at + "the data source announced 4 rows and returned 3 different ones: 1 came more than once" + inMain, ""},
		{"shifted, without a key", "numbers", ``, answers{"1": page(total(4), 1, 2), "2": page(total(4), 2, 3)}, "1 2 2 3", shifted},
		{"a total of the page", "numbers, sized", ``, answers{"1": page(total(2), 1, 2), "2": page(total(2), 3, 4)},
			sized + "the data source announced 2 rows and returned 4" + inMain, ""},
		{"one full page before 404", "numbers, sized", ``, answers{"1": page(total(2), 1, 2), "2": "404"}, "1 2", ""},
		{"no total, 404 at the end", "numbers", `, endStatus: [404], total: () => null`, answers{"1": page(``, 1, 2), "2": page(``, 3), "3": "404"}, "1 2 3", ""},
		{"cut off", "numbers", ``, answers{"1": page(total(4), 1, 2), "2": "cut"},
			"failure 51: GET $a/x?at=…: the connection was closed before the response was complete" + inMain, ""},
		{"a chain", "posts", ``, answers{"": page(`"next":"2",`, 1), "2": page(`"next":"3",`), "3": page(``, 2)}, "1 2", ""},
		{"204", "posts", ``, answers{"": page(`"next":"2",`, 1), "2": "204"}, "1", ""},
		{"nothing", "posts", ``, answers{"": page(`"next":"2",`, 1), "2": "200"},
			"failure 55: POST $a/x?at=…: the response (status 200) is empty and not JSON" + inMain, ""},
		{"in a circle", "posts", ``, answers{"": page(`"next":"2",`, 1), "2": page(`"next":"2",`, 2)},
			"failure 55: POST $a/x?at=…: the page repeats the next cursor of an earlier page, so the list would never end" + inMain, ""},
	} {
		c.run(t)
	}
}
