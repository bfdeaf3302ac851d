package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// escape is code of a running connector that reaches for what is outside the engine.
type escape struct {
	name, code string
	// gives is what comes of it, as text; with an error, the error's.
	gives string
}

// Results of engineEscapes.
const (
	nothing  = "undefined"
	isNoName = "is not defined"
	isNoFile = "carjs"
)

// engineEscapes are attempts in a connector and, through the function node, in a package of npm.
var engineEscapes = []escape{
	// Names of other engines.
	{"the global process", `Object.keys(process.env).join()`, "NODE_ENV"},
	{"the process of the global object", `Object.keys((globalThis as any).process.env).join()`, "NODE_ENV"},
	{"require", `const r: any = require; return r("child_process")`, "unknown module"},
	{"require of the global object", `(globalThis as any).require`, nothing},
	{"module", `module.constructor.constructor("return typeof require")()`, nothing},
	{"Deno", `(globalThis as any).Deno`, nothing},
	{"Bun", `(globalThis as any).Bun`, nothing},
	{"std and os, as in QuickJS", `[typeof (globalThis as any).std, typeof (globalThis as any).os].join()`, "undefined,undefined"},
	{"load, read and readFile, as in shells of engines",
		`["load", "read", "readFile", "print", "quit", "system"].map((n) => typeof (globalThis as any)[n]).join()`,
		"undefined,undefined,undefined,undefined,undefined,undefined"},
	{"ActiveXObject", `(globalThis as any).ActiveXObject`, nothing},
	{"Java, as in Rhino", `[typeof (globalThis as any).java, typeof (globalThis as any).Packages].join()`, "undefined,undefined"},
	{"WebAssembly", `(globalThis as any).WebAssembly`, nothing},
	{"Worker", `(globalThis as any).Worker`, nothing},
	{"Atomics", `(globalThis as any).Atomics`, nothing},
	{"XMLHttpRequest", `(globalThis as any).XMLHttpRequest`, nothing},
	{"WebSocket", `(globalThis as any).WebSocket`, nothing},
	{"localStorage", `(globalThis as any).localStorage`, nothing},
	// Constructors of functions.
	{"Function", `Function("return process.env")()`, isNoName},
	{"Function of this", `String(Function("return typeof this.process")())`, nothing},
	{"the constructor of a function", `(() => {}).constructor("return typeof require")()`, nothing},
	{"the constructor of an async function", `await (async () => {}).constructor("return typeof process")()`, nothing},
	{"the constructor of a generator", `(function* () {}).constructor("yield typeof require")().next().value`, nothing},
	{"the constructor of a native function", `(fetch as any).constructor("return typeof process")()`, nothing},
	{"indirect eval", `(0, eval)("typeof process + typeof require")`, "undefinedundefined"},
	{"import in eval", `(0, eval)("import('node:fs')")`, "SyntaxError"},
	{"import in Function", `Function("return import('fs')")()`, "SyntaxError"},
	{"the callers of a function", `(function f() { return (f as any).caller; })()`, ""},
	{"the callers of arguments", `(function () { return (arguments as any).callee.caller; })()`, ""},
	// What is written in Go.
	{"methods of Go on the console", `Object.getOwnPropertyNames(console).filter((n) => /^[A-Z]/.test(n)).join()`, ""},
	{"methods of Go on the settings", `Object.getOwnPropertyNames(context()).filter((n) => /^[A-Z]/.test(n)).join()`, ""},
	{"methods of Go on the arguments", `String((context().args as any).Secrets ?? (context().args as any).Values)`, nothing},
	{"methods of Go on an answer", `(() => { const r: any = new Response("x"); return ["Body", "Close", "Header", "Request"].map((k) => typeof r[k]).join(); })()`,
		"undefined,undefined,undefined,undefined"},
	{"methods of Go on an error", `(() => { try { new URL("::"); } catch (e: any) { return [typeof e.Unwrap, typeof e.Error, typeof e.value].join(); } })()`,
		"undefined,undefined,undefined"},
	{"a native function as a constructor", `(() => { try { return typeof Reflect.construct(fetch, [], Object); } catch (e) { return "threw"; } })()`, "threw"},
	{"other settings than its own", `Object.keys(context().args).filter((k) => /car|password|key|token/i.test(k)).join()`, ""},
	{"the environment in the settings", `JSON.stringify(context()).includes("` + secretText + `")`, "false"},
	// Files and hosts by URL.
	{"fetch of a file", `await (await fetch("file:///etc/passwd")).text()`, "TypeError"},
	{"fetch of the environment", `await (await fetch("file:///proc/self/environ")).text()`, "TypeError"},
	{"fetch of a socket", `await (await fetch("unix:///var/run/docker.sock")).text()`, "TypeError"},
	{"fetch by FTP", `await (await fetch("ftp://127.0.0.1/x")).text()`, "TypeError"},
	{"fetch by gopher", `await (await fetch("gopher://127.0.0.1/x")).text()`, "TypeError"},
	{"fetch of a blob elsewhere", `await (await fetch("blob:file:///etc/passwd")).text()`, "TypeError"},
	{"a header with a line break", `await fetch("http://127.0.0.1:9/", { headers: { "x": "a\r\nHost: evil" } })`, "TypeError"},
	{"a method with a line break", `await fetch("http://127.0.0.1:9/", { method: "GET / HTTP/1.1\r\nX: y" })`, "TypeError"},
	// Prototypes: what the connector changes is what the connector has.
	{"a prototype that the host reads", `const p: any = Object.prototype; p.external_id = "polluted"; const o: any = { ...{} }; ` +
		`delete (Object.prototype as any).external_id; return Object.keys(o).join()`, ""},
	{"__proto__ in JSON", `(JSON.parse('{"__proto__": {"polluted": 1}}'), ({} as any).polluted)`, nothing},
	{"__proto__ in structuredClone", `(structuredClone(JSON.parse('{"__proto__": {"polluted": 1}}')), ({} as any).polluted)`, nothing},
	{"the stack of an error", `String(new Error("x").stack)`, "main.ts"},
	{"prepareStackTrace", `const e: any = Error; e.prepareStackTrace = (_: any, s: any) => s; const s: any = new Error("x").stack; ` +
		`return typeof (s?.[0]?.getThis)`, nothing},
	// Node's modules, in a package.
	{"fs of a package", `node("fs").readFileSync("/etc/passwd")`, isNoFile},
	{"fs/promises of a package", `await node("fs/promises").readFile("/etc/passwd")`, isNoFile},
	{"child_process of a package", `node("child_process").execSync("id")`, isNoFile},
	{"net of a package", `node("net").connect(80, "169.254.169.254")`, isNoFile},
	{"http of a package", `node("http").get("http://169.254.169.254/")`, isNoFile},
	{"dns of a package", `node("dns").lookup("localhost", () => {})`, isNoFile},
	{"vm of a package", `node("vm").runInNewContext("process")`, isNoFile},
	{"worker_threads of a package", `new (node("worker_threads").Worker)("/etc/passwd")`, isNoFile},
	{"the environment in a package", `Object.keys(node("process").env).join()`, "NODE_ENV"},
	{"the folder in a package", `node("process").cwd()`, "/"},
	{"the bindings of a package", `typeof node("process").binding`, ""},
	{"dlopen of a package", `typeof node("process").dlopen`, ""},
	{"the machine in a package", `(() => { const os = node("os"); try { return String(os.hostname()) + os.userInfo().username; } catch (e) { return "threw " + e; } })()`, ""},
}

