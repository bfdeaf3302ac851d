package script

import (
	"fmt"
	"math"
	"time"

	"github.com/dop251/goja"
)

// maxDelay is the longest delay of a timer, as everywhere else in JavaScript; what is longer is cut
// to it.
const maxDelay = math.MaxInt32 * time.Millisecond

// installTimers puts setTimeout, setInterval, setImmediate and what clears them in the global
// scope. They are here and not among the bindings, because they are the loop's own.
func installTimers(rt *Runtime) error {
	scheduled := map[int64]func(){}
	var last int64
	// schedule starts a callback; begin gets what the loop shall run and returns what takes it
	// back.
	schedule := func(name string,
		begin func(delay time.Duration, run func() error, forget func()) (cancel func())) func(goja.FunctionCall) goja.Value {
		return func(call goja.FunctionCall) goja.Value {
			callback, ok := goja.AssertFunction(call.Argument(0))
			if !ok {
				panic(rt.vm.NewTypeError("the first argument of %s must be a function", name))
			}
			var args []goja.Value
			if skip := argumentsBefore(name); len(call.Arguments) > skip {
				args = append(args, call.Arguments[skip:]...)
			}
			last++
			id := last
			run := func() error {
				_, err := callback(goja.Undefined(), args...)
				return err
			}
			scheduled[id] = begin(delay(call.Argument(1)), run, func() { delete(scheduled, id) })
			return rt.vm.ToValue(id)
		}
	}
	once := schedule("setTimeout", func(d time.Duration, run func() error, forget func()) func() {
		return rt.After(d, func() error {
			forget()
			return run()
		})
	})
	repeat := schedule("setInterval", func(d time.Duration, run func() error, _ func()) func() {
		return rt.every(max(d, time.Millisecond), run)
	})
	immediate := schedule("setImmediate", func(_ time.Duration, run func() error, forget func()) func() {
		cancelled := false
		rt.queue.push(func() error {
			if cancelled {
				return nil
			}
			forget()
			return run()
		})
		return func() { cancelled = true }
	})
	clear := func(call goja.FunctionCall) goja.Value {
		id := call.Argument(0).ToInteger()
		if cancel, ok := scheduled[id]; ok {
			delete(scheduled, id)
			cancel()
		}
		return goja.Undefined()
	}
	for name, f := range map[string]func(goja.FunctionCall) goja.Value{
		"setTimeout": once, "setInterval": repeat, "setImmediate": immediate,
		"clearTimeout": clear, "clearInterval": clear, "clearImmediate": clear,
	} {
		if err := rt.vm.Set(name, f); err != nil {
			return fmt.Errorf("set %s: %w", name, err)
		}
	}
	return nil
}

// argumentsBefore tells how many arguments of a timer function come before those of its callback.
func argumentsBefore(name string) int {
	if name == "setImmediate" {
		return 1
	}
	return 2
}

// every runs f again and again until cancelled, with d between the end of one and the start of the
// next.
func (rt *Runtime) every(d time.Duration, f func() error) (cancel func()) {
	t := &timer{repeats: true, index: -1}
	cancelled := false
	t.run = func() error {
		if err := f(); err != nil {
			return err
		}
		if !cancelled {
			rt.queue.start(t, d)
		}
		return nil
	}
	rt.queue.start(t, d)
	return func() {
		cancelled = true
		rt.queue.stop(t)
	}
}

// delay reads a delay in milliseconds the way JavaScript does: what is no number is 0.
func delay(v goja.Value) time.Duration {
	ms := v.ToFloat()
	switch {
	case math.IsNaN(ms) || ms <= 0:
		return 0
	case ms >= float64(maxDelay/time.Millisecond):
		return maxDelay
	}
	return time.Duration(ms * float64(time.Millisecond))
}
