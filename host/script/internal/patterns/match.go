package patterns

import (
	"bytes"
	"errors"
	"unicode/utf16"
)

// Text is a text to match: ASCII, or units of UTF-16.
type Text struct {
	ASCII []byte
	Units []uint16
}

// Length is how many units it has.
func (t Text) Length() int {
	if t.Units != nil {
		return len(t.Units)
	}
	return len(t.ASCII)
}

// TextOf is a text in UTF-8 as one to match.
func TextOf(text string) Text {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return Text{Units: utf16.Encode([]rune(text))}
		}
	}
	return Text{ASCII: []byte(text)}
}

// Matcher matches, one text at a time. It keeps what it needs for that.
type Matcher struct {
	// Stopped is asked now and then whether to go on with a match that takes long; nil never stops.
	Stopped func() bool

	narrow machine[byte]
	wide   machine[uint16]
}

var (
	// ErrStopped is the error of a match that was stopped.
	ErrStopped = errors.New("the match was stopped")
	// ErrTooDeep is that of a match that remembers more places to go back to than there is room for.
	ErrTooDeep = errors.New("the regular expression goes back to too many places in the text")
)

// Match looks for the first match from a position on, or at that position alone. It returns where
// the groups begin and end, -1 for those that did not match, and nil when there is no match. The
// result is valid until the next call.
func (m *Matcher) Match(p *Program, text Text, from int, there bool) ([]int32, error) {
	if text.Units == nil {
		return m.narrow.search(m, p, text.ASCII, from, there)
	}
	return m.wide.search(m, p, text.Units, from, there)
}

// entry is what a match goes back to, or takes back on the way.
type entry struct {
	kind kind
	pc   int32
	a, b int32
}

type kind uint8

const (
	// again goes on at an instruction, from position a.
	again kind = iota
	// restore gives the slot pc its value a back.
	restore
	// shorter lets a run end a character earlier than b, not before a, and longer lets one end a
	// character behind a, b times.
	shorter
	longer
)

// mostEntries bounds the memory of one match.
const mostEntries = 8 << 20

// machine follows the instructions of a program.
type machine[E byte | uint16] struct {
	p       *Program
	in      []E
	pairs   bool // two units may be one character
	slots   []int32
	stack   []entry
	steps   int
	check   int // how many steps until it asks whether to stop
	stopped func() bool
}

func (m *machine[E]) search(all *Matcher, p *Program, in []E, from int, there bool) (found []int32, err error) {
	var unit E
	unit--
	m.p, m.in, m.stopped = p, in, all.Stopped
	m.pairs = unit > 0xFF && p.Flags.FullUnicode()
	if cap(m.slots) < p.slots {
		m.slots = make([]int32, p.slots)
	}
	m.slots = m.slots[:p.slots]
	defer func() {
		m.in = nil
		if cap(m.stack) > 1<<16 {
			m.stack = nil
		}
		if problem := recover(); problem != nil {
			known, ok := problem.(error)
			if !ok || !errors.Is(known, ErrStopped) && !errors.Is(known, ErrTooDeep) {
				panic(problem)
			}
			found, err = nil, known
		}
	}()
	if m.pairs && from > 0 && from < len(in) && isLow(rune(in[from])) && isHigh(rune(in[from-1])) {
		from-- // a position within a character is that of the character
	}
	for at := from; at <= len(in); at++ {
		if !there {
			if at = m.next(at); at < 0 {
				return nil, nil
			}
		}
		for i := range m.slots {
			m.slots[i] = -1
		}
		m.stack = m.stack[:0]
		if m.run(0, at) {
			return m.slots[:2*len(p.Names)], nil
		}
		if there || p.anchored {
			return nil, nil
		}
		if m.pairs && at+1 < len(in) && isHigh(rune(in[at])) && isLow(rune(in[at+1])) {
			at++
		}
	}
	return nil, nil
}

// next is where a match may begin, from a position on; -1 when nowhere.
func (m *machine[E]) next(at int) int {
	p := m.p
	if p.anchored && at > 0 || p.first != nil && at >= len(m.in) {
		return -1
	}
	if p.first == nil || p.anchored {
		return at
	}
	if p.only >= 0 {
		if narrow, ok := any(m.in).([]byte); ok {
			if n := bytes.IndexByte(narrow[at:], byte(p.only)); n >= 0 && p.only < 0x80 {
				return at + n
			}
			return -1
		}
	}
	for ; at < len(m.in); at++ {
		c, n := m.at(at)
		if p.first.has(c) {
			return at
		}
		at += n - 1
	}
	return -1
}

// at is the character at a position, and how many units it has.
func (m *machine[E]) at(i int) (c rune, n int) {
	c = rune(m.in[i])
	if m.pairs && isHigh(c) && i+1 < len(m.in) {
		if low := rune(m.in[i+1]); isLow(low) {
			return utf16.DecodeRune(c, low), 2
		}
	}
	return c, 1
}

// before is the character before a position.
func (m *machine[E]) before(i int) (c rune, n int) {
	c = rune(m.in[i-1])
	if m.pairs && isLow(c) && i > 1 {
		if high := rune(m.in[i-2]); isHigh(high) {
			return utf16.DecodeRune(high, c), 2
		}
	}
	return c, 1
}

func (m *machine[E]) push(e entry) {
	if len(m.stack) >= mostEntries {
		panic(ErrTooDeep)
	}
	m.stack = append(m.stack, e)
}

// put sets a slot such that it gets its value back on the way back.
func (m *machine[E]) put(slot int, value int32) {
	if old := m.slots[slot]; old != value {
		m.push(entry{restore, int32(slot), old, 0})
		m.slots[slot] = value
	}
}

// look is a program within the program: it leaves nothing to go back to.
func (m *machine[E]) look(in *inst, pc, at int) bool {
	base := len(m.stack)
	matched := m.run(pc+1, at)
	if matched && !in.negative {
		kept := m.stack[:base]
		for _, e := range m.stack[base:] {
			if e.kind == restore {
				kept = append(kept, e)
			}
		}
		m.stack = kept
		return true
	}
	for i := len(m.stack) - 1; i >= base; i-- {
		if e := m.stack[i]; e.kind == restore {
			m.slots[e.pc] = e.a
		}
	}
	m.stack = m.stack[:base]
	return matched != in.negative
}
