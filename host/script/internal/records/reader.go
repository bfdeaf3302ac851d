package records

import (
	"bytes"
	"context"
	"fmt"
	"io"
)

const (
	// readSize is the size of the first buffer. It grows when a record does not fit.
	readSize = 64 << 10
	// maxRecord is the largest record, and the largest text beside the records. What is larger is a
	// mistake, or the end of the machine's memory.
	maxRecord = 64 << 20
	// smallRecord is the size up to which a record that is there in part is tried again whenever
	// more has come. A larger one has to grow by half first, or a large record that comes in small
	// pieces would be read once for each of them.
	smallRecord = 32 << 10
	// behind is how much of what was read is kept for the excerpt of an error.
	behind = 256
)

// recordReader reads the records of a text while that arrives. It blocks where its source does, and
// where whoever takes the records is slow, so it has a goroutine of its own. What it keeps is a
// buffer with room for one record.
type recordReader struct {
	*parser
	src   io.Reader
	out   *Window
	buf   []byte
	base  int64 // how many bytes of the text are before data
	ended bool  // all of the text is in data
	ready []any // read, but not handed over
	size  int   // of the text of ready
	count int64 // of the records that were read
	found bool  // the list
	names []string
}

// ReadJSON reads the records of a text while it arrives, and hands them over. It returns when all
// of them were handed over, or with what went wrong: a [*Error], whose Err is the cause of
// ctx when that has ended. It is called beside the loop.
func (out *Window) ReadJSON(ctx context.Context, src io.Reader, layout Layout) error {
	buf := make([]byte, readSize)
	r := &recordReader{parser: out.in.decoder(ctx, buf[:0]), src: src, out: out, buf: buf}
	r.reused = true
	err := r.all(layout)
	if handed := r.handOver(); err == nil {
		err = handed
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx) // what broke off because of it says less
	}
	return r.located(err)
}

func (r *recordReader) all(layout Layout) error {
	if err := r.more(len("\ufeff")); err != nil {
		return err
	}
	if bytes.HasPrefix(r.Data, []byte("\ufeff")) {
		r.Pos = len("\ufeff")
	}
	if layout.Lines {
		return r.lines()
	}
	if err := r.find(layout.At, 0); err != nil {
		return err
	}
	c, err := r.peek()
	switch {
	case err != nil:
		return err
	case !r.found:
		return r.noList(layout.At)
	case c != 0 || r.Pos < len(r.Data):
		return r.Fault("data after the end of the value")
	}
	return nil
}

// peek steps over white space and returns what is next, 0 at the end.
func (r *recordReader) peek() (byte, error) {
	for {
		if r.Space(); r.Pos < len(r.Data) || r.ended {
			return r.Next(), nil
		}
		if err := r.more(1); err != nil {
			return 0, err
		}
	}
}

// longestWord is the longest thing that the parser looks at as a whole: an escape, "\u0000", or
// "false".
const longestWord = 6

// try reads something that has to be there as a whole, again with more of the text when it is not.
func (r *recordReader) try(read func() error) error {
	for {
		start, lost := r.Pos, len(r.lost)
		number := r.Next() == '-' || '0' <= r.Next() && r.Next() <= '9'
		err := read()
		switch {
		case r.ended || r.ctx.Err() != nil:
			return err
		case err == nil && (!number || r.Pos < len(r.Data)): // a number may go on
			return nil
		case err != nil && r.Pos+longestWord <= len(r.Data):
			return err
		}
		r.Pos, r.lost = start, r.lost[:lost]
		wanted, partial := 1, len(r.Data)-start
		if partial > smallRecord {
			wanted = partial / 2
		}
		if err := r.more(wanted); err != nil {
			return err
		}
	}
}

// more reads at least so many bytes more, unless the text ends. What is before the place is let go.
func (r *recordReader) more(least int) error {
	if r.ended {
		return nil
	}
	keep := max(0, r.Pos-behind)
	if len(r.Data)-r.Pos+least > len(r.buf)-behind {
		if len(r.buf) > maxRecord {
			return r.wrong(fmt.Sprintf("a record is larger than the limit of %d MiB", maxRecord>>20))
		}
		r.buf = make([]byte, 2*len(r.buf)+least)
	}
	kept := copy(r.buf, r.Data[keep:])
	r.base, r.Pos, r.Data = r.base+int64(keep), r.Pos-keep, r.buf[:kept]
	if err := r.handOver(); err != nil { // the source may be slow
		return err
	}
	for empty := 0; least > 0; {
		n, err := r.src.Read(r.buf[len(r.Data):])
		r.Data = r.buf[:len(r.Data)+n]
		least -= n
		switch {
		case err == io.EOF:
			r.ended = true
			return nil
		case err != nil:
			return err
		case n > 0:
			empty = 0
		default:
			if empty++; empty == 100 {
				return io.ErrNoProgress
			}
		}
	}
	return nil
}

// handOver hands over what was read.
func (r *recordReader) handOver() error {
	if len(r.ready) == 0 {
		return nil
	}
	err := r.out.Put(r.ctx, r.ready, r.size)
	clear(r.ready)
	r.ready, r.size = r.ready[:0], 0
	return err
}
