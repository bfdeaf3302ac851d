package main

import (
	"strings"
	"testing"

	"carjs/host/author/check"
	"carjs/host/author/types"
)

// standIns is a connector that uses a setting as its class is made; kind is the setting in
// config.json.
func (d *desk) standIns(name, kind, use string) {
	d.Helper()
	d.write("c/configurations/config.json", `{"connection": {"type": {"type": "connectorType", "displayName": "C"}, "`+name+`": `+kind+`}}`)
	d.write("c/configurations/lang_en.json", `{"connection": {"`+name+`": {"label": "l", "description": "d"}}}`)
	d.write("c/src/main.ts", `import { BaseApp, BaseAssetServer, BaseDataHandler, BaseFullImport, BaseIncrementalImport, context, SchemaExtension } from "carjs";
import { bearer, HttpClient } from "carjs/http";
class Server extends BaseAssetServer {
  readonly client = (() => { const value: any = context().args.CONNECTION_`+strings.ToUpper(name)+`; `+use+` })();
  testConnection() { return 0; }
}
class Handler extends BaseDataHandler { createSourceReportObject() { return { source: { _key: "s" }, report: { _key: "r" } }; } }
class Full extends BaseFullImport {
  private readonly handler = new Handler();
  createSourceReportObject() { return this.handler.createSourceReportObject(); }
  getNewModelStateId() { return "1"; }
  importVertices() { this.handler.addCollection("asset", { external_id: "1", name: "x" }); }
  importEdges() {}
}
class Incremental extends BaseIncrementalImport {
  private readonly handler = new Handler();
  createSourceReportObject() { return this.handler.createSourceReportObject(); }
  getNewModelStateId() { return "1"; }
  getDataForDelta() {}
  importVertices() {}
  importEdges() {}
  deleteVertices() {}
}
export default class App extends BaseApp {
  assetServer = new Server(); fullImport = new Full(); incrementalImport = new Incremental();
  override getSchemaExtension() {
    return new SchemaExtension({ key: "6c1d2f5e-0b0a-4a86-9a4e-6f1f2d3c4b5a", owner: "c", version: "1", schema: { vertices: [{ name: "rack", properties: { room: { type: "text" } } }], edges: [] } });
  }
}
void [bearer, HttpClient];
`)
}

// A setting that was given no value has one that serves for what its name and its expression say,
// so that check and types see what they would see in a run.
func TestStandInsServe(t *testing.T) {
	const url = `return new HttpClient({ baseURL: value });`
	for _, test := range []struct{ name, kind, use string }{
		{"host", `{"type": "text"}`, url},
		{"host", `{"type": "text"}`, "return new HttpClient({ baseURL: `https://${value}/api` });"},
		{"host", `{"type": "text"}`, "return new HttpClient({ baseURL: `https://${value}:8443/api` });"},
		{"host", `{"type": "text", "regex": "^[a-z0-9.-]+$"}`, "return new HttpClient({ baseURL: `https://${value}` });"},
		{"host", `{"type": "text", "regex": "^(([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9_:/\\-]*[a-zA-Z0-9])\\.)*([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9_:/\\-]*[A-Za-z0-9])$"}`, url},
		{"address", `{"type": "text", "regex": "^\\d+\\.\\d+\\.\\d+\\.\\d+$"}`, "return new HttpClient({ baseURL: `https://${value}` });"},
		{"server_url", `{"type": "text", "regex": "^https://.+\\.okta\\.com$"}`, url},
		{"api_endpoint", `{"type": "text"}`, url},
		{"page", `{"type": "link"}`, url},
		{"port", `{"type": "text"}`, "return new HttpClient({ baseURL: `https://a.example:${value}` });"},
		{"port", `{"type": "number", "min": 1, "max": 65535}`, "return new HttpClient({ baseURL: `https://a.example:${value}` });"},
		{"account", `{"type": "text", "regex": "^[0-9]{12}$"}`, `if (!/^\d{12}$/.test(value)) throw new Error(value);`},
		{"tenant_id", `{"type": "text"}`, `if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(value)) throw new Error(value);`},
		{"region", `{"type": "text", "options": ["eu", "us"]}`, `if (value !== "eu") throw new Error(value);`},
		{"code", `{"type": "text", "regex": "(?!x)[B-D]{2}-(one|two)\\d+"}`, `if (typeof value !== "string") throw new Error(value);`},
	} {
		t.Run(test.name+" "+test.use, func(t *testing.T) {
			d := newDesk(t)
			d.standIns(test.name, test.kind, test.use)
			if code, findings := d.findings("c"); code != 0 || found(findings, "extension") {
				t.Errorf("exit code %d, %+v", code, findings)
			}
			if r := d.run("types", "c"); r.code != 0 || r.stderr != "" ||
				!strings.Contains(d.read("c/"+types.Folder+"/"+types.ExtensionFile), "rack") {
				t.Errorf("%s", r)
			}
		})
	}
}

func found(findings []check.Finding, name string) bool {
	for _, f := range findings {
		if f.Check == name {
			return true
		}
	}
	return false
}

// Where no value serves, what goes wrong is no error: a run has another value. What goes wrong
// whatever the values are is one.
func TestStandInsAreNoErrors(t *testing.T) {
	for _, test := range []struct {
		use      string
		severity check.Severity
		message  string
	}{
		{`return JSON.parse(value).client_email;`, check.Warning, "the extension was not checked, because the connector does not start with placeholders as settings"},
		{`if (!value.includes("-----BEGIN")) throw new Error("the key must be PEM");`, check.Warning, "placeholders as settings: Error: the key must be PEM"},
		{`fetch("http://127.0.0.1:1/" + value);`, check.Error, "must not query the data source"},
	} {
		t.Run(test.use, func(t *testing.T) {
			d := newDesk(t)
			d.standIns("keyfile", `{"type": "text"}`, test.use)
			code, findings := d.findings("c")
			for _, f := range findings {
				if f.Check == "extension" {
					if f.Severity != test.severity || !strings.Contains(f.Message, test.message) || f.File != "src/main.ts" ||
						(code != 0) != (test.severity == check.Error) {
						t.Errorf("exit code %d, %+v", code, f)
					}
					return
				}
			}
			t.Errorf("exit code %d, nothing found: %+v", code, findings)
		})
	}
	d := newDesk(t)
	d.standIns("keyfile", `{"type": "text"}`, `throw new Error("always: " + !!value);`)
	d.write("c/src/main.ts", strings.Replace(d.read("c/src/main.ts"),
		"const value: any = context().args.CONNECTION_KEYFILE;", "const value: any = 1;", 1))
	if code, findings := d.findings("c"); code != 2 {
		t.Errorf("an error without settings: exit code %d, %+v", code, findings)
	}
}
