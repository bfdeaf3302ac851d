package main

import (
	"debug/buildinfo"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"carjs/host/model"
)

func TestVersion(t *testing.T) {
	d := newDesk(t)
	var got origin
	r := d.run("version", "-json")
	if r.code != 0 || json.Unmarshal([]byte(r.stdout), &got) != nil {
		t.Fatal(r)
	}
	built, err := buildinfo.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	for _, dependency := range built.Deps {
		if dependency.Path == "github.com/dop251/goja" && dependency.Version != got.Goja ||
			dependency.Path == "github.com/evanw/esbuild" && dependency.Version != got.ESBuild {
			t.Errorf("%s is %s, not as in %+v", dependency.Path, dependency.Version, got)
		}
	}
	if got.Go != built.GoVersion || got.Goja == "" || got.ESBuild == "" || got.Version == "" ||
		got.Model != model.SchemaVersion || got.Platform != runtime.GOOS+"/"+runtime.GOARCH {
		t.Errorf("%+v", got)
	}
	text := d.run("version").stdout
	contains(t, text, "carjs "+got.Version+"\n", "goja        "+got.Goja, "CAR import schema 2")
	contains(t, d.run("-version").stdout, "carjs version "+got.Version)
	contains(t, d.run("help", "version").stdout, "carjs version [-json | -licenses]")
	for _, args := range [][]string{{"version", "1.0"}, {"version", "-json", "-licenses"}, {"version", "-smell"}} {
		if r := d.run(args...); r.code != 2 || r.stderr == "" {
			t.Error(r)
		}
	}
}

// docs/releases.md shows the lines that carjs version prints.
func TestReleasesPage(t *testing.T) {
	out := newDesk(t).run("version").stdout
	shown := 0
	for _, b := range blocks(t, "../../docs/releases.md") {
		text, ok := strings.CutPrefix(b.text, "$ carjs version\n")
		if !ok {
			continue
		}
		for line := range strings.Lines(text) {
			label, indented := "carjs ", strings.HasPrefix(line, "  ")
			if indented {
				label = line[:len("  data model  ")] // the names stand in a column
			}
			contains(t, "\n"+out, "\n"+label)
			shown++
		}
	}
	if shown != 7 {
		t.Errorf("%d lines", shown)
	}
}

// Whatever is linked into carjs is in its licenses.
func TestLicenses(t *testing.T) {
	d := newDesk(t)
	r := d.run("version", "-licenses")
	contains(t, r.stdout, "Apache License", "Go's standard library", "\ncarjs\n")
	built, err := buildinfo.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	for _, dependency := range built.Deps {
		if !strings.Contains(r.stdout, "\n"+dependency.Path+"\n") {
			t.Errorf("the license of %s is missing: run make licenses", dependency.Path)
		}
	}
}

// A release says what the linker was told.
func TestReleasedVersion(t *testing.T) {
	if testing.Short() {
		t.Skip("it links carjs anew")
	}
	d := newDesk(t)
	path := filepath.Join(d.dir, "released")
	flags := "-s -w -X main.released=7.8.9-rc.1 -X main.commit=0123456789abcdef -X main.modified=true"
	build := exec.Command("go", "build", "-buildvcs=false", "-tags", "urfave_cli_no_docs", "-ldflags", flags, "-o", path, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.Command(path, "version", "-json").Output()
	var got origin
	if err != nil || json.Unmarshal(out, &got) != nil || got.Version != "7.8.9-rc.1" || got.Commit != "0123456789abcdef" || !got.Dirty {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := exec.Command(path, "-version").Output(); err != nil || !strings.Contains(string(out), "carjs version 7.8.9-rc.1\n") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestVersionOf(t *testing.T) {
	for _, test := range []struct{ module, commit, want string }{
		{"v1.2.3", "0123456789abcdef", "1.2.3"}, {"(devel)", "0123456789abcdef", "commit 0123456789ab"}, {"", "012", "commit 012"},
		{"", "", "development"}, {"v0.0.0-20261130212600-0123456789ab+dirty", "x", "0.0.0-20261130212600-0123456789ab+dirty"},
	} {
		if got := versionOf(test.module, test.commit); got != test.want {
			t.Errorf("%q %q: %q, want %q", test.module, test.commit, got, test.want)
		}
	}
}
