package fetch

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"carjs/bindings/internal/charset"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// MaxBody is the largest body that is read: what is larger is a mistake, or the end of the
// machine's memory.
const MaxBody = 512 << 20

// largeBody is the largest body for which room is made because a server announces it.
const largeBody = 64 << 20

// exchange is one request with its answer. Several Response objects share it after clone(): the
// body is read once, and let go when the last of them has had it.
type exchange struct {
	rt      *script.Runtime
	wire    *Wire
	request *Request
	timeout time.Duration
	// carry sends the request in place of the wire; nil without a [Carrier].
	carry func(ctx context.Context) (*Answer, error)

	// ctx ends it: with the run, with the script's signal or with the time-out. cancel is safe to
	// call at any time.
	ctx    context.Context
	cancel context.CancelFunc
	// late ends it when something takes too long; clock does so for the whole.
	late  func(error)
	clock *time.Timer

	answer *Answer
	// reading is held while the body is read.
	reading sync.Mutex
	once    sync.Once
	data    []byte
	err     error
	// shares is how many have yet to read the body; on the loop only.
	shares int
	// taken tells that the body was asked for as a whole; on the loop only.
	taken bool
}

func newExchange(rt *script.Runtime, wire *Wire, request *Request, timeout time.Duration) *exchange {
	return &exchange{rt: rt, wire: wire, request: request, timeout: timeout, cancel: func() {}, shares: 1}
}

// localExchange is one whose body is there already.
func localExchange(rt *script.Runtime, data []byte) *exchange {
	e := newExchange(rt, nil, nil, 0)
	e.once.Do(func() { e.data = data })
	return e
}

// object is what classes.js sees of an exchange.
func (e *exchange) object() *goja.Object {
	object := e.rt.VM().NewObject()
	for name, f := range map[string]func(goja.FunctionCall) goja.Value{
		"send": func(goja.FunctionCall) goja.Value { return e.send() },
		"read": func(call goja.FunctionCall) goja.Value { return e.read(call.Argument(0).String()) },
		"share": func(goja.FunctionCall) goja.Value {
			e.shares++
			return goja.Undefined()
		},
		// whole tells that the body has to be read as a whole: it is here, or others want it too.
		"whole": func(goja.FunctionCall) goja.Value {
			return e.rt.VM().ToValue(e.request == nil || e.taken || e.shares > 1)
		},
		"chunk": func(goja.FunctionCall) goja.Value { return e.chunk() },
		"close": func(goja.FunctionCall) goja.Value {
			e.close()
			return goja.Undefined()
		},
		"cancel": func(goja.FunctionCall) goja.Value {
			e.cancel()
			return goja.Undefined()
		},
	} {
		if err := object.Set(name, f); err != nil {
			e.rt.Throw(err)
		}
	}
	return object
}

// send is the promise of the answer's head.
func (e *exchange) send() goja.Value {
	// Not the context of Async: that one ends with the head, and the body comes later.
	ctx, end := context.WithCancelCause(e.rt.Context())
	e.ctx, e.late = ctx, end
	e.clock = time.AfterFunc(e.timeout, func() { end(&TimeoutError{After: e.timeout}) })
	e.cancel = func() {
		e.clock.Stop()
		end(context.Canceled)
	}
	return e.rt.Async(func(ctx context.Context) (func(*goja.Runtime) (goja.Value, error), error) {
		stop := context.AfterFunc(ctx, e.cancel)
		answer, err := e.sent()
		if err != nil {
			err = Explain(e.ctx, e.request.Method, e.request.URL, err) // before the context is ended here
		}
		if !stop() || err != nil {
			e.cancel()
		}
		if err != nil {
			return nil, err
		}
		e.answer = answer
		return func(vm *goja.Runtime) (goja.Value, error) { return e.head(vm) }, nil
	})
}

// sent sends the request. A carrier has time-outs of its own for its attempts, between which it may
// wait: the clock begins with the body.
func (e *exchange) sent() (*Answer, error) {
	if e.carry == nil {
		return e.wire.Send(e.ctx, e.request)
	}
	e.clock.Stop()
	answer, err := e.carry(e.ctx)
	if err == nil {
		e.clock.Reset(e.timeout)
	}
	return answer, err
}

