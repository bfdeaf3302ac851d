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

// throw is a value that was thrown, and where.
type throw struct {
	value goja.Value
	stack []goja.StackFrame
}

// throws notes a throw.
func (r *rejections) throws(value goja.Value, stack []goja.StackFrame) {
	if len(r.thrown) == maxRecent {
		r.thrown = slices.Delete(r.thrown, 0, 1)
	}
	r.thrown = append(r.thrown, throw{value, stack})
}

// thrownAt is where a value was thrown last, nil when that is not known.
func (r *rejections) thrownAt(value goja.Value) []goja.StackFrame {
	for _, t := range slices.Backward(r.thrown) {
		if value != nil && value.StrictEquals(t.value) {
			return t.stack
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
	if object, ok := promise.Result().(*goja.Object); !ok || object.ClassName() != "Error" {
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
