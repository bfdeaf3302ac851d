package http_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"carjs/bindings/fetch"

	"github.com/hashicorp/go-hclog"
)

// answers is a data source with an answer for each place of a list, which the parameter "at" names.
// An answer is a body, or "204", "404", "200" without one, or "cut", which breaks off. A Link
// header stands before a body, behind a "|" of its own.
type answers map[string]string

func (a answers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	at := r.URL.Query().Get("at")
	answer, ok := a[at]
	if !ok {
		answer = a["*"]
	}
	if link, body, has := strings.Cut(answer, "|"); has {
		w.Header().Set("Link", link)
		answer = body
	}
	switch answer {
	case "":
		http.Error(w, "the test has no answer at "+at, http.StatusTeapot)
	case "200":
	case "204":
		w.WriteHeader(http.StatusNoContent)
	case "404":
		http.Error(w, "no such page", http.StatusNotFound)
	case "cut":
		w.Header().Set("Content-Length", "1000")
		fmt.Fprint(w, `{"items":[{"id":1}`)
	default:
		fmt.Fprint(w, answer)
	}
}

// page is an answer with rows of ids, and more fields before them.
func page(fields string, ids ...int) string {
	rows := make([]string, len(ids))
	for i, id := range ids {
		rows[i] = fmt.Sprintf(`{"id":%d}`, id)
	}
	return "{" + fields + `"items":[` + strings.Join(rows, ", ") + "]}"
}

// paging is a list of the styles that tests read, by name.
var paging = map[string]string{
	"offset":         `offset("/x", { offsetParam: "at", items: "items"`,
	"total":          `offset("/x", { offsetParam: "at", items: "items", total: "total"`,
	"cursor":         `cursor("/x", { cursorParam: "at", items: "items", next: "next"`,
	"nextURL":        `nextURL("/x", { items: "items"`,
	"link":           `link("/x", { items: "items"`,
	"mapped":         `offset("/x", { offsetParam: "at", `,
	"numbers":        `page("/x", { pageParam: "at", items: "items", total: "total"`,
	"numbers, sized": `page("/x", { pageParam: "at", sizeParam: "limit", size: 2, items: "items", total: "total"`,
	"posts":          `cursor("/x", { cursorParam: "at", in: "query", json: {}, items: "items", next: "next"`,
}

// listCase is a list, what is read of it, and what is logged at the level of a warning.
type listCase struct {
	name, style string
	options     string
	source      answers
	want        string
	logged      string
}

func (c listCase) run(t *testing.T) {
	t.Run(c.style+" "+c.name, func(t *testing.T) {
		url := serve(t, map[string]http.HandlerFunc{"/": c.source.ServeHTTP})
		var log bytes.Buffer
		w := world(fetch.Deps{})
		w.Log = hclog.New(&hclog.LoggerOptions{Level: hclog.Warn, Output: &log, DisableTime: true})
		check{"rows", `const all: any[] = []; const c = new HttpClient({ baseURL: a, retries: 0 });
			for await (const page of c.paginate.` + paging[c.style] + c.options + ` })) all.push(...page);
			return all.map((row) => row.id).join(" ")`, c.want}.run(t, w, url)
		if (c.logged == "") != (log.Len() == 0) || !strings.Contains(log.String(), c.logged) {
			t.Errorf("logged %q, want %q", log.String(), c.logged)
		}
	})
}

const (
	atURL   = "GET $a/x?limit=…&at=…: "
	inMain  = " (at src/main.ts:8:4)"
	shifted = "rows came on more than one page"
)

