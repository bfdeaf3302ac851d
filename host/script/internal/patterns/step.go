package patterns

// run follows the instructions from one on, with the text from a position on, until a match. What it
// may go back to lies on the stack above where that was.
func (m *machine[E]) run(pc, at int) bool {
	base := len(m.stack)
	code := m.p.code
	for {
		if m.steps++; m.steps >= m.check {
			m.ask()
		}
		in := &code[pc]
		ok := true
		next := pc + 1
		switch in.op {
		case opMatch:
			return true
		case opChar, opSet:
			at, ok = m.one(in, at)
		case opRun:
			at, ok = m.runs(in, pc, at)
		case opLazy:
			at, ok = m.least(in, pc, at)
		case opSplit:
			m.push(entry{again, int32(in.b), int32(at), 0})
			next = in.a
		case opJump:
			next = in.a
		case opSave:
			m.put(in.a, int32(at))
		case opPut:
			m.put(in.a, 0)
		case opClear:
			for slot := in.a; slot < in.b; slot++ {
				m.put(slot, -1)
			}
		case opMoved:
			ok = m.slots[in.a] != int32(at)
		case opRepeat:
			next = m.repeat(in, pc, at)
		case opRound:
			count := m.slots[in.a]
			if ok = m.slots[in.b] != int32(at) || int(count) < in.min; ok {
				m.put(in.a, count+1)
			}
		case opLook:
			ok, next = m.look(in, pc, at), in.a
		case opReference:
			at, ok = m.refer(in, at)
		default:
			ok = m.edge(in, at)
		}
		if ok {
			pc = next
			continue
		}
		if pc, at = m.back(base); pc < 0 {
			return false
		}
	}
}

// ask stops a match that is not wanted any more.
func (m *machine[E]) ask() {
	m.check = m.steps + 1<<16
	if m.stopped != nil && m.stopped() {
		panic(ErrStopped)
	}
}

// back goes back to what was left to try; -1 when there is nothing.
func (m *machine[E]) back(base int) (pc, at int) {
	for len(m.stack) > base {
		top := len(m.stack) - 1
		e := &m.stack[top]
		switch e.kind {
		case again:
			m.stack = m.stack[:top]
			return int(e.pc), int(e.a)
		case restore:
			m.slots[e.pc] = e.a
			m.stack = m.stack[:top]
		case shorter:
			if at, ok := m.shorten(e, top); ok {
				return int(e.pc) + 1, at
			}
		case longer:
			in := &m.p.code[e.pc]
			at, ok := m.one(in, int(e.a))
			if !ok || e.b == 0 {
				m.stack = m.stack[:top]
				continue
			}
			e.a, e.b = int32(at), e.b-1
			return int(e.pc) + 1, at
		}
	}
	return -1, 0
}

// shorten lets a run end a character earlier, or more where what follows cannot match before.
func (m *machine[E]) shorten(e *entry, top int) (at int, ok bool) {
	in := &m.p.code[e.pc]
	follow := &m.p.code[e.pc+1]
	end := int(e.b)
	for end != int(e.a) {
		if in.back {
			_, n := m.at(end)
			end += n
		} else {
			_, n := m.before(end)
			end -= n
		}
		if follow.op == opChar && !follow.back && (end >= len(m.in) || follow.c < 0x10000 && rune(m.in[end]) != follow.c) {
			continue
		}
		if e.b = int32(end); end == int(e.a) {
			m.stack = m.stack[:top]
		}
		return end, true
	}
	m.stack = m.stack[:top]
	return 0, false
}

// one matches one character.
func (m *machine[E]) one(in *inst, at int) (next int, ok bool) {
	var c rune
	var n int
	if in.back {
		if at == 0 {
			return at, false
		}
		c, n = m.before(at)
		n = -n
	} else {
		if at >= len(m.in) {
			return at, false
		}
		if c = rune(m.in[at]); m.pairs {
			c, n = m.at(at)
		} else {
			n = 1
		}
	}
	if in.set == nil || in.c > 0 && in.op != opSet {
		ok = c == in.c
	} else {
		ok = in.set.has(c)
	}
	return at + n, ok
}

// runs matches as many characters as there are.
func (m *machine[E]) runs(in *inst, pc, at int) (next int, ok bool) {
	count, least := 0, at
	for count < in.max {
		next, ok := m.one(in, at)
		if !ok {
			break
		}
		at = next
		if count++; count == in.min {
			least = at
		}
	}
	m.steps += count >> 3
	if count < in.min {
		return at, false
	}
	if count > in.min {
		m.push(entry{shorter, int32(pc), int32(least), int32(at)})
	}
	return at, true
}

// least matches as few characters as it may.
func (m *machine[E]) least(in *inst, pc, at int) (next int, ok bool) {
	for range in.min {
		if at, ok = m.one(in, at); !ok {
			return at, false
		}
	}
	if in.max > in.min {
		m.push(entry{longer, int32(pc), int32(at), int32(in.max - in.min)})
	}
	return at, true
}

// repeat decides whether a loop that counts goes on.
func (m *machine[E]) repeat(in *inst, pc, at int) (next int) {
	switch count := int(m.slots[in.a]); {
	case count < in.min:
		return pc + 1
	case count >= in.max:
		return in.b
	case in.lazy:
		m.push(entry{again, int32(pc + 1), int32(at), 0})
		return in.b
	}
	m.push(entry{again, int32(in.b), int32(at), 0})
	return pc + 1
}

// refer matches what a group matched.
func (m *machine[E]) refer(in *inst, at int) (next int, ok bool) {
	start, end := -1, -1
	for _, group := range in.groups {
		if a, b := int(m.slots[2*group]), int(m.slots[2*group+1]); a >= 0 && b >= 0 {
			start, end = a, b
			break
		}
	}
	if start < 0 {
		return at, true
	}
	length := end - start
	from := at
	if in.back {
		from = at - length
	}
	if from < 0 || from+length > len(m.in) {
		return at, false
	}
	for i := 0; i < length; {
		a, n := m.at(start + i)
		b, _ := m.at(from + i)
		if a != b && (!in.folded || canonical(a, m.p.Flags.FullUnicode()) != canonical(b, m.p.Flags.FullUnicode())) {
			return at, false
		}
		i += n
	}
	m.steps += length >> 3
	if in.back {
		return from, true
	}
	return at + length, true
}

// edge tells whether an assertion holds.
func (m *machine[E]) edge(in *inst, at int) bool {
	switch in.op {
	case opStart:
		return at == 0
	case opEnd:
		return at == len(m.in)
	case opLineStart:
		return at == 0 || isLineEnd(rune(m.in[at-1]))
	case opLineEnd:
		return at == len(m.in) || isLineEnd(rune(m.in[at]))
	}
	before := at > 0 && in.set.has(rune(m.in[at-1]))
	behind := at < len(m.in) && in.set.has(rune(m.in[at]))
	return (before != behind) == (in.op == opWord)
}

func isLineEnd(c rune) bool { return c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029 }
