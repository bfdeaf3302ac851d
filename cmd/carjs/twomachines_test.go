package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"carjs/connectors/reference/server"
	"carjs/host"
	"carjs/host/carserver"
)

// moment calls f once, before the first request is answered that has a text in method, path or
// body.
type moment struct {
	match string
	f     func()
	once  sync.Once
}

func (m *moment) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if strings.Contains(r.Method+" "+r.URL.Path+" "+string(body), m.match) {
			m.once.Do(m.f)
		}
		next.ServeHTTP(w, r)
	})
}

// Two machines import one source at the same time, into a CAR that both reach. The second begins a
// full import while the first one sends, and is killed. The first one must not end as if all were
// well, and must not have CAR retire what it sent.
func TestTwoMachines(t *testing.T) {
	t.Parallel()
	tenant, err := carserver.Open(carserver.Config{Prepared: true})
	if err != nil {
		t.Fatal(err)
	}
	defer tenant.Close()
	data, err := server.Open(server.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer data.Close()
	dataSource := httptest.NewServer(data.Handler())
	defer dataSource.Close()
	plain := httptest.NewServer(tenant.Handler())
	defer plain.Close()
	graph := func(s *carserver.Server) carserver.Graph {
		g, err := s.Graph(context.Background(), "office")
		if err != nil {
			t.Fatal(err)
		}
		return g
	}

	first, second := newDesk(t), newDesk(t)
	first.ok(host.ModeFull, "reference", beside(plain.URL, dataSource.URL)[2:]...)
	whole := graph(tenant)

	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	killed := second.command(ctx, append(beside("", dataSource.URL), "-full")...)
	var said bytes.Buffer
	killed.Stderr = &said
	death := &moment{match: `"ipaddress":[`, f: func() { killed.Process.Kill() }} //nolint:errcheck // it may have ended
	deadly := httptest.NewServer(death.before(tenant.Handler()))
	defer deadly.Close()
	for i, arg := range killed.Args {
		if arg == "/api/car/v2" {
			killed.Args[i] = deadly.URL + arg
		}
	}
	other := &moment{match: `"hostname":[`, f: func() {
		if err := killed.Run(); err == nil {
			t.Errorf("the other import was not killed:\n%s", said.String())
		}
	}}
	disturbed := httptest.NewServer(other.before(tenant.Handler()))
	defer disturbed.Close()

	r := first.imports("reference", append(beside(disturbed.URL, dataSource.URL)[2:], "-full", "-request-timeout", "50s")...)
	if r.code != 10 {
		t.Fatalf("want exit code 10\n%s", r)
	}
	contains(t, r.report.Failure.Message, "another full import of this source ran at the same time: report ")
	contains(t, said.String(), "another full import of this source began not long ago and has not ended")
	if diff := whole.Diff(graph(tenant)); len(diff) > 0 {
		t.Errorf("CAR has lost objects:\n%s", strings.Join(diff, "\n"))
	}
	if files, err := filepath.Glob(filepath.Join(second.dir, ".carjs", "car.db")); err != nil || len(files) > 0 {
		t.Errorf("the second machine used an embedded CAR: %v %v", files, err)
	}
	third := newDesk(t)
	third.ok(host.ModeFull, "reference", beside(plain.URL, dataSource.URL)[2:]...)
	if diff := whole.Diff(graph(tenant)); len(diff) > 0 {
		t.Errorf("CAR differs after the next run:\n%s", strings.Join(diff, "\n"))
	}
	second.ok(host.ModeIncremental, "reference", beside(plain.URL, dataSource.URL)[2:]...)
}
