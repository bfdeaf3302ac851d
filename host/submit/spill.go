package submit

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"carjs/host/failure"
	"carjs/host/files"
)

// chunkSize is how much of the spill file a stream reserves, and holds in memory, at a time.
const chunkSize = 64 << 10

// spill is the one file of a submission: edges wait in it for the vertices, and the keys of all
// objects are in it for comparison. Several streams share it: each reserves a chunk, fills it in
// memory, and writes it when it is full, so that an object's place is known before it is written.
// The unused rest of a chunk remains a hole.
type spill struct {
	file *files.Temporary
	end  int64 // where the next chunk begins
}

// newSpill makes the file in dir (empty: the system's temporary folder), readable by its owner
// only.
func newSpill(dir string) (*spill, error) {
	file, err := files.NewTemporary(dir, "carjs-edges-")
	if err != nil {
		return nil, diskFailure("cannot create the spill file", err)
	}
	return &spill{file: file, end: 1}, nil // a place is never 0: see keySet
}

// close removes the file.
func (sp *spill) close() error { return sp.file.Close() }

// read fills b from a place in the file, up to the end of the file, and returns the number of
// bytes.
func (sp *spill) read(b []byte, place int64) (int, error) {
	n, err := sp.file.ReadAt(b, place)
	if err != nil && err != io.EOF {
		return 0, diskFailure("cannot read back the spill file", err)
	}
	return n, nil
}

// diskFailure is the failure of a run that cannot use the local disk. The next run may try again.
func diskFailure(what string, err error) error {
	hint := "free disk space, or set another folder with -export-data-dir"
	if trouble, ok := files.TroubleOf(err); ok {
		if hint = trouble.Hint; !strings.Contains(hint, "open files") {
			hint += "; -export-data-dir sets another folder"
		}
	}
	return failure.New(failure.Recoverable, "%s: %v", what, err).WithFault(failure.FaultSettings).WithHint("%s", hint).
		WithCause(fmt.Errorf("%s: %w", what, err))
}

// stream is one writer of the spill file.
type stream struct {
	spill *spill
	base  int64  // where buf begins in the file
	room  int    // how much is claimed from there
	buf   []byte // the chunk so far
	saved int    // buf[:saved] is in the file
}

// accept keeps grown, which is st.buf with an entry appended, and returns the entry's place. If the
// chunk is too small for it, the chunk is written to disk and the entry begins the next one.
func (st *stream) accept(grown []byte) (place int64, err error) {
	mark := len(st.buf)
	if len(grown) <= st.room {
		st.buf = grown
		return st.base + int64(mark), nil
	}
	if err := st.save(); err != nil {
		return 0, err
	}
	entry := grown[mark:]
	room := max(chunkSize, len(entry))
	if st.spill.end+int64(room) > maxPlace {
		return 0, diskFailure("cannot write the spill file", errors.New("more than a terabyte"))
	}
	st.base, st.room, st.saved = st.spill.end, room, 0
	st.spill.end += int64(room)
	if cap(grown) > 2*chunkSize && len(entry) <= chunkSize {
		grown = make([]byte, 0, chunkSize) // release the memory of one large entry
	}
	st.buf = append(grown[:0], entry...)
	return st.base, nil
}

// save writes what is not in the file yet.
func (st *stream) save() error {
	if st.saved == len(st.buf) {
		return nil
	}
	if _, err := st.spill.file.WriteAt(st.buf[st.saved:], st.base+int64(st.saved)); err != nil {
		return diskFailure("cannot write the spill file", err)
	}
	st.saved = len(st.buf)
	return nil
}

// holds reports whether the chunk in memory has the n bytes at a place, and returns them.
func (st *stream) holds(place int64, n int) ([]byte, bool) {
	from := place - st.base
	if st.room == 0 || from < 0 || from >= int64(len(st.buf)) {
		return nil, false
	}
	return st.buf[from:min(int(from)+n, len(st.buf))], true
}
