package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"carjs/host"
	"carjs/host/carserver"
)

// answers is a data source that answers paths with JSON.
func answers(t testing.TB, pages map[string]string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, there := pages[r.URL.Path]
		if !there {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, page)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// reads makes small a connector with a client of a data source.
func (d *desk) reads(url, body string) {
	d.small(body)
	d.write("connectors/small/main.ts", `import { HttpClient } from "carjs/http";
const client = new HttpClient({ baseURL: "`+url+`" });
`+d.read("connectors/small/main.ts"))
}

// keys are the keys of the vertices of a collection, sorted.
func keys(g carserver.Graph, collection string) []string {
	var all []string
	for id := range g.Vertices {
		if id.Collection == collection {
			all = append(all, id.Key)
		}
	}
	slices.Sort(all)
	return all
}

// Ids of 64 bits stay as many as they are, in whatever way they are read, and in each run.
func TestIDsOf64Bits(t *testing.T) {
	const list = `[{"id":9007199254740992,"name":"a"},{"id":9007199254740993,"name":"b"},{"id":9223372036854775807,"name":"c"},{"id":7,"name":"d"}]`
	url := answers(t, map[string]string{"/hosts": list, "/page": `{"items":` + list + `}`,
		"/lines": strings.ReplaceAll(strings.Trim(list, "[]"), "},{", "}\n{")})
	want := []string{"7", "9007199254740992", "9007199254740993", "9223372036854775807"}
	for name, loop := range map[string]string{
		"get":      `for (const { id, name } of await client.get<any[]>("/hosts")) `,
		"request":  `for (const { id, name } of (await client.request<any[]>("GET", "/hosts")).data) `,
		"paginate": `for await (const page of client.paginate.nextURL<any>("/page", { items: "items" })) for (const { id, name } of page) `,
		"records":  `for await (const { id, name } of client.records<any>("/hosts")) `,
		"lines":    `for await (const { id, name } of client.records<any>("/lines", { format: "ndjson" })) `,
		"source":   `for (const { id, name } of JSON.parse(await client.get("/hosts", { responseType: "text" }), (k, v, c: any) => k === "id" ? BigInt(c.source) : v)) `,
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.reads(url, `await handler.replaces("asset");
	`+loop+`{
		handler.addCollection("asset", { external_id: id, name, properties: { id } });
		handler.addCollection("user", { external_id: String(id), username: name });
	}`)
			for _, mode := range []host.Mode{host.ModeFull, host.ModeIncremental} {
				r := d.ok(mode, "small")
				if strings.Contains(r.stderr, "rounded") {
					t.Error(r)
				}
				g := d.graph("small")
				if got := keys(g, "asset"); !slices.Equal(got, want) || !slices.Equal(keys(g, "user"), want) {
					t.Errorf("assets %v, want %v", got, want)
				}
				for _, id := range want {
					if doc := g.Vertices[carserver.VertexID{Collection: "asset", Key: id}]; !strings.Contains(doc, `"properties":{"id":`+id+`}`) {
						t.Errorf("%s is %s", id, doc)
					}
				}
			}
			if r := d.ok(host.ModeIncremental, "small"); r.report.Collections["asset"].Unchanged != 4 {
				t.Errorf("the last run sent %+v", r.report.Collections["asset"])
			}
		})
	}
}

// What rounds integers, or decimals, is told once for each place, with the way out.
func TestRoundingIsTold(t *testing.T) {
	url := answers(t, map[string]string{"/hosts": `[{"id":9007199254740993,"load":0.12345678901234567890},{"id":1,"load":1.10},{"id":2,"load":1e400}]`})
	d := newDesk(t)
	d.reads(url, `for (let i = 0; i < 2; i++) {
		await (await fetch("`+url+`/hosts")).json();
		JSON.parse(await (await fetch("`+url+`/hosts")).text());
		await client.get("/hosts");
		for await (const r of client.records("/hosts")) void r;
	}`)
	r := d.ok(host.ModeFull, "small")
	for _, text := range []string{
		`"by":"json() of fetch","integers":1,"at":"main.ts:`, `"by":"JSON.parse","integers":1,"at":"main.ts:`,
		`"message":"numbers have more digits than a JavaScript number holds"`,
	} {
		if n := strings.Count(r.stderr, text); n != 1 {
			t.Errorf("%q is told %d times in\n%s", text, n, r.stderr)
		}
	}
	contains(t, r.stderr, `"numbers":2`, `"field":"load"`, "BigInt", "context.source")
}

// bigExtension has a column of each type that holds more digits than a number of JavaScript.
const bigExtension = `new SchemaExtension({
    key: "3f0c9a52-5c1e-4b7e-8d0f-0a5b6c7d8e9f", owner: "small", version: "1",
    schema: { vertices: [{ name: "disk", properties: {
      cid: { type: "bigint", unique: true, validation: [{ minimum: -9223372036854775808n, maximum: 9223372036854775807n }] },
      size: { type: "bigint", default: 9007199254740993n }, price: { type: "numeric" }, more: { type: "jsonb" },
    } }] },
  })`

