package packed

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"io"
	"iter"
)

// ErrTrailing is the error of data that goes on behind its end.
var ErrTrailing = errors.New("there is data behind the end of the compressed data")

// Compressor compresses what comes in parts.
type Compressor struct {
	out bytes.Buffer
	w   io.WriteCloser
}

// NewCompressor makes a compressor of the usual level.
func NewCompressor(f Format) (*Compressor, error) {
	c := &Compressor{}
	var err error
	c.w, err = f.writer(&c.out, flate.DefaultCompression)
	return c, err
}

// Write takes a part, and returns what is compressed so far and was not returned before.
func (c *Compressor) Write(part []byte) ([]byte, error) {
	_, err := c.w.Write(part)
	return c.taken(), err
}

// End returns the rest.
func (c *Compressor) End() ([]byte, error) {
	err := c.w.Close()
	return c.taken(), err
}

// Close does nothing: a compressor holds memory alone.
func (c *Compressor) Close() {}

func (c *Compressor) taken() []byte {
	data := bytes.Clone(c.out.Bytes())
	c.out.Reset()
	return data
}

// Expander expands what comes in parts. The readers of the standard library ask for their input, so
// one runs as a coroutine that stops where it has none; it must be closed.
type Expander struct {
	input []byte
	ended bool // there is no more input
	next  func() ([]byte, error, bool)
	stop  func()
	// hungry says that the coroutine stopped because it has no input.
	hungry bool
	over   bool // the reader has come to the end, or has failed
	err    error
}

var errStopped = errors.New("the expander was closed")

// NewExpander makes an expander.
func NewExpander(f Format) *Expander {
	e := &Expander{}
	e.next, e.stop = iter.Pull2(func(yield func([]byte, error) bool) { e.run(f, yield) })
	return e
}

// run is the coroutine: it yields what is expanded when it needs input, and its error at the end.
func (e *Expander) run(f Format, yield func([]byte, error) bool) {
	var out bytes.Buffer
	take := func() []byte {
		data := bytes.Clone(out.Bytes())
		out.Reset()
		return data
	}
	in := &feed{e: e, wait: func() bool {
		e.hungry = true
		return yield(take(), nil)
	}}
	r, err := f.reader(in)
	switch {
	case err == nil || errors.Is(err, errStopped) || errors.Is(err, io.ErrUnexpectedEOF):
	case err == io.EOF: // there is not even a header
		err = io.ErrUnexpectedEOF
	default:
		err = &HeaderError{err}
	}
	if g, ok := r.(*gzip.Reader); ok && err == nil {
		g.Multistream(false)
	}
	for err == nil {
		_, err = io.CopyN(&out, r, chunk)
		if out.Len() > DefaultMax {
			err = ErrTooLarge
		}
	}
	if errors.Is(err, errStopped) {
		return
	}
	if err == io.EOF {
		err = nil
	}
	yield(take(), err)
}

// Write takes a part, and returns what it expands to.
func (e *Expander) Write(part []byte) ([]byte, error) {
	if len(part) == 0 {
		return nil, e.err
	}
	if e.over && e.err == nil {
		return nil, ErrTrailing
	}
	e.input = bytes.Clone(part)
	return e.step()
}

// End says that all has been given.
func (e *Expander) End() ([]byte, error) {
	if e.over {
		return nil, e.err
	}
	e.ended = true
	data, err := e.step()
	return data, err
}

// Close ends the coroutine.
func (e *Expander) Close() { e.stop() }

func (e *Expander) step() ([]byte, error) {
	if e.err != nil {
		return nil, e.err
	}
	e.hungry = false
	data, err, _ := e.next()
	if e.hungry {
		return data, nil
	}
	e.over = true
	if e.err = err; err == nil && len(e.input) > 0 {
		e.err = ErrTrailing // what came before it is good, and is given
		return data, e.err
	}
	return data, err
}

// feed is the input of the coroutine. It gives single bytes too, so that no reader takes more than
// it needs.
type feed struct {
	e    *Expander
	wait func() bool
}

func (f *feed) fill() error {
	for len(f.e.input) == 0 {
		if f.e.ended {
			return io.EOF
		}
		if !f.wait() {
			return errStopped
		}
	}
	return nil
}

func (f *feed) Read(p []byte) (int, error) {
	if err := f.fill(); err != nil {
		return 0, err
	}
	n := copy(p, f.e.input)
	f.e.input = f.e.input[n:]
	return n, nil
}

func (f *feed) ReadByte() (byte, error) {
	if err := f.fill(); err != nil {
		return 0, err
	}
	b := f.e.input[0]
	f.e.input = f.e.input[1:]
	return b, nil
}
