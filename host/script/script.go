// Package script runs one connector's JavaScript in goja: one [Runtime] per run, with an event loop, limits, a table of
// native modules, and errors that speak of the TypeScript the author wrote.
package script

import (
	"context"
	"time"

	"github.com/dop251/goja"
	"github.com/hashicorp/go-hclog"
)

// Module is one native module that a script can import.
type Module struct {
	// Name is what a script imports, "carjs/http".
	Name string
	// New makes the exports of one runtime. It is called at most once a runtime, at the first import.
	New func(rt *Runtime) (goja.Value, error)
}

// Global is something put into the global scope of every runtime.
type Global struct {
	// Name is for messages.
	Name string
	// Install runs once in [New], in the order of the table.
	Install func(rt *Runtime) error
}

// Options configure a [Runtime]. The zero value is a runtime without modules and with the default limits.
type Options struct {
	Modules []Module
	Globals []Global
	// MaxStack is the deepest nesting of calls; 0 means 1500.
	MaxStack int
	// MaxStretch is the longest time script may run without giving the loop a turn; 0 means two minutes.
	MaxStretch time.Duration
	// MaxMemory ends a run whose process holds more heap than this many bytes; 0 means no limit.
	MaxMemory uint64
	// Wrap makes the JavaScript value of a Go error; nil makes a plain Error with the error's text.
	Wrap func(rt *Runtime, err error) goja.Value
	// Log receives what is for the developer of carjs alone; nil means nowhere.
	Log hclog.Logger
}

// Runtime is one JavaScript world: its globals, its modules and its event loop.
type Runtime struct {
	vm   *goja.Runtime
	opts Options
	ctx  context.Context
}

// New makes a runtime and installs its globals.
func New(opts Options) (*Runtime, error) { return &Runtime{vm: goja.New(), opts: opts}, nil }

// VM returns the goja runtime. Use it on the loop only.
func (rt *Runtime) VM() *goja.Runtime { return rt.vm }

// Logger returns the logger of the options.
func (rt *Runtime) Logger() hclog.Logger { return rt.opts.Log }

// Context returns the context of the Do or Load under way. Natives that block must use it.
func (rt *Runtime) Context() context.Context { return rt.ctx }

// Load runs a bundle, then what it queued, and returns its module.exports.
func (rt *Runtime) Load(ctx context.Context, p *Program) (*goja.Object, error) { return nil, nil }

// Do runs f on the loop; when f's value is a promise, it runs the loop until that is settled.
func (rt *Runtime) Do(ctx context.Context, f func(vm *goja.Runtime) (goja.Value, error)) (goja.Value, error) {
	return nil, nil
}

// Call is [Runtime.Do] for a JavaScript function.
func (rt *Runtime) Call(ctx context.Context, fn goja.Callable, this goja.Value, args ...goja.Value) (goja.Value, error) {
	return nil, nil
}

// Async starts work on a goroutine of its own and returns a promise of what it makes.
func (rt *Runtime) Async(work func(ctx context.Context) (func(vm *goja.Runtime) (goja.Value, error), error)) goja.Value {
	return nil
}

// After runs f on the loop once d has passed, unless cancelled.
func (rt *Runtime) After(d time.Duration, f func() error) (cancel func()) { return func() {} }

// Throw throws err into the script that called the running native. It does not return.
func (rt *Runtime) Throw(err error) { panic(rt.Value(err)) }

// Value returns the JavaScript value of err, to reject a promise with.
func (rt *Runtime) Value(err error) goja.Value { return nil }

// Caller returns where in the TypeScript the running native was called.
func (rt *Runtime) Caller() Position { return Position{} }

// ParseJSON makes native JavaScript values of JSON text.
func (rt *Runtime) ParseJSON(data []byte) (goja.Value, error) { return nil, nil }
