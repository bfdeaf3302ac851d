package script

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/dop251/goja"
)

// TestLimits stops scripts and goes on with the same runtime.
func TestLimits(t *testing.T) {
	rt, exports := start(t, Options{MaxTurn: 100 * time.Millisecond, MaxMemory: 128 << 20}, compile(t, `
export function loop() { let n = 0; try {
	while (true) n++;
} catch { return "caught"; } finally { while (true) n--; } }
export async function microtasks() { for (;;) await null; }
export function getter() { throw { get message() { for (;;); } }; }
export function hog() { const all: Uint8Array[] = []; for (;;) all.push(new Uint8Array(20_000)); }
export function recursion(): number { try { return recursion() + 1; } catch { return 0; } }
export const backtracking = () => /^(a|aa)+$/.test("a".repeat(100) + "b");
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
		{"backtracking", ErrEndlessLoop, 9},
	} {
		rt.guard.maxTurn = 100 * time.Millisecond
		if c.is == ErrMemory {
			rt.guard.maxTurn = time.Minute
		}
		began := time.Now()
		_, err := call(t.Context(), rt, exports, c.name)
		var e *Error
		if !errors.Is(err, c.is) || !errors.As(err, &e) || e.At().Line != c.line && c.name != "microtasks" {
			t.Errorf("%s: %v at %v", c.name, err, e)
		}
		if took := time.Since(began); took > 30*time.Second {
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
	rt, err := New(Options{MaxTurn: 50 * time.Millisecond})
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
	if _, err := rt.Do(t.Context(),
		func(vm *goja.Runtime) (goja.Value, error) { return vm.RunString(`wait(); for (;;);`) }); !errors.Is(err, ErrEndlessLoop) {
		t.Errorf("a loop after waiting: %v", err)
	}
}

func TestContext(t *testing.T) {
	rt, exports := start(t, Options{}, compile(t, `import { hang } from "carjs/test";
export function loop() { for (began();;); }
export async function wait() {
	began(); await hang();
}
export const never = () => { began(); return new Promise((r) => setTimeout(r, 1e9)); };
export const backtracking = () => /^(a|aa)+$/.test("a".repeat(100) + "b");
export const fine = () => "fine";`))
	reason := errors.New("SIGTERM")
	for _, c := range []struct {
		name string
		line int
	}{{"loop", 2}, {"wait", 4}, {"never", 0}} {
		ctx, cancel := context.WithCancelCause(t.Context())
		// Ends while the script runs, however long it takes to get there.
		var ended time.Time
		began := func() { time.AfterFunc(20*time.Millisecond, func() { ended = time.Now(); cancel(reason) }) }
		if err := rt.VM().Set("began", began); err != nil {
			t.Fatal(err)
		}
		_, err := call(ctx, rt, exports, c.name)
		var e *Error
		if !errors.Is(err, reason) || !errors.Is(err, context.Canceled) || !errors.As(err, &e) || e.At().Line != c.line {
			t.Errorf("%s: %v at %v", c.name, err, e)
		}
		if took := time.Since(ended); took > 10*time.Second {
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
