package http

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"carjs/bindings/args"
	"carjs/bindings/fetch"
	"carjs/bindings/internal/charset"
	"carjs/host/failure"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// stream is one list of records, read while its answer arrives.
type stream struct {
	c    *client
	r    *request
	form form
	out  *script.Records
}

// records is the native behind HttpClient.records: (path, options, headers) to {iterator, abort}.
func (c *client) records(call goja.FunctionCall) goja.Value {
	rt := c.m.rt
	in := args.Of(rt, call, "records")
	o := in.Options(1, slices.Concat(recordOptions, pageOptions)...)
	f := readForm(o)
	r := c.newRequest(http.MethodGet, in.Arg(0, "the path"), o, in.Arg(2, "the headers"))
	f.accepts(r)
	return c.m.iterate(func() func(context.Context, *script.Records) error {
		token := c.auth.begin(c.m)
		return func(ctx context.Context, out *script.Records) error {
			s := &stream{c: c, r: r, form: f, out: out}
			_, err := c.authorized(ctx, r, token, s.attempt)
			return err
		}
	})
}

// iterate makes {iterator, abort} of records for client.js.
func (m *module) iterate(begin func() func(context.Context, *script.Records) error) goja.Value {
	rt := m.rt
	iterator, abort := rt.AsyncIterator(begin)
	object := rt.VM().NewObject()
	err := errors.Join(
		object.Set("iterator", iterator),
		object.Set("abort", func(call goja.FunctionCall) goja.Value {
			abort(&script.Error{Value: call.Argument(0)})
			return goja.Undefined()
		}),
	)
	if err != nil {
		rt.Throw(err)
	}
	return object
}

// attempt sends the request and reads the records of a good answer. What fails may be tried again
// as long as no record was read: those that were may have been reported, and another answer need
// not have them in the same order, nor have them at all.
func (s *stream) attempt(ctx context.Context, r *request, p pass) (*result, *noAnswer) {
	ctx, idle := newIdle(ctx, r.timeout)
	defer idle.stop()
	failed := func(err error) *noAnswer {
		transient := ctx.Err() == nil && !s.out.Any() && fetch.Transient(err)
		return &noAnswer{explained: fetch.Explain(ctx, r.Method, r.URL, err), transient: transient}
	}
	answer, err := s.c.wire.Send(ctx, r.hop(p))
	if err != nil {
		return nil, failed(err)
	}
	if !good(answer.StatusCode) || partial(r, answer.Response) || s.c.headSays(r, answer.StatusCode, answer.Header) {
		data, err := fetch.ReadBody(answer)
		if err != nil {
			return nil, failed(err)
		}
		return &result{Answer: answer, data: data}, nil
	}
	idle.body = answer.Body
	if answer.StatusCode == http.StatusNoContent || answer.StatusCode == http.StatusResetContent {
		_ = answer.Body.Close() // there is none
		return &result{Answer: answer}, nil
	}
	start, files := &beginning{}, 0
	err = unpack(idle, 0, "", func(name string, file io.Reader) error {
		files++
		*start = beginning{src: answer.Source().Reader(file)}
		return named(name, s.read(ctx, start))
	})
	_ = answer.Body.Close() // read to its end, or of no use
	var broken *script.RecordsError
	var pack *packError
	switch {
	case errors.As(err, &pack):
		return nil, &noAnswer{explained: failure.New(failure.Datasource, "%s %s: %s", r.Method, fetch.SafeURL(answer.URL), pack).
			WithCode(failure.CodeDatasourceDataProcess).WithCause(err).
			WithHint("have the data source, or what is between it and carjs, send the file as it is")}
	case err == nil && answer.StatusCode == http.StatusAccepted && !s.out.Any():
		return nil, &noAnswer{explained: unready(r.Method, answer)}
	case err == nil:
		if files == 0 {
			s.c.m.rt.WarnOnce("no file "+r.Method+" "+answer.URL.Path, "the data source returned a zip archive without a file, read as no records",
				"request", r.Method+" "+fetch.SafeURL(answer.URL))
		}
		fetch.WarnLosses(s.c.m.rt, r.Method, answer, s.out.Losses())
		return &result{Answer: answer}, nil
	case !errors.As(err, &broken):
		return nil, failed(err)
	case notText(broken) != nil:
		return nil, &noAnswer{explained: behind(fetch.Undecodable(r.Method, answer, notText(broken)), broken)}
	case broken.Err != nil:
		no := failed(broken.Err)
		no.explained = placed(no.explained, broken)
		return nil, no
	}
	return nil, &noAnswer{explained: unfit(r, answer, start.kept, broken)}
}

