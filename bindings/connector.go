package bindings

import (
	"context"
	"encoding/json"
	"fmt"

	"carjs/bindings/carjs"
	"carjs/bindings/fetch"
	carjshttp "carjs/bindings/http"
	"carjs/host"
	"carjs/host/bundle"
	"carjs/host/failure"
	"carjs/host/model"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// Connector is a TypeScript connector as the import session sees it. It belongs to one run.
type Connector struct {
	bundle  *bundle.Bundle
	module  *carjs.Module
	runtime *script.Runtime
	program *script.Program
	counter *counter
	app     *goja.Object
}

var _ host.Connector = (*Connector)(nil)

// Open compiles a bundle and makes its runtime. Nothing of the connector runs before
// [Connector.Start].
func Open(b *bundle.Bundle, opts Options) (*Connector, error) {
	return Build(func() (*bundle.Bundle, error) { return b, nil }, func() (Options, error) { return opts, nil })
}

// Build is [Open] for a bundle that is still to be made. Beside that, the options are asked for,
// and the runtime is made of them. Errors of build and opts are returned as they are, that of build
// first: an author mends the code before the settings.
func Build(build func() (*bundle.Bundle, error), opts func() (Options, error)) (*Connector, error) {
	c := &Connector{counter: &counter{}}
	// Not the bundle: that takes longest, and a goroutine for which an idle processor must be woken
	// begins a millisecond later.
	made := make(chan error, 1)
	go func() { made <- c.makeRuntime(opts) }()
	var err error
	if c.bundle, err = build(); err == nil {
		c.program, err = compile(c.bundle, nil)
	}
	if runtimeErr := <-made; err == nil {
		err = runtimeErr
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

// compile compiles the bundle of a connector; its statements are counted when there is a coverage.
func compile(b *bundle.Bundle, coverage *script.Coverage) (*script.Program, error) {
	var program *script.Program
	var err error
	if b.Map != nil {
		program, err = script.CompileMapped(b.Name, b.Code, b.Map, carjs.LiteralMethods()...)
	} else {
		program, err = script.CompileCovered(coverage, b.Name, b.Code, carjs.LiteralMethods()...)
	}
	if err != nil {
		return nil, fmt.Errorf("compile %s: %w", b.Name, err)
	}
	return program, nil
}

// makeRuntime makes the world in which the connector runs.
func (c *Connector) makeRuntime(options func() (Options, error)) error {
	opts, err := options()
	if err != nil {
		return err
	}
	c.module = carjs.New(opts.Args)
	deps := opts.deps(c.counter.add)
	c.runtime, err = script.New(script.Options{
		Modules: modules(c.module, deps), Globals: globals(deps),
		MaxStack: opts.MaxStack, MaxTurn: opts.MaxTurn, MaxMemory: opts.MaxMemory,
		Wrap: c.module.Wrap, Clock: opts.Clock, Log: opts.Logger,
	})
	if err != nil {
		return fmt.Errorf("make the runtime: %w", err)
	}
	// Every connector needs the classes and the model, and nearly all of them the client. There is
	// time now: the bundle takes longer.
	if _, err = c.module.Exports(c.runtime); err != nil {
		return fmt.Errorf("make the runtime: %w", err)
	}
	carjshttp.Prepare()
	model.CAR()
	return nil
}

// deps are what the modules that talk HTTP share.
func (o Options) deps(count func()) fetch.Deps {
	return fetch.Deps{
		Transport: o.Transport, Count: count, Secret: o.Secret, Timeout: o.RequestTimeout, RetryWait: o.RetryWait,
		MaxWait: o.MaxWait, Logger: o.Logger,
	}
}

// Warnings are what the bundler found odd in the connector.
func (c *Connector) Warnings() []bundle.Message { return c.bundle.Warnings }

// DatasourceRequests returns how many requests went to the data source.
func (c *Connector) DatasourceRequests() int64 { return c.counter.n.Load() }

// open makes a connector of what is compiled.
func (b built) open(opts Options) (*Connector, error) {
	c := &Connector{bundle: b.bundle, program: b.program, counter: &counter{}}
	if err := c.makeRuntime(func() (Options, error) { return opts, nil }); err != nil {
		return nil, err
	}
	return c, nil
}

// Start runs the bundle, makes the connector's app and checks that it has all that a connector must
// have.
func (c *Connector) Start(ctx context.Context, run *host.Run) error {
	c.module.Begin(session{run})
	exports, err := c.runtime.Load(ctx, c.program)
	if err != nil {
		return c.module.Failure(err)
	}
	// A connector that never imports "carjs" is told so below; the classes must exist to find that
	// out.
	classes, err := c.module.Exports(c.runtime)
	if err != nil {
		return err
	}
	class := exports.Get("default")
	if err := c.checkClass(class, classes); err != nil {
		return err
	}
	app, err := c.runtime.Do(ctx, func(vm *goja.Runtime) (goja.Value, error) { return vm.New(class) })
	if err != nil {
		return c.module.Failure(err)
	}
	c.app = app.ToObject(c.runtime.VM())
	if err := c.checkApp(classes); err != nil {
		return err
	}
	c.module.SetAssetServer(c.app.Get("assetServer"))
	return nil
}

// SchemaExtension asks the app for its extension.
func (c *Connector) SchemaExtension(ctx context.Context) (*model.Extension, error) {
	v, err := c.call(ctx, c.app, "getSchemaExtension")
	if err != nil || absent(v) {
		return nil, err
	}
	encoded, err := v.ToObject(c.runtime.VM()).MarshalJSON()
	if err != nil {
		return nil, c.contract("getSchemaExtension() returned what cannot be read: %v", err)
	}
	extension, err := model.ParseExtension(encoded)
	if err != nil {
		return nil, c.contract("getSchemaExtension() returned an extension with a mistake: %v", err)
	}
	return extension, nil
}

// TestConnection asks the asset server.
func (c *Connector) TestConnection(ctx context.Context) (int, error) {
	v, err := c.call(ctx, c.app.Get("assetServer").ToObject(c.runtime.VM()), "testConnection")
	if err != nil {
		return 0, err
	}
	code, ok := v.Export().(int64)
	if !ok || code < 0 || code > 255 {
		return 0, c.contract("testConnection() must return 0 or an ErrorCode, it returned %s", v)
	}
	return int(code), nil
}

// FullImport returns the app's full import.
func (c *Connector) FullImport() host.FullImport {
	return &importer{c, c.app.Get("fullImport").ToObject(c.runtime.VM())}
}

// IncrementalImport returns the app's incremental import.
func (c *Connector) IncrementalImport() host.IncrementalImport {
	return &importer{c, c.app.Get("incrementalImport").ToObject(c.runtime.VM())}
}

// Close ends the connector.
func (c *Connector) Close() error {
	c.runtime.Close()
	return nil
}

// Place returns the TypeScript position of the call under way; "" when there is none.
func (c *Connector) Place() string { return c.runtime.Caller().String() }

// Block calls wait without counting its time as the script's.
func (c *Connector) Block(wait func()) { c.runtime.Block(wait) }

// importer is an import of the connector; which of its methods are called is the session's choice.
type importer struct {
	c      *Connector
	object *goja.Object
}

// Head asks for source and report.
func (i *importer) Head(ctx context.Context) (host.Head, error) {
	var head host.Head
	v, err := i.c.call(ctx, i.object, "createSourceReportObject")
	if err != nil {
		return head, err
	}
	if absent(v) {
		return head, i.c.contract("createSourceReportObject() must return {source, report}, it returned %s", v)
	}
	encoded, err := v.ToObject(i.c.runtime.VM()).MarshalJSON()
	if err == nil {
		err = json.Unmarshal(encoded, &head)
	}
	if err != nil {
		return head, i.c.contract("createSourceReportObject() must return {source, report}: %v", err)
	}
	return head, nil
}

// NewSavePoint asks for the data source's present save point; a number is taken as text.
func (i *importer) NewSavePoint(ctx context.Context) (string, error) {
	v, err := i.c.call(ctx, i.object, "getNewModelStateId")
	if err != nil || absent(v) {
		return "", err
	}
	return v.String(), nil
}

// LoadDelta has the connector ask the data source what changed.
func (i *importer) LoadDelta(ctx context.Context, last, current string) error {
	vm := i.c.runtime.VM()
	_, err := i.c.call(ctx, i.object, "getDataForDelta", vm.ToValue(last), vm.ToValue(current))
	return err
}

// ImportVertices has the connector report its vertices.
func (i *importer) ImportVertices(ctx context.Context) error { return i.step(ctx, "importVertices") }

// ImportEdges has the connector report its edges.
func (i *importer) ImportEdges(ctx context.Context) error { return i.step(ctx, "importEdges") }

// DeleteVertices has the connector delete what is gone.
func (i *importer) DeleteVertices(ctx context.Context) error { return i.step(ctx, "deleteVertices") }

func (i *importer) step(ctx context.Context, method string) error {
	_, err := i.c.call(ctx, i.object, method)
	return err
}

// call calls a method of one of the connector's objects and waits for its promise.
func (c *Connector) call(ctx context.Context, object *goja.Object, method string, args ...goja.Value) (goja.Value, error) {
	f, ok := goja.AssertFunction(object.Get(method))
	if !ok {
		return nil, c.contract("%s() is missing", method)
	}
	v, err := c.runtime.Call(ctx, f, object, args...)
	if err == nil {
		// What was not awaited is still under way, and may bring objects or fail.
		err = c.runtime.Drain(ctx)
	}
	if err != nil {
		return nil, c.module.Failure(err)
	}
	return v, nil
}

// contract is the failure of a connector that is not what it must be.
func (c *Connector) contract(format string, args ...any) error {
	return failure.New(failure.InvalidParameter, "%s: %s", c.bundle.Entry, fmt.Sprintf(format, args...)).
		WithFault(failure.FaultConnector)
}

func absent(v goja.Value) bool { return v == nil || goja.IsUndefined(v) || goja.IsNull(v) }
