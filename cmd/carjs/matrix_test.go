package main

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"carjs/bindings"
	"carjs/connectors"
	"carjs/connectors/reference/server"
	"carjs/host"
	"carjs/host/bundle"
	"carjs/host/car"
	"carjs/host/carserver"
	"carjs/host/failure"
)

// everyCell runs the whole matrix, as make matrix does; else the ordinary tests run each
// sampleStep-th cell.
const (
	everyCell  = "CARJS_MATRIX"
	sampleStep = 41
)

// The fault matrix: every request of a full and of an incremental import × every fault, once and
// lasting. The run that meets the fault must end as the table of rules says, must not say that it
// succeeded when data are missing, and clean runs must put everything right.
func TestFaultMatrix(t *testing.T) {
	if testing.Short() {
		t.Skip("many runs")
	}
	m := newMatrix(t)
	var cells, unmet, imports atomic.Int64
	step := sampleStep
	if os.Getenv(everyCell) != "" {
		step = 1
	}
	next := make(chan cell)
	var workers sync.WaitGroup
	for range 4 { // most of the time passes with waiting for what hangs
		workers.Go(func() {
			for c := range next {
				met, runs := m.try(c)
				imports.Add(runs)
				if met {
					cells.Add(1)
				} else {
					unmet.Add(1)
				}
			}
		})
	}
	n := 0
	for _, mode := range []host.Mode{host.ModeFull, host.ModeIncremental} {
		for _, request := range m.learn(mode) {
			for _, f := range faults {
				for _, lasting := range []bool{false, true} {
					if !f.fits(request) || lasting && f.kill != alive {
						continue
					}
					if n++; n%step == 0 {
						next <- cell{mode, request, f, lasting}
					}
				}
			}
		}
	}
	close(next)
	workers.Wait()
	t.Logf("%d cells of %d, %d imports; %d more did not get as far as their request", cells.Load(), n, imports.Load(), unmet.Load())
}

// cell is one request of a mode, and what goes wrong with it.
type cell struct {
	mode    host.Mode
	request request
	fault   fault
	lasting bool
}

func (c cell) String() string {
	how := "once"
	if c.lasting {
		how = "lasting"
	}
	return fmt.Sprintf("%s: %s, %s, %s", c.mode, c.request, c.fault.name, how)
}

// matrix has what all cells share: the connector, the data source, and a CAR that has an older
// state of it.
type matrix struct {
	*testing.T
	bundle *bundle.Bundle
	source *server.Server
	// old is the file of a CAR with a full import of what the data source was before it changed.
	old []byte
	// want is the graph of a full import of what the data source is now.
	want carserver.Graph
}

func newMatrix(t *testing.T) *matrix {
	t.Helper()
	m := &matrix{T: t}
	found, err := connectors.Find(t.TempDir(), "reference")
	if err != nil {
		t.Fatal(err)
	}
	if m.bundle, err = bundle.Build(context.Background(), found.Source()); err != nil {
		t.Fatal(err)
	}
	if m.source, err = server.Open(server.Config{Size: 3}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.source.Close() })
	path := filepath.Join(t.TempDir(), "old.db")
	m.must(m.tenantAt(path), host.ModeFull)
	if m.old, err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	m.changeSource()
	fresh := m.tenantAt("")
	defer fresh.Close()
	m.ok(fresh, host.ModeFull)
	m.want = m.graph(fresh)
	return m
}

// in is the matrix for a test below the one that made it.
func (m *matrix) in(t *testing.T) *matrix {
	part := *m
	part.T = t
	return &part
}

// changeSource makes changes of each kind, so that an incremental import makes each kind of
// request.
func (m *matrix) changeSource() {
	s := source{m.T, m.source.Handler()}
	s.do("PATCH", "/assets/1", map[string]any{"name": "renamed", "vulnerabilities": s.refs("vulnerabilities")[:1]})
	s.do("PATCH", "/hosts/1", map[string]any{"host": "renamed.example.com"})
	s.do("PATCH", "/ip_addresses/2", map[string]any{"address": "10.99.0.1"})
	s.do("PATCH", "/xrefproperties/1", map[string]any{"extref_value": "other"})
	s.do("DELETE", "/assets/3", nil)
	s.do("DELETE", "/vulnerabilities/2", nil)
	s.do("POST", "/sites", map[string]any{"name": "new", "address": "somewhere"})
}

// tenantAt opens a CAR: a new one in memory, or one in a file.
func (m *matrix) tenantAt(path string) *carserver.Server {
	m.Helper()
	s, err := carserver.Open(carserver.Config{Path: path})
	if err != nil {
		m.Fatal(err)
	}
	return s
}

// tenant is a CAR as a session of the mode finds it.
func (m *matrix) tenant(mode host.Mode) *carserver.Server {
	m.Helper()
	if mode == host.ModeFull {
		return m.tenantAt("")
	}
	path := filepath.Join(m.TempDir(), fmt.Sprintf("%d.db", time.Now().UnixNano()))
	if err := os.WriteFile(path, m.old, 0o600); err != nil {
		m.Fatal(err)
	}
	return m.tenantAt(path)
}

func (m *matrix) graph(s *carserver.Server) carserver.Graph {
	m.Helper()
	g, err := s.Graph(context.Background(), "office")
	if err != nil {
		m.Fatal(err)
	}
	return g
}

// must imports cleanly and closes the tenant.
func (m *matrix) must(s *carserver.Server, mode host.Mode) {
	m.Helper()
	m.ok(s, mode)
	if err := s.Close(); err != nil {
		m.Fatal(err)
	}
}

