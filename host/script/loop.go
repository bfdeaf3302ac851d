package script

// The event loop.
//
// A Runtime belongs to the goroutine that calls Do, Load or Call: that call is the loop, there is
// no goroutine behind it. JavaScript runs nowhere else. Only the work given to Async runs on other
// goroutines, and it must not touch the Runtime; what it returns is run on the loop.
//
// The loop takes one task at a time: the makers of finished Async work and setImmediate callbacks
// in the order they came in, and in between timers that are due, the earliest first. Each task is a
// *turn*: it enters the engine, and when it leaves, the engine has run all promise reactions. A
// turn is what MaxTurn limits and what an interrupt ends.
//
// Do enters with its function. When that gives a promise, the loop takes turns until the promise is
// settled, the context ends, a callback throws, or nothing is left that could settle it, which is
// an error too: waiting would be for ever. A Do ends with the first of these; tasks, timers and
// Async work that are left stay for the next Do.
//
// A rejected promise that nobody handles fails the Do under way. Whether nobody does is decided at
// the end of the Do, not before: of two promises started together and awaited in turn, the second
// may well fail before its turn to be awaited comes.
//
// The context given to Do interrupts the script, ends waits of the loop and is the parent of the
// contexts of Async work. A native that blocks on the loop has to watch Context() itself, and wraps
// its wait in Block if it may take long.
//
// Do does not nest: a native must not call Do, Load or Call, because promise reactions only run
// when the script has been left.

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/dop251/goja"
)

var (
	errNested = errors.New("script: Do, Load or Call inside of one that is under way; use Async or call the function directly")
	errClosed = errors.New("script: the runtime is closed")
)

// Do runs f on the loop; when f's value is a promise, it runs the loop until that is settled and
// returns what with.
func (rt *Runtime) Do(ctx context.Context, f func(vm *goja.Runtime) (goja.Value, error)) (goja.Value, error) {
	if !rt.busy.CompareAndSwap(false, true) {
		return nil, errNested
	}
	defer rt.busy.Store(false)
	if rt.dead != nil {
		return nil, rt.dead
	}
	rt.ctx = ctx
	stop := rt.guard.watch(ctx, rt.queue.wakeUp)
	defer func() {
		stop()
		rt.growing = nil // they may be long, and nothing adds to them before the next Do
		rt.ctx = context.Background()
		rt.queue.clock.report(&rt.queue, false)
	}()
	// Timers that f sets are not reported before it is over, and until then a clock must not be
	// moved on past them.
	rt.queue.clock.report(&rt.queue, true)
	value, err := rt.turn(func() (goja.Value, error) { return f(rt.vm) })
	if err == nil {
		if promise, ok := asPromise(value); ok {
			value, err = rt.settle(promise)
		}
	}
	if err = rt.outcome(err); err != nil {
		return nil, err
	}
	return value, nil
}

// outcome decides between what ended a Do and the promises that were rejected without anybody
// noticing. The latter explain an await that cannot end, and otherwise come second.
func (rt *Runtime) outcome(err error) error {
	unhandled := rt.rejections.unhandled
	defer rt.rejections.forget()
	if len(unhandled) > 0 && (err == nil || errors.Is(err, ErrNeverSettled)) {
		return rt.unhandled(unhandled[0].promise)
	}
	if err != nil {
		return rt.failure(err)
	}
	return nil
}

// Call is [Runtime.Do] for a JavaScript function.
func (rt *Runtime) Call(ctx context.Context, fn goja.Callable, this goja.Value, args ...goja.Value) (goja.Value, error) {
	return rt.Do(ctx, func(*goja.Runtime) (goja.Value, error) { return fn(this, args...) })
}

// Drain takes turns of the loop until nothing is left that goes on by itself: no Async work, no
// timer but intervals. It fails like Do. A script that forgot an await has work under way when its
// Do is over; who must not miss how that ends drains the loop.
func (rt *Runtime) Drain(ctx context.Context) error { return rt.drain(ctx, false) }

// Finish is Drain but does not wait for timers: they stay for the next Do.
func (rt *Runtime) Finish(ctx context.Context) error { return rt.drain(ctx, true) }

// DropTimers takes away what timers are left, for a script whose timers matter to nobody any more.
// Call it between two Dos.
func (rt *Runtime) DropTimers() { rt.queue.dropTimers() }

