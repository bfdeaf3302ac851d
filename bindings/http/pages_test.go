package http_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"carjs/bindings/fetch"
)

// lists serves ten numbers in every style of paging, at most three at a time, and notes what it was
// asked.
type lists struct {
	mu    sync.Mutex
	asked []string
}

func (l *lists) page(from, limit int) []int {
	items := []int{}
	for n := from; n < min(from+min(limit, 3), 10); n++ {
		items = append(items, n)
	}
	return items
}

func (l *lists) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	l.asked = append(l.asked, r.URL.RequestURI())
	l.mu.Unlock()
	query := r.URL.Query()
	number := func(name string) int {
		n, _ := strconv.Atoi(query.Get(name))
		return n
	}
	next := func(from int) string {
		if from >= 10 {
			return ""
		}
		return strconv.Itoa(from)
	}
	at := "http://" + r.Host + r.URL.Path
	var answer any
	switch style := strings.TrimPrefix(r.URL.Path, "/"); style {
	case "plain":
		answer = l.page(number("offset"), number("limit"))
	case "total":
		answer = map[string]any{"data": map[string]any{"rows": l.page(number("skip"), number("top"))}, "count": "10"}
	case "short":
		answer = map[string]any{"items": l.page(number("offset"), number("limit")), "count": 12}
	case "deaf":
		answer = []int{1, 2, 3}
	case "cursor":
		answer = map[string]any{
			"meta": map[string]any{"next": next(number("cursor") + 3)}, "items": l.page(number("cursor"), 3),
			"more": number("cursor") < 9,
		}
	case "token":
		answer = map[string]any{"@odata.next": next(number("$skip") + 3), "value": l.page(number("$skip"), 3)}
	case "circle":
		answer = map[string]any{"next": strconv.Itoa(1 - number("cursor")), "items": []int{number("cursor")}}
	case "links":
		if from := number("from") + 3; from < 10 {
			w.Header().Set("Link", fmt.Sprintf(`<%s?from=0>; rel="first", </links?from=%d&q=a,b>; rel="next"; title="go \"on\""`, at, from))
		}
		answer = l.page(number("from"), 3)
	case "urls":
		var url any
		if from := number("from") + 3; from < 10 {
			url = fmt.Sprintf("?from=%d", from)
		}
		answer = map[string]any{"next": url, "results": l.page(number("from"), 3)}
	case "self":
		answer = map[string]any{"next": at, "results": []int{1}}
	case "away":
		answer = map[string]any{"next": query.Get("to"), "results": []int{1}}
	case "empty":
		answer = []int{}
	case "null":
		answer = map[string]any{"items": nil}
	case "odd":
		answer = map[string]any{"items": map[string]any{}, "next": map[string]any{}, "rows": []int{1}}
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// collect is a script that reads all pages of what an expression gives.
func collect(pages string) string {
	return `const c = new HttpClient({ baseURL: a, ...quick }); const all: any[] = []; for await (const page of ` +
		pages + `) all.push(page); return all`
}

const ten = `[[0,1,2],[3,4,5],[6,7,8],[9]]`

func TestPages(t *testing.T) {
	l := &lists{}
	url := serve(t, map[string]http.HandlerFunc{"/": l.ServeHTTP})
	other := serve(t, map[string]http.HandlerFunc{"/": l.ServeHTTP})
	w := world(fetch.Deps{})
	for _, c := range []check{
		{"offset until empty", collect(`c.paginate.offset("/plain", { limit: 1000, query: { q: "x" } })`), `[[0,1,2],[3,4,5],[6,7,8],[9],[]]`},
		{
			"offset with a total",
			collect(`c.paginate.offset("/total", { limitParam: "top", offsetParam: "skip", limit: 2, items: "data.rows", total: "count" })`),
			`[[0,1],[2,3],[4,5],[6,7],[8,9]]`,
		},
		{
			"offset with functions",
			collect(`c.paginate.offset<number>("/total?top=3", { limitParam: "top", offsetParam: "skip", items: (page) => page.data.rows, total: (page) => page.count })`),
			ten,
		},
		{"offset of nothing", collect(`c.paginate.offset("/empty")`), `[[]]`},
		{"offset of null", collect(`c.paginate.offset("/null", { items: "items" })`), `[[]]`},
		{
			"offset short of its total", collect(`c.paginate.offset("/short", { items: "items", total: "count" })`),
			`failure 55: GET $a/short?limit=…&offset=…: the data source announced 12 rows and returned 10 (at src/main.ts:7:76)`,
		},
		{
			"offset without its total", collect(`c.paginate.offset("/short", { items: "items", total: "sum" })`),
			`[[0,1,2],[3,4,5],[6,7,8],[9],[]]`,
		},
		{
			"offset that is not heard", collect(`c.paginate.offset("/deaf")`),
			`failure 55: GET $a/deaf?limit=…&offset=…: the page has the same rows as an earlier one, so the list would never end (at src/main.ts:7:76)`,
		},
		{"cursor", collect(`c.paginate.cursor("/cursor?x=1", { next: "meta.next", items: "items" })`), ten},
		{"cursor by function", collect(`c.paginate.cursor("/cursor", { next: (page) => page.more && page.meta.next, items: "items" })`), ten},
		{"cursor of another name", collect(`c.paginate.cursor("/token", { cursorParam: "$skip", next: "@odata.next", items: "value" })`), ten},
		{
			"cursor in a circle", collect(`c.paginate.cursor("/circle", { next: "next", items: "items" })`),
			`failure 55: GET $a/circle?cursor=…: the page has the same rows as an earlier one, so the list would never end (at src/main.ts:7:76)`,
		},
		{
			"cursor of no kind", collect(`c.paginate.cursor("/odd", { next: "next", items: "rows" })`),
			`failure 55: GET $a/odd: found an object instead of a text or a number at "next"; the page is an object of items, next, rows (at src/main.ts:7:76)`,
		},
		{
			"cursor without next",
			`return caught(async () => { for await (const page of new HttpClient({ baseURL: a }).paginate.cursor("/x", {} as any)) void page })`,
			`["TypeError","","paginate.cursor: the option next must say where in a page the next cursor is"]`,
		},
		{
			"function that throws",
			collect(`c.paginate.cursor("/cursor", { next: () => { throw new RangeError("mine") }, items: "items" })`),
			`failure 1: RangeError: mine (at src/main.ts:7:152)`,
		},
		{"link", collect(`c.paginate.link("/links")`), ten},
		{"next URL", collect(`c.paginate.nextURL("/urls", { items: "results" })`), ten},
		{
			"next URL that is this one", collect(`c.paginate.nextURL("/self", { items: "results" })`),
			`failure 55: GET $a/self: the page repeats the next URL of an earlier page, so the list would never end (at src/main.ts:7:76)`,
		},
		{
			"next URL elsewhere",
			collect(`c.paginate.nextURL("/away", { items: "results", query: { to: b + "/urls" } })`),
			`failure 55: $b/urls is not at $a, where the credentials of this client belong (at src/main.ts:7:76)`,
		},
		{
			"next URL elsewhere without a base",
			collect(`new HttpClient().paginate.nextURL(a + "/away", { items: "results", query: { to: b + "/urls" } })`),
			`failure 55: GET $a/away?to=…: the page names a next URL at $b, another origin (at src/main.ts:7:76)`,
		},
		{
			"next URL that is allowed",
			`const c = new HttpClient({ baseURL: a, allowOrigins: [b] }); const all: any[] = [];
				for await (const page of c.paginate.nextURL("/away", { items: "results", query: { to: b + "/urls" } })) all.push(...page);
				return all`,
			`[1,0,1,2,3,4,5,6,7,8,9]`,
		},
		{
			"next URL of no kind",
			collect(`c.paginate.nextURL("/away", { items: "results", query: { to: "http://[" } })`),
			`failure 55: GET $a/away?to=…: the page names an unusable next URL: the URL cannot be parsed (at src/main.ts:7:76)`,
		},
		{
			"next URL of another scheme",
			collect(`c.paginate.nextURL("/away", { items: "results", query: { to: "file:///etc/passwd" } })`),
			`failure 55: GET $a/away?to=…: the page names an unusable next URL: file:///etc/passwd is not an http or https URL (at src/main.ts:7:76)`,
		},
		{
			"no list", collect(`c.paginate.nextURL("/odd", { items: "items" })`),
			`failure 55: GET $a/odd: found an object instead of a list at "items"; the page is an object of items, next, rows (at src/main.ts:7:76)`,
		},
		{
			"no list at the top", collect(`c.paginate.link("/odd")`),
			`failure 55: GET $a/odd: found an object instead of a list at the top of the page, which is an object of items, next, rows (at src/main.ts:7:76)`,
		},
		{
			"no such place", collect(`c.paginate.nextURL("/odd", { items: "data.items" })`),
			`failure 55: GET $a/odd: found no list at "data.items"; the page is an object of items, next, rows (at src/main.ts:7:76)`,
		},
		{
			"break and start anew",
			`const pages = new HttpClient({ baseURL: a }).paginate.link<number>("/links"); const all: any[] = [];
				for await (const page of pages) { all.push(page[0]); break } for await (const page of pages) all.push(page.length);
				return all`,
			`[0,3,3,3,1]`,
		},
		{"by hand", `const i = new HttpClient({ baseURL: a }).paginate.link("/links")[Symbol.asyncIterator]();
			const first = i.next(), second = await caught(() => i.next()); await first; const third = await i.next();
			await i.return!(); return [second[2], third.value, (await i.next()).done]`,
			`["await a page before asking for the next one",[3,4,5],true]`},
		{
			"after a failure it is over",
			`const i = new HttpClient({ baseURL: a }).paginate.link("/odd")[Symbol.asyncIterator]();
				return [(await caught(() => i.next()))[1], (await i.next()).done]`,
			`[55,true]`,
		},
		{
			"signal",
			`const c = new AbortController();
				try { for await (const page of new HttpClient({ baseURL: a }).paginate.link("/links", { signal: c.signal })) { void page; c.abort("enough") } } catch (e) { return e }`,
			`enough`,
		},
		{
			"option unknown",
			`return (await caught(async () => { for await (const page of new HttpClient({ baseURL: a }).paginate.link("/x", { next: "x" } as any)) void page }))[2]`,
			`paginate.link: unknown option "next"; expected one of items, total, key, changes, endStatus, method, json, form, query, headers, timeout, signal, retry, encoding, invalidBytes, rules`,
		},
		{
			"changes of no kind",
			`return (await caught(async () => { for await (const page of new HttpClient({ baseURL: a }).paginate.link("/x", { changes: "some" as any })) void page }))[2]`,
			`paginate.link: the option changes must be "none", "added" or "any", not "some"`,
		},
		{
			"a status that is no end",
			`return (await caught(async () => { for await (const page of new HttpClient({ baseURL: a }).paginate.link("/x", { endStatus: [500] })) void page }))[2]`,
			`paginate.link: the option endStatus[0] must be a whole number from 400 to 499, not 500`,
		},
		{"an array from all pages", `return (await Array.fromAsync(new HttpClient({ baseURL: a }).paginate.link("/links"))).flat().length`, `10`},
	} {
		c.run(t, w, url, other)
	}
}

// What stands in the query stays there from page to page, and a next URL is taken as it is.
func TestPageRequests(t *testing.T) {
	for _, c := range []struct{ script, want string }{
		{collect(`c.paginate.offset("/total?f=1", { limitParam: "top", offsetParam: "skip", limit: 9, items: "data.rows", total: "count", ahead: 1, query: { q: ["x y", "z"] } })`),
			"/total?f=1&q=x%20y&q=z&top=9&skip=0 /total?f=1&q=x%20y&q=z&top=9&skip=3 " +
				"/total?f=1&q=x%20y&q=z&top=9&skip=6 /total?f=1&q=x%20y&q=z&top=9&skip=9"},
		{
			collect(`c.paginate.cursor("/cursor", { next: "meta.next", items: "items", query: { q: 1 } })`),
			"/cursor?q=1 /cursor?q=1&cursor=3 /cursor?q=1&cursor=6 /cursor?q=1&cursor=9",
		},
		{collect(`c.paginate.link("/links", { query: { q: 1 } })`), "/links?q=1 /links?from=3&q=a,b /links?from=6&q=a,b /links?from=9&q=a,b"},
	} {
		l := &lists{}
		url := serve(t, map[string]http.HandlerFunc{"/": l.ServeHTTP})
		if _, err := world(fetch.Deps{}).Run(t, body(c.script), url); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(l.asked, " "); got != c.want {
			t.Errorf("asked\n%s\nwant\n%s", got, c.want)
		}
	}
}
