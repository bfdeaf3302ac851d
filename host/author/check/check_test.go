package check_test

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"carjs/host/author/check"
	"carjs/host/bundle"
	"carjs/host/model"
	"carjs/host/settings"
)

const config = `{
  "configuration": {
    "url": {"type": "text"},
    "token": {"type": "password"}
  }
}`

const language = `{"configuration": {"url": {"label": "URL"}, "token": {"label": "Token"}}}`

// used reads both settings, so that nothing is found about them.
const used = `import { context } from "carjs";
export default [context().args.url, context().args.CONFIGURATION_TOKEN];
`

// findings checks a connector of these files, and of those of an ordinary one where they are not
// given.
func findings(t *testing.T, files map[string]string) []string {
	t.Helper()
	connector := fstest.MapFS{}
	for name, text := range map[string]string{settings.ConfigFile: config, settings.LanguageFile: language, "src/main.ts": used} {
		connector[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for name, text := range files {
		connector[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return found(t, connector, nil)
}

// found checks a connector as on a machine without a TypeScript compiler.
func found(t *testing.T, connector fs.FS, extension *model.Extension) []string {
	t.Helper()
	t.Setenv("PATH", "")
	var texts []string
	for _, f := range check.Run(context.Background(), &check.Subject{
		FS: connector,
		Build: func(ctx context.Context) (*bundle.Bundle, error) {
			return bundle.Build(ctx, bundle.Source{FS: connector, Name: "demo", Modules: []string{"carjs", "carjs/http"}})
		},
		Extension: func(context.Context, *settings.Declaration) (*model.Extension, error) { return extension, nil },
	}) {
		if f.Severity != check.Note {
			texts = append(texts, fmt.Sprintf("%s:%d:%d: %s: %s [%s]", f.File, f.Line, f.Column, f.Severity, f.Message, f.Check))
		}
	}
	return texts
}

// expect compares findings with the beginnings of their texts.
func expect(t *testing.T, got []string, want ...string) {
	t.Helper()
	same := len(got) == len(want)
	for i := range want {
		same = same && strings.HasPrefix(got[i], want[i])
	}
	if !same {
		t.Errorf("found\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func TestCode(t *testing.T) {
	for _, test := range []struct {
		name, code string
		want       []string // beginnings
	}{
		{
			"a setting that is not declared", `console.log(context().args.ulr);`,
			[]string{"src/more.ts:2:28: error: the setting ulr is used here but not declared [settings]"},
		},
		{"by another name of context", `const c = context(); console.log(c.args.ulr);`, []string{"src/more.ts:2:41: error: the setting ulr"}},
		{
			"through a variable", `const args = context().args; console.log(args.ulr, args["lru"]);`,
			[]string{"src/more.ts:2:47: error: the setting ulr", "src/more.ts:2:57: error: the setting lru"},
		},
		{"taken out", `const { url, ulr } = context().args; console.log(url, ulr);`, []string{"src/more.ts:2:14: error: the setting ulr"}},
		{"taken out twice", `const { args } = context(); console.log(args.ulr);`, []string{"src/more.ts:2:46: error: the setting ulr"}},
		{"in capitals", `console.log(context().args.URL);`, []string{"src/more.ts:2:28: error: the setting URL is used here"}},
		{"what carjs gives", `console.log(context().args.source, context().args.CONNECTION_NAME);`, nil},
		{"other args", `const command = { args: { a: 1 } }; console.log(command.args.a);`, nil},
		{
			"parameters called args",
			`export const f = (...args: string[]) => args.length; export const g = (args: any) => args.b; console.log(f("a"), g({}));`,
			nil,
		},
		{"a name that is used twice", `const args = context().args; console.log(args.url, ((args: any) => args.b)({}));`, nil},
		{"a property of settings", `class A { args = context().args; b = (this.args as any).c; } console.log(new A());`, nil},
		{"assigned to itself", `let args: any = context().args; args = args; console.log(args.ulr);`, nil},

		{"hours", `console.log(new Date().getHours());`, []string{"src/more.ts:2:24: warning: getHours() uses the time zone of the machine"}},
		{"hours of a variable", `const now = new Date(); console.log(now.getHours());`, []string{"src/more.ts:2:41: warning: getHours()"}},
		{"local text", `console.log(new Date().toLocaleDateString("en-US"), new Date().toLocaleString("en-US", { hour: "numeric" }));`,
			[]string{"src/more.ts:2:24: warning: toLocaleDateString() uses the time zone of the machine", "src/more.ts:2:64: warning: toLocaleString() uses"}},
		{"text in a zone", `const o = {}; console.log(new Date().toLocaleString("en-US", { timeZone: "UTC" }), new Date().toLocaleString("en-US", o));`, nil},
		{"hours of what may be no date", `const shop = { getHours: () => 8 }; console.log(shop.getHours());`, nil},
		{"hours in UTC", `console.log(new Date().getUTCHours());`, nil},
		{"a local date", `console.log(new Date(2026, 0, 1));`, []string{"src/more.ts:2:13: warning: new Date() with a year and a month"}},
		{"a date", `console.log(new Date("2026-01-01T00:00:00Z"));`, nil},
		{"a global of browsers", `const r = new XMLHttpRequest(); console.log(r);`, []string{"src/more.ts:2:15: warning: XMLHttpRequest is not available in carjs"}},
		{"storage", `console.log(localStorage.getItem("x"), localStorage);`, []string{"src/more.ts:2:13: warning: localStorage is not available in carjs"}},
		{"a global that is asked for", `if (typeof document !== "undefined") console.log(document.title);`, nil},
		{"a name of its own", `const document = { title: "a" }; console.log(document.title);`, nil},
		{"a parameter of that name", `export const f = (window: any) => window.x; console.log(f({}));`, nil},
		{"a function of that name", `function alert(x: any) { console.log(x); } alert(1);`, nil},
		{"a property of that name", `const o: any = { window: 1 }; console.log(o.window, o.document);`, nil},
		{"a module by chance", `const name = "carjs/" + Date.now(); console.log(require(name));`, []string{"src/more.ts:2:49: warning: require() of a name"}},
		{
			"a class of characters", `console.log(new RegExp("^\\p{L}", "u"), new RegExp("[a-z]"));`, nil,
		},
		{
			"a secret", `console.log("with", context().args.token);`,
			[]string{"src/more.ts:2:36: warning: the secret configuration.token is logged"},
		},
		{
			"a secret in a text", "context().logger.info(`with ${context().args.token}`);",
			[]string{"src/more.ts:2:46: warning: the secret configuration.token is logged"},
		},
		{
			"a secret in a sum", `console.warn("with " + context().args.token);`,
			[]string{"src/more.ts:2:39: warning: the secret configuration.token is logged"},
		},
		{"no secret", `console.log(context().args.url, context().args.token === "", context().args.token.length);`, nil},

		{"an import that forgets",
			`import { BaseIncrementalImport } from "carjs"; export class Import extends BaseIncrementalImport {} console.log(Import);`,
			[]string{"src/more.ts:2:55: warning: the incremental import never removes anything"}},
		{
			"an import that does not",
			`import { BaseIncrementalImport } from "carjs";
				export class Import extends BaseIncrementalImport { async f(h: any) { await h.replaces("asset"); } } console.log(Import);`,
			nil,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			found := findings(t, map[string]string{
				"src/main.ts": used + `import "./more";`,
				"src/more.ts": "import { context } from \"carjs\"; export const x = context;\n" + test.code,
			})
			// Where there is a compiler it has its own to say of these lines.
			found = slices.DeleteFunc(found, func(line string) bool { return strings.Contains(line, "[types]") })
			expect(t, found, test.want...)
		})
	}
}

// A setting counts as used where it may be.
func TestUnusedSettings(t *testing.T) {
	const unused = "configurations/config.json:4:5: warning: configuration.token is declared, but the code does not use it [settings]"
	for _, test := range []struct {
		name, code string
		want       []string
	}{
		{"not at all", ``, []string{unused}},
		{"by its long name", `console.log(args.CONFIGURATION_TOKEN === "")`, nil},
		{"of a property", `console.log(({ args }).args.token === "")`, nil},
		{"as a whole", `console.log(Object.keys(args))`, nil},
		{"as a whole, without a variable", `console.log(Object.keys(context().args))`, nil},
		{"in an object", `console.log({ args })`, nil},
		{"what is left", `const { url, ...rest } = args; console.log(url, rest)`, nil},
		{"by a name that is computed", `for (const name of ["url"]) console.log((args as any)[name])`, nil},
		{"other args", `console.log(((args: any) => Object.keys(args))({}))`, []string{unused}},
	} {
		t.Run(test.name, func(t *testing.T) {
			expect(t, findings(t, map[string]string{"src/main.ts": `import { context } from "carjs"; const args = context().args; export default args.url;` + "\n" + test.code}), test.want...)
		})
	}
}

func TestSecrets(t *testing.T) {
	const key = "-----BEGIN " + "RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\n"
	expect(t, findings(t, map[string]string{
		"keys/client.pem":           "# for the tests\n" + key,
		"keys/client.crt":           "-----BEGIN CERTIFICATE-----\nMII\n",
		"keys/client.p12":           "\x00\x01",
		".env":                      "# where it is\nURL=https://host\nexport API_TOKEN='abc'\n",
		"prod.env":                  "API_TOKEN=\nPASSWORD=$FROM_ELSEWHERE\n",
		".env.example":              "PASSWORD=secret\n",
		"node_modules/x/key.pem":    key,
		".git/key.pem":              key,
		"src/text.ts":               "// passwords are private keys of a kind: PASSWORD=x\n",
		"recordings/first/one.json": `{"password": "x"}`,
	}),
		".env:3:1: warning: API_TOKEN has a value in this file [secrets]",
		"keys/client.p12:0:0: warning: the file is a private key store [secrets]",
		"keys/client.pem:2:1: warning: the file contains a private key [secrets]",
	)
}

// Every check says what it finds and what to do about it, and what it finds is told under its name.
func TestTable(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range check.Checks() {
		if c.Name == "" || c.Finds == "" || c.Mend == "" || seen[c.Name] {
			t.Errorf("%+v", c)
		}
		seen[c.Name] = true
	}
}

func TestDeclared(t *testing.T) {
	expect(t, findings(t, map[string]string{settings.ConfigFile: `{"configuration": {
  "url": {"type": "link", "default": "http://api.example/v1"},
  "token": {"type": "password", "default": "abc"},
  "local": {"type": "text", "default": "http://127.0.0.1:8000", "optional": true},
  "api_key": {"type": "text"}
}}`, "src/main.ts": `import { context } from "carjs";
export default JSON.stringify(context().args);
`, settings.LanguageFile: `{"configuration": {"url": {"label": "URL"}, "token": {"label": "Token", "lable": "x"}, "local": {"label": "Local"}}}`}),
		"configurations/config.json:2:3: warning: configuration.url uses an unencrypted connection by default [practice]",
		"configurations/config.json:3:3: warning: configuration.token is a secret with a default",
		"configurations/config.json:5:3: warning: configuration.api_key sounds like a secret",
		"configurations/lang_en.json:1:19: warning: configuration.api_key has no label [language]",
		"configurations/lang_en.json:1:73: warning: configuration.token.lable is not a label, description or placeholder [language]",
	)
}

func TestExtension(t *testing.T) {
	connector := fstest.MapFS{"src/main.ts": {Data: []byte(`class App {
  getSchemaExtension() { return null; }
}
export default App;
`)}}
	text := func(schema string) *model.Extension {
		extension, err := model.ParseExtension([]byte(`{"key": "6a5f0c2e-8f43-4c55-9f0b-2b7f5a0f6f7d", "owner": "x", "version": "1", "schema": ` + schema + `}`))
		if err != nil {
			t.Fatal(err)
		}
		return extension
	}
	const at = "src/main.ts:2:3: "
	for _, test := range []struct {
		name, schema string
		want         []string
	}{
		{"a vertex and an edge", `{"vertices": [{"name": "site"}], "edges": [{"end1": "site", "end2": "asset"}]}`, nil},
		{
			"an edge from nowhere", `{"edges": [{"end1": "site", "end2": "asset"}]}`,
			[]string{at + `error: schema extension: edge "site_asset": its end "site" is not a vertex collection [extension]`},
		},
		{
			"a property that is there",
			`{"vertices": [{"name": "asset", "properties": {"name": {"type": "text"}, "colour": {"type": "text"}}}]}`,
			[]string{at + "warning: asset.name is already in CAR's data model [extension]"},
		},
		{
			"a key of another type",
			`{"vertices": [{"name": "asset", "properties": {"external_id": {"type": "numeric"}}}]}`,
			[]string{at + `error: schema extension: vertex "asset": property "external_id": CAR defines this property: its type cannot be "numeric" [extension]`},
		},
	} {
		t.Run(test.name, func(t *testing.T) { expect(t, found(t, connector, text(test.schema)), test.want...) })
	}
}
