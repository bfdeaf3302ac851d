package args_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/dop251/goja"

	"carjs/bindings/args"
	"carjs/bindings/args/argstest"
	"carjs/host/failure"
	"carjs/host/script"
)

// read is a module with a function for each getter, which returns what it reads.
func read() script.Module {
	value := func(get func(args.Arg) any) func(*args.Call) goja.Value {
		return func(c *args.Call) goja.Value { return c.VM().ToValue(get(c.Arg(0, "x"))) }
	}
	return args.Module("test/read", []args.Function{
		{Name: "text", Run: value(func(a args.Arg) any { return a.Text() })},
		{Name: "textOr", Run: value(func(a args.Arg) any { return a.TextOr("none") })},
		{Name: "filled", Run: value(func(a args.Arg) any { return a.Filled() })},
		{Name: "scalar", Run: value(func(a args.Arg) any { return a.Scalar() })},
		{Name: "id", Run: value(func(a args.Arg) any { return a.ID() })},
		{Name: "ids", Run: value(func(a args.Arg) any { return strings.Join(a.RequiredIDs(), " ") })},
		{Name: "noIDs", Run: value(func(a args.Arg) any { return a.IDs() == nil })},
		{Name: "texts", Run: value(func(a args.Arg) any { return strings.Join(a.RequiredTexts(), " ") })},
		{Name: "oneOrMore", Run: value(func(a args.Arg) any { return strings.Join(a.TextOrTexts(), " ") })},
		{Name: "integers", Run: value(func(a args.Arg) any { return len(a.Integers(1, 9)) })},
		{Name: "bool", Run: value(func(a args.Arg) any { return a.BoolOr(true) })},
		{Name: "integer", Run: value(func(a args.Arg) any { return a.IntegerOr(7, -1, 10) })},
		{Name: "number", Run: value(func(a args.Arg) any { return a.NumberOr(0.5, 0.25) })},
		{Name: "duration", Run: value(func(a args.Arg) any {
			return a.DurationOr(time.Second, time.Millisecond, time.Hour).String()
		})},
		{Name: "data", Run: value(func(a args.Arg) any { return string(a.Data()) })},
		{Name: "buffer", Run: value(func(a args.Arg) any { return string(a.Buffer()) })},
		{Name: "call", Run: func(c *args.Call) goja.Value {
			result, err := c.Arg(0, "x").Function()(goja.Undefined())
			if err != nil {
				c.Rethrow(err)
			}
			return result
		}},
		{Name: "array", Run: value(func(a args.Arg) any { return a.Array().Get("length") })},
		{Name: "object", Run: value(func(a args.Arg) any { return len(a.Object().Keys()) })},
		{Name: "json", Run: value(func(a args.Arg) any {
			text, ok := a.JSON()
			return map[bool]string{true: string(text), false: "left out"}[ok]
		})},
		{Name: "fields", Run: value(func(a args.Arg) any { return len(a.JSONFields()) })},
		{Name: "scalars", Run: value(func(a args.Arg) any { return a.Scalars()["a"] })},
		{Name: "options", Run: func(c *args.Call) goja.Value {
			return c.VM().ToValue(c.Options(0, "level", "maxSize").Get("level").IntegerOr(1, 0, 9))
		}},
		{Name: "edge", Run: func(c *args.Call) goja.Value {
			return c.VM().ToValue(c.Arg(0, "edge").Fields("from", "to").Get("from").ID())
		}},
	})
}

