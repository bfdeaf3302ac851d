package script

import (
	"runtime"
	"strings"
	"testing"

	"github.com/dop251/goja"
)

// manyPieces are programs that make a long text of many pieces, and its length. Copied at every
// piece, it takes gigabytes.
var manyPieces = []struct {
	name, body string
	length     int64
}{
	{"characters", `let s = ""; for (let i = 0; i < 100_000; i++) s += "y"; return s.length;`, 100_000},
	{"not ASCII", `let s = ""; for (let i = 0; i < 100_000; i++) s += "é"; return s.length;`, 100_000},
	{"read meanwhile", `let s = "", n = 0; for (let i = 0; i < 100_000; i++) { s += "y"; n += s.length + s.charCodeAt(i); } return s.length;`, 100_000},
	{"kilobytes", `const p = "x".repeat(1000); let s = ""; for (let i = 0; i < 5000; i++) s += p; return s.length;`, 5_000_000},
	{"property", `class W { out = ""; put(x) { this.out += x; } } const w = new W(); for (let i = 0; i < 100_000; i++) w.put("y"); return w.out.length;`, 100_000},
	{"private", `class W { #out = ""; put(x) { return this.#out += x; } } const w = new W(); for (let i = 0; i < 99_999; i++) w.put("y"); return w.put("").length;`, 99_999},
	{"closure", `let s = ""; const put = (x: string) => { s += x; }; for (let i = 0; i < 100_000; i++) put("y"); return s.length;`, 100_000},
	{"sum", `let s = ""; for (let i = 0; i < 50_000; i++) s = s + "y" + "z"; return s.length;`, 100_000},
	{"from Go", `let s = JSON.parse('"' + "y".repeat(2000) + '"'); for (let i = 0; i < 98_000; i++) s += String("y"); return s.length;`, 100_000},
	{"parameter", `const f = (s: any, x: any) => { for (let i = 0; i < 100_000; i++) s += x; return s; }; return f("", "y").length;`, 100_000},
	{"reduce", `return Array.from({ length: 100_000 }, () => "y").reduce((a, b) => a + b, "").length;`, 100_000},
	{"function", `const add = (s: any, x: any) => s + x; let s: any; for (let i = 0; i < 100_000; i++) s = add(s ?? "", "y"); return s.length;`, 100_000},
	{"template", "let s = \"\"; for (let i = 0; i < 50_000; i++) s = `${s}y${\"z\"}`; return s.length;", 100_000},
	{"concat", `let s = ""; for (let i = 0; i < 100_000; i++) s = s.concat("y"); return s.length;`, 100_000},
	{"element", `const a = [""], o: any = { s: "" }, k = "s"; for (let i = 0; i < 50_000; i++) { a[0] += "y"; o[k] += "z"; } return a[0].length + o.s.length;`, 100_000},
	{"five at a time", `const s = { a: "", b: "", c: "", d: "", e: "" };
		for (let i = 0; i < 20_000; i++) { s.a += "1"; s.b += "é"; s.c += "3"; s.d += "4"; s.e += "5"; } return (s.a + s.b + s.c + s.d + s.e).length;`, 100_000},
}

// A text is made of many pieces in memory of the order of its length.
func TestTextsGrow(t *testing.T) {
	for _, c := range manyPieces {
		t.Run(c.name, func(t *testing.T) {
			program := compile(t, "export default () => { "+c.body+" };")
			rt, exports := start(t, Options{}, program)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			length, err := call(t.Context(), rt, exports, "default")
			runtime.ReadMemStats(&after)
			if err != nil || length.ToInteger() != c.length {
				t.Fatalf("is %v long, %v, want %d", length, err, c.length)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 100<<20 {
				t.Errorf("took %d MB", used>>20)
			}
			if rt.growing != nil {
				t.Error("the texts are kept after the run")
			}
		})
	}
}

// Texts that were dropped are not kept for long.
func TestGrowingForgets(t *testing.T) {
	var g growing
	for range 100 {
		text, _ := identify(g.add(longText(growsFrom), identity{}, longText(1)))
		if g[0].id != text || len(g) > mostGrowing {
			t.Fatalf("%d texts are kept", len(g))
		}
	}
	for range 3 {
		g.add(longText(mostKept), identity{}, longText(1))
	}
	if len(g) != 1 {
		t.Errorf("%d texts are kept, want the last long one", len(g))
	}
}

func longText(length int) goja.String {
	return goja.New().ToValue(strings.Repeat("x", length)).(goja.String).Substring(0, length)
}

func BenchmarkAdd(b *testing.B) {
	for name, body := range map[string]string{
		"short":  `let n = 0; for (let i = 0; i < 100_000; i++) { let s = ""; for (let j = 0; j < 5; j++) s += "abc"; n += s.length; } return n;`,
		"number": `let n = 0; for (let i = 0; i < 500_000; i++) n += i; return n;`,
		"long":   `let s = ""; for (let i = 0; i < 100_000; i++) s += "y"; return s.length;`,
		"pieces": `const p = "x".repeat(1000); let s = ""; for (let i = 0; i < 5000; i++) s += p; return s.length;`,
	} {
		b.Run(name, func(b *testing.B) {
			program := compile(b, "export default () => { "+body+" };")
			rt, exports := start(b, Options{}, program)
			for b.Loop() {
				if _, err := call(b.Context(), rt, exports, "default"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
