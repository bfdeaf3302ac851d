package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"carjs/host"
)

// clockConnector has a clock as its save point, and sends times and random numbers with its requests.
const clockConnector = `import { BaseApp, BaseAssetServer, BaseDataHandler, BaseFullImport, BaseIncrementalImport, context } from "carjs";
import { HttpClient } from "carjs/http";
type Host = { id: string; name: string };
class Server extends BaseAssetServer {
  client = new HttpClient({ baseURL: context().args.CONFIGURATION_AUTH_URL });
  async testConnection() { await this.client.get("/ping"); return 0; }
}
class Handler extends BaseDataHandler {
  createSourceReportObject() { return { source: {}, report: {} }; }
  add({ id, name }: Host) { this.addCollection("asset", { external_id: id, name }); }
}
class Full extends BaseFullImport {
  handler = new Handler();
  constructor(private server: Server) { super(); }
  createSourceReportObject() { return this.handler.createSourceReportObject(); }
  getNewModelStateId() { return new Date().toISOString(); }
  async importVertices() {
    const week = new Date(Date.now() - 7 * 24 * 3600e3);
    const json = { filter: { from: week, to: Date.now() }, request: { id: Math.random() } };
    for (const host of await this.server.client.post<Host[]>("/search", { json, query: { asOf: this.handler.timestamp, _: Math.random() } })) this.handler.add(host);
    await new Promise((done) => setTimeout(done, Number(context().args.CONFIGURATION_AUTH_PAUSE))); // as when a job is polled
  }
  importEdges() {}
}
class Incremental extends BaseIncrementalImport {
  handler = new Handler();
  changes!: { changed: Host[]; gone: string[] };
  constructor(private server: Server) { super(); }
  createSourceReportObject() { return this.handler.createSourceReportObject(); }
  getNewModelStateId() { return new Date().toISOString(); }
  async getDataForDelta(since: string, until: string) { this.changes = await this.server.client.get("/changes", { query: { since, until } }); }
  importVertices() { for (const host of this.changes.changed) this.handler.add(host); }
  importEdges() {}
  async deleteVertices() { await context().carService.delete("asset", this.changes.gone); }
}
export default class App extends BaseApp {
  assetServer = new Server();
  fullImport = new Full(this.assetServer);
  incrementalImport = new Incremental(this.assetServer);
}
declare module "carjs" { interface Args { CONFIGURATION_AUTH_URL: string; CONFIGURATION_AUTH_PAUSE: number } }
`

const clockConfig = `{"connection": {"type": {"type": "connectorType", "displayName": "Clock", "group": "clock"}},
 "configuration": {"auth": {"type": "fields", "url": {"type": "text"}, "pause": {"type": "number", "default": 1}}}}`

const clockTest = `import { connector, expect, recorded, test } from "carjs/test";
test("recorded", async () => {
  const before = Date.now();
  const subject = connector({ source: recorded("recordings/first") });
  expect(await subject.import()).toMatchObject({ mode: "full", exitCode: 0, failure: null });
  expect(await subject.import()).toMatchObject({ mode: "incremental", exitCode: 0, failure: null });
  expect(Date.now() >= before).toBe(true);
});
`

// clockSource is the data source of the connector.
type clockSource struct {
	mu    sync.Mutex
	hosts map[string]string
	// changed and gone are when that happened.
	changed, gone map[string]time.Time
}

func (s *clockSource) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := func(fits func(id string) bool) []map[string]string {
		found := []map[string]string{}
		for id, name := range s.hosts {
			if fits(id) {
				found = append(found, map[string]string{"id": id, "name": name})
			}
		}
		return found
	}
	w.Header().Set("Content-Type", "application/json")
	switch r.URL.Path {
	case "/ping":
		fmt.Fprint(w, `{}`)
	case "/search":
		json.NewEncoder(w).Encode(list(func(string) bool { return true })) //nolint:errcheck // it is a test's
	case "/changes":
		since, err := time.Parse(time.RFC3339, r.URL.Query().Get("since"))
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		gone := []string{}
		for id, at := range s.gone {
			if at.After(since) {
				gone = append(gone, id)
			}
		}
		json.NewEncoder(w).Encode(map[string]any{ //nolint:errcheck // it is a test's
			"changed": list(func(id string) bool { return s.changed[id].After(since) }), "gone": gone,
		})
	}
}