func (e *exchange) head(vm *goja.Runtime) (goja.Value, error) {
	var pairs []any
	for name, values := range e.answer.Header {
		for _, value := range values {
			pairs = append(pairs, vm.NewArray(name, value))
		}
	}
	head := vm.NewObject()
	err := errors.Join(
		head.Set("status", e.answer.StatusCode),
		head.Set("statusText", StatusText(e.answer.Response)),
		head.Set("url", e.answer.URL.String()),
		head.Set("redirected", e.answer.Redirected),
		head.Set("headers", vm.NewArray(pairs...)),
	)
	return head, err
}

// StatusText is what a server says beside its status.
func StatusText(response *http.Response) string {
	if len(response.Status) > 4 {
		return response.Status[4:]
	}
	return ""
}

// read is the promise of the body as "text", "json" or "bytes".
func (e *exchange) read(as string) goja.Value {
	at := e.rt.Caller()
	e.taken = true
	return e.rt.Async(func(ctx context.Context) (func(*goja.Runtime) (goja.Value, error), error) {
		e.once.Do(func() {
			e.reading.Lock()
			defer e.reading.Unlock()
			stop := context.AfterFunc(ctx, e.cancel)
			defer stop()
			defer e.cancel()
			if e.data, e.err = ReadBody(e.answer); e.err != nil {
				e.err = Explain(e.ctx, e.request.Method, e.request.URL, e.err)
			}
		})
		if e.err != nil {
			return nil, e.err
		}
		return func(vm *goja.Runtime) (goja.Value, error) {
			data := e.data
			e.shares--
			last := e.shares <= 0
			if last {
				e.data = nil
			}
			switch as {
			case "text":
				return e.text(vm, data)
			case "json":
				return e.json(data, at)
			}
			if !last {
				data = append([]byte{}, data...)
			}
			return vm.ToValue(vm.NewArrayBuffer(data)), nil
		}, nil
	})
}

func (e *exchange) text(vm *goja.Runtime, data []byte) (goja.Value, error) {
	var decoded string
	var err error
	if e.request == nil {
		decoded, err = text(charset.Source{}, data, "the body")
	} else {
		decoded, err = Text(data, e.request.Method, e.answer)
	}
	if err != nil {
		return nil, err
	}
	return vm.ToValue(decoded), nil
}

// json makes values of the body, for the call of json() at a place in the script. Every number is a
// Number, as the standard has it.
func (e *exchange) json(data []byte, at script.Position) (goja.Value, error) {
	source, what := charset.Source{}, "the body"
	if e.request != nil {
		source, what = e.answer.Source(), whatOf(e.request.Method, e.answer)
	}
	value, losses, err := parseJSON(e.rt.RoundedJSON, source, data, what)
	if err != nil {
		return nil, err
	}
	count := 0
	for _, loss := range losses {
		count += loss.Count
	}
	if count > 0 {
		e.rt.WarnRounded("json() of fetch", at, count)
	}
	return value, nil
}

// ReadBody reads and closes the body of an answer. A body for which there is no memory left, beside
// all others that are read or kept, is an error.
func ReadBody(answer *Answer) ([]byte, error) {
	// Room for what is announced: a body of megabytes is not copied again and again while it grows.
	size := bytes.MinRead
	if announced := answer.ContentLength; announced > 0 && announced <= largeBody {
		size += int(announced)
	}
	data, err := answer.room.grown(nil, size)
	for err == nil {
		if cap(data)-len(data) < bytes.MinRead {
			if data, err = answer.room.grown(data, 2*cap(data)+bytes.MinRead); err != nil {
				break
			}
		}
		var n int
		n, err = answer.Body.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		if len(data) > MaxBody {
			err = errTooLarge
		}
	}
	if err == io.EOF {
		err = nil
	}
	if closeErr := answer.Body.Close(); err == nil {
		err = closeErr
	}
	return data, err
}
