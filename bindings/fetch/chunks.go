package fetch

import (
	"context"
	"io"
	"time"

	"github.com/dop251/goja"
)

// chunkSize is the most that is read of a body at once.
const chunkSize = 64 << 10

// chunk is the promise of the next part of the body, undefined at its end. A body that is read in
// parts has the time-out for each of them: how long the whole takes is up to its size, and to the
// script that works on it.
func (e *exchange) chunk() goja.Value {
	return e.rt.Async(func(ctx context.Context) (func(*goja.Runtime) (goja.Value, error), error) {
		data, err := e.part(ctx)
		if err != nil {
			return nil, err
		}
		return func(vm *goja.Runtime) (goja.Value, error) {
			if data == nil {
				return goja.Undefined(), nil
			}
			return vm.ToValue(vm.NewArrayBuffer(data)), nil
		}, nil
	})
}

// part reads a part, nil at the end.
func (e *exchange) part(ctx context.Context) ([]byte, error) {
	e.reading.Lock()
	defer e.reading.Unlock()
	e.clock.Stop()
	late := time.AfterFunc(e.timeout, func() { e.late(&TimeoutError{After: e.timeout, Idle: true}) })
	defer late.Stop()
	defer context.AfterFunc(ctx, e.cancel)()
	data := make([]byte, chunkSize)
	for {
		n, err := e.answer.Body.Read(data)
		switch {
		case n > 0:
			return data[:n:n], nil // an error comes again
		case err == io.EOF:
			err = e.answer.Body.Close()
			e.cancel()
			return nil, err
		case err != nil:
			err = Explain(e.ctx, e.request.Method, e.request.URL, err)
			_ = e.answer.Body.Close() // it is broken
			e.cancel()
			return nil, err
		}
	}
}

// close gives up a body of which nobody wants the rest.
func (e *exchange) close() {
	e.cancel()
	if e.answer == nil {
		return
	}
	go func() {
		_ = e.rt.Guard(func() {
			e.reading.Lock()
			defer e.reading.Unlock()
			_ = e.answer.Body.Close() // nobody wants to know
		})
	}()
}
