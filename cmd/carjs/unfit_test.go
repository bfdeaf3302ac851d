package main

import (
	"fmt"
	"strings"
	"testing"

	"carjs/host"
)

// What JSON has no form for is told with path, collection and line, also in the fields of an
// extension and in edges; getters of a class are told, too.
func TestValuesWithoutJSON(t *testing.T) {
	d := newDesk(t)
	d.extended(wholeExtension, `class Host {
		constructor(readonly external_id: string, readonly name: string) {}
		get description() { return "left out"; }
	}
	for (let n = 0; n < 100; n++) handler.addCollection("asset", new Host(String(n), "host"));
	for (let n = 0; n < 100; n++) (handler as any).addCollection("rack", { external_id: String(n), room: "B" + n, side: "left", gateway: "10.0.0.1" });
	const fetchTags = async () => ["a"];
	handler.addCollection("asset", { external_id: "a", name: "x", business_value: NaN });
	handler.addCollection("asset", { external_id: "b", name: "x", properties: { seen: new Date("yesterday") } });
	handler.addCollection("asset", { external_id: "c", name: "x", tag: fetchTags() as any });
	handler.addCollection("asset", { external_id: "d", name: "x", properties: { scan: { by: /nessus/ } } });
	(handler as any).addCollection("rack", { external_id: "e", room: "C1", gateway: "10.0.0.1", load: 1 / 0 });
	(handler as any).addCollection("rack", { external_id: "f", room: "C2", gateway: "10.0.0.1", built: new Date(NaN) });
	(handler as any).addCollection("rack", { external_id: "g", room: "C3", gateway: "10.0.0.1", notes: { by: [new Error("x")] } });
	for (let n = 0; n < 30; n++) (handler as any).addEdge("rack_asset", String(n), String(n), { side: "front" });
	(handler as any).addEdge("rack_asset", "1", "2", { side: "front", low: Number("unknown") });`)
	r := d.ok(host.ModeFull, "small", "-log-format", "text")
	want := []string{
		`asset 1 business_value is NaN: check what it was calculated from, or leave it out "a" main.ts:`,
		`asset 1 properties.seen is an invalid Date: check it, or leave it out "b" main.ts:`,
		`asset 1 tag is a Promise: await it "c" main.ts:`,
		`asset 1 properties.scan.by is a RegExp: use its source, a text "d" main.ts:`,
		`rack 1 load is Infinity: check what it was calculated from, or leave it out "e" main.ts:`,
		`rack 1 built is an invalid Date: check it, or leave it out "f" main.ts:`,
		`rack 1 notes.by[0] is an Error: use its message "g" main.ts:`,
		`rack_asset 1 low is NaN: check what it was calculated from, or leave it out "1 → 2" main.ts:`,
	}
	for i, reason := range r.report.SkippedReasons {
		got := fmt.Sprintf("%s %d %s %q %s", reason.Collection, reason.Count, reason.Reason, reason.FirstKey, reason.At)
		if i >= len(want) || !strings.HasPrefix(got, want[i]) {
			t.Errorf("reason %d: %s", i, got)
		}
	}
	if n := len(r.report.SkippedReasons); n != len(want) || r.report.Collections["asset"].Sent != 100 ||
		r.report.Collections["rack"].Sent != 100 {
		t.Errorf("%d reasons, want %d\n%s", n, len(want), r)
	}
	if n := strings.Count(r.stderr, "an object has getters, which are left out"); n != 1 {
		t.Errorf("told %d times\n%s", n, r)
	}
}

// A forgotten await in what is given to CAR ends the run where it was forgotten.
func TestForgottenAwaits(t *testing.T) {
	for call, want := range map[string]string{
		`handler.addCollection("asset", later({ external_id: "1", name: "x" }) as any);`:     "addCollection: the object to add is a Promise: await it",
		`handler.addEdge("asset_ipaddress", later({ _from: "1", _to: "10.0.0.1" }) as any);`: "addEdge: the object to add is a Promise: await it",
		`await context().carService.queryGraphql("query", { id: later("1") as any });`:       "carService.queryGraphql: variables.id is a Promise: await it",
		`await context().carService.delete("asset", later(["1"]) as any);`:                   "carService.delete: ids must be",
	} {
		t.Run(want, func(t *testing.T) {
			d := newDesk(t)
			d.small(`const later = async <T>(value: T) => value;
	` + call)
			r := d.imports("small")
			if r.code != 1 || r.report.Failure == nil || !strings.HasPrefix(r.report.Failure.Message, want) ||
				!strings.HasPrefix(r.report.Failure.At, "main.ts:") {
				t.Errorf("want %q\n%s", want, r)
			}
		})
	}
}