// Post has f run on the loop as a task of its own, of the Do under way or else of the next one. It
// may be called from any goroutine. An error or exception of f fails that Do.
func (rt *Runtime) Post(f func() error) { rt.queue.post(f) }

func (rt *Runtime) drain(ctx context.Context, ignoreTimers bool) error {
	rt.queue.idleIgnores = ignoreTimers
	_, err := rt.Do(ctx, func(vm *goja.Runtime) (goja.Value, error) {
		idle, resolve, _ := vm.NewPromise()
		rt.queue.idle = func() error { return resolve(goja.Undefined()) }
		return vm.ToValue(idle), nil
	})
	rt.queue.idle = nil
	return err
}

// Load runs a bundle, then what it queued for at once, and returns its module.exports.
func (rt *Runtime) Load(ctx context.Context, p *Program) (*goja.Object, error) {
	var module *goja.Object
	_, err := rt.Do(ctx, func(vm *goja.Runtime) (goja.Value, error) {
		rt.programs = append(rt.programs, p)
		wrapper, err := vm.RunProgram(p.prg)
		if err != nil {
			return nil, err
		}
		body, ok := goja.AssertFunction(wrapper)
		if !ok {
			return nil, fmt.Errorf("script: %s was not made by Compile", p.name)
		}
		module = vm.NewObject()
		exports := vm.NewObject()
		if err := module.Set("exports", exports); err != nil {
			return nil, err
		}
		arguments := append([]goja.Value{module, exports, vm.ToValue(rt.require)}, rt.lowered(p)...)
		if _, err := body(exports, arguments...); err != nil {
			return nil, err
		}
		// A promise that the loop itself keeps: it is settled when what is queued so far has run.
		drained, resolve, _ := vm.NewPromise()
		rt.queue.push(func() error { return resolve(goja.Undefined()) })
		return vm.ToValue(drained), nil
	})
	if err != nil {
		return nil, err
	}
	exports, ok := module.Get("exports").(*goja.Object)
	if !ok {
		return nil, fmt.Errorf("script: %s exports %s and not an object", p.name, module.Get("exports"))
	}
	return exports, nil
}

// settle takes turns of the loop until the promise is settled.
func (rt *Runtime) settle(promise *goja.Promise) (goja.Value, error) {
	for {
		switch promise.State() {
		case goja.PromiseStateFulfilled:
			return promise.Result(), nil
		case goja.PromiseStateRejected:
			return nil, rt.rejected(promise)
		}
		task, err := rt.next()
		if err != nil {
			return nil, err
		}
		if _, err := rt.turn(func() (goja.Value, error) { return nil, task() }); err != nil {
			return nil, err
		}
	}
}

// next waits for the next task.
func (rt *Runtime) next() (task, error) {
	for {
		if rt.ctx.Err() != nil {
			return nil, rt.stoppedWaiting()
		}
		task, wait, ok := rt.queue.take()
		switch {
		case task != nil:
			return task, nil
		case !ok:
			return nil, &Error{
				Message: "an await never ends: no request, timer or other work is pending",
				Cause:   ErrNeverSettled,
			}
		}
		rt.queue.sleep(rt.ctx, wait)
	}
}

// turn enters the engine: all JavaScript runs below it. It leaves with the engine fit for use,
// whatever happened, but for a panic of Go code: that has torn the engine's insides, and the
// runtime is dead.
func (rt *Runtime) turn(f func() (goja.Value, error)) (value goja.Value, err error) {
	rt.guard.begin()
	defer func() {
		rt.guard.end()
		if x := recover(); x != nil {
			value, err = nil, rt.panicked(x)
		}
	}()
	if rt.ctx.Err() != nil {
		return nil, stopped(rt.ctx)
	}
	exception := rt.vm.Try(func() { value, err = f() })
	if exception != nil {
		return nil, exception
	}
	return value, err
}

// asPromise returns the promise that a value is.
func asPromise(value goja.Value) (*goja.Promise, bool) {
	object, ok := value.(*goja.Object)
	if !ok {
		return nil, false
	}
	// To export an object of the script would call its getters.
	if object.ExportType() != promiseType {
		return nil, false
	}
	promise, ok := object.Export().(*goja.Promise)
	return promise, ok
}

var promiseType = reflect.TypeFor[*goja.Promise]()
