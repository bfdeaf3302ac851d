package recording

import (
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"carjs/host/files"
)

// recorded is an answer that is read by someone else and copied, into a file because it may be
// large.
type recorded struct {
	io.ReadCloser
	end func(ending) // called once

	mu      sync.Mutex // of what follows
	copy    *files.Temporary
	length  int64 // how long the answer is, when that is known; else -1
	size    int64 // of the copy
	reading bool  // a read is under way
	late    bool  // the rest was not waited for
	over    bool
	err     error // of the copy
}

// ending is how an answer ended.
type ending int

const (
	whole  ending = iota
	cut           // by who read it
	broken        // by the network, or because the run was over
)

// pending begins to copy an answer.
func (r *Recorder) pending(answer *http.Response) (*recorded, error) {
	file, err := files.NewTemporary(r.dir, pendingName)
	if err != nil {
		return nil, err
	}
	b := &recorded{ReadCloser: answer.Body, copy: file, length: answer.ContentLength}
	r.shared.mu.Lock()
	r.shared.open[b] = true
	r.shared.mu.Unlock()
	return b, nil
}

// Read reads and copies.
func (b *recorded) Read(p []byte) (int, error) {
	b.mu.Lock()
	b.reading = true
	b.mu.Unlock()
	n, err := b.ReadCloser.Read(p)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reading = false
	if b.over {
		return n, err
	}
	if b.err == nil && n > 0 {
		_, b.err = b.copy.Write(p[:n])
		b.size += int64(n)
	}
	if err != nil {
		switch {
		case err == io.EOF:
			b.finish(whole)
		case b.late:
			b.finish(cut)
		default:
			b.finish(broken)
		}
	}
	return n, err
}

// Close ends the answer, which was cut short when more than a little of it was left.
func (b *recorded) Close() error {
	b.readOn()
	err := b.ReadCloser.Close()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.size == b.length {
		b.finish(whole)
	} else {
		b.finish(cut)
	}
	return err
}

// What is read of an answer that its reader has left: who changes the reader wants all of the
// answer, and has it only once.
const (
	readOnBytes = 1 << 20
	readOnTime  = time.Second
)

// readOn reads the rest of the answer, if nobody else does and it is not long.
func (b *recorded) readOn() {
	b.mu.Lock()
	idle := !b.reading && !b.over
	b.mu.Unlock()
	if !idle {
		return
	}
	enough := time.AfterFunc(readOnTime, func() {
		b.mu.Lock()
		b.late = true
		b.mu.Unlock()
		b.ReadCloser.Close() //nolint:errcheck // ends the read, which says why
	})
	defer enough.Stop()
	_, _ = io.Copy(io.Discard, io.LimitReader(b, readOnBytes)) // an error ends the answer as any other does
}

// finish ends the copy. mu is held.
func (b *recorded) finish(how ending) {
	if b.over {
		return
	}
	b.over = true
	b.end(how)
	b.copy.Close() //nolint:errcheck // it was read, and what is left of it is tidied up another time
}

// read returns what was copied.
func (b *recorded) read() ([]byte, error) {
	if b.err != nil {
		return nil, b.err
	}
	if _, err := b.copy.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return io.ReadAll(b.copy)
}

// ended notes that an answer is not being read any more.
func (r *Recorder) ended(b *recorded) {
	r.shared.mu.Lock()
	delete(r.shared.open, b)
	r.shared.mu.Unlock()
	select {
	case r.shared.ended <- struct{}{}:
	default:
	}
}

// patience is how long a read may take to end when the run is over.
const patience = 2 * time.Second

// wait ends the answers that nobody reads any more, and waits a while for reads that are under way.
func (r *Recorder) wait() {
	for patient := time.After(patience); ; {
		busy := false
		for _, b := range r.open() {
			busy = !b.abandon() || busy
		}
		if !busy {
			return
		}
		select {
		case <-r.shared.ended:
		case <-patient:
			for _, b := range r.open() {
				b.mu.Lock()
				b.finish(broken)
				b.mu.Unlock()
			}
			return
		}
	}
}

func (r *Recorder) open() []*recorded {
	r.shared.mu.Lock()
	defer r.shared.mu.Unlock()
	return slices.Collect(maps.Keys(r.shared.open))
}

// abandon closes an answer, unless a read is under way. It tells whether it ended.
func (b *recorded) abandon() bool {
	b.mu.Lock()
	reading := b.reading && !b.over
	b.mu.Unlock()
	if !reading {
		_ = b.Close() // nobody waits for what it has to say
	}
	return !reading
}
