package check_test

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"carjs/host/bundle"
	"carjs/host/check"
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

// findings checks a connector of these files, and of those of an ordinary one where they are not given.
func findings(t *testing.T, files map[string]string) []string {
	t.Helper()
	connector := fstest.MapFS{}
	for name, text := range map[string]string{settings.ConfigFile: config, settings.LanguageFile: language, "src/main.ts": used} {
		connector[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for name, text := range files {
		connector[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return found(connector, nil)
}

func found(connector fs.FS, extension *model.Extension) []string {
	var texts []string
	for _, f := range check.Run(context.Background(), &check.Subject{
		FS: connector,
		Build: func(ctx context.Context) (*bundle.Bundle, error) {
			return bundle.Build(ctx, bundle.Source{FS: connector, Name: "demo", Modules: []string{"carjs"}})
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
		{"a setting that is not declared", `console.log(context().args.ulr);`, []string{"src/more.ts:2:28: error: the setting ulr is used here and not declared [settings]"}},
		{"by another name of context", `const c = context(); console.log(c.args.ulr);`, []string{"src/more.ts:2:41: error: the setting ulr"}},
		{"through a variable", `const args = context().args; console.log(args.ulr, args["lru"]);`, []string{"src/more.ts:2:47: error: the setting ulr", "src/more.ts:2:57: error: the setting lru"}},
		{"taken out", `const { url, ulr } = context().args; console.log(url, ulr);`, []string{"src/more.ts:2:14: error: the setting ulr"}},
		{"taken out twice", `const { args } = context(); console.log(args.ulr);`, []string{"src/more.ts:2:46: error: the setting ulr"}},
		{"in capitals", `console.log(context().args.URL);`, []string{"src/more.ts:2:28: error: the setting URL is used here"}},
		{"what carjs gives", `console.log(context().args.source, context().args.CONNECTION_NAME);`, nil},
		{"other args", `const command = { args: { a: 1 } }; console.log(command.args.a);`, nil},
		{"parameters called args", `export const f = (...args: string[]) => args.length; export const g = (args: any) => args.b; console.log(f("a"), g({}));`, nil},
		{"a name that is used twice", `const args = context().args; console.log(args.url, ((args: any) => args.b)({}));`, nil},
		{"a property of settings", `class A { args = context().args; b = (this.args as any).c; } console.log(new A());`, nil},
		{"assigned to itself", `let args: any = context().args; args = args; console.log(args.ulr);`, nil},

		{"hours", `console.log(new Date().getHours());`, []string{"src/more.ts:2:24: warning: getHours() goes by the time zone of the machine"}},
		{"hours of a variable", `const now = new Date(); console.log(now.getHours());`, []string{"src/more.ts:2:41: warning: getHours()"}},
		{"hours of what may be no date", `const shop = { getHours: () => 8 }; console.log(shop.getHours());`, nil},
		{"hours in UTC", `console.log(new Date().getUTCHours());`, nil},
		{"a local date", `console.log(new Date(2026, 0, 1));`, []string{"src/more.ts:2:13: warning: new Date() with a year and a month"}},
		{"a date", `console.log(new Date("2026-01-01T00:00:00Z"));`, nil},
		{"a class of characters", `console.log(new RegExp("^\\p{L}", "u"), new RegExp("[a-z]"));`, []string{`src/more.ts:2:13: warning: the engine does not know \p{...}`}},
		{"a secret", `console.log("with", context().args.token);`, []string{"src/more.ts:2:36: warning: the secret configuration.token is logged"}},
		{"a secret in a text", "context().logger.info(`with ${context().args.token}`);", []string{"src/more.ts:2:46: warning: the secret configuration.token is logged"}},
		{"a secret in a sum", `console.warn("with " + context().args.token);`, []string{"src/more.ts:2:39: warning: the secret configuration.token is logged"}},
		{"no secret", `console.log(context().args.url, context().args.token === "", context().args.token.length);`, nil},

		{"an import that forgets", `import { BaseIncrementalImport } from "carjs"; export class Import extends BaseIncrementalImport {} console.log(Import);`,
			[]string{"src/more.ts:2:55: warning: the incremental import never removes anything"}},
		{"an import that does not", `import { BaseIncrementalImport } from "carjs"; export class Import extends BaseIncrementalImport { f(h: any) { h.replaces("asset"); } } console.log(Import);`, nil},
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