// A connector whose save point is a clock is recorded, passes all checks on its recordings, and does
// so when they are a year old.
func TestClocksReplay(t *testing.T) {
	t.Parallel()
	source := &clockSource{hosts: map[string]string{"1": "one", "2": "two", "3": "three"},
		changed: map[string]time.Time{}, gone: map[string]time.Time{}}
	server := httptest.NewServer(source)
	defer server.Close()
	d := newDesk(t)
	d.write("connectors/clock/src/main.ts", clockConnector)
	d.write("connectors/clock/configurations/config.json", clockConfig)
	d.write("connectors/clock/tests/recorded.test.ts", clockTest)
	first, changed := "connectors/clock/recordings/first", "connectors/clock/recordings/changed"
	ignore := func(folder string) {
		t.Helper()
		var manifest map[string]any
		if err := json.Unmarshal([]byte(d.read(folder+"/recording.json")), &manifest); err != nil {
			t.Fatal(err)
		}
		manifest["ignore"] = map[string]any{"query": []string{"_"}, "body": []string{"request.id"}}
		encoded, err := json.Marshal(manifest)
		if err != nil {
			t.Fatal(err)
		}
		d.write(folder+"/recording.json", string(encoded))
	}
	record := func(folder string, mode host.Mode, args ...string) result {
		t.Helper()
		r := d.ok(mode, "clock", append(args, "-url", server.URL, "-record", folder)...)
		return r
	}
	r := record(first, host.ModeFull)
	if strings.Contains(r.stderr, "-full") {
		t.Errorf("a full import is recorded: %s", r)
	}
	if r := d.run("run", "clock", "-connection-test", "-url", server.URL, "-record", first); r.code != 0 {
		t.Fatalf("%s", r)
	}
	// Without being told, a random part is missed, and the message says what to do.
	r = d.imports("clock", "-full", "-replay", first, "-state-dir", "other")
	if r.code == 0 {
		t.Errorf("%s", r)
	}
	contains(t, r.report.Failure.Hint, `"ignore" of recording.json`)
	ignore(first)
	r = record(first, host.ModeIncremental)
	if strings.Contains(r.stderr, "-full") {
		t.Errorf("there is a full import in the recording: %s", r)
	}
	contains(t, d.read(first+"/recording.json"), `"request.id"`, `"full"`, `"incremental"`)

	source.mu.Lock()
	source.hosts["1"], source.changed["1"] = "uno", time.Now()
	source.gone["2"] = time.Now()
	delete(source.hosts, "2")
	source.mu.Unlock()
	contains(t, record(changed, host.ModeIncremental).stderr, "recorded an incremental import", "-full")
	record(changed, host.ModeFull, "-full")
	ignore(changed)
	want := d.graph("clock")
	server.Close()

	replays := func(what string) {
		t.Helper()
		if err := os.RemoveAll(filepath.Join(d.dir, ".carjs")); err != nil {
			t.Fatal(err)
		}
		if r := d.run("test", "clock"); r.code != 0 ||
			!strings.Contains(r.stdout, "✓ nothing-changed") || !strings.Contains(r.stdout, "✓ incremental-equals-full") {
			t.Errorf("%s: %s", what, r)
		}
		d.ok(host.ModeFull, "clock", "-replay", first)
		d.ok(host.ModeIncremental, "clock", "-replay", first)
		d.ok(host.ModeIncremental, "clock", "-replay", changed)
		if diff := want.Diff(d.graph("clock")); len(diff) > 0 {
			t.Errorf("%s: another graph: %v", what, diff)
		}
	}
	replays("at once")
	older(t, filepath.Join(d.dir, "connectors/clock/recordings"), 365*24*time.Hour)
	replays("a year later")
	// A wait that nothing but time ends is not waited for: the run has a minute.
	d.ok(host.ModeFull, "clock", "-full", "-replay", first, "-pause", "36000000")
}

var (
	timeText   = regexp.MustCompile(`\d{4}-\d{2}-\d{2}T\d{2}(:|%3A)\d{2}(:|%3A)\d{2}(\.\d+)?Z`)
	timeNumber = regexp.MustCompile(`\b1[789]\d{11}\b`)
)

// older makes recordings that were made so much earlier of others: all times in them are.
func older(t *testing.T, dir string, by time.Duration) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%v %v", files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := timeText.ReplaceAllStringFunc(string(data), func(text string) string {
			at, err := time.Parse(time.RFC3339, strings.ReplaceAll(text, "%3A", ":"))
			if err != nil {
				t.Fatal(err)
			}
			earlier := at.Add(-by).Format("2006-01-02T15:04:05.000Z")
			if strings.Contains(text, "%3A") {
				earlier = strings.ReplaceAll(earlier, ":", "%3A")
			}
			return earlier
		})
		text = timeNumber.ReplaceAllStringFunc(text, func(text string) string {
			number, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return strconv.FormatInt(number-by.Milliseconds(), 10)
		})
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// What is recorded over the samples of a new connector is not mixed with them.
func TestRecordingReplacesSamples(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if r := d.run("init", "-template", "minimal", "mine"); r.code != 0 {
		t.Fatalf("%s", r)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `[{"id": "x1", "name": "real", "kind": "server", "addresses": []}]`)
	}))
	defer server.Close()
	d.write("mine/recordings/first/0002-get-left-over.json",
		strings.Replace(d.read("mine/recordings/first/0001-get-hosts.json"), "/hosts", "/left/over", 1))
	login := []string{"-url", server.URL, "-token", "a-token-of-mine"}
	d.ok(host.ModeFull, "mine", append(login, "-record", "mine/recordings/first")...)
	files, err := filepath.Glob(filepath.Join(d.dir, "mine/recordings/first/*.json"))
	if err != nil || len(files) != 2 {
		t.Errorf("%v %v", files, err)
	}
	if text := d.read("mine/recordings/first/recording.json"); strings.Contains(text, "sample") {
		t.Errorf("the recording is still a sample: %s", text)
	}
	// The sample of a change belongs to the sample that was replaced.
	r := d.run("test", "mine")
	contains(t, r.stdout, "recordings/changed is still the template's", "✓ nothing-changed")
	if strings.Contains(r.stdout, "✗ incremental-equals-full") {
		t.Errorf("%s", r)
	}
}
