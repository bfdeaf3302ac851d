package recording

import (
	"context"
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
	end    func(ending)            // called once
	cancel context.CancelCauseFunc // of the request

	closing  sync.Once
	closeErr error

	mu      sync.Mutex // of what follows
	gone    error      // why nobody reads any more: the reader's context has ended
	copy    *files.Temporary
	length  int64 // how long the answer is, when that is known; else -1
	size    int64 // of the copy
	reading bool  // a read is under way
	left    bool  // what is read is for the copy alone
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
func (r *Recorder) pending(answer *http.Response, cancel context.CancelCauseFunc) (*recorded, error) {
	file, err := files.NewTemporary(r.dir, pendingName)
	if err != nil {
		return nil, err
	}
	b := &recorded{ReadCloser: answer.Body, cancel: cancel, copy: file, length: answer.ContentLength}
	r.shared.mu.Lock()
	r.shared.open[b] = true
	r.shared.mu.Unlock()
	return b, nil
}

// watch ends the answer with the context of its reader. What nobody was reading then is read on, as
// if it had been closed: a run that ends may have left it unread, and replaying needs it.
func (b *recorded) watch(reader context.Context) {
	context.AfterFunc(reader, func() {
		b.mu.Lock()
		reading := b.reading && !b.left
		b.gone = context.Cause(reader)
		b.mu.Unlock()
		if reading {
			b.cancel(b.gone)
			return
		}
		_ = b.Close() // nobody waits for what it has to say
	})
}

// Read reads and copies, unless the context of the reader has ended.
func (b *recorded) Read(p []byte) (int, error) {
	b.mu.Lock()
	gone := b.gone
	b.reading = gone == nil
	b.mu.Unlock()
	if gone != nil {
		return 0, gone
	}
	return b.next(p)
}

// next reads and copies.
func (b *recorded) next(p []byte) (int, error) {
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
		case b.late && b.gone == nil:
			b.finish(cut)
		default:
			b.finish(broken)
		}
	}
	return n, err
}

// Close ends the answer, which was cut short when more than a little of it was left.
func (b *recorded) Close() error {
	b.closing.Do(func() {
		b.readOn()
		b.closeErr = b.ReadCloser.Close()
		b.mu.Lock()
		defer b.mu.Unlock()
		switch {
		case b.size == b.length:
			b.finish(whole)
		case b.gone != nil:
			b.finish(broken)
		default:
			b.finish(cut)
		}
	})
	return b.closeErr
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
	b.reading, b.left = b.reading || idle, b.left || idle
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
	_, _ = io.Copy(io.Discard, io.LimitReader(reader(b.next), readOnBytes)) // an error ends the answer as any other does
}

// reader is a function that reads.
type reader func([]byte) (int, error)

func (r reader) Read(p []byte) (int, error) { return r(p) }

// finish ends the copy. mu is held.
func (b *recorded) finish(how ending) {
	if b.over {
		return
	}
	b.over = true
	b.end(how)
	b.cancel(nil)
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