func TestRead(t *testing.T) {
	s := argstest.New(t, read())
	for expression, want := range map[string]string{
		`read.text("ä")`:                                   `"ä"`,
		`read.text("")`:                                    `""`,
		`[read.textOr(), read.textOr(null)]`:               `["none","none"]`,
		`read.filled(" ")`:                                 `" "`,
		`read.id("a-1")`:                                   `"a-1"`,
		`read.id(12345678)`:                                `"12345678"`,
		`read.id(0.5 * 2)`:                                 `"1"`,
		`read.id(-0)`:                                      `"0"`,
		`read.id(1e15)`:                                    `"1000000000000000"`,
		`read.id(9007199254740991)`:                        `"9007199254740991"`,
		`read.id(-9007199254740991)`:                       `"-9007199254740991"`,
		`read.id(9007199254740993n)`:                       `"9007199254740993"`,
		`read.id(10n ** 30n)`:                              `"1000000000000000000000000000000"`,
		`read.ids([12345678, 2n ** 53n, "x"])`:             `"12345678 9007199254740992 x"`,
		`read.ids(new Set([1, "1"]))`:                      `"1 1"`,
		`read.ids((function* () { yield 3; })())`:          `"3"`,
		`read.ids([])`:                                     `""`,
		`[read.noIDs(), read.noIDs(null), read.noIDs([])]`: `[true,true,false]`,
		`read.texts(["a", "b"])`:                           `"a b"`,
		`[read.oneOrMore("a"), read.oneOrMore(["a", "b"]), read.oneOrMore()]`: `["a","a b",""]`,
		`read.integers([1, 9])`:                                          `2`,
		`[read.bool(false), read.bool()]`:                                `[false,true]`,
		`[read.integer(), read.integer(-1), read.integer(10)]`:           `[7,-1,10]`,
		`[read.number(null), read.number(1), read.number(0.25)]`:         `[0.5,1,0.25]`,
		`[read.duration(), read.duration(1.5), read.duration(Infinity)]`: `["1s","1.5ms","1h0m0s"]`,
		`[read.scalar("t"), read.scalar(1.5), read.scalar(1e-7), read.scalar(12345678), read.scalar(true), read.scalar(5n)]`: `["t","1.5","0.0000001","12345678","true","5"]`,
		`[read.data("ä"), read.data(new Uint8Array([65])), read.buffer(new Uint8Array([65, 66]).buffer)]`:                    `["ä","A","AB"]`,
		`read.call(() => 5)`: `5`,
		`read.array([1, 2])`: `2`,
		`[read.object({ a: 1 }), read.object(new (class { b = 1 })()), read.object(new Proxy({ c: 1 }, {}))]`: `[1,1,1]`,
		`[read.json(null), read.json([1, "a"]), read.json(new Date(0)), read.json()]`:                         `["null","[1,\"a\"]","\"1970-01-01T00:00:00.000Z\"","left out"]`,
		`read.fields({ a: 1, b: undefined })`:                                                                 `1`,
		`read.scalars({ a: 12345678 })`:                                                                       `"12345678"`,
		`[read.options(), read.options({}), read.options({ level: 9 })]`:                                      `[1,1,9]`,
		`read.edge({ from: 5n })`:                                                                             `"5"`,
	} {
		s.Equal(expression, want)
	}
}

