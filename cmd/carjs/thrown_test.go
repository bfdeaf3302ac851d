package main

import (
	"strings"
	"testing"
)

// thrownConnector throws CODE in a function that importVertices awaits.
const thrownConnector = `import { BaseApp, BaseDataHandler, BaseFullImport, BaseIncrementalImport, DatasourceFailure } from "carjs";
import { Server } from "./server";
const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));
async function inner(): Promise<void> {
  await sleep(1);
  CODE
}
async function outer() { await inner(); }
class Handler extends BaseDataHandler { createSourceReportObject() { return { source: {}, report: {} }; } }
class Full extends BaseFullImport {
  handler = new Handler();
  createSourceReportObject() { return this.handler.createSourceReportObject(); }
  getNewModelStateId() { return "1"; }
  async importVertices() { await outer(); if (Date.now() < 0) throw new DatasourceFailure("never"); }
  importEdges() {}
}
class Incremental extends BaseIncrementalImport {
  handler = new Handler();
  createSourceReportObject() { return this.handler.createSourceReportObject(); }
  getNewModelStateId() { return "1"; }
  getDataForDelta() {} importVertices() {} importEdges() {} deleteVertices() {}
}
export default class App extends BaseApp {
  assetServer = new Server();
  fullImport = new Full();
  incrementalImport = new Incremental();
}
`

const thrownServer = `import { BaseAssetServer } from "carjs";

export class Server extends BaseAssetServer {
  // A method that is wrong.
  async testConnection(): Promise<any> {
    return ANSWER;
  }
}
`

func thrower(t *testing.T, code, answer string) *desk {
	t.Helper()
	d := newDesk(t)
	d.write("connectors/thrower/src/main.ts", strings.Replace(thrownConnector, "CODE", code, 1))
	d.write("connectors/thrower/src/server.ts", strings.Replace(thrownServer, "ANSWER", answer, 1))
	d.write("connectors/thrower/configurations/config.json",
		`{"connection": {"type": {"type": "connectorType", "displayName": "Thrower", "group": "thrower"}}, "configuration": {}}`)
	return d
}

