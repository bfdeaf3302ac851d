package main

import (
	"context"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"carjs/host"
	"carjs/host/carserver"
)

// beside are the arguments of an import by a process of its own, from and into services elsewhere.
func beside(carURL, sourceURL string) []string {
	return append([]string{"run", "reference", "-url", sourceURL, "-username", "admin", "-password", "admin", "-source", "office",
		"-car-service-url", carURL + "/api/car/v2", "-car-service-key", "key", "-car-service-password", "word"}, fast...)
}

// runKilled is run in a process of its own, which the injector kills.
func (m *matrix) runKilled(s *carserver.Server, injector *injector) *host.Report {
	m.Helper()
	carURL, sourceURL, stop := m.serve(s, injector)
	defer stop()
	c := newDesk(m.T).command(context.Background(), beside(carURL, sourceURL)...)
	injector.mu.Lock() // until there is a victim
	err := c.Start()
	injector.victim = c.Process
	injector.mu.Unlock()
	if err != nil {
		m.Error(err)
		return &host.Report{}
	}
	c.Wait() //nolint:errcheck // the exit code is looked at
	return &host.Report{ExitCode: c.ProcessState.ExitCode()}
}

// Imports that are killed at random moments, while the data source changes between them. Whenever a
// run says that it succeeded, and at the end, CAR has what the data source has.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("many runs")
	}
	runs := 15
	if os.Getenv(everyCell) != "" {
		runs = 200
	}
	m := newMatrix(t)
	tenant := m.tenantAt("")
	defer tenant.Close()
	rng := rand.New(rand.NewPCG(11, 3))
	killed := 0
	for range runs {
		changeSome(rng, source{t, m.source.Handler()})
		// Runs with little to do make few requests: early moments are the more.
		at, later := rng.IntN(1+rng.IntN(40)), time.Duration(rng.IntN(2000))*time.Microsecond
		switch code := m.runAndKill(tenant, at, later, rng.IntN(4) == 0); code {
		case -1:
			killed++
		case 0:
			m.sameAsSource(tenant)
		default:
			t.Fatalf("exit code %d", code)
		}
	}
	m.clean(tenant)
	m.sameAsSource(tenant)
	t.Logf("%d of %d runs were killed", killed, runs)
	if killed < runs/4 {
		t.Errorf("only %d of %d runs were killed: the moments are too late", killed, runs)
	}
}

// clean runs without a fault, which must succeed.
func (m *matrix) clean(s *carserver.Server) {
	m.Helper()
	if r := m.run(s, newInjector(nil, nil)); r.ExitCode != 0 {
		m.Fatalf("a clean run: %+v", r.Failure)
	}
}

// sameAsSource fails the test unless CAR has what a full import of the data source gives a new one.
func (m *matrix) sameAsSource(s *carserver.Server) {
	m.Helper()
	fresh := m.tenantAt("")
	defer fresh.Close()
	m.ok(fresh, host.ModeFull)
	if diff := m.graph(fresh).Diff(m.graph(s)); len(diff) > 0 {
		m.Fatalf("CAR differs from the data source:\n%s", strings.Join(diff, "\n"))
	}
}

// runAndKill runs an import in a process of its own and kills it a moment after its n-th request.
// It returns the exit code, -1 when the process was killed before it ended by itself.
func (m *matrix) runAndKill(s *carserver.Server, n int, later time.Duration, full bool) int {
	m.Helper()
	var count atomic.Int64
	reached := make(chan struct{})
	counting := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if count.Add(1) == int64(n+1) {
				close(reached)
			}
			next.ServeHTTP(w, r)
		})
	}
	carServer, sourceServer := httptest.NewServer(counting(s.Handler())), httptest.NewServer(counting(m.source.Handler()))
	defer carServer.Close()
	defer sourceServer.Close()
	args := beside(carServer.URL, sourceServer.URL)
	if full {
		args = append(args, "-full")
	}
	d, temporary := newDesk(m.T), m.TempDir()
	d.env = append(d.env, "TMPDIR="+temporary)
	c := d.command(context.Background(), args...)
	if err := c.Start(); err != nil {
		m.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		select {
		case <-reached:
			time.Sleep(later) // the moment of the kill, and nothing that is waited for
			c.Process.Kill()  //nolint:errcheck // it may have ended
		case <-ended:
		}
	}()
	c.Wait() //nolint:errcheck // the exit code is looked at
	close(ended)
	m.leavesNothing(temporary)
	return c.ProcessState.ExitCode()
}

// leavesNothing fails the test when there is data of a run in the folder for temporary files, where
// nobody would look for them.
func (m *matrix) leavesNothing(temporary string) {
	m.Helper()
	err := filepath.WalkDir(temporary, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if info, err := d.Info(); err != nil || info.Size() > 0 {
			m.Errorf("a run left %s: %v, %v", path, info, err)
		}
		return nil
	})
	if err != nil {
		m.Error(err)
	}
}

// The same with everything embedded: the process that is killed is CAR and data source as well, and
// all that is left is files.
func TestKillEmbedded(t *testing.T) {
	if testing.Short() {
		t.Skip("many runs")
	}
	runs := 10
	if os.Getenv(everyCell) != "" {
		runs = 100
	}
	d := newDesk(t)
	began := time.Now()
	d.ok(host.ModeFull, "reference")
	whole := time.Since(began)
	rng := rand.New(rand.NewPCG(5, 8))
	for i := range runs {
		d.change(func(s source) { changeSome(rng, s) })
		args := []string{"run", "reference"}
		if i%3 == 0 {
			args = append(args, "-full")
		}
		c := d.command(context.Background(), args...)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(rng.Int64N(int64(whole))), func() {
			c.Process.Kill() //nolint:errcheck // it may have ended
		})
		c.Wait() //nolint:errcheck // the exit code is looked at
		timer.Stop()
		if code := c.ProcessState.ExitCode(); code > 0 {
			t.Fatalf("exit code %d", code)
		} else if code == 0 {
			d.sameAsFull()
		}
	}
	if r := d.imports("reference"); r.code != 0 {
		t.Fatalf("the clean run: %s", r)
	}
	d.sameAsFull()
}
