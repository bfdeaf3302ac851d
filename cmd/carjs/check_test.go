package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"carjs/host/check"
)

// findings are what carjs check -json finds.
func (d *desk) findings(name string) (int, []check.Finding) {
	d.Helper()
	r := d.run("check", "-json", name)
	var found struct{ Findings []check.Finding }
	if err := json.Unmarshal([]byte(r.stdout), &found); err != nil {
		d.Fatalf("%v\n%s", err, r)
	}
	return r.code, found.Findings
}

// mistakes are made in a copy of the reference connector, one each, with what must be found, and where.
var mistakes = []struct {
	name            string
	file, old, text string
	check           string
	severity        check.Severity
	at              string // file:line
	message         string
}{
	{"a typo in config.json", "configurations/config.json", `"password"
      }`, `"pasword"
      }`, "config", check.Error, "configurations/config.json:20", "pasword"},
	{"config.json is no JSON", "configurations/config.json", `"username": {`, `"username" {`, "config", check.Error, "configurations/config.json:16", "invalid character"},
	{"a label is missing", "configurations/lang_en.json", `"label": "User name",`, "", "language", check.Warning, "configurations/lang_en.json:17", "configuration.auth.username has no label"},
	{"a text of nothing", "configurations/lang_en.json", `"username": {`, `"user": {"label": "x"}, "username": {`, "language", check.Warning, "configurations/lang_en.json:17", "there is no configuration.auth.user in config.json"},
	{"it does not build", "src/dataHandler.ts", "addSite(row: Rows[\"sites\"]): void {", "addSite(row: Rows[\"sites\"] {", "build", check.Error, "src/dataHandler.ts:", "Expected"},
	{"an import of nothing", "src/main.ts", "./assetServer", "./assertServer", "build", check.Error, "src/main.ts:", "./assertServer"},
	{"imports in a circle", "src/dataHandler.ts", "import", "import App from \"./main\"; console.log(App); import", "build", check.Warning, "", "circular import"},
	{"a setting that is not declared", "src/assetServer.ts", "testConnection(): Promise<number> {", "testConnection(): Promise<number> {\n    console.log(context().args.usrname);", "settings", check.Error, "src/assetServer.ts:34", "usrname is used here and not declared"},
	{"a setting that is not used", "configurations/config.json", `"password": {`, `"region": {"type": "text", "optional": true}, "password": {`, "settings", check.Warning, "configurations/config.json:19", "configuration.auth.region is declared, but the code does not use it"},
	{"an extension that changes the model", "src/extension.ts", `initial_value: { type: "numeric"`, `name: { type: "numeric"`, "extension", check.Warning, "src/main.ts", "asset.name is in CAR's data model already"},
	{"a secret that is text", "configurations/config.json", `"type": "password"`, `"type": "text"`, "practice", check.Warning, "configurations/config.json:19", "sounds like a secret"},
	{"a secret in the log", "src/assetServer.ts", "testConnection(): Promise<number> {", "testConnection(): Promise<number> {\n    console.log(context().args.CONFIGURATION_AUTH_PASSWORD);", "practice", check.Warning, "src/assetServer.ts:34", "the secret configuration.auth.password is logged"},
	{"local time", "src/assetServer.ts", "testConnection(): Promise<number> {", "testConnection(): Promise<number> {\n    console.log(new Date().getHours());", "practice", check.Warning, "src/assetServer.ts:34", "getHours() goes by the time zone"},
}

func TestCheckFindsMistakes(t *testing.T) {
	for _, test := range mistakes {
		t.Run(test.name, func(t *testing.T) {
			a := newAuthor(t)
			a.edit(test.file, test.old, test.text)
			code, findings := a.findings("mine")
			var found []check.Finding
			for _, f := range findings {
				if f.Check == test.check {
					found = append(found, f)
				}
			}
			if len(found) != 1 || found[0].Severity != test.severity || !strings.Contains(found[0].Message, test.message) {
				t.Fatalf("found %+v, want %s with %q", findings, test.severity, test.message)
			}
			at := found[0].File + ":" + strings.Join(strings.Fields(strings.TrimSpace(string(mustJSON(t, found[0].Line)))), "")
			if !strings.HasPrefix(at, test.at) {
				t.Errorf("at %s, want %s", at, test.at)
			}
			if want := map[check.Severity]int{check.Error: 2}[test.severity]; code != want {
				t.Errorf("exit code %d, want %d", code, want)
			}
			if test.severity == check.Error && test.check != "extension" && found[0].Column == 0 {
				t.Error("no column")
			}
		})
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Nothing is wrong with what carjs brings along.
func TestCheckOfWhatIsThere(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	names := []string{"reference"}
	examples, err := filepath.Glob(filepath.Join(root, "examples", "*", "src"))
	if err != nil || len(examples) == 0 {
		t.Fatal(err)
	}
	for _, src := range examples {
		names = append(names, filepath.Dir(src))
	}
	for _, name := range names {
		code, findings := d.findings(name)
		for _, f := range findings {
			if f.Severity != check.Note {
				t.Errorf("%s: %+v", name, f)
			}
		}
		if code != 0 {
			t.Errorf("%s: exit code %d", name, code)
		}
	}
}

func TestCheckForPeople(t *testing.T) {
	a := newAuthor(t)
	a.edit("src/assetServer.ts", "testConnection(): Promise<number> {", "testConnection(): Promise<number> {\n    console.log(context().args.usrname);")
	a.edit("src/assetServer.ts", "context().args;", "context().args; console.log(context().args.nothing);")
	r := a.run("check", "mine")
	contains(t, r.stdout, "src/assetServer.ts:34:32: error: the setting usrname is used here and not declared  [settings]",
		"\n        console.log(context().args.usrname);\n"+strings.Repeat(" ", 35)+"^\n", "errors, 0 warnings")
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"check"}, "which connector?"},
		{[]string{"check", "a/b c"}, `there is no connector "a/b c"`},
		{[]string{"check", "mine/configurations"}, "is no connector"},
		{[]string{"check", "mine", "yours"}, `takes one connector, but there is "yours" besides`},
	} {
		r := a.run(test.args...)
		if r.code != 2 {
			t.Errorf("%v: %s", test.args, r)
		}
		contains(t, r.stderr, test.want)
	}
}

