package carjs_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"carjs/bindings/carjs"
	"carjs/host/esjson"
	"carjs/host/model"
)

// kinds are the kinds of values that JavaScript has: what is sent for one, or what is said of it.
var kinds = []struct{ value, sent, says string }{
	{`"text"`, `"text"`, ""},
	{`"\ud800"`, `"\ud800"`, ""},
	{`1.5`, `1.5`, ""},
	{`-0`, `0`, ""},
	{`1e300`, `1e+300`, ""},
	{`NaN`, "", "is NaN: check what it was calculated from, or leave it out"},
	{`Number("unknown")`, "", "is NaN: check what it was calculated from, or leave it out"},
	{`Infinity`, "", "is Infinity: check what it was calculated from, or leave it out"},
	{`-1 / 0`, "", "is -Infinity: check what it was calculated from, or leave it out"},
	{`true`, `true`, ""},
	{`9007199254740993n`, `9007199254740993`, ""},
	{`Symbol("x")`, "", "is a symbol: use a text"},
	{`() => 1`, "", "is a function: call it, or leave it out"},
	{`class Host {}`, "", "is a function: call it, or leave it out"},
	{`new Proxy(() => 1, {})`, "", "is a function: call it, or leave it out"},
	// boxed
	{`new String("text")`, `"text"`, ""},
	{`new Number(1.5)`, `1.5`, ""},
	{`new Number(NaN)`, "", "is NaN: check what it was calculated from, or leave it out"},
	{`new Boolean(false)`, `false`, ""},
	{`Object(9007199254740993n)`, `9007199254740993`, ""},
	{`Object(Symbol())`, "", "is a symbol: use a text"},
	// built-in classes
	{`new Date(0)`, `"1970-01-01T00:00:00.000Z"`, ""},
	{`new Date("unknown")`, "", "is an invalid Date: check it, or leave it out"},
	{`new (class Day extends Date {})(NaN)`, "", "is an invalid Date: check it, or leave it out"},
	{`/x/g`, "", "is a RegExp: use its source, a text"},
	{`new Error("x")`, "", "is an Error: use its message"},
	{`Object.assign(new TypeError("x"), { code: 1 })`, "", "is an Error: use its message"},
	{`new Map([[1, 2]])`, "", "is a Map: use an object, or an array of its entries"},
	{`new Set([1])`, "", "is a Set: use an array"},
	{`new (class Tags extends Set {})([1])`, "", "is a Set: use an array"},
	{`new Proxy(new Set([1]), {})`, "", "is a Set: use an object or an array"},
	{`new WeakMap()`, "", "is a WeakMap: use an object or an array"},
	{`new WeakSet()`, "", "is a WeakSet: use an object or an array"},
	{`Promise.resolve(1)`, "", "is a Promise: await it"},
	{`(async () => 1)()`, "", "is a Promise: await it"},
	{`new Uint8Array(2)`, "", "is a Uint8Array: use an array, or a text in base64 or hex"},
	{`new Float64Array(2)`, "", "is a Float64Array: use an array, or a text in base64 or hex"},
	{`new Int16Array(2)`, "", "is an Int16Array: use an array, or a text in base64 or hex"},
	{`new BigInt64Array(2)`, "", "is a BigInt64Array: use an array, or a text in base64 or hex"},
	{`new ArrayBuffer(2)`, "", "is an ArrayBuffer: use a text in base64 or hex"},
	{`new DataView(new ArrayBuffer(2))`, "", "is a DataView: use a text in base64 or hex"},
	{`[1].values()`, "", "is an Array Iterator: use an object or an array"},
	{`new Map([[1, 2]]).keys()`, "", "is a Map Iterator: use an object or an array"},
	{`(function* () { yield 1; })()`, "", "is a Generator: use an object or an array"},
	{`"a".matchAll(/a/g)`, "", "is a RegExp String Iterator: use an object or an array"},
	{`Math`, "", "is a Math: use an object or an array"},
	// objects
	{`{ a: 1 }`, `{"a":1}`, ""},
	{`{}`, `{}`, ""},
	{`Object.assign(Object.create(null), { a: 1 })`, `{"a":1}`, ""},
	{`[1, , undefined]`, `[1,null,null]`, ""},
	{`Object.assign([1], { extra: 1 })`, `[1]`, ""},
	{`new (class Tags extends Array {})(1, 2)`, `[1,2]`, ""},
	{`(function () { return arguments; })(1)`, `{"0":1}`, ""},
	{`new Proxy({ a: 1 }, { get: () => 2 })`, `{"a":2}`, ""},
	{`new Proxy([1], {})`, `[1]`, ""},
	{`{ get a() { return 1; } }`, `{"a":1}`, ""},
	{`new (class Host { a = 1; method() {} })()`, `{"a":1}`, ""},
	{`new (class Host { a = 1; get b() { return 2; } })()`, `{"a":1}`, ""},
	{`new (class Empty {})()`, `{}`, ""},
	{`new (class Host { #a = 1; get a() { return this.#a; } })()`, "",
		"is an instance of Host without properties of its own: JSON has neither getters nor private fields"},
	{`new (class Host { #a = 1; values() { return this.#a; } })()`, "",
		"is an instance of Host without properties of its own: JSON has neither getters nor private fields"},
	{`Object.create({ a: 1 })`, "", "is an object without properties of its own: JSON has neither getters nor private fields"},
	{`new (class Host { #a = 1; toJSON() { return { a: this.#a }; } })()`, `{"a":1}`, ""},
	{`{ toJSON: () => NaN }`, "", "is NaN: check what it was calculated from, or leave it out"},
	{`read("[1e400,12345678901234567890.5]")`, `[1e400,12345678901234567890.5]`, ""},
}

