package script

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dop251/goja"
)

// Texts whose objects are read as records, with all that is odd about names.
var recordTexts = []string{
	`{"a":1,"b":"two","c":null,"d":true,"e":1.5}`,
	`[{"a":1,"b":2},{"a":3,"b":4},{"b":5,"a":6},{"a":7},{"a":8,"b":9,"c":10},{},{"c":1}]`,
	`{"a":{"b":{"c":[1,{"d":2}]}},"e":[[],{},[{}]]}`,
	`{"a":1,"a":2,"b":3,"a":4}`,
	`{"b":1,"2":2,"a":3,"10":4,"1":5,"-1":6,"01":7,"4294967295":8}`,
	`{"__proto__":{"x":1},"constructor":2,"toString":3,"hasOwnProperty":4}`,
	`{"":1," ":2,"é":3,"\u0000":4,"😀":"\ud83d\ude00"}`,
	`{"n1":1,"n2":2,"n3":3,"n4":4,"n5":5,"n6":6,"n7":7,"n8":8,"n9":9,"n10":10,"n11":11,"n12":12,"n13":13,"n14":14}`,
	`[1,"x",null,[2,[3]]]`,
	`{"a":[3,1,2],"b":["x","y"],"c":[ ]}`, `[["a","b"],["c"],[]]`,
	`"text"`, `5`, `null`,
}

// Texts that are read as lists, on which only the uses of lists are tried: a list takes no
// properties of its own.
var listTexts = []string{
	`["one", "t\u0077o" , -3.5e2, true,false , null, "é", "😀", 0, 12345678901234567890, "", "last"]`,
	` [ "b" ,"a"] `, `[7]`, `{"a":[3,1,2],"b":["x","y"],"c":[ ]}`, `[["a","b"],["c"],[]]`,
}

