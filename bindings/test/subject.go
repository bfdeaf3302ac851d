package test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"

	"carjs/bindings/args"
	"carjs/host/submit"

	"github.com/dop251/goja"
	"github.com/rogpeppe/go-internal/diff"
)

// Result is what an import did, in the form in which the test sees it.
type Result struct {
	Mode        string                  `json:"mode"`
	ExitCode    int                     `json:"exitCode"`
	Failure     *ImportFailure          `json:"failure"`
	SavePoint   string                  `json:"savePoint"`
	Collections map[string]submit.Count `json:"collections"`
	Dangling    []Dangling              `json:"dangling"`
	Skipped     []Skipped               `json:"skipped"`
	// Requests are filled in by the suite.
	Requests []*request `json:"requests"`
}

// ImportFailure is what ended an import.
type ImportFailure struct {
	Kind    string `json:"kind"`
	Code    int    `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
	At      string `json:"at"`
	Fault   string `json:"fault"`
}

// Dangling are edges that were left out because a vertex at one of their ends is not there.
type Dangling struct {
	Collection string `json:"collection"`
	End        string `json:"end"`
	Vertex     string `json:"vertex"`
	Reason     string `json:"reason"`
	Count      int    `json:"count"`
	FirstKey   string `json:"firstKey"`
	At         string `json:"at"`
}

// Skipped is an object that was left out because it is not valid.
type Skipped struct {
	Collection string `json:"collection"`
	Why        string `json:"why"`
	At         string `json:"at"`
	// Object is its JSON, or text where it was too long to be kept whole.
	Object any `json:"object"`
}

// newSubject is the native behind connector(): (source, settings).
func (s *Suite) newSubject(call goja.FunctionCall) goja.Value {
	src, _ := call.Argument(0).ToObject(s.rt.VM()).Get("source").Export().(*source)
	settings := texts(args.Of(s.rt, call, "connector").Arg(1, "settings"))
	subject, err := s.options.Host.Subject(src, settings, src.settings)
	if err != nil {
		s.rt.Throw(err)
	}
	s.subjects = append(s.subjects, subject)
	object := s.rt.VM().NewObject()
	read := func(name string, f func(*args.Call) (any, error)) func(goja.FunctionCall) goja.Value {
		return func(call goja.FunctionCall) goja.Value {
			v, err := f(args.Of(s.rt, call, "graph."+name))
			if err != nil {
				s.rt.Throw(err)
			}
			return s.parsed(v)
		}
	}
	err = errors.Join(
		object.Set("testConnection", func(goja.FunctionCall) goja.Value { return s.testConnection(subject, src) }),
		object.Set("import", func(call goja.FunctionCall) goja.Value {
			return s.importOnce(subject, src, call.Argument(0).ToBoolean())
		}),
		object.Set("vertices", read("vertices", func(c *args.Call) (any, error) { return subject.Vertices(collectionOf(c)) })),
		object.Set("edges", read("edges", func(c *args.Call) (any, error) { return subject.Edges(collectionOf(c)) })),
		object.Set("counts", read("counts", func(*args.Call) (any, error) { return subject.Counts() })),
		object.Set("vertex", read("vertex", func(c *args.Call) (any, error) {
			return subject.Vertex(collectionOf(c), c.Arg(1, "key").ID())
		})),
		object.Set("edge", read("edge", func(c *args.Call) (any, error) {
			return subject.Edge(collectionOf(c), c.Arg(1, "from").ID(), c.Arg(2, "to").ID())
		})),
	)
	if err != nil {
		s.rt.Throw(err)
	}
	return object
}

func collectionOf(c *args.Call) string { return c.Arg(0, "collection").Text() }

// importOnce imports beside the loop, which goes on and makes the answers of the data source.
func (s *Suite) importOnce(subject Subject, src *source, full bool) goja.Value {
	before := len(src.requests(0))
	return s.rt.Async(func(ctx context.Context) (func(*goja.Runtime) (goja.Value, error), error) {
		result := subject.Import(ctx, full)
		if err := s.taken(ctx, src); err != nil {
			return nil, err
		}
		result.Requests = src.requests(before)
		return s.maker(result)
	})
}

func (s *Suite) testConnection(subject Subject, src *source) goja.Value {
	return s.rt.Async(func(ctx context.Context) (func(*goja.Runtime) (goja.Value, error), error) {
		code := subject.TestConnection(ctx)
		if err := s.taken(ctx, src); err != nil {
			return nil, err
		}
		return s.maker(code)
	})
}

// taken is the error of an import in which a request was not answered, whatever the connector made
// of that; and of one that was stopped.
func (s *Suite) taken(ctx context.Context, src *source) error {
	if err := src.take(); err != nil {
		return s.breaks(err)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// maker makes a value of what JSON has a form for, on the loop.
func (s *Suite) maker(v any) (func(*goja.Runtime) (goja.Value, error), error) {
	encoded, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return func(*goja.Runtime) (goja.Value, error) { return s.rt.ParseJSON(encoded) }, nil
}

// diff is the native that shows how two texts differ, line by line: (expected, received).
func (s *Suite) diff(call goja.FunctionCall) goja.Value {
	a, b := call.Argument(0).String()+"\n", call.Argument(1).String()+"\n"
	text := diff.Diff("a", []byte(a), "b", []byte(b))
	// Without the names of the files, and without the place when there is one stretch only.
	_, text, _ = bytes.Cut(text, []byte("\n+++ b\n"))
	if bytes.Count(text, []byte("\n@@ ")) == 0 {
		_, text, _ = bytes.Cut(text, []byte("\n"))
	}
	return s.rt.VM().ToValue(string(bytes.TrimRight(text, "\n")))
}
