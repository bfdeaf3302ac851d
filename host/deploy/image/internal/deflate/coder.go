package deflate

import "slices"

// The limits of RFC 1951 for the lengths of codes.
const (
	longestCode      = 15
	longestCodeOfLen = 7
)

// coder is how a block is coded: two codes, and the code of their lengths.
type coder struct {
	literal, distance code
	used              struct{ literal, distance, order int } // how many lengths are written
	runs              []run
	lengths           code
}

// run is a symbol of the code of lengths, with the bits that follow it.
type run struct {
	symbol uint8
	extra  uint8
	width  uint8
}

// lengthOrder is the order in which the lengths of the code of lengths are written.
func lengthOrder() [19]uint8 {
	return [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}
}

func newCoder(c *counts) *coder {
	out := &coder{literal: newCode(c.literal[:], longestCode), distance: newCode(c.distance[:], longestCode)}
	out.used.literal = max(firstLen, out.literal.used())
	out.used.distance = max(1, out.distance.used())
	all := slices.Concat(out.literal.width[:out.used.literal], out.distance.width[:out.used.distance])
	out.runs = runs(all)
	var frequency [19]uint32
	for _, r := range out.runs {
		frequency[r.symbol]++
	}
	out.lengths = newCode(frequency[:], longestCodeOfLen)
	order := lengthOrder()
	for out.used.order = len(order); out.used.order > 4 && out.lengths.width[order[out.used.order-1]] == 0; {
		out.used.order--
	}
	return out
}

// runs are the lengths of codes with repetitions counted.
func runs(lengths []uint8) []run {
	var out []run
	for len(lengths) > 0 {
		first, n := lengths[0], 1
		for n < len(lengths) && lengths[n] == first {
			n++
		}
		lengths = lengths[n:]
		if first == 0 {
			for ; n >= 11; n -= min(n, 138) {
				out = append(out, run{18, uint8(min(n, 138) - 11), 7})
			}
			if n >= 3 {
				out = append(out, run{17, uint8(n - 3), 3})
				n = 0
			}
		} else {
			out = append(out, run{symbol: first})
			for n--; n >= 3; n -= min(n, 6) {
				out = append(out, run{16, uint8(min(n, 6) - 3), 2})
			}
		}
		for ; n > 0; n-- {
			out = append(out, run{symbol: first})
		}
	}
	return out
}

// size is how many bits a block with these counts takes.
func (c *coder) size(n *counts) int {
	bits := 3 + 5 + 5 + 4 + 3*c.used.order
	for _, r := range c.runs {
		bits += int(c.lengths.width[r.symbol]) + int(r.width)
	}
	for symbol, times := range n.literal {
		bits += int(times) * (int(c.literal.width[symbol]) + lengthBits(symbol))
	}
	for symbol, times := range n.distance {
		bits += int(times) * (int(c.distance.width[symbol]) + max(0, symbol/2-1))
	}
	return bits
}

// lengthBits is how many bits follow the symbol of a length.
func lengthBits(symbol int) int {
	if symbol < firstLen+8 || symbol == firstLen+28 {
		return 0
	}
	return (symbol-firstLen)/4 - 1
}

func (c *coder) write(out *writer, last bool, symbols []uint32) {
	final := uint64(0)
	if last {
		final = 1
	}
	out.put(final|2<<1, 3) // a block with codes of its own
	out.put(uint64(c.used.literal-firstLen), 5)
	out.put(uint64(c.used.distance-1), 5)
	out.put(uint64(c.used.order-4), 4)
	order := lengthOrder()
	for _, symbol := range order[:c.used.order] {
		out.put(uint64(c.lengths.width[symbol]), 3)
	}
	for _, r := range c.runs {
		c.lengths.put(out, int(r.symbol))
		out.put(uint64(r.extra), uint(r.width))
	}
	for _, s := range symbols {
		if s < endBlock {
			c.literal.put(out, int(s))
			continue
		}
		symbol, extra, width := lengthCode(int(s >> 16))
		c.literal.put(out, symbol)
		out.put(extra, width)
		symbol, extra, width = distanceCode(int(s & 0xffff))
		c.distance.put(out, symbol)
		out.put(extra, width)
	}
	c.literal.put(out, endBlock)
}
