package carjs

import (
	"context"
	"encoding/json"
	"fmt"

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

func (m *Module) service(function string) Service {
	if m.host == nil {
		m.rt.Throw(failure.New(failure.General, "carService.%s was called before the run began", function))
	}
	return m.host.Service()
}

func (m *Module) delete(call goja.FunctionCall) goja.Value {
	service := m.service("delete")
	collection, ids := call.Argument(0).String(), m.strings(call.Argument(1))
	return m.async(func(ctx context.Context) error { return service.Delete(ctx, collection, ids) })
}

func (m *Module) searchCollection(call goja.FunctionCall) goja.Value {
	service := m.service("searchCollection")
	collection, attribute, value := call.Argument(0).String(), call.Argument(1).String(), call.Argument(2).String()
	fields := m.strings(call.Argument(3))
	return m.rt.Async(func(ctx context.Context) (answer, error) {
		rows, err := service.SearchCollection(ctx, collection, attribute, value, fields)
		if err != nil {
			return nil, err
		}
		if rows == nil {
			return null, nil
		}
		return m.parsed(json.Marshal(map[string]any{collection: rows}))
	})
}

func (m *Module) queryGraphql(call goja.FunctionCall) goja.Value {
	service := m.service("queryGraphql")
	query := call.Argument(0).String()
	var variables map[string]any
	if given, ok := call.Argument(1).(*goja.Object); ok {
		encoded, err := given.MarshalJSON()
		if err == nil {
			err = json.Unmarshal(encoded, &variables)
		}
		if err != nil {
			m.rt.Throw(fmt.Errorf("read the variables of the query: %w", err))
		}
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
	service := m.service("edgePatch")
	edge := m.object("edgePatch", call.Argument(1))
	collection, from, to := textOf(edge, "edge_type"), textOf(edge, "from"), textOf(edge, "to")
	fields := m.fields("edgePatch", call.Argument(2))
	return m.async(func(ctx context.Context) error { return service.PatchEdge(ctx, collection, from, to, fields) })
}

func (m *Module) databasePatchValue(call goja.FunctionCall) goja.Value {
	service := m.service("databasePatchValue")
	given := m.fields("databasePatchValue", call.Argument(0))
	collection, _ := given["resource_type"].(string)
	id := fmt.Sprint(given["resource_id"])
	// CAR takes one of the two; the name wins, as in the Python framework.
	fields := map[string]any{}
	if name, ok := given["name"]; ok {
		fields["name"] = name
	} else if update, ok := given["pending_update"]; ok {
		fields["pending_update"] = update
	}
	return m.async(func(ctx context.Context) error { return service.PatchVertex(ctx, collection, id, fields) })
}

func (m *Module) graphAttributeSearch(call goja.FunctionCall) goja.Value {
	service := m.service("graphAttributeSearch")
	collection, attribute, value := call.Argument(0).String(), call.Argument(1).String(), call.Argument(2).String()
	return m.rt.Async(func(ctx context.Context) (answer, error) {
		found, err := service.GraphAttributeSearch(ctx, collection, attribute, value)
		return m.parsed(found, err)
	})
}

func (m *Module) getImportSchema(goja.FunctionCall) goja.Value {
	service := m.service("getImportSchema")
	return m.rt.Async(func(ctx context.Context) (answer, error) {
		schema, err := service.ImportSchema(ctx)
		if err != nil {
			return nil, err
		}
		return m.parsed(json.Marshal(map[string]json.RawMessage{"schema": schema}))
	})
}

func (m *Module) getModelStateID(goja.FunctionCall) goja.Value {
	service := m.service("getModelStateId")
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

// fields reads an object argument as JSON fields.
func (m *Module) fields(function string, v goja.Value) map[string]any {
	encoded, err := m.object(function, v).MarshalJSON()
	fields := map[string]any{}
	if err == nil {
		err = json.Unmarshal(encoded, &fields)
	}
	if err != nil {
		m.rt.Throw(fmt.Errorf("read the fields of %s: %w", function, err))
	}
	return fields
}

// parsed makes native objects of an answer's JSON.
func (m *Module) parsed(data []byte, err error) (answer, error) {
	if err != nil {
		return nil, err
	}
	return func(*goja.Runtime) (goja.Value, error) { return m.rt.ParseJSON(data) }, nil
}

func null(*goja.Runtime) (goja.Value, error) { return goja.Null(), nil }
