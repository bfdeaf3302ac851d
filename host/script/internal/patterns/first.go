package patterns

// begins finds out with what a match begins, such that a search looks at nothing else.
func (p *Program) begins(tree node) {
	p.only = -1
	p.anchored = anchored(tree)
	s, empty := first(tree)
	if empty {
		return
	}
	p.first = newCharset(s)
	p.only = p.first.onlyLow()
}

// anchored tells whether a part matches at the start of the text only.
func anchored(n node) bool {
	switch n := n.(type) {
	case edge:
		return n.kind == '^' && !n.multiline
	case sequence:
		return len(n) > 0 && anchored(n[0])
	case group:
		return anchored(n.body)
	case choice:
		for _, part := range n {
			if !anchored(part) {
				return false
			}
		}
		return true
	}
	return false
}

// first are the characters that a match of a part may begin with, and whether it may be empty, so
// that it begins with anything.
func first(n node) (s set, empty bool) {
	switch n := n.(type) {
	case char:
		return n.set, false
	case sequence:
		for _, part := range n {
			more, empty := first(part)
			s = s.and(more)
			if !empty {
				return s, false
			}
		}
		return s, true
	case choice:
		for _, part := range n {
			more, optional := first(part)
			s, empty = s.and(more), empty || optional
		}
		return s, empty
	case group:
		return first(n.body)
	case loop:
		if n.max == 0 {
			return nil, true
		}
		s, empty = first(n.body)
		return s, empty || n.min == 0
	case *backReference:
		return everything, true
	}
	return nil, true
}
