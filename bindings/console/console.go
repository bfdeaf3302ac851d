// Package console is the script's console over the run's log: log and info at level info, the
// others at the level of their name.
//
// Values are shown the way Node shows them in broad lines (inspect.go), format specifiers are
// replaced (format.go), and an error is shown with its stack in TypeScript terms. A value is only
// formatted when the log wants the level.
package console

import (
	"fmt"
	"strings"
	"time"

	"carjs/host/script"

	"github.com/dop251/goja"
	"github.com/hashicorp/go-hclog"
)

// Global is the package's row in the table of globals.
func Global() script.Global { return script.Global{Name: "console", Install: install} }

// console is that of one runtime.
type console struct {
	rt     *script.Runtime
	log    hclog.Logger
	indent string
	counts map[string]int
	starts map[string]time.Time
}

func install(rt *script.Runtime) error {
	c := &console{rt: rt, log: rt.Logger(), counts: map[string]int{}, starts: map[string]time.Time{}}
	object := rt.VM().NewObject()
	for name, f := range c.methods() {
		if err := object.Set(name, f); err != nil {
			return fmt.Errorf("set console.%s: %w", name, err)
		}
	}
	return rt.VM().GlobalObject().DefineDataProperty("console", object, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

type native = func(goja.FunctionCall) goja.Value

// methods is the table of what the console has.
func (c *console) methods() map[string]native {
	return map[string]native{
		"log":            c.at(hclog.Info),
		"info":           c.at(hclog.Info),
		"debug":          c.at(hclog.Debug),
		"warn":           c.at(hclog.Warn),
		"error":          c.at(hclog.Error),
		"trace":          c.trace,
		"assert":         c.assert,
		"dir":            c.dir,
		"dirxml":         c.at(hclog.Info),
		"table":          c.table,
		"count":          c.count,
		"countReset":     c.countReset,
		"time":           c.time,
		"timeLog":        c.timeLog,
		"timeEnd":        c.timeEnd,
		"group":          c.group,
		"groupCollapsed": c.group,
		"groupEnd":       c.groupEnd,
	}
}

// enabled tells whether the log wants a level.
func (c *console) enabled(level hclog.Level) bool {
	current := c.log.GetLevel()
	return current == hclog.NoLevel || level >= current
}

// write logs a text, indented by the groups it is in.
func (c *console) write(level hclog.Level, text string) {
	if c.indent != "" {
		text = c.indent + strings.ReplaceAll(text, "\n", "\n"+c.indent)
	}
	c.log.Log(level, text)
}

// at is the method that logs its arguments at a level.
func (c *console) at(level hclog.Level) native {
	return func(call goja.FunctionCall) goja.Value {
		if c.enabled(level) {
			c.write(level, c.format(call.Arguments))
		}
		return goja.Undefined()
	}
}

// trace logs its arguments and how the script came to be here.
func (c *console) trace(call goja.FunctionCall) goja.Value {
	if !c.enabled(hclog.Trace) {
		return goja.Undefined()
	}
	text := "Trace"
	if len(call.Arguments) > 0 {
		text += ": " + c.format(call.Arguments)
	}
	for _, frame := range c.rt.VM().CaptureCallStack(0, nil) {
		at := frame.Position()
		if at.Filename == "" || strings.HasPrefix(at.Filename, script.InternalPrefix) {
			continue
		}
		place := script.Frame{Func: frame.FuncName(), Position: script.Position{File: at.Filename, Line: at.Line, Column: at.Column}}
		if place.Func == "<anonymous>" {
			place.Func = ""
		}
		text += "\n    at " + place.String()
	}
	c.write(hclog.Trace, text)
	return goja.Undefined()
}

// assert logs an error when its first argument is not true.
func (c *console) assert(call goja.FunctionCall) goja.Value {
	if call.Argument(0).ToBoolean() || !c.enabled(hclog.Error) {
		return goja.Undefined()
	}
	text := "Assertion failed"
	if len(call.Arguments) > 1 {
		text += ": " + c.format(call.Arguments[1:])
	}
	c.write(hclog.Error, text)
	return goja.Undefined()
}

// dir logs one value, to the depth that the options name.
func (c *console) dir(call goja.FunctionCall) goja.Value {
	if !c.enabled(hclog.Info) {
		return goja.Undefined()
	}
	depth := defaultDepth
	if options, ok := call.Argument(1).(*goja.Object); ok {
		switch given := options.Get("depth"); {
		case given == nil || goja.IsUndefined(given):
		case goja.IsNull(given) || given.ToFloat() > maxDepth:
			depth = maxDepth
		default:
			depth = int(given.ToInteger())
		}
	}
	c.write(hclog.Info, c.inspect(call.Argument(0), depth))
	return goja.Undefined()
}

// labelOf is the first argument of the counting and timing methods.
func labelOf(call goja.FunctionCall) string {
	if label := call.Argument(0); !goja.IsUndefined(label) {
		return label.String()
	}
	return "default"
}

func (c *console) count(call goja.FunctionCall) goja.Value {
	label := labelOf(call)
	c.counts[label]++
	c.write(hclog.Info, fmt.Sprintf("%s: %d", label, c.counts[label]))
	return goja.Undefined()
}

func (c *console) countReset(call goja.FunctionCall) goja.Value {
	delete(c.counts, labelOf(call))
	return goja.Undefined()
}

func (c *console) time(call goja.FunctionCall) goja.Value {
	label := labelOf(call)
	if _, running := c.starts[label]; running {
		c.write(hclog.Warn, fmt.Sprintf("console.time: timer %q already exists", label))
		return goja.Undefined()
	}
	c.starts[label] = time.Now()
	return goja.Undefined()
}

func (c *console) timeLog(call goja.FunctionCall) goja.Value {
	if text, ok := c.elapsed("timeLog", labelOf(call)); ok {
		if len(call.Arguments) > 1 {
			text += " " + c.format(call.Arguments[1:])
		}
		c.write(hclog.Info, text)
	}
	return goja.Undefined()
}

func (c *console) timeEnd(call goja.FunctionCall) goja.Value {
	label := labelOf(call)
	if text, ok := c.elapsed("timeEnd", label); ok {
		delete(c.starts, label)
		c.write(hclog.Info, text)
	}
	return goja.Undefined()
}

func (c *console) elapsed(method, label string) (string, bool) {
	start, ok := c.starts[label]
	if !ok {
		c.write(hclog.Warn, fmt.Sprintf("console.%s: timer %q does not exist", method, label))
		return "", false
	}
	return fmt.Sprintf("%s: %s", label, time.Since(start).Round(time.Microsecond)), true
}

func (c *console) group(call goja.FunctionCall) goja.Value {
	if len(call.Arguments) > 0 && c.enabled(hclog.Info) {
		c.write(hclog.Info, c.format(call.Arguments))
	}
	c.indent += "  "
	return goja.Undefined()
}

func (c *console) groupEnd(goja.FunctionCall) goja.Value {
	c.indent = strings.TrimSuffix(c.indent, "  ")
	return goja.Undefined()
}
