package bundle

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/dop251/goja"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the expected texts in testdata")

var modules = []string{"carjs", "carjs/crypto", "carjs/http"}

// TestMessages builds each connector in testdata and compares what an author is told with the
// file's section "want".
func TestMessages(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files := fstest.MapFS{}
			var rest []txtar.File
			want := ""
			for _, file := range archive.Files {
				if file.Name == "want" {
					want = string(file.Data)
					continue
				}
				rest = append(rest, file)
				files[file.Name] = &fstest.MapFile{Data: file.Data}
			}
			// The same from memory and from disk: which one it is must not show.
			got := outcome(t, Source{FS: files, Name: "demo", Modules: modules})
			onDisk := outcome(t, Source{Dir: write(t, files), Name: "demo", Modules: modules})
			if onDisk != got {
				t.Errorf("on disk:\n%s\nin memory:\n%s", onDisk, got)
			}
			if *update {
				archive.Files = append(rest, txtar.File{Name: "want", Data: []byte(got)})
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

// outcome writes down what Build answered, as an author sees it.
func outcome(t *testing.T, src Source) string {
	t.Helper()
	var b strings.Builder
	made, err := Build(t.Context(), src)
	if err != nil {
		var buildErr *BuildError
		if !errors.As(err, &buildErr) {
			t.Fatalf("not a BuildError: %v", err)
		}
		for _, m := range buildErr.Messages {
			if m.File != "" {
				fmt.Fprintf(&b, "%s:%d:%d ", m.File, m.Line, m.Column)
			}
			fmt.Fprintln(&b, m.Text)
		}
		fmt.Fprintf(&b, "\n%v\n", buildErr)
		return b.String()
	}
	for _, warning := range made.Warnings {
		fmt.Fprintf(&b, "%s\n\n", warning.Frame)
	}
	return b.String()
}

// write puts files in a folder.
func write(t testing.TB, files fstest.MapFS) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, file.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func files(pairs ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return m
}

// run evaluates a bundle and returns its default export.
func run(t *testing.T, b *Bundle) string {
	t.Helper()
	vm := goja.New()
	wrapped, err := vm.RunString("(function (module, exports, require) {" + b.Code + "\n})")
	if err != nil {
		t.Fatalf("%v in\n%s", err, b.Code)
	}
	call, _ := goja.AssertFunction(wrapped)
	module := vm.NewObject()
	if err := module.Set("exports", vm.NewObject()); err != nil {
		t.Fatal(err)
	}
	require := func(name string) map[string]string { return map[string]string{"name": name} }
	if _, err := call(goja.Undefined(), module, module.Get("exports"), vm.ToValue(require)); err != nil {
		t.Fatal(err)
	}
	return module.Get("exports").ToObject(vm).Get("default").String()
}

func TestBuild(t *testing.T) {
	connector := files(
		"src/main.ts", `
			import config from "../configurations/config.json";
			import { helper } from "./lib";
			import { twin } from "./lib/twin.js";
			import * as http from "carjs/http";
			import type { Gone } from "./types-only";
			const strict = (function (this: unknown) { return this === undefined })();
			export default [config.name, helper(), twin, http.name, strict].join("; ");`,
		"src/lib/index.ts", `import { deep } from "../deep"; export const helper = (): string => deep;`,
		"src/lib/twin.ts", `export const twin = "twin";`,
		"src/deep.ts", `export const deep = "deep";`,
		"src/types-only.ts", `export type Gone = 1;`,
		"configurations/config.json", `{"name": "configured"}`,
	)
	inputs := []string{"configurations/config.json", "src/deep.ts", "src/lib/index.ts", "src/lib/twin.ts", "src/main.ts"}
	dir := write(t, connector)
	onDisk := make([]string, len(inputs))
	for i, name := range inputs {
		onDisk[i] = filepath.Join(dir, filepath.FromSlash(name))
	}
	for _, c := range []struct {
		name   string
		src    Source
		inputs []string
	}{
		{"disk", Source{Dir: dir, Name: "demo", Modules: modules}, onDisk},
		{"memory", Source{FS: connector, Name: "demo", Modules: modules}, inputs},
		{"any module", Source{FS: connector, Name: "demo"}, inputs},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, err := Build(t.Context(), c.src)
			if err != nil {
				t.Fatal(err)
			}
			if b.Name != "demo" || b.Entry != "src/main.ts" || len(b.Warnings) != 0 {
				t.Errorf("name %q, entry %q, warnings %v", b.Name, b.Entry, b.Warnings)
			}
			if !slices.Equal(b.Inputs, c.inputs) {
				t.Errorf("inputs %q, want %q", b.Inputs, c.inputs)
			}
			if got, want := run(t, b), "configured; deep; twin; carjs/http; true"; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestPackages(t *testing.T) {
	packages := files(
		"src/main.ts", `
			import modern, { who } from "modern";
			import old from "old";
			import events from "events";
			export default [modern, who, old.sloppy, events].join("; ");`,
		"node_modules/modern/package.json", `{"name": "modern", "exports": {".": {"node": "./node.js", "import": "./lib/esm.js"}}}`,
		"node_modules/modern/lib/esm.js", `import old from "old"; export default "modern"; export const who = "uses " + old.name;`,
		"node_modules/modern/node.js", `import "fs";`,
		"node_modules/old/package.json", `{"name": "old", "main": "index.js"}`,
		"node_modules/old/index.js", `exports.name = "old"; undeclared = "sloppy"; exports.sloppy = undeclared;
			try { require("crypto") } catch {}`,
		"node_modules/events/index.js", `module.exports = "events of npm"`,
	)
	want := "modern; uses old; sloppy; events of npm"
	dir := write(t, packages)
	b, err := Build(t.Context(), Source{Dir: dir, Name: "demo", Modules: modules})
	if err != nil {
		t.Fatal(err)
	}
	if got := run(t, b); got != want {
		t.Errorf("on disk: got %q, want %q", got, want)
	}
	if file := filepath.Join(dir, "node_modules", "old", "index.js"); !slices.Contains(b.Inputs, file) {
		t.Errorf("%s is not among the inputs %q", file, b.Inputs)
	}

	// The connector in memory, its packages on disk.
	own := files("src/main.ts", string(packages["src/main.ts"].Data)+"\n//")
	if err := os.Remove(filepath.Join(dir, "src", "main.ts")); err != nil {
		t.Fatal(err)
	}
	b, err = Build(t.Context(), Source{FS: own, Dir: dir, Name: "demo", Modules: modules})
	if err != nil {
		t.Fatal(err)
	}
	if got := run(t, b); got != want {
		t.Errorf("mixed: got %q, want %q", got, want)
	}
	if !slices.Contains(b.Inputs, "src/main.ts") || !slices.Contains(b.Inputs, filepath.Join(dir, "node_modules", "old", "index.js")) {
		t.Errorf("mixed inputs: %q", b.Inputs)
	}
}

func TestPackageFaults(t *testing.T) {
	dir := write(t, files(
		"main.ts", `import a from "a"; import b from "b/hidden"; console.log(a, b);`,
		"node_modules/a/index.js", `import "net"; import "@missing/peer/x"; import("./" + name);`,
		"node_modules/b/package.json", `{"name": "b", "exports": {".": "./index.js"}}`,
		"node_modules/b/hidden.js", ``,
	))
	_, err := Build(t.Context(), Source{Dir: dir, Name: "demo", Modules: modules})
	var buildErr *BuildError
	if !errors.As(err, &buildErr) {
		t.Fatalf("got %v", err)
	}
	for i, want := range []string{
		`main.ts:1:34|"./hidden" is not exported from package b by package.json`,
		`node_modules/a/index.js:1:8|"net" is a Node built-in and not available in carjs`,
		`node_modules/a/index.js:1:22|the npm package "@missing/peer" is not installed: npm install @missing/peer|The npm package "a" imports it.`,
	} {
		if i >= len(buildErr.Messages) {
			t.Fatalf("message %d is missing in %v", i, err)
		}
		for _, part := range strings.Split(want, "|") {
			// esbuild words the first itself: what counts is that it is not taken for a package
			// that is missing.
			if i == 0 && strings.HasPrefix(part, `"./hidden"`) {
				part = "not exported"
			}
			if !strings.Contains(buildErr.Messages[i].Frame, part) {
				t.Errorf("message %d lacks %q:\n%s", i, part, buildErr.Messages[i].Frame)
			}
		}
	}
	if colored := buildErr.Format(true); !strings.Contains(colored, "\x1b[") || strings.Contains(buildErr.Error(), "\x1b[") {
		t.Errorf("colours where none were asked for, or none where they were:\n%s", colored)
	}
}

func TestEntry(t *testing.T) {
	for _, c := range []struct {
		want  string
		names []string
	}{
		{"src/main.ts", []string{"src/main.ts", "main.ts", "src/index.ts"}},
		{"main.ts", []string{"main.ts", "src/index.ts", "src/main.js"}},
		{"src/index.ts", []string{"src/index.ts", "index.ts"}},
		{"index.js", []string{"index.js", "app.ts"}},
		{"index.js", []string{"index.js", "main.ts/x.ts"}},
	} {
		m := fstest.MapFS{}
		for _, name := range c.names {
			m[name] = &fstest.MapFile{}
		}
		if got, err := Entry(m); err != nil || got != c.want {
			t.Errorf("Entry(%v) = %q, %v; want %q", c.names, got, err, c.want)
		}
	}
}

func TestEntryGiven(t *testing.T) {
	tests := files("src/main.ts", `export default "main"`, "test/all.test.ts", `export default "tests"`)
	for name, src := range map[string]Source{
		"memory": {FS: tests, Entry: "test/all.test.ts"},
		"disk":   {Dir: write(t, tests), Entry: "test/all.test.ts"},
	} {
		b, err := Build(t.Context(), src)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := run(t, b); got != "tests" {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestBuildOther(t *testing.T) {
	var buildErr *BuildError
	if _, err := Build(t.Context(),
		Source{Dir: filepath.Join(t.TempDir(), "none"), Name: "x"}); !errors.Is(err, fs.ErrNotExist) ||
		errors.As(err, &buildErr) {
		t.Errorf("a folder that is missing: %v", err)
	}
	if _, err := Build(t.Context(), Source{}); err == nil {
		t.Error("no source at all built")
	}
	reason := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(reason)
	if _, err := Build(ctx, Source{FS: files("main.ts", "1")}); !errors.Is(err, reason) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestNodeBuiltins checks the table's words: each row reads as the end of a sentence.
func TestNodeBuiltins(t *testing.T) {
	for name, alternative := range absent {
		if strings.TrimSpace(alternative) == "" || strings.HasSuffix(alternative, ".") || strings.HasPrefix(name, "node:") {
			t.Errorf("%s: %q", name, alternative)
		}
	}
	if _, ok := nodeAlternative("lodash"); ok {
		t.Error("lodash taken for a built-in")
	}
}

func BenchmarkBuild(b *testing.B) {
	connector := fstest.MapFS{}
	var imports, calls strings.Builder
	for i := range 12 {
		connector[fmt.Sprintf("src/part%d.ts", i)] = &fstest.MapFile{Data: []byte(strings.Repeat(
			fmt.Sprintf("export class Part%d { #n = %d; get n(): number { return this.#n; } "+
				"map(xs: number[]) { return xs.map((x) => x * this.#n); } }\n", i, i), 1) +
			strings.Repeat("export function helper"+fmt.Sprint(i)+"_() { return [1, 2, 3].map((x) => ({ id: x, name: `n${x}` })); }\n", 1))}
		fmt.Fprintf(&imports, "import { Part%d } from \"./part%d\";\n", i, i)
		fmt.Fprintf(&calls, "new Part%d(),", i)
	}
	connector["src/main.ts"] = &fstest.MapFile{Data: []byte(imports.String() + "export default [" + calls.String() + "];\n")}
	dir := write(b, connector)
	for name, src := range map[string]Source{"disk": {Dir: dir, Modules: modules}, "memory": {FS: connector, Modules: modules}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Build(context.Background(), src); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A build that is given up at its very end does not take the next one with it.
func TestCancelledAtItsEnd(t *testing.T) {
	builder := NewBuilder(Source{FS: fstest.MapFS{"main.ts": {Data: []byte("export default 1")}}, Name: "x"})
	defer builder.Close()
	began := time.Now()
	for range 20 {
		if _, err := builder.Build(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	usual := time.Since(began) / 20
	for i := range 400 {
		ctx, cancel := context.WithCancel(t.Context())
		timer := time.AfterFunc(usual*time.Duration(i%200)/100, cancel) // at any moment of it
		builder.Build(ctx)                                              //nolint:errcheck // it was cancelled, or not
		timer.Stop()
		cancel()
		if _, err := builder.Build(t.Context()); err != nil {
			t.Fatalf("%d: %v", i, err)
		}
	}
}