// Whatever is thrown has its line, and the chain of what caused it is told.
func TestThrownHasItsLine(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		code, message, at string
		detail            []string
	}{
		{`throw "a text";`, "a text was thrown, which is not an Error: a text", "src/main.ts:6:3",
			[]string{"at inner (src/main.ts:6:3)", "at outer (src/main.ts:8:32)"}},
		{`throw { code: 7 };`, `an object was thrown, which is not an Error: {"code":7}`, "src/main.ts:6:3", []string{"at inner"}},
		{"throw null;", "null was thrown", "src/main.ts:6:3", nil},
		{`await Promise.reject("no");`, "a text was thrown", "src/main.ts:6:17", nil},
		{"try {\n throw 7; } catch (e) { await sleep(1); throw e; }", "7 was thrown", "src/main.ts:7:2", nil},
		{"void sleep(1).then(() => {\n throw 'late'; }); await sleep(20);",
			"unhandled promise rejection: a text was thrown", "src/main.ts:7:2", nil},
		{"async function* g() { yield 1;\n throw 'g'; }\n for await (const x of g()) void x;", "a text was thrown", "src/main.ts:7:2", nil},
		{`await new Promise((_, reject) => setTimeout(() => reject("no"), 1));`, "a text was thrown", "src/main.ts:6:53", nil},
		{`await new Promise((_, reject) => setTimeout(reject, 1, { code: 7 }));`, "an object was thrown", "src/main.ts:6:21", nil},
		{`await new Promise((_, reject) => sleep(1).then(reject));`, "undefined was thrown", "src/main.ts:6:21", nil},
		{"const p = sleep(1).then(() => {\n throw 7; });\n await new Promise((_, reject) => p.catch(reject));",
			"7 was thrown", "src/main.ts:7:2", nil},
		{`await Promise.race([sleep(9), new Promise((_, reject) => setTimeout(() => reject("no"), 1))]);`,
			"a text was thrown", "src/main.ts:6:77", nil},
		{`await Promise.any([new Promise((_, reject) => setTimeout(() => reject("no"), 1))]);`, "AggregateError", "src/main.ts:6:66",
			[]string{"caused by no (src/main.ts:6:66)"}},
		{`const { promise, reject } = (Promise as any).withResolvers(); setTimeout(() => reject("no"), 1); await promise;`,
			"a text was thrown", "src/main.ts:6:82", nil},
		{`await new Promise((_, reject) => setTimeout(() => reject({ name: "Error", message: "alike" }), 1));`,
			"Error: alike", "src/main.ts:6:53", nil},
		{`eval("throw 'evaluated'");`, "a text was thrown", "src/main.ts:14:3", []string{"at importVertices (src/main.ts:14:3)"}},
		{`const g = (function* () { yield 1; })(); g.next(); g.throw("x");`, "a text was thrown", "src/main.ts:14:3", nil},
		{`throw new Error("outer", { cause: new TypeError("middle", { cause: "root" }) });`, "Error: outer", "src/main.ts:6:9",
			[]string{"\n  caused by TypeError: middle (src/main.ts:6:37)", "\n    caused by root"}},
		{`throw new DatasourceFailure("no answer", { code: 55, cause: new RangeError("the length") });`, "no answer", "src/main.ts:6:9",
			[]string{"caused by RangeError: the length (src/main.ts:6:"}},
		{`throw new AggregateError([new Error("first"), "second"], "both");`, "AggregateError: both", "src/main.ts:6:9",
			[]string{"\n  caused by Error: first (src/main.ts:6:29)", "\n  caused by second"}},
		{"const e: any = new Error('round'); e.cause = e; throw e;", "Error: round", "src/main.ts:6:18", nil},
	} {
		t.Run(test.code, func(t *testing.T) {
			r := thrower(t, test.code, "0").imports("thrower", "-full")
			f := r.report.Failure
			if r.code == 0 || f == nil || !strings.HasPrefix(f.Message, test.message) || f.At != test.at {
				t.Fatalf("want %q at %s\n%s", test.message, test.at, r)
			}
			contains(t, f.Detail, test.detail...)
			if strings.Count(f.Detail, "caused by") != strings.Count(strings.Join(test.detail, ""), "caused by") {
				t.Errorf("other causes in\n%s", f.Detail)
			}
		})
	}
}

// A method that returns something wrong is named with its file and line.
func TestWrongReturnNamesItsFile(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{
		"undefined": "not undefined", `"ok"`: `not "ok"`, "true": "not true", "{}": "not an object", "300": "not 300",
	} {
		r := thrower(t, "", answer).imports("thrower", "-connection-test")
		f := r.report.Failure
		if r.code != 2 || f.At != "src/server.ts:5:3" || f.Message != "src/server.ts: testConnection() must return 0 or an ErrorCode, "+want {
			t.Errorf("%s: %s", answer, r)
		}
	}
	d := thrower(t, "", "0")
	d.write("connectors/thrower/src/main.ts", strings.Replace(d.read("connectors/thrower/src/main.ts"),
		"createSourceReportObject() { return this.handler.createSourceReportObject(); }", "createSourceReportObject() { return 7 as any; }", 1))
	r := d.imports("thrower", "-full")
	if f := r.report.Failure; f == nil ||
		!strings.HasPrefix(f.Message, "src/main.ts: createSourceReportObject() must return {source, report}") ||
		f.At != "src/main.ts:12:3" {
		t.Errorf("%s", r)
	}
}

// Paths that shells complete find the connector; others say what is expected.
func TestPathsOfConnectors(t *testing.T) {
	t.Parallel()
	d := thrower(t, "", "0")
	for _, word := range []string{"thrower", "thrower/src", "thrower/src/", "thrower/src/main.ts",
		"connectors/thrower/src", "./connectors/thrower/src"} {
		if r := d.run("run", word, "-connection-test"); r.code != 0 {
			t.Errorf("%s: %s", word, r)
		}
	}
	for word, want := range map[string]string{
		"connectors/thrower/configurations": `the folder "connectors/thrower/configurations" contains no connector: src/main.ts is missing`,
		"nobody/src":                        `there is no folder or file "nobody/src"; connectors by name: reference, thrower`,
	} {
		r := d.run("run", word, "-url", "http://x")
		if r.code != 2 {
			t.Errorf("%s", r)
		}
		contains(t, r.stderr, want)
	}
}
