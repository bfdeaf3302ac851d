package patterns

// op says what an instruction does.
type op uint8

const (
	opMatch op = iota
	opChar
	opSet
	// opRun matches one of a set as often as it can between bounds, opLazy as rarely.
	opRun
	opLazy
	// opSplit goes on at a, and at b where that leads to no match.
	opSplit
	opJump
	// opSave keeps the position in a slot, opPut a number, and opClear forgets slots.
	opSave
	opPut
	opClear
	// opMoved fails where the position is that of a slot.
	opMoved
	// opRepeat begins a round of a loop that counts, and opRound ends one.
	opRepeat
	opRound
	opLook
	opLineStart
	opLineEnd
	opStart
	opEnd
	opWord
	opNotWord
	opReference
)

// inst is one instruction. What a and b are depends on it: addresses, slots, bounds.
type inst struct {
	op op
	// back tells that it goes towards the start of the text, as in a look behind.
	back     bool
	lazy     bool
	negative bool
	folded   bool
	c        rune
	a, b     int
	min, max int
	set      *charset
	groups   []int
}

// compiler writes the instructions of a tree.
type compiler struct {
	program *Program
	next    int // the next free slot
	back    bool
}

func (c *compiler) emit(in inst) int {
	in.back = c.back
	c.program.code = append(c.program.code, in)
	return len(c.program.code) - 1
}

func (c *compiler) here() int { return len(c.program.code) }

func (c *compiler) whole(tree node) {
	c.emit(inst{op: opSave, a: 0})
	c.node(tree)
	c.emit(inst{op: opSave, a: 1})
	c.emit(inst{op: opMatch})
}

func (c *compiler) node(n node) {
	switch n := n.(type) {
	case char:
		c.one(n)
	case sequence:
		for i := range n {
			if c.back {
				i = len(n) - 1 - i
			}
			c.node(n[i])
		}
	case choice:
		c.choice(n)
	case group:
		start, end := 2*n.n, 2*n.n+1
		if c.back {
			start, end = end, start
		}
		c.emit(inst{op: opSave, a: start})
		c.node(n.body)
		c.emit(inst{op: opSave, a: end})
	case loop:
		c.loop(n)
	case look:
		back := c.back
		at := c.emit(inst{op: opLook, negative: n.negative})
		c.back = n.behind
		c.node(n.body)
		c.emit(inst{op: opMatch})
		c.back = back
		c.program.code[at].a = c.here()
	case edge:
		c.edge(n)
	case *backReference:
		c.emit(inst{op: opReference, groups: n.groups, folded: n.folded})
	}
}

func (c *compiler) one(n char) {
	if only := n.set.single(); only >= 0 {
		c.emit(inst{op: opChar, c: only})
		return
	}
	c.emit(inst{op: opSet, set: newCharset(n.set)})
}

func (c *compiler) choice(all choice) {
	var ends []int
	for i, n := range all {
		split := -1
		if i < len(all)-1 {
			split = c.emit(inst{op: opSplit, a: c.here() + 1})
		}
		c.node(n)
		if split >= 0 {
			ends = append(ends, c.emit(inst{op: opJump}))
			c.program.code[split].b = c.here()
		}
	}
	for _, at := range ends {
		c.program.code[at].a = c.here()
	}
}

func (c *compiler) edge(n edge) {
	kind := map[byte]op{'^': opStart, '$': opEnd, 'b': opWord, 'B': opNotWord}[n.kind]
	if n.multiline {
		kind = map[byte]op{'^': opLineStart, '$': opLineEnd}[n.kind]
	}
	characters := words
	if n.folded {
		characters = closed(words, true)
	}
	c.emit(inst{op: kind, set: newCharset(characters)})
}
