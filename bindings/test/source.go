package test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"carjs/bindings/args"
	"carjs/bindings/internal/charset"
	"carjs/host/failure"

	"github.com/dop251/goja"
)

// source is a data source that stands in a test. It carries the requests of an import, or of the
// test's own code, as their transport.
type source struct {
	suite *Suite
	url   string

	mu     sync.Mutex
	seen   []*request
	routes []*route // the newest last
	// recording answers in place of routes; nil for a scripted source.
	recording http.RoundTripper
	settings  map[string]string // recorded with it
	// broken is the first request that had no answer, or whose answer could not be made.
	broken error
}

// request is a request as a test sees it.
type request struct {
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Path    string            `json:"path"`
	Query   map[string]string `json:"query"`
	Params  map[string]string `json:"params"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
}

// Recording is what answers in place of routes; nil for a scripted source.
func (s *source) Recording() http.RoundTripper { return s.recording }

// newSource is the native behind dataSource().
func (s *Suite) newSource(goja.FunctionCall) goja.Value { return s.addSource(nil, nil) }

// newRecorded is the native behind recorded(): (folder).
func (s *Suite) newRecorded(call goja.FunctionCall) goja.Value {
	recording, settings, err := s.options.Host.Recording(args.Of(s.rt, call, "recorded").Arg(0, "folder").Text())
	if err != nil {
		s.rt.Throw(err)
	}
	if settings == nil {
		settings = map[string]string{}
	}
	return s.addSource(recording, settings)
}

// addSource makes a source with an address of its own: no name server knows names that end in
// ".test".
func (s *Suite) addSource(recording http.RoundTripper, settings map[string]string) goja.Value {
	src := &source{suite: s, url: fmt.Sprintf("http://source-%d.test", len(s.sources)+1), recording: recording, settings: settings}
	s.sources = append(s.sources, src)
	object := s.rt.VM().NewObject()
	err := errors.Join(
		object.Set("url", src.url),
		object.Set("source", src),
		object.Set("route", src.addRoute),
		object.Set("requests", func(goja.FunctionCall) goja.Value { return s.parsed(src.requests(0)) }),
	)
	if err != nil {
		s.rt.Throw(err)
	}
	return object
}

// parsed is the value of what JSON has a form for.
func (s *Suite) parsed(v any) goja.Value {
	encoded, err := json.Marshal(v)
	var value goja.Value
	if err == nil {
		value, err = s.rt.ParseJSON(encoded)
	}
	if err != nil {
		s.rt.Throw(err)
	}
	return value
}

// requests returns those that came in, from the n-th on.
func (src *source) requests(n int) []*request {
	src.mu.Lock()
	defer src.mu.Unlock()
	return append([]*request{}, src.seen[n:]...)
}

// RoundTrip answers a request.
func (src *source) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	seen := newRequest(r, body)
	src.mu.Lock()
	src.seen = append(src.seen, seen)
	route := src.match(r, seen)
	src.mu.Unlock()
	switch {
	case src.recording != nil:
		again := r.Clone(r.Context())
		again.Body = io.NopCloser(bytes.NewReader(body))
		response, err := src.recording.RoundTrip(again)
		var missing *failure.Failure
		if errors.As(err, &missing) {
			src.fail(missing)
		}
		return response, err
	case route == nil:
		return nil, src.fail(src.unanswered(seen))
	}
	response, err := src.answer(r.Context(), route, seen)
	if err != nil {
		return nil, err
	}
	response.Request = r
	return response, nil
}

// WithTLS is the same source: what answers in a test has no certificates.
func (src *source) WithTLS(*tls.Config) http.RoundTripper { return src }

// shown is the text of what a connector sends, for tests to look at.
func shown(r *http.Request, body []byte) string {
	text, err := charset.Source{ContentType: r.Header.Get("Content-Type"), Replace: true}.Decode(body)
	if err != nil { // the charset is unknown
		return strings.ToValidUTF8(string(body), "\ufffd")
	}
	return string(text)
}

func newRequest(r *http.Request, body []byte) *request {
	seen := &request{
		Method: r.Method, URL: r.URL.String(), Path: r.URL.Path, Body: shown(r, body),
		Query: map[string]string{}, Params: map[string]string{}, Headers: map[string]string{},
	}
	for name, values := range r.URL.Query() {
		seen.Query[name] = values[len(values)-1]
	}
	for name, values := range r.Header {
		seen.Headers[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	return seen
}

// fail remembers what a request failed with, for the import and the test.
func (src *source) fail(err error) error {
	src.mu.Lock()
	defer src.mu.Unlock()
	if src.broken == nil {
		src.broken = err
	}
	return err
}

// take returns what went wrong since it was asked last.
func (src *source) take() error {
	src.mu.Lock()
	defer src.mu.Unlock()
	err := src.broken
	src.broken = nil
	return err
}

// answer has the test's script make the answer, on the suite's loop, and waits for it.
func (src *source) answer(ctx context.Context, route *route, seen *request) (*http.Response, error) {
	s := src.suite
	response := make(chan *http.Response, 1)
	thrown := make(chan error, 1)
	s.rt.Post(func() error {
		vm := s.rt.VM()
		_, err := s.respond(goja.Undefined(), route.answering, s.parsed(seen),
			vm.ToValue(func(call goja.FunctionCall) goja.Value {
				response <- newResponse(vm, call)
				return goja.Undefined()
			}),
			vm.ToValue(func(call goja.FunctionCall) goja.Value {
				thrown <- s.rt.Thrown(call.Argument(0))
				return goja.Undefined()
			}))
		return err
	})
	select {
	case made := <-response:
		if made.StatusCode == 0 {
			return nil, fmt.Errorf("connect to %s: %w", seen.URL, syscall.ECONNREFUSED)
		}
		return made, nil
	case err := <-thrown:
		return nil, src.fail(failure.New(failure.General, "the response function for %s %s failed: %v", seen.Method, seen.URL, err).
			WithFault(failure.FaultConnector).WithCause(err))
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// newResponse is the response that the script made: (status, [name, value, ...], body).
func newResponse(vm *goja.Runtime, call goja.FunctionCall) *http.Response {
	status := int(call.Argument(0).ToInteger())
	var pairs []string
	if err := vm.ExportTo(call.Argument(1), &pairs); err != nil {
		panic(vm.NewTypeError("invalid headers of the response: %v", err))
	}
	var body []byte
	if data, ok := args.Bytes(vm, call.Argument(2)); ok {
		body = bytes.Clone(data)
	} else if v := call.Argument(2); !goja.IsUndefined(v) {
		body = []byte(v.String())
	}
	header := http.Header{}
	for i := 0; i+1 < len(pairs); i += 2 {
		header.Add(pairs[i], pairs[i+1])
	}
	return &http.Response{
		Status: strconv.Itoa(status) + " " + http.StatusText(status), StatusCode: status, Header: header,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, ContentLength: int64(len(body)), Body: io.NopCloser(bytes.NewReader(body)),
	}
}

// Transport carries the requests that the test's own code makes: to the data source whose address
// they have.
func (s *Suite) Transport() http.RoundTripper { return own{s} }

type own struct{ suite *Suite }

func (o own) RoundTrip(r *http.Request) (*http.Response, error) {
	s := o.suite
	for _, src := range s.sources {
		if strings.HasPrefix(r.URL.String()+"/", src.url+"/") {
			response, err := src.RoundTrip(r)
			if broken := src.take(); broken != nil {
				s.breaks(broken)
			}
			return response, err
		}
	}
	return nil, s.breaks(failure.New(failure.General, "no data source of this test serves %s %s", r.Method, r.URL.Redacted()).
		WithFault(failure.FaultConnector).WithHint("create one with dataSource() and pass its url to the code under test"))
}

func (o own) WithTLS(*tls.Config) http.RoundTripper { return o }

// breaks notes what the test under way fails with.
func (s *Suite) breaks(err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = append(s.broken, err)
	return err
}

// unanswered is the failure of a request that nothing was scripted for.
func (src *source) unanswered(seen *request) error {
	src.mu.Lock()
	defer src.mu.Unlock()
	f := failure.New(failure.General, "the test's data source has no response for %s %s", seen.Method,
		strings.TrimPrefix(seen.URL, src.url)).
		WithFault(failure.FaultConnector)
	known := map[string]bool{}
	for _, r := range src.routes {
		known[r.method+" "+r.path] = true
	}
	if len(known) == 0 {
		return f.WithHint(`script one: source.get(%q, ...)`, seen.Path)
	}
	return f.WithHint("script one; there are responses for %s", strings.Join(sorted(maps.Keys(known)), ", "))
}