// typed is a desk on which there is a TypeScript compiler.
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
	t.Skip("there is no native TypeScript compiler on the path; go tool tsgo is the one of make typecheck")
	return nil
}

func TestTypesAreChecked(t *testing.T) {
	a := typed(t)
	if r := a.run("types", "mine"); r.code != 0 {
		t.Fatal(r)
	}
	// What the data source has beyond the model is declared by hand; what the extension adds is written.
	a.edit("src/extension.ts", "  interface Site {", "  interface Unused {")
	a.edit("src/extension.ts", "  interface Vertices {\n    site: Site;\n  }\n  interface Edges {\n    site_asset: {};\n  }\n", "")
	a.edit("src/extension.ts", "    /** Value of the asset when it was bought. */\n    initial_value?: number;\n", "")
	if code, findings := a.findings("mine"); code != 0 {
		t.Fatalf("%+v", findings)
	}
	for _, test := range []struct{ name, file, old, text, message string }{
		{"a wrong field", "src/dataHandler.ts", siteName, "nmae: row.name, address: row.address", "nmae"},
		{"a wrong setting", "src/assetServer.ts", "testConnection(): Promise<number> {", "testConnection(): Promise<number> {\n    console.log(context().args.usrname);", "usrname"},
		{"a wrong collection", "src/dataHandler.ts", `this.addCollection("site"`, `this.addCollection("sight"`, "sight"},
	} {
		t.Run(test.name, func(t *testing.T) {
			a.edit(test.file, test.old, test.text)
			defer a.edit(test.file, test.text, test.old)
			_, findings := a.findings("mine")
			for _, f := range findings {
				if f.Check == "types" && f.File == test.file && strings.Contains(f.Message, test.message) {
					return
				}
			}
			t.Errorf("%+v", findings)
		})
	}
}

func TestTypesAreWritten(t *testing.T) {
	a := newAuthor(t)
	a.edit("configurations/config.json", `"password": {`, `"limit": {"type": "number", "default": 5}, "kind": {"type": "text", "options": ["a", "b"], "optional": true}, "password": {`)
	r := a.run("types", "mine")
	if r.code != 0 {
		t.Fatal(r)
	}
	contains(t, a.read("mine/types/settings.d.ts"), "readonly limit: number;", `readonly CONFIGURATION_AUTH_KIND?: "a" | "b";`, "/** URL (configuration.auth.url): Base URL of the reference data source */")
	contains(t, a.read("mine/types/extension.d.ts"), "interface Site", "initial_value?: number;")
	contains(t, a.read("mine/tsconfig.json"), "./types/tsconfig.json")

	// Again nothing is to be done; what somebody else wrote stays, and what is no longer needed goes.
	contains(t, a.run("types", "mine").stdout, "0 written", "0 removed")
	a.write("mine/types/own.d.ts", "declare const own: string;")
	a.write("mine/types/http.d.ts", "// mine")
	a.edit("src/main.ts", "getSchemaExtension", "noSchemaExtension")
	r = a.run("types", "mine")
	contains(t, r.stdout, "1 removed")
	contains(t, r.stderr, "http.d.ts is left as it is")
	contains(t, a.read("mine/types/own.d.ts"), "own")

	// A connector that does not start gets the rest.
	a.edit("src/main.ts", "import", "throw new Error(\"not now\"); import")
	r = a.run("types", "mine")
	if r.code != 0 {
		t.Error(r)
	}
	contains(t, r.stderr, "the types of the schema extension are left out", "not now")
	contains(t, a.run("types", "reference").stderr, "built in")
}

// read reads a file below the desk.
func (d *desk) read(name string) string {
	d.Helper()
	text, err := os.ReadFile(filepath.Join(d.dir, filepath.FromSlash(name)))
	if err != nil {
		d.Fatal(err)
	}
	return string(text)
}