// calls is a run that keeps what is asked of CAR.
type calls struct {
	*run
	asked map[string]any
}

func (c *calls) Service() carjs.Service { return service{calls: c} }

// service is CAR, of which there is no more than what the test calls.
type service struct {
	carjs.Service
	calls *calls
}

func (s service) QueryGraphQL(_ context.Context, _ string, variables map[string]any) (json.RawMessage, error) {
	s.calls.asked = variables
	return nil, nil
}

func (s service) PatchEdge(_ context.Context, _, _, _ string, fields map[string]any) error {
	s.calls.asked = fields
	return nil
}

func (s service) PatchVertex(_ context.Context, _, _ string, fields map[string]any) error {
	s.calls.asked = fields
	return nil
}

// Every kind of value in every place where CAR gets values from a script: what is sent, or what is
// said, with the path. Nothing is altered without a word.
func TestKindsOfValues(t *testing.T) {
	const vertex, edge = `await handler.sendCollections();`, `await handler.sendEdges();`
	for _, place := range []struct {
		name, path string
		// do is the code with the value, and around is what stands around the value in what is sent.
		do, collection, around string
	}{
		{"property", "extra", `handler.addCollection("asset", { external_id: "1", name: "x", extra: value }); ` + vertex, "asset", `"extra":%`},
		{"property of an object", "extra", `const o = { external_id: "1", name: "x", extra: value };
			handler.addCollection("asset", o); ` + vertex,
			"asset", `"extra":%`},
		{"in an object", "properties.a", `handler.addCollection("asset", { external_id: "1", name: "x", properties: { a: value } }); ` + vertex,
			"asset", `"properties":{"a":%}`},
		{"in an array", "properties.a[1][0]", `handler.addCollection("asset", { external_id: "1", name: "x", properties: { a: [0, [value]] } }); ` + vertex,
			"asset", `"properties":{"a":[0,[%]]}`},
		{"in a class", "properties.a", `class P { constructor(a) { this.a = a; } } handler.addCollection("asset", { external_id: "1", name: "x", properties: new P(value) }); ` + vertex,
			"asset", `"properties":{"a":%}`},
		{"of toJSON", "properties.a", `handler.addCollection("asset", { external_id: "1", name: "x", properties: { toJSON: () => ({ a: value }) } }); ` + vertex,
			"asset", `"properties":{"a":%}`},
		{"of an edge", "extra", `handler.addEdge("asset_ipaddress", "1", "10.0.0.1", { extra: value }); ` + edge, "asset_ipaddress", `"extra":%`},
		{"in an edge", "properties.a", `handler.addEdge("asset_ipaddress", { _from_external_id: "1", _to: "ipaddress/10.0.0.1", properties: { a: value } }); ` + edge,
			"asset_ipaddress", `"properties":{"a":%}`},
		{"variable", "variables.v", `await service.queryGraphql("query", { v: value });`, "", `"v":%`},
		{"in a variable", "variables.v.a[0]", `await service.queryGraphql("query", { v: { a: [value] } });`, "", `"v":{"a":[%]}`},
		{"change of an edge", "data.a", `await service.edgePatch("s", { edge_type: "asset_ipaddress", from: "1", to: "2" }, { a: value });`, "", `"a":%`},
		{"change of a vertex", "change.name", `await service.databasePatchValue({ resource_type: "asset", resource_id: "1", name: value });`, "", `"name":%`},
	} {
		for _, kind := range kinds {
			t.Run(place.name+"/"+kind.value, func(t *testing.T) {
				c := &calls{run: newRun(t)}
				_, err := evaluate(t, c, `const service = carjs.context().carService; const value = (`+kind.value+`);
`+place.do)
				if place.collection == "" {
					checkCall(t, c, err, place.path, strings.ReplaceAll(place.around, "%", kind.sent), kind.says)
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				checkSent(t, c.run, place.collection, place.path, strings.ReplaceAll(place.around, "%", kind.sent), kind.says)
			})
		}
	}
}

// checkSent checks what became of an object with a value at a path.
func checkSent(t *testing.T, r *run, collection, path, sent, says string) {
	t.Helper()
	if says != "" {
		if len(r.skips) != 1 || model.Faults(r.skips[0].Faults) != path+" "+says || len(r.sent[collection]) != 0 {
			t.Errorf("skipped %+v, sent %s, want %s %s", r.skips, r.sent[collection], path, says)
		}
		return
	}
	if len(r.sent[collection]) != 1 || !strings.Contains(string(r.sent[collection][0]), sent) {
		t.Errorf("sent %s, want %s; skipped %+v", r.sent[collection], sent, r.skips)
	}
}

// checkCall checks what became of a call with a value at a path.
func checkCall(t *testing.T, c *calls, err error, path, sent, says string) {
	t.Helper()
	if says != "" {
		if err == nil || !strings.Contains(err.Error(), ": "+path+" "+says) || c.asked != nil {
			t.Errorf("asked %v, said %v, want %s %s", c.asked, err, path, says)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	asked, err := esjson.AppendValue(nil, c.asked)
	if err != nil || !strings.Contains(string(asked), sent) {
		t.Errorf("asked %s, %v, want %s", asked, err, sent)
	}
}
