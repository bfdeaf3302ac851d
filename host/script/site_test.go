package script

import (
	"testing"

	"github.com/dop251/goja"
)

func BenchmarkSite(b *testing.B) {
	rt, err := New(Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer rt.Close()
	for name, f := range map[string]func(goja.FunctionCall) goja.Value{
		"with":    func(goja.FunctionCall) goja.Value { rt.Site(); return goja.Undefined() },
		"without": func(goja.FunctionCall) goja.Value { return goja.Undefined() },
	} {
		b.Run(name, func(b *testing.B) {
			_, err := rt.Do(b.Context(), func(vm *goja.Runtime) (goja.Value, error) {
				run, err := vm.RunScript("main.js", "(f, n) => { for (let i = 0; i < n; i++) f(); }")
				if err != nil {
					return nil, err
				}
				loop, _ := goja.AssertFunction(run)
				b.ResetTimer()
				return loop(goja.Undefined(), vm.ToValue(f), vm.ToValue(b.N))
			})
			if err != nil {
				b.Fatal(err)
			}
		})
	}
}
