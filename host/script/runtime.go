// Package script runs one connector's JavaScript in goja: one [Runtime] per run, with an event
// loop, limits, a table of native modules, and errors that speak of the TypeScript the author
// wrote.
//
// It knows nothing of connectors, HTTP or CAR: what a script can do beyond the language comes from
// the modules and globals in [Options], and their tables are elsewhere. What is here besides the
// loop is what belongs to it (timers) and what the language has and the engine lacks (the prelude).
//
// Where things are:
//
//   - the runtime and its loop: runtime.go, loop.go, queue.go, async.go, timers.go, clock.go, and
//     guard.go, which interrupts, with memory.go, which watches the heap, sizes.go, by which natives
//     ask before they take much of it, and native.go, which says where a native was called
//   - programs: program.go compiles, require.go and prelude.go give them modules and what the
//     engine lacks, coverage.go counts statements; internal/lower rewrites what is slow,
//     internal/cover puts the counters in, internal/source has source maps and code frames
//   - what rewritten code calls: each.go for loops over lists, iterator.go and jobs.go for loops
//     over records, lowered.go for object literals, site.go for where they are,
//     grow.go for texts that are added to
//   - errors in both directions: error.go, describe.go, stack.go, rejection.go, wrap.go
//   - JSON: json.go, over internal/records, which makes values and reads records while they arrive;
//     jsonparse.go is JSON.parse, jsonwrite.go writes it, unfit.go says what JSON has no form for
//   - built-ins that are replaced: class.go; date.go, over internal/dates; regexp.go and its
//     neighbours, over internal/patterns
package script

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"carjs/host/script/internal/records"

	"github.com/dop251/goja"
	"github.com/dop251/goja/parser"
	"github.com/hashicorp/go-hclog"
)

// Limits that apply when [Options] names none.
const (
	DefaultMaxStack = 1500
	DefaultMaxTurn  = 2 * time.Minute
)

// Module is one native module that a script can import.
type Module struct {
	// Name is what a script imports, "carjs/http".
	Name string
	// New makes the exports of one runtime. It is called at most once a runtime, at the first
	// import.
	New func(rt *Runtime) (goja.Value, error)
}

// Global is something put into the global scope of every runtime.
type Global struct {
	// Name is for messages.
	Name string
	// Install runs once in [New], in the order of the table.
	Install func(rt *Runtime) error
}

// Options configure a [Runtime]. The zero value is a runtime without modules and with the default
// limits.
type Options struct {
	Modules []Module
	Globals []Global
	// MaxStack is the deepest nesting of calls; 0 means [DefaultMaxStack].
	MaxStack int
	// MaxTurn is the longest turn of the event loop, the time script may run without a pause; 0
	// means [DefaultMaxTurn].
	MaxTurn time.Duration
	// MaxMemory ends a run whose process holds more memory than this many bytes, its own program
	// aside; 0 means no limit.
	MaxMemory uint64
	// End is called when a limit was reached and the script cannot be stopped, because it is in
	// native code, or does not run while what it asked for is too large. It ends the run without the
	// script; with now, at once: memory runs out. It is called from other goroutines, perhaps more
	// than once. Nil leaves such a script to itself.
	End func(reason *Error, now bool)
	// Wrap makes the JavaScript value of a Go error; nil makes a plain Error with the error's text.
	// Whatever object it makes, the Go error is found again when that object comes back out of the
	// script.
	Wrap func(rt *Runtime, err error) goja.Value
	// Clock is what Date and timers go by; nil is the machine's.
	Clock *Clock
	// Log receives what is for the developers of carjs alone; nil means nowhere.
	Log hclog.Logger
}

// Runtime is one instance of JavaScript: its globals, its modules and its event loop. See loop.go
// for who may call what when.
type Runtime struct {
	vm      *goja.Runtime
	opts    Options
	modules modules
	// programs were loaded, the newest last; their sources give the code frames.
	programs []*Program

	busy  atomic.Bool     // a Do is under way
	ctx   context.Context // of that Do
	dead  error           // why nothing can run here any more
	queue queue
	guard guard

	rejections rejections
	intrinsics intrinsics
	literals   []literalMethod
	items      items
	// iterators are those that are not over, by their objects.
	iterators map[*goja.Object]*iterator
	// jobs are the reactions of promises that the engine has queued.
	jobs jobs
	// values makes values of JSON text.
	values records.Values
	// classes are those of objects that were written as JSON, by their prototypes.
	classes map[*goja.Object]*class
	// asyncFunctions is the prototype of async generator functions, once a script asked for it.
	asyncFunctions *goja.Object
	// sites are the places of calls that are made for every record.
	sites sites
	// regexps is the class RegExp.
	regexps regexps
	// replaced are the engine's own classes that others take the place of, by their names.
	replaced map[string]*goja.Object
	// growing are the texts that were added to last.
	growing growing
	// warnings are those of WarnOnce.
	warnings warnings
	// shared is what globals and modules have in common.
	shared map[any]any
	// closers are called by Close, by numbers of their own.
	closers  map[uint64]func()
	closings uint64
}

