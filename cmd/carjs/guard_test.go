package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"carjs/host"
)

// rows are those of a data source, as JSON: from and up to numbers of hosts, each with a name, an
// address, and whether it is known to have that.
func rows(from, to int, row func(n int) string) string {
	var list []string
	for n := from; n < to; n++ {
		list = append(list, row(n))
	}
	return "[" + strings.Join(list, ",") + "]"
}

func goodRow(n int) string {
	return fmt.Sprintf(`{"id":"h%d","name":"host %d","address":"10.0.%d.%d","linked":true}`, n, n, n/250, n%250)
}

// importsRows makes small a connector that reports the rows of a data source: assets, addresses and
// edges, which replace what CAR has.
func (d *desk) importsRows(url string) {
	d.small(`for (const name of ["asset", "ipaddress", "asset_ipaddress"] as const) await handler.replaces(name);
	for (const row of await client.get<any[]>("/rows")) {
		handler.addCollection("asset", { external_id: row.id, name: row.name });
		handler.addCollection("ipaddress", { _key: row.address });
		if (row.linked) handler.addEdge("asset_ipaddress", row.id, row.address);
	}`)
	d.write("connectors/small/main.ts", `import { HttpClient } from "carjs/http";
const client = new HttpClient({ baseURL: "`+url+`", retries: 0 });
`+d.read("connectors/small/main.ts"))
}

// left counts what CAR has of small.
func (d *desk) left() map[string]int {
	counts := map[string]int{}
	g := d.graph("small")
	for id := range g.Vertices {
		counts[id.Collection]++
	}
	for id := range g.Edges {
		counts[id.Collection]++
	}
	return counts
}

// The table of what a data source may answer after it had some hosts, to a full import and to an
// incremental one: what CAR has afterwards, and that nothing was removed that should not be.
func TestAnswersAndWhatTheyRemove(t *testing.T) {
	nameless := func(from, to int) func(n int) string {
		return func(n int) string {
			if n >= from && n < to {
				return fmt.Sprintf(`{"id":"h%d","address":"10.0.0.%d","linked":true}`, n, n)
			}
			return goodRow(n)
		}
	}
	renumbered := func(n int) string { return strings.ReplaceAll(goodRow(n), `"h`, `"new-`) }
	unlinked := func(n int) string { return strings.ReplaceAll(goodRow(n), "true", "false") }
	for _, test := range []struct {
		name    string
		had     int
		answer  string
		status  int
		code    int
		says    string // in the message of the failure
		gone    int    // assets that the report counts as removed
		assets  int    // assets and edges that are left
		links   int
		allowed int // assets that are left with -allow-deletions; -1 where that is not tried
	}{
		{name: "the same", had: 60, answer: rows(0, 60, goodRow), assets: 60, links: 60, allowed: -1},
		{name: "one is gone", had: 60, answer: rows(1, 60, goodRow), gone: 1, assets: 59, links: 59, allowed: -1},
		{name: "half is gone", had: 60, answer: rows(30, 60, goodRow), gone: 30, assets: 30, links: 30, allowed: -1},
		{name: "more than half is gone", had: 60, answer: rows(31, 60, goodRow), code: 10, assets: 60, links: 60, allowed: 29,
			says: "asset: 31 of 60, ipaddress: 31 of 60 would be deleted, and the limit is 50%"},
		{name: "nothing", had: 1000, answer: `[]`, code: 10, assets: 1000, links: 1000, allowed: 0,
			says: "asset: 1,000 of 1,000, "},
		{name: "nothing of a few", had: 24, answer: `[]`, gone: 24, assets: 0, allowed: -1},
		{name: "nothing of a few more", had: 25, answer: `[]`, code: 10, assets: 25, links: 25, allowed: 0, says: "asset: 25 of 25, "},
		{name: "no links", had: 300, answer: rows(0, 300, unlinked), code: 10, assets: 300, links: 300, allowed: 300,
			says: "asset_ipaddress: 300 of 300 would be deleted, and the limit is 90%"},
		{name: "no links of a few", had: 60, answer: rows(0, 60, unlinked), assets: 60, allowed: -1},
		{name: "other ids", had: 60, answer: rows(0, 60, renumbered), gone: 60, assets: 60, links: 60, allowed: -1},
		{name: "an error", had: 60, answer: `[]`, status: 500, code: 51, assets: 60, links: 60, allowed: -1, says: "500"},
		{name: "a page of HTML", had: 60, answer: `<html>maintenance</html>`, code: 55, assets: 60, links: 60, allowed: -1, says: "JSON"},
		{name: "null", had: 60, answer: `null`, code: 1, assets: 60, links: 60, allowed: -1, says: "TypeError"},
		{name: "no names", had: 60, answer: rows(0, 60, nameless(0, 60)), code: 1, assets: 60, links: 60, allowed: -1,
			says: `asset: 60 of 60 objects are invalid, and the limit is 10%; the first asset, "h0": name is required`},
		{name: "some without names", had: 60, answer: rows(0, 60, nameless(0, 10)), code: 1, assets: 60, links: 60, allowed: -1,
			says: `asset: 10 of 60 objects are invalid`},
		{name: "few without names", had: 60, answer: rows(0, 60, nameless(0, 9)), gone: 9, assets: 51, links: 51, allowed: -1},
	} {
		for _, flags := range [][]string{{"-full"}, nil} {
			t.Run(test.name+"/"+strings.Join(flags, ""), func(t *testing.T) {
				t.Parallel()
				answer, status := rows(0, test.had, goodRow), 200
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Type", "application/json")
					w.WriteHeader(status)
					fmt.Fprint(w, answer)
				}))
				defer server.Close()
				d := newDesk(t)
				d.importsRows(server.URL)
				d.ok(host.ModeFull, "small")
				if answer = test.answer; test.status != 0 {
					status = test.status
				}
				r := d.imports("small", flags...)
				if r.code != test.code || test.code != 0 && !strings.Contains(r.report.Failure.Message, test.says) {
					t.Fatalf("want exit code %d and %q\n%s", test.code, test.says, r)
				}
				left := d.left()
				if left["asset"] != test.assets || left["asset_ipaddress"] != test.links {
					t.Errorf("%v are left, want %d assets and %d edges\n%s", left, test.assets, test.links, r)
				}
				if gone := r.report.Collections["asset"]; gone.Retired+gone.Deleted != test.gone || (gone.Retired > 0 && len(flags) == 0) {
					t.Errorf("the report counts %+v\n%s", gone, r)
				}
				if test.allowed < 0 {
					return
				}
				// Next time, for once, it is meant. A full import that was stopped is followed by
				// one.
				if r := d.imports("small", "-allow-deletions"); r.code != 0 || (len(flags) == 0) != (r.report.Mode == host.ModeIncremental) {
					t.Fatal(r)
				}
				if left := d.left(); left["asset"] != test.allowed {
					t.Errorf("%v are left", left)
				}
			})
		}
	}
}

