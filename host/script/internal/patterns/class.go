package patterns

// class reads what is behind an opening bracket.
func (r *reader) class() node {
	if r.flags.UnicodeSets {
		return r.classOfSets()
	}
	negated := r.take("^")
	var parts []set
	for !r.take("]") {
		if !r.more() {
			fail("Unterminated character class")
		}
		low, one := r.classAtom()
		if r.peek(0) != '-' || r.peek(1) == ']' || r.peek(1) < 0 {
			parts = append(parts, low)
			continue
		}
		r.at++
		high, alsoOne := r.classAtom()
		switch {
		case one && alsoOne:
			if low[0][0] > high[0][0] {
				fail("Range out of order in character class")
			}
			parts = append(parts, r.folded(set{{low[0][0], high[0][0]}}))
			continue
		case r.full:
			fail("Invalid character class")
		}
		parts = append(parts, low, high, set{{'-', '-'}})
	}
	for i, part := range parts {
		if len(part) == 1 && part[0][0] == part[0][1] {
			parts[i] = r.folded(part)
		}
	}
	s := set(nil).and(parts...)
	if negated {
		s = s.complement()
	}
	return char{s}
}

// classAtom reads a character, or an escape of several; one tells that it is a character, whose
// cases are still to be added.
func (r *reader) classAtom() (s set, one bool) {
	c := r.peek(0)
	r.at++
	if c < 0 {
		fail("Unterminated character class")
	}
	if c == '\\' {
		if s, ok := r.several(); ok {
			return s, false
		}
		c = r.character(true)
	}
	return set{{c, c}}, true
}

var (
	digits = set{{'0', '9'}}
	words  = of([2]rune{'0', '9'}, [2]rune{'A', 'Z'}, [2]rune{'a', 'z'}, [2]rune{'_', '_'})
	spaces = of([2]rune{'\t', '\r'}, [2]rune{0x2000, 0x200A}, [2]rune{0x2028, 0x2029}).and(
		ofRunes(' ', 0xA0, 0x1680, 0x202F, 0x205F, 0x3000, 0xFEFF))
	noLineEnd = ofRunes('\n', '\r', 0x2028, 0x2029).complement()
)
