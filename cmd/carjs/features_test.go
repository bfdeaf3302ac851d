package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"carjs/host"
	"carjs/host/carserver"
)

// Every call that a connector may make of CAR, in one incremental import. What each gave is logged
// as JSON.
func TestCallsOfCAR(t *testing.T) {
	d := newDesk(t)
	d.small(`handler.addCollection("asset", { external_id: "1", name: "one" });
  handler.addCollection("asset", { external_id: "2", name: "two" });
  handler.addCollection("ipaddress", { _key: "10.0.0.1" });
  handler.addEdge("asset_ipaddress", "1", "10.0.0.1");
  handler.addEdge("asset_ipaddress", "2", "10.0.0.1");`)
	d.ok(host.ModeFull, "small")
	d.small(`const car = context().carService;
  const show = (name: string, value: unknown) => console.log("did " + name + " = " + JSON.stringify(value));
  const { source, name, version, debug } = context().args;
  show("args", [source, name, version, debug]);
  show("getModelStateId", await car.getModelStateId());
  show("searchCollection", await car.searchCollection("asset", "source", "small", ["external_id", "name"]));
  show("searchCollection of edges", await car.searchCollection("asset_ipaddress", "source", "small", ["asset_id", "ipaddress_id", "source"]));
  show("edgesAt", await car.edgesAt("asset_ipaddress", { to: ["10.0.0.1"] }));
  show("edgesAt of none", await car.edgesAt("asset_ipaddress", { from: [] }));
  show("queryGraphql", await car.queryGraphql("query($name: String) { asset(where: {name: {_eq: $name}}) { external_id } }", { name: "two" }));
  const found = await car.graphAttributeSearch("asset", "name", "one");
  await car.graphAttributeSearch("asset", "name", "two");
  show("graphAttributeSearch", found.map((row: any) => row.external_id));
  show("getImportSchema", Object.keys((await car.getImportSchema()).schema).includes("properties"));
  show("createDatabase", await car.createDatabase());
  const extension = { key: "6c1d2f5e-0b0a-4a86-9a4e-6f1f2d3c4b5a", owner: "test", version: "2", schema: { vertices: [{ name: "shelf", properties: { height: { type: "numeric" } } }] } };
  show("getExtension", await car.getExtension(extension.key));
  await car.setExtension(extension as any);
  await car.setExtension(extension as any);
  show("getExtension again", await car.getExtension(extension.key));
  try { await car.setExtension({ ...extension, version: "1" } as any); } catch (e: any) { show("setExtension", [e instanceof RecoverableFailure, e.message]); }
  await car.databasePatchValue({ resource_type: "asset", resource_id: "1", name: "patched" });
  await car.edgePatch("small", { edge_type: "asset_ipaddress", from: "1", to: "10.0.0.1" }, { active: false });
  await car.delete("asset", [2]);
  await car.resetModelStateId();
  show("after the reset", await car.getModelStateId());
  await car.saveModelStateId("seven");
  show("before the end", await car.getModelStateId());`)
	r := d.ok(host.ModeIncremental, "small", "-log-format", "json")
	did := map[string]string{}
	for _, line := range logLines(t, r.stderr) {
		if text, ok := strings.CutPrefix(line["message"].(string), "did "); ok {
			name, value, _ := strings.Cut(text, " = ")
			did[name] = value
		}
	}
	for name, want := range map[string]string{
		"args":                      `["small","","",false]`,
		"getModelStateId":           `"1"`,
		"searchCollection":          `{"asset":[{"external_id":"1","name":"one"},{"external_id":"2","name":"two"}]}`,
		"searchCollection of edges": `{"asset_ipaddress":[{"asset_id":"small/1","ipaddress_id":"small/0/10.0.0.1","source":"small"},{"asset_id":"small/2","ipaddress_id":"small/0/10.0.0.1","source":"small"}]}`,
		"edgesAt":                   `[{"from":"1","to":"10.0.0.1"},{"from":"2","to":"10.0.0.1"}]`,
		"edgesAt of none":           `[]`,
		"queryGraphql":              `{"data":{"asset":[{"external_id":"2"}]}}`,
		"graphAttributeSearch":      `["1"]`,
		"getImportSchema":           `true`,
		"createDatabase":            `false`,
		"getExtension":              `null`,
		"getExtension again":        `{"key":"6c1d2f5e-0b0a-4a86-9a4e-6f1f2d3c4b5a","owner":"test","version":"2","schema":{"vertices":[{"name":"shelf","properties":{"height":{"type":"numeric"}}}],"edges":[]}}`,
		"setExtension":              `[true,"CAR has version 2 of the schema extension 6c1d2f5e-0b0a-4a86-9a4e-6f1f2d3c4b5a, and this connector has the older version 1"]`,
		"after the reset":           `null`,
		"before the end":            `null`,
	} {
		if did[name] != want {
			t.Errorf("%s gave %q, want %q", name, did[name], want)
		}
	}
	if n := strings.Count(r.stderr, "deprecated"); n != 1 {
		t.Errorf("%d warnings that graphAttributeSearch is deprecated", n)
	}
	if r.report.SavePoint != "seven" {
		t.Errorf("save point %q", r.report.SavePoint)
	}
	g := d.graph("small")
	if len(g.Vertices) != 2 || len(g.Edges) != 0 {
		t.Errorf("graph: %v", g)
	}
	if name := fmt.Sprint(g.Vertices[carserver.VertexID{Collection: "asset", Key: "1"}]); !strings.Contains(name, "patched") {
		t.Errorf("asset 1: %s", name)
	}
}

