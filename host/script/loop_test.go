package script

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"carjs/host/bundle"
	"carjs/host/failure"

	"github.com/dop251/goja"
)

func TestTimers(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"order", `setTimeout(() => seen.push("late"), 20); setTimeout(() => seen.push("b"), 5); setTimeout(() => seen.push("a"), 1);
			setTimeout(() => seen.push("b2"), 5); setImmediate(() => seen.push("now")); Promise.resolve().then(() => seen.push("micro")); await sleep(40);`, "micro,now,a,b,b2,late"},
		{"arguments", `setTimeout((a, b) => seen.push(a + b), 1, "x", "y"); setImmediate((a) => seen.push(a), "z"); await sleep(5);`, "z,xy"},
		{"clear", `const id = setTimeout(() => seen.push("never"), 1); clearTimeout(id); clearTimeout(id); clearTimeout(undefined); clearTimeout(12345);
			const im = setImmediate(() => seen.push("never")); clearImmediate(im); await sleep(5);`, ""},
		{"interval", `let n = 0; const id = setInterval(() => { seen.push(String(++n)); if (n === 3) clearInterval(id); }, 1); await sleep(30);`, "1,2,3"},
		{"delays", `for (const d of [undefined, NaN, -1, "0", null, {}]) setTimeout(() => seen.push("x"), d as any); const far = setTimeout(() => seen.push("far"), 1e12); await sleep(5); clearTimeout(far);`, "x,x,x,x,x,x"},
		{"no function", `try { setTimeout("code" as any, 1); } catch (e) { seen.push((e as Error).message); }`, "the first argument of setTimeout must be a function"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := evaluate(t, `const seen: string[] = []; const sleep = (ms: number) => new Promise((r) => setTimeout(r, ms));
				export default async function run() {`+c.body+"\nreturn seen.join(); }")
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestAsync(t *testing.T) {
	rt, exports := start(t, Options{}, compile(t, `import { later } from "carjs/test";
export default async function run() {
	let sum = 0;
	for (let page = 0; page < 20; page++) {
		const values = await Promise.all(Array.from({ length: 20 }, (_, i) => later(i)));
		sum += values.reduce((a, b) => a + b);
	}
	return sum;
}`))
	for range 3 {
		got, err := call(t.Context(), rt, exports, "default")
		if err != nil || got.ToInteger() != 20*190 {
			t.Fatalf("got %v, %v", got, err)
		}
	}
}

// TestAsyncMaker has makers that fail in each of the ways they can.
func TestAsyncMaker(t *testing.T) {
	rt, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		maker func(vm *goja.Runtime) (goja.Value, error)
		want  string
	}{
		"no maker":    {nil, "undefined"},
		"nothing":     {func(*goja.Runtime) (goja.Value, error) { return nil, nil }, "undefined"},
		"a value":     {func(vm *goja.Runtime) (goja.Value, error) { return vm.ToValue(1), nil }, "1"},
		"an error":    {func(*goja.Runtime) (goja.Value, error) { return nil, errRefused }, "Error: connection refused"},
		"exception":   {func(vm *goja.Runtime) (goja.Value, error) { panic(vm.NewTypeError("typed")) }, "TypeError: typed"},
		"thrown":      {func(*goja.Runtime) (goja.Value, error) { rt.Throw(errRefused); return nil, nil }, "Error: connection refused"},
		"a rejection": {func(vm *goja.Runtime) (goja.Value, error) { return vm.RunString(`Promise.reject(new RangeError("r"))`) }, "RangeError: r"},
	} {
		value, err := rt.Do(t.Context(), func(*goja.Runtime) (goja.Value, error) {
			return rt.Async(func(context.Context) (func(*goja.Runtime) (goja.Value, error), error) { return c.maker, nil }), nil
		})
		got := fmt.Sprint(value)
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

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
		opts.MaxStretch = 200 * time.Millisecond
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
		{"handled in time", `const p = Promise.reject(new Error("early")); await sleep(2); try { await p; } catch (e) { return "caught"; }`, "caught"},
		{"two at once", `const slow = sleep(5), bad = failLater(); await slow; try { await bad; } catch { return "caught"; }`, "caught"},
		{"dropped", `Promise.reject(new Error("dropped")); return "fine";`, "a promise that nobody awaits was rejected: Error: dropped"},
		{"explains a wait", `const never = new Promise(() => {}); failLater().then(() => {}); await never;`, "a promise that nobody awaits was rejected: Error: GET /hosts: connection refused"},
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

// TestDrain finds work that a script forgot to await.
func TestDrain(t *testing.T) {
	rt, exports := start(t, Options{}, compile(t, `import { later } from "carjs/test";
let log = "";
const sleep = (ms: number) => new Promise((r) => setTimeout(r, ms));
export const forgets = () => { void (async () => { await later(1); await sleep(5); await later(2); log += "sent "; })(); setInterval(() => { log += ""; }, 1); };
export const forgetsFault = () => { void (async () => { await sleep(1); throw new Error("lost"); })(); };
export const read = () => log;`))
	if _, err := call(t.Context(), rt, exports, "forgets"); err != nil {
		t.Fatal(err)
	}
	if err := rt.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := call(t.Context(), rt, exports, "read"); err != nil || got.String() != "sent " {
		t.Errorf("after draining: %q, %v", got, err)
	}
	if _, err := call(t.Context(), rt, exports, "forgetsFault"); err != nil {
		t.Fatal(err)
	}
	if err := rt.Drain(t.Context()); err == nil || !strings.Contains(err.Error(), "Error: lost") {
		t.Errorf("a fault in forgotten work: %v", err)
	}
	if err := rt.Drain(t.Context()); err != nil {
		t.Errorf("nothing left: %v", err)
	}
}

// TestLimits stops scripts and goes on with the same runtime.
func TestLimits(t *testing.T) {
	rt, exports := start(t, Options{MaxStretch: 100 * time.Millisecond, MaxMemory: 256 << 20}, compile(t, `
export function loop() { let n = 0; try {
	while (true) n++;
} catch { return "caught"; } finally { while (true) n--; } }
export async function microtasks() { for (;;) await null; }
export function getter() { throw { get message() { for (;;); } }; }
export function hog() { const all: string[] = []; for (let i = 0; ; i++) all.push("x".repeat(1e6) + i); }
export function recursion(): number { try { return recursion() + 1; } catch { return 0; } }
export const fine = () => "fine";
`))
	for _, c := range []struct {
		name string
		is   error
		line int
	}{
		{"loop", ErrEndlessLoop, 3},
		{"microtasks", ErrEndlessLoop, 5},
		{"hog", ErrMemory, 7},
		{"recursion", ErrStack, 8},
	} {
		rt.guard.maxStretch = 100 * time.Millisecond
		if c.is == ErrMemory {
			rt.guard.maxStretch = time.Minute
		}
		began := time.Now()
		_, err := call(t.Context(), rt, exports, c.name)
		var e *Error
		if !errors.Is(err, c.is) || !errors.As(err, &e) || e.At().Line != c.line && c.name != "microtasks" {
			t.Errorf("%s: %v at %v", c.name, err, e)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s took %v", c.name, took)
		}
		if got, err := call(t.Context(), rt, exports, "fine"); err != nil || got.String() != "fine" {
			t.Errorf("after %s: %v, %v", c.name, got, err)
		}
	}
	var e *Error
	if _, err := call(t.Context(), rt, exports, "getter"); !errors.As(err, &e) || e.Message == "" {
		t.Errorf("an endless getter: %v", err)
	}
}

func TestBlock(t *testing.T) {
	rt, err := New(Options{MaxStretch: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	wait := func(goja.FunctionCall) goja.Value {
		rt.Block(func() { time.Sleep(120 * time.Millisecond) })
		return goja.Undefined()
	}
	if err := rt.VM().Set("wait", wait); err != nil {
		t.Fatal(err)
	}
	if _, err := rt.Do(t.Context(), func(vm *goja.Runtime) (goja.Value, error) { return vm.RunString(`wait(); wait(); 1`) }); err != nil {
		t.Errorf("waiting counted as script: %v", err)
	}
	if _, err := rt.Do(t.Context(), func(vm *goja.Runtime) (goja.Value, error) { return vm.RunString(`wait(); for (;;);`) }); !errors.Is(err, ErrEndlessLoop) {
		t.Errorf("a loop after waiting: %v", err)
	}
}

func TestContext(t *testing.T) {
	rt, exports := start(t, Options{}, compile(t, `import { hang } from "carjs/test";
export function loop() { for (let n = 0; ; n++); }
export async function wait() {
	await hang();
}
export const never = () => new Promise((r) => setTimeout(r, 1e9));
export const fine = () => "fine";`))
	reason := errors.New("SIGTERM")
	for _, c := range []struct {
		name string
		line int
	}{{"loop", 2}, {"wait", 4}, {"never", 0}} {
		ctx, cancel := context.WithCancelCause(t.Context())
		timer := time.AfterFunc(20*time.Millisecond, func() { cancel(reason) })
		began := time.Now()
		_, err := call(ctx, rt, exports, c.name)
		timer.Stop()
		var e *Error
		if !errors.Is(err, reason) || !errors.Is(err, context.Canceled) || !errors.As(err, &e) || e.At().Line != c.line {
			t.Errorf("%s: %v at %v", c.name, err, e)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("%s took %v to stop", c.name, took)
		}
		if _, err := call(ctx, rt, exports, "fine"); !errors.Is(err, reason) {
			t.Errorf("with a context that is over: %v", err)
		}
		if got, err := call(t.Context(), rt, exports, "fine"); err != nil || got.String() != "fine" {
			t.Errorf("after %s: %v, %v", c.name, got, err)
		}
		cancel(nil)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := call(ctx, rt, exports, "loop"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a deadline: %v", err)
	}
}

// TestLateInterrupts has contexts end at about the time their Do does: none may hit the next one.
func TestLateInterrupts(t *testing.T) {
	rt, exports := start(t, Options{}, compile(t, `export function spin(n: number) { let x = 0; while (n-- > 0) x += n; return x; }`))
	var stopped int
	for i := range 300 {
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			time.Sleep(time.Duration(i%10) * 10 * time.Microsecond)
			cancel()
		}()
		if _, err := call(ctx, rt, exports, "spin", rt.VM().ToValue(300)); errors.Is(err, context.Canceled) {
			stopped++
		} else if err != nil {
			t.Fatal(err)
		}
		if _, err := call(t.Context(), rt, exports, "spin", rt.VM().ToValue(300)); err != nil {
			t.Fatalf("round %d: %v", i, err)
		}
		cancel()
	}
	t.Logf("%d of 300 were stopped", stopped)
}

func TestClose(t *testing.T) {
	rt, exports := start(t, Options{}, compile(t, `import { hang } from "carjs/test"; export const leave = () => { hang().catch(() => {}); };`))
	if _, err := call(t.Context(), rt, exports, "leave"); err != nil {
		t.Fatal(err)
	}
	op := rt.queue.oldest()
	if op == nil {
		t.Fatal("no work under way")
	}
	rt.Close()
	deadline := time.After(5 * time.Second)
	for rt.queue.mu.Lock(); len(rt.queue.tasks) == 0; rt.queue.mu.Lock() {
		rt.queue.mu.Unlock()
		select {
		case <-rt.queue.wake:
		case <-deadline:
			t.Fatal("the work goes on")
		}
	}
	rt.queue.mu.Unlock()
	if _, err := call(t.Context(), rt, exports, "leave"); err == nil {
		t.Error("a closed runtime runs")
	}
}

func TestModules(t *testing.T) {
	var made atomic.Int32
	rt, err := New(Options{Modules: []Module{
		{Name: "carjs/once", New: func(rt *Runtime) (goja.Value, error) { return rt.VM().ToValue(made.Add(1)), nil }},
		{Name: "carjs/bad", New: func(rt *Runtime) (goja.Value, error) { made.Add(10); return nil, errRefused }},
		{Name: "carjs/worse", New: func(rt *Runtime) (goja.Value, error) { panic(rt.VM().NewTypeError("worse")) }},
	}})
	if err != nil {
		t.Fatal(err)
	}
	program, err := Compile("plain.js", `exports.once = () => [require("carjs/once"), require("carjs/once")].join();
exports.bad = (name) => { try { require(name) } catch (e) { return e.message } };
exports.fail = () => require("carjs/bad");`)
	if err != nil {
		t.Fatal(err)
	}
	exports, err := rt.Load(t.Context(), program)
	if err != nil || made.Load() != 0 {
		t.Fatalf("%d made before the first import, %v", made.Load(), err)
	}
	if got, err := call(t.Context(), rt, exports, "once"); err != nil || got.String() != "1,1" {
		t.Errorf("once: %v, %v", got, err)
	}
	for name, want := range map[string]string{
		"carjs/bad":   "load the module carjs/bad: connection refused",
		"carjs/worse": "load the module carjs/worse: TypeError: worse",
		"fs":          `there is no module "fs": carjs has carjs/once, carjs/bad, carjs/worse`,
	} {
		if got, err := call(t.Context(), rt, exports, "bad", rt.VM().ToValue(name)); err != nil || !strings.HasPrefix(got.String(), want) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	_, err = call(t.Context(), rt, exports, "fail")
	var e *Error
	if !errors.Is(err, errRefused) || !errors.As(err, &e) || e.At() != (Position{"plain.js", 3, 29}) || made.Load() != 11 {
		t.Errorf("fail: %v at %v, %d made", err, e.At(), made.Load())
	}
}

func TestGlobals(t *testing.T) {
	rt, err := New(Options{Globals: []Global{
		{Name: "a", Install: func(rt *Runtime) error { return rt.VM().Set("a", 1) }},
		{Name: "b", Install: func(rt *Runtime) error { return rt.VM().Set("b", rt.VM().Get("a").ToInteger()+1) }},
	}})
	if err != nil || rt.VM().Get("b").ToInteger() != 2 {
		t.Fatalf("%v", err)
	}
	_, err = New(Options{Globals: []Global{{Name: "bad", Install: func(rt *Runtime) error { _, err := rt.VM().RunString("null.x"); return err }}}})
	if err == nil || !strings.HasPrefix(err.Error(), "install the global bad: TypeError") {
		t.Errorf("got %v", err)
	}
}

func TestMisuse(t *testing.T) {
	rt, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = rt.Do(t.Context(), func(*goja.Runtime) (goja.Value, error) {
		return rt.Do(t.Context(), func(*goja.Runtime) (goja.Value, error) { return nil, nil })
	})
	if !errors.Is(err, errNested) {
		t.Errorf("nested: %v", err)
	}
	own := errors.New("own")
	if _, err := rt.Do(t.Context(), func(*goja.Runtime) (goja.Value, error) { return nil, own }); err != own {
		t.Errorf("an error of Go code: %v", err)
	}
	if at := rt.Caller(); at != (Position{}) {
		t.Errorf("a caller outside: %v", at)
	}
	program, err := Compile("x", "module.exports = 5")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rt.Load(t.Context(), program); err == nil || !strings.Contains(err.Error(), "exports 5") {
		t.Errorf("exports that are no object: %v", err)
	}
	// A panic in Go code leaves nothing to go on with.
	_, err = rt.Do(t.Context(), func(*goja.Runtime) (goja.Value, error) { panic("drawer") })
	if f := failure.From(err); f.Fault != failure.FaultCarjs || strings.Contains(err.Error(), "goroutine") {
		t.Errorf("a panic: %v", err)
	}
	if _, again := rt.Do(t.Context(), func(*goja.Runtime) (goja.Value, error) { return nil, nil }); again == nil {
		t.Error("a runtime that is broken runs")
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
		"main.ts":                   "import x from \"x\";\nexport default x;\n",
		"node_modules/x/index.js":   "// x\nexport default (name) => import(name + \".js\");\n",
		"node_modules/x/ignored.js": "",
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
	if !errors.As(err, &e) || e.At().File != "node_modules/x/index.js" || e.At().Line != 2 || !strings.Contains(e.CodeFrame, "> 2 | export default") {
		t.Errorf("in a package: %v", show(err))
	}
}
