package script

import (
	"bytes"
	"context"

	"github.com/dop251/goja"
)

// maxJSONDepth is how deep values may nest: deeper ones are attacks, or mistakes.
const maxJSONDepth = 10_000

// maxJSONKeys is how many different keys of a text are kept to be shared by its objects.
const maxJSONKeys = 1024

// ParseJSON makes native JavaScript values of JSON text, as JSON.parse does but straight from the
// bytes: keys keep their order, of a key that comes twice the last value counts, "__proto__" is a
// key like any other. A byte order mark is skipped; invalid UTF-8 and halves of surrogate pairs,
// which no UTF-8 can carry on to anywhere, become U+FFFD. An error is a [*JSONError].
//
// Objects are set key by key. Calling a compiled constructor for each shape of object instead was
// measured to be no faster: what costs is the engine's property map, not the calls.
func (rt *Runtime) ParseJSON(data []byte) (goja.Value, error) {
	p := jsonParser{
		jsonText: jsonText{vm: rt.vm, data: data}, ctx: rt.ctx, keys: map[string]string{},
		build: (*jsonParser).plainObject, list: (*jsonParser).plainArray,
	}
	value, err := p.whole()
	if err != nil {
		return nil, err
	}
	return value.(goja.Value), nil
}

// jsonParser reads one text.
type jsonParser struct {
	jsonText
	ctx  context.Context
	keys map[string]string
	// values counts what was read so far.
	values int
	// build and list read an object and an array. Objects and arrays are values of the engine, or
	// what decode.go makes of them.
	build, list func(p *jsonParser, depth int) (any, error)
	shapes      shapes
	places      []uint32 // for scalars, to be used again
	reused      bool     // data is written over later: nothing may keep a part of it
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

// another counts a value. An interrupt does not reach native code, and a large text takes seconds.
func (p *jsonParser) another() error {
	if p.values++; p.values&0xfff == 0 && p.ctx.Err() != nil {
		return stopped(p.ctx)
	}
	return nil
}

func (p *jsonParser) value(depth int) (any, error) {
	if err := p.another(); err != nil {
		return nil, err
	}
	p.space()
	c := p.next()
	if c != '{' && c != '[' {
		return p.scalar()
	}
	if depth == maxJSONDepth {
		return nil, p.fault("values nest too deeply")
	}
	if c == '{' {
		return p.build(p, depth+1)
	}
	return p.list(p, depth+1)
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

// SetProperty makes a property of an object, whatever its prototype has to say about the name:
// "__proto__" is a name like any other.
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
