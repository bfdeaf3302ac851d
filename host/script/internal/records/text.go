package records

import (
	"math"
	"strconv"

	"carjs/host/esjson"

	"github.com/dop251/goja"
)

// text is JSON text of which values of the engine are made.
type text struct {
	esjson.Scanner
	vm *goja.Runtime // of which it uses no more, off the loop, than what makes scalars
}

func (in *Values) text(data []byte) text { return text{esjson.Scanner{Data: data, UTF8: true}, in.VM} }

// scalar reads a value that is neither object nor array.
func (t *text) scalar() (goja.Value, error) {
	switch c := t.Next(); c {
	case '"':
		return t.quoted()
	case 't':
		return t.vm.ToValue(true), t.Word("true")
	case 'f':
		return t.vm.ToValue(false), t.Word("false")
	case 'n':
		return goja.Null(), t.Word("null")
	default:
		if c == '-' || '0' <= c && c <= '9' {
			return t.number()
		}
		return nil, t.Unexpected("a value")
	}
}

func (t *text) quoted() (goja.Value, error) {
	raw, plain, err := t.Quoted()
	if err != nil {
		return nil, err
	}
	if plain {
		return t.vm.ToValue(string(raw)), nil
	}
	return t.vm.ToValue(esjson.Unescape(raw)), nil
}

func (t *text) number() (goja.Value, error) {
	start := t.Pos
	integer, err := t.Number()
	if err != nil {
		return nil, err
	}
	spelled := string(t.Data[start:t.Pos])
	// An integer that a float64 holds exactly; "-0" is a float of its own.
	if integer && len(spelled) <= 15 && spelled != "-0" {
		n, err := strconv.ParseInt(spelled, 10, 64)
		return t.vm.ToValue(n), err
	}
	n, err := strconv.ParseFloat(spelled, 64)
	if err != nil && !math.IsInf(n, 0) {
		return nil, t.Fault(err.Error())
	}
	return t.vm.ToValue(n), nil
}