// What connectors do with what they read. Each is the body of a function of v.
var recordUses = map[string]string{
	"stringify":     `JSON.stringify(v)`,
	"keys":          `Object.keys(v ?? 0).join("|")`,
	"entries":       `JSON.stringify(Object.entries(v ?? 0))`,
	"values":        `JSON.stringify(Object.values(v ?? 0))`,
	"for in":        `(() => { const names = []; for (const n in v) names.push(n); return names.join("|"); })()`,
	"spread":        `JSON.stringify({ z: 0, ...v, y: 1 })`,
	"rest":          `(() => { const { a, ...rest } = v ?? {}; return JSON.stringify([a, rest]); })()`,
	"assign to":     `JSON.stringify(Object.assign({}, v))`,
	"assign from":   `JSON.stringify(Object.assign(Object(v), { a: "new", q: "more" }))`,
	"in":            `typeof v === "object" && v !== null ? ["a" in v, "q" in v, "toString" in v].join() : ""`,
	"own":           `[Object.hasOwn(v ?? 0, "a"), Object.hasOwn(v ?? 0, "toString"), Object.prototype.hasOwnProperty.call(v ?? 0, "b")].join()`,
	"kind":          `[typeof v, Array.isArray(v), v instanceof Object, Object.prototype.toString.call(v), Object.getPrototypeOf(v ?? 0) === Object.prototype].join()`,
	"as text":       `(() => { try { return String(v); } catch (e) { return e.name; } })()`,
	"missing":       `v?.missing === undefined && v?.missing?.more === undefined`,
	"change":        `(() => { if (typeof v !== "object" || !v) return ""; v.a = "changed"; v.more = [1]; v.more.push(2); return JSON.stringify(v); })()`,
	"delete":        `(() => { if (typeof v !== "object" || !v) return ""; const gone = delete v.a && delete v.nothing; return gone + JSON.stringify(v) + ("a" in v); })()`,
	"delete, add":   `(() => { if (typeof v !== "object" || !v) return ""; delete v.a; v.a = 1; v[3] = 3; return JSON.stringify(v) + Object.keys(v); })()`,
	"same object":   `v?.a === v?.a && v?.[0] === v?.[0]`,
	"descriptor":    `JSON.stringify(Object.getOwnPropertyDescriptor(v ?? 0, "b"))`,
	"descriptors":   `JSON.stringify(Object.getOwnPropertyNames(v ?? 0))`,
	"define":        `(() => { if (typeof v !== "object" || !v) return ""; Object.defineProperty(v, "d", { value: 9, writable: true, enumerable: true, configurable: true }); return JSON.stringify(v); })()`,
	"inherit":       `(() => { const o = Object.create(typeof v === "object" ? v : {}); o.own = 1; return [o.b, Object.keys(o)].join(); })()`,
	"set prototype": `(() => { if (typeof v !== "object" || !v) return ""; Object.setPrototypeOf(v, { inherited: 5 }); return v.inherited; })()`,
	"nested change": `(() => { if (!v?.a?.b) return ""; v.a.b.x = 1; v.a.b.c.push(3); return JSON.stringify(v); })()`,
	"map and sort":  `Array.isArray(v) ? JSON.stringify(v.map((x) => x).reverse().filter(Boolean)) : ""`,
	"equal":         `v === v && v !== JSON.parse("{}")`,
	"as key":        `new Map([[v, 1]]).get(v)`,
	"json twice":    `JSON.stringify(JSON.parse(JSON.stringify(v)))`,
	"replacer":      `JSON.stringify(v, ["a", "b"], 1)`,
	"a list":        `JSON.stringify(lists(v).map((l) => [l.length, l[0], l[1], l[l.length], l.at(-1), l[-1], "0" in l, "length" in l, Object.keys(l)]))`,
	"list loops":    `JSON.stringify(lists(v).map((l) => { const seen = []; for (const x of l) seen.push(x); for (const i in l) seen.push(i); l.forEach((x, i, all) => seen.push(x, i, all === l)); return seen; }))`,
	"list spread":   `JSON.stringify(lists(v).map((l) => [[...l], Array.from(l), [...l.entries()], new Set(l).size, Math.max(...l), ((a, ...r) => r)(...l)]))`,
	"list reads":    `JSON.stringify(lists(v).map((l) => [l.map(String), l.filter(Boolean), l.slice(1), l.concat(l, [1]), l.join("-"), String(l), l.indexOf("b"), l.includes(null), l.some(Boolean), l.every(Boolean), l.find(Boolean), l.findLast(Boolean), l.reduce((a, b) => a + b, ""), l.flat(), l.flatMap((x) => [x, x]), l.toSorted(), l.toReversed(), l.with(0, 9), l.lastIndexOf("a")]).concat("end"))`,
	"list changes":  `JSON.stringify(lists(v).map((l) => { const said = [l.push("p", "q"), l.shift(), l.unshift("u"), l.splice(1, 1, "s1", "s2"), l.pop()]; l[0] = { o: 1 }; l[l.length] = "end"; return [said, l, l.length]; }))`,
	"list order":    `JSON.stringify(lists(v).map((l) => [l.sort(), l.reverse(), l.sort((a, b) => (String(a) < String(b) ? 1 : -1)), l.fill("f", 1, 2), l.copyWithin(0, 1)].map((x) => x === l)).concat(lists(v)))`,
	"list length":   `JSON.stringify(lists(v).map((l) => { l.length = 1; const one = JSON.stringify(l); l.length = 0; l.push(5); return [one, l, l.length]; }))`,
	"list deleted":  `JSON.stringify(lists(v).map((l) => { const gone = delete l[0]; return [gone, l, l.length, l[0]]; }))`,
	"list kind":     `lists(v).map((l) => [typeof l, Array.isArray(l), l instanceof Array, l.constructor === Array, Object.prototype.toString.call(l), Object.getPrototypeOf(l) === Array.prototype, JSON.stringify(Object.getOwnPropertyDescriptor(l, "0")), JSON.stringify(Object.getOwnPropertyDescriptor(l, "length"))].join()).join()`,
	"list clone":    `JSON.stringify(lists(v).map((l) => { const copy = structuredClone(l); copy.push(1); return [copy, l, Object.assign([], l), { ...l }, Object.entries(l)]; }))`,
	"list is one":   `lists(v).length === 0 || (lists(v)[0] === lists(v)[0] && new Map(lists(v).map((l) => [l, 1])).size === lists(v).length)`,
	"list changing": `JSON.stringify(lists(v).map((l) => { const seen = []; for (const x of l) { seen.push(x); if (seen.length < 3) l.push("more"); if (seen.length > 99) break; } return seen; }))`,
	"symbols":       `Object.getOwnPropertySymbols(v ?? 0).length`,
}

// Records do what plain objects do.
func TestRecordsAreObjects(t *testing.T) {
	for name, use := range recordUses {
		t.Run(name, func(t *testing.T) {
			rt, exports := start(t, Options{}, compile(t, `
				const lists = (v: any): any[] => Array.isArray(v) ? [v, ...v.flatMap(lists)] : v && typeof v === "object" ? Object.values(v).flatMap(lists) : [];
				export default (v: any) => String(`+use+`);`))
			f, _ := goja.AssertFunction(exports.Get("default"))
			texts := recordTexts
			if strings.Contains(name, "list") {
				texts = slices.Concat(recordTexts, listTexts)
			}
			for _, text := range texts {
				apply := func(read func() (goja.Value, error)) string {
					v, err := read()
					if err != nil {
						t.Fatal(err)
					}
					result, err := rt.Call(t.Context(), f, goja.Undefined(), v)
					if err != nil {
						return err.Error()
					}
					return result.String()
				}
				plain := apply(func() (goja.Value, error) { return rt.ParseJSON([]byte(text)) })
				record := apply(func() (goja.Value, error) {
					decoded, err := rt.DecodeJSON(t.Context(), []byte(text))
					if err != nil {
						return nil, err
					}
					return decoded.Value(), nil
				})
				if plain != record {
					t.Errorf("%s\nplain:  %s\nrecord: %s", text, plain, record)
				}
			}
		})
	}
}

