package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"carjs/host"
)

// listing is a data source that answers one list, by the offset that is asked for.
type listing func(w http.ResponseWriter, offset int)

// hosts are a page of hosts from an id on, with other fields before them.
func hosts(w http.ResponseWriter, fields string, from, n int) {
	items := []string{}
	for id := from; id < from+n; id++ {
		items = append(items, fmt.Sprintf(`{"id":"h%d","name":"host %d"}`, id, id))
	}
	fmt.Fprintf(w, `{%s"items":[%s]}`, fields, strings.Join(items, ","))
}

// whole is a list of six hosts, two a page, which tells that there are as many as total says.
func whole(total string) listing {
	return func(w http.ResponseWriter, offset int) {
		hosts(w, `"total":`+total+`,`, offset, min(2, max(0, 6-offset)))
	}
}

// readHosts makes small a connector that reads all pages and reports their hosts.
func (d *desk) readHosts(url, options string) {
	d.small(`await handler.replaces("asset");
	for await (const page of new HttpClient({ baseURL: "` + url + `" }).paginate.offset<any>("/hosts", { items: "items", limit: 2` + options + ` }))
		for (const host of page) handler.addCollection("asset", { external_id: host.id, name: host.name });`)
	d.write("connectors/small/main.ts", `import { HttpClient } from "carjs/http";`+"\n"+d.read("connectors/small/main.ts"))
}

// A list that is not whole does not retire what it lacks: after six hosts were imported, a data
// source answers in every way that lists go wrong, to a full import and to an incremental one that
// replaces what it reads.
func TestListsAreWhole(t *testing.T) {
	const total = `, total: "total"`
	for _, test := range []struct {
		name, options string
		answer        listing
		code          int
		says          string // of the failure, or on the terminal
		left          int
	}{
		{"whole", total, whole("6"), 0, "", 6},
		{"a total that is not known", total, whole("null"), 0, "", 6},
		{"a total that is missing", `, total: "sum"`, whole("6"), 0, "the page has no total where the connector expects one", 6},
		{"a total of nothing", total, whole("0"), 55, "the data source announced 0 rows and returned 2", 6},
		{"a total below the page", total, whole("1"), 55, "the data source announced 1 row and returned 2", 6},
		{"the page's total", total, whole("2"), 55, "the data source announced 2 rows and returned 4", 6},
		{"a total above the rows", total, whole("60"), 55, "the data source announced 60 rows and returned 6", 6},
		{
			"rows deleted meanwhile", total,
			func(w http.ResponseWriter, offset int) {
				if offset == 0 {
					hosts(w, `"total":6,`, 0, 2)
					return
				}
				hosts(w, `"total":5,`, offset+1, 2)
			},
			55, "the total fell from 6 to 5 while the list was read", 6,
		},
		{
			"rows added meanwhile", total,
			func(w http.ResponseWriter, offset int) {
				hosts(w, fmt.Sprintf(`"total":%d,`, min(6+offset, 8)), offset, 2)
			}, 0, "", 8,
		},
		{
			"rows in no order", total + `, key: "id"`,
			func(w http.ResponseWriter, offset int) { hosts(w, `"total":6,`, max(offset-1, 0), 2) },
			55, "the data source announced 6 rows and returned 5 different ones: 1 came more than once", 6,
		},
		{
			"rows in no order, told", "",
			func(w http.ResponseWriter, offset int) {
				if offset == 6 {
					w.WriteHeader(http.StatusNoContent)
					return
				}
				hosts(w, "", []int{0, 2, 3}[offset/2], 2)
			},
			0, "rows came on more than one page", 5,
		},
		{"204 behind the last", "", func(w http.ResponseWriter, offset int) {
			if offset == 6 {
				w.WriteHeader(http.StatusNoContent)
				return
			}
			hosts(w, "", offset, 2)
		}, 0, "", 6},
		{"404 behind the last", "", func(w http.ResponseWriter, offset int) {
			if offset == 6 {
				w.WriteHeader(http.StatusNotFound)
				return
			}
			hosts(w, "", offset, 2)
		}, 54, "status 404", 6},
		{"the same page again", "", func(w http.ResponseWriter, _ int) { hosts(w, "", 0, 2) }, 55, "the same rows as an earlier one", 6},
		{"no list", "", func(w http.ResponseWriter, _ int) { fmt.Fprint(w, `{"message":"maintenance"}`) }, 55, `found no list at "items"`, 6},
		{"an object", "", func(w http.ResponseWriter, _ int) { fmt.Fprint(w, `{"items":{}}`) }, 55, `an object instead of a list at "items"`, 6},
		{"null with a total", total, func(w http.ResponseWriter, _ int) { fmt.Fprint(w, `{"total":6,"items":null}`) }, 55,
			"the data source announced 6 rows and returned 0", 6},
		{"cut off", "", func(w http.ResponseWriter, offset int) {
			if offset > 0 {
				w.Header().Set("Content-Length", "999")
			}
			hosts(w, "", offset, 2)
		}, 51, "the connection was closed", 6},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			answer := whole("6")
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				var offset int
				if _, err := fmt.Sscan(r.URL.Query().Get("offset"), &offset); err != nil {
					t.Error(err)
				}
				answer(w, offset)
			}))
			defer server.Close()
			d := newDesk(t)
			d.readHosts(server.URL, "")
			d.ok(host.ModeFull, "small", "-full")
			answer = test.answer
			d.readHosts(server.URL, test.options)
			for _, flags := range [][]string{nil, {"-full"}} { // a full import that fails has no save point to go on from
				r := d.imports("small", flags...)
				said := r.stderr
				if test.code != 0 && r.report.Failure != nil {
					said = r.report.Failure.Message
				}
				if r.code != test.code || !strings.Contains(said, test.says) {
					t.Errorf("want exit code %d and %q\n%s", test.code, test.says, r)
				}
				left := 0
				for id := range d.graph("small").Vertices {
					if id.Collection == "asset" {
						left++
					}
				}
				if left != test.left || (len(flags) == 0) != (r.report.Mode == host.ModeIncremental) {
					t.Errorf("%d hosts are left, want %d\n%s", left, test.left, r)
				}
			}
		})
	}
}
