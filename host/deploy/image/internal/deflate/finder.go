package deflate

import (
	"encoding/binary"
	"math/bits"
)

const (
	window   = 1 << 15
	minMatch = 3
	maxMatch = 258

	shortBits = 14
	longBits  = 16
	// tail is what is read beyond a place when matches are looked for.
	tail = 8
)

// finder finds earlier texts: the last one with the same three bytes, and all in the window with the
// same four, in a chain. Places are one more than they are, so that 0 is none.
type finder struct {
	data  []byte
	short [1 << shortBits]uint32
	long  [1 << longBits]uint32
	chain [window]uint32
	known int // places before this one are in the tables
}

func newFinder(data []byte) *finder { return &finder{data: data} }

// add puts the place that follows the known ones into the tables, and returns what was there.
func (f *finder) add() (short, long uint32) {
	at := f.known
	f.known++
	text := binary.LittleEndian.Uint32(f.data[at:])
	const golden = 0x9e3779b1 // spreads the bits, as in Fibonacci hashing
	s, l := (text<<8)*golden>>(32-shortBits), text*golden>>(32-longBits)
	short, long = f.short[s], f.long[l]
	f.short[s], f.long[l], f.chain[at%window] = uint32(at+1), uint32(at+1), long
	return short, long
}

// skip adds the places before at.
func (f *finder) skip(at int) {
	for f.known < min(at, len(f.data)-tail) {
		f.add()
	}
}

// longest returns the longest match at a place, the nearest of several, or none when it is not
// longer than least. The place is the first that is not known.
func (f *finder) longest(at, least, depth int) match {
	most := min(maxMatch, len(f.data)-at)
	if most < tail {
		return match{}
	}
	f.skip(at)
	short, long := f.add()
	found, best := match{}, least
	here := binary.LittleEndian.Uint32(f.data[at:])
	if distance := at + 1 - int(short); best < minMatch && short > 0 && distance <= farShort &&
		(binary.LittleEndian.Uint32(f.data[short-1:])^here)<<8 == 0 {
		found, best = match{minMatch, distance}, minMatch
	}
	for ; long > 0 && depth > 0; depth-- {
		before := int(long - 1)
		distance := at - before
		if distance > window || best >= most {
			break
		}
		if f.data[before+best] == f.data[at+best] && binary.LittleEndian.Uint32(f.data[before:]) == here {
			if n := f.same(before, at, most); n > best {
				found, best = match{n, distance}, n
				if n >= nice {
					break
				}
			}
		}
		long = f.chain[before%window]
	}
	return found
}

// same counts the equal bytes of two places.
func (f *finder) same(before, at, most int) int {
	n := 0
	for ; n+8 <= most; n += 8 {
		a, b := binary.LittleEndian.Uint64(f.data[before+n:]), binary.LittleEndian.Uint64(f.data[at+n:])
		if a != b {
			return n + bits.TrailingZeros64(a^b)/8
		}
	}
	for n < most && f.data[before+n] == f.data[at+n] {
		n++
	}
	return n
}
