package acceptance

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"syscall"

	"carjs/host/failure"
	"carjs/host/httpx"
)

// fault is a way in which a data source fails a request.
type fault struct {
	name string
	// answer is what comes instead; nil is no connection.
	answer func(*http.Request) *http.Response
	// codes are the exit codes that fit.
	codes []int
}

// faults is the table of the ways in which each request is failed.
func faults() []fault {
	status := func(code int) func(*http.Request) *http.Response {
		return func(q *http.Request) *http.Response { return answer(q, code, `{"error": "made for a check"}`) }
	}
	anyOf := []int{failure.CodeDatasource, failure.CodeDatasourceConnect, failure.CodeDatasourceAuth, failure.CodeDatasourceForbidden,
		failure.CodeDatasourceInvalidParameter, failure.CodeDatasourceDataProcess}
	return []fault{
		{"answers 401", status(401), []int{failure.CodeDatasourceAuth}},
		{"answers 403", status(403), []int{failure.CodeDatasourceForbidden}},
		// That something is not there may be an answer like any other.
		{"answers 404", status(404), append(anyOf, failure.CodeOK)},
		{"answers 429", status(429), []int{failure.CodeDatasourceConnect}},
		{"answers 500", status(500), []int{failure.CodeDatasourceConnect}},
		{"cannot be reached", nil, []int{failure.CodeDatasourceConnect}},
		{"answers with an unexpected page", func(q *http.Request) *http.Response {
			return answer(q, 200, "<html>Sorry, we are down for maintenance.")
		}, []int{failure.CodeDatasourceDataProcess}},
	}
}

// answer is one that no data source gave.
func answer(q *http.Request, status int, body string) *http.Response {
	return &http.Response{
		Status: fmt.Sprintf("%d %s", status, http.StatusText(status)), StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}, "Retry-After": {"0"}},
		Body:   io.NopCloser(bytes.NewReader([]byte(body))), ContentLength: int64(len(body)), Request: q,
	}
}

// watcher notes which requests pass.
type watcher struct {
	next http.RoundTripper
	seen *kinds
}

// kinds are kinds of requests, in the order in which they were first made.
type kinds struct {
	mu   sync.Mutex
	list []string
}

func watch(next http.RoundTripper) watcher { return watcher{next, &kinds{}} }

// kindOf names requests of one kind: pages of a list are one.
func kindOf(q *http.Request) string { return q.Method + " " + q.URL.Path }

func (w watcher) RoundTrip(q *http.Request) (*http.Response, error) {
	w.seen.mu.Lock()
	if kind := kindOf(q); !slices.Contains(w.seen.list, kind) {
		w.seen.list = append(w.seen.list, kind)
	}
	w.seen.mu.Unlock()
	return w.next.RoundTrip(q)
}

// WithTLS watches connections with other TLS settings, and notes what passes in the same list.
func (w watcher) WithTLS(config *tls.Config) http.RoundTripper {
	return watcher{httpx.WithTLS(w.next, config), w.seen}
}

func (w watcher) asked() []string {
	w.seen.mu.Lock()
	defer w.seen.mu.Unlock()
	return slices.Clone(w.seen.list)
}

// failing fails the requests of one kind.
type failing struct {
	next  http.RoundTripper
	kind  string
	fault fault
}

func (f failing) RoundTrip(q *http.Request) (*http.Response, error) {
	switch {
	case kindOf(q) != f.kind:
		return f.next.RoundTrip(q)
	case f.fault.answer == nil:
		return nil, fmt.Errorf("dial %s: %w", q.URL.Host, syscall.ECONNREFUSED)
	}
	return f.fault.answer(q), nil
}

// WithTLS fails the same requests over connections with other TLS settings.
func (f failing) WithTLS(config *tls.Config) http.RoundTripper {
	f.next = httpx.WithTLS(f.next, config)
	return f
}

// checkedRequests is how many kinds of requests are failed: a recording may have one for each
// object.
const checkedRequests = 15

func failuresAreTyped(ctx context.Context, t *trial) {
	s := t.sandbox()
	if s == nil {
		return
	}
	seen := watch(t.subject.Source())
	if t.failed("a full import", s.imported(ctx, seen, true)) {
		return
	}
	kinds := seen.asked()
	if len(kinds) == 0 {
		t.skip("the connector makes no requests")
		return
	}
	var wrong []string
	for _, kind := range kinds[:min(len(kinds), checkedRequests)] {
		for _, fault := range faults() {
			if ctx.Err() != nil {
				return
			}
			o := s.imported(ctx, failing{t.subject.Source(), kind, fault}, true)
			if slices.Contains(fault.codes, o.ExitCode) {
				continue
			}
			if o.Failure == nil {
				wrong = append(wrong, fmt.Sprintf("%s %s: the import succeeds", kind, fault.name))
				continue
			}
			wrong = append(wrong, fmt.Sprintf("%s %s: exit code %d instead of %d (%s, %s)", kind, fault.name,
				o.ExitCode, fault.codes[0], o.Failure.Message, o.Failure.At))
			if t.result.At == "" {
				t.result.At = o.Failure.At
			}
		}
	}
	if len(wrong) > 0 {
		t.fail("", "%s", few(wrong))
	}
}
