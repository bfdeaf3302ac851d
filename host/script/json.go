package script

import (
	"bytes"
	"context"
	"math"
	"strconv"

	"github.com/dop251/goja"
)

// maxJSONDepth is how deep values may nest: deeper ones are attacks, or mistakes.
const maxJSONDepth = 10_000

// maxJSONKeys is how many different keys of a text are kept to be shared by its objects.
const maxJSONKeys = 1024

// ParseJSON makes native JavaScript values of JSON text, as JSON.parse does but straight from the bytes: keys keep their order, of a key
// that comes twice the last value counts, "__proto__" is a key like any other. A byte order mark is skipped; invalid UTF-8
// and halves of surrogate pairs, which no UTF-8 can carry on to anywhere, become U+FFFD. An error is a [*JSONError].
//
// Objects are set key by key. Calling a compiled constructor for each shape of object instead was measured to be no
// faster: what costs is the engine's property map, not the calls.
func (rt *Runtime) ParseJSON(data []byte) (goja.Value, error) {
	p := jsonParser{vm: rt.vm, ctx: rt.ctx, data: data, keys: map[string]string{}, build: (*jsonParser).plainObject, list: (*jsonParser).plainArray}
	value, err := p.whole()
	if err != nil {
		return nil, err
	}
	return value.(goja.Value), nil
}

// jsonParser reads one text. A method that fails leaves pos at the fault.
type jsonParser struct {
	vm   *goja.Runtime // of which it uses no more, off the loop, than what makes scalars
	ctx  context.Context
	data []byte
	pos  int
	keys map[string]string
	// values counts what was read so far.
	values int
	// build and list read an object and an array. Objects and arrays are values of the engine, or what decode.go makes of them.
	build, list func(p *jsonParser, depth int) (any, error)
	shapes      shapes
}

// whole reads a text that is one value.
func (p *jsonParser) whole() (any, error) {
	if bytes.HasPrefix(p.data, []byte("\ufeff")) {
		p.pos = len("\ufeff")
	}
	value, err := p.value(0)
	if err != nil {
		return nil, err
	}
	if p.space(); p.pos < len(p.data) {
		return nil, p.fault("the value is over, but more follows")
	}
	return value, nil
}

// next returns the next byte, 0 at the end: a NUL byte is nowhere valid, so the two need not be told apart before the fault is described.
func (p *jsonParser) next() byte {
	if p.pos < len(p.data) {
		return p.data[p.pos]
	}
	return 0
}

func (p *jsonParser) space() {
	for p.pos < len(p.data) {
		switch p.data[p.pos] {
		case ' ', '\t', '\n', '\r':
			p.pos++
		default:
			return
		}
	}
}

func (p *jsonParser) value(depth int) (any, error) {
	// An interrupt does not reach native code, and a large text takes seconds.
	if p.values++; p.values&0xfff == 0 && p.ctx.Err() != nil {
		return nil, stopped(p.ctx)
	}
	p.space()
	switch c := p.next(); c {
	case '{', '[':
		if depth == maxJSONDepth {
			return nil, p.fault("values nest too deeply")
		}
		if c == '{' {
			return p.build(p, depth+1)
		}
		return p.list(p, depth+1)
	case '"':
		return p.text()
	case 't':
		return p.word("true", p.vm.ToValue(true))
	case 'f':
		return p.word("false", p.vm.ToValue(false))
	case 'n':
		return p.word("null", goja.Null())
	default:
		if c == '-' || '0' <= c && c <= '9' {
			return p.number()
		}
		return nil, p.unexpected("a value")
	}
}

func (p *jsonParser) word(word string, value goja.Value) (any, error) {
	if !bytes.HasPrefix(p.data[p.pos:], []byte(word)) {
		return nil, p.unexpected("a value")
	}
	p.pos += len(word)
	return value, nil
}

func (p *jsonParser) plainObject(depth int) (any, error) {
	object := p.vm.NewObject()
	return object, p.members(depth, func(name string, value any) error { return SetProperty(object, name, value.(goja.Value)) })
}

