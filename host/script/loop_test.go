package script

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dop251/goja"
)

func TestTimers(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"order", `setTimeout(() => seen.push("late"), 20); setTimeout(() => seen.push("b"), 5); setTimeout(() => seen.push("a"), 1);
			setTimeout(() => seen.push("b2"), 5); setImmediate(() => seen.push("now")); Promise.resolve().then(() => seen.push("micro")); await sleep(40);`, "micro,now,a,b,b2,late"},
		{"arguments", `setTimeout((a, b) => seen.push(a + b), 1, "x", "y"); setImmediate((a) => seen.push(a), "z"); await sleep(5);`, "z,xy"},
		{"clear", `const id = setTimeout(() => seen.push("never"), 1); clearTimeout(id); clearTimeout(id); clearTimeout(undefined); clearTimeout(12345);
			const im = setImmediate(() => seen.push("never")); clearImmediate(im); await sleep(5);`, ""},
		{
			"interval",
			`let n = 0; await new Promise<void>((done) => { const id = setInterval(() => { seen.push(String(++n)); if (n === 3) { clearInterval(id); done(); } }, 1); }); await sleep(5);`,
			"1,2,3",
		},
		{"no starving", `let on = true; const again = () => { if (on) setImmediate(again); }; again(); setTimeout(() => { on = false; seen.push("timer"); }, 1);
			let ticks = 0; const id = setInterval(() => ticks++, 0); await sleep(2); clearInterval(id);`, "timer"},
		{
			"delays",
			`for (const d of [undefined, NaN, -1, "0", null, {}]) setTimeout(() => seen.push("x"), d as any); const far = setTimeout(() => seen.push("far"), 1e12); await sleep(5); clearTimeout(far);`,
			"x,x,x,x,x,x",
		},
		{
			"no function", `try { setTimeout("code" as any, 1); } catch (e) { seen.push((e as Error).message); }`,
			"the first argument of setTimeout must be a function",
		},
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
		"no maker":  {nil, "undefined"},
		"nothing":   {func(*goja.Runtime) (goja.Value, error) { return nil, nil }, "undefined"},
		"a value":   {func(vm *goja.Runtime) (goja.Value, error) { return vm.ToValue(1), nil }, "1"},
		"an error":  {func(*goja.Runtime) (goja.Value, error) { return nil, errRefused }, "Error: connection refused"},
		"exception": {func(vm *goja.Runtime) (goja.Value, error) { panic(vm.NewTypeError("typed")) }, "TypeError: typed"},
		"thrown":    {func(*goja.Runtime) (goja.Value, error) { rt.Throw(errRefused); return nil, nil }, "Error: connection refused"},
		"a rejection": {
			func(vm *goja.Runtime) (goja.Value, error) { return vm.RunString(`Promise.reject(new RangeError("r"))`) },
			"RangeError: r",
		},
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

func TestClose(t *testing.T) {
	rt, exports := start(t, Options{},
		compile(t, `import { hang } from "carjs/test"; export const leave = () => { hang().catch(() => {}); };`))
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