// logLines are the lines of a JSON log, each of which has the platform's fields as texts, and perhaps
// others beside them.
func logLines(t *testing.T, log string) []map[string]any {
	t.Helper()
	var lines []map[string]any
	for line := range strings.Lines(log) {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		for _, name := range []string{"ibm_datetime", "level", "label", "message", "connector", "source", "version"} {
			if _, ok := fields[name].(string); !ok {
				t.Fatalf("no text %s in %s", name, line)
			}
		}
		if _, err := time.Parse("2006-01-02T15:04:05.000000Z", fields["ibm_datetime"].(string)); err != nil {
			t.Error(err)
		}
		lines = append(lines, fields)
	}
	return lines
}

// The code that testConnection returns is the exit code, and a failure that it throws gives its
// own. Nothing is imported.
func TestConnectionTest(t *testing.T) {
	for body, code := range map[string]int{
		`return 0;`:  0,
		`return 52;`: 52,
		`return 53;`: 53,
		`throw new DatasourceFailure("no", ErrorCode.DATASOURCE_FAILURE_CONNECT);`: 51,
		`throw new Error("no");`: 1,
	} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.small(`throw new Error("imported");`)
			path := filepath.Join(d.dir, "connectors", "small", "main.ts")
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			d.write("connectors/small/main.ts", strings.Replace(string(text), "return 0;", body, 1))
			r := d.imports("small", "-connection-test")
			if r.code != code || r.report.Requests.CAR != 0 {
				t.Errorf("want %d\n%s", code, r)
			}
		})
	}
}

