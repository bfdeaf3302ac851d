package script

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"unicode/utf8"

	"carjs/host/failure"

	"github.com/dop251/goja"
)

// failure makes what Do returns of what ended it. Errors of Go code that come from no script stay
// as they are.
func (rt *Runtime) failure(err error) error {
	var (
		script      *Error
		exception   *goja.Exception
		interrupted *goja.InterruptedError
		overflow    *goja.StackOverflowError
	)
	switch {
	case errors.As(err, &interrupted):
		reason, ok := interrupted.Value().(*Error)
		if !ok {
			return err
		}
		described := *reason
		if len(described.Stack) == 0 {
			rt.place(&described, interrupted.Stack())
		}
		return &described
	case errors.As(err, &overflow):
		described := &Error{
			Message: fmt.Sprintf("the call stack is deeper than %d calls: endless recursion?", rt.opts.MaxStack),
			Cause:   ErrStack,
		}
		rt.place(described, overflow.Stack())
		described.Stack = untilRepeated(described.Stack)
		return described
	case errors.As(err, &script):
		return err
	case errors.As(err, &exception):
		return rt.describe(exception.Value(), exception.Stack())
	}
	return err
}

// describe makes the error of a thrown value. Reading the value's properties can run script, so it
// is a turn of its own; where that throws or is stopped, what has been read so far must do.
func (rt *Runtime) describe(thrown goja.Value, stack []goja.StackFrame) *Error {
	if rt.ctx.Err() != nil {
		// What a script throws that is being stopped is not what ended the run, and it may not run
		// to tell.
		ended := stopped(rt.ctx)
		rt.place(ended, stack)
		return ended
	}
	described := &Error{Value: thrown}
	noted := rt.rejections.thrownAt(thrown)
	if noted != nil {
		stack = noted.stack
	}
	_, err := rt.turn(func() (goja.Value, error) {
		rt.read(described, thrown)
		placed := false
		rt.Causes(thrown, func(object *goja.Object) bool {
			if described.Cause == nil {
				described.Cause = rt.GoError(object)
			}
			// Its own stack is best, then where it was thrown, then where its cause comes from.
			if own := rt.stackOf(object); !placed && len(rt.frames(own)) > 0 {
				stack = own
				placed = true
			}
			placed = placed || len(rt.frames(stack)) > 0
			return described.Cause == nil || !placed
		})
		described.Causes = rt.causesOf(thrown)
		return nil, nil
	})
	if described.Message == "" && err != nil {
		described.Message = "an unreadable error was thrown"
	}
	if rt.place(described, stack); len(described.Stack) == 0 {
		if noted != nil {
			rt.placeAt(described, "", rt.PlaceOf(noted.executor))
		}
		// An error for several others, which the engine made, has no place but theirs.
		for _, c := range described.Causes {
			rt.placeAt(described, "", c.At)
		}
	}
	return described
}

// placeAt gives an error that has no place the one of a function, if there is one.
func (rt *Runtime) placeAt(e *Error, function string, at Position) {
	if len(e.Stack) == 0 && at.File != "" {
		e.Stack, e.CodeFrame = []Frame{{Func: function, Position: at}}, rt.CodeFrame(at)
	}
}

// LocateIn gives what a script threw the place of the method that was running, where nothing tells
// a better one: code that is made at run time, and values that no line of the script threw.
func (rt *Runtime) LocateIn(err error, name string, method goja.Value) {
	var thrown *Error
	if errors.As(err, &thrown) && thrown.Value != nil && len(thrown.Stack) == 0 {
		rt.placeAt(thrown, name, rt.PlaceOf(method))
	}
}

// causesOf are the values behind the cause property of a thrown value, one behind the other, each with
// its place where that is known; and those of its errors, where it has several.
func (rt *Runtime) causesOf(thrown goja.Value) []Cause {
	var causes []Cause
	seen := map[goja.Value]bool{thrown: true}
	var follow func(value goja.Value, depth int)
	follow = func(value goja.Value, depth int) {
		if value == nil || goja.IsUndefined(value) || goja.IsNull(value) || seen[value] || len(causes) == maxCauses {
			return
		}
		seen[value] = true
		e := &Error{}
		rt.read(e, value)
		text := e.Error()
		if e.Name == "" { // which is worth no more words here
			text = shorten(value.String())
		}
		c := Cause{Text: text, Depth: depth}
		object, ok := value.(*goja.Object)
		noted := rt.rejections.thrownAt(value)
		var stack []goja.StackFrame
		switch {
		case noted != nil:
			stack, c.At = noted.stack, rt.PlaceOf(noted.executor)
		case ok:
			stack = rt.stackOf(object)
		}
		if frames := rt.frames(stack); len(frames) > 0 {
			c.At = frames[0].Position
		}
		causes = append(causes, c)
		if !ok {
			return
		}
		rt.eachCause(object, func(next goja.Value) { follow(next, depth+1) })
	}
	if object, ok := thrown.(*goja.Object); ok {
		rt.eachCause(object, func(next goja.Value) { follow(next, 1) })
	}
	return causes
}