func TestRefused(t *testing.T) {
	s := argstest.New(t, read())
	const id = "must be an id (a text, a whole number or a BigInt), not "
	for expression, want := range map[string]string{
		`read.text(5)`:                     "text: x must be a text, not a number",
		`read.text()`:                      "text: x must be a text, not undefined",
		`read.textOr(Symbol())`:            "textOr: x must be a text, not a symbol",
		`read.filled("")`:                  "filled: x must not be empty",
		`read.filled()`:                    "filled: x must be a text, not undefined",
		`read.scalar({})`:                  "scalar: x must be a text, a number, a boolean or a BigInt, not an object",
		`read.scalar(NaN)`:                 "scalar: x must be a number with exact digits, not NaN",
		`read.scalar(2 ** 53)`:             "scalar: x must be a number with exact digits, not 9007199254740992",
		`read.id()`:                        "id: x " + id + "undefined",
		`read.id(null)`:                    "id: x " + id + "null",
		`read.id("")`:                      "id: x " + id + "an empty text",
		`read.id({})`:                      "id: x " + id + "an object",
		`read.id(["1"])`:                   "id: x " + id + "an array",
		`read.id(new String("1"))`:         "id: x " + id + "a string",
		`read.id(new Date(0))`:             "id: x " + id + "a date",
		`read.id(true)`:                    "id: x " + id + "a boolean",
		`read.id(1.5)`:                     "id: x " + id + "the number 1.5",
		`read.id(NaN)`:                     "id: x " + id + "the number NaN",
		`read.id(-Infinity)`:               "id: x " + id + "the number -Infinity",
		`read.id(2 ** 53)`:                 "id: x " + id + "the number 9007199254740992",
		`read.id(-(2 ** 53))`:              "id: x " + id + "the number -9007199254740992",
		`read.id(1e21)`:                    "id: x " + id + "the number 1e+21",
		`read.ids()`:                       "ids: x must be an array of ids, not undefined",
		`read.ids("12")`:                   "ids: x must be an array of ids, not a text",
		`read.ids({ length: 1 })`:          "ids: x must be an array of ids, not an object",
		`read.ids([1, undefined])`:         "ids: x[1] " + id + "undefined",
		`read.ids([1, , 3])`:               "ids: x[1] " + id + "undefined",
		`read.ids(new Map([[1, 2]]))`:      "ids: x[0] " + id + "an array",
		`read.texts(["a", 1])`:             "texts: x[1] must be a text, not a number",
		`read.texts("a")`:                  "texts: x must be an array of texts, not a text",
		`read.oneOrMore(5)`:                "oneOrMore: x must be an array of texts, not a number",
		`read.integers([10])`:              "integers: x[0] must be a whole number from 1 to 9, not 10",
		`read.bool("true")`:                "bool: x must be true or false, not a text",
		`read.integer(1.5)`:                "integer: x must be a whole number from -1 to 10, not 1.5",
		`read.integer(11)`:                 "integer: x must be a whole number from -1 to 10, not 11",
		`read.integer("1")`:                "integer: x must be a whole number from -1 to 10, not a text",
		`read.integer(1n)`:                 "integer: x must be a whole number from -1 to 10, not a bigint",
		`read.number(NaN)`:                 "number: x must be a number from 0.25 up, not NaN",
		`read.number("1")`:                 "number: x must be a number, not a text",
		`read.duration(0)`:                 "duration: x must be a number from 1 up, not 0",
		`read.data([1])`:                   "data: x must be a text or bytes (ArrayBuffer, typed array), not an array",
		`read.buffer("a")`:                 "buffer: x must be bytes (ArrayBuffer, typed array), not a text",
		`read.call({})`:                    "call: x must be a function, not an object",
		`read.array({})`:                   "array: x must be an array, not an object",
		`read.object([])`:                  "object: x must be an object, not an array",
		`read.object(() => 1)`:             "object: x must be an object, not a function",
		`read.json(() => 1)`:               "json: x is a function: call it, or leave it out",
		`read.json({ a: [NaN] })`:          "json: x.a[0] is NaN: check what it was calculated from, or leave it out",
		`read.fields({ a: new Map() })`:    "fields: x.a is a Map: use an object, or an array of its entries",
		`read.fields({ toJSON: () => 1 })`: "fields: x must be an object in JSON too",
		`read.scalars({ a: null })`:        `scalars: x["a"] must be a text, a number, a boolean or a BigInt, not null`,
		`read.options({ levle: 1 })`:       `options: unknown option "levle", did you mean "level"?`,
		`read.options({ maxsize: 1 })`:     `options: unknown option "maxsize", did you mean "maxSize"?`,
		`read.options({ colour: 1 })`:      `options: unknown option "colour"; expected one of level, maxSize`,
		`read.options({ level: 10 })`:      "options: the option level must be a whole number from 0 to 9, not 10",
		`read.options("level")`:            "options: options must be an object, not a text",
		`read.edge({ form: 1 })`:           `edge: edge has an unknown property "form", did you mean "from"?`,
		`read.edge({ to: 1 })`:             "edge: edge.from " + id + "undefined",
		`read.edge()`:                      "edge: edge must be an object, not undefined",
	} {
		f := s.Throws(expression, "TypeError: "+want)
		if f == nil || f.Kind != failure.General || f.Code != failure.CodeGeneral || f.Fault != failure.FaultConnector || f.Hint == "" {
			t.Errorf("%s: no failure of the connector with a hint: %+v", expression, f)
		}
		if f != nil && strings.Contains(expression, "2 ** 53") && !strings.Contains(f.Hint, "BigInt") {
			t.Errorf("%s: hint %q", expression, f.Hint)
		}
	}
}

// Objects that carjs makes of JSON are objects and arrays like any other.
func TestObjectsOffJSON(t *testing.T) {
	rt, err := script.New(script.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(rt.Close)
	parsed, err := rt.ParseJSON(json.RawMessage(`[{"from":12345678,"ids":[1,"2"]},{"from":"x","ids":[]}]`))
	if err != nil {
		t.Fatal(err)
	}
	call := args.Of(rt, goja.FunctionCall{}, "test")
	edge := call.Of("rows", parsed).Array().Get("0")
	o := call.Of("edge", edge).Fields("from", "ids")
	if id, ids := o.Get("from").ID(), strings.Join(o.Get("ids").IDs(), " "); id != "12345678" || ids != "1 2" {
		t.Errorf("from %q, ids %q", id, ids)
	}
}

// What a getter of the script throws comes out as it is.
func TestThrownByGetter(t *testing.T) {
	s := argstest.New(t, read())
	s.Throws(`read.edge({ get from() { throw new RangeError("mine") } })`, "RangeError: mine")
	s.Throws(`read.ids({ [Symbol.iterator]() { throw new RangeError("mine") } })`, "RangeError: mine")
	_, err := s.Eval(`(() => { try { read.id() } catch (e) { throw new Error("row 5", { cause: e }) } })()`)
	var f *failure.Failure
	if !errors.As(err, &f) || !strings.Contains(f.Message, "id: x must be an id") {
		t.Errorf("%v: %+v", err, f)
	}
}

// An id is read for every end of every edge.
func BenchmarkID(b *testing.B) {
	vm := goja.New()
	for name, v := range map[string]goja.Value{"text": vm.ToValue("12345678"), "number": vm.ToValue(12345678)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, ok := args.ID(v); !ok {
					b.Fatal("no id")
				}
			}
		})
	}
}
