package harness

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"carjs/bindings"
	"carjs/bindings/test"
	"carjs/host"
	"carjs/host/car"
	"carjs/host/carserver"
	"carjs/host/httpx"
	"carjs/host/model"
	"carjs/host/submit"
)

// testSubject is a connector under test. Each import has a runtime of its own, as each run of carjs
// has; the CAR service stays.
type testSubject struct {
	host    *testHost
	source  http.RoundTripper
	args    settingsArgs
	service *carserver.Server

	mu    sync.Mutex   // one import at a time
	model *model.Model // of the last import; nil before the first
}

// settingsArgs are what context().args shows.
type settingsArgs = map[string]any

var _ test.Subject = (*testSubject)(nil)

// open makes the connector's runtime and the options of an import.
func (s *testSubject) open() (*bindings.Connector, host.Options, error) {
	h := s.host
	log := testLogger(h.log, true)
	connector, err := h.connector.Open(h.options.script(func(o *bindings.Options) {
		o.Args, o.Transport, o.Secret, o.Clock, o.Logger = s.args, s.source, h.redactor.Add, h.clock, log
	}))
	if err != nil {
		return nil, host.Options{}, err
	}
	source, _ := s.args["source"].(string)
	return connector, host.Options{
		CAR: car.Config{
			URL: "http://car.test/api/car/v2", Source: source, Transport: httpx.Transport(s.service.Handler()),
			PollWait: retryWait, RetryWait: retryWait,
		},
		Now: h.clock.Now, Logger: log, DatasourceRequests: connector.DatasourceRequests,
	}, nil
}

// TestConnection returns the exit code of a connection test.
func (s *testSubject) TestConnection(ctx context.Context) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.atItsTime()()
	connector, options, err := s.open()
	if err != nil {
		return host.Failed(err).ExitCode
	}
	report := host.TestConnection(ctx, connector, options)
	if report.Failure != nil {
		s.host.log("the connection test failed: "+report.Failure.Message, true)
	}
	return report.ExitCode
}

// Import imports once.
func (s *testSubject) Import(ctx context.Context, full bool) *test.Result {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.atItsTime()()
	skipped := []test.Skipped{}
	connector, options, err := s.open()
	if err != nil {
		return resultOf(host.Failed(err), skipped)
	}
	options.Full = full
	options.Skipped = func(skip submit.Skip, at string) { // on the goroutine of the import alone
		skipped = append(skipped, test.Skipped{Collection: skip.Collection, Why: model.Faults(skip.Faults), At: at,
			Object: parsedOr(skip.Object)})
	}
	report := host.Import(ctx, connector, options)
	s.model = report.Model
	if report.Failure != nil {
		s.host.log("the import failed: "+report.Failure.Message, true)
		if report.Failure.Detail != "" {
			s.host.log(report.Failure.Detail, true)
		}
	}
	return resultOf(report, skipped)
}

// atItsTime moves the clock of the test to the time at which the data source was recorded, unless the
// test has stopped it, and returns what moves it back.
func (s *testSubject) atItsTime() (back func()) {
	source, ok := s.source.(interface{ Recording() http.RoundTripper })
	if !ok {
		return func() {}
	}
	recorded, ok := source.Recording().(recordedSource)
	if !ok {
		return func() {}
	}
	s.host.clock.MoveTo(recorded.began)
	return func() { s.host.clock.MoveTo(time.Now()) }
}

// parsedOr is what a text of JSON says, or the text when it was cut.
func parsedOr(text string) any {
	if !json.Valid([]byte(text)) {
		return text
	}
	return json.RawMessage(text)
}