// What a data source says of its list, against what it returns: whole, or a failure.
func TestTotals(t *testing.T) {
	six := func(total string) answers {
		field := `"total":` + total + `,`
		return answers{"0": page(field, 1, 2), "2": page(field, 3, 4), "4": page(field, 5, 6), "6": page(field)}
	}
	failed := func(text string) string { return "failure 55: " + atURL + text + inMain }
	for _, c := range []listCase{
		{"as announced", "total", ``, six("6"), "1 2 3 4 5 6", ""},
		{"of the page, which is full", "total", `, limit: 2`, six("2"), failed("the data source announced 2 rows and returned 4"), ""},
		{"of one full page", "total", `, limit: 2`, answers{"0": page(`"total":2,`, 1, 2), "2": page(`"total":0,`)}, "1 2", ""},
		{"of one full page before 204", "total", `, limit: 2`, answers{"0": page(`"total":2,`, 1, 2), "2": "204"}, "1 2", ""},
		{"of one full page before 404", "total", `, limit: 2`, answers{"0": page(`"total":2,`, 1, 2), "2": "404"}, "1 2", ""},
		{"of one full page before no list", "total", `, limit: 2`, answers{"0": page(`"total":2,`, 1, 2), "2": `{}`}, "1 2", ""},
		{"of one full page, whatever is asked", "total", `, limit: 2`, answers{"*": page(`"total":2,`, 1, 2)}, "1 2", ""},
		{"quoted", "total", ``, six(`"6"`), "1 2 3 4 5 6", ""},
		{"not counted", "total", ``, six("-1"), "1 2 3 4 5 6", ""},
		{"null", "total", ``, six("null"), "1 2 3 4 5 6", ""},
		{"null by function", "offset", `, total: (page: any) => page.total`, six("null"), "1 2 3 4 5 6", ""},
		{"missing", "offset", `, total: "sum"`, six("6"), "1 2 3 4 5 6", "the page has no total where the connector expects one"},
		{"zero beside rows", "total", ``, six("0"), failed("the data source announced 0 rows and returned 2"), ""},
		{"fewer than in the page", "total", ``, six("1"), failed("the data source announced 1 row and returned 2"), ""},
		{"fewer than in the pages", "total", ``, six("3"), failed("the data source announced 3 rows and returned 4"), ""},
		{"more than rows", "total", ``, six("7"), failed("the data source announced 7 rows and returned 6"), ""},
		{
			"more than rows of an empty list", "total", ``, answers{"0": page(`"total":5,`)},
			failed("the data source announced 5 rows and returned 0"), "",
		},
		{
			"more than rows of null", "total", ``, answers{"0": `{"total":5,"items":null}`},
			failed("the data source announced 5 rows and returned 0"), "",
		},
		{
			"no number", "total", ``, six(`"many"`),
			failed(`there is no number of rows at "total"; the page is an object of total, items`), "",
		},
		{"a fraction", "total", ``, six(`6.5`), failed(`there is no number of rows at "total"; the page is an object of total, items`), ""},
		{"a list", "total", ``, six(`[6]`), failed(`there is no number of rows at "total"; the page is an object of total, items`), ""},
		{
			"that gets lost", "total", ``, answers{"0": page(`"total":6,`, 1, 2), "*": page(``, 3, 4)},
			failed(`the total is missing at "total"; the page is an object of items, but an earlier page had it`), "",
		},
		{
			"that comes late", "total", ``,
			answers{"0": page(`"total":null,`, 1, 2), "2": page(`"total":5,`, 3, 4), "4": page(`"total":5,`)},
			failed("the data source announced 5 rows and returned 4"), "",
		},
		{
			"that falls", "total", ``, answers{"0": page(`"total":6,`, 1, 2), "*": page(`"total":5,`, 4, 5)},
			failed("the total fell from 6 to 5 while the list was read, so rows may have been skipped"), "",
		},
		{
			"that falls to nothing", "total", ``, answers{"0": page(`"total":6,`, 1, 2), "*": page(`"total":0,`)},
			failed("the total fell from 6 to 0 while the list was read, so rows may have been skipped"), "",
		},
		{
			"that may fall", "total", `, changes: "any"`,
			answers{"0": page(`"total":6,`, 1, 2), "2": page(`"total":5,`, 4, 5), "4": page(`"total":5,`, 6)}, "1 2 4 5 6", "",
		},
		{
			"that may fall, and contradicts its page", "total", `, changes: "any"`,
			answers{"0": page(`"total":6,`, 1, 2), "*": page(`"total":3,`, 4, 5)}, failed("the data source announced 3 rows and returned 4"), "",
		},
		{
			"that rises", "total", ``,
			answers{"0": page(`"total":3,`, 1, 2), "2": page(`"total":5,`, 3, 4), "4": page(`"total":5,`, 5)}, "1 2 3 4 5", "",
		},
		{
			"that must not rise", "total", `, changes: "none"`, answers{"0": page(`"total":3,`, 1, 2), "*": page(`"total":5,`, 3, 4)},
			failed("the total rose from 3 to 5 while the list was read"), "",
		},
		{
			"before 204", "total", ``, answers{"0": page(`"total":6,`, 1, 2), "*": "204"},
			failed("the data source announced 6 rows and returned 2"), "",
		},
	} {
		c.run(t)
	}
}

