package bundle

import (
	"maps"
	"strings"
	"testing"
	"testing/fstest"
)

// nodeNames are modules as bindings has them.
var nodeNames = []string{"carjs", "node:buffer", "node:process", "node:timers", "node:util",
	"node:crypto", "node:crypto/web", "node:fs", "node:http"}

// Imports of packages become what is there for them.
func TestNodeModules(t *testing.T) {
	pack := func(name, about, code string, more ...string) fstest.MapFS {
		files := fstest.MapFS{
			"node_modules/" + name + "/package.json": {Data: []byte(about)},
			"node_modules/" + name + "/index.js":     {Data: []byte(code)},
		}
		for i := 0; i < len(more); i += 2 {
			files["node_modules/"+name+"/"+more[i]] = &fstest.MapFile{Data: []byte(more[i+1])}
		}
		return files
	}
	for name, test := range map[string]struct {
		main     string
		packages []fstest.MapFS
		has, not []string
	}{
		"own": {main: `import { format } from "util"; export const t = format("a");`, has: []string{`require("node:util")`}, not: []string{"node:buffer", "node:process"}},
		"package": {
			main: `import p from "p"; export default p;`, packages: []fstest.MapFS{pack("p", `{"name":"p"}`, `module.exports = require("util").format`)},
			has: []string{`require("node:util")`},
		},
		"throws": {
			main: `import p from "p"; export default p;`, packages: []fstest.MapFS{pack("p", `{"name":"p"}`, `module.exports = require("fs")`)},
			has: []string{`require("node:fs")`},
		},
		"main field": {
			main:     `import p from "p"; export default p;`,
			packages: []fstest.MapFS{pack("p", `{"name":"p","browser":"web.js","main":"index.js"}`, `module.exports = "files"`, "web.js", `module.exports = "web"`)},
			has:      []string{`"web"`}, not: []string{`"files"`},
		},
		"object form": {
			main: `import p from "p"; export default p;`,
			packages: []fstest.MapFS{pack("p", `{"name":"p","browser":{"./files.js":"./web.js","http":false,"crypto":false,"util":"./u.js"}}`,
				`module.exports = [require("./files"), require("http"), require("crypto"), require("util")]`,
				"files.js", `module.exports = "files"`, "web.js", `module.exports = "web"`, "u.js", `module.exports = "own util"`)},
			// What works is there even for a package that does without it in browsers.
			has: []string{`"web"`, `"own util"`, `require("node:crypto")`}, not: []string{`"files"`, "node:http", "node:util"},
		},
		"conditions": {
			main: `import p from "p"; export default p;`,
			packages: []fstest.MapFS{pack("p", `{"name":"p","exports":{".":{"node":"./files.js","browser":"./web.js","default":"./index.js"}}}`, `module.exports = "rest"`,
				"files.js", `module.exports = "files"`, "web.js", `module.exports = "web"`)},
			has: []string{`"web"`}, not: []string{`"files"`, `"rest"`},
		},
		"no document": {
			main: `import p from "@azure/core-xml"; export default p;`,
			packages: []fstest.MapFS{pack("@azure/core-xml", `{"name":"@azure/core-xml","exports":{".":{"browser":"./dist/browser/index.js","default":"./index.js"}}}`,
				`module.exports = "rest"`, "dist/browser/index.js", `module.exports = "web"`, "dist/react-native/index.js", `module.exports = "native"`)},
			has: []string{`"native"`}, not: []string{`"web"`, `"rest"`},
		},
		"import.meta": {
			main:     `import p from "p"; export default p;`,
			packages: []fstest.MapFS{pack("p", `{"name":"p","type":"module"}`, `export default import.meta?.env ?? "none";`)},
			has:      []string{`"none"`},
		},
		"required condition": {
			main:     `import p from "p"; export default p;`,
			packages: []fstest.MapFS{pack("p", `{"name":"p","exports":{"import":"./esm.mjs","require":"./index.js"}}`, `module.exports = "cjs"`, "esm.mjs", `export default "esm"`)},
			has:      []string{`"esm"`}, not: []string{`"cjs"`},
		},
		"globals": {
			main: `import p from "p"; export default p;`,
			packages: []fstest.MapFS{pack("p", `{"name":"p"}`,
				`module.exports = [typeof Buffer, global.x, process.env.NODE_ENV, typeof process, globalThis.Buffer]`)},
			has: []string{`typeof carjsNode.Buffer`, `typeof carjsNode.process`, `"production"`, "globalThis.x"}, not: []string{"globalThis.Buffer"},
		},
		"stream": {
			main: `import p from "p"; export default p;`,
			packages: []fstest.MapFS{
				pack("p", `{"name":"p"}`, `module.exports = [require("node:stream"), require("stream/promises")]`),
				pack("readable-stream", `{"name":"readable-stream"}`, `exports.promises = "polyfill"`),
			},
			has: []string{`"polyfill"`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			files := fstest.MapFS{"main.ts": {Data: []byte(test.main)}}
			for _, p := range test.packages {
				maps.Copy(files, p)
			}
			b, err := Build(t.Context(), Source{Dir: write(t, files), Name: "demo", Modules: nodeNames})
			if err != nil {
				t.Fatal(err)
			}
			code, _, _ := strings.Cut(b.Code, mapMark)
			for _, want := range test.has {
				if !strings.Contains(code, want) {
					t.Errorf("no %s in\n%s", want, code)
				}
			}
			for _, unwanted := range test.not {
				if strings.Contains(code, unwanted) {
					t.Errorf("%s in\n%s", unwanted, code)
				}
			}
		})
	}
}

// What a connector itself imports must work, and a package whose stream is missing is named with the
// command that helps.
func TestNodeModulesRefused(t *testing.T) {
	for name, test := range map[string]struct{ own, inPackage, want string }{
		"files":  {`import fs from "fs"; fs.x();`, ``, `"fs" is a Node built-in and not available in carjs: a connector has no files`},
		"stream": {`import p from "p"; p();`, `module.exports = require("stream")`, `"stream" needs a package that has it: npm install -D readable-stream`},
	} {
		t.Run(name, func(t *testing.T) {
			dir := write(t, fstest.MapFS{
				"main.ts":                     {Data: []byte(test.own)},
				"node_modules/p/package.json": {Data: []byte(`{"name":"p"}`)},
				"node_modules/p/index.js":     {Data: []byte(test.inPackage)},
			})
			_, err := Build(t.Context(), Source{Dir: dir, Name: "demo", Modules: nodeNames})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("is %v, want %s", err, test.want)
			}
		})
	}
}

// Imports that will throw are named with their places and what to do instead.
func TestThrows(t *testing.T) {
	dir := write(t, fstest.MapFS{
		"main.ts":                     {Data: []byte(`import p from "p"; export default p;`)},
		"node_modules/p/package.json": {Data: []byte(`{"name":"p"}`)},
		"node_modules/p/index.js":     {Data: []byte("const util = require('util');\nmodule.exports = () => require('node:http').get(util);")},
	})
	b, err := Build(t.Context(), Source{Dir: dir, Name: "demo", Modules: nodeNames})
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Throws) != 1 || len(b.Warnings) != 0 {
		t.Fatalf("throws %v, warnings %v", b.Throws, b.Warnings)
	}
	const want = `node_modules/p/index.js:2:32: "http" is a Node built-in: what the package uses of it throws; use fetch or carjs/http instead`
	if got := b.Throws[0]; got.Frame != want || got.Line != 2 {
		t.Errorf("is %q, want %q", got.Frame, want)
	}
}
