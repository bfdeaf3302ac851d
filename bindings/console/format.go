package console

import (
	"math"
	"strconv"
	"strings"

	"github.com/dop251/goja"
)

// format makes one text of the arguments of a logging method: the specifiers of a first text take
// arguments, the others follow with a blank between.
func (c *console) format(args []goja.Value) string {
	if len(args) == 0 {
		return ""
	}
	var b strings.Builder
	if goja.IsString(args[0]) {
		args = c.expand(&b, args[0].String(), args[1:])
	} else {
		b.WriteString(c.inspect(args[0], defaultDepth))
		args = args[1:]
	}
	for _, arg := range args {
		b.WriteByte(' ')
		if goja.IsString(arg) {
			b.WriteString(arg.String())
		} else {
			b.WriteString(c.inspect(arg, defaultDepth))
		}
	}
	return b.String()
}

// expand writes a text with its specifiers replaced and returns the arguments that are left.
// Without arguments only %% is one, if not even that: a lone text is shown as it is.
func (c *console) expand(b *strings.Builder, text string, args []goja.Value) []goja.Value {
	if len(args) == 0 {
		b.WriteString(text)
		return nil
	}
	for {
		i := strings.IndexByte(text, '%')
		if i < 0 || i+1 == len(text) {
			b.WriteString(text)
			return args
		}
		b.WriteString(text[:i])
		verb := text[i+1]
		switch {
		case verb == '%':
			b.WriteByte('%')
		case len(args) > 0 && strings.IndexByte("sdifjoOc", verb) >= 0:
			b.WriteString(c.specifier(verb, args[0]))
			args = args[1:]
		default:
			b.WriteString(text[i : i+2])
		}
		text = text[i+2:]
	}
}

// specifier is the text of one argument.
func (c *console) specifier(verb byte, arg goja.Value) string {
	switch verb {
	case 's':
		if object, ok := arg.(*goja.Object); ok {
			return c.asString(object)
		}
		if goja.IsString(arg) {
			return arg.String()
		}
		return c.inspect(arg, 0)
	case 'd':
		return number(arg, func(f float64) float64 { return f })
	case 'i':
		return number(arg, math.Trunc)
	case 'f':
		return number(arg, func(f float64) float64 { return f })
	case 'j':
		return c.asJSON(arg)
	case 'o':
		return c.inspect(arg, 4)
	case 'O':
		return c.inspect(arg, defaultDepth)
	}
	return "" // %c styles, and a log has no style
}

// asString is %s of an object: what its own toString says, or how it is inspected.
func (c *console) asString(object *goja.Object) string {
	if object.ClassName() == "Error" {
		return c.inspect(object, 0)
	}
	text := ""
	if c.rt.VM().Try(func() { text = object.String() }) != nil || strings.HasPrefix(text, "[object ") || object.ClassName() == "Array" {
		return c.inspect(object, 0)
	}
	return text
}

func (c *console) asJSON(arg goja.Value) string {
	object, ok := arg.(*goja.Object)
	if !ok {
		if goja.IsString(arg) {
			return strconv.Quote(arg.String())
		}
		return arg.String()
	}
	text, err := object.MarshalJSON()
	if err != nil {
		return "[Circular]"
	}
	return string(text)
}

func number(arg goja.Value, convert func(float64) float64) string {
	switch arg.(type) {
	case *goja.Object, *goja.Symbol:
		return "NaN"
	}
	if isBigInt(arg) {
		return arg.String() + "n"
	}
	f := convert(arg.ToFloat())
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == 0 && math.Signbit(f):
		return "-0"
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}
