package patterns

// duplicates is the most instructions of a body that is written twice rather than counted.
const duplicates = 24

// loop writes a loop. That of one character needs no instruction for each round.
func (c *compiler) loop(n loop) {
	if n.max == 0 {
		return
	}
	if one, ok := n.body.(char); ok {
		kind := opRun
		if n.lazy {
			kind = opLazy
		}
		c.emit(inst{op: kind, set: newCharset(one.set), c: one.set.single(), min: n.min, max: n.max})
		return
	}
	switch {
	case n.min == 0 && n.max == 1:
		split := c.split()
		c.round(n)
		c.leave(split, n.lazy)
	case n.min == 0 && n.max == unbounded:
		c.star(n)
	case n.min == 1 && n.max == 1:
		c.node(n.body)
	case n.min == 1 && n.max == unbounded && size(n.body) <= duplicates:
		c.node(n.body)
		c.star(n)
	default:
		c.counted(n)
	}
}

// split writes a choice between what follows and what is behind, for [compiler.leave].
func (c *compiler) split() int { return c.emit(inst{op: opSplit}) }

// leave says where a loop goes on, and what it tries first.
func (c *compiler) leave(split int, lazy bool) {
	in := &c.program.code[split]
	if in.a, in.b = split+1, c.here(); lazy {
		in.a, in.b = in.b, in.a
	}
}

func (c *compiler) star(n loop) {
	split := c.split()
	c.round(n)
	c.emit(inst{op: opJump, a: split})
	c.leave(split, n.lazy)
}

// round writes a round that need not be: it must get on.
func (c *compiler) round(n loop) {
	mark := -1
	if nullable(n.body) {
		mark = c.slot()
		c.emit(inst{op: opSave, a: mark})
	}
	c.forget(n)
	c.node(n.body)
	if mark >= 0 {
		c.emit(inst{op: opMoved, a: mark})
	}
}

// forget writes that the groups of a loop forget what they matched.
func (c *compiler) forget(n loop) {
	if n.last > n.first {
		c.emit(inst{op: opClear, a: 2 * n.first, b: 2 * n.last})
	}
}

// counted writes a loop that counts its rounds, in one slot, and keeps where the last one began in
// another.
func (c *compiler) counted(n loop) {
	count := c.slot()
	mark := c.slot()
	c.emit(inst{op: opPut, a: count})
	repeat := c.emit(inst{op: opRepeat, a: count, min: n.min, max: n.max, lazy: n.lazy})
	c.emit(inst{op: opSave, a: mark})
	c.forget(n)
	c.node(n.body)
	c.emit(inst{op: opRound, a: count, b: mark, min: n.min})
	c.emit(inst{op: opJump, a: repeat})
	c.program.code[repeat].b = c.here()
}

func (c *compiler) slot() int {
	c.next++
	return c.next - 1
}

// nullable tells whether a part may match nothing.
func nullable(n node) bool {
	switch n := n.(type) {
	case char:
		return false
	case sequence:
		for _, part := range n {
			if !nullable(part) {
				return false
			}
		}
	case choice:
		for _, part := range n {
			if nullable(part) {
				return true
			}
		}
		return false
	case group:
		return nullable(n.body)
	case loop:
		return n.min == 0 || nullable(n.body)
	}
	return true
}

// size is about how many instructions a part makes.
func size(n node) int {
	switch n := n.(type) {
	case sequence:
		total := 0
		for _, part := range n {
			total += size(part)
		}
		return total
	case choice:
		total := 0
		for _, part := range n {
			total += size(part) + 2
		}
		return total
	case group:
		return size(n.body) + 2
	case loop:
		if _, ok := n.body.(char); ok {
			return 1
		}
		return 2*size(n.body) + 4
	case look:
		return size(n.body) + 2
	}
	return 1
}