// Pages are kept when asked for, as many objects in each as asked for; else nothing is left.
func TestExportedPages(t *testing.T) {
	d := newDesk(t)
	kept := filepath.Join(d.dir, "pages")
	d.ok(host.ModeFull, "reference", "-export-data-dir", kept, "-export-data-page-size", "3")
	if left, err := filepath.Glob(filepath.Join(kept, "*")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	d.ok(host.ModeFull, "reference", "-full", "-export-data-dir", kept, "-export-data-page-size", "3", "-keep-export-data-dir")
	for collection, n := range map[string]int{"asset": 4, "port": 1, "application_vulnerability": 20} {
		files, err := filepath.Glob(filepath.Join(kept, collection, "*.json"))
		if err != nil || len(files) != n {
			t.Errorf("%d pages of %s, want %d", len(files), collection, n)
		}
		objects := 0
		for _, file := range files {
			var page map[string][]json.RawMessage
			data, err := os.ReadFile(file)
			if err == nil {
				var whole map[string]json.RawMessage
				if err = json.Unmarshal(data, &whole); err == nil {
					page = map[string][]json.RawMessage{}
					var list []json.RawMessage
					err = json.Unmarshal(whole[collection], &list)
					page[collection] = list
				}
			}
			if err != nil || len(page[collection]) > 3 {
				t.Errorf("%s: %v, %d objects", file, err, len(page[collection]))
			}
			objects += len(page[collection])
		}
		if objects != modelOfTen[collection] {
			t.Errorf("%d objects of %s", objects, collection)
		}
	}
}

// An incremental import that the connector declares impossible is a full one in the same run; one
// that does not end in its time is a typed failure.
func TestNotPossibleAndTooLong(t *testing.T) {
	d := newDesk(t)
	d.small(addOne)
	d.ok(host.ModeFull, "small")
	path := filepath.Join(d.dir, "connectors", "small", "main.ts")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	d.write("connectors/small/main.ts", strings.Replace(string(text), "getDataForDelta(last: string, current: string) {}",
		`getDataForDelta(last: string, current: string) { throw new IncrementalImportNotPossible("the history ends at " + current); }`, 1))
	r := d.ok(host.ModeFull, "small", "-log-format", "text")
	contains(t, r.stderr, "the history ends at 1")

	hangs := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer hangs.Close()
	defer hangs.CloseClientConnections()
	d.small(`await fetch("` + hangs.URL + `");`)
	r = d.imports("small", "-timeout", "300ms")
	if r.code != 10 || r.took > 20*time.Second {
		t.Errorf("after %s\n%s", r.took, r)
	}
	contains(t, r.report.Failure.Message+r.report.Failure.Hint, "300ms", "-timeout")
	contains(t, r.report.Failure.At, "main.ts:12")
}

// A mounted secret that does not decrypt is named, and its content is not shown.
func TestBrokenSecret(t *testing.T) {
	d := newDesk(t)
	dir := d.mountSecrets()
	(&desk{TB: t, dir: dir}).write("CONFIGURATION_AUTH_PASSWORD", "eyJhbGciOiJkaXIi.not.a.real.jwe")
	r := d.run("run", "reference", "-secrets-dir", dir, "-log-format", "text")
	if r.code != 2 || strings.Contains(r.String(), "eyJhbGciOiJkaXIi") {
		t.Error(r)
	}
	contains(t, r.stderr, filepath.Join(dir, "CONFIGURATION_AUTH_PASSWORD"))
}

// No more pages are posted at the same time than asked for, and as many as that.
func TestPagesInFlight(t *testing.T) {
	service, err := carserver.Open(carserver.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close()
	var posting, most atomic.Int64
	together := make(chan struct{})
	var once sync.Once
	car := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/imports") {
			n := posting.Add(1)
			defer posting.Add(-1)
			for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
			}
			if n == 2 {
				once.Do(func() { close(together) }) // the first waits for the second, and a third must not come meanwhile
			}
			if r.ContentLength > 1000 {
				select {
				case <-together:
				case <-r.Context().Done():
				}
			}
		}
		service.Handler().ServeHTTP(w, r)
	}))
	defer car.Close()
	d := newDesk(t)
	d.small(`for (let i = 0; i < 100; i++) handler.addCollection("asset", { external_id: String(i), name: "an asset with a name that makes the page a long one ".repeat(2) + i });`)
	d.ok(host.ModeFull, "small", "-car-service-url", car.URL+"/api/car/v2", "-car-service-key", "k",
		"-car-service-password", "p", "-source", "office",
		"-export-data-page-size", "10", "-pages-in-flight", "2", "-request-timeout", "20s")
	if most.Load() != 2 {
		t.Errorf("%d pages were posted at the same time", most.Load())
	}
}
