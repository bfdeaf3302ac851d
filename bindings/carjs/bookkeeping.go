package carjs

import (
	"context"
	"encoding/json"
	"fmt"

	"carjs/host/failure"
	"carjs/host/model"

	"github.com/dop251/goja"
)

// The calls of carService that a run makes by itself, for connectors that want them at another
// moment.

func (m *Module) saveModelStateID(call goja.FunctionCall) goja.Value {
	service := m.service("saveModelStateId")
	id := call.Argument(0)
	if goja.IsUndefined(id) || goja.IsNull(id) {
		m.rt.Throw(failure.New(failure.General, "saveModelStateId was given no save point").
			WithHint("resetModelStateId() takes the save point away"))
	}
	text := id.String()
	return m.async(func(ctx context.Context) error { return service.SetSavePoint(ctx, text) })
}

func (m *Module) resetModelStateID(goja.FunctionCall) goja.Value {
	return m.async(m.service("resetModelStateId").ResetSavePoint)
}

func (m *Module) createDatabase(goja.FunctionCall) goja.Value {
	service := m.service("createDatabase")
	return m.rt.Async(func(ctx context.Context) (answer, error) {
		created, err := service.PrepareDatabase(ctx)
		if err != nil {
			return nil, err
		}
		return func(vm *goja.Runtime) (goja.Value, error) { return vm.ToValue(created), nil }, nil
	})
}

func (m *Module) getExtension(call goja.FunctionCall) goja.Value {
	service := m.service("getExtension")
	key := call.Argument(0).String()
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
	service := m.service("setExtension")
	encoded, err := m.object("setExtension", call.Argument(0)).MarshalJSON()
	if err != nil {
		m.rt.Throw(fmt.Errorf("read the extension given to setExtension: %w", err))
	}
	extension, err := model.ParseExtension(encoded)
	if err != nil {
		m.rt.Throw(failure.New(failure.General, "setExtension was given an extension with a mistake: %v", err).WithCause(err))
	}
	return m.async(func(ctx context.Context) error { return service.PutExtension(ctx, extension) })
}
