package deflate

import "encoding/binary"

// writer writes bits, the lowest first.
type writer struct {
	buf     []byte
	pending uint64
	n       uint // how many bits are pending
}

// put adds up to 16 bits.
func (w *writer) put(bits uint64, n uint) {
	w.pending |= bits << w.n
	if w.n += n; w.n >= 48 {
		w.buf = binary.LittleEndian.AppendUint64(w.buf, w.pending)[:len(w.buf)+6]
		w.pending >>= 48
		w.n -= 48
	}
}

// align fills up the last byte.
func (w *writer) align() {
	for ; w.n > 0; w.n -= min(w.n, 8) {
		w.buf = append(w.buf, byte(w.pending))
		w.pending >>= 8
	}
}