func (m *matrix) ok(s *carserver.Server, mode host.Mode) {
	m.Helper()
	if r := m.run(s, newInjector(nil, nil)); r.ExitCode != 0 || r.Mode != mode {
		m.Fatalf("a clean run: mode %q, %+v", r.Mode, r.Failure)
	}
}

// learn returns the requests of a clean session.
func (m *matrix) learn(mode host.Mode) []request {
	m.Helper()
	s := m.tenant(mode)
	defer s.Close()
	seen := &recorder{}
	if r := m.run(s, newInjector(seen, nil)); r.ExitCode != 0 || r.Mode != mode {
		m.Fatalf("a clean run: mode %q, %+v", r.Mode, r.Failure)
	}
	return seen.requests
}

// serve puts an injector before CAR and the data source.
func (m *matrix) serve(s *carserver.Server, injector *injector) (carURL, sourceURL string, stop func()) {
	carServer := httptest.NewServer(injector.wrap("CAR", s.Handler()))
	sourceServer := httptest.NewServer(injector.wrap("source", m.source.Handler()))
	return carServer.URL, sourceServer.URL, func() {
		for _, server := range []*httptest.Server{carServer, sourceServer} {
			server.CloseClientConnections()
			server.Close()
		}
	}
}

// run imports from the data source into a CAR, with both behind an injector.
func (m *matrix) run(s *carserver.Server, injector *injector) *host.Report {
	m.Helper()
	carURL, sourceURL, stop := m.serve(s, injector)
	defer stop()
	transport := injector.transport()
	defer transport.close()
	connector, err := bindings.Open(m.bundle, bindings.Options{
		Args: map[string]any{
			"CONFIGURATION_AUTH_URL": sourceURL, "CONFIGURATION_AUTH_USERNAME": "admin",
			"CONFIGURATION_AUTH_PASSWORD": "admin", "source": "office",
		},
		Transport: transport, RequestTimeout: faultTimeout, RetryWait: time.Millisecond,
	})
	if err != nil {
		m.Fatal(err)
	}
	return host.Import(context.Background(), connector, host.Options{CAR: car.Config{
		URL: carURL + "/api/car/v2", Source: "office", Transport: transport,
		RetryWait: time.Millisecond, PollWait: time.Millisecond, RequestTimeout: faultTimeout, JobTimeout: 2 * faultTimeout,
	}, Timeout: time.Minute})
}

// try runs a session into a fault, and clean ones until one succeeds. It returns whether the fault
// was met, and how many sessions there were.
func (m *matrix) try(c cell) (met bool, runs int64) {
	s := m.tenant(c.mode)
	defer s.Close()
	injector := newInjector(nil, &c)
	var r *host.Report
	if c.fault.kill != alive {
		r = m.runKilled(s, injector)
	} else {
		r = m.run(s, injector)
	}
	if f := r.Failure; f != nil && strings.Contains(f.Message, "no complete response within") &&
		(!injector.met || c.request.of == "CAR" && f.Kind == failure.Datasource) {
		// The time-outs that hung requests must end in are short, and the machine was busy with
		// something else than this fault: that is no verdict.
		met, again := m.try(c)
		return met, again + 1
	}
	if !injector.met && r.ExitCode != 0 {
		m.Errorf("%s: exit code %d without having met the fault: %+v", c, r.ExitCode, r.Failure)
	}
	if why := c.judge(r); injector.met && why != "" {
		m.Errorf("%s: exit code %d: %s: %+v", c, r.ExitCode, why, r.Failure)
	}
	if r.ExitCode == 0 {
		if diff := m.want.Diff(m.graph(s)); len(diff) > 0 {
			m.Errorf("%s: exit code 0, and the graph differs:\n%s", c, strings.Join(diff, "\n"))
		}
	}
	for runs = 2; ; runs++ {
		clean := m.run(s, newInjector(nil, nil))
		if clean.ExitCode == 0 {
			if diff := m.want.Diff(m.graph(s)); len(diff) > 0 {
				m.Errorf("%s: after a clean run the graph differs:\n%s", c, strings.Join(diff, "\n"))
			}
			return injector.met, runs
		}
		if runs == 4 {
			m.Errorf("%s: clean runs fail: %+v", c, clean.Failure)
			return injector.met, runs
		}
	}
}

// judge says what is wrong with how the run ended; "" is nothing.
func (c cell) judge(r *host.Report) string {
	if c.fault.kill != alive {
		if r.ExitCode != -1 {
			return "not killed"
		}
		return ""
	}
	if r.ExitCode == 0 {
		if c.lasting && !c.request.harmless(c.fault) {
			return "a lasting fault, and success"
		}
		return ""
	}
	if c.request.of == "source" {
		if r.Failure.Kind != failure.Datasource {
			return "not the data source's failure"
		}
		return ""
	}
	if kind := r.Failure.Kind; kind != failure.Recoverable && kind != failure.Unrecoverable {
		return "neither recoverable nor unrecoverable"
	}
	answer := c.fault.answer
	if answer == "" {
		return ""
	}
	rule := car.RuleFor(c.request.call(), answer)
	if !c.lasting && rule.Retry {
		return "a fault that passes and is worth another try"
	}
	if r.Failure.Kind != rule.Kind || r.ExitCode != failure.Rule(rule.Kind).Code {
		return "the table says " + string(rule.Kind)
	}
	return ""
}
