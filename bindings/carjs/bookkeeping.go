package carjs

import (
	"context"
	"encoding/json"

	"carjs/host/model"

	"github.com/dop251/goja"
)

// The calls of carService that a run makes by itself, for connectors that want them at another
// moment.

func (m *Module) saveModelStateID(call goja.FunctionCall) goja.Value {
	service, in := m.service(call, "saveModelStateId")
	given := in.Arg(0, "id")
	if !given.Given() {
		given.Refuse("use resetModelStateId() to clear the save point", "is missing: there is no save point to store")
	}
	id := given.ID()
	return m.async(func(ctx context.Context) error { return service.SetSavePoint(ctx, id) })
}

func (m *Module) resetModelStateID(call goja.FunctionCall) goja.Value {
	service, _ := m.service(call, "resetModelStateId")
	return m.async(service.ResetSavePoint)
}

func (m *Module) createDatabase(call goja.FunctionCall) goja.Value {
	service, _ := m.service(call, "createDatabase")
	return m.rt.Async(func(ctx context.Context) (answer, error) {
		created, err := service.PrepareDatabase(ctx)
		if err != nil {
			return nil, err
		}
		return func(vm *goja.Runtime) (goja.Value, error) { return vm.ToValue(created), nil }, nil
	})
}

func (m *Module) getExtension(call goja.FunctionCall) goja.Value {
	service, in := m.service(call, "getExtension")
	key := in.Arg(0, "key").Filled()
	return m.rt.Async(func(ctx context.Context) (answer, error) {
		extension, err := service.Extension(ctx, key)
		if err != nil {
			return nil, err
		}
		if extension == nil {
			return null, nil
		}
		return m.parsed(json.Marshal(extension))
	})
}

func (m *Module) setExtension(call goja.FunctionCall) goja.Value {
	service, in := m.service(call, "setExtension")
	given := in.Arg(0, "extension")
	extension, err := model.ParseExtension(given.JSONObject())
	if err != nil {
		given.Misuse("has a mistake: %v", err)
	}
	return m.async(func(ctx context.Context) error { return service.PutExtension(ctx, extension) })
}
