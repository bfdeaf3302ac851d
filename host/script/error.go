package script

import (
	"errors"
	"fmt"
	"strings"

	"github.com/dop251/goja"
)

// What stops a script besides what it throws. They are the Cause of the [Error] then.
var (
	// ErrStack is a call stack that is too deep.
	ErrStack = errors.New("call stack too deep")
	// ErrEndlessLoop is a turn of script that took too long.
	ErrEndlessLoop = errors.New("script without a pause for too long")
	// ErrMemory is a heap over the limit.
	ErrMemory = errors.New("memory limit")
	// ErrNeverSettled is an await that nothing can end.
	ErrNeverSettled = errors.New("promise that is never settled")
)

// Position is a place in a source file; lines and columns count from 1.
type Position struct {
	File         string
	Line, Column int
}

// String returns "src/main.ts:7:8", or "" for no position.
func (p Position) String() string {
	if p.File == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Frame is one call on the stack.
type Frame struct {
	Func string // "" outside any function and in those without a name
	Position
}

// String returns "map (src/main.ts:7:8)", or the position alone.
func (f Frame) String() string {
	if f.Func == "" {
		return f.Position.String()
	}
	return fmt.Sprintf("%s (%s)", f.Func, f.Position)
}

// Error is what a script threw, or the limit that stopped it, with where in the TypeScript.
type Error struct {
	// Name is the name of the JavaScript error; "" for a limit, and for what was thrown and is no
	// error.
	Name, Message string
	// Value is what was thrown; nil when a limit stopped the script.
	Value goja.Value
	// Stack has the innermost call first, with nothing in it but the author's files. It may be
	// empty: a value that is no Error, thrown after an await, has left no trace of where it was.
	Stack []Frame
	// Causes are what is behind the cause properties, the next one first.
	Causes []Cause
	// CodeFrame shows the lines around the place with a caret under it; "" when the source is not
	// known.
	CodeFrame string
	// Cause is the Go error that was thrown or that is found behind the cause properties, or one of
	// the Err values of this package for a limit, or the cause of the context's end; nil when there
	// is none.
	Cause error
	// Unhandled tells that the error is the reason of a rejected promise that nobody awaited.
	Unhandled bool
}

// Cause is one value behind the cause property of an error, or one of its errors.
type Cause struct {
	// Text is what it says: "TypeError: x is not a function".
	Text string
	// At is where it was made, no position when that is not known.
	At Position
	// Depth is how many causes it is behind what was thrown, from 1.
	Depth int
}

// String returns the text with its place: "TypeError: no (src/main.ts:7:8)".
func (c Cause) String() string {
	if at := c.At.String(); at != "" {
		return c.Text + " (" + at + ")"
	}
	return c.Text
}

// Error returns the name and the message.
func (e *Error) Error() string {
	text := e.Message
	if e.Name != "" {
		text = strings.TrimSuffix(e.Name+": "+e.Message, ": ")
	}
	if e.Unhandled {
		text = "unhandled promise rejection: " + text
	}
	return text
}

// Unwrap returns the Go error behind what was thrown.
func (e *Error) Unwrap() error { return e.Cause }

// At returns where the error was made, no position when that is not known.
func (e *Error) At() Position {
	if len(e.Stack) == 0 {
		return Position{}
	}
	return e.Stack[0].Position
}
