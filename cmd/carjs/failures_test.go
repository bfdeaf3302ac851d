package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"carjs/host"
	"carjs/host/carserver"
	"carjs/host/failure"
)

// small writes a connector of one file, connectors/small/main.ts, in which body is importVertices.
// Its line 12 is the first of body.
func (d *desk) small(body string) {
	d.write("connectors/small/main.ts", `import { BaseApp, BaseAssetServer, BaseDataHandler, BaseFullImport, BaseIncrementalImport, context } from "carjs";
import { DatasourceFailure, ErrorCode, IncrementalImportNotPossible, RecoverableFailure, UnrecoverableFailure } from "carjs";
class Server extends BaseAssetServer { testConnection() { return test(); } }
class Handler extends BaseDataHandler {
  createSourceReportObject() { return { source: { _key: "small", name: "small", description: "" }, report: { _key: "r" + this.timestamp, timestamp: this.timestamp, type: "small", description: "" } }; }
}
const handler = new Handler();
const point = () => String(context().args.point ?? "1");
function test(): number { return 0; }

async function body() {
`+body+`
}
class Full extends BaseFullImport {
  createSourceReportObject() { return handler.createSourceReportObject(); }
  getNewModelStateId() { return point(); }
  importVertices() { return body(); }
  importEdges() {}
}
class Incremental extends BaseIncrementalImport {
  createSourceReportObject() { return handler.createSourceReportObject(); }
  getNewModelStateId() { return point(); }
  getDataForDelta(last: string, current: string) {}
  importVertices() { return body(); }
  importEdges() {}
  deleteVertices() {}
}
export default class App extends BaseApp {
  assetServer = new Server();
  fullImport = new Full();
  incrementalImport = new Incremental();
}
void [DatasourceFailure, ErrorCode, IncrementalImportNotPossible, RecoverableFailure, UnrecoverableFailure];
`)
}

const addOne = `handler.addCollection("asset", { external_id: "1", name: "one" });`

