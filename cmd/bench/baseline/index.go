package main

// index is a set of hashes with the place of what has each of them in a list of the caller's, who
// compares where hashes are alike. A slot is the upper half of the hash and the place plus one; 0
// is free.
type index struct {
	slots []uint64
	used  int
}

// add notes that the hash belongs to what will be at a place, unless same says that something with
// this hash is the same.
func (x *index) add(hash uint64, place int, same func(place int) bool) bool {
	if 4*x.used >= 3*len(x.slots) {
		x.grow()
	}
	mask := uint64(len(x.slots) - 1)
	upper := hash >> 32
	at := upper & mask
	for ; x.slots[at] != 0; at = (at + 1) & mask {
		if slot := x.slots[at]; slot>>32 == upper && same(int(uint32(slot))-1) {
			return false
		}
	}
	x.slots[at] = upper<<32 | uint64(place+1)
	x.used++
	return true
}

func (x *index) grow() {
	old := x.slots
	x.slots = make([]uint64, max(1024, 2*len(old)))
	mask := uint64(len(x.slots) - 1)
	for _, slot := range old {
		if slot == 0 {
			continue
		}
		at := slot >> 32 & mask
		for x.slots[at] != 0 {
			at = (at + 1) & mask
		}
		x.slots[at] = slot
	}
}
