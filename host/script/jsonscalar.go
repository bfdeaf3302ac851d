package script

import (
	"bytes"
	"math"
	"strconv"

	"github.com/dop251/goja"
)

// jsonText is JSON text with a place in it. A method that fails leaves pos at the fault.
type jsonText struct {
	vm   *goja.Runtime // of which it uses no more, off the loop, than what makes scalars
	data []byte
	pos  int
}

// next returns the next byte, 0 at the end: a NUL byte is nowhere valid, so the two need not be
// told apart before the fault is described.
func (p *jsonText) next() byte {
	if p.pos < len(p.data) {
		return p.data[p.pos]
	}
	return 0
}

func (p *jsonText) space() {
	for p.pos < len(p.data) {
		switch p.data[p.pos] {
		case ' ', '\t', '\n', '\r':
			p.pos++
		default:
			return
		}
	}
}

// scalar reads a value that is neither object nor array.
func (p *jsonText) scalar() (goja.Value, error) {
	switch c := p.next(); c {
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

// skip steps over a scalar, with the checks of scalar.
func (p *jsonText) skip() error {
	switch c := p.next(); {
	case c == '"':
		_, _, err := p.quoted()
		return err
	case c == '-' || '0' <= c && c <= '9':
		_, err := p.spelled()
		return err
	default: // words cost nothing, and what is none is a fault
		_, err := p.scalar()
		return err
	}
}

func (p *jsonText) word(word string, value goja.Value) (goja.Value, error) {
	if !bytes.HasPrefix(p.data[p.pos:], []byte(word)) {
		return nil, p.unexpected("a value")
	}
	p.pos += len(word)
	return value, nil
}

func (p *jsonText) text() (goja.Value, error) {
	raw, plain, err := p.quoted()
	if err != nil {
		return nil, err
	}
	if plain {
		return p.vm.ToValue(valid(raw)), nil
	}
	return p.vm.ToValue(unescape(raw)), nil
}

func (p *jsonText) number() (goja.Value, error) {
	start := p.pos
	integer, err := p.spelled()
	if err != nil {
		return nil, err
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

// spelled steps over a number and tells whether it is spelled as an integer.
func (p *jsonText) spelled() (integer bool, err error) {
	if p.next() == '-' {
		p.pos++
	}
	whole := p.pos
	if p.digits() == 0 {
		return false, p.unexpected("a digit")
	}
	if p.data[whole] == '0' && p.pos > whole+1 {
		p.pos = whole + 1
		return false, p.fault("a number does not start with 0")
	}
	integer = true
	if p.next() == '.' {
		integer = false
		if p.pos++; p.digits() == 0 {
			return false, p.unexpected("a digit")
		}
	}
	if c := p.next(); c == 'e' || c == 'E' {
		integer = false
		p.pos++
		if c := p.next(); c == '+' || c == '-' {
			p.pos++
		}
		if p.digits() == 0 {
			return false, p.unexpected("a digit")
		}
	}
	return integer, nil
}

func (p *jsonText) digits() int {
	start := p.pos
	for c := p.next(); '0' <= c && c <= '9'; c = p.next() {
		p.pos++
	}
	return p.pos - start
}
