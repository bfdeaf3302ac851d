package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"carjs/host/author/check"
)

// typed is an author who has a TypeScript compiler.
func typed(t *testing.T) *author {
	t.Helper()
	a := newAuthor(t)
	for _, name := range []string{"tsgo", "tsc"} {
		if path, err := exec.LookPath(name); err == nil {
			if out, err := exec.Command(path, "--version").Output(); err == nil && strings.Contains(string(out), "Version 7") {
				return a
			}
		}
	}
	t.Skip("there is no native TypeScript compiler on the path; make typecheck runs this test with the one of the module")
	return nil
}

// byHand is what the reference connector declares for the type checker itself.
const byHand = "/** Types for the extension, and for what the data source has beyond CAR's model. */"

// undeclare takes out what carjs types declares as well, and leaves what the data source has beyond
// the model.
func (a *author) undeclare() {
	a.Helper()
	before, _, found := strings.Cut(a.read("mine/src/extension.ts"), byHand)
	if !found {
		a.Fatal("the reference connector declares nothing by hand")
	}
	a.write("mine/src/extension.ts", before+`declare module "carjs" {
  interface Asset { assetid?: string }
  interface Vulnerability { vcvssbmid?: string }
  interface Port { layer7application?: string }
}
`)
}

// wrong are mistakes that the editor underlines.
var wrong = []struct{ name, file, old, text, message string }{
	{"a wrong field of an asset", "src/dataHandler.ts", `this.addCollection("asset", {`, `this.addCollection("asset", { nmae: "x",`, "nmae"},
	{"a wrong field of a vertex of the extension", "src/dataHandler.ts", siteName, "nmae: row.name, address: row.address", "nmae"},
	{"a wrong setting", "src/assetServer.ts", testsConnection, testsConnection + "\n    console.log(context().args.usrname);", "usrname"},
	{"a wrong collection", "src/dataHandler.ts", `this.addCollection("site"`, `this.addCollection("sight"`, "sight"},
	{"an edge the wrong way round", "src/dataHandler.ts", `"site_asset"`, `"asset_site"`, "asset_site"},
}

const testsConnection = "testConnection(): Promise<number> {"

func TestTypesAreChecked(t *testing.T) {
	for _, folder := range []struct {
		name    string
		prepare func(a *author)
	}{
		{"declared by hand", func(*author) {}},
		{"no folder types", (*author).undeclare},
		{"a folder types", func(a *author) { a.undeclare(); a.run("types", "mine") }},
		{"a stale folder types", func(a *author) {
			a.undeclare()
			a.run("types", "mine")
			a.write("mine/types/settings.d.ts", "// Written by carjs types.\n")
			a.write("mine/types/extension.d.ts", "// Written by carjs types.\n")
		}},
		{"declarations of the author's own", func(a *author) {
			a.undeclare()
			a.run("types", "mine")
			a.write("mine/types/own.d.ts", "declare const own: string;")
			a.edit("src/assetServer.ts", testsConnection, testsConnection+"\n    console.log(own);")
		}},
	} {
		t.Run(folder.name, func(t *testing.T) {
			a := typed(t)
			a.TB = t
			folder.prepare(a)
			if code, findings := a.findings("mine"); code != 0 {
				t.Fatalf("%+v", findings)
			}
			for _, test := range wrong {
				t.Run(test.name, func(t *testing.T) {
					a.edit(test.file, test.old, test.text)
					defer a.edit(test.file, test.text, test.old)
					if f := findingOf(a, "types", test.file); !strings.Contains(f.Message, test.message) || f.Line == 0 {
						t.Errorf("%+v", f)
					}
				})
			}
		})
	}
}

// findingOf is the first finding of a check in a file.
func findingOf(a *author, name, file string) check.Finding {
	a.Helper()
	_, findings := a.findings("mine")
	for _, f := range findings {
		if f.Check == name && f.File == file {
			return f
		}
	}
	return check.Finding{}
}

