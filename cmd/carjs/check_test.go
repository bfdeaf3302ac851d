package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"carjs/host/author/check"
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

// mistakes are made in a copy of the reference connector, one each, with what must be found, and
// where.
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
      }`, "config", check.Error, "configurations/config.json:21", "pasword"},
	{
		"config.json is no JSON", "configurations/config.json", `"username": {`, `"username" {`, "config", check.Error,
		"configurations/config.json:17", "invalid character",
	},
	{
		"a label is missing", "configurations/lang_en.json", `"label": "User name",`, "", "language", check.Warning,
		"configurations/lang_en.json:17", "configuration.auth.username has no label",
	},
	{
		"a text of nothing", "configurations/lang_en.json", `"username": {`, `"user": {"label": "x"}, "username": {`,
		"language", check.Warning, "configurations/lang_en.json:17",
		"config.json has no configuration.auth.user",
	},
	{
		"it does not build", "src/dataHandler.ts", "addSite(row: Rows[\"sites\"]): void {",
		"addSite(row: Rows[\"sites\"] {", "build", check.Error, "src/dataHandler.ts:", "Expected",
	},
	{"an import of nothing", "src/main.ts", "./assetServer", "./assertServer", "build", check.Error, "src/main.ts:", "./assertServer"},
	{
		"imports in a circle", "src/dataHandler.ts", "import", "import App from \"./main\"; console.log(App); import",
		"build", check.Warning, "src/dataHandler.ts:1", "circular import: src/dataHandler.ts → src/main.ts → src/",
	},
	{
		"a setting that is not declared", "src/assetServer.ts", "testConnection(): Promise<number> {",
		"testConnection(): Promise<number> {\n    console.log(context().args.usrname);", "settings", check.Error,
		"src/assetServer.ts:34", "usrname is used here but not declared",
	},
	{
		"a setting that is not used", "configurations/config.json", `"password": {`,
		`"region": {"type": "text", "optional": true}, "password": {`, "settings", check.Warning,
		"configurations/config.json:20", "configuration.auth.region is declared, but the code does not use it",
	},
	{
		"an extension that changes the model", "src/extension.ts", `initial_value: { type: "numeric"`,
		`name: { type: "numeric"`, "extension", check.Warning, "src/main.ts",
		"asset.name is already in CAR's data model",
	},
	{
		"an extension with an unknown type", "src/extension.ts", `initial_value: { type: "numeric"`,
		`initial_value: { type: "number"`, "extension", check.Error, "src/extension.ts:19",
		`vertex "asset": property "initial_value": unknown type "number"; use one of bigint,`,
	},
	{
		"an extension with a bad pattern", "src/extension.ts", `required: true, default: "" },
        },`, `required: true,
            validation: [
              { pattern: "(" },
            ] },
        },`, "extension", check.Error, "src/extension.ts:16", `property "address": pattern "("`,
	},
	{
		"an extension with an end of nothing", "src/extension.ts", `end2: "asset"`, `end2: "assets"`,
		"extension", check.Error, "src/extension.ts:22", `its end "assets" is not a vertex collection`,
	},
	{
		"an extension with an unknown key", "src/extension.ts", `indexed: true, required: true, default: ""`,
		`indexd: true, required: true, default: ""`, "extension", check.Error, "src/extension.ts:13",
		`property "name": unknown key "indexd", did you mean "indexed"?`,
	},
	{
		"a secret that is text", "configurations/config.json", `"type": "password"`, `"type": "text"`, "practice",
		check.Warning, "configurations/config.json:20", "sounds like a secret",
	},
	{
		"a secret in the log", "src/assetServer.ts", "testConnection(): Promise<number> {",
		"testConnection(): Promise<number> {\n    console.log(context().args.CONFIGURATION_AUTH_PASSWORD);", "practice",
		check.Warning, "src/assetServer.ts:34", "the secret configuration.auth.password is logged",
	},
	{
		"a forgotten await", "src/incrementalImport.ts", "await this.dataHandler.replaces(vertex)",
		"this.dataHandler.replaces(vertex)", "practice", check.Warning,
		"src/incrementalImport.ts:110", "replaces() returns a promise, which is not awaited",
	},
	{
		"local time", "src/assetServer.ts", "testConnection(): Promise<number> {",
		"testConnection(): Promise<number> {\n    console.log(new Date().getHours());", "practice", check.Warning,
		"src/assetServer.ts:34", "getHours() uses the time zone",
	},
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

// What people read, and what programs do, of a connector with a mistake of each kind.
func TestCheckOutput(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the path of this test has no TypeScript compiler in the manner of Unix")
	}
	a := newAuthor(t)
	a.env = []string{"PATH=/usr/bin:/bin"}
	a.edit("src/assetServer.ts", testsConnection,
		testsConnection+"\n\tconsole.log(`${context().args.usrname} ${context().args.CONFIGURATION_AUTH_PASSWORD}`);")
	a.edit("src/dataHandler.ts", "import", "import App from \"./main\"; console.log(App); import")
	a.edit("src/extension.ts", `initial_value: { type: "numeric"`, `name: { type: "numeric"`)
	a.edit("configurations/config.json", `"password": {`, `"region": {"type": "text", "optional": true}, "password": {`)
	a.write("mine/.env", "API_TOKEN=abc\n")
	for name, args := range map[string][]string{"check.golden": {"check", "mine"}, "check.json.golden": {"check", "mine", "-json"}} {
		r := a.run(args...)
		if r.code != 2 || r.stderr != "" {
			t.Fatal(r)
		}
		golden(t, filepath.Join("testdata", name), r.stdout)
	}
}

func TestCheckOfBadLines(t *testing.T) {
	a := newAuthor(t)
	a.write("empty/notes.txt", "")
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"check"}, "no connector given"},
		{[]string{"check", "a/b c"}, `there is no folder or file "a/b c"`},
		{[]string{"check", "mine/configurations"}, `the folder "mine/configurations" contains no connector: src/main.ts is missing`},
		{[]string{"check", "empty/notes.txt"}, "empty/notes.txt is not a connector: it is neither TypeScript"},
		{[]string{"check", "empty"}, `the folder "empty" contains no connector: src/main.ts is missing; connectors by name: reference`},
		{[]string{"check", "a name"}, `unknown connector "a name"`},
		{[]string{"check", "mine", "-jsn"}, "unknown flag -jsn, did you mean -json?"},
		{[]string{"types", "empty"}, `the folder "empty" contains no connector`},
		{[]string{"types"}, "types: no connector given\n  next step  carjs types CONNECTOR; the connectors are: reference\n"},
		{[]string{"check", "mine", "yours"}, "too many arguments"},
	} {
		r := a.run(test.args...)
		if r.code != 2 {
			t.Errorf("%v: %s", test.args, r)
		}
		contains(t, r.stderr, test.want)
	}
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
