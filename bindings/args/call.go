// Package args is the one reader of what a script passes to a native function: it takes arguments
// and options by what they should be, and refuses what they are not with a sentence that names the
// function, the argument and what was given instead.
//
// [Call] is one call, [Arg] one value of it (an argument, an option, an item of a list), with a
// getter for each kind of value; [ID] is the one notion of an id. What is refused is thrown as a
// TypeError that carries a failure of the connector, so a run that it ends has exit code 1 and the
// line in TypeScript. [Module] makes a module of a table of functions that read their arguments
// here. What a function does with its arguments lives in its module, and so does the conversion
// that a web standard prescribes, as for console and URL.
package args

import (
	"context"
	"fmt"

	"carjs/host/failure"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// Call is one call of a native function. A method that refuses something throws into the script and
// does not return.
type Call struct {
	rt   *script.Runtime
	name string
	args []goja.Value
	// bytesClass is the class of what Bytes makes; nil takes the script's Uint8Array.
	bytesClass goja.Value
}

// Of is the call of a function by the name that messages show, such as "carService.delete".
func Of(rt *script.Runtime, call goja.FunctionCall, name string) *Call {
	return &Call{rt: rt, name: name, args: call.Arguments}
}

// VM returns the engine.
func (c *Call) VM() *goja.Runtime { return c.rt.VM() }

// Value returns an argument as it is, undefined when it is not there.
func (c *Call) Value(i int) goja.Value {
	if i < len(c.args) {
		return c.args[i]
	}
	return goja.Undefined()
}

// Arg is an argument, by its place and the name that messages show.
func (c *Call) Arg(i int, name string) Arg { return Arg{call: c, name: name, v: c.Value(i)} }

// Of is a value that reached the function on another way than as an argument.
func (c *Call) Of(name string, v goja.Value) Arg { return Arg{call: c, name: name, v: v} }

// Misuse throws a TypeError: the connector's code is wrong, whatever the data.
func (c *Call) Misuse(format string, args ...any) {
	c.refuse("fix the call at the position above", fmt.Sprintf(format, args...))
}

func (c *Call) refuse(hint, message string) {
	c.rt.ThrowTypeError(failure.New(failure.General, "%s: %s", c.name, message).WithHint("%s", hint))
}

// Malformed throws a failure of the data source: the data is not what the function reads.
func (c *Call) Malformed(cause error, format string, args ...any) {
	c.rt.Throw(failure.New(failure.Datasource, "%s: %s", c.name, fmt.Sprintf(format, args...)).
		WithCode(failure.CodeDatasourceDataProcess).WithCause(cause))
}

// BadSetting throws a failure whose cause is most likely a setting, such as a key.
func (c *Call) BadSetting(hint, format string, args ...any) {
	c.rt.Throw(failure.New(failure.General, "%s: %s", c.name, fmt.Sprintf(format, args...)).
		WithFault(failure.FaultSettings).WithHint("%s", hint))
}

// Rethrow throws what a function of the engine returned as its error.
func (c *Call) Rethrow(err error) { c.rt.Throw(err) }

// Alive throws when the run is over. Natives that work for long ask now and then, because an
// interrupt does not reach them.
func (c *Call) Alive() {
	if ctx := c.rt.Context(); ctx.Err() != nil {
		c.rt.Throw(fmt.Errorf("%s: stopped: %w", c.name, context.Cause(ctx)))
	}
}