// A total beside pages that name the next one says how many rows must have come in the end.
func TestTotalsOfChains(t *testing.T) {
	chain := func(first, second string) answers {
		return answers{
			"":  page(`"total":`+first+`,"next":"2",`, 1, 2),
			"2": page(`"total":`+second+`,`, 3),
		}
	}
	const at = "failure 55: GET $a/x?at=…: "
	for _, c := range []listCase{
		{"as announced", "cursor", `, total: "total"`, chain("3", "3"), "1 2 3", ""},
		{"short", "cursor", `, total: "total"`, chain("4", "4"), at + "the data source announced 4 rows and returned 3" + inMain, ""},
		{"long", "cursor", `, total: "total"`, chain("2", "2"), at + "the data source announced 2 rows and returned 3" + inMain, ""},
		{"grown where it was read", "cursor", `, total: "total"`, chain("3", "4"), "1 2 3", ""},
		{
			"fallen", "cursor", `, total: "total"`, chain("3", "2"),
			at + "the total fell from 3 to 2 while the list was read, so rows may have been skipped" + inMain, "",
		},
		{"fallen where it may", "cursor", `, total: "total", changes: "any"`, chain("4", "2"), "1 2 3", ""},
		{
			"short", "nextURL", `, total: "total"`, answers{"": page(`"total":4,"next":"?at=2",`, 1, 2), "2": page(`"total":4,`, 3)},
			at + "the data source announced 4 rows and returned 3" + inMain, "",
		},
		{
			"short", "link", `, total: "total"`, answers{"": `</x?at=2>; rel=next|` + page(`"total":4,`, 1, 2), "2": page(`"total":4,`, 3)},
			at + "the data source announced 4 rows and returned 3" + inMain, "",
		},
	} {
		c.run(t)
	}
}