// intrinsics are what this package needs of the JavaScript world, taken before any script could
// change it.
type intrinsics struct {
	errorClass *goja.Object
	// rethrow throws its argument, by which the engine gives out the stack that an Error was made
	// with.
	rethrow goja.Callable
	// link is the symbol under which the object of a Go error keeps that error.
	link *goja.Symbol
	// asyncIterator is Symbol.asyncIterator.
	asyncIterator *goja.Symbol
	// define makes a property, (object, name, value); get reads one, (object, name); names are
	// those that JSON sees of an object, or an object with the length of an array; put sets what a
	// reviver returned, (object, name, value); text makes a string. They take names that the
	// engine's interface for Go cannot. primitive is what an object is as a value of another type,
	// class what JSON does not see of the objects with a prototype, and add adds two values. species is
	// the class that an object wants others made with, (object, class), and getter that of a property.
	define, get, names, put, text, primitive, class, add, species, getter goja.Callable
	// executor gives what a promise is made with so that rejections are noted, see
	// [lower.Executor].
	executor goja.Value
	// arrayPrototype, its iterator and the method of that, by which an array is known to be an
	// ordinary one.
	arrayPrototype, iteratorPrototype *goja.Object
	// number is the class Number; arrayMap and arrayFrom are the methods to which it may be given.
	number, arrayMap, arrayFrom goja.Value
	// objectPrototype is that of plain objects.
	objectPrototype           *goja.Object
	arrayValues, iteratorNext goja.Value
}

// New makes a runtime and installs its globals.
func New(opts Options) (*Runtime, error) {
	if opts.MaxStack <= 0 {
		opts.MaxStack = DefaultMaxStack
	}
	if opts.MaxTurn <= 0 {
		opts.MaxTurn = DefaultMaxTurn
	}
	if opts.Log == nil {
		opts.Log = hclog.NewNullLogger()
	}
	vm := goja.New()
	vm.SetMaxCallStackSize(opts.MaxStack)
	// Otherwise eval of a text that ends in a sourceMappingURL reads that file.
	vm.SetParserOptions(parser.WithDisableSourceMaps)
	rt := &Runtime{vm: vm, opts: opts, ctx: context.Background(), replaced: map[string]*goja.Object{}}
	rt.values = records.Values{VM: vm, Throw: rt.Throw, Stopped: func(ctx context.Context) error { return stopped(ctx) }}
	var err error
	if rt.jobs, err = jobsOf(vm); err != nil {
		opts.Log.Warn("loops over records are slow", "error", err)
	}
	rt.queue.init()
	if opts.Clock != nil {
		rt.queue.clock = opts.Clock
		vm.SetTimeSource(opts.Clock.Now)
	}
	rt.guard.init(rt)
	rt.modules.init(opts.Modules)
	vm.SetPromiseRejectionTracker(rt.trackRejection)
	if err := rt.runPrelude(); err != nil {
		return nil, err
	}
	globals := append([]Global{{Name: "timers", Install: installTimers}}, opts.Globals...)
	for _, global := range globals {
		_, err := rt.turn(func() (goja.Value, error) { return nil, global.Install(rt) })
		if err != nil {
			return nil, fmt.Errorf("install the global %s: %w", global.Name, rt.failure(err))
		}
	}
	return rt, nil
}

// VM returns the goja runtime. Use it on the loop only.
func (rt *Runtime) VM() *goja.Runtime { return rt.vm }

// Share keeps a value that several globals or modules have in common. As with a context, the key is
// of a type that its package alone has.
func (rt *Runtime) Share(key, value any) {
	if rt.shared == nil {
		rt.shared = map[any]any{}
	}
	rt.shared[key] = value
}

// Shared returns the value that was given to [Runtime.Share], nil when there is none.
func (rt *Runtime) Shared(key any) any { return rt.shared[key] }

// Logger returns the logger of the options, never nil.
func (rt *Runtime) Logger() hclog.Logger { return rt.opts.Log }

// Context returns the context of the Do or Load under way. Natives that block must use it.
func (rt *Runtime) Context() context.Context { return rt.ctx }

// OnClose has f called by [Runtime.Close], unless it is forgotten before. Call it on the loop only.
func (rt *Runtime) OnClose(f func()) (forget func()) {
	if rt.closers == nil {
		rt.closers = map[uint64]func(){}
	}
	rt.closings++
	n := rt.closings
	rt.closers[n] = f
	return func() { delete(rt.closers, n) }
}

// Close ends the contexts of all work that Async started and that is still under way. Nothing may
// run on the runtime afterwards.
func (rt *Runtime) Close() {
	rt.dead = errClosed
	for op := range rt.queue.pending {
		op.cancel()
	}
	for _, f := range rt.closers {
		f()
	}
	rt.closers = nil
	rt.queue.clock.forget(&rt.queue)
}
