package carjs

import (
	"context"
	"errors"
	"strings"

	"carjs/host/failure"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// kinds maps the classes of typed failures to their kinds, both ways.
var kinds = []struct {
	class string
	kind  failure.Kind
}{
	{"RecoverableFailure", failure.Recoverable},
	{"UnrecoverableFailure", failure.Unrecoverable},
	{"DatasourceFailure", failure.Datasource},
}

// Wrap makes the JavaScript object of a Go error: a typed failure becomes an instance of its class,
// so that a connector can catch it by class and read its code; everything else is an Error. It is
// the runtime's Wrap option; the runtime keeps the Go error with the object, so it comes back out
// unchanged.
func (m *Module) Wrap(rt *script.Runtime, err error) goja.Value {
	exports, loadErr := m.Exports(rt)
	if loadErr != nil {
		return rt.VM().NewGoError(err)
	}
	var notPossible *failure.NotPossible
	if errors.As(err, &notPossible) {
		return m.construct(rt, err, exports.Get("IncrementalImportNotPossible"), notPossible.Reason)
	}
	var f *failure.Failure
	if errors.As(err, &f) {
		for _, row := range kinds {
			if row.kind == f.Kind {
				options := rt.VM().NewObject()
				must(options.Set("code", f.Code))
				must(options.Set("hint", f.Hint))
				return m.construct(rt, err, exports.Get(row.class), f.Message, options)
			}
		}
	}
	return m.construct(rt, err, rt.VM().Get("Error"), err.Error())
}

func (m *Module) construct(rt *script.Runtime, cause error, class goja.Value, message string, more ...goja.Value) goja.Value {
	vm := rt.VM()
	object, err := vm.New(class, append([]goja.Value{vm.ToValue(message)}, more...)...)
	if err != nil {
		return vm.NewGoError(cause)
	}
	return object
}

// Failure makes the failure that ends a run of an error that came out of the runtime. The outermost
// typed failure in the chain of causes decides the kind, in whichever language it was made; an
// error without one is the connector's general failure. IncrementalImportNotPossible comes back as
// *failure.NotPossible.
func (m *Module) Failure(err error) error {
	var thrown *script.Error
	if !errors.As(err, &thrown) {
		return err
	}
	f := m.typed(thrown)
	if notPossible, ok := f.(*failure.NotPossible); ok {
		return notPossible
	}
	found, ok := f.(*failure.Failure)
	if !ok {
		found = untyped(thrown)
	}
	described := *found // the Go error may be shared by several throws; where it surfaced belongs to this one
	if described.At == "" && len(thrown.Stack) > 0 {
		described.At = thrown.Stack[0].Position.String()
	}
	described.Detail = strings.Trim(described.Detail+"\n"+detail(thrown), "\n")
	if described.Err == nil {
		described.Err = err
	}
	return &described
}

// typed walks from the thrown value along its causes to the first typed failure.
func (m *Module) typed(thrown *script.Error) error {
	var found error
	m.rt.Inspect(func() {
		m.rt.Causes(thrown.Value, func(object *goja.Object) bool {
			found = m.fromObject(object)
			return found == nil
		})
	})
	if found != nil {
		return found
	}
	// What is left are failures made in Go that are not behind an object of ours, such as a stopped
	// context.
	var notPossible *failure.NotPossible
	if errors.As(thrown.Cause, &notPossible) {
		return notPossible
	}
	var f *failure.Failure
	if errors.As(thrown.Cause, &f) {
		return f
	}
	return nil
}

// fromObject reads a typed failure off one JavaScript object, nil when it is none.
func (m *Module) fromObject(object *goja.Object) error {
	if m.exports == nil {
		return nil
	}
	vm := m.rt.VM()
	if vm.InstanceOf(object, m.exports.Get("IncrementalImportNotPossible").ToObject(vm)) {
		return &failure.NotPossible{Reason: textOf(object, "message")}
	}
	for _, row := range kinds {
		if !vm.InstanceOf(object, m.exports.Get(row.class).ToObject(vm)) {
			continue
		}
		// One that was made in Go has more to say than its object shows.
		var made *failure.Failure
		if errors.As(m.rt.GoError(object), &made) {
			return made
		}
		f := failure.New(row.kind, "%s", textOf(object, "message"))
		if row.kind != failure.Datasource {
			f.WithFault(failure.FaultConnector)
		}
		if code, ok := object.Get("code").Export().(int64); ok {
			f.WithCode(int(code))
		}
		f.Hint = textOf(object, "hint")
		return f
	}
	return nil
}

func textOf(object *goja.Object, property string) string {
	v := object.Get(property)
	if v == nil || goja.IsUndefined(v) || goja.IsNull(v) {
		return ""
	}
	return v.String()
}

// Limit is the failure of a script that a limit ended from outside, without the runtime.
func Limit(reason *script.Error) *failure.Failure {
	f := untyped(reason)
	f.At, f.Detail = reason.At().String(), detail(reason)
	return f
}

// untyped is the failure of a connector that threw something else.
func untyped(thrown *script.Error) *failure.Failure {
	if errors.Is(thrown.Cause, context.Canceled) || errors.Is(thrown.Cause, context.DeadlineExceeded) {
		return failure.From(thrown.Cause)
	}
	f := failure.New(failure.General, "%s", thrown.Error()).WithCause(thrown)
	for _, row := range limits {
		if errors.Is(thrown.Cause, row.limit) {
			return f.WithHint("%s", row.hint)
		}
	}
	return f.WithHint("fix the code at the position above; to give the platform another exit code, " +
		"throw a RecoverableFailure, UnrecoverableFailure or DatasourceFailure")
}

// limits are the limits of the runtime and what to do about them.
var limits = []struct {
	limit error
	hint  string
}{
	{
		script.ErrStack,
		"look for infinite recursion there; if the recursion is intended, raise -max-stack",
	},
	{script.ErrEndlessLoop, "look for an infinite loop there; if the computation is just long, raise -max-stretch"},
	{script.ErrMemory, "add objects as they arrive instead of collecting them; or raise -max-memory"},
	{script.ErrNeverSettled, "look for a promise whose resolve is never called"},
}

// detail is the code frame and the stack of what was thrown, for the connector's developer.
func detail(thrown *script.Error) string {
	var b strings.Builder
	b.WriteString(strings.Trim(thrown.CodeFrame, "\n"))
	for _, frame := range thrown.Stack {
		b.WriteString("\n    at ")
		if frame.Func != "" {
			b.WriteString(frame.Func + " ")
		}
		b.WriteString("(" + frame.Position.String() + ")")
	}
	for _, cause := range thrown.Causes {
		b.WriteString("\n" + strings.Repeat("  ", cause.Depth) + "caused by " + cause.String())
	}
	return strings.TrimLeft(b.String(), "\n")
}