// Every row of the table of failures, thrown in TypeScript: exit code, report, place, and what the
// next run is.
func TestExitCodes(t *testing.T) {
	for _, test := range []struct {
		name, throw, kind string
		code              int
		message           string
		next              host.Mode
	}{
		{"error", `throw new Error("oops")`, "GENERAL_APPLICATION_FAILURE", 1, "oops", host.ModeIncremental},
		{"type error", `(null as any).x.y`, "GENERAL_APPLICATION_FAILURE", 1, "TypeError", host.ModeIncremental},
		{"thrown string", `throw "plain text"`, "GENERAL_APPLICATION_FAILURE", 1, "plain text", host.ModeIncremental},
		{
			"object that cannot be read", `throw new Proxy({}, { get() { throw 1; } })`, "GENERAL_APPLICATION_FAILURE",
			1, "an unreadable error was thrown", host.ModeIncremental,
		},
		{
			"cause that cannot be read",
			`throw Object.defineProperty(new Error("oops"), "cause", { get() { throw 1; } })`,
			"GENERAL_APPLICATION_FAILURE", 1, "oops", host.ModeIncremental,
		},
		{
			"text that is nested too deeply", `JSON.parse("[".repeat(3e6))`, "GENERAL_APPLICATION_FAILURE", 1,
			"nested more than 100000 levels deep", host.ModeIncremental,
		},
		{
			"rejected promise",
			`Promise.reject(new Error("nobody waits")); await new Promise((r) => setTimeout(r, 20));`,
			"GENERAL_APPLICATION_FAILURE", 1, "nobody waits", host.ModeIncremental,
		},
		{
			"error in a timer",
			`setTimeout(() => { throw new Error("too late"); }, 1); await new Promise((r) => setTimeout(r, 20));`,
			"GENERAL_APPLICATION_FAILURE", 1, "too late", host.ModeIncremental,
		},
		{"never settles", `await new Promise(() => {})`, "GENERAL_APPLICATION_FAILURE", 1, "never", host.ModeIncremental},
		{
			"endless recursion", `const f = (n: number): number => f(n + 1) + 1; f(0);`, "GENERAL_APPLICATION_FAILURE",
			1, "stack", host.ModeIncremental,
		},
		{"endless loop", `let i = 0; for (;;) { i += Math.random(); }`, "GENERAL_APPLICATION_FAILURE", 1, "-max-stretch", host.ModeIncremental},
		{"recoverable", `throw new RecoverableFailure("busy")`, "RecoverableFailure", 10, "busy", host.ModeIncremental},
		{"recoverable with a code", `throw new RecoverableFailure("busy", 13)`, "RecoverableFailure", 13, "busy", host.ModeIncremental},
		{"unrecoverable", `throw new UnrecoverableFailure("a gap")`, "UnrecoverableFailure", 20, "a gap", host.ModeFull},
		{
			"unrecoverable with a code", `throw new UnrecoverableFailure("a gap", { code: 24, hint: "look" })`,
			"UnrecoverableFailure", 24, "a gap", host.ModeFull,
		},
		{"data source", `throw new DatasourceFailure("gone")`, "DatasourceFailure", 50, "gone", host.ModeIncremental},
		{
			"data source: connect", `throw new DatasourceFailure("gone", ErrorCode.DATASOURCE_FAILURE_CONNECT)`,
			"DatasourceFailure", 51, "gone", host.ModeIncremental,
		},
		{
			"data source: auth", `throw new DatasourceFailure("gone", ErrorCode.DATASOURCE_FAILURE_AUTH)`,
			"DatasourceFailure", 52, "gone", host.ModeIncremental,
		},
		{
			"data source: forbidden", `throw new DatasourceFailure("gone", ErrorCode.DATASOURCE_FAILURE_FORBIDDEN)`,
			"DatasourceFailure", 53, "gone", host.ModeIncremental,
		},
		{
			"data source: parameter",
			`throw new DatasourceFailure("gone", ErrorCode.DATASOURCE_FAILURE_INVALID_PARAMETER)`, "DatasourceFailure",
			54, "gone", host.ModeIncremental,
		},
		{
			"data source: process", `throw new DatasourceFailure("gone", ErrorCode.DATASOURCE_FAILURE_DATA_PROCESS)`,
			"DatasourceFailure", 55, "gone", host.ModeIncremental,
		},
		{
			"wrapped",
			`try { throw new UnrecoverableFailure("inner"); } catch (cause) { throw new Error("outer", { cause }); }`,
			"UnrecoverableFailure", 20, "inner", host.ModeFull,
		},
		{
			"rethrown", `try { await fetch("http://127.0.0.1:1/x"); } catch (e) { throw e; }`, "DatasourceFailure", 51,
			"refused", host.ModeIncremental,
		},
		{
			"unknown collection", `handler.addCollection("assets" as any, {} as any)`, "GENERAL_APPLICATION_FAILURE", 1,
			"assets", host.ModeIncremental,
		},
		{
			"not awaited",
			addOne + `handler.sendCollections(); handler.addCollection("asset", { external_id: "2", name: "x" });`,
			"GENERAL_APPLICATION_FAILURE", 1, "await", host.ModeIncremental,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.small(addOne)
			d.ok(host.ModeFull, "small")
			d.small("  " + test.throw)
			r := d.imports("small", "-log-format", "text", "-max-stretch", "1s")
			if r.code != test.code || r.report.Failure == nil || string(r.report.Failure.Kind) != test.kind || r.report.Failure.Code != test.code {
				t.Fatalf("want %s, %d: %+v\n%s", test.kind, test.code, r.report.Failure, r)
			}
			contains(t, r.report.Failure.Message+r.report.Failure.Hint, test.message)
			if !slices.Contains([]string{"thrown string", "object that cannot be read", "never settles"}, test.name) {
				contains(t, r.report.Failure.At, "main.ts:12:")
				contains(t, r.stderr, "main.ts:12:", "fault of", "next run")
			}
			d.small(addOne)
			d.ok(test.next, "small")
		})
	}
}

