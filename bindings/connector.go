package bindings

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"carjs/bindings/args"
	"carjs/bindings/carjs"
	"carjs/host"
	"carjs/host/bundle"
	"carjs/host/failure"
	"carjs/host/model"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// Connector is a TypeScript connector as the import session sees it. It belongs to one run.
type Connector struct {
	program *Program
	module  *carjs.Module
	runtime *script.Runtime
	counter *counter
	app     *goja.Object
	began   time.Time // in a replay
	clients []Client  // with [Options.Clients]
}

var _ host.Connector = (*Connector)(nil)

// Warnings are what the bundler found odd in the connector.
func (c *Connector) Warnings() []bundle.Message { return c.program.bundle.Warnings }

// DatasourceRequests returns how many requests went to the data source.
func (c *Connector) DatasourceRequests() int64 { return c.counter.n.Load() }

// Start runs the bundle, makes the connector's app and checks that it has all that a connector must
// have.
func (c *Connector) Start(ctx context.Context, run *host.Run) error {
	c.module.Begin(newSession(run, c.began))
	exports, err := c.runtime.Load(ctx, c.program.script)
	if err != nil {
		return c.module.Failure(err)
	}
	// A connector that never imports "carjs" fails below; the check needs the classes.
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
	encoded, err := c.runtime.JSON(v.ToObject(c.runtime.VM()))
	if err != nil {
		return nil, c.broken(c.app, "getSchemaExtension", "must return a JSON object: %v", err)
	}
	extension, err := model.ParseExtension(encoded)
	if err != nil {
		return nil, c.broken(c.app, "getSchemaExtension", "returned an invalid extension: %v", err).WithCause(err).
			WithHint("fix the schema extension; carjs check shows the lines")
	}
	return extension, nil
}

// TestConnection asks the asset server.
func (c *Connector) TestConnection(ctx context.Context) (int, error) {
	server := c.app.Get("assetServer").ToObject(c.runtime.VM())
	v, err := c.call(ctx, server, "testConnection")
	if err != nil {
		return 0, err
	}
	code, ok := v.Export().(int64)
	if !ok || code < 0 || code > 255 {
		return 0, c.broken(server, "testConnection", "must return 0 or an ErrorCode, not %s", shown(v))
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

// Site numbers the position that adds the vertex under way; 0 when there is none.
func (c *Connector) Site() int { return c.module.Site() }

// SiteAt returns the position of a number.
func (c *Connector) SiteAt(site int) string { return c.runtime.SiteAt(site).String() }

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
		return head, i.c.broken(i.object, "createSourceReportObject", "must return {source, report}, not %s", shown(v))
	}
	encoded, err := i.c.runtime.JSON(v.ToObject(i.c.runtime.VM()))
	if err == nil {
		err = json.Unmarshal(encoded, &head)
	}
	if err != nil {
		return head, i.c.broken(i.object, "createSourceReportObject", "must return {source, report}: %v", err)
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
	function := object.Get(method)
	f, ok := goja.AssertFunction(function)
	if !ok {
		return nil, c.contract("%s() is missing", method)
	}
	v, err := c.runtime.Call(ctx, f, object, args...)
	if err == nil {
		// What was not awaited is still under way, and may bring objects or fail.
		err = c.runtime.Drain(ctx)
	}
	if err != nil {
		c.runtime.LocateIn(err, method, function)
		return nil, c.module.Failure(err)
	}
	return v, nil
}

// contract is the failure of a connector that is not what it must be.
func (c *Connector) contract(format string, args ...any) *failure.Failure {
	return failure.New(failure.InvalidParameter, "%s: %s", c.program.bundle.Entry, fmt.Sprintf(format, args...)).
		WithFault(failure.FaultConnector)
}

// shown is a value for a message.
func shown(v goja.Value) string {
	switch {
	case absent(v):
		return args.Describe(v)
	case goja.IsString(v):
		return strconv.Quote(v.String())
	}
	if _, isObject := v.(*goja.Object); isObject {
		return args.Describe(v)
	}
	return v.String()
}

// broken is the failure of a method that does not do what it must, at the place of the method.
func (c *Connector) broken(object *goja.Object, method, format string, args ...any) *failure.Failure {
	text := method + "() " + fmt.Sprintf(format, args...)
	at := c.runtime.PlaceOf(object.Get(method))
	if at.File == "" {
		return c.contract("%s", text)
	}
	f := failure.New(failure.InvalidParameter, "%s: %s", at.File, text).WithFault(failure.FaultConnector).
		WithHint("fix the method at the position above")
	f.At = at.String()
	return f
}

func absent(v goja.Value) bool { return v == nil || goja.IsUndefined(v) || goja.IsNull(v) }
