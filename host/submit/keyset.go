package submit

// keySet finds what was added to a submission: it maps a hash to the place in the spill file where
// the key, or the edge, was written. A slot has eight bytes: a tag of the hash, and the place.
//
// A tag only says where to look. Whether two keys are equal is decided by comparing the bytes in
// the file, so two objects are never confused, whatever their hashes; a collision costs one read.
// In return the hash can be short: the set needs 10 to 15 bytes per key (slots are between 8/15 and
// 4/5 full), where exactness by hash alone would need 16 bytes per slot.
//
// The set is split by the first bits of the hash, so that growing copies one part at a time and
// never doubles the whole.
type keySet struct {
	shards [1 << shardBits]shard
}

type shard struct {
	slots []uint64 // tag<<placeBits | place; 0 is free, because no place is 0
	used  int
}

const (
	shardBits = 6
	tagBits   = 24
	// placeBits bounds the spill file to one terabyte; [spill] refuses to grow beyond.
	placeBits = 40
	maxPlace  = 1<<placeBits - 1

	firstSlots = 8
)

func (k *keySet) locate(hash uint64) (*shard, uint64) {
	return &k.shards[hash>>(64-shardBits)], hash >> (64 - shardBits - tagBits) & (1<<tagBits - 1)
}

// find appends to places the places that were put with this hash or one like it.
func (k *keySet) find(hash uint64, places []int64) []int64 {
	s, tag := k.locate(hash)
	if s.used == 0 {
		return places
	}
	for i := s.home(tag); s.slots[i] != 0; {
		if s.slots[i]>>placeBits == tag {
			places = append(places, int64(s.slots[i]&maxPlace))
		}
		if i++; i == len(s.slots) {
			i = 0
		}
	}
	return places
}

// has tells whether anything was put with this hash or one like it.
func (k *keySet) has(hash uint64) bool {
	s, tag := k.locate(hash)
	if s.used == 0 {
		return false
	}
	for i := s.home(tag); s.slots[i] != 0; {
		if s.slots[i]>>placeBits == tag {
			return true
		}
		if i++; i == len(s.slots) {
			i = 0
		}
	}
	return false
}

// put adds a place, which is between 1 and maxPlace.
func (k *keySet) put(hash uint64, place int64) {
	s, tag := k.locate(hash)
	if (s.used+1)*5 > len(s.slots)*4 {
		s.grow()
	}
	s.insert(tag<<placeBits | uint64(place))
	s.used++
}

// home is where the search for a tag begins. It increases with the tag, so that grow walks both
// tables from front to back.
func (s *shard) home(tag uint64) int { return int(tag * uint64(len(s.slots)) >> tagBits) }

func (s *shard) insert(slot uint64) {
	i := s.home(slot >> placeBits)
	for s.slots[i] != 0 {
		if i++; i == len(s.slots) {
			i = 0
		}
	}
	s.slots[i] = slot
}

func (s *shard) grow() {
	old := s.slots
	s.slots = make([]uint64, max(firstSlots, len(old)*3/2))
	for _, slot := range old {
		if slot != 0 {
			s.insert(slot)
		}
	}
}
