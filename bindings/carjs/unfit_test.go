package carjs_test

import (
	"strings"
	"testing"

	"carjs/host/model"
)

// What no object can have is a fault of the object, with its path, and none of the run.
func TestUnfitValues(t *testing.T) {
	for value, want := range map[string]string{
		`{ tag: new Set(["a"]) }`:                                  "tag is a Set: use an array",
		`{ properties: { tags: new Set(["a"]) } }`:                 "properties.tags is a Set: use an array",
		`{ properties: { a: [1, { "b c": new Map([[1, 2]]) }] } }`: `properties.a[1]["b c"] is a Map: use an object, or an array of its entries`,
		`{ properties: new Map() }`:                                "properties is a Map: use an object, or an array of its entries",
		`{ properties: { a: Promise.resolve(1) } }`:                "properties.a is a Promise: await it",
		`{ properties: { a: new Set([1]).values() } }`:             "properties.a is a Set Iterator: use an object or an array",
		`{ properties: { a: new WeakMap() } }`:                     "properties.a is a WeakMap: use an object or an array",
		`(() => { let a = 1; for (let i = 0; i < 20000; i++) a = [a]; return { properties: { a } }; })()`: "properties.a" + strings.Repeat("[0]", 52) + "[0…" + " is nested too deep",
		`{ description() {} }`:                                                              "description is a function: call it, or leave it out",
		`{ properties: { f: [() => 1] } }`:                                                  "properties.f[0] is a function: call it, or leave it out",
		`{ description: Symbol("x") }`:                                                      "description is a symbol: use a text",
		`{ properties: { a: [Symbol()] } }`:                                                 "properties.a[0] is a symbol: use a text",
		`(() => { const p = {}; p.p = p; return { properties: p }; })()`:                    "properties.p contains itself",
		`(() => { const l = []; const o = { properties: { l } }; l.push(l); return o; })()`: "properties.l[0] contains itself",
	} {
		for way, argument := range map[string]string{"object": "object", "literal": "{ ...object }"} {
			t.Run(value+"/"+way, func(t *testing.T) {
				r := newRun(t)
				_, err := evaluate(t, r, `const object = Object.assign(`+value+`, { external_id: "1", name: "x" });
					if (handler.addCollection("asset", `+argument+`)) throw new Error("added");
					if (!handler.addCollection("asset", { external_id: "2", name: "x", properties: { a: [{}], b: { c: [] } } })) throw new Error("left out");
					await handler.sendCollections();`)
				if err != nil {
					t.Fatal(err)
				}
				if len(r.skips) != 1 || model.Faults(r.skips[0].Faults) != want || r.skips[0].Key != "1" {
					t.Errorf("%+v, want %q", r.skips, want)
				}
				if len(r.sent["asset"]) != 1 {
					t.Errorf("sent %v", r.sent)
				}
			})
		}
	}
}

// A value that is the same twice is not in itself, and an object that says what it is is taken at
// its word.
func TestFitValues(t *testing.T) {
	r := newRun(t)
	_, err := evaluate(t, r, `
		class Tags extends Set { toJSON() { return [...this]; } }
		const shared = { a: [1] };
		if (!handler.addCollection("asset", { external_id: "1", name: "x", tag: new Tags(["t"]), properties: { one: shared, two: [shared, shared] } })) throw new Error("left out");
		await handler.sendCollections();`)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(r.sent["asset"][0]); !strings.Contains(got, `"tag":["t"],"properties":{"one":{"a":[1]},"two":[{"a":[1]},{"a":[1]}]}`) {
		t.Error(got)
	}
}
