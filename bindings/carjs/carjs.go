// Package carjs is the TypeScript module "carjs": the classes that a connector extends, its
// context, and its typed failures, over the Go side of the run.
//
// The classes themselves are in classes.js. Here is what they need of Go: taking objects into the
// submission (submit.go), the calls of context().carService (service.go), and carrying failures
// across the border in both directions without losing their kind (failure.go). What a run is and in
// which order things happen is the session's business, in package host; this package sees it
// through [Host] and [Service].
package carjs

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"sync"

	"carjs/host/model"
	"carjs/host/script"
	"carjs/host/submit"

	"github.com/dop251/goja"
)

// Name is what a connector imports.
const Name = "carjs"

//go:embed classes.js
var classes string

// program is compiled once a process, when a runtime first needs it; runtimes share it.
var program = sync.OnceValues(func() (*goja.Program, error) {
	return goja.Compile(script.InternalPrefix+"classes.js", classes, true)
})

// Host is what the module needs of the run under way.
type Host interface {
	// Model is the data model with the connector's extension.
	Model() *model.Model
	// Submission takes the objects of the import under way; nil outside of one.
	Submission() *submit.Submission
	// ReadExisting begins to report a collection anew: it reads what CAR has of it. The scope's
	// lists are nil where they do not limit. What it returns is called on the script's goroutine
	// and does the rest.
	ReadExisting(ctx context.Context, collection string, scope Scope) (replace func() error, err error)
	// SendVertices sends what is left of the vertices and waits until CAR has accepted them.
	SendVertices(ctx context.Context) error
	// SendEdges sends the edges and waits until CAR has accepted them.
	SendEdges(ctx context.Context) error
	// Timestamp is when the run began, epoch milliseconds.
	Timestamp() int64
	// Service makes the connector's own calls to CAR.
	Service() Service
}

// Scope is the part of a collection that a run reports anew.
type Scope struct {
	// Keys are of vertices; From and To are the ends of edges.
	Keys, From, To []string
	// Orphans limits to vertices that lose their last edge.
	Orphans bool
}

// Service is what the module needs of CAR for context().carService.
type Service interface {
	// EdgesBetween returns the keys of the ends of the edges that the scope's From and To limit.
	EdgesBetween(ctx context.Context, collection string, from, to []string) ([][2]string, error)
	DeleteAt(ctx context.Context, collection string, ids []string, at string) error
	SearchCollection(ctx context.Context, collection, attribute, value string, fields []string) ([]map[string]any, error)
	QueryGraphQL(ctx context.Context, query string, variables map[string]any) (json.RawMessage, error)
	PatchEdge(ctx context.Context, collection, from, to string, fields map[string]any) error
	PatchVertex(ctx context.Context, collection, externalID string, fields map[string]any) error
	GraphAttributeSearch(ctx context.Context, collection, attribute, value string) (json.RawMessage, error)
	ImportSchema(ctx context.Context) (json.RawMessage, error)
	SavePoint(ctx context.Context) (string, error)
	SetSavePoint(ctx context.Context, id string) error
	ResetSavePoint(ctx context.Context) error
	PrepareDatabase(ctx context.Context) (created bool, err error)
	Extension(ctx context.Context, key string) (*model.Extension, error)
	PutExtension(ctx context.Context, extension *model.Extension) error
}

// Module is the module for one runtime: it is made before the runtime, because the runtime's Wrap
// is its [Module.Wrap], and gets its run when that begins.
type Module struct {
	args        map[string]any
	host        Host
	rt          *script.Runtime
	exports     *goja.Object
	context     *goja.Object
	assetServer goja.Value
	// read, when set, is called with the name of each setting that the script reads.
	read func(name string)
	// sending names the call that has the submission to itself at the moment; empty when none has.
	sending string
	// walking tells that an object is being read: its getters must not report another one
	// meanwhile.
	walking bool
	// site numbers the place that adds a vertex.
	site int
	// nested is the text of the nested value that was written last, kept for its room.
	nested []byte
}

// New makes the module. args is what context().args shows.
func New(args map[string]any) *Module {
	return &Module{args: args}
}

// Begin gives the module its run. Before it, nothing that needs CAR can be called.
func (m *Module) Begin(run Host) { m.host = run }

