package script

import (
	"errors"
	"reflect"
	"strings"

	"github.com/dop251/goja"
)

// link ties the JavaScript object of a Go error to that error. It is what makes an error that a
// native threw, and a script caught, wrapped and threw again, come out as the same Go error.
type link struct {
	err error
	// stack is where the native was called, for an error that was made when no script was running
	// any more.
	stack []goja.StackFrame
}

// Throw throws err into the script that called the running native. It does not return. An interrupt
// that came out of a function the native called goes on as an interrupt, which no script can catch.
func (rt *Runtime) Throw(err error) {
	var interrupted *goja.InterruptedError
	if errors.As(err, &interrupted) {
		panic(interrupted)
	}
	var overflow *goja.StackOverflowError
	if errors.As(err, &overflow) {
		panic(overflow)
	}
	panic(rt.Value(err))
}

// ThrowTypeError is Throw with an object that is a TypeError, whatever Wrap makes of err elsewhere:
// for an argument that is not what a function takes.
func (rt *Runtime) ThrowTypeError(err error) {
	thrown := rt.vm.NewTypeError("%s", err.Error())
	rt.tie(thrown, &link{err: err})
	panic(thrown)
}

// Value returns the JavaScript value of err, to reject a promise with. What a script threw once is
// that same value again.
func (rt *Runtime) Value(err error) goja.Value {
	switch thrown := err.(type) {
	case *Error:
		if thrown.Value != nil {
			return thrown.Value
		}
	case *goja.Exception:
		return thrown.Value()
	}
	var value goja.Value
	if rt.opts.Wrap != nil {
		value = rt.opts.Wrap(rt, err)
	}
	if value == nil {
		plain, newErr := rt.vm.New(rt.intrinsics.errorClass, rt.vm.ToValue(err.Error()))
		if newErr != nil {
			// The class is the engine's own; that it cannot be made means that the script is being
			// interrupted.
			panic(newErr)
		}
		value = plain
	}
	rt.tie(value, &link{err: err})
	return value
}

// tie puts a link on an object. It is invisible to a script that does not look for symbols; frozen
// objects stay without.
func (rt *Runtime) tie(value goja.Value, l *link) {
	if object, ok := value.(*goja.Object); ok {
		if err := object.DefineDataPropertySymbol(rt.intrinsics.link, rt.vm.ToValue(l), goja.FLAG_TRUE, goja.FLAG_TRUE,
			goja.FLAG_FALSE); err != nil {
			rt.opts.Log.Debug("an error object cannot carry its Go error", "error", l.err)
		}
	}
}

// linkOf returns the link on an object, nil when there is none.
func (rt *Runtime) linkOf(object *goja.Object) *link {
	value := object.GetSymbol(rt.intrinsics.link)
	if value == nil {
		return nil
	}
	l, _ := value.Export().(*link)
	return l
}

// located is Value for an error that turned up after the native had returned: when the object says
// nothing about where in the script, it is given the stack of the call, for the error that comes
// out and for scripts that print it. The place of a value that is no Error is noted.
func (rt *Runtime) located(err error, stack []goja.StackFrame) goja.Value {
	value := rt.Value(err)
	if !isError(value) && rt.rejections.thrownAt(value) == nil {
		rt.rejections.throws(throw{value: value, stack: stack})
	}
	object, ok := value.(*goja.Object)
	if !ok || len(rt.frames(rt.stackOf(object))) > 0 {
		return value
	}
	l := rt.linkOf(object)
	if l == nil || l.stack != nil {
		return value
	}
	l.stack = stack
	var text strings.Builder
	text.WriteString(object.String())
	for _, frame := range rt.frames(stack) {
		text.WriteString("\n\tat " + frame.String())
	}
	if defineErr := object.DefineDataProperty("stack", rt.vm.ToValue(text.String()), goja.FLAG_TRUE, goja.FLAG_TRUE,
		goja.FLAG_FALSE); defineErr != nil {
		rt.opts.Log.Debug("an error object cannot show its stack", "error", defineErr)
	}
	return value
}

// maxCauses bounds the walk along cause properties, which may lead in circles or be made up on the
// way.
const maxCauses = 100

// Causes calls visit with a thrown object, those along its cause properties and, for an error that
// stands for several, those, nearest first, until visit returns false.
func (rt *Runtime) Causes(thrown goja.Value, visit func(*goja.Object) bool) {
	seen := map[*goja.Object]bool{}
	for next := []goja.Value{thrown}; len(next) > 0 && len(seen) < maxCauses; next = next[1:] {
		object, ok := next[0].(*goja.Object)
		if !ok || seen[object] {
			continue
		}
		seen[object] = true
		if !visit(object) {
			return
		}
		next = append(next, object.Get("cause"))
		if several, ok := object.Get("errors").(*goja.Object); ok && several.ClassName() == "Array" {
			rt.vm.ForOf(several, func(value goja.Value) bool {
				next = append(next, value)
				return len(next) < maxCauses
			})
		}
	}
}

// GoError returns the Go error that an object stands for, nil when it stands for none.
func (rt *Runtime) GoError(object *goja.Object) error {
	if l := rt.linkOf(object); l != nil {
		return l.err
	}
	if err := exported(object); err != nil {
		return err
	}
	// The engine's own way to throw a Go error: from reflected functions.
	if value, ok := object.Get("value").(*goja.Object); ok && object.ClassName() == "Error" {
		return exported(value)
	}
	return nil
}

// exported returns the error that an object of the engine wraps. Objects of the script are not
// exported: that would call their getters.
func exported(object *goja.Object) error {
	if t := object.ExportType(); t == nil || !t.Implements(errorType) {
		return nil
	}
	err, _ := object.Export().(error)
	return err
}

var errorType = reflect.TypeFor[error]()
