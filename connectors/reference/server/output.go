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
	// chunk is how much of an answer is gathered before it is sent.
	chunk = 64 << 10
	// stall is how long a client may take for one chunk: a whole answer may take any time, a dead
	// client does not hold a snapshot for ever.
	stall = time.Minute
)

// output gathers an answer and sends it in chunks. An answer that fits one chunk carries its
// length.
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

// room sends what has been gathered when there is enough of it.
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
		return fmt.Errorf("send answer: %w", err)
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

// allowTime sets the time for what is left of an answer, in place of the server's own limit.
func allowTime(w http.ResponseWriter, d time.Duration) error {
	err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(d))
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		return fmt.Errorf("set deadline: %w", err)
	}
	return nil
}