// What is wrong before anything runs: exit code 2, and one sentence that says what.
func TestBadInput(t *testing.T) {
	reference := []string{"-url", "http://127.0.0.1:1", "-username", "u", "-password", "p"}
	tests := []struct {
		name  string
		files map[string]string
		args  []string
		env   []string
		says  []string
	}{
		{"unknown connector", nil, []string{"referense"}, nil, []string{`"referense"`, "reference"}},
		{"no connector", nil, nil, nil, []string{"no connector given", "reference"}},
		{"unknown flag", nil, []string{"reference", "-fulll"}, nil, []string{"-fulll"}},
		{"no entry", map[string]string{"mine/readme": ""}, []string{"./mine"}, nil, []string{"src/main.ts"}},
		{"syntax error", map[string]string{"mine/main.ts": "import { BaseApp } from \"carjs\";\nexport default class App extends BaseApp {\n  x = ;\n}\n"},
			[]string{"./mine"}, nil,
			[]string{"main.ts:3:7", "x = ;", "Unexpected"}},
		{"missing module", map[string]string{"mine/main.ts": `import "left-pad";`}, []string{"./mine"}, nil, []string{"left-pad", "main.ts:1:"}},
		{
			"Node built-in",
			map[string]string{"mine/main.ts": `import { readFileSync } from "fs";` + "\nreadFileSync();"},
			[]string{"./mine"}, nil, []string{"a connector has no files", "main.ts:1:"},
		},
		{
			"no default export", map[string]string{"mine/main.ts": `export const x = 1;`}, []string{"./mine"}, nil,
			[]string{"main.ts", "export default"},
		},
		{"not a BaseApp", map[string]string{"mine/main.ts": `export default class App {}`}, []string{"./mine"}, nil, []string{"BaseApp"}},
		{"missing members", map[string]string{"mine/main.ts": `import { BaseApp, BaseAssetServer } from "carjs"; class S extends BaseAssetServer {} export default class App extends (BaseApp as any) { assetServer = new (S as any)(); }`},
			[]string{"./mine"}, nil, []string{"main.ts", "testConnection()", "fullImport", "incrementalImport"}},
		{
			"config.json",
			map[string]string{"mine/main.ts": "", "mine/configurations/config.json": "{\n  \"configuration\": {,}\n}"},
			[]string{"./mine"}, nil, []string{"configurations/config.json:2:"},
		},
		{
			"missing settings", nil, []string{"reference", "-url", "http://127.0.0.1:1"}, nil,
			[]string{"-username", "-password", "CONFIGURATION_AUTH_PASSWORD", "carjs run reference -help"},
		},
		{"malformed setting", nil, append([]string{"reference"}, "-url", "nonsense", "-username", "u", "-password", "p"), nil, []string{"-url"}},
		{
			"incomplete CAR", nil,
			append([]string{"reference", "-car-service-url", "http://127.0.0.1:1/api/car/v2"}, reference...), nil,
			[]string{"-car-service-key", "-source"},
		},
		{"CAR required", nil, append([]string{"reference"}, reference...), []string{"CARJS_CAR=required"}, []string{"CAR_SERVICE_URL"}},
		{
			"bad CAR URL", nil,
			append([]string{"reference", "-car-service-url", "http://127.0.0.1:1/x", "-car-service-key", "k",
				"-car-service-password", "p", "-source", "s"}, reference...),
			nil, []string{"v2"},
		},
		{"bad source", nil, append([]string{"reference", "-source", "my office"}, reference...), nil, []string{"my office"}},
		{"bad duration", nil, append([]string{"reference", "-timeout", "soon"}, reference...), nil, []string{"-timeout"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.env = test.env
			for name, text := range test.files {
				d.write(name, text)
			}
			r := d.run(append([]string{"run", "-log-format", "text"}, test.args...)...)
			if r.code != failure.CodeInvalidParameter {
				t.Errorf("exit code %d", r.code)
			}
			contains(t, r.stderr, test.says...)
			if t.Failed() {
				t.Log(r)
			}
		})
	}
	t.Run("report on standard output", func(t *testing.T) {
		d := newDesk(t)
		d.write("mine/main.ts", "x = ;")
		r := d.run("run", "./mine", "-report", "-")
		var report host.Report
		if err := json.Unmarshal([]byte(r.stdout), &report); err != nil || report.ExitCode != r.code || r.code != failure.CodeInvalidParameter {
			t.Errorf("%v\n%s", err, r)
		}
	})
	t.Run("report", func(t *testing.T) {
		d := newDesk(t)
		d.write("mine/main.ts", "x = ;")
		r := d.imports("./mine")
		if r.report.Failure == nil || r.report.Failure.Kind != failure.InvalidParameter || !strings.HasPrefix(r.report.Failure.At, "main.ts:1:") {
			t.Errorf("%+v", r.report.Failure)
		}
	})
}