// OnRead has read called with the name of each setting that the script reads. Call it before the
// script begins.
func (m *Module) OnRead(read func(name string)) { m.read = read }

// SetArgs replaces what context().args shows, from the next call of context() on.
func (m *Module) SetArgs(args map[string]any) { m.args, m.context = args, nil }

// Site numbers the place in the script that adds the vertex, or the edge with properties, under
// way; see [script.Runtime.SiteAt].
func (m *Module) Site() int { return m.site }

// SetAssetServer sets context().assetServer, once the connector's app is made.
func (m *Module) SetAssetServer(server goja.Value) { m.assetServer = server }

// Script returns the row for the runtime's module table.
func (m *Module) Script() script.Module {
	return script.Module{Name: Name, New: func(rt *script.Runtime) (goja.Value, error) {
		return m.Exports(rt)
	}}
}

// Exports returns the module's exports in the runtime, made on first use: the runtime asks for them
// when a script imports the module, and failures need their classes even when none did.
func (m *Module) Exports(rt *script.Runtime) (*goja.Object, error) {
	if m.exports != nil {
		return m.exports, nil
	}
	m.rt = rt
	vm := rt.VM()
	compiled, err := program()
	if err != nil {
		return nil, fmt.Errorf("compile classes.js: %w", err)
	}
	factory, err := vm.RunProgram(compiled)
	if err != nil {
		return nil, fmt.Errorf("load the classes of %q: %w", Name, err)
	}
	native, err := m.native()
	if err != nil {
		return nil, err
	}
	call, _ := goja.AssertFunction(factory)
	exports, err := call(goja.Undefined(), native)
	if err != nil {
		return nil, fmt.Errorf("load the classes of %q: %w", Name, err)
	}
	m.exports = exports.ToObject(vm)
	for name, take := range map[string]func(script.LiteralCall) goja.Value{
		"addCollection": m.addCollectionLiteral, "addEdge": m.addEdgeLiteral,
	} {
		rt.TakeLiterals(native.Get(name).ToObject(vm), take)
	}
	return m.exports, nil
}

// native is the object through which classes.js reaches Go.
func (m *Module) native() (*goja.Object, error) {
	vm := m.rt.VM()
	native := vm.NewObject()
	for name, f := range map[string]func(goja.FunctionCall) goja.Value{
		"add":           m.add,
		"addCollection": m.addCollection,
		"addEdge":       m.addEdge,
		"isEdge":        m.isEdge,
		"replaces":      m.replaces,
		"sendVertices":  m.sendVertices,
		"sendEdges":     m.sendEdges,
		"timestamp":     m.timestamp,
		"context":       m.getContext,
	} {
		if err := native.Set(name, f); err != nil {
			return nil, fmt.Errorf("make the native side of %q: %w", Name, err)
		}
	}
	return native, nil
}

// getContext is context().
func (m *Module) getContext(goja.FunctionCall) goja.Value {
	if m.context != nil {
		return m.context
	}
	vm := m.rt.VM()
	c := vm.NewObject()
	args := vm.NewObject()
	for name, value := range m.args {
		if m.read != nil {
			m.watched(args, name, vm.ToValue(value))
			continue
		}
		must(args.DefineDataProperty(name, vm.ToValue(value), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_TRUE))
	}
	must(c.Set("args", args))
	must(c.Set("logger", m.newLogger()))
	must(c.Set("carService", m.newService()))
	getter := vm.ToValue(func(goja.FunctionCall) goja.Value {
		if m.assetServer == nil {
			return goja.Undefined()
		}
		return m.assetServer
	})
	must(c.DefineAccessorProperty("assetServer", getter, nil, goja.FLAG_FALSE, goja.FLAG_TRUE))
	m.context = c
	return c
}

// watched makes a setting whose reading is told.
func (m *Module) watched(args *goja.Object, name string, value goja.Value) {
	get := m.rt.VM().ToValue(func(goja.FunctionCall) goja.Value {
		m.read(name)
		return value
	})
	must(args.DefineAccessorProperty(name, get, nil, goja.FLAG_FALSE, goja.FLAG_TRUE))
}

// must is for setting properties of objects that this package has just made, which cannot fail but
// for a programming error; the runtime turns the panic into a failure that is carjs's fault.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
