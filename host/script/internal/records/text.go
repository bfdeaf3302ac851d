package records

import (
	"bytes"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"

	"carjs/host/esjson"

	"github.com/dop251/goja"
)

// text is JSON text of which values of the engine are made.
type text struct {
	esjson.Scanner
	in *Values
	vm *goja.Runtime // of which it uses no more, off the loop, than what makes scalars
	// script tells that the text is a string of a script: it may hold halves of surrogate pairs.
	// rounds tells that every number becomes a Number, as JSON.parse has it.
	script, rounds bool
	// lost are the members of numbers that have more digits than their value; "" until the member
	// is read. They are kept for parsers only.
	lost []string
}

func (in *Values) text(data []byte) text {
	return text{Scanner: esjson.Scanner{Data: data, UTF8: true}, in: in, vm: in.VM}
}

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
		if isNumber(c) {
			return t.number()
		}
		return nil, t.Unexpected("a value")
	}
}

// isNumber tells whether a number begins with a byte.
func isNumber(c byte) bool { return c == '-' || '0' <= c && c <= '9' }

func (t *text) quoted() (goja.Value, error) {
	raw, plain, err := t.Quoted()
	if err != nil {
		return nil, err
	}
	switch {
	case !plain:
		return t.in.String(esjson.Resolve(raw)), nil
	case t.script:
		return t.in.String(string(raw)), nil
	}
	return t.vm.ToValue(string(raw)), nil
}

func (t *text) number() (goja.Value, error) {
	start := t.Pos
	integer, err := t.Number()
	if err != nil {
		return nil, err
	}
	return t.valueOf(t.Data[start:t.Pos], integer)
}

// maxInteger is how many digits a BigInt may have: to make one of more takes long, and no data
// source means it.
const maxInteger = 100_000

// valueOf makes the value of a number. An integer that a Number does not hold exactly is a BigInt,
// unless the text is one that rounds.
func (t *text) valueOf(spelled []byte, integer bool) (goja.Value, error) {
	if integer && len(spelled) <= esjson.SafeDigits {
		if n, ok := small(spelled); ok {
			return t.vm.ToValue(n), nil
		}
	}
	if integer && !t.rounds && !isSafe(spelled) {
		if len(spelled) > maxInteger {
			return nil, t.Fault(fmt.Sprintf("an integer has %d digits, more than the %d that one may have", len(spelled), maxInteger))
		}
		n, _ := new(big.Int).SetString(string(spelled), 10)
		return t.vm.ToValue(n), nil
	}
	n, err := strconv.ParseFloat(string(spelled), 64)
	if err != nil && !math.IsInf(n, 0) {
		return nil, t.Fault(err.Error())
	}
	if integer == t.rounds && !keeps(n, spelled) {
		t.lost = append(t.lost, "")
	}
	return t.vm.ToValue(n), nil
}

// small reads an integer of few digits, but for "-0", which is a float of its own.
func small(spelled []byte) (n int64, ok bool) {
	negative := spelled[0] == '-'
	digits := spelled
	if negative {
		digits = spelled[1:]
	}
	for _, c := range digits {
		n = n*10 + int64(c-'0')
	}
	if negative {
		return -n, n != 0
	}
	return n, true
}

// keeps is [esjson.Keeps], which few numbers are worth a string for.
func keeps(n float64, spelled []byte) bool {
	return len(spelled) <= esjson.SafeDigits && !bytes.ContainsAny(spelled, "eE") || esjson.Keeps(n, string(spelled))
}

// isSafe tells whether an integer is one that a Number holds exactly.
func isSafe(spelled []byte) bool {
	n, err := strconv.ParseInt(string(spelled), 10, 64)
	return err == nil && -esjson.MaxSafe <= n && n <= esjson.MaxSafe
}

// Number is a number that is spelled in another way than JavaScript would spell it, or with more
// digits than its value has. It keeps its spelling, to be written as it came.
type Number struct {
	text  string
	value goja.Value
}

// kept reads a number as its value, or as a [*Number].
func (t *text) kept() (any, error) {
	start := t.Pos
	integer, err := t.Number()
	if err != nil {
		return nil, err
	}
	spelled := t.Data[start:t.Pos]
	value, err := t.valueOf(spelled, integer)
	if err != nil || integer && string(spelled) != "-0" || isPlain(spelled) {
		return value, err
	}
	return &Number{text: string(spelled), value: value}, nil
}

// isPlain tells whether a number with a fraction is spelled as JavaScript spells it. It may miss
// some that are.
func isPlain(spelled []byte) bool {
	return len(spelled) <= esjson.SafeDigits && spelled[len(spelled)-1] != '0' && !bytes.ContainsAny(spelled, "eE") &&
		!bytes.HasPrefix(bytes.TrimPrefix(spelled, []byte("-")), []byte("0.00000"))
}

// Loss are numbers of a text that have more digits than a Number holds.
type Loss struct {
	// Member is the name of the member that they are in; empty at the top.
	Member string
	Count  int
}

// nameLosses names the member of what was lost in it, where no inner one is named.
func (t *text) nameLosses(from int, member string) {
	for i := from; i < len(t.lost); i++ {
		if t.lost[i] == "" {
			t.lost[i] = member
		}
	}
}

// maxLosses is how many members are told apart: objects with data for names have any number.
const maxLosses = 100

// losses sums up what was lost, in the order of the text.
func losses(lost []string) []Loss { return addLosses(nil, lost) }

func addLosses(sums []Loss, lost []string) []Loss {
	for _, name := range lost {
		i := slices.IndexFunc(sums, func(l Loss) bool { return l.Member == name })
		if i < 0 {
			if len(sums) == maxLosses {
				continue
			}
			i, sums = len(sums), append(sums, Loss{Member: name})
		}
		sums[i].Count++
	}
	return sums
}