// TestEscapes has one connector try all of them: none of them gets out, and what comes of each is
// what the table says.
func TestEscapes(t *testing.T) {
	d := newDesk(t)
	d.env = append(d.env, "CAR_SECRET_OF_THE_MACHINE="+secretText)
	modules := []string{"fs", "fs/promises", "child_process", "net", "http", "dns", "vm", "worker_threads", "process", "os"}
	var table strings.Builder
	for _, m := range modules {
		fmt.Fprintf(&table, "%q: () => require(%q), ", m, m)
	}
	d.write("connectors/small/node_modules/evil/package.json", `{"name":"evil","main":"index.js"}`)
	d.write("connectors/small/node_modules/evil/index.js", "const all = {"+table.String()+"};\nmodule.exports = (name) => all[name]();\n")
	var body strings.Builder
	body.WriteString("const node = (await import(\"evil\" as any)).default as any; const out: string[] = [];\n")
	for _, e := range engineEscapes {
		code := e.code
		if !strings.HasPrefix(code, "const ") {
			code = "return " + code
		}
		fmt.Fprintf(&body, "try { out.push(String(await (async () => { %s; })())); } catch (e) { out.push(String(e)); }\n", code)
	}
	body.WriteString("console.log(\"ESCAPES \" + encodeURIComponent(JSON.stringify(out)));\n" + addOne)
	d.small("// @ts-nocheck\n" + body.String())
	r := d.imports("small", "-full")
	if r.code != 0 {
		t.Fatal(r)
	}
	line := regexp.MustCompile(`ESCAPES ([^" ]+)`).FindStringSubmatch(r.stderr + r.stdout)
	if line == nil {
		t.Fatal(r)
	}
	text, err := url.QueryUnescape(line[1])
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	if err := json.Unmarshal([]byte(text), &got); err != nil || len(got) != len(engineEscapes) {
		t.Fatalf("%v, %d results", err, len(got))
	}
	for i, e := range engineEscapes {
		t.Run(e.name, func(t *testing.T) {
			contains(t, got[i], e.gives)
			if strings.Contains(got[i], secretText) || strings.Contains(got[i], "root:") || (e.gives == "" && len(got[i]) > 60) {
				t.Errorf("%q", got[i])
			}
			t.Logf("%s", got[i])
		})
	}
}
