package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

const (
	// chunk is how much of a response is buffered before it is sent.
	chunk = 64 << 10
	// stall is how long a client may take for one chunk: a whole response may take any time, but a
	// dead client must not hold a snapshot forever.
	stall = time.Minute
)

// output buffers a response and sends it in chunks. A response that fits one chunk has a
// Content-Length.
type output struct {
	ctx    context.Context
	w      http.ResponseWriter
	status int
	buf    []byte
	sent   bool
}

func newOutput(w http.ResponseWriter, r *http.Request, status int) *output {
	return &output{ctx: r.Context(), w: w, status: status, buf: make([]byte, 0, chunk+chunk/4)}
}

// room sends the buffer when it is full.
func (o *output) room() error {
	if len(o.buf) < chunk {
		return nil
	}
	return o.flush()
}

func (o *output) flush() error {
	if err := o.ctx.Err(); err != nil {
		return err
	}
	if !o.sent {
		o.sent = true
		o.w.Header().Set("Content-Type", "application/json")
		o.w.Header().Set("Cache-Control", "no-store")
		o.w.WriteHeader(o.status)
	}
	if err := allowTime(o.w, stall); err != nil {
		return err
	}
	if _, err := o.w.Write(o.buf); err != nil {
		return fmt.Errorf("send response: %w", err)
	}
	o.buf = o.buf[:0]
	return nil
}

// finish sends the rest.
func (o *output) finish() error {
	if !o.sent {
		o.w.Header().Set("Content-Length", strconv.Itoa(len(o.buf)))
	}
	return o.flush()
}

// allowTime sets the time limit for the rest of a response, instead of the server's own.
func allowTime(w http.ResponseWriter, d time.Duration) error {
	err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(d))
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		return fmt.Errorf("set deadline: %w", err)
	}
	return nil
}
