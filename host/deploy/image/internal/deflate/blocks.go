package deflate

import "math/bits"

const (
	literals  = 286 // literals, the end of a block, lengths
	distances = 30
	endBlock  = 256
	firstLen  = 257

	// segment is after how many symbols a block may end, most how many it may have.
	segment = 1 << 12
	most    = 1 << 17
)

// counts are how often each symbol occurs in a part of the data.
type counts struct {
	literal  [literals]uint32
	distance [distances]uint32
}

func (c *counts) plus(other *counts) *counts {
	sum := *c
	for i, n := range other.literal {
		sum.literal[i] += n
	}
	for i, n := range other.distance {
		sum.distance[i] += n
	}
	sum.literal[endBlock] = 1
	return &sum
}

// blocks parts symbols into blocks. After each segment, one block for it and those before is compared
// with two, by what they would really take.
type blocks struct {
	out *writer
	// symbols are literals, or lengths above distances: a length is at least three, so that these are
	// larger.
	symbols []uint32
	// The block before the segment: its symbols, their counts, its bits.
	size   int
	before *counts
	bits   int
	// now are the counts of the segment.
	now counts
}

func newBlocks(out *writer) *blocks {
	return &blocks{out: out, symbols: make([]uint32, 0, most+segment)}
}

func (b *blocks) literal(c byte) {
	b.now.literal[c]++
	b.add(uint32(c))
}

func (b *blocks) match(m match) {
	length, _, _ := lengthCode(m.length)
	distance, _, _ := distanceCode(m.distance)
	b.now.literal[length]++
	b.now.distance[distance]++
	b.add(uint32(m.length)<<16 | uint32(m.distance))
}

func (b *blocks) add(symbol uint32) {
	b.symbols = append(b.symbols, symbol)
	if len(b.symbols)-b.size == segment {
		b.endSegment()
	}
}

// endSegment makes the segment part of the block, or of one of its own.
func (b *blocks) endSegment() {
	now := b.now
	now.literal[endBlock] = 1
	b.now = counts{}
	alone := newCoder(&now).size(&now)
	if b.size == 0 {
		b.take(&now, alone)
		return
	}
	together := b.before.plus(&now)
	one := newCoder(together).size(together)
	if one > b.bits+alone || len(b.symbols) > most {
		b.write(false)
		b.take(&now, alone)
		return
	}
	b.take(together, one)
}

func (b *blocks) take(c *counts, bits int) {
	b.size, b.before, b.bits = len(b.symbols), c, bits
}

// write writes the block before the segment.
func (b *blocks) write(last bool) {
	c := newCoder(b.before)
	c.write(b.out, last, b.symbols[:b.size])
	b.symbols = append(b.symbols[:0], b.symbols[b.size:]...)
	b.size = 0
}

// close writes what is left, the last block of the data.
func (b *blocks) close() {
	if len(b.symbols) > b.size || b.size == 0 {
		b.endSegment()
	}
	b.write(true)
}

// lengthCode is the symbol of a length, and the bits that follow it.
func lengthCode(length int) (symbol int, extra uint64, width uint) {
	n := uint(length - minMatch)
	switch {
	case length == maxMatch:
		return firstLen + 28, 0, 0
	case n < 8:
		return firstLen + int(n), 0, 0
	}
	width = uint(bits.Len(n)) - 3
	return firstLen + int(4*(width+1)+(n>>width)&3), uint64(n) & (1<<width - 1), width
}

// distanceCode is the symbol of a distance, and the bits that follow it.
func distanceCode(distance int) (symbol int, extra uint64, width uint) {
	n := uint(distance - 1)
	if n < 4 {
		return int(n), 0, 0
	}
	width = uint(bits.Len(n)) - 2
	return int(2*(width+1) + (n>>width)&1), uint64(n) & (1<<width - 1), width
}
