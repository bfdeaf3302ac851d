package carjs_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/dop251/goja"
	"github.com/google/go-cmp/cmp"

	"carjs/bindings/carjs"
	"carjs/bindings/console"
	"carjs/host/failure"
	"carjs/host/model"
	"carjs/host/script"
	"carjs/host/submit"
)

// run is a run whose pages are kept here instead of being sent.
type run struct {
	submission *submit.Submission
	mu         sync.Mutex
	sent       map[string][]json.RawMessage
	skips      []submit.Skip // told on the goroutine of the script alone
}

func newRun(t *testing.T) *run {
	t.Helper()
	r := &run{sent: map[string][]json.RawMessage{}}
	var err error
	r.submission, err = submit.New(context.Background(), submit.Config{Source: "s", Report: "r", Dir: t.TempDir(), Sender: r, Timestamp: 7,
		Head:    []byte(`{"source":{"_key":"s"},"report":{"_key":"r"}}`),
		Skipped: func(skip submit.Skip) { r.skips = append(r.skips, skip) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.submission.Close() })
	return r
}

func (r *run) Import(_ context.Context, body []byte) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var envelope map[string]json.RawMessage
	if err := json.Unmarshal(body, &envelope); err != nil {
		return "", err
	}
	for name, part := range envelope {
		var objects []json.RawMessage
		if name != "source" && name != "report" && json.Unmarshal(part, &objects) == nil {
			r.sent[name] = append(r.sent[name], objects...)
		}
	}
	return "job", nil
}

func (r *run) AwaitImports(context.Context, []string) error { return nil }
func (r *run) Model() *model.Model                          { return model.CAR() }
func (r *run) Submission() *submit.Submission               { return r.submission }
func (r *run) SendVertices(ctx context.Context) error       { return r.submission.SendVertices(ctx) }
func (r *run) SendEdges(ctx context.Context) error          { return r.submission.SendEdges(ctx) }
func (r *run) Timestamp() int64                             { return 7 }
func (r *run) Service() carjs.Service                       { return nil }
func (r *run) ReadExisting(context.Context, string, carjs.Scope) (func() error, error) {
	return func() error { return nil }, nil
}

// readGlobal is read(text): the value of a text as pages of a data source have it.
var readGlobal = script.Global{Name: "read", Install: func(rt *script.Runtime) error {
	return rt.VM().Set("read", func(call goja.FunctionCall) goja.Value {
		decoded, err := rt.DecodeJSON(context.Background(), []byte(call.Argument(0).String()))
		if err != nil {
			rt.Throw(err)
		}
		return decoded.Value()
	})
}}

// evaluate runs the body of an async function that sees handler, with all of "carjs" in carjs, and
// returns what it returns.
func evaluate(t *testing.T, r carjs.Host, body string) (goja.Value, error) {
	t.Helper()
	module := carjs.New(map[string]any{"url": "http://x", "n": 1})
	if r != nil {
		module.Begin(r)
	}
	rt, err := script.New(script.Options{Modules: []script.Module{module.Script()},
		Globals: []script.Global{console.Global(), readGlobal}, Wrap: module.Wrap})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(rt.Close)
	program, err := script.Compile("main.js", `const carjs = require("carjs");
class Handler extends carjs.BaseDataHandler {}
const handler = new Handler();
exports.main = async () => {`+body+`};`, carjs.LiteralMethods()...)
	if err != nil {
		t.Fatal(err)
	}
	exports, err := rt.Load(context.Background(), program)
	if err != nil {
		t.Fatal(err)
	}
	main, _ := goja.AssertFunction(exports.Get("main"))
	value, err := rt.Call(context.Background(), main, goja.Undefined())
	if err == nil {
		err = rt.Drain(context.Background())
	}
	if err != nil {
		err = module.Failure(err)
	}
	return value, err
}

