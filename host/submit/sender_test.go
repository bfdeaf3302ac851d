package submit

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"carjs/host/esjson"
	"carjs/host/model"
)

// recorder is a Sender in memory. It fails the test when an edge is posted before every vertex job
// was taken in.
type recorder struct {
	t *testing.T
	// gate, when set, must yield a value for every page that is posted.
	gate chan struct{}
	// importing and awaiting, when set, are asked for the error of a call.
	importing func(n int) error
	awaiting  func(jobs []string) error

	mu       sync.Mutex
	bodies   [][]byte
	open     map[string]string // job → collection, until it was awaited
	batches  [][]string
	inFlight int
	most     int // pages posted at the same time
}

func newRecorder(t *testing.T) *recorder { return &recorder{t: t, open: map[string]string{}} }

func (s *recorder) Import(ctx context.Context, body []byte) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	collection := collectionOf(s.t, body)
	s.mu.Lock()
	s.inFlight++
	s.most = max(s.most, s.inFlight)
	s.bodies = append(s.bodies, body)
	n := len(s.bodies)
	if strings.Contains(collection, "_") {
		for job, c := range s.open {
			if !strings.Contains(c, "_") {
				s.t.Errorf("%s was posted while job %s of %s was not taken in", collection, job, c)
			}
		}
	}
	job := fmt.Sprintf("job-%d", n)
	s.open[job] = collection
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.inFlight--
		s.mu.Unlock()
	}()
	if s.gate != nil {
		select {
		case <-s.gate:
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
	if s.importing != nil {
		if err := s.importing(n); err != nil {
			return "", err
		}
	}
	return job, nil
}

func (s *recorder) AwaitImports(ctx context.Context, jobs []string) error {
	if s.awaiting != nil {
		if err := s.awaiting(jobs); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.batches = append(s.batches, slices.Clone(jobs))
	for _, job := range jobs {
		if _, ok := s.open[job]; !ok {
			s.t.Errorf("job %s is unknown or was awaited before", job)
		}
		delete(s.open, job)
	}
	return nil
}

func (s *recorder) posted() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.bodies)
}

// objects returns the objects that were posted of a collection; numbers are as they were spelled.
func (s *recorder) objects(collection string) []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []map[string]any
	for _, body := range s.bodies {
		if collectionOf(s.t, body) == collection {
			all = append(all, pageOf(s.t, body)[collection]...)
		}
	}
	return all
}

// pageOf decodes an envelope and checks that it has source and report; it returns the collections
// in it.
func pageOf(t *testing.T, body []byte) map[string][]map[string]any {
	t.Helper()
	var envelope map[string]json.RawMessage
	if err := json.Unmarshal(body, &envelope); err != nil {
		t.Fatalf("a page is not JSON: %v\n%s", err, body)
	}
	if string(envelope["source"]) != `{"_key":"src"}` || string(envelope["report"]) != `{"_key":"rep","timestamp":1}` {
		t.Fatalf("source or report is wrong: %s", body)
	}
	collections := map[string][]map[string]any{}
	for name, raw := range envelope {
		if name == "source" || name == "report" {
			continue
		}
		v, err := esjson.Decode(raw)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range v.([]any) {
			collections[name] = append(collections[name], o.(map[string]any))
		}
	}
	return collections
}

// collectionOf returns the collection that a page begins with; empty is source and report alone.
func collectionOf(t *testing.T, body []byte) string {
	rest, ok := bytes.CutPrefix(body, []byte(`{"source":{"_key":"src"},"report":{"_key":"rep","timestamp":1}`))
	if !ok {
		t.Errorf("a page begins with %.80s", body)
	}
	name, _, _ := bytes.Cut(rest, []byte(":["))
	return strings.Trim(string(name), `,"}`)
}

// testConfig is a configuration with everything that a submission needs.
func testConfig(t *testing.T, sender Sender) Config {
	return Config{
		Source: "src", Report: "rep", Timestamp: 1700000000000, Dir: t.TempDir(), Sender: sender,
		Head: []byte(`{"source": {"_key": "src"}, "report": {"_key": "rep", "timestamp": 1}}`),
	}
}

func newSubmission(t *testing.T, config Config) *Submission {
	t.Helper()
	s, err := New(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// pairs are properties in the order in which they are pushed.
type pairs []any

// written is JSON for Draft.Written.
type written string

// push pushes properties with the method for the Go type of each value.
func push(d *Draft, properties pairs) *Draft {
	for i := 0; i < len(properties); i += 2 {
		name := properties[i].(string)
		switch v := properties[i+1].(type) {
		case string:
			d.String(name, v)
		case float64:
			d.Number(name, v)
		case int:
			d.Number(name, float64(v))
		case bool:
			d.Bool(name, v)
		case nil:
			d.Null(name)
		case json.RawMessage:
			d.JSON(name, v)
		case written:
			d.Written(name, []byte(v))
		default:
			panic(fmt.Sprintf("no push for %T", v))
		}
	}
	return d
}

// add pushes an object into the collection and commits it.
func add(t testing.TB, s *Submission, collection string, properties ...any) Result {
	t.Helper()
	c, ok := s.config.Model.Collection(collection)
	if !ok {
		t.Fatalf("no collection %q", collection)
	}
	begin := s.Vertex
	if c.Kind == model.Edge {
		begin = s.Edge
	}
	d, err := begin(collection)
	if err != nil {
		t.Fatal(err)
	}
	result, err := push(d, properties).Commit()
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// link adds an edge in the short form.
func link(t testing.TB, s *Submission, collection, from, to string, properties ...any) Result {
	t.Helper()
	d, err := s.Link(collection, from, to)
	if err != nil {
		t.Fatal(err)
	}
	result, err := push(d, properties).Commit()
	if err != nil {
		t.Fatal(err)
	}
	return result
}
