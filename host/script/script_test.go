package script

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"carjs/host/bundle"

	"github.com/dop251/goja"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the expected texts in testdata")

// errRefused is the Go error of the test module's natives.
var errRefused = errors.New("connection refused")

// testModule has natives that do what natives do: answer, throw, take time, crash.
func testModule() Module {
	return Module{Name: "carjs/test", New: func(rt *Runtime) (goja.Value, error) {
		exports := rt.VM().NewObject()
		err := errors.Join(
			exports.Set("fail", func(goja.FunctionCall) goja.Value {
				rt.Throw(fmt.Errorf("GET /assets: %w", errRefused))
				return nil
			}),
			exports.Set("later", func(call goja.FunctionCall) goja.Value {
				value := call.Argument(0).Export()
				return rt.Async(func(ctx context.Context) (func(*goja.Runtime) (goja.Value, error), error) {
					return func(vm *goja.Runtime) (goja.Value, error) { return vm.ToValue(value), nil }, nil
				})
			}),
			exports.Set("failLater", func(goja.FunctionCall) goja.Value {
				return rt.Async(func(ctx context.Context) (func(*goja.Runtime) (goja.Value, error), error) {
					return nil, fmt.Errorf("GET /hosts: %w", errRefused)
				})
			}),
			exports.Set("hang", func(goja.FunctionCall) goja.Value {
				return rt.Async(func(ctx context.Context) (func(*goja.Runtime) (goja.Value, error), error) {
					<-ctx.Done()
					return nil, context.Cause(ctx)
				})
			}),
			exports.Set("crash", func(goja.FunctionCall) goja.Value {
				var none *Runtime
				return goja.Undefined().ToObject(none.vm)
			}),
			exports.Set("crashLater", func(goja.FunctionCall) goja.Value {
				return rt.Async(func(ctx context.Context) (func(*goja.Runtime) (goja.Value, error), error) {
					panic("no such drawer")
				})
			}),
			exports.Set("where", func(goja.FunctionCall) goja.Value { return rt.VM().ToValue(rt.Caller().String()) }),
		)
		return exports, err
	}}
}

// compile bundles and compiles TypeScript; the files are src/main.ts or pairs of names and texts.
func compile(t testing.TB, files ...string) *Program {
	t.Helper()
	source := fstest.MapFS{}
	if len(files) == 1 {
		files = []string{"src/main.ts", files[0]}
	}
	for i := 0; i < len(files); i += 2 {
		source[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	made, err := bundle.Build(context.Background(), bundle.Source{FS: source, Name: "demo", Modules: []string{"carjs/test", "carjs/clock"}})
	if err != nil {
		t.Fatal(err)
	}
	program, err := Compile(made.Name, made.Code)
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// start makes a runtime and loads a program.
func start(t testing.TB, opts Options, p *Program) (*Runtime, *goja.Object) {
	t.Helper()
	opts.Modules = append(opts.Modules, testModule())
	rt, err := New(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(rt.Close)
	exports, err := rt.Load(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	return rt, exports
}

// call calls an exported function.
func call(ctx context.Context, rt *Runtime, exports *goja.Object, name string, args ...goja.Value) (goja.Value, error) {
	fn, ok := goja.AssertFunction(exports.Get(name))
	if !ok {
		return nil, fmt.Errorf("no function %s is exported", name)
	}
	return rt.Call(ctx, fn, goja.Undefined(), args...)
}

// evaluate runs the default export of some TypeScript and returns what came of it as text.
func evaluate(t testing.TB, files ...string) string {
	t.Helper()
	rt, exports := start(t, Options{}, compile(t, files...))
	value, err := call(t.Context(), rt, exports, "default")
	if err != nil {
		return err.Error()
	}
	return value.String()
}

// show writes an error down as its reader gets it.
func show(err error) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v\n", err)
	var e *Error
	if !errors.As(err, &e) {
		fmt.Fprintf(&b, "(a %T)\n", err)
		return b.String()
	}
	for _, frame := range e.Stack {
		fmt.Fprintf(&b, "  at %s\n", frame)
	}
	if e.CodeFrame != "" {
		fmt.Fprintf(&b, "\n%s\n", e.CodeFrame)
	}
	if e.Cause != nil {
		fmt.Fprintf(&b, "\ncause: %v\n", e.Cause)
	}
	return b.String()
}

// TestErrors runs each program in testdata/errors and compares how its end reads with the file's
// section "want". A first line "limits" in the comment makes the limits small.
func TestErrors(t *testing.T) {
	names, err := filepath.Glob("testdata/errors/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var pairs []string
			var rest []txtar.File
			want := ""
			for _, file := range archive.Files {
				if file.Name == "want" {
					want = string(file.Data)
					continue
				}
				rest = append(rest, file)
				pairs = append(pairs, file.Name, string(file.Data))
			}
			got := end(t, pairs)
			if *update {
				archive.Files = append(rest, txtar.File{Name: "want", Data: []byte(got)})
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

// end loads a program and calls its default export, which is expected to go wrong.
func end(t *testing.T, files []string) string {
	rt, err := New(Options{Modules: []Module{testModule()}, MaxTurn: 200 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	exports, err := rt.Load(t.Context(), compile(t, files...))
	if err != nil {
		return "while loading: " + show(err)
	}
	value, err := call(t.Context(), rt, exports, "default")
	if err != nil {
		return show(err)
	}
	return "no error: " + value.String() + "\n"
}
