package script

import (
	"reflect"
	"slices"
	"unsafe"

	"github.com/dop251/goja"
)

// The engine copies both strings when it adds them, so that a text made of n pieces costs n copies
// of what there is so far. Programs are rewritten to add with [Runtime.plus], which keeps the texts
// that grow in buffers with room behind them.
const (
	// growsFrom is the length from which a text is kept, in units of UTF-16. A copy of less is
	// cheaper than the search for its buffer.
	growsFrom = 512
	// mostGrowing is how many texts are kept at a time, and mostKept how long they are together,
	// the newest aside: a script that has dropped a long text should get its memory back.
	mostGrowing = 8
	mostKept    = 16 << 20
)

// growing are the texts that additions made last, the newest first.
type growing []*grown

// grown is what an addition made.
type grown struct {
	text goja.String // keeps its place from being used again
	id   identity
	// buffer begins with the text and has room for more. It is nil for a text that was added to
	// once: most are not added to again.
	buffer *goja.StringBuilder
}

// identity tells a string from all others that are alive: where its units are in memory, and how
// many. What is behind them may be those of a longer one that grew out of it.
type identity struct {
	at     unsafe.Pointer
	length int
}

// identify returns the identity of a string. It is not ok for one that has none yet, because it came
// from Go and the engine has not looked at it.
func identify(text goja.String) (id identity, ok bool) {
	switch v := reflect.ValueOf(text); v.Kind() {
	case reflect.String, reflect.Slice: // ASCII, and UTF-16 with a mark in front
		return identity{v.UnsafePointer(), v.Len()}, true
	default:
		return identity{}, false
	}
}

// plus is left + right, for a left that is likely to be a text that grows.
func (rt *Runtime) plus(call goja.FunctionCall) goja.Value {
	left, right := call.Arguments[0], call.Arguments[1]
	text, isText := left.(goja.String)
	if !isText {
		return rt.add(left, right)
	}
	piece, isText := right.(goja.String)
	if !isText {
		switch right.(type) {
		case *goja.Object, *goja.Symbol: // may call the script's own code, or throw
			return rt.add(left, right)
		}
		piece = rt.vm.ToValue(right.String()).(goja.String)
	}
	id, ok := identify(text)
	if !ok && len(text.String()) >= growsFrom {
		text = text.Substring(0, text.Length()) // has the engine look at it
		id, ok = identify(text)
	}
	if !ok || id.length < growsFrom {
		return text.Concat(piece)
	}
	if length := id.length + piece.Length(); piece.Length() >= largeSize || length > maxString {
		rt.mayMake(float64(length), longString)
	}
	return rt.growing.add(text, id, piece)
}

// add leaves an addition to the engine.
func (rt *Runtime) add(left, right goja.Value) goja.Value {
	sum, err := rt.intrinsics.add(goja.Undefined(), left, right)
	if err != nil {
		panic(err) // the script's own
	}
	return sum
}

// add is text + piece.
//
// A buffer is written behind the text only, and by nobody but the one entry that ends there, so that
// no string that shares the memory changes.
func (g *growing) add(text goja.String, id identity, piece goja.String) goja.String {
	for i, known := range *g {
		if known.id != id {
			continue
		}
		if known.buffer == nil {
			known.buffer = new(goja.StringBuilder)
			known.buffer.Grow(2 * id.length)
			known.buffer.WriteString(text)
		}
		known.buffer.WriteString(piece)
		known.text = known.buffer.String()
		known.id, _ = identify(known.text)
		if i > 0 {
			copy((*g)[1:i+1], (*g)[:i])
			(*g)[0] = known
		}
		return known.text
	}
	sum := text.Concat(piece)
	if id, ok := identify(sum); ok && id.length >= growsFrom {
		g.keep(&grown{text: sum, id: id})
	}
	return sum
}

// keep puts a text in front and drops the oldest ones that are too many.
func (g *growing) keep(text *grown) {
	kept, length := 0, 0
	for kept < min(len(*g), mostGrowing-1) {
		if length += (*g)[kept].id.length; length > mostKept {
			break
		}
		kept++
	}
	clear((*g)[kept:])
	*g = slices.Insert((*g)[:kept], 0, text)
}