func (p *jsonParser) plainArray(depth int) (any, error) {
	var items []any
	err := p.items(depth, func(item any) { items = append(items, item) })
	return p.vm.NewArray(items...), err
}

// members reads the members of an object.
func (p *jsonParser) members(depth int, add func(name string, value any) error) error {
	p.pos++
	if p.space(); p.next() == '}' {
		p.pos++
		return nil
	}
	for {
		if p.space(); p.next() != '"' {
			return p.unexpected("a key in double quotes")
		}
		key, err := p.key()
		if err != nil {
			return err
		}
		if p.space(); p.next() != ':' {
			return p.unexpected(`":"`)
		}
		p.pos++
		value, err := p.value(depth)
		if err != nil {
			return err
		}
		if err := add(key, value); err != nil {
			return err
		}
		switch p.space(); p.next() {
		case ',':
			p.pos++
		case '}':
			p.pos++
			return nil
		default:
			return p.unexpected(`"," or "}"`)
		}
	}
}

// items reads the items of an array.
func (p *jsonParser) items(depth int, add func(item any)) error {
	p.pos++
	if p.space(); p.next() == ']' {
		p.pos++
		return nil
	}
	for {
		item, err := p.value(depth)
		if err != nil {
			return err
		}
		add(item)
		switch p.space(); p.next() {
		case ',':
			p.pos++
		case ']':
			p.pos++
			return nil
		default:
			return p.unexpected(`"," or "]"`)
		}
	}
}

// SetProperty makes a property of an object, whatever its prototype has to say about the name: "__proto__" is a name
// like any other.
func SetProperty(object *goja.Object, name string, value goja.Value) error {
	// Set is the faster one, but heeds setters (of which there is this one) and frozen prototypes.
	if name != "__proto__" && object.Set(name, value) == nil {
		return nil
	}
	return object.DefineDataProperty(name, value, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE)
}

func (p *jsonParser) key() (string, error) {
	raw, plain, err := p.quoted()
	if err != nil {
		return "", err
	}
	if !plain {
		return unescape(raw), nil
	}
	name, known := p.keys[string(raw)]
	if !known {
		name = valid(raw)
		if len(p.keys) < maxJSONKeys {
			p.keys[string(raw)] = name
		}
	}
	return name, nil
}

func (p *jsonParser) text() (any, error) {
	raw, plain, err := p.quoted()
	if err != nil {
		return nil, err
	}
	if plain {
		return p.vm.ToValue(valid(raw)), nil
	}
	return p.vm.ToValue(unescape(raw)), nil
}

func (p *jsonParser) number() (any, error) {
	start := p.pos
	if p.next() == '-' {
		p.pos++
	}
	whole := p.pos
	if p.digits() == 0 {
		return nil, p.unexpected("a digit")
	}
	if p.data[whole] == '0' && p.pos > whole+1 {
		p.pos = whole + 1
		return nil, p.fault("a number does not start with 0")
	}
	integer := true
	if p.next() == '.' {
		integer = false
		if p.pos++; p.digits() == 0 {
			return nil, p.unexpected("a digit")
		}
	}
	if c := p.next(); c == 'e' || c == 'E' {
		integer = false
		p.pos++
		if c := p.next(); c == '+' || c == '-' {
			p.pos++
		}
		if p.digits() == 0 {
			return nil, p.unexpected("a digit")
		}
	}
	spelled := string(p.data[start:p.pos])
	// An integer that a float64 holds exactly; "-0" is a float of its own.
	if integer && len(spelled) <= 15 && spelled != "-0" {
		n, err := strconv.ParseInt(spelled, 10, 64)
		return p.vm.ToValue(n), err
	}
	n, err := strconv.ParseFloat(spelled, 64)
	if err != nil && !math.IsInf(n, 0) {
		return nil, p.fault(err.Error())
	}
	return p.vm.ToValue(n), nil
}

func (p *jsonParser) digits() int {
	start := p.pos
	for c := p.next(); '0' <= c && c <= '9'; c = p.next() {
		p.pos++
	}
	return p.pos - start
}
