package script

import (
	"context"
	"time"

	"github.com/dop251/goja"
)

// Async starts work on a goroutine of its own and returns a promise of what it makes. The work must
// not touch the runtime or any value of it; the function it returns runs on the loop and makes the
// value. An error of either rejects the promise with [Runtime.Value] of it, and the place that
// called the native stays known. The work's context ends with the one of the Do that started it,
// and with [Runtime.Close].
func (rt *Runtime) Async(work func(ctx context.Context) (func(vm *goja.Runtime) (goja.Value, error), error)) goja.Value {
	promise, resolve, reject := rt.vm.NewPromise()
	ctx, cancel := context.WithCancel(rt.ctx)
	rt.queue.serial++
	op := &operation{cancel: cancel, serial: rt.queue.serial, stack: rt.vm.CaptureCallStack(0, nil)}
	rt.queue.pending[op] = struct{}{}
	go func() {
		var makeValue func(*goja.Runtime) (goja.Value, error)
		var err error
		panicked := rt.Guard(func() { makeValue, err = work(ctx) })
		rt.queue.post(func() error {
			delete(rt.queue.pending, op)
			cancel()
			if panicked != nil {
				return panicked
			}
			var value goja.Value
			if err == nil && makeValue != nil {
				if exception := rt.vm.Try(func() { value, err = makeValue(rt.vm) }); exception != nil {
					err = exception
				}
			}
			if err != nil {
				return reject(rt.located(err, op.stack))
			}
			if value == nil {
				value = goja.Undefined()
			}
			return resolve(value)
		})
	}()
	return rt.vm.ToValue(promise)
}

// Guard calls f, which works beside the loop, and returns a panic in it as an error: it must not
// end the process, and is no fault of the connector.
func (rt *Runtime) Guard(f func()) (panicked error) {
	defer func() {
		if x := recover(); x != nil {
			panicked = rt.fault(x)
		}
	}()
	f()
	return nil
}

// After runs f on the loop once d has passed, unless cancelled. An error or exception of f fails
// the Do under way.
func (rt *Runtime) After(d time.Duration, f func() error) (cancel func()) {
	t := &timer{run: f, index: -1}
	rt.queue.start(t, d)
	return func() { rt.queue.stop(t) }
}

// Block runs f, in which a native waits on the loop, without counting the time as script: a slow
// peer is no endless loop. f must end when [Runtime.Context] does.
func (rt *Runtime) Block(f func()) {
	defer rt.guard.pause()()
	f()
}
