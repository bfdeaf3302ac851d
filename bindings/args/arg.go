package args

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dop251/goja"

	"carjs/host/script"
)

// Arg is one value of a call: an argument, an option, or an item of a list. Its getters refuse what
// is not of their kind; those whose names end in Or take another value where none is given.
type Arg struct {
	call *Call
	// prefix and name are how messages call it; they are joined when there is a message.
	prefix, name string
	v            goja.Value
}

// Name is how messages call it, such as "the option level" or "ids[2]".
func (a Arg) Name() string { return a.prefix + a.name }

// Value returns it as it is.
func (a Arg) Value() goja.Value { return a.v }

// Given tells whether it is there: neither undefined nor null.
func (a Arg) Given() bool { return !Absent(a.v) }

// IsText tells whether it is a text.
func (a Arg) IsText() bool {
	_, ok := a.v.(goja.String)
	return ok
}

// Misuse throws a TypeError about it: what is said of it, such as "must be a path".
func (a Arg) Misuse(format string, args ...any) {
	a.call.Misuse("%s %s", a.Name(), fmt.Sprintf(format, args...))
}

// Refuse is Misuse with the next step for whoever reads it.
func (a Arg) Refuse(hint, format string, args ...any) {
	a.call.refuse(hint, a.Name()+" "+fmt.Sprintf(format, args...))
}

// MustBe is Misuse of what is of another kind; what it is is named without its value, which may be
// a secret.
func (a Arg) MustBe(what string) { a.Misuse("must be %s, not %s", what, Describe(a.v)) }

// Text reads a text.
func (a Arg) Text() string {
	text, ok := a.v.(goja.String)
	if !ok {
		a.MustBe("a text")
	}
	return text.String()
}

// TextOr is Text for what may be missing.
func (a Arg) TextOr(otherwise string) string {
	if !a.Given() {
		return otherwise
	}
	return a.Text()
}

// OneOf reads one of some words, the first of which is meant when it is missing.
func (a Arg) OneOf(words ...string) string {
	text := a.TextOr(words[0])
	if !slices.Contains(words, text) {
		a.Misuse("must be %s, not %q", quotedOr(words), text)
	}
	return text
}

// quotedOr is `"a", "b" or "c"`.
func quotedOr(words []string) string {
	var b strings.Builder
	for i, word := range words {
		switch {
		case i == 0:
		case i == len(words)-1:
			b.WriteString(" or ")
		default:
			b.WriteString(", ")
		}
		b.WriteString(strconv.Quote(word))
	}
	return b.String()
}

// Filled reads a text that is not empty.
func (a Arg) Filled() string {
	text := a.Text()
	if text == "" {
		a.Misuse("must not be empty")
	}
	return text
}

// Scalar reads a text, a number, a boolean or a BigInt as text. Numbers are in decimal digits, and
// whole ones must be exact.
func (a Arg) Scalar() string {
	switch text, isText := a.v.(goja.String); {
	case isText:
		return script.Text(text)
	case a.isNumber():
		f := a.v.ToFloat()
		if n, ok := whole(a.v); ok {
			return strconv.FormatInt(n, 10)
		}
		if f != math.Trunc(f) && !math.IsNaN(f) {
			return strconv.FormatFloat(f, 'f', -1, 64)
		}
		a.Refuse(hintUnsafe, "must be a number with exact digits, not %s", a.v)
	case a.scalarType() == boolType, a.scalarType() == bigIntType:
		return a.v.String()
	}
	a.MustBe("a text, a number, a boolean or a BigInt")
	return ""
}

// Bool reads true or false.
func (a Arg) Bool() bool {
	if a.scalarType() != boolType {
		a.MustBe("true or false")
	}
	return a.v.ToBoolean()
}

// BoolOr is Bool for what may be missing.
func (a Arg) BoolOr(otherwise bool) bool {
	if !a.Given() {
		return otherwise
	}
	return a.Bool()
}

// Integer reads a whole number from low to high.
func (a Arg) Integer(low, high int64) int64 {
	if a.isNumber() {
		n, ok := whole(a.v)
		if ok && n >= low && n <= high {
			return n
		}
		a.Misuse("must be a whole number from %d to %d, not %s", low, high, a.v)
	}
	a.MustBe(fmt.Sprintf("a whole number from %d to %d", low, high))
	return 0
}

// IntegerOr is Integer for what may be missing.
func (a Arg) IntegerOr(otherwise, low, high int64) int64 {
	if !a.Given() {
		return otherwise
	}
	return a.Integer(low, high)
}

// NumberOr reads a number that is not below least.
func (a Arg) NumberOr(otherwise, least float64) float64 {
	if !a.Given() {
		return otherwise
	}
	if !a.isNumber() {
		a.MustBe("a number")
	}
	f := a.v.ToFloat()
	if math.IsNaN(f) || f < least {
		a.Misuse("must be a number from %v up, not %s", least, a.v)
	}
	return f
}

// DurationOr reads a number of milliseconds that is not below least; what is above most counts as
// most.
func (a Arg) DurationOr(otherwise, least, most time.Duration) time.Duration {
	ms := a.NumberOr(float64(otherwise)/float64(time.Millisecond), float64(least)/float64(time.Millisecond))
	if ms >= float64(most)/float64(time.Millisecond) {
		return most
	}
	return time.Duration(ms * float64(time.Millisecond))
}

const wantBytes = "bytes (ArrayBuffer, typed array)"

// Data reads a text, which counts as its UTF-8, or bytes. The bytes of a buffer are not copied: who
// keeps them sees what the script does to them.
func (a Arg) Data() []byte {
	if a.IsText() {
		return []byte(a.v.String())
	}
	data, ok := Bytes(a.call.VM(), a.v)
	if !ok {
		a.MustBe("a text or " + wantBytes)
	}
	return data
}

// Buffer reads bytes, without a copy.
func (a Arg) Buffer() []byte {
	data, ok := Bytes(a.call.VM(), a.v)
	if !ok {
		a.MustBe(wantBytes)
	}
	return data
}

// Function reads a function.
func (a Arg) Function() goja.Callable {
	f, ok := goja.AssertFunction(a.v)
	if !ok {
		a.MustBe("a function")
	}
	return f
}

// IsFunction tells whether it is a function.
func (a Arg) IsFunction() bool {
	_, ok := goja.AssertFunction(a.v)
	return ok
}
