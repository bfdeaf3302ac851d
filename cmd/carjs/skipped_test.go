package main

import (
	"fmt"
	"strings"
	"testing"

	"carjs/host"
)

// An empty id, a null, a Set and a cycle in what is reported: the object is left out with its line,
// and the others are imported.
func TestObjectsThatCannotBe(t *testing.T) {
	d := newDesk(t)
	d.small(`const self: any = {}; self.self = self;
	const add = (object: any) => handler.addCollection("asset", object);
	for (let n = 0; n < 100; n++) add({ external_id: String(n), name: "host", tag: [], description: null, properties: { made: new Date(0) } });
	add({ external_id: "", name: "no id" });
	add({ external_id: null, name: "null id" });
	add({ external_id: "a", name: "set", properties: { tags: new Set(["x"]) } });
	add({ external_id: "b", name: "map", properties: { by: { name: new Map() } } });
	add({ external_id: "c", name: "cycle", properties: self });
	const deep = (levels: number) => { let o: any = {}; while (--levels) o = { o }; return o; };
	add({ external_id: "deepest", name: "deepest", properties: deep(500) });
	add({ external_id: "own", name: "own", source: "small" });
	add({ external_id: "foreign", name: "foreign", source: "cloud" });
	add({ external_id: "deep", name: "deep", properties: deep(501) });
	add({ external_id: "d", name: "function", properties: { f: [() => 1] } });
	add({ external_id: "e", name: "symbol", description: Symbol("x") });
	for (let n = 0; n < 30; n++) { handler.addCollection("ipaddress", { _key: "10.0.0." + n }); handler.addEdge("asset_ipaddress", String(n), "10.0.0." + n); }
	handler.addEdge("asset_ipaddress", "", "10.0.0.1");
	handler.addEdge("asset_ipaddress", { _from_external_id: "1", _to: "" });
	handler.addEdge("asset_ipaddress", "2", "10.0.0.1", { source: "cloud" } as any);`)
	r := d.ok(host.ModeFull, "small")
	want := []string{
		`asset 1 external_id must not be empty "" main.ts:`, `asset 1 external_id is required "" main.ts:`,
		`asset 1 properties.tags is a Set: use an array "a" main.ts:`,
		`asset 1 properties.by.name is a Map: use an object, or an array of its entries "b" main.ts:`,
		`asset 1 properties.self contains itself "c" main.ts:`,
		`asset 1 source must be that of this run, "small", or be left out "foreign" main.ts:`,
		`asset 1 properties must not be nested more than 500 deep "deep" main.ts:`,
		`asset 1 properties.f[0] is a function: call it, or leave it out "d" main.ts:`,
		`asset 1 description is a symbol: use a text "e" main.ts:`,
		`asset_ipaddress 1 _from_external_id must not be empty " → 10.0.0.1" main.ts:`,
		`asset_ipaddress 1 _to must not be empty "1 → " main.ts:`,
		`asset_ipaddress 1 source must be that of this run, "small", or be left out "2 → 10.0.0.1" main.ts:`,
	}
	for i, reason := range r.report.SkippedReasons {
		got := fmt.Sprintf("%s %d %s %q %s", reason.Collection, reason.Count, reason.Reason, reason.FirstKey, reason.At)
		if i >= len(want) || !strings.HasPrefix(got, want[i]) {
			t.Errorf("reason %d: %s", i, got)
		}
	}
	if n := len(r.report.SkippedReasons); n != len(want) || r.report.Collections["asset"].Sent != 102 {
		t.Errorf("%d reasons, want %d\n%s", n, len(want), r)
	}
}

// Each reason for which objects are left out is told once with its number, in the log, the summary
// and the report, however many objects there are and whatever is in them.
func TestReasonsAreToldOnce(t *testing.T) {
	d := newDesk(t)
	d.small(`for (let n = 0; n < 300; n++) handler.addCollection("asset", { external_id: String(n), name: "host" });
	for (let n = 0; n < 20; n++) handler.addCollection("asset", { external_id: "i" + n } as any);
	handler.addCollection("asset", { external_id: "bad", name: 5 } as any);
	for (let n = 0; n < 7; n++) handler.addCollection("asset", { external_id: "r" + n, name: "risky", risk: 11 + n });
	for (let n = 0; n < 40; n++) handler.addCollection("port", { external_id: "p" + n, protocol: "tcp", port_number: n });
	handler.addCollection("port", Object.fromEntries([["external_id", "p"], ["protocol", "tcp"], ["port_number", 1], ...[...Array(60).keys()].map((n) => ["f" + n, Symbol()])]) as any);`)
	r := d.ok(host.ModeFull, "small", "-log-format", "text")
	contains(t, r.stdout, "asset: 20 × name is required (first \"i0\" at main.ts:",
		"asset: 1 × name must be a string, not a number (first \"bad\" at main.ts:",
		"asset: 7 × risk must be at most 10, not 11 (first \"r0\" at main.ts:", "more reasons: the report has them")
	contains(t, r.stderr, `collection=asset objects=20 reason="name is required" first=i0 at=main.ts:`)
	if n := strings.Count(r.stderr, "name is required"); n != 2 { // when it came first, and with the number
		t.Errorf("told %d times:\n%s", n, r.stderr)
	}
	ports := 0
	for _, reason := range r.report.SkippedReasons {
		if reason.Collection == "port" {
			ports++
		}
	}
	if ports != 26 || r.report.SkippedReasons[0].Count != 20 {
		t.Errorf("%d reasons for ports\n%+v", ports, r.report.SkippedReasons)
	}
}

// A collection that is mostly invalid ends the run as a failure of the connector before anything is
// removed and before the save point moves, unless that is allowed.
func TestMostlyInvalid(t *testing.T) {
	d := newDesk(t)
	objects := func(name string) string {
		return `await handler.replaces("asset");
		for (const id of ["1", "2"]) handler.addCollection("asset", { external_id: id, ` + name + `: "host " + id } as any);`
	}
	d.small(objects("name"))
	d.ok(host.ModeFull, "small")
	d.small(objects("nmae"))
	for _, flags := range [][]string{nil, {"-full"}, nil} {
		r := d.imports("small", flags...)
		if r.code != 1 ||
			!strings.Contains(r.report.Failure.Message,
				`asset: 2 of 2 objects are invalid, and the limit is 10%; the first asset, "1": name is required`) ||
			!strings.HasPrefix(r.report.Failure.At, "main.ts:") || r.report.Failure.Hint == "" {
			t.Errorf("%v: %s", flags, r)
		}
		if n := len(d.graph("small").Vertices); n != 2 {
			t.Fatalf("%d vertices are left", n)
		}
	}
	d.env = []string{"MAX_SKIPPED=off"}
	if r := d.ok(host.ModeFull, "small"); r.report.Collections["asset"].Retired != 2 {
		t.Errorf("%+v", r.report.Collections)
	}
}
