package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"carjs/host"
)

// An artifact runs without its TypeScript and imports what the connector would have imported.
func TestBuildAndRun(t *testing.T) {
	a := newAuthor(t)
	live := []string{"-url", a.source.URL, "-username", "admin", "-password", "admin"}
	a.ok(host.ModeFull, "mine", append(live, "-source", "folder")...)
	r := a.run("build", "mine")
	if r.code != 0 {
		t.Fatal(r)
	}
	contains(t, r.stdout, "mine.carjs is built", "next: carjs run mine.carjs")
	if err := os.RemoveAll(filepath.Join(a.dir, "mine")); err != nil {
		t.Fatal(err)
	}
	a.ok(host.ModeFull, "mine.carjs", append(live, "-source", "file")...)
	a.ok(host.ModeIncremental, "mine.carjs", append(live, "-source", "file")...)
	if want, got := a.graph("folder"), a.graph("file"); !want.Equal(got) {
		t.Errorf("the graph is another one: %v", want.Diff(got))
	}

	// Its settings are known, before and after its name, whatever it is called now.
	if err := os.Rename(filepath.Join(a.dir, "mine.carjs"), filepath.Join(a.dir, "deployed.bin")); err != nil {
		t.Fatal(err)
	}
	r = a.run("run", "deployed.bin", "-help")
	contains(t, r.stdout, "carjs run [flags] deployed.bin", "-url, -configuration-auth-url", "Password of that user")
	if r = a.run(append(append([]string{"run"}, live...), "./deployed.bin")...); r.code != 0 {
		t.Error(r)
	}
	if r = a.run("run", "deployed.bin", "-url", a.source.URL, "-username", "admin"); r.code != 2 || !strings.Contains(r.stderr, "-password") {
		t.Error(r)
	}
}

// The file is the same from whatever folder it is built.
func TestBuildIsReproducible(t *testing.T) {
	one, two := newAuthor(t), newAuthor(t)
	var built [][]byte
	for _, args := range [][]string{
		{"build", "mine"}, {"build", "-o", "mine.carjs", "./mine"}, {"build", "mine/src/main.ts", "-output=mine.carjs"},
	} {
		for _, a := range []*author{one, two} {
			if r := a.run(args...); r.code != 0 {
				t.Fatal(r)
			}
			data, err := os.ReadFile(filepath.Join(a.dir, "mine.carjs"))
			if err != nil {
				t.Fatal(err)
			}
			built = append(built, data)
		}
	}
	for _, data := range built[1:] {
		if !bytes.Equal(data, built[0]) {
			t.Error("the same connector is not the same file")
		}
	}
}

// An error of an artifact shows the line of TypeScript that it is built from.
func TestArtifactShowsTypeScript(t *testing.T) {
	d := newDesk(t)
	d.small(`const row: any = undefined;
  handler.addCollection("asset", { external_id: row.id });`)
	if r := d.run("build", "small", "-o", "small.carjs"); r.code != 0 {
		t.Fatal(r)
	}
	source := d.imports("small")
	r := d.imports("small.carjs")
	if r.code != 1 || r.report.Failure.At != source.report.Failure.At || r.report.Failure.At == "" {
		t.Errorf("at %q in the file, %q in the folder\n%s", r.report.Failure.At, source.report.Failure.At, r)
	}
	contains(t, r.report.Failure.Detail, "row.id", "main.ts:")
	if r.report.Failure.Detail != source.report.Failure.Detail {
		t.Errorf("the file says\n%s\nthe folder\n%s", r.report.Failure.Detail, source.report.Failure.Detail)
	}
}

func TestBuildBadInput(t *testing.T) {
	d := newDesk(t)
	d.small("")
	d.write("letter.txt", "dear all")
	d.write("syntax/src/main.ts", "const x = ;")
	d.write("settings/src/main.ts", "export default 1;")
	d.write("settings/configurations/config.json", "{\n  \"configuration\": {,}\n}")
	if r := d.run("build", "small", "-o", "small.carjs"); r.code != 0 {
		t.Fatal(r)
	}
	whole, err := os.ReadFile(filepath.Join(d.dir, "small.carjs"))
	if err != nil {
		t.Fatal(err)
	}
	d.write("half.carjs", string(whole[:len(whole)/2]))
	d.write("changed.carjs", strings.Replace(string(whole), "carjs.json", "carjs.jsom", 2))
	d.write("empty.carjs", "")
	for _, test := range []struct {
		name string
		args []string
		says []string
	}{
		{"no connector", []string{"build"}, []string{"build: no connector given", "reference"}},
		{"an unknown connector", []string{"build", "smell"}, []string{`unknown connector "smell"`, "small"}},
		{"a setting of the connector", []string{"build", "reference", "-url", "http://127.0.0.1"}, []string{"unknown flag -url"}},
		{"two", []string{"build", "small", "small"}, []string{"too many arguments"}},
		{"TypeScript that does not build", []string{"build", "./syntax"}, []string{"src/main.ts:1:", "const x = ;", "does not build"}},
		{"a mistake in config.json", []string{"build", "./settings"}, []string{"configurations/config.json:2:"}},
		{
			"another file in the way", []string{"build", "small", "-o", "letter.txt"},
			[]string{"letter.txt exists and is not an artifact of carjs"},
		},
		{"a folder in the way", []string{"build", "small", "-o", "connectors"}, []string{"connectors is a folder"}},
		{"no such folder", []string{"build", "small", "-o", "nowhere/small.carjs"}, []string{"cannot write the artifact", "-o"}},
		{"an artifact", []string{"build", "small.carjs"}, []string{"small is already an artifact"}},
		{"half an artifact", []string{"run", "half.carjs"}, []string{"half.carjs is damaged: it is incomplete", "rebuild it"}},
		{"half an artifact and a flag", []string{"run", "-url", "http://127.0.0.1", "half.carjs"}, []string{"half.carjs is damaged"}},
		{"an empty artifact", []string{"run", "empty.carjs"}, []string{"empty.carjs is damaged"}},
		{"a changed artifact", []string{"run", "changed.carjs"}, []string{"changed.carjs is damaged: it has no carjs.json"}},
		{
			"types of an artifact", []string{"types", "small.carjs"},
			[]string{"small.carjs is an artifact and contains no TypeScript", "carjs types takes a connector's folder"},
		},
		{
			"tests of an artifact", []string{"test", "small.carjs"},
			[]string{"small.carjs is an artifact", "carjs test takes a connector's folder"},
		},
		{"a check of an artifact", []string{"check", "small.carjs"}, []string{"small.carjs is an artifact"}},
		{"half an artifact to build", []string{"build", "half.carjs"}, []string{"half.carjs is damaged"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := d.run(test.args...)
			if r.code != 2 {
				t.Errorf("exit code %d", r.code)
			}
			contains(t, r.stderr, test.says...)
			if t.Failed() {
				t.Log(r)
			}
		})
	}
	if text, err := os.ReadFile(filepath.Join(d.dir, "letter.txt")); err != nil || string(text) != "dear all" {
		t.Errorf("%q %v", text, err)
	}
	if r := d.run("build", "-help"); r.code != 0 || !strings.Contains(r.stdout, "-o, -output PATH") {
		t.Error(r)
	}
	// Nothing half written is left.
	if left, _ := filepath.Glob(filepath.Join(d.dir, ".carjs-*")); len(left) > 0 {
		t.Error(left)
	}
}