// eachCause calls visit with the cause of an error and with each of its errors.
func (rt *Runtime) eachCause(object *goja.Object, visit func(goja.Value)) {
	visit(object.Get("cause"))
	several, ok := object.Get("errors").(*goja.Object)
	if !ok || several.ClassName() != "Array" {
		return
	}
	n := 0
	rt.vm.ForOf(several, func(value goja.Value) bool {
		visit(value)
		n++
		return n < maxCauses
	})
}

// Inspect runs f, which reads objects of a script between two Dos: where a getter or a proxy of
// them throws, or does not come back, f is over and nothing else.
func (rt *Runtime) Inspect(f func()) {
	_, _ = rt.turn(func() (goja.Value, error) {
		f()
		return nil, nil
	})
}

// read takes name and message off a thrown value.
func (rt *Runtime) read(e *Error, thrown goja.Value) {
	object, ok := thrown.(*goja.Object)
	if !ok {
		switch {
		case thrown == nil || goja.IsUndefined(thrown) || goja.IsNull(thrown):
			e.Message = fmt.Sprintf("%v was thrown, which is not an Error", thrown)
		case goja.IsString(thrown):
			e.Message = fmt.Sprintf("a text was thrown, which is not an Error: %s", shorten(beginning(thrown)))
		default:
			e.Message = fmt.Sprintf("%s was thrown, which is not an Error", shorten(thrown.String()))
		}
		return
	}
	if message := object.Get("message"); message != nil && goja.IsString(message) {
		e.Message = beginning(message)
		e.Name = errorName(object)
		return
	}
	shown := object.String()
	if shown == "[object Object]" || object.ClassName() == "Array" {
		if text, err := object.MarshalJSON(); err == nil {
			shown = string(text)
		}
	}
	e.Message = fmt.Sprintf("an object was thrown, which is not an Error: %s", shorten(shown))
}

// maxMessage is how much of the message of an error is kept, in units of UTF-16. A log, a report and
// a terminal each make copies of it.
const maxMessage = 64 << 10

// beginning is a string that is not longer than a message may be.
func beginning(v goja.Value) string {
	if text, ok := v.(goja.String); ok && text.Length() > maxMessage {
		return text.Substring(0, maxMessage).String() + "…"
	}
	return v.String()
}

// errorName returns the name of an error: what it says itself or, because few classes bother to
// say, that of its class.
func errorName(object *goja.Object) string {
	name := "Error"
	if own := object.Get("name"); own != nil && goja.IsString(own) {
		name = own.String()
	}
	if class, ok := object.Get("constructor").(*goja.Object); ok && name == "Error" {
		if own := class.Get("name"); own != nil && goja.IsString(own) && own.String() != "" && own.String() != "Object" {
			// The bundler renames a class that refers to itself from X to _X.
			name = strings.TrimPrefix(own.String(), "_")
		}
	}
	return name
}

// stopped is the error of a script whose context has ended.
func stopped(ctx context.Context) *Error {
	cause := context.Cause(ctx)
	return &Error{Message: cause.Error(), Cause: &contextEnd{cause, ctx.Err()}}
}

// stoppedWaiting is stopped for a script that was not running: what it waits for tells where it
// was.
func (rt *Runtime) stoppedWaiting() *Error {
	e := stopped(rt.ctx)
	if op := rt.queue.oldest(); op != nil {
		rt.place(e, op.stack)
	}
	return e
}

// contextEnd is both why a context ended and that it did.
type contextEnd struct{ cause, err error }

func (e *contextEnd) Error() string   { return e.cause.Error() }
func (e *contextEnd) Unwrap() []error { return []error{e.cause, e.err} }

// panicked makes the error of what was recovered at the edge of the engine. Interrupts that came
// past the engine's own edge are what they are; everything else is a fault of carjs and leaves the
// engine in an unknown state.
func (rt *Runtime) panicked(x any) error {
	switch x := x.(type) {
	case *goja.InterruptedError:
		return x
	case *goja.StackOverflowError:
		return x
	}
	rt.dead = rt.fault(x)
	return rt.dead
}

// fault is the error of a panic in Go code. The stack is for the log: it means nothing to an
// author.
func (rt *Runtime) fault(x any) error {
	rt.opts.Log.Debug("panic in a native", "panic", fmt.Sprint(x), "stack", string(debug.Stack()))
	fault := failure.New(failure.General, "a bug in carjs, not in the connector: %v", x).
		WithFault(failure.FaultCarjs).
		WithHint("report it, with the log of a run with -debug")
	return &Error{Message: fault.Message, Cause: fault}
}

// maxShown is how much of a thrown value a message shows.
const maxShown = 200

func shorten(text string) string {
	if utf8.RuneCountInString(text) <= maxShown {
		return text
	}
	return string([]rune(text)[:maxShown]) + "…"
}

// Thrown makes the error of a value that a script threw and a native was handed. On the loop only.
func (rt *Runtime) Thrown(value goja.Value) *Error { return rt.describe(value, nil) }
