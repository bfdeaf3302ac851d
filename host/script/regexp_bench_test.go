package script

import (
	"strings"
	"testing"

	"github.com/dop251/goja"
)

// regexpWork is what programs do with regular expressions.
var regexpWork = map[string]string{
	"test an id":           `const re = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}$/i; for (let i = 0; i < 1000; i++) re.test("0123abcd-12AB-9999");`,
	"match with groups":    `for (let i = 0; i < 1000; i++) "2024-11-06T10:00:00Z".match(/^(\d{4})-(\d{2})-(\d{2})T/);`,
	"exec in a loop":       `const re = /(\w+)=(\w+)/g; let m; for (let i = 0; i < 100; i++) while ((m = re.exec("a=1, b=2, c=3, d=4, e=5, f=6, g=7, h=8, i=9, j=10")));`,
	"replace blanks":       `for (let i = 0; i < 1000; i++) "  a b   c d ".replace(/\s+/g, " ");`,
	"replace in long text": `text.replace(/line (\d+)/g, "row $1");`,
	"replace by function":  `text.replace(/\d+/g, (n) => n + 1);`,
	"split lines":          `text.split(/\r?\n/);`,
	"words, not ASCII":     `("ü" + text).match(/\w+/g);`,
	"search at the end":    `for (let i = 0; i < 10; i++) /zebra|lion/.test(text);`,
	"trim":                 `for (let i = 0; i < 1000; i++) "  some text with blanks  ".replace(/^\s+|\s+$/g, "");`,
	"not followed":         `for (let i = 0; i < 1000; i++) "1234567.89".replace(/\B(?=(\d{3})+(?!\d))/g, ",");`,
	"mail address":         `for (let i = 0; i < 1000; i++) /^[\w.+-]+@[\w-]+(\.[\w-]+)+$/.test("somebody.else@mail.example.com");`,
}

// BenchmarkRegExp compares carjs's regular expressions with those of the engine.
func BenchmarkRegExp(b *testing.B) {
	text := strings.Repeat("this is line 1234 of a text that is long\r\n", 2000)
	for name, work := range regexpWork {
		b.Run(name+"/engine", func(b *testing.B) {
			vm := goja.New()
			if err := vm.Set("text", text); err != nil {
				b.Fatal(err)
			}
			run, err := vm.RunString("(function () { " + work + " })")
			if err != nil {
				b.Fatal(err)
			}
			f, _ := goja.AssertFunction(run)
			for b.Loop() {
				if _, err := f(goja.Undefined()); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/carjs", func(b *testing.B) {
			program, err := Compile("main.js", "exports.run = () => { "+work+" };")
			if err != nil {
				b.Fatal(err)
			}
			rt, err := New(Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer rt.Close()
			if err := rt.VM().Set("text", text); err != nil {
				b.Fatal(err)
			}
			exports, err := rt.Load(b.Context(), program)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := call(b.Context(), rt, exports, "run"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
