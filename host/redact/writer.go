package redact

import (
	"fmt"
	"io"
	"sync"
)

// maxHeld bounds what a [Writer] keeps of a line that does not end. A longer line is passed on in
// pieces: a known secret across two pieces is still found, a URL or an Authorization header that is
// cut in two may not be.
const maxHeld = 1 << 20

// Writer passes text on without its secrets. It holds an unfinished line back, and so much of what
// came before it as may still turn out to be the beginning of a secret: call [Writer.Close] at the
// end. It may be used by several goroutines.
type Writer struct {
	mu       sync.Mutex
	redactor *Redactor
	out      io.Writer
	held     []byte
}

// Writer returns a writer that redacts what it passes on to w, line by line.
func (r *Redactor) Writer(w io.Writer) *Writer { return &Writer{redactor: r, out: w} }

// Write takes p in; what makes whole lines with what is held goes out. An error of the writer below
// is returned by the call that met it, and the text of that call is lost.
func (w *Writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held = append(w.held, p...)
	cut := lastLine(w.held, len(p))
	if cut == 0 && len(w.held) > maxHeld {
		cut = len(w.held)
	}
	if cut == 0 {
		return len(p), nil
	}
	text := string(w.held)
	if cut = w.redactor.current().cut(text, cut); cut == 0 {
		return len(p), nil
	}
	w.held = append(w.held[:0], text[cut:]...)
	if err := w.pass(text[:cut]); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Close passes on what is held. It does not close the writer below, and the Writer can be written
// to again.
func (w *Writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	text := string(w.held)
	w.held = nil
	if text == "" {
		return nil
	}
	return w.pass(text)
}

func (w *Writer) pass(text string) error {
	if _, err := io.WriteString(w.out, w.redactor.String(text)); err != nil {
		return fmt.Errorf("write redacted text: %w", err)
	}
	return nil
}

// lastLine returns the end of the last whole line. Only the last fresh bytes can hold it: before
// them stands one unfinished line, or text that was held for the sake of a secret and goes out with
// the next line.
func lastLine(held []byte, fresh int) int {
	for i := len(held) - 1; i >= len(held)-fresh; i-- {
		if held[i] == '\n' {
			return i + 1
		}
	}
	return 0
}

// cut moves a place to cut the text at back before any secret that begins before it and ends after
// it, or may do so when more text comes; and before what overlaps with that one.
func (m *matcher) cut(text string, at int) int {
	if m == nil {
		return at
	}
	start, end := 0, 0 // the run of overlapping matches around i
	for i := 0; i < at; i++ {
		n, open := m.at(text, i, false)
		if i >= end {
			start = i
		}
		if open || i+n > at {
			return start
		}
		end = max(end, i+n)
	}
	return at
}