// A connector cannot catch the refusal of a removal, which comes once everything that is to go is
// known: what is gone would stay in CAR, and no later run would be told of it.
func TestRefusalsCannotBeCaught(t *testing.T) {
	const hosts = `for (let n = 0; n < 60; n++) handler.addCollection("asset", { external_id: "h" + n, name: "host" });`
	const remove = `await context().carService.delete("asset", Array.from({ length: 60 }, (_, n) => "h" + n))`
	for name, test := range map[string]struct {
		body string
		code int
		left int
	}{
		"logged":        {`try { ` + remove + `; } catch (error) { console.log("never mind", error); }`, 10, 60},
		"in a promise":  {`await Promise.allSettled([` + strings.TrimPrefix(remove, "await ") + `]);`, 10, 60},
		"a smaller one": {`try { ` + remove + `; } catch { await context().carService.delete("asset", ["h1"]); }`, 10, 60},
		"then in full": {`if (handler.adds) ` + hosts + ` else { ` + remove +
			`; handler.adds = true; throw new IncrementalImportNotPossible("later"); }`, 0, 60},
		"not too much":   {`try { ` + strings.Replace(remove, "60", "30", 1) + `; } catch { throw new Error("refused"); }`, 0, 30},
		"of what is not": {`try { ` + strings.Replace(remove, `"h"`, `"x"`, 1) + `; } catch { throw new Error("refused"); }`, 0, 60},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.small(hosts)
			d.ok(host.ModeFull, "small")
			d.small(test.body)
			d.write("connectors/small/main.ts", strings.NewReplacer("class Handler extends BaseDataHandler {",
				"class Handler extends BaseDataHandler {\n  adds = false;", `?? "1"`, `?? "2"`).Replace(d.read("connectors/small/main.ts")))
			r := d.imports("small")
			if r.code != test.code || test.code == 10 && !strings.Contains(r.report.Failure.Message, "asset: 60 of 60 would be deleted") {
				t.Errorf("exit code %d, want %d\n%s", r.code, test.code, r)
			}
			if test.code == 10 && r.report.SavePoint != "1" {
				t.Errorf("the save point moved to %q", r.report.SavePoint)
			}
			if left := d.left()["asset"]; left != test.left {
				t.Errorf("%d are left, want %d\n%s", left, test.left, r)
			}
		})
	}
}