func resultOf(report *host.Report, skipped []test.Skipped) *test.Result {
	result := &test.Result{
		Mode: string(report.Mode), ExitCode: report.ExitCode, SavePoint: report.SavePoint,
		Collections: report.Collections, Dangling: []test.Dangling{}, Skipped: skipped,
	}
	for _, d := range report.Dangling {
		result.Dangling = append(result.Dangling, test.Dangling{
			Collection: d.Collection, End: d.End, Vertex: d.Vertex, Reason: string(d.Reason),
			Count: d.Count, FirstKey: d.FirstKey, At: d.At,
		})
	}
	if f := report.Failure; f != nil {
		result.Failure = &test.ImportFailure{
			Kind: string(f.Kind), Code: f.Code, Message: f.Message, Hint: f.Hint, At: f.At, Fault: string(f.Fault),
		}
	}
	return result
}

// collection finds a collection in the model of the last import.
func (s *testSubject) collection(name string, kind model.Kind) (*model.Collection, error) {
	s.mu.Lock()
	m := s.model
	s.mu.Unlock()
	if m == nil {
		m = model.CAR()
	}
	c, ok := m.Collection(name)
	what, list := "vertices", m.Vertices()
	if kind == model.Edge {
		what, list = "edges", m.Edges()
	}
	if ok && c.Kind == kind {
		return c, nil
	}
	var names []string
	for _, c := range list {
		names = append(names, c.Name)
	}
	slices.Sort(names)
	return nil, fmt.Errorf("unknown %s %q; known are: %s", what, name, strings.Join(names, ", "))
}

// Vertices returns those of a collection, by their keys.
func (s *testSubject) Vertices(collection string) (json.RawMessage, error) {
	g, c, err := s.graph(collection, model.Vertex)
	if err != nil {
		return nil, err
	}
	found := map[string]json.RawMessage{}
	for id, doc := range g.Vertices {
		if id.Collection != collection {
			continue
		}
		if found[id.Key], err = withKey(c, id, doc); err != nil {
			return nil, err
		}
	}
	return array(found)
}

// Vertex returns one of a collection.
func (s *testSubject) Vertex(collection, key string) (json.RawMessage, error) {
	g, c, err := s.graph(collection, model.Vertex)
	if err != nil {
		return nil, err
	}
	id := carserver.VertexID{Collection: collection, Key: key}
	if doc, ok := g.Vertices[id]; ok {
		return withKey(c, id, doc)
	}
	return nil, nil
}

// Edges returns the active ones of a collection, by their ends.
func (s *testSubject) Edges(collection string) (json.RawMessage, error) {
	g, _, err := s.graph(collection, model.Edge)
	if err != nil {
		return nil, err
	}
	found := map[string]json.RawMessage{}
	for id, doc := range g.Edges {
		if id.Collection != collection {
			continue
		}
		if found[id.From+"\x00"+id.To+"\x00"+id.ExternalID], err = withEnds(id, doc); err != nil {
			return nil, err
		}
	}
	return array(found)
}

// Edge returns one of a collection. Of several between the same vertices it is the one without an
// external id, or the one whose external id comes first.
func (s *testSubject) Edge(collection, from, to string) (json.RawMessage, error) {
	g, _, err := s.graph(collection, model.Edge)
	if err != nil {
		return nil, err
	}
	var first *carserver.EdgeID
	for id := range g.Edges {
		same := id.Collection == collection && id.From == from && id.To == to
		if same && (first == nil || id.ExternalID < first.ExternalID) {
			first = &id
		}
	}
	if first == nil {
		return nil, nil
	}
	return withEnds(*first, g.Edges[*first])
}

func (s *testSubject) graph(collection string, kind model.Kind) (carserver.Graph, *model.Collection, error) {
	c, err := s.collection(collection, kind)
	if err != nil {
		return carserver.Graph{}, nil, err
	}
	source, _ := s.args["source"].(string)
	g, err := s.service.Graph(s.host.ctx, source)
	return g, c, err
}

// Counts returns how much there is of each collection.
func (s *testSubject) Counts() (map[string]int, error) {
	source, _ := s.args["source"].(string)
	return s.service.Counts(s.host.ctx, source)
}

// Close ends the CAR service.
func (s *testSubject) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.service.Close()
}
