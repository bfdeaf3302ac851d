package acceptance

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"carjs/host"
)

func connectionTest(ctx context.Context, t *trial) {
	seen := watch(t.subject.Source())
	good := t.tested(ctx, seen)
	if t.failed("testConnection()", good) {
		return
	}
	if len(seen.asked()) == 0 {
		t.fail("", "testConnection() sends no request to the data source, so it cannot tell good credentials from bad ones")
		return
	}
	if bad := t.tested(ctx, refusing{}); bad.ExitCode == 0 {
		t.fail("", "testConnection() returns 0 although the data source answers 401 to every request")
	}
}

// refusing answers that nobody is let in.
type refusing struct{}

func (refusing) RoundTrip(q *http.Request) (*http.Response, error) {
	return answer(q, http.StatusUnauthorized, `{"error": "the login is refused"}`), nil
}

// WithTLS is the same: nothing is connected.
func (r refusing) WithTLS(*tls.Config) http.RoundTripper { return r }

// fullImport makes a full import that must succeed; nil when it did not.
func (t *trial) fullImport(ctx context.Context) (*sandbox, *outcome) {
	s := t.sandbox()
	if s == nil {
		return nil, nil
	}
	o := s.imported(ctx, t.subject.Source(), true)
	if t.failed("a full import", o) {
		return nil, nil
	}
	return s, o
}

func objectsValidate(ctx context.Context, t *trial) {
	_, o := t.fullImport(ctx)
	if o == nil {
		return
	}
	var lines []string
	for _, s := range o.skipped {
		var faults []string
		for _, fault := range s.Faults {
			faults = append(faults, fault.String())
		}
		lines = append(lines, fmt.Sprintf("%s %s: %s (%s)", s.Collection, s.Key, strings.Join(faults, "; "), s.at))
	}
	if len(lines) > 0 {
		t.fail(o.skipped[0].at, "%s", few(lines))
	}
}

func edgesMeetVertices(ctx context.Context, t *trial) {
	_, o := t.fullImport(ctx)
	if o == nil {
		return
	}
	var lines []string
	for _, d := range o.Dangling {
		lines = append(lines, fmt.Sprintf("%s of %s: %s (%s)", d.Edges(), d.Collection, d.Why(), d.At))
	}
	if len(lines) > 0 {
		t.fail("", "%s", few(lines))
	}
}

func savePoint(ctx context.Context, t *trial) {
	s, first := t.fullImport(ctx)
	if first == nil {
		return
	}
	if first.SavePoint == "" {
		t.fail("", "getNewModelStateId() returned nothing in a full import: every import will be full")
		return
	}
	if t.subject.Changed == nil {
		return
	}
	later := s.imported(ctx, t.subject.Changed(), true)
	if !t.failed("a full import after the change", later) && later.SavePoint == first.SavePoint {
		t.fail("", "the save point did not change with the data, %q: the next incremental import would miss the change", later.SavePoint)
	}
}

func nothingChanged(ctx context.Context, t *trial) {
	s, _ := t.fullImport(ctx)
	if s == nil {
		return
	}
	before := s.graph(ctx)
	o := s.imported(ctx, t.subject.Source(), false)
	switch {
	case t.failed("the import after it", o):
	case o.Mode == host.ModeFull:
		t.skip("the second import was full: the connector or its data source cannot tell what changed")
	default:
		var lines []string
		for name, count := range o.Collections {
			if count.Sent+count.Deleted > 0 {
				lines = append(lines, fmt.Sprintf("%s: %d sent, %d deleted", name, count.Sent, count.Deleted))
			}
		}
		slices.Sort(lines)
		if lines = append(lines, before.Diff(s.graph(ctx))...); len(lines) > 0 {
			t.fail("", "nothing changed, but the incremental import sent\n%s", few(lines))
		}
	}
}

func incrementalEqualsFull(ctx context.Context, t *trial) {
	if t.subject.Changed == nil {
		t.skip("there is no recording after a change: record one into recordings/changed")
		return
	}
	s, _ := t.fullImport(ctx)
	if s == nil {
		return
	}
	o := s.imported(ctx, t.subject.Changed(), false)
	if t.failed("the import after the change", o) {
		return
	}
	if o.Mode == host.ModeFull {
		t.skip("the second import was full: the connector or its data source cannot tell what changed")
		return
	}
	other := t.sandbox()
	if other == nil {
		return
	}
	if t.failed("a full import after the change", other.imported(ctx, t.subject.Changed(), true)) {
		return
	}
	want := other.graph(ctx)
	if lines := want.Diff(s.graph(ctx)); len(lines) > 0 {
		t.fail("", "the incremental import leaves another graph than a full one (- missing, + extra, ~ different)\n%s", few(lines))
	}
}

func noSecrets(ctx context.Context, t *trial) {
	if len(t.subject.Secrets) == 0 {
		t.skip("no setting holds a secret that is distinctive enough to search for")
		return
	}
	s := t.sandbox()
	if s == nil {
		return
	}
	for _, way := range []struct {
		what      string
		transport http.RoundTripper
	}{{"a full import", t.subject.Source()}, {"an import that is refused", refusing{}}} {
		o := s.imported(ctx, way.transport, true)
		for _, line := range o.log {
			t.search("the log of "+way.what, line)
		}
		if o.Failure != nil {
			t.search("the failure of "+way.what, o.Failure.Message+o.Failure.Hint+o.Failure.Detail)
		}
	}
	graph := s.graph(ctx)
	for id, doc := range graph.Vertices {
		t.search("the vertex "+id.String(), doc)
	}
	for id, doc := range graph.Edges {
		t.search("the edge "+id.String(), doc)
	}
}

// search looks for secrets, as they are and as JSON has them.
func (t *trial) search(where, text string) {
	for _, secret := range t.subject.Secrets {
		quoted, _ := json.Marshal(secret) // strings always encode
		if secret != "" && (strings.Contains(text, secret) || strings.Contains(text, string(quoted[1:len(quoted)-1]))) {
			t.fail("", "a secret is in %s", where)
			return
		}
	}
}
