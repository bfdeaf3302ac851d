package script

import (
	"slices"

	"github.com/dop251/goja"
)

// rejections keeps the promises that were rejected and have no handler yet, in order, and where
// some of them were rejected.
type rejections struct {
	unhandled []rejection
	// recent are the last rejections with a value that is no Error, which has no stack of its own:
	// when such a value comes out in the end, it is looked up here.
	recent []rejection
	// thrown are the last values that were thrown and are no Errors.
	thrown []throw
}

// throw is a value that was thrown, or that a promise was rejected with, and where.
type throw struct {
	value goja.Value
	stack []goja.StackFrame
	// executor is the function that the promise was made with, nil for a throw: the place where no
	// line of the author's rejects it, as when a timer does.
	executor goja.Value
}

// throws notes a throw.
func (r *rejections) throws(t throw) {
	if len(r.thrown) == maxRecent {
		r.thrown = slices.Delete(r.thrown, 0, 1)
	}
	r.thrown = append(r.thrown, t)
}

// thrownAt is how a value was thrown last, nil when that is not known.
func (r *rejections) thrownAt(value goja.Value) *throw {
	for i := len(r.thrown) - 1; i >= 0; i-- {
		if value != nil && value.StrictEquals(r.thrown[i].value) {
			return &r.thrown[i]
		}
	}
	return nil
}

type rejection struct {
	promise *goja.Promise
	stack   []goja.StackFrame
}

// maxRecent is how many rejections are remembered for their place.
const maxRecent = 16

// trackRejection is called by the engine when a promise without a handler is rejected, and when it
// gets one after all.
func (rt *Runtime) trackRejection(promise *goja.Promise, operation goja.PromiseRejectionOperation) {
	r := &rt.rejections
	if operation == goja.PromiseRejectionHandle {
		r.unhandled = slices.DeleteFunc(r.unhandled, func(u rejection) bool { return u.promise == promise })
		return
	}
	entry := rejection{promise: promise}
	if !isError(promise.Result()) {
		if entry.stack = rt.vm.CaptureCallStack(0, nil); len(entry.stack) > 0 {
			if len(r.recent) == maxRecent {
				r.recent = slices.Delete(r.recent, 0, 1)
			}
			r.recent = append(r.recent, entry)
		}
	}
	r.unhandled = append(r.unhandled, entry)
}

// forget starts anew, for the next Do.
func (r *rejections) forget() { r.unhandled, r.recent, r.thrown = nil, nil, nil }

// rejected returns the error of a rejected promise, and counts it as handled.
func (rt *Runtime) rejected(promise *goja.Promise) *Error {
	reason := promise.Result()
	var stack []goja.StackFrame
	for _, r := range slices.Backward(rt.rejections.recent) {
		if r.promise == promise || reason.StrictEquals(r.promise.Result()) {
			stack = r.stack
			break
		}
	}
	rt.rejections.unhandled = slices.DeleteFunc(rt.rejections.unhandled, func(u rejection) bool { return u.promise == promise })
	return rt.describe(reason, stack)
}

// unhandled returns the error of a rejected promise that nobody awaits.
func (rt *Runtime) unhandled(promise *goja.Promise) *Error {
	e := rt.rejected(promise)
	e.Unhandled = true
	return e
}