// The columns bigint and numeric take and show every digit that they have, and refuse what they
// have not.
func TestBigColumns(t *testing.T) {
	url := answers(t, map[string]string{"/disks": `[
		{"external_id":"r1","cid":9007199254740995,"price":1.10,"more":{"big":18446744073709551617,"half":"\ud800"}},
		{"external_id":"r2","cid":-9223372036854775808,"price":0.123456789012345678901234567890}]`})
	d := newDesk(t)
	d.extended(bigExtension, `for await (const disk of client.records<any>("/disks")) handler.addCollection("disk", disk);
	handler.addCollection("disk", { external_id: "1", cid: 9007199254740993n, size: 1, price: 123456789012345678901234567890n });
	handler.addCollection("disk", { external_id: "2", cid: 9007199254740992n, more: [1n, { deep: -9007199254740993n }] });
	handler.addCollection("disk", { external_id: "3", cid: 9223372036854775807n, price: JSON.rawJSON("0.10000000000000000000001") as any });
	handler.addCollection("disk", { external_id: "4", cid: 9223372036854775808n });
	handler.addCollection("disk", { external_id: "5", cid: 9007199254740993n });
	await handler.sendCollections();
	const { data } = (await context().carService.queryGraphql(`+"`"+`{
		eq: disk(where: { cid: { _eq: 9007199254740993 } }) { external_id cid }
		gt: disk(where: { cid: { _gt: 9007199254740992 } }, order_by: { cid: asc }) { external_id cid price }
		in: disk(where: { cid: { _in: [9007199254740992, 9223372036854775807] } }, order_by: { cid: asc }) { external_id }
		has: disk(where: { more: { _contains: { big: 18446744073709551617 } } }) { external_id more }
	}`+"`"+`)) as any;
	const show = (v: unknown): string => typeof v === "bigint" ? v + "n" : Array.isArray(v) ? "[" + v.map(show) + "]" : Object(v) === v ? "{" + Object.entries(v as object).map(([k, x]) => k + ":" + show(x)) + "}" : String(v);
	console.log(show(data));`)
	d.write("connectors/small/main.ts",
		`import { HttpClient } from "carjs/http"; const client = new HttpClient({ baseURL: "`+url+`" });`+"\n"+d.read("connectors/small/main.ts"))
	r := d.ok(host.ModeFull, "small")
	contains(t, strings.ReplaceAll(r.stderr, `\`, ""), "cid must be from -9223372036854775808 to 9223372036854775807, not 9223372036854775808",
		`cid must be unique`)
	contains(t, r.stdout+r.stderr, "eq:[{external_id:1,cid:9007199254740993n}]",
		"gt:[{external_id:1,cid:9007199254740993n,price:123456789012345678901234567890n},{external_id:r1,cid:9007199254740995n,price:1.1},"+
			"{external_id:3,cid:9223372036854775807n,",
		"in:[{external_id:2},{external_id:3}]", "has:[{external_id:r1,")
	g := d.graph("small")
	for id, want := range map[string]string{
		"1":  `{"cid":9007199254740993,"price":123456789012345678901234567890,"size":1}`,
		"2":  `{"cid":9007199254740992,"more":[1,{"deep":-9007199254740993}],"size":9007199254740993}`,
		"3":  `{"cid":9223372036854775807,"price":0.10000000000000000000001,"size":9007199254740993}`,
		"r1": `{"cid":9007199254740995,"more":{"big":18446744073709551617,"half":"\ud800"},"price":1.1,"size":9007199254740993}`,
		"r2": `{"cid":-9223372036854775808,"price":0.12345678901234567890123456789,"size":9007199254740993}`,
	} {
		if got := g.Vertices[carserver.VertexID{Collection: "disk", Key: id}]; got != want {
			t.Errorf("disk %s is %s\nwant %s", id, got, want)
		}
	}
	if len(g.Vertices) != 5 {
		t.Errorf("graph %v", g.Vertices)
	}
}

// Tags are taken from a data source in the way in which it gives them.
func TestTagsOfADataSource(t *testing.T) {
	url := answers(t, map[string]string{"/hosts": `[{"id":"1","tags":[]},{"id":"2","tags":["x","y"]},{"id":"3"},{"id":"4","tags":["z","\ud800"]}]`})
	for name, loop := range map[string]string{
		"get":     `for (const host of await client.get<any[]>("/hosts")) `,
		"records": `for await (const host of client.records<any>("/hosts")) `,
	} {
		for way, tags := range map[string]string{
			"as they are": "host.tags", "copied": "host.tags && [...host.tags] as readonly string[]",
			"frozen": "host.tags && Object.freeze([...host.tags])",
		} {
			t.Run(name+" "+way, func(t *testing.T) {
				d := newDesk(t)
				d.reads(url, loop+`handler.addCollection("asset", { external_id: host.id, name: host.id, tag: `+tags+` });`)
				if r := d.ok(host.ModeFull, "small"); r.report.Collections["asset"].Sent != 4 {
					t.Fatal(r)
				}
				got := map[string]string{}
				for id, tags := range d.graph("small").Tags {
					got[id.Key] = tags
				}
				if want := map[string]string{"2": `["x","y"]`, "4": `["z","\ud800"]`}; fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("tags %q", got)
				}
			})
		}
	}
}

// Tests of a connector see every digit, give them as BigInts, and are shown them.
func TestDigitsInTests(t *testing.T) {
	d := tester(t, map[string]string{"digits.test.ts": `import { connector, dataSource, expect, test } from "carjs/test";
test("two hosts stay two", async () => {
  const source = dataSource();
  source.get("/hosts", [{ id: 9007199254740992n, name: "a" }, { id: 9007199254740993n, name: "b" }]);
  const subject = connector({ source, settings: { url: source.url, token: "t" } });
  expect((await subject.import()).exitCode).toBe(0);
  expect(subject.graph.vertices("asset").map((v: any) => v.external_id)).toEqual(["9007199254740992", "9007199254740993"]);
});
test("equal", () => expect({ a: [9007199254740993n] }).toEqual({ a: [9007199254740993n] }));
test("shown", () => expect({ a: 9007199254740993n }).toEqual({ a: 9007199254740992n }));`})
	r := d.run("test", "mine")
	contains(t, r.stdout+r.stderr, "✓ two hosts stay two", "✓ equal", "9007199254740993n", "9007199254740992n", "1 failed, 2 passed")
}