// The options of the connector's own tsconfig.json count; one that rests on typings which are not
// written yet is no hindrance.
func TestOwnOptionsCount(t *testing.T) {
	a := typed(t)
	a.edit("src/assetServer.ts", testsConnection, testsConnection+"\n    const idle = 1;")
	if f := findingOf(a, "types", "src/assetServer.ts"); f.Message != "" {
		t.Errorf("%+v", f)
	}
	a.write("mine/tsconfig.json",
		`{"compilerOptions": {"noUnusedLocals": true, "rootDir": "src", "outDir": "out", "composite": true}, "include": ["src"]}`)
	if f := findingOf(a, "types", "src/assetServer.ts"); !strings.Contains(f.Message, "'idle' is declared but its value is never read") {
		t.Errorf("%+v", f)
	}
	a.write("mine/tsconfig.json", `{"extends": "./types/tsconfig.json", "compilerOptions": {"noUnusedLocals": true}}`)
	if code, findings := a.findings("mine"); code != 0 {
		t.Errorf("%+v", findings)
	}
}

// What the editor shows: the same compiler, with the tsconfig.json that carjs types wrote.
func TestEditorUnderlines(t *testing.T) {
	a := typed(t)
	a.undeclare()
	if r := a.run("types", "mine"); r.code != 0 {
		t.Fatal(r)
	}
	editor := func() string {
		name := "tsgo"
		if _, err := exec.LookPath(name); err != nil {
			name = "tsc"
		}
		out, _ := exec.Command(name, "--pretty", "false", "-p", filepath.Join(a.dir, "mine")).CombinedOutput() // it fails when it finds something
		return string(out)
	}
	if out := editor(); out != "" {
		t.Fatal(out)
	}
	for _, test := range wrong {
		a.edit(test.file, test.old, test.text)
		if out := editor(); !strings.Contains(out, test.message) || !strings.Contains(out, filepath.Base(test.file)) {
			t.Errorf("%s: %s", test.name, out)
		}
		a.edit(test.file, test.text, test.old)
	}
}

func TestTypesAreWritten(t *testing.T) {
	a := newAuthor(t)
	r := a.run("types", "mine")
	contains(t, r.stderr, "types/settings.d.ts was not written, because src/extension.ts:28 declares the same by hand",
		"types/extension.d.ts was not written, because src/extension.ts:")
	a.undeclare()
	a.edit("configurations/config.json", `"password": {`,
		`"limit": {"type": "number", "default": 5}, "kind": {"type": "text", "options": ["a", "b"], "optional": true}, "password": {`)
	if r := a.run("types", "mine"); r.code != 0 || r.stderr != "" {
		t.Fatal(r)
	}
	settings := a.read("mine/types/settings.d.ts")
	contains(t, settings, "// Written by carjs types", "readonly limit: number;",
		`readonly CONFIGURATION_AUTH_KIND?: "a" | "b";`, "/** URL (configuration.auth.url): Base URL of the reference data source */")
	contains(t, a.read("mine/types/extension.d.ts"), "interface Site", "initial_value?: number | bigint;")
	contains(t, a.read("mine/tsconfig.json"), "./types/tsconfig.json")

	// Again nothing is to be done; what somebody else wrote stays, and what is no longer needed
	// goes.
	a.write("mine/tsconfig.json", "{}")
	contains(t, a.run("types", "mine").stdout, "0 written", "0 removed")
	if text := a.read("mine/tsconfig.json"); text != "{}" {
		t.Errorf("tsconfig.json was overwritten: %s", text)
	}
	a.write("mine/types/own.d.ts", "declare const own: string;")
	a.write("mine/types/http.d.ts", "// mine")
	extension := a.read("mine/types/extension.d.ts")
	a.edit("src/main.ts", "getSchemaExtension", "noSchemaExtension")
	r = a.run("types", "mine")
	contains(t, r.stdout, "1 removed")
	contains(t, r.stderr, "http.d.ts was not changed")
	contains(t, a.read("mine/types/own.d.ts"), "own")

	// A connector that does not start keeps what was known of its extension, and gets the rest.
	a.write("mine/types/extension.d.ts", extension)
	a.write("mine/types/settings.d.ts", "// Written by carjs types.\n")
	a.edit("src/main.ts", "import", "throw new Error(\"not now\"); import")
	r = a.run("types", "mine")
	if r.code != 0 || a.read("mine/types/extension.d.ts") != extension || a.read("mine/types/settings.d.ts") != settings {
		t.Error(r)
	}
	contains(t, r.stderr, "the types of the schema extension were not updated", "not now")
	contains(t, a.run("types", "reference").stderr, "built in")
}