// read reads the records of a file.
func (s *stream) read(ctx context.Context, start *beginning) error {
	if s.form.table == nil {
		return s.out.ReadJSON(ctx, start, s.form.layout)
	}
	return s.form.table.read(ctx, start, s.out)
}

// named adds the name of a file in an archive to what is wrong with it.
func named(name string, err error) error {
	var broken *script.RecordsError
	if name != "" && errors.As(err, &broken) && broken.Err == nil {
		again := *broken
		again.Message += fmt.Sprintf(" in %q", name)
		return &again
	}
	return err
}

// placed adds the place to a failure.
func placed(err error, at *script.RecordsError) error { return extended(err, ", "+at.Place()) }

// behind adds to a failure that has its place how many records came before.
func behind(err error, at *script.RecordsError) error {
	switch at.Records {
	case 0:
		return err
	case 1:
		return extended(err, ", behind 1 record")
	}
	return extended(err, fmt.Sprintf(", behind %d records", at.Records))
}

func extended(err error, more string) error {
	var f *failure.Failure
	if !errors.As(err, &f) {
		return err
	}
	again := *f
	again.Message += more
	return &again
}

// notText is what is wrong with the bytes of an answer, nil when that is not why it is broken.
func notText(broken *script.RecordsError) error {
	var invalid *charset.InvalidError
	var unknown *charset.UnknownError
	switch {
	case broken.NotUTF8:
		return &charset.InvalidError{Name: charset.UTF8, Offset: broken.Offset, Byte: broken.Byte}
	case errors.As(broken.Err, &invalid):
		return invalid
	case errors.As(broken.Err, &unknown):
		return unknown
	}
	return nil
}

// unfit is the failure of an answer that is not what the connector takes it for.
func unfit(r *request, answer *fetch.Answer, start []byte, broken *script.RecordsError) error {
	if broken.NotJSON {
		return fetch.NotJSON(r.Method, answer, start, broken)
	}
	return failure.New(failure.Datasource, "%s %s: %s", r.Method, fetch.SafeURL(answer.URL), broken).
		WithCode(failure.CodeDatasourceDataProcess).WithCause(broken).
		WithHint("check the options of records against the data source's documentation")
}

// beginning keeps the beginning of a text that is read.
type beginning struct {
	src  io.Reader
	kept []byte
}

// maxBeginning is how much is kept: what a page for people has in its head.
const maxBeginning = 4 << 10

// Read reads a part.
func (b *beginning) Read(p []byte) (int, error) {
	n, err := b.src.Read(p)
	if room := maxBeginning - len(b.kept); room > 0 {
		b.kept = append(b.kept, p[:min(n, room)]...)
	}
	return n, err
}

// idle is the body of an answer of which the next part must come within some time. How long the
// whole takes is up to its size, and to the script that works on it.
type idle struct {
	body    io.Reader
	timer   *time.Timer
	timeout time.Duration
	cancel  context.CancelCauseFunc
}

// newIdle begins with the wait for the answer's head. Its context ends when the wait is too long.
func newIdle(ctx context.Context, timeout time.Duration) (context.Context, *idle) {
	ctx, cancel := context.WithCancelCause(ctx)
	late := &fetch.TimeoutError{After: timeout, Idle: true}
	return ctx, &idle{timeout: timeout, cancel: cancel, timer: time.AfterFunc(timeout, func() { cancel(late) })}
}

// Read reads a part.
func (i *idle) Read(p []byte) (int, error) {
	i.timer.Reset(i.timeout)
	defer i.timer.Stop()
	return i.body.Read(p)
}

func (i *idle) stop() {
	i.timer.Stop()
	i.cancel(context.Canceled)
}

// hop is the request with what it carries, as it is sent.
func (r *request) hop(p pass) *fetch.Request {
	hop := r.Request
	hop.Jar, hop.Sign = p.jar, p.sign
	if len(p.header) > 0 {
		hop.Header, hop.Private = r.Header.Clone(), slices.Clone(r.Private)
		for _, h := range p.header {
			hop.Header.Set(h.name, h.value)
			hop.Private = append(hop.Private, h.name)
		}
	}
	return &hop
}
