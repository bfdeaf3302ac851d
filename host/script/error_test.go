package script

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"carjs/host/bundle"

	"github.com/dop251/goja"
)

// TestErrorIdentity sends a Go error through scripts and finds the same one at the other end.
func TestErrorIdentity(t *testing.T) {
	program := compile(t, `import { fail, failLater } from "carjs/test";
export const direct = () => fail();
export const rethrown = () => { try { fail(); } catch (e) { throw e; } };
export const wrapped = () => { try { fail(); } catch (cause) { throw new Error("x", { cause }); } };
export const deep = async () => { try { await failLater(); } catch (cause) { let e: unknown = cause; for (let i = 0; i < 20; i++) e = { message: "m", cause: e }; throw e; } };
export const several = () => Promise.any([failLater(), Promise.reject(1)]);
export const rejected = () => failLater();
export const later = () => new Promise((_, no) => setTimeout(() => { try { fail(); } catch (e) { no(e); } }, 1));
export const callback = () => [1].map(() => fail());
export const circle = () => { const a: any = new Error("a"), b = new Error("b", { cause: a }); a.cause = b; throw a; };
export const endlessCauses = () => { class E extends Error { get cause() { return new E("again"); } } throw new E("first"); };
export const trap = () => { throw { get message() { throw 1; }, get cause() { for (;;); } }; };
`)
	wrap := func(rt *Runtime, err error) goja.Value {
		object := rt.VM().NewObject()
		if setErr := object.Set("message", "wrapped "+err.Error()); setErr != nil {
			t.Error(setErr)
		}
		return object
	}
	for name, opts := range map[string]Options{"plain": {}, "wrap": {Wrap: wrap}} {
		opts.MaxTurn = 200 * time.Millisecond
		rt, exports := start(t, opts, program)
		for _, function := range exports.Keys() {
			_, err := call(t.Context(), rt, exports, function)
			var e *Error
			if !errors.As(err, &e) {
				t.Errorf("%s %s: %T %v", name, function, err, err)
				continue
			}
			want := function != "circle" && function != "endlessCauses" && function != "trap"
			if errors.Is(err, errRefused) != want {
				t.Errorf("%s %s: the Go error found: %v, want %v in %v", name, function, !want, want, err)
			}
			if function == "direct" && name == "wrap" && e.Message != "wrapped GET /assets: connection refused" {
				t.Errorf("Wrap was not used: %q", e.Message)
			}
			if want && e.At().File != "src/main.ts" {
				t.Errorf("%s %s: no place in %+v", name, function, e)
			}
			if _, back := call(t.Context(), rt, exports, "direct"); back == nil {
				t.Errorf("%s: after %s nothing fails any more", name, function)
			}
		}
	}
}

// TestValueRoundTrip throws back what came out of a script.
func TestValueRoundTrip(t *testing.T) {
	rt, exports := start(t, Options{}, compile(t, `export class Own extends Error {} export const fail = () => { throw new Own("mine"); };
		export const is = (e: unknown) => e instanceof Own;`))
	_, err := call(t.Context(), rt, exports, "fail")
	var e *Error
	if !errors.As(err, &e) || e.Name != "Own" {
		t.Fatalf("got %v", err)
	}
	for name, back := range map[string]error{"error": err, "exception": exceptionOf(t, rt, e.Value)} {
		is, err := call(t.Context(), rt, exports, "is", rt.Value(back))
		if err != nil || !is.ToBoolean() {
			t.Errorf("the %s came back as something else: %v, %v", name, is, err)
		}
	}
}

func exceptionOf(t *testing.T, rt *Runtime, value goja.Value) error {
	t.Helper()
	exception := rt.VM().Try(func() { panic(value) })
	if exception == nil {
		t.Fatal("no exception")
	}
	return exception
}

func TestUnhandled(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{
			"handled in time",
			`const p = Promise.reject(new Error("early")); await sleep(2); try { await p; } catch (e) { return "caught"; }`,
			"caught",
		},
		{"two at once", `const slow = sleep(5), bad = failLater(); await slow; try { await bad; } catch { return "caught"; }`, "caught"},
		{"dropped", `Promise.reject(new Error("dropped")); return "fine";`, "unhandled promise rejection: Error: dropped"},
		{
			"explains a wait", `const never = new Promise(() => {}); failLater().then(() => {}); await never;`,
			"unhandled promise rejection: Error: GET /hosts: connection refused",
		},
		{"comes second", `Promise.reject(new Error("dropped")); throw new Error("first");`, "Error: first"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := evaluate(t, `import { failLater } from "carjs/test"; const sleep = (ms: number) => new Promise((r) => setTimeout(r, ms));
				export default async function run() {`+c.body+"\n}")
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestSyntaxErrors(t *testing.T) {
	for _, c := range []struct {
		name, code string
		want       Position
	}{
		{"parser", "var a;\nvar b = ;\n", Position{"x.js", 2, 9}},
		{"compiler", "var a;\nlet b; let b;\n", Position{"x.js", 2, 12}},
		{"broken map", "var a = ;\n//# sourceMappingURL=data:application/json;base64,e30=\n", Position{bundleName, 1, 9}},
		{"a map on disk", "var a = ;\n//# sourceMappingURL=/etc/passwd\n", Position{"x.js", 1, 9}},
	} {
		_, err := Compile("x.js", c.code)
		var e *Error
		if !errors.As(err, &e) || e.Name != "SyntaxError" || e.At() != c.want || e.Message == "" {
			t.Errorf("%s: %v at %v, want %v", c.name, err, e.At(), c.want)
		}
	}

	// Through the map: a package may hold what the bundler lets pass.
	dir := t.TempDir()
	for name, text := range map[string]string{
		"main.ts":                 "import x from \"x\";\nexport default x;\n",
		"node_modules/x/index.js": "// x\nexport default (text) => /(/.test(text);\n",
	} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	made, err := bundle.Build(t.Context(), bundle.Source{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	_, err = Compile(made.Name, made.Code)
	var e *Error
	if !errors.As(err, &e) || e.At().File != "node_modules/x/index.js" || e.At().Line != 2 ||
		!strings.Contains(e.CodeFrame, "> 2 | export default") {
		t.Errorf("in a package: %v", show(err))
	}
}