// An older compiler is better than none, and said to be older; a native one is preferred wherever
// it is.
func TestOlderCompiler(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the compilers of this test are shell scripts")
	}
	a := newAuthor(t)
	compiler := func(path, text string) {
		a.write(path, "#!/bin/sh\nif [ \"$1\" = --version ]; then echo Version "+text)
		if err := os.Chmod(filepath.Join(a.dir, path), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	a.env = []string{"PATH=" + filepath.Join(a.dir, "path") + ":/usr/bin:/bin"}
	compiler("mine/node_modules/.bin/tsc", "5.4.5; else echo 'src/main.ts(3,4): error TS1: the old one found it'; exit 2; fi")
	_, findings := a.findings("mine")
	old := findingOf(a, "types", "src/main.ts")
	if old.Message != "the old one found it (TS1)" || old.Line != 3 || old.Column != 4 ||
		findings[0].Severity != check.Note || !strings.Contains(findings[0].Message, "TypeScript 5.4.5") {
		t.Errorf("%+v", findings)
	}
	compiler("path/tsgo",
		"7.0.0-dev.20260917.1; else echo 'src/main.ts(5,6): error TS2: the native one found it'; echo '  and says more'; exit 2; fi")
	if f := findingOf(a, "types", "src/main.ts"); f.Message != "the native one found it (TS2)\n  and says more" || f.Line != 5 {
		t.Errorf("%+v", f)
	}
	compiler("path/tsgo", "7.0.0; else echo 'error TS5023: Unknown compiler option.'; exit 1; fi")
	if f := findingOf(a, "types", ""); f.Severity != check.Error || f.Message != "Unknown compiler option. (TS5023)" {
		t.Errorf("%+v", f)
	}
	compiler("path/tsgo", "7.0.0; else echo 'no memory' >&2; exit 3; fi")
	if f := findingOf(a, "types", ""); f.Severity != check.Error || !strings.Contains(f.Message, "path/tsgo: no memory") {
		t.Errorf("%+v", f)
	}
}

// The compiler that lies beside carjs is found, also through a link to carjs; that of the project
// goes before it, one on the path after.
func TestCompilerBesideCarjs(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the compilers of this test are shell scripts")
	}
	a := newAuthor(t)
	program, link := filepath.Join(a.dir, "opt", "carjs"), filepath.Join(a.dir, "carjs")
	compiler := func(path, says string) {
		a.write(path, "#!/bin/sh\nif [ \"$1\" = --version ]; then echo Version 7.0.2; exit; fi\n"+
			"echo 'src/main.ts(3,4): error TS1: "+says+"'\nexit 2\n")
		if err := os.Chmod(filepath.Join(a.dir, path), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	compiler("opt/tsgo", "the one beside carjs found it")
	compiler("path/tsgo", "the one on the path found it")
	a.env = []string{"PATH=" + filepath.Join(a.dir, "path") + ":/usr/bin:/bin"}
	data, err := os.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.WriteFile(program, data, 0o755), os.Symlink(program, link)); err != nil {
		t.Fatal(err)
	}
	check := func(says string) {
		t.Helper()
		for _, path := range []string{program, link} {
			c := a.command(t.Context(), "check", "mine")
			c.Path = path
			out, err := c.CombinedOutput()
			if c.ProcessState == nil || c.ProcessState.ExitCode() != 2 {
				t.Fatalf("%v\n%s", err, out)
			}
			contains(t, string(out), says)
		}
	}
	check("the one beside carjs found it")
	compiler("mine/node_modules/.bin/tsgo", "the one of the project found it")
	check("the one of the project found it")
}