// What is sent of an object is what JSON.stringify makes of it.
func TestObjectsAreSentAsStringified(t *testing.T) {
	for name, object := range map[string]string{
		"scalars":       `{ external_id: "1", name: "ä \u2028 \" \\ \n \ud83d\ude00", business_value: 1.5, description: "" }`,
		"numbers":       `{ external_id: "1", name: "x", business_value: -0, properties: { c: 1e21, d: 1e-7, e: 123456789012345680000, f: 0.1 + 0.2 } }`,
		"left out":      `{ external_id: "1", name: "x", description: undefined, properties: { u: undefined, n: null } }`,
		"nested":        `{ external_id: "1", name: "x", properties: { a: [1, "2", [null, undefined, { b: true }]], d: new Date(86400000), e: {} } }`,
		"nested engine": `{ external_id: "1", name: "x", properties: { a: { toJSON: () => ({ "a\u0007b": "\ud800", n: 1e21, l: [[]] }) } } }`,
		"toJSON":        `{ external_id: { toJSON: () => "1" }, name: { toJSON: () => "x" }, properties: { toJSON: () => ({ a: 1 }) } }`,
		"wrappers":      `{ external_id: new String("1"), name: "x", business_value: new Number(5) }`,
		"getter":        `{ external_id: "1", get name() { return "x"; } }`,
		"class":         `new (class { external_id = "1"; name = "x"; get y() { return 1; } method() {} })()`,
		"prototype":     `Object.create({ inherited: 1 }, { external_id: { value: "1", enumerable: true }, name: { value: "x", enumerable: true }, hidden: { value: 1 } })`,
		"null proto":    `Object.assign(Object.create(null), { external_id: "1", name: "x" })`,
		"proxy":         `new Proxy({ external_id: "1", name: "x" }, {})`,
		"order":         `{ name: "x", external_id: "1", 2: "two", 1: "one" }`,
	} {
		// As an object, and as a literal in the call, which goes by its values.
		for way, argument := range map[string]string{"object": "object", "literal": object} {
			t.Run(name+"/"+way, func(t *testing.T) {
				r := newRun(t)
				value, err := evaluate(t, r, `const object = `+object+`;
					if (!handler.addCollection("asset", `+argument+`)) throw new Error("left out");
					await handler.sendCollections();
					return JSON.stringify(object);`)
				if err != nil {
					t.Fatal(err)
				}
				if len(r.sent["asset"]) != 1 {
					t.Fatalf("sent %v", r.sent)
				}
				var got, want any
				if err := errors.Join(json.Unmarshal(r.sent["asset"][0], &got), json.Unmarshal([]byte(value.String()), &want)); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

func TestEdges(t *testing.T) {
	r := newRun(t)
	_, err := evaluate(t, r, `
		handler.addEdge("asset_ipaddress", "1", "10.0.0.1");
		handler.addEdge("asset_ipaddress", "1", "10.0.0.1");
		handler.addEdge("asset_ipaddress", 2, "10.0.0.1", { properties: { a: 1 } });
		handler.addEdge("asset_ipaddress", { _from_external_id: "3", _to: "ipaddress/10.0.0.1" });
		await handler.sendEdges();`)
	if err != nil {
		t.Fatal(err)
	}
	var got []map[string]any
	for _, raw := range r.sent["asset_ipaddress"] {
		var edge map[string]any
		if err := json.Unmarshal(raw, &edge); err != nil {
			t.Fatal(err)
		}
		got = append(got, edge)
	}
	common := func(from string, more map[string]any) map[string]any {
		edge := map[string]any{
			"_from_external_id": from, "_to": "ipaddress/10.0.0.1", "source": "s", "report": "r", "active": true,
			"timestamp": 7.0,
		}
		for name, v := range more {
			edge[name] = v
		}
		return edge
	}
	want := []map[string]any{common("1", nil), common("2", map[string]any{"properties": map[string]any{"a": 1.0}}), common("3", nil)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Mistakes of a connector are told in its own terms, with the place and what to do.
func TestMistakes(t *testing.T) {
	for name, test := range map[string]struct{ body, says string }{
		"unknown collection": {`handler.addCollection("assets", {})`, `"assets"`},
		"no object":          {`handler.addCollection("asset", 7)`, "the object to add must be an object, not a number"},
		"no name":            {`handler.addCollection(undefined, {})`, "addCollection: the name of the collection must be a text, not undefined"},
		"an edge without a name": {
			`handler.addEdge({ _from: "1", _to: "2" }, "asset_ipaddress")`,
			"addEdge: the name of the collection must be a text, not an object",
		},
		"an end that is an object": {
			`handler.addEdge("asset_ipaddress", "1", { id: 1 })`,
			`addEdge("asset_ipaddress"): to must be an id (a text, a whole number or a BigInt), not an object`,
		},
		"an end that is not exact": {
			`handler.addEdge("asset_ipaddress", 9007199254740993, "10.0.0.1")`,
			"from must be an id (a text, a whole number or a BigInt), not the number 9007199254740992",
		},
		"an end that is a boolean": {`handler.addEdge("asset_ipaddress", "1", true, {})`, "to must be an id"},
		"no key":                   {`handler.addCollection("asset", { external_id: "1", name: "x" }, 5)`, "key must be a text, not a number"},
		"no scope": {
			`await handler.replaces("asset", { key: [1] })`,
			`scope has an unknown property "key", did you mean "keys"?`,
		},
		"a text for ids":     {`await handler.replaces("asset", { keys: "12" })`, "scope.keys must be an array of ids, not a text"},
		"getter that throws": {`handler.addCollection("asset", { external_id: "1", get name() { throw new Error("mine"); } })`, "mine"},
		"getter that reports": {`handler.addCollection("asset", { external_id: "1", get name() { handler.addCollection("asset", { external_id: "2", name: "y" }); return "x"; } })`,
			"one after the other"},
		"sending is not awaited": {
			`handler.sendCollections(); handler.addCollection("asset", { external_id: "1", name: "x" });`,
			"await sendCollections",
		},
		"failure's code": {`throw new carjs.DatasourceFailure("x", 0)`, "exit code from 1 to 255"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := evaluate(t, newRun(t), test.body)
			var f *failure.Failure
			if !errors.As(err, &f) || f.Kind != failure.General || !strings.HasPrefix(f.At, "main.js:4:") {
				t.Fatalf("%v: %+v", err, f)
			}
			if !strings.Contains(strings.ToLower(f.Message+" "+f.Hint), strings.ToLower(test.says)) {
				t.Errorf("%q is missing in %q, %q", test.says, f.Message, f.Hint)
			}
		})
	}
	if _, err := evaluate(t, nil, `handler.addCollection("asset", {})`); err == nil ||
		!strings.Contains(err.Error(), "outside an import") {
		t.Errorf("outside an import: %v", err)
	}
}

// A typed failure keeps its kind, whoever made it and however it is passed on.
func TestFailures(t *testing.T) {
	for name, test := range map[string]struct {
		body string
		kind failure.Kind
		code int
	}{
		"thrown":      {`throw new carjs.RecoverableFailure("m")`, failure.Recoverable, 10},
		"with a code": {`throw new carjs.UnrecoverableFailure("m", 23)`, failure.Unrecoverable, 23},
		"with options": {
			`throw new carjs.DatasourceFailure("m", { code: carjs.ErrorCode.DATASOURCE_FAILURE_AUTH, hint: "log in" })`,
			failure.Datasource, 52,
		},
		"behind causes": {
			`throw new Error("a", { cause: new TypeError("b", { cause: new carjs.UnrecoverableFailure("m") }) })`,
			failure.Unrecoverable, 20,
		},
		"outermost counts": {
			`throw new carjs.RecoverableFailure("m", { cause: new carjs.UnrecoverableFailure("x") })`,
			failure.Recoverable, 10,
		},
		"of a subclass":    {`class Mine extends carjs.DatasourceFailure {} throw new Mine("m", 54)`, failure.Datasource, 54},
		"rejected":         {`await Promise.reject(new carjs.RecoverableFailure("m"))`, failure.Recoverable, 10},
		"nobody awaits":    {`Promise.reject(new carjs.DatasourceFailure("m"))`, failure.Datasource, 50},
		"of Promise.any":   {`await Promise.any([Promise.reject(new carjs.DatasourceFailure("m", 51))])`, failure.Datasource, 51},
		"untyped":          {`throw new RangeError("m")`, failure.General, 1},
		"a string":         {`throw "m"`, failure.General, 1},
		"nothing":          {`throw undefined`, failure.General, 1},
		"an endless chain": {`const e = new Error("m"); e.cause = e; throw e`, failure.General, 1},
		"of the host, again": {
			`try { handler.addCollection("nope", {}) } catch (e) { throw new Error("outer", { cause: e }) }`,
			failure.General, 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := evaluate(t, newRun(t), test.body)
			var f *failure.Failure
			if !errors.As(err, &f) || f.Kind != test.kind || f.Code != test.code {
				t.Errorf("%v: %+v", err, f)
			}
		})
	}
	_, err := evaluate(t, newRun(t), `throw new carjs.IncrementalImportNotPossible("forgotten")`)
	var notPossible *failure.NotPossible
	if !errors.As(err, &notPossible) || notPossible.Reason != "forgotten" {
		t.Errorf("%v", err)
	}
}

// An id that is a number or a BigInt arrives as all of its digits, wherever an object names one.
func TestNumbersAsIDs(t *testing.T) {
	r := newRun(t)
	_, err := evaluate(t, r, `
		const asset = { external_id: 12345678, name: "a", business_value: 5 };
		handler.addCollection("asset", asset);
		handler.addCollection("asset", { external_id: 9007199254740993n, name: "b" });
		handler.addCollection("asset", { external_id: 1e15, name: "c" });
		if (handler.addCollection("asset", { external_id: 2 ** 53, name: "d" })) throw new Error("an id that is not exact was taken");
		handler.addEdge("asset_vulnerability", 12345678, -9007199254740993n);
		handler.addEdge("asset_vulnerability", { _from_external_id: 7, _to_external_id: 8n });
		await handler.sendCollections();
		await handler.sendEdges();`)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, collection := range []string{"asset", "asset_vulnerability"} {
		for _, raw := range r.sent[collection] {
			var object struct {
				ID   any `json:"external_id"`
				From any `json:"_from_external_id"`
				To   any `json:"_to_external_id"`
			}
			if err := json.Unmarshal(raw, &object); err != nil {
				t.Fatal(err)
			}
			for _, id := range []any{object.ID, object.From, object.To} {
				if text, ok := id.(string); ok {
					got = append(got, text)
				} else if id != nil {
					t.Errorf("the id %v is no text in %s", id, raw)
				}
			}
		}
	}
	want := []string{"12345678", "9007199254740993", "1000000000000000", "12345678", "-9007199254740993", "7", "8"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Every digit and every unit of a text is sent as it is, wherever it comes from.
func TestObjectsAreSentExactly(t *testing.T) {
	deep := strings.Repeat("[", model.MaxNesting-1) + "9007199254740993n" + strings.Repeat("]", model.MaxNesting-1)
	for object, want := range map[string]string{
		`{ properties: { a: 9007199254740993n, b: [-1n, { c: 18446744073709551616n }] } }`:                                                             `{"a":9007199254740993,"b":[-1,{"c":18446744073709551616}]}`,
		`{ properties: { a: "\ud800", "\udfff": "x\udc00\ud83d\ude00", "\ud801": 1 } }`:                                                                `{"a":"\ud800","\udfff":"x\udc00😀","\ud801":1}`,
		`{ properties: { a: { toJSON: (key) => [key, 1n] } } }`:                                                                                        `{"a":["a",1]}`,
		`{ properties: { a: JSON.rawJSON("1.10"), b: new String("\ud800"), c: new Date(0) } }`:                                                         `{"a":1.10,"b":"\ud800","c":"1970-01-01T00:00:00.000Z"}`,
		`{ properties: { a: ` + deep + ` } }`:                                                                                                          `{"a":` + strings.ReplaceAll(deep, "n", "") + `}`,
		`{ properties: read('{"a":1.10,"b":[1e400,-0],"c":{"d":0.12345678901234567890,"e":[{}],"f":1e2},"g":9007199254740993,"\\ud800":"\\ud801"}') }`: `{"a":1.10,"b":[1e400,-0],"c":{"d":0.12345678901234567890,"e":[{}],"f":1e2},"g":9007199254740993,"\ud800":"\ud801"}`,
		`(() => { const r = read('{"a":1.10,"b":2.50,"c":[1.0]}'); r.b = 3; if (r.a !== 1.1) throw 1; r.c.push(2); return { properties: r }; })()`:     `{"a":1.10,"b":3,"c":[1,2]}`,
	} {
		for way, argument := range map[string]string{"object": "object", "literal": "{ ...object }"} {
			r := newRun(t)
			_, err := evaluate(t, r, `const object = Object.assign(`+object+`, { external_id: "1", name: "x" });
				if (!handler.addCollection("asset", `+argument+`)) throw new Error("left out");
				await handler.sendCollections();`)
			if err != nil {
				t.Fatalf("%.80s: %v", object, err)
			}
			if got := string(r.sent["asset"][0]); !strings.Contains(got, `"properties":`+want+`,`) {
				t.Errorf("%.80s, %s: %.200s, want %.200s", object, way, got, want)
			}
		}
	}
}

// A record is reported as it came.
func TestRecordsAreSentExactly(t *testing.T) {
	r := newRun(t)
	_, err := evaluate(t, r, `
		for (const text of ['{"external_id":"\\ud800","name":"x","business_value":1.50,"tag":["a","b"]}', '{"external_id":9007199254740993,"name":"x","tag":[]}',
			'{"external_id":"\\ud801","name":"\\ud83d\\ude00","extra":1e2}', '{"external_id":9007199254740992,"name":"x"}']) {
			if (!handler.addCollection("asset", read(text))) throw new Error("left out: " + text);
		}
		handler.addEdge("asset_vulnerability", "\ud800", "\ud801");
		handler.addEdge("asset_vulnerability", "\ud800", "\ud802");
		await handler.sendCollections();
		await handler.sendEdges();`)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, raw := range append(r.sent["asset"], r.sent["asset_vulnerability"]...) {
		text, _, _ := strings.Cut(string(raw), `,"report"`)
		got = append(got, text)
	}
	want := []string{
		`{"external_id":"\ud800","name":"x","business_value":1.50,"tag":["a","b"]}`, `{"external_id":"9007199254740993","name":"x","tag":[]}`,
		`{"external_id":"\ud801","name":"😀","extra":1e2}`, `{"external_id":"9007199254740992","name":"x"}`,
		`{"_from_external_id":"\ud800","_to_external_id":"\ud801"`, `{"_from_external_id":"\ud800","_to_external_id":"\ud802"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