// How a list may end, and how it may not.
func TestEnds(t *testing.T) {
	const at = "GET $a/x?at=…: "
	for _, c := range []listCase{
		{"204", "offset", ``, answers{"0": page(``, 1, 2), "2": "204"}, "1 2", ""},
		{"204 at once", "offset", ``, answers{"0": "204"}, "", ""},
		{"204", "cursor", ``, answers{"": page(`"next":"2",`, 1, 2), "2": "204"}, "1 2", ""},
		{"204", "nextURL", ``, answers{"": page(`"next":"?at=2",`, 1, 2), "2": "204"}, "1 2", ""},
		{"204", "link", ``, answers{"": `</x?at=2>; rel=next|` + page(``, 1, 2), "2": "204"}, "1 2", ""},
		{
			"200 without a body", "offset", ``, answers{"0": page(``, 1, 2), "2": "200"},
			"failure 55: " + atURL + "the response (status 200) is empty and not JSON" + inMain, "",
		},
		{"404", "offset", ``, answers{"0": page(``, 1, 2), "2": "404"}, "failure 54: " + atURL + "status 404 Not Found" + inMain, ""},
		{"404 that is the end", "offset", `, endStatus: [404]`, answers{"0": page(``, 1, 2), "2": "404"}, "1 2", ""},
		{
			"404 that comes too early", "total", `, endStatus: [404]`, answers{"0": page(`"total":4,`, 1, 2), "2": "404"},
			"failure 55: " + atURL + "the data source announced 4 rows and returned 2" + inMain, "",
		},
		{
			"404 of the first page", "offset", `, endStatus: [404]`, answers{"0": "404"},
			"failure 54: " + atURL + "status 404 Not Found" + inMain, "",
		},
		{"404 that is the end", "cursor", `, endStatus: [404]`, answers{"": page(`"next":"2",`, 1, 2), "2": "404"}, "1 2", ""},
		{"null", "offset", ``, answers{"0": page(``, 1, 2), "2": `{"items":null}`}, "1 2", ""},
		{
			"no list", "offset", ``, answers{"0": page(``, 1, 2), "2": `{"error":"busy"}`},
			"failure 55: " + atURL + `found no list at "items"; the page is an object of error` + inMain, "",
		},
		{
			"an object", "offset", ``, answers{"0": page(``, 1, 2), "2": `{"items":{"id":1}}`},
			"failure 55: " + atURL + `found an object instead of a list at "items"; the page is an object of items` + inMain, "",
		},
		{
			"cut off", "offset", ``, answers{"0": page(``, 1, 2), "2": "cut"},
			"failure 51: " + atURL + "the connection was closed before the response was complete" + inMain, "",
		},
		{"empty pages between", "cursor", ``, answers{"": page(`"next":"2",`), "2": page(`"next":"3",`), "3": page(``, 1)}, "1", ""},
		{
			"same cursor", "cursor", ``, answers{"": page(`"next":"2",`, 1), "2": page(`"next":"2",`, 2)},
			"failure 55: " + at + "the page repeats the next cursor of an earlier page, so the list would never end" + inMain, "",
		},
		{
			"cursors in a circle", "cursor", ``,
			answers{"": page(`"next":"2",`, 1), "2": page(`"next":"3",`, 2), "3": page(`"next":"2",`, 3)},
			"failure 55: " + at + "the page repeats the next cursor of an earlier page, so the list would never end" + inMain, "",
		},
		{
			"same rows, new cursor", "cursor", ``,
			answers{"": page(`"next":"2",`, 1, 2), "2": page(`"next":"3",`, 3, 4), "3": page(`"next":"4",`, 1, 2)},
			"failure 55: " + at + "the page has the same rows as an earlier one, so the list would never end" + inMain, "",
		},
		{
			"URLs in a circle", "nextURL", ``, answers{"": page(`"next":"?at=2",`, 1), "2": page(`"next":"/x",`, 2)},
			"failure 55: " + at + "the page repeats the next URL of an earlier page, so the list would never end" + inMain, "",
		},
		{
			"same page, told otherwise", "offset", ``, answers{"0": page(`"at":0,`, 1, 2), "2": page(`"at":2,`, 3, 4), "4": page(`"at":4,`, 3, 4)},
			"failure 55: " + atURL + "the page has the same rows as an earlier one, so the list would never end" + inMain, "",
		},
	} {
		c.run(t)
	}
}

