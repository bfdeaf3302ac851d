package deflate

import (
	"cmp"
	"math/bits"
	"slices"
)

// code is a canonical Huffman code: for each symbol its bits, the first one lowest, and how many.
type code struct {
	bits  []uint16
	width []uint8
}

func (c code) put(out *writer, symbol int) { out.put(uint64(c.bits[symbol]), uint(c.width[symbol])) }

// used is one more than the last symbol that has a code.
func (c code) used() int {
	n := len(c.width)
	for n > 0 && c.width[n-1] == 0 {
		n--
	}
	return n
}

func newCode(frequency []uint32, limit int) code {
	c := code{bits: make([]uint16, len(frequency)), width: widths(frequency, limit)}
	next, first := [longestCode + 2]uint16{}, uint16(0)
	for _, w := range c.width {
		next[w+1]++
	}
	next[1] = 0
	for w := 1; w < len(next); w++ {
		first = (first + next[w]) << 1
		next[w] = first
	}
	for symbol, w := range c.width {
		if w > 0 {
			c.bits[symbol] = bits.Reverse16(next[w] << (16 - w))
			next[w]++
		}
	}
	return c
}

// widths are the lengths of the codes of symbols. Where a code would be longer than the limit, rare
// symbols are taken for less rare ones. There are at least two codes: not every reader takes one alone.
func widths(frequency []uint32, limit int) []uint8 {
	type node struct {
		weight uint32
		parent int
	}
	var symbols []int
	for symbol, n := range frequency {
		if n > 0 {
			symbols = append(symbols, symbol)
		}
	}
	for symbol := 0; len(symbols) < 2; symbol++ {
		if frequency[symbol] == 0 {
			symbols = append(symbols, symbol)
		}
	}
	slices.SortStableFunc(symbols, func(a, b int) int { return cmp.Compare(frequency[a], frequency[b]) })
	out := make([]uint8, len(frequency))
	nodes := make([]node, 0, 2*len(symbols))
	for rarest := uint32(1); ; rarest *= 2 {
		nodes = nodes[:0]
		for _, symbol := range symbols {
			nodes = append(nodes, node{weight: max(frequency[symbol], rarest)})
		}
		// Leaves are sorted, and inner nodes come in order: the lightest are always at the head of one of
		// both.
		leaf, inner := 0, len(symbols)
		lightest := func() int {
			if leaf < len(symbols) && (inner == len(nodes) || nodes[leaf].weight <= nodes[inner].weight) {
				leaf++
				return leaf - 1
			}
			inner++
			return inner - 1
		}
		for len(nodes) < 2*len(symbols)-1 {
			a := lightest()
			b := lightest()
			nodes[a].parent, nodes[b].parent = len(nodes), len(nodes)
			nodes = append(nodes, node{weight: nodes[a].weight + nodes[b].weight})
		}
		if fits(out, symbols, limit, func(i int) int { return nodes[i].parent }, len(nodes)-1) {
			return out
		}
	}
}

// fits sets the lengths of the codes from the depths of a tree, and tells whether all are within
// the limit.
func fits(out []uint8, symbols []int, limit int, parent func(int) int, root int) bool {
	depths := make([]int, root+1)
	for i := root - 1; i >= 0; i-- {
		depths[i] = depths[parent(i)] + 1
		if i < len(symbols) {
			if depths[i] > limit {
				return false
			}
			out[symbols[i]] = uint8(depths[i])
		}
	}
	return true
}
