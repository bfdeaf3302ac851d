package script

import (
	"bytes"
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
	p := jsonParser{rt: rt, data: data, keys: map[string]string{}}
	if bytes.HasPrefix(data, []byte("\ufeff")) {
		p.pos = len("\ufeff")
	}
	value, err := p.value(0)
	if err != nil {
		return nil, err
	}
	if p.space(); p.pos < len(data) {
		return nil, p.fault("the value is over, but more follows")
	}
	return value, nil
}

// jsonParser reads one text. A method that fails leaves pos at the fault.
type jsonParser struct {
	rt   *Runtime
	data []byte
	pos  int
	keys map[string]string
	// values counts what was read so far.
	values int
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

func (p *jsonParser) value(depth int) (goja.Value, error) {
	// An interrupt does not reach native code, and a large text takes seconds.
	if p.values++; p.values&0xfff == 0 && p.rt.ctx.Err() != nil {
		return nil, stopped(p.rt.ctx)
	}
	p.space()
	switch c := p.next(); c {
	case '{', '[':
		if depth == maxJSONDepth {
			return nil, p.fault("values nest too deeply")
		}
		if c == '{' {
			return p.object(depth + 1)
		}
		return p.array(depth + 1)
	case '"':
		return p.text()
	case 't':
		return p.word("true", p.rt.vm.ToValue(true))
	case 'f':
		return p.word("false", p.rt.vm.ToValue(false))
	case 'n':
		return p.word("null", goja.Null())
	default:
		if c == '-' || '0' <= c && c <= '9' {
			return p.number()
		}
		return nil, p.unexpected("a value")
	}
}

func (p *jsonParser) word(word string, value goja.Value) (goja.Value, error) {
	if !bytes.HasPrefix(p.data[p.pos:], []byte(word)) {
		return nil, p.unexpected("a value")
	}
	p.pos += len(word)
	return value, nil
}

func (p *jsonParser) object(depth int) (goja.Value, error) {
	object := p.rt.vm.NewObject()
	p.pos++
	if p.space(); p.next() == '}' {
		p.pos++
		return object, nil
	}
	for {
		if p.space(); p.next() != '"' {
			return nil, p.unexpected("a key in double quotes")
		}
		key, err := p.key()
		if err != nil {
			return nil, err
		}
		if p.space(); p.next() != ':' {
			return nil, p.unexpected(`":"`)
		}
		p.pos++
		value, err := p.value(depth)
		if err != nil {
			return nil, err
		}
		if err := SetProperty(object, key, value); err != nil {
			return nil, err
		}
		switch p.space(); p.next() {
		case ',':
			p.pos++
		case '}':
			p.pos++
			return object, nil
		default:
			return nil, p.unexpected(`"," or "}"`)
		}
	}
}

func (p *jsonParser) array(depth int) (goja.Value, error) {
	var items []any
	p.pos++
	if p.space(); p.next() == ']' {
		p.pos++
		return p.rt.vm.NewArray(), nil
	}
	for {
		item, err := p.value(depth)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
		switch p.space(); p.next() {
		case ',':
			p.pos++
		case ']':
			p.pos++
			return p.rt.vm.NewArray(items...), nil
		default:
			return nil, p.unexpected(`"," or "]"`)
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

func (p *jsonParser) text() (goja.Value, error) {
	raw, plain, err := p.quoted()
	if err != nil {
		return nil, err
	}
	if plain {
		return p.rt.vm.ToValue(valid(raw)), nil
	}
	return p.rt.vm.ToValue(unescape(raw)), nil
}

func (p *jsonParser) number() (goja.Value, error) {
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
		return p.rt.vm.ToValue(n), err
	}
	n, err := strconv.ParseFloat(spelled, 64)
	if err != nil && !math.IsInf(n, 0) {
		return nil, p.fault(err.Error())
	}
	return p.rt.vm.ToValue(n), nil
}

func (p *jsonParser) digits() int {
	start := p.pos
	for c := p.next(); '0' <= c && c <= '9'; c = p.next() {
		p.pos++
	}
	return p.pos - start
}