// A data source that answers garbage, hangs, refuses or forbids: DatasourceFailure with the
// matching code.
func TestDatasource(t *testing.T) {
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		code   int
	}{
		"garbage":      {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>Sign in</html>") }, 55},
		"half a body":  {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"model_state_id":`) }, 55},
		"unauthorized": {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusUnauthorized) }, 52},
		"forbidden":    {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusForbidden) }, 53},
		"not found":    {http.NotFound, 54},
		"hangs": {func(_ http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
		}, 51},
		"drops": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 51},
		"fails": {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusInternalServerError) }, 51},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := httptest.NewServer(test.answer)
			defer s.Close()
			defer s.CloseClientConnections()
			d := newDesk(t)
			r := d.imports("reference", "-url", s.URL, "-username", "u", "-password", "top-secret", "-log-format", "text")
			if r.code != test.code || r.report.Failure.Kind != failure.Datasource {
				t.Fatalf("want %d: %+v\n%s", test.code, r.report.Failure, r)
			}
			contains(t, r.report.Failure.At, "src/")
			if strings.Contains(r.String(), "top-secret") {
				t.Error("a secret is shown")
			}
		})
	}
	t.Run("refuses", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		l.Close()
		r := newDesk(t).imports("reference", "-url", "http://"+l.Addr().String(), "-username", "u", "-password", "p")
		if r.code != 51 {
			t.Error(r)
		}
	})
}

// Ctrl-C, SIGTERM and a terminal that is closed, in the middle of a wait and of a computation: a
// typed failure within two seconds, nothing half-saved.
func TestSignals(t *testing.T) {
	for name, body := range map[string]string{
		"waiting":   `console.log("now"); await new Promise((r) => setTimeout(r, 60000));`,
		"computing": `console.log("now"); for (;;) {}`,
		"fetching":  `console.log("now"); await fetch(context().args.url as string);`,
	} {
		for signal, says := range map[os.Signal]string{
			os.Interrupt: "stopped by Ctrl-C (SIGINT)", syscall.SIGTERM: "stopped by SIGTERM", syscall.SIGHUP: "stopped by SIGHUP",
		} {
			t.Run(name+"/"+signal.String(), func(t *testing.T) {
				t.Parallel()
				hangs := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
				defer hangs.Close()
				defer hangs.CloseClientConnections()
				d := newDesk(t)
				d.write("connectors/small/configurations/config.json", `{"configuration":{"auth":{"type":"fields","url":{"type":"text"}}}}`)
				d.small(addOne)
				d.ok(host.ModeFull, "small", "-url", hangs.URL)
				d.small(body)
				r := d.interrupt(signal, "small", "-url", hangs.URL)
				if r.code != 10 || r.took > 20*time.Second {
					t.Errorf("stopped after %s\n%s", r.took, r)
				}
				contains(t, r.stderr, says)
				d.small(addOne)
				d.ok(host.ModeIncremental, "small", "-url", hangs.URL)
			})
		}
	}
}

// interrupt runs the connector and sends the signal when it says "now". took is the time from
// there.
func (d *desk) interrupt(signal os.Signal, args ...string) result {
	d.Helper()
	c := d.command(context.Background(), append([]string{"run"}, args...)...)
	var stdout, stderr bytes.Buffer
	seen := newWatcher(&stderr, "now")
	c.Stdout, c.Stderr = &stdout, seen
	if err := c.Start(); err != nil {
		d.Fatal(err)
	}
	select {
	case <-seen.found:
	case <-time.After(30 * time.Second):
		d.Error("the connector did not begin")
	}
	began := time.Now()
	if err := c.Process.Signal(signal); err != nil {
		d.Fatal(err)
	}
	c.Wait() //nolint:errcheck // the exit code is looked at
	r := result{code: c.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String(), took: time.Since(began)}
	d.noGoStack(r)
	return r
}

// watcher passes text on and tells when a word comes by.
type watcher struct {
	to    *bytes.Buffer
	word  string
	found chan struct{}
	done  bool
}

func newWatcher(to *bytes.Buffer, word string) *watcher {
	return &watcher{to: to, word: word, found: make(chan struct{})}
}

func (w *watcher) Write(p []byte) (int, error) {
	w.to.Write(p)
	if !w.done && strings.Contains(w.to.String(), w.word) {
		w.done = true
		close(w.found)
	}
	return len(p), nil
}

// Full imports into a CAR that is new, created but empty, without graph, without indexes, and not
// ready yet for a while.
func TestStatesOfCAR(t *testing.T) {
	for _, state := range []carserver.DatabaseState{carserver.DatabaseAbsent, carserver.DatabaseEmpty, carserver.DatabaseWithoutGraph,
		carserver.DatabaseWithoutIndexes, carserver.DatabaseBusy, carserver.DatabaseReady} {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			s, err := carserver.Open(carserver.Config{Path: filepath.Join(t.TempDir(), "car.db"), Prepared: true, Key: "k", Password: "p"})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if err := s.SetDatabase(context.Background(), state); err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(s.Handler())
			defer server.Close()
			if state == carserver.DatabaseBusy {
				time.AfterFunc(200*time.Millisecond, func() {
					if err := s.SetDatabase(context.Background(), carserver.DatabaseReady); err != nil {
						t.Error(err)
					}
				})
			}
			d := newDesk(t)
			flags := []string{
				"-car-service-url", server.URL + "/api/car/v2", "-car-service-key", "k", "-car-service-password", "p",
				"-source", "office",
			}
			d.ok(host.ModeFull, "reference", flags...)
			counts, err := s.Counts(context.Background(), "office")
			if err != nil {
				t.Fatal(err)
			}
			for name, n := range modelOfTen {
				if counts[name] != n {
					t.Errorf("%d of %s, want %d", counts[name], name, n)
				}
			}
			d.ok(host.ModeIncremental, "reference", flags...)
			d.ok(host.ModeFull, "reference", append(flags, "-full")...)
		})
	}
}
