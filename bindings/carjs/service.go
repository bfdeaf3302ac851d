package carjs

import (
	"context"
	"encoding/json"

	"carjs/bindings/args"
	"carjs/host/esjson"
	"carjs/host/failure"

	"github.com/dop251/goja"
)

// answer makes the value of a call to CAR on the loop.
type answer = func(*goja.Runtime) (goja.Value, error)

// newService is context().carService. Each call runs beside the script and answers with a promise.
func (m *Module) newService() *goja.Object {
	object := m.rt.VM().NewObject()
	for name, f := range map[string]func(goja.FunctionCall) goja.Value{
		"delete":               m.delete,
		"edgesAt":              m.edgesAt,
		"searchCollection":     m.searchCollection,
		"queryGraphql":         m.queryGraphql,
		"edgePatch":            m.edgePatch,
		"databasePatchValue":   m.databasePatchValue,
		"graphAttributeSearch": m.graphAttributeSearch,
		"getImportSchema":      m.getImportSchema,
		"getModelStateId":      m.getModelStateID,
		"saveModelStateId":     m.saveModelStateID,
		"resetModelStateId":    m.resetModelStateID,
		"createDatabase":       m.createDatabase,
		"getExtension":         m.getExtension,
		"setExtension":         m.setExtension,
	} {
		must(object.Set(name, f))
	}
	return object
}

// service begins a call: it returns CAR and the reader of the call's arguments.
func (m *Module) service(call goja.FunctionCall, function string) (Service, *args.Call) {
	if m.host == nil {
		m.rt.Throw(failure.New(failure.General, "carService.%s was called before the run began", function))
	}
	return m.host.Service(), args.Of(m.rt, call, "carService."+function)
}

func (m *Module) delete(call goja.FunctionCall) goja.Value {
	service, in := m.service(call, "delete")
	collection, ids := in.Arg(0, "collection").Filled(), in.Arg(1, "ids").RequiredIDs()
	at := m.rt.Caller().String()
	return m.async(func(ctx context.Context) error { return service.DeleteAt(ctx, collection, ids, at) })
}

func (m *Module) edgesAt(call goja.FunctionCall) goja.Value {
	service, in := m.service(call, "edgesAt")
	collection, scope := in.Arg(0, "collection").Filled(), in.Arg(1, "ends").Fields("from", "to")
	from, to := scope.Get("from").IDs(), scope.Get("to").IDs()
	if from == nil && to == nil {
		in.Misuse("ends must have from or to")
	}
	return m.rt.Async(func(ctx context.Context) (answer, error) {
		found, err := service.EdgesBetween(ctx, collection, from, to)
		if err != nil {
			return nil, err
		}
		edges := make([]any, len(found))
		for i, ends := range found {
			edges[i] = map[string]any{"from": ends[0], "to": ends[1]}
		}
		return m.parsed(esjson.AppendValue(nil, edges))
	})
}

func (m *Module) searchCollection(call goja.FunctionCall) goja.Value {
	service, in := m.service(call, "searchCollection")
	collection, attribute, value := search(in)
	fields := in.Arg(3, "fields").RequiredTexts()
	return m.rt.Async(func(ctx context.Context) (answer, error) {
		rows, err := service.SearchCollection(ctx, collection, attribute, value, fields)
		if err != nil {
			return nil, err
		}
		if rows == nil {
			return null, nil
		}
		list := make([]any, len(rows))
		for i, row := range rows {
			list[i] = row
		}
		return m.parsed(esjson.AppendValue(nil, map[string]any{collection: list}))
	})
}

func (m *Module) queryGraphql(call goja.FunctionCall) goja.Value {
	service, in := m.service(call, "queryGraphql")
	query := in.Arg(0, "query").Filled()
	var variables map[string]any
	if given := in.Arg(1, "variables"); given.Given() {
		variables = given.JSONFields()
	}
	return m.rt.Async(func(ctx context.Context) (answer, error) {
		data, err := service.QueryGraphQL(ctx, query, variables)
		if err != nil {
			return nil, err
		}
		if data == nil {
			return null, nil
		}
		return m.parsed(json.Marshal(map[string]json.RawMessage{"data": data}))
	})
}

func (m *Module) edgePatch(call goja.FunctionCall) goja.Value {
	service, in := m.service(call, "edgePatch")
	in.Arg(0, "source").TextOr("") // always the run's own
	edge := in.Arg(1, "edge").Fields("edge_type", "from", "to")
	collection, from, to := edge.Get("edge_type").Filled(), edge.Get("from").ID(), edge.Get("to").ID()
	fields := in.Arg(2, "data").JSONFields()
	return m.async(func(ctx context.Context) error { return service.PatchEdge(ctx, collection, from, to, fields) })
}

func (m *Module) databasePatchValue(call goja.FunctionCall) goja.Value {
	service, in := m.service(call, "databasePatchValue")
	change := in.Arg(0, "change").Fields("resource_type", "resource_id", "name", "pending_update")
	collection, id := change.Get("resource_type").Filled(), change.Get("resource_id").ID()
	// CAR takes one of the two; the name wins, as in the Python framework.
	fields := map[string]any{}
	for _, name := range []string{"name", "pending_update"} {
		if value, ok := change.Get(name).JSON(); ok {
			fields[name] = value
			break
		}
	}
	if len(fields) == 0 {
		in.Misuse("change must have name or pending_update")
	}
	return m.async(func(ctx context.Context) error { return service.PatchVertex(ctx, collection, id, fields) })
}

func (m *Module) graphAttributeSearch(call goja.FunctionCall) goja.Value {
	service, in := m.service(call, "graphAttributeSearch")
	collection, attribute, value := search(in)
	return m.rt.Async(func(ctx context.Context) (answer, error) {
		found, err := service.GraphAttributeSearch(ctx, collection, attribute, value)
		return m.parsed(found, err)
	})
}

// search reads what both searches begin with.
func search(in *args.Call) (collection, attribute, value string) {
	return in.Arg(0, "collection").Filled(), in.Arg(1, "attribute").Filled(), in.Arg(2, "value").Scalar()
}

func (m *Module) getImportSchema(call goja.FunctionCall) goja.Value {
	service, _ := m.service(call, "getImportSchema")
	return m.rt.Async(func(ctx context.Context) (answer, error) {
		schema, err := service.ImportSchema(ctx)
		if err != nil {
			return nil, err
		}
		return m.parsed(json.Marshal(map[string]json.RawMessage{"schema": schema}))
	})
}

func (m *Module) getModelStateID(call goja.FunctionCall) goja.Value {
	service, _ := m.service(call, "getModelStateId")
	return m.rt.Async(func(ctx context.Context) (answer, error) {
		id, err := service.SavePoint(ctx)
		if err != nil {
			return nil, err
		}
		if id == "" {
			return null, nil
		}
		return func(vm *goja.Runtime) (goja.Value, error) { return vm.ToValue(id), nil }, nil
	})
}

// parsed makes native objects of an answer's JSON.
func (m *Module) parsed(data []byte, err error) (answer, error) {
	if err != nil {
		return nil, err
	}
	return func(*goja.Runtime) (goja.Value, error) { return m.rt.ParseJSON(data) }, nil
}

func null(*goja.Runtime) (goja.Value, error) { return goja.Null(), nil }
