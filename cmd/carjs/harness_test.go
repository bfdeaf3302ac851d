package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"carjs/connectors/reference/server"
	"carjs/host"
	"carjs/host/carserver"
)

// binary is carjs, built once for all tests: they run what a user runs.
var binary string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "carjs-test-*")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		binary = filepath.Join(dir, "carjs")
		build := exec.Command("go", append(append([]string{"build", "-tags", "urfave_cli_no_docs"}, raceFlag...), "-o", binary, ".")...)
		build.Stdout, build.Stderr = os.Stderr, os.Stderr
		if len(raceFlag) == 0 {
			build.Env = append(os.Environ(), "CGO_ENABLED=0") // static, as it is released
		}
		if err := build.Run(); err != nil {
			fmt.Fprintln(os.Stderr, "build carjs:", err)
			return 1
		}
		return m.Run()
	}())
}

// desk is a folder in which somebody runs carjs.
type desk struct {
	testing.TB
	dir string
	env []string
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	return &desk{TB: t, dir: t.TempDir()}
}

// result is what came of a command.
type result struct {
	code           int
	stdout, stderr string
	report         *host.Report // nil when none was written
	took           time.Duration
}

func (r result) String() string {
	return fmt.Sprintf("exit code %d\n--- stdout\n%s\n--- stderr\n%s", r.code, r.stdout, r.stderr)
}

// fast are the flags that make waits short.
var fast = []string{"-car-retry-wait", "5ms", "-retry-wait", "5ms", "-request-timeout", "2s", "-timeout", "60s"}

// command prepares carjs with the arguments; nothing of the tester's own environment counts.
func (d *desk) command(ctx context.Context, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, binary, args...)
	c.Dir = d.dir
	c.Env = append([]string{"HOME=" + d.dir, "PATH=" + os.Getenv("PATH"), "TMPDIR=" + os.TempDir(),
		"CARJS_SECRETS_DIR=" + filepath.Join(d.dir, "no-secrets")}, d.env...)
	c.WaitDelay = 10 * time.Second
	return c
}

// run runs carjs to its end.
func (d *desk) run(args ...string) result {
	d.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	c := d.command(ctx, args...)
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	began := time.Now()
	err := c.Run()
	r := result{code: c.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String(), took: time.Since(began)}
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		d.Fatalf("carjs %s: %v", strings.Join(args, " "), err)
	}
	d.noGoStack(r)
	return r
}

// noGoStack fails the test when a user was shown a stack of Go.
func (d *desk) noGoStack(r result) {
	d.Helper()
	for _, text := range []string{"goroutine ", "panic:", ".go:"} {
		if strings.Contains(r.stdout+r.stderr, text) {
			d.Errorf("%q in what a user sees:\n%s", text, r)
		}
	}
}

// imports is run for an import: with short waits and a report.
func (d *desk) imports(connector string, args ...string) result {
	d.Helper()
	report := filepath.Join(d.dir, "report.json")
	r := d.run(append(append([]string{"run", connector, "-report", report}, fast...), args...)...)
	data, err := os.ReadFile(report)
	if err != nil {
		d.Fatalf("no report: %v\n%s", err, r)
	}
	r.report = &host.Report{}
	if err := json.Unmarshal(data, r.report); err != nil {
		d.Fatalf("report: %v in %s", err, data)
	}
	if r.report.ExitCode != r.code {
		d.Errorf("the report says exit code %d\n%s", r.report.ExitCode, r)
	}
	return r
}

// ok is imports for a run that must succeed in the mode.
func (d *desk) ok(mode host.Mode, connector string, args ...string) result {
	d.Helper()
	r := d.imports(connector, args...)
	if r.code != 0 || r.report.Mode != mode {
		d.Fatalf("mode %q, want exit code 0 and mode %q\n%s", r.report.Mode, mode, r)
	}
	return r
}

// write writes a file below the desk.
func (d *desk) write(name, text string) {
	d.Helper()
	path := filepath.Join(d.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		d.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		d.Fatal(err)
	}
}

// graph is what a source has in the embedded CAR that is kept below the desk.
func (d *desk) graph(source string) carserver.Graph {
	d.Helper()
	s, err := carserver.Open(carserver.Config{Path: filepath.Join(d.dir, ".carjs", "car.db")})
	if err != nil {
		d.Fatal(err)
	}
	defer s.Close()
	g, err := s.Graph(context.Background(), source)
	if err != nil {
		d.Fatal(err)
	}
	return g
}

// source is the embedded data source that is kept below the desk, for changes of its rows between
// runs.
type source struct {
	testing.TB
	handler http.Handler
}

// change opens the data source, lets f change rows, and closes it.
func (d *desk) change(f func(source)) {
	d.Helper()
	s, err := server.Open(server.Config{Path: filepath.Join(d.dir, ".carjs", "source.db")})
	if err != nil {
		d.Fatal(err)
	}
	defer s.Close()
	f(source{d.TB, s.Handler()})
}

// do sends a request that must succeed, and returns the decoded answer.
func (s source) do(method, path string, body any) any {
	s.Helper()
	var reader io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			s.Fatal(err)
		}
		reader = bytes.NewReader(encoded)
	}
	request := httptest.NewRequest(method, path, reader)
	request.SetBasicAuth("admin", "admin")
	request.Header.Set("Content-Type", "application/json")
	recorder := httptest.NewRecorder()
	s.handler.ServeHTTP(recorder, request)
	if recorder.Code/100 != 2 {
		s.Fatalf("%s %s %v: %d %s", method, path, body, recorder.Code, recorder.Body)
	}
	var answer any
	if recorder.Body.Len() > 0 {
		if err := json.Unmarshal(recorder.Body.Bytes(), &answer); err != nil {
			s.Fatal(err)
		}
	}
	return answer
}

// rows are all rows of a kind.
func (s source) rows(kind string) []map[string]any {
	s.Helper()
	var rows []map[string]any
	for _, row := range s.do("GET", "/"+kind, nil).([]any) {
		rows = append(rows, row.(map[string]any))
	}
	return rows
}

// contains fails the test when a text lacks one of several.
func contains(t testing.TB, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in\n%s", part, text)
		}
	}
}
