package records

import (
	"bytes"
	"context"

	"carjs/host/esjson"

	"github.com/dop251/goja"
)

// maxKeys is how many different keys of a text are kept to be shared by its objects.
const maxKeys = 1024

// Parse makes native JavaScript values of JSON text, much as JSON.parse does but straight from the
// bytes: keys keep their order, of a key that comes twice the last value counts, "__proto__" is a
// key like any other. An integer that a Number does not hold exactly is a BigInt; what other
// numbers lost is told. A byte order mark is skipped. Invalid UTF-8 is an error: two names must not
// become one. An error is a [*esjson.SyntaxError].
//
// Objects are set key by key. Calling a compiled constructor for each shape of object instead was
// measured to be no faster: what costs is the engine's property map, not the calls.
func (in *Values) Parse(ctx context.Context, data []byte) (goja.Value, []Loss, error) {
	p := in.parser(ctx, data)
	p.build, p.list = (*parser).plainObject, (*parser).plainArray
	value, err := p.whole()
	if err != nil {
		return nil, nil, err
	}
	return value.(goja.Value), losses(p.lost), nil
}

// Rounded makes values as [Values.Parse] does, but for numbers: each of them is a Number, as
// JSON.parse has it, and integers are what is told of losses.
func (in *Values) Rounded(ctx context.Context, data []byte) (goja.Value, []Loss, error) {
	p := in.parser(ctx, data)
	p.rounds = true
	p.build, p.list = (*parser).plainObject, (*parser).plainArray
	value, err := p.whole()
	if err != nil {
		return nil, nil, err
	}
	return value.(goja.Value), losses(p.lost), nil
}

func (in *Values) parser(ctx context.Context, data []byte) *parser {
	return &parser{text: in.text(data), ctx: ctx, stopped: in.Stopped, keys: map[string]string{}, maxDepth: esjson.MaxDepth}
}

// parser reads one text.
type parser struct {
	text
	ctx     context.Context
	stopped func(context.Context) error
	keys    map[string]string
	// values counts what was read so far.
	values int
	// build and list read an object and an array. Objects and arrays are values of the engine, or
	// what decode.go makes of them.
	build, list func(p *parser, depth int) (any, error)
	shapes      shapes
	places      []uint32 // for scalars, to be used again
	reused      bool     // data is written over later: nothing may keep a part of it
	keeps       bool     // spellings of numbers, see [Number]
	sourced     bool     // every value is a [*Source]
	lone        bool     // there was half of a surrogate pair in a key
	maxDepth    int
}

// whole reads a text that is one value.
func (p *parser) whole() (any, error) {
	if !p.script && bytes.HasPrefix(p.Data, []byte("\ufeff")) {
		p.Pos = len("\ufeff")
	}
	value, err := p.value(0)
	if err != nil {
		return nil, err
	}
	if p.Space(); p.Pos < len(p.Data) {
		return nil, p.Fault("data after the end of the value")
	}
	return value, nil
}

// another counts a value. An interrupt does not reach native code, and a large text takes seconds.
func (p *parser) another() error {
	if p.values++; p.values&0xfff == 0 && p.ctx.Err() != nil {
		return p.stopped(p.ctx)
	}
	return nil
}

func (p *parser) value(depth int) (any, error) {
	if err := p.another(); err != nil {
		return nil, err
	}
	p.Space()
	c := p.Next()
	if c != '{' && c != '[' {
		switch {
		case p.sourced:
			return p.sourcedScalar()
		case p.keeps && isNumber(c):
			return p.kept()
		}
		return p.scalar()
	}
	if depth == p.maxDepth {
		return nil, p.Fault("values nest too deeply")
	}
	if c == '{' {
		return p.build(p, depth+1)
	}
	return p.list(p, depth+1)
}

func (p *parser) plainObject(depth int) (any, error) {
	object := p.vm.NewObject()
	return object, p.members(depth, func(name string, value any) error {
		if p.lone {
			return p.in.set(object, name, value.(goja.Value))
		}
		return SetProperty(object, name, value.(goja.Value))
	})
}

func (p *parser) plainArray(depth int) (any, error) {
	var items []any
	err := p.items(depth, func(item any) { items = append(items, item) })
	return p.vm.NewArray(items...), err
}

// members reads the members of an object.
func (p *parser) members(depth int, add func(name string, value any) error) error {
	p.Pos++
	if p.Space(); p.Next() == '}' {
		p.Pos++
		return nil
	}
	for {
		if p.Space(); p.Next() != '"' {
			return p.Unexpected("a key in double quotes")
		}
		key, err := p.key()
		if err != nil {
			return err
		}
		if p.Space(); p.Next() != ':' {
			return p.Unexpected(`":"`)
		}
		p.Pos++
		lost := len(p.lost)
		value, err := p.value(depth)
		if err != nil {
			return err
		}
		if len(p.lost) > lost {
			p.nameLosses(lost, key)
		}
		if err := add(key, value); err != nil {
			return err
		}
		switch p.Space(); p.Next() {
		case ',':
			p.Pos++
		case '}':
			p.Pos++
			return nil
		default:
			return p.Unexpected(`"," or "}"`)
		}
	}
}

// items reads the items of an array.
func (p *parser) items(depth int, add func(item any)) error {
	p.Pos++
	if p.Space(); p.Next() == ']' {
		p.Pos++
		return nil
	}
	for {
		item, err := p.value(depth)
		if err != nil {
			return err
		}
		add(item)
		switch p.Space(); p.Next() {
		case ',':
			p.Pos++
		case ']':
			p.Pos++
			return nil
		default:
			return p.Unexpected(`"," or "]"`)
		}
	}
}

func (p *parser) key() (string, error) {
	raw, plain, err := p.Quoted()
	if err != nil {
		return "", err
	}
	if !plain {
		name := esjson.Resolve(raw)
		p.lone = p.lone || esjson.HasLone(name)
		return name, nil
	}
	name, known := p.keys[string(raw)]
	if !known {
		name = string(raw)
		p.lone = p.lone || p.script && esjson.HasLone(name)
		if len(p.keys) < maxKeys {
			p.keys[string(raw)] = name
		}
	}
	return name, nil
}
