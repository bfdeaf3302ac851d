package script

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"carjs/host/script/internal/source"

	"github.com/dop251/goja"
	"github.com/dop251/goja/file"
)

// maxFrames is how much of a stack an error keeps; endless recursion is recognised by less.
const maxFrames = 32

// stackOf returns the stack that an error object was made with, or the stack of the native call
// that it came from.
func (rt *Runtime) stackOf(object *goja.Object) []goja.StackFrame {
	if l := rt.linkOf(object); l != nil && l.stack != nil {
		return l.stack
	}
	_, err := rt.intrinsics.rethrow(goja.Undefined(), object)
	var exception *goja.Exception
	if errors.As(err, &exception) {
		return exception.Stack()
	}
	return nil
}

// frames keeps of a stack what is the author's.
func (rt *Runtime) frames(stack []goja.StackFrame) []Frame {
	var frames []Frame
	for i := range stack {
		if frame, ok := authorFrame(&stack[i]); ok {
			frames = append(frames, frame)
			if len(frames) == maxFrames {
				break
			}
		}
	}
	return frames
}

// evalName is the engine's file name of code made at run time.
const evalName = "<eval>"

// untilRepeated cuts a stack of endless recursion where it comes round for the first time.
func untilRepeated(frames []Frame) []Frame {
	for i, frame := range frames {
		if slices.Contains(frames[:i], frame) {
			return frames[:i]
		}
	}
	return frames
}

// authorFrame returns a frame of the author's code, which natives, what belongs to carjs and eval
// are not.
func authorFrame(f *goja.StackFrame) (Frame, bool) {
	at := f.Position()
	if at.Filename == "" || at.Filename == evalName || at.Line == 0 || strings.HasPrefix(at.Filename, InternalPrefix) {
		return Frame{}, false
	}
	frame := Frame{Func: f.FuncName(), Position: position(at)}
	if frame.Func == "<anonymous>" {
		frame.Func = ""
	}
	return frame, true
}

// place gives an error its stack and its code frame. Constructors of error classes are left out at
// the top: what matters is where the error was made, not how.
func (rt *Runtime) place(e *Error, stack []goja.StackFrame) {
	e.Stack = rt.frames(stack)
	for len(e.Stack) > 1 && rt.callsSuper(e.At()) {
		e.Stack = e.Stack[1:]
	}
	if len(e.Stack) > 0 {
		e.CodeFrame = rt.CodeFrame(e.At())
	}
}

// source returns the text of a file, "" when it is not known.
func (rt *Runtime) source(file string) string {
	for _, program := range slices.Backward(rt.programs) {
		if text, ok := program.sources()[file]; ok {
			return text
		}
	}
	return ""
}

// Caller returns where in the TypeScript the running native was called, no position when no script
// is running.
func (rt *Runtime) Caller() Position {
	// The few frames that are nearly always enough, then all of them.
	for _, depth := range []int{8, 0} {
		stack := rt.vm.CaptureCallStack(depth, nil)
		for i := range stack {
			if frame, ok := authorFrame(&stack[i]); ok {
				return frame.Position
			}
		}
	}
	return Position{}
}

// CodeFrame shows the lines round a place in a program that was loaded; "" when there is no such
// place.
func (rt *Runtime) CodeFrame(at Position) string {
	return source.Frame(rt.source(at.File), at.Line, at.Column)
}

// callsSuper tells whether a position is that of a constructor's call of super.
func (rt *Runtime) callsSuper(at Position) bool {
	return strings.HasPrefix(source.At(rt.source(at.File), at.Line, at.Column), "super(")
}

// position makes an author's position of the engine's, which has the file as a URL.
func position(p file.Position) Position {
	name := p.Filename
	if plain, err := url.PathUnescape(name); err == nil {
		name = plain
	}
	return Position{File: name, Line: p.Line, Column: p.Column}
}
