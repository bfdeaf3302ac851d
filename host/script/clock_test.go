package script

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/dop251/goja"
)

// clockModule lets a script move its clock.
func clockModule(clock *Clock) Module {
	return Module{Name: "carjs/clock", New: func(rt *Runtime) (goja.Value, error) {
		exports := rt.VM().NewObject()
		return exports, errors.Join(
			exports.Set("freeze", func(at int64) { clock.Freeze(time.UnixMilli(at)) }),
			exports.Set("restore", clock.Restore),
			exports.Set("advance", func(call goja.FunctionCall) goja.Value {
				d := time.Duration(call.Argument(0).ToInteger()) * time.Millisecond
				return rt.Async(func(ctx context.Context) (func(*goja.Runtime) (goja.Value, error), error) {
					return nil, clock.Advance(ctx, d)
				})
			}),
		)
	}}
}

func TestClock(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{
			"Date tells the time",
			`freeze(1000); const a = Date.now(); await advance(250); return [a, Date.now(), new Date().getTime()].join();`,
			"1000,1250,1250",
		},
		{
			"nothing is due until then",
			`freeze(0); setTimeout(() => seen.push("t"), 100); await advance(99); seen.push("99"); await advance(1); return seen.join();`,
			"99,t",
		},
		{
			"in order, each at its time",
			`freeze(0); for (const ms of [30, 10, 20]) setTimeout(() => seen.push(ms + "@" + Date.now()), ms); await advance(1000); return seen.join();`,
			"10@10,20@20,30@30",
		},
		{
			"timers that timers set",
			`freeze(0); const step = async () => { for (let i = 0; i < 3; i++) { await new Promise((r) => setTimeout(r, 3600_000)); seen.push(String(Date.now() / 3600_000)); } }; step(); await advance(10 * 3600_000); return seen.join();`,
			"1,2,3",
		},
		{
			"an interval",
			`freeze(0); const id = setInterval(() => seen.push(String(Date.now())), 10); await advance(35); clearInterval(id); await advance(100); return seen.join();`,
			"10,20,30",
		},
		{
			"moved while the first turn goes on",
			`freeze(0); setTimeout(() => seen.push("t@" + Date.now()), 10); const moved = advance(35); for (let i = 0; i < 300_000; i++); await moved; return seen.join();`,
			"t@10",
		},
		{
			"stopping it twice",
			`freeze(5); setTimeout(() => seen.push("t"), 10); freeze(1e12); await advance(10); return seen + "@" + Date.now();`,
			"t@1000000000010",
		},
		{
			"runs again",
			`freeze(0); setTimeout(() => seen.push("t"), 5); restore(); await new Promise((r) => setTimeout(r, 10)); return [seen, Date.now() > 1e12].join();`,
			"t,true",
		},
		{"cannot be moved while it runs", `try { await advance(1); return "moved"; } catch (e) { return e.message; }`, ErrClockRuns.Error()},
	} {
		t.Run(c.name, func(t *testing.T) {
			clock := NewClock()
			rt, exports := start(t, Options{Clock: clock, Modules: []Module{clockModule(clock)}}, compileClock(t, c.body))
			got, err := call(t.Context(), rt, exports, "default")
			if err != nil || got.String() != c.want {
				t.Errorf("got %v, %v, want %q", got, err, c.want)
			}
		})
	}
}

func compileClock(t *testing.T, body string) *Program {
	t.Helper()
	program, err := Compile("x.js", `const { freeze, restore, advance } = require("carjs/clock"); const seen = [];
exports.default = async function run() { `+body+` };`)
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// A clock that two runtimes share moves the timers of both, also of one that is just doing
// something else.
func TestClockShared(t *testing.T) {
	clock := NewClock()
	clock.Freeze(time.UnixMilli(0))
	sleeper, exports := start(t, Options{Clock: clock}, func() *Program {
		p, err := Compile("x.js",
			`exports.default = async () => { for (let i = 0; i < 100; i++) await new Promise((r) => setTimeout(r, 1000)); return Date.now(); };`)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}())
	woken := make(chan error, 1)
	go func() {
		v, err := call(t.Context(), sleeper, exports, "default")
		if err == nil && v.ToInteger() != 100_000 {
			err = errors.New("it woke at " + v.String())
		}
		woken <- err
	}()
	// Until its first timer is set there is nothing to move.
	for {
		clock.mu.Lock()
		_, waits := clock.earliest()
		clock.mu.Unlock()
		if waits {
			break
		}
		clock.mu.Lock()
		changed := clock.changed
		clock.mu.Unlock()
		select {
		case <-changed:
		case <-time.After(time.Millisecond): // it may have changed in between
		}
	}
	rt, moves := start(t, Options{Clock: clock, Modules: []Module{clockModule(clock)}},
		compileClock(t, `await advance(100_000); return Date.now();`))
	if v, err := call(t.Context(), rt, moves, "default"); err != nil || v.ToInteger() != 100_000 {
		t.Errorf("got %v, %v", v, err)
	}
	if err := <-woken; err != nil {
		t.Error(err)
	}
}

// Who waits for a clock that nobody moves can be stopped.
func TestClockStopped(t *testing.T) {
	clock := NewClock()
	clock.Freeze(time.UnixMilli(0))
	rt, exports := start(t, Options{Clock: clock, Modules: []Module{clockModule(clock)}},
		compileClock(t, `await new Promise((r) => setTimeout(r, 1));`))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := call(ctx, rt, exports, "default"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// Finish waits for work and not for timers, of which nothing is left when they are dropped.
func TestFinish(t *testing.T) {
	clock := NewClock()
	clock.Freeze(time.UnixMilli(0)) // no timer is due before the test moves the clock, however slow the machine is
	rt, exports := start(t, Options{Clock: clock, Modules: []Module{clockModule(clock)}}, compile(t, `import { later } from "carjs/test";
import { advance } from "carjs/clock";
export const seen: string[] = [];
export default function run() {
	later("x").then((x: string) => seen.push(x));
	setTimeout(() => seen.push("late"), 5);
	setInterval(() => seen.push("again"), 5);
}
export const read = async () => { await advance(20); return seen.join(); };`))
	if _, err := call(t.Context(), rt, exports, "default"); err != nil {
		t.Fatal(err)
	}
	if err := rt.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	rt.DropTimers()
	if v, err := call(t.Context(), rt, exports, "read"); err != nil || v.String() != "x" {
		t.Errorf("got %v, %v", v, err)
	}
}
