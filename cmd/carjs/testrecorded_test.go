package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// keyedConnector logs in with a secret in a body, and names it in every URL, as some data sources
// will have it.
const keyedConnector = `import { BaseApp, BaseAssetServer, BaseDataHandler, BaseFullImport, BaseIncrementalImport, context } from "carjs";
import { HttpClient } from "carjs/http";
class Server extends BaseAssetServer {
  client = new HttpClient({ baseURL: context().args.CONFIGURATION_AUTH_URL });
  key = context().args.CONFIGURATION_AUTH_KEY;
  async testConnection() { await this.login(); return 0; }
  login() { return this.client.post("/login", { json: { who: "carjs", secret: this.key } }); }
  hosts() { return this.client.get<{ id: string }[]>("/hosts", { query: { key: this.key } }); }
}
class Handler extends BaseDataHandler { createSourceReportObject() { return { source: {}, report: {} }; } }
class Full extends BaseFullImport {
  handler = new Handler();
  constructor(private server: Server) { super(); }
  createSourceReportObject() { return this.handler.createSourceReportObject(); }
  async getNewModelStateId() { await this.server.login(); return "1"; }
  async importVertices() { for (const { id } of await this.server.hosts()) this.handler.addCollection("asset", { external_id: id, name: id }); }
  importEdges() {}
}
class Incremental extends BaseIncrementalImport {
  constructor(private server: Server) { super(); }
  handler = new Handler();
  createSourceReportObject() { return this.handler.createSourceReportObject(); }
  async getNewModelStateId() { await this.server.login(); return "1"; }
  getDataForDelta() {} importVertices() {} importEdges() {} deleteVertices() {}
}
export default class App extends BaseApp {
  assetServer = new Server();
  fullImport = new Full(this.assetServer);
  incrementalImport = new Incremental(this.assetServer);
}
declare module "carjs" { interface Args { CONFIGURATION_AUTH_URL: string; CONFIGURATION_AUTH_KEY: string } }
`

const keyedConfig = `{"connection": {"type": {"type": "connectorType", "displayName": "Keyed", "group": "keyed"}},
 "configuration": {"auth": {"type": "fields", "url": {"type": "text", "regex": "^https?://.+"}, "key": {"type": "password"}}}}`

// keyed is a desk with the connector, and a recording of its data source.
func keyed(t *testing.T) *desk {
	t.Helper()
	const key = "k-6b1f0c55"
	data := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		switch {
		case r.URL.Path == "/login" && strings.Contains(string(body), `"`+key+`"`):
			io.WriteString(w, `{"in": true}`)
		case r.URL.Path == "/hosts" && r.URL.Query().Get("key") == key:
			io.WriteString(w, `[{"id": "h1"}, {"id": "h2"}]`)
		default:
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	defer data.Close()
	d := newDesk(t)
	d.write("connectors/keyed/src/main.ts", keyedConnector)
	d.write("connectors/keyed/configurations/config.json", keyedConfig)
	r := d.imports("keyed", "-url", data.URL, "-key", key, "-record", "connectors/keyed/recordings/first")
	if r.code != 0 {
		t.Fatal(r)
	}
	return d
}

// Secrets are not recorded. What is asked with others, in a body or a URL, finds its answer all the
// same, in tests and in checks.
func TestTestsOnRecordings(t *testing.T) {
	d := keyed(t)
	d.write("connectors/keyed/src/import.test.ts", `import { connector, expect, recorded, test } from "carjs/test";
test("by what was recorded", async () => {
  const subject = connector({ source: recorded("recordings/first") });
  expect(await subject.import()).toMatchObject({ exitCode: 0, failure: null });
  expect(subject.graph.vertices("asset").map((a) => a.name)).toEqual(["h1", "h2"]);
});
test("with a key of its own", async () => {
  const source = recorded("recordings/first");
  const subject = connector({ source, settings: { url: "http://elsewhere.test", key: "another-key" } });
  expect(await subject.testConnection()).toBe(0);
  expect(source.requests[0]!.json()).toEqual({ who: "carjs", secret: "another-key" });
});
test("what was not recorded", async () => {
  const source = recorded("recordings/first");
  await expect(connector({ source, settings: { url: "http://elsewhere.test/v2" } }).import()).rejects.toThrow("POST");
});
`)
	r := d.run("test", "keyed")
	contains(t, r.stdout, "✓ by what was recorded", "✓ with a key of its own", "✗ what was not recorded",
		"no response is recorded for POST", "tests   1 failed, 2 passed",
		"✓ connection-test", "✓ objects-validate", "✓ failures-are-typed", "✓ no-secrets")
	if r.code != 1 {
		t.Error(r)
	}
	if strings.Contains(r.stdout, "k-6b1f0c55") {
		t.Error("the key that was recorded with is known")
	}
}

// Coverage is of the tests: what the checks run does not count.
func TestTestCoverageLeavesChecksOut(t *testing.T) {
	d := keyed(t)
	d.write("connectors/keyed/src/import.test.ts", `import { expect, test } from "carjs/test"; test("nothing", () => expect(1).toBe(1));`)
	r := d.run("test", "keyed", "-coverage-file", "lcov.info")
	if r.code != 0 {
		t.Error(r)
	}
	contains(t, r.stdout, "✓ connection-test")
	contains(t, d.read("lcov.info"), "SF:src/main.ts", "DA:7,0\n", "LH:0\n")
}

// A connector's settings are what its tests say: on the command line they are a mistake, not
// something that is passed over.
func TestTestTakesNoSettings(t *testing.T) {
	d := keyed(t)
	r := d.run("test", "keyed", "-url", "http://127.0.0.1:1")
	if r.code != 2 {
		t.Error(r)
	}
	contains(t, r.stderr, "unknown flag -url")
	if r := d.run("test", "-help", "keyed"); r.code != 0 || strings.Contains(r.stdout, "-key") {
		t.Error(r)
	}
}