// A row on two pages is a sign that another is on none.
func TestRowsThatShift(t *testing.T) {
	source := answers{"0": page(`"total":5,`, 1, 2), "2": page(`"total":5,`, 2, 3), "4": page(`"total":5,`, 3), "5": page(`"total":5,`)}
	twice := answers{"0": `{"items":[{"id":1,"seen":1},{"id":2,"seen":1}]}`, "2": `{"items":[{"id":2,"seen":2}]}`, "3": page(``)}
	grown := answers{"0": page(`"total":3,`, 1, 2), "2": page(`"total":4,`, 2, 3)}
	for _, c := range []listCase{
		{"told", "total", ``, source, "1 2 2 3 3", shifted},
		{"told without a total", "offset", ``, source, "1 2 2 3 3", shifted},
		{"not told where anything may be", "total", `, changes: "any"`, source, "1 2 2 3 3", ""},
		{
			"refused", "total", `, changes: "none"`, source,
			"failure 55: " + atURL + "1 row of the page came on an earlier page already, so others may have been skipped" + inMain, "",
		},
		{
			"missing for sure", "total", `, key: "id"`, source,
			"failure 55: " + atURL + "the data source announced 5 rows and returned 3 different ones: 2 came more than once" + inMain, "",
		},
		{"moved by a new one", "total", `, key: "id"`, grown, "1 2 2 3", shifted},
		{"changed between", "offset", ``, twice, "1 2 2", ""},
		{"changed between, with a key", "offset", `, key: "id"`, twice, "1 2 2", shifted},
		{"changed between, with a function", "offset", `, key: (row: any) => "k" + row.id`, twice, "1 2 2", shifted},
		{
			"without its key", "offset", `, key: "uid"`, twice,
			"failure 55: " + atURL + "the key of row 1 is not text or a number" + inMain, "",
		},
		{"alike in one page", "offset", ``, answers{"0": page(``, 1, 1), "2": page(``)}, "1 1", ""},
		{"made by a function", "mapped", `items: (page: any) => page.items.map((row: any) => ({ id: row.id }))`, source, "1 2 2 3 3", ""},
	} {
		c.run(t)
	}
}

// A server that caps the limit is asked for what comes next, however many pages are on their way.
func TestCappedLimit(t *testing.T) {
	for _, c := range []struct {
		name        string
		limit, most int
	}{
		{"capped", 1000, 3}, {"capped to one", 1000, 1}, {"as asked", 3, 100}, {"more than asked", 2, 5},
	} {
		for _, ahead := range []int{1, 4, 50} {
			var mu sync.Mutex
			pages := map[string]int{}
			url := serve(t, map[string]http.HandlerFunc{"/": func(w http.ResponseWriter, r *http.Request) {
				at, ids := 0, []int{}
				fmt.Sscan(r.URL.Query().Get("at"), &at) //nolint:errcheck // it is this module's
				size := min(c.most, c.limit)
				if c.name == "more than asked" {
					size = c.most
				}
				for i := at; i < min(at+size, 20); i++ {
					ids = append(ids, i)
				}
				mu.Lock()
				pages[r.URL.Query().Get("at")]++
				mu.Unlock()
				fmt.Fprint(w, page(`"total":20,`, ids...))
			}})
			check{fmt.Sprintf("%s, %d ahead", c.name, ahead), fmt.Sprintf(`const all: any[] = [];
				for await (const page of new HttpClient({ baseURL: a }).paginate.%s, limit: %d, ahead: %d })) all.push(...page);
				return all.map((row) => row.id).join(" ")`, paging["total"], c.limit, ahead),
				"0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19"}.run(t, world(fetch.Deps{}), url)
			for at, n := range pages {
				if n > 1 {
					t.Errorf("%s, %d ahead: the page at %s was asked for %d times", c.name, ahead, at, n)
				}
			}
		}
	}
}

// A data source that names a new place with each empty page is left.
func TestEmptyPagesForEver(t *testing.T) {
	n := 0
	url := serve(t, map[string]http.HandlerFunc{"/": func(w http.ResponseWriter, _ *http.Request) {
		n++
		fmt.Fprint(w, page(fmt.Sprintf(`"next":"%d",`, n)))
	}})
	check{"for ever", `for await (const page of new HttpClient({ baseURL: a }).paginate.` + paging["cursor"] + ` })) void page;`,
		"failure 55: GET $a/x?at=…: 1001 pages in a row are empty, so the list would never end " +
			"(at src/main.ts:7:1)"}.run(t, world(fetch.Deps{}), url)
}