// A list that is most of its text is not copied out of it, and another is: a page must not stay in
// memory for one of its lists.
func TestListKeepsItsText(t *testing.T) {
	rt, _ := start(t, Options{}, compile(t, ``))
	for text, want := range map[string]string{
		`{"id":1,"items":["` + strings.Repeat("long", 100) + `","x"]}`:       "y",
		`{"id":"` + strings.Repeat("long", 100) + `","items":["short","x"]}`: "x",
	} {
		data := []byte(text)
		decoded, err := rt.DecodeJSON(t.Context(), data)
		if err != nil {
			t.Fatal(err)
		}
		data[strings.Index(text, `"x"`)+1] = 'y'
		if got := decoded.Value().ToObject(rt.VM()).Get("items").ToObject(rt.VM()).Get("1").String(); got != want {
			t.Errorf("%.20s…: %s, want %s", text, got, want)
		}
	}
}

// Items with the same text have the same sum, wherever they stand; what is no list of objects as
// the text has it, or lies too deep, has none.
func TestSums(t *testing.T) {
	rt, _ := start(t, Options{}, compile(t, ``))
	read := func(text string, path ...string) []uint64 {
		decoded, err := rt.DecodeJSON(t.Context(), []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		value := decoded.Value().ToObject(rt.VM())
		for _, name := range path {
			value = value.Get(name).ToObject(rt.VM())
		}
		return decoded.Sums(value)
	}
	top := read(`[{"id":1},{"id":2},{"id":1},[1]]`)
	if len(top) != 4 || top[0] != top[2] || top[0] == top[1] || top[3] == top[0] {
		t.Fatalf("sums of a list are %d", top)
	}
	for text, path := range map[string][]string{
		`{"items" : [ {"id":1} ,` + "\n\t" + `{"id":2},{"id":1}, [1] ]}`:                       {"items"},
		`{"n":[{"id":3}],"data":{"rows":[{"id":1},{"id":2},{"id":1},[1]]},"items":[{"a":[]}]}`: {"data", "rows"},
		"\ufeff" + `[{"id":1},{"id":2},{"id":1},[1]]`:                                          {},
	} {
		if got := read(text, path...); !slices.Equal(got, top) {
			t.Errorf("%s: %d, want %d", text, got, top)
		}
	}
	for text, path := range map[string][]string{
		`{"items":{"id":1}}`:                 {"items"},
		`[1,2]`:                              {},
		`{"a":{"b":{"c":{"d":[{"id":1}]}}}}`: {"a", "b", "c", "d"},
		`{"items":[]}`:                       {"items"},
	} {
		if got := read(text, path...); got != nil {
			t.Errorf("%s has sums", text)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	var text strings.Builder
	text.WriteString("[")
	for i := range 1000 {
		fmt.Fprintf(&text, `{"pk":%d,"name":"asset number %d","type":"server","initial_value":%d,"site":"http://127.0.0.1:8000/sites/%d/","vulnerabilities":["http://127.0.0.1:8000/vulnerabilities/%d/","http://127.0.0.1:8000/vulnerabilities/%d/"]},`, i, i, i%10, i%2, i, i+1)
	}
	data := []byte(strings.TrimSuffix(text.String(), ",") + "]")
	rt, exports := start(b, Options{},
		compile(b, `export default (rows: any[]) => { let n = 0; for (const row of rows) n += row.pk + row.name.length + row.initial_value + row.vulnerabilities.length; return n; };`))
	f, _ := goja.AssertFunction(exports.Get("default"))
	for name, read := range map[string]func() (goja.Value, error){
		"objects": func() (goja.Value, error) { return rt.ParseJSON(data) },
		"records": func() (goja.Value, error) {
			decoded, err := rt.DecodeJSON(b.Context(), data)
			if err != nil {
				return nil, err
			}
			return decoded.Value(), nil
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				v, err := read()
				if err != nil {
					b.Fatal(err)
				}
				if _, err := rt.Call(b.Context(), f, goja.Undefined(), v); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
