package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"carjs/host"
	"carjs/host/author/dev"
	"carjs/host/author/scaffold"
	"carjs/host/carserver"
)

// Whatever changes in the data source, the incremental import of a template leaves the graph that a
// full one would have given; and when nothing changes, it sends nothing.
func TestTemplatesFollowChanges(t *testing.T) {
	for _, template := range scaffold.Templates() {
		t.Run(template.Name, func(t *testing.T) {
			t.Parallel()
			url, step := startInventory(t, template.Name)
			d := newDesk(t)
			if r := d.run("init", "mine", "-template", template.Name); r.code != 0 {
				t.Fatal(r)
			}
			run := func(mode host.Mode, args ...string) result {
				t.Helper()
				return d.ok(mode, "mine", slices.Concat([]string{"-url", url}, inventoryLogin(template.Name), args)...)
			}
			if r := run(host.ModeFull, "-source", "step"); r.report.Collections["asset"].Sent != 3 {
				t.Errorf("the first import: %s", r)
			}
			for n := range inventoryStates {
				step.Store(int32(n))
				run(host.ModeIncremental, "-source", "step")
				for name, count := range run(host.ModeIncremental, "-source", "step").report.Collections {
					if count.Sent+count.Deleted > 0 {
						t.Errorf("step %d: nothing had changed, and of %s came %+v", n, name, count)
					}
				}
				run(host.ModeFull, "-source", "all", "-full")
				if diff := d.graph("all").Diff(d.graph("step")); len(diff) > 0 {
					t.Errorf("step %d: the graph differs from that of a full import:\n%s", n, strings.Join(diff, "\n"))
				}
			}
			if r := d.run(slices.Concat([]string{"run", "mine", "-connection-test", "-url", url}, inventoryLogin(template.Name))...); r.code != 0 {
				t.Error(r)
			}
			wrong := []string{inventoryLogin(template.Name)[0], "wrong"}
			if r := d.run(slices.Concat([]string{"run", "mine", "-connection-test", "-url", url}, wrong)...); r.code != 52 {
				t.Error(r)
			}
		})
	}
}

// The sample data of a template are what the template records of its data source.
func TestTemplatesRecord(t *testing.T) {
	for _, template := range scaffold.Templates() {
		t.Run(template.Name, func(t *testing.T) {
			url, step := startInventory(t, template.Name)
			d := newDesk(t)
			if r := d.run("init", "-template", template.Name, "mine"); r.code != 0 {
				t.Fatal(r)
			}
			for _, folder := range []string{"first", "changed"} {
				os.RemoveAll(filepath.Join(d.dir, "mine", "recordings", folder)) //nolint:errcheck // recording into it tells
			}
			secret := inventoryLogin(template.Name)
			record := func(mode host.Mode, folder string, flags ...string) {
				t.Helper()
				d.ok(mode, "mine", append(append([]string{"-url", url, "-record", "mine/recordings/" + folder}, secret...), flags...)...)
			}
			record(host.ModeFull, "first")
			record(host.ModeIncremental, "first")
			step.Store(1)
			record(host.ModeIncremental, "changed")
			incremental := d.graph("mine")
			record(host.ModeFull, "changed", "-full")
			if full := d.graph("mine"); !full.Equal(incremental) {
				t.Errorf("the incremental import left another graph: %v", full.Diff(incremental))
			}
			sample := filepath.Join("..", "..", "host", "author", "scaffold", "templates", template.Name, "recordings")
			got, want := recordings(t, filepath.Join(d.dir, "mine", "recordings"), url), recordings(t, sample, url)
			if *update {
				os.RemoveAll(sample) //nolint:errcheck // writing into it tells
				for name, text := range got {
					path := filepath.Join(sample, name)
					if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				return
			}
			for name := range want {
				if got[name] != want[name] {
					t.Errorf("%s is another one now: run this test with -update\n%s\nwant\n%s", name, got[name], want[name])
				}
			}
			if len(got) != len(want) {
				t.Errorf("%d files, want %d: run this test with -update", len(got), len(want))
			}
		})
	}
}

var requestTime = regexp.MustCompile(`"at": "[^"]*"`)

// recordings reads recordings as they are kept: with an address and a date that stay the same.
func recordings(t *testing.T, dir, url string) map[string]string {
	t.Helper()
	files := map[string]string{}
	paths, err := filepath.Glob(filepath.Join(dir, "*", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(data), url, "https://inventory.example.com")
		at := "2026-01-01T00:00:00Z"
		if strings.HasPrefix(filepath.ToSlash(name), "changed/") {
			at = "2026-01-01T01:00:00Z" // a save point that is a clock must differ
		}
		text = requestTime.ReplaceAllString(text, `"at": "`+at+`"`)
		if filepath.Base(name) == "recording.json" {
			var manifest map[string]any
			if err := json.Unmarshal([]byte(text), &manifest); err != nil {
				t.Fatal(err)
			}
			manifest["recorded"], manifest["connector"] = at, "connector-name"
			manifest["sample"] = true
			encoded, err := json.MarshalIndent(manifest, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			text = string(encoded) + "\n"
		}
		files[name] = text
	}
	return files
}

// A new connector runs, is checked and reloads at once, before a line of it was changed, and
// without a setting.
func TestInitMakesAConnector(t *testing.T) {
	for _, template := range scaffold.Templates() {
		t.Run(template.Name, func(t *testing.T) {
			d := newDesk(t)
			r := d.run("init", "-template", template.Name, "my-scanner")
			if r.code != 0 {
				t.Fatal(r)
			}
			contains(t, r.stdout, "Created ./my-scanner from the template", "carjs dev ./my-scanner")
			contains(t, d.read("my-scanner/README.md"), "# My scanner")
			d.ok(host.ModeFull, "my-scanner", "-replay", "my-scanner/recordings/first")
			if g := d.graph("my-scanner"); len(g.Vertices) < 3 {
				t.Errorf("graph %v", g)
			}
			d.ok(host.ModeIncremental, "my-scanner", "-replay", "my-scanner/recordings/first")
			d.ok(host.ModeIncremental, "my-scanner", "-replay", "my-scanner/recordings/changed")
			if _, there := d.graph("my-scanner").Vertices[carserver.VertexID{Collection: "asset", Key: "h3"}]; there {
				t.Error("what is gone from the data source is in the graph")
			}
			code, findings := d.findings("my-scanner")
			for _, f := range findings {
				if f.Severity != "note" {
					t.Errorf("%+v", f)
				}
			}
			if code != 0 {
				t.Errorf("check: exit code %d", code)
			}
			l := (&author{desk: d}).started("dev", "my-scanner", "-log-format", "json")
			l.end(dev.Good)
		})
	}
}

// Flags stand before the name or behind it, in this command and in others.
func TestFlagsAnywhere(t *testing.T) {
	d := newDesk(t)
	for _, args := range [][]string{
		{"init", "-template", "xml", "-dir", "below", "one"},
		{"init", "two", "-template", "xml", "-dir", "below"},
		{"init", "-template=xml", "three", "--dir=below"},
		{"init", "-dir", "below", "-template", "xml", "--", "four"},
	} {
		if r := d.run(args...); r.code != 0 || !strings.Contains(r.stdout, "from the template xml") {
			t.Errorf("%v: %s", args, r)
		}
	}
	one, err := os.ReadDir(filepath.Join(d.dir, "below"))
	if err != nil || len(one) != 4 {
		t.Errorf("%v %v", one, err)
	}
	before, behind := d.run("check", "-json", "below/one"), d.run("check", "below/one", "-json")
	if before.stdout != behind.stdout || behind.code != 0 || !strings.HasPrefix(behind.stdout, "{") {
		t.Errorf("%s\n%s", before, behind)
	}
	if r := d.run("describe", "failures", "-json"); r.code != 0 || !json.Valid([]byte(r.stdout)) {
		t.Error(r)
	}
	if r := d.run("init", "-template"); r.code != 2 || !strings.Contains(r.stderr, "template") {
		t.Error(r)
	}
	if r := d.run("init", "five", "-help"); r.code != 0 || !strings.Contains(r.stdout, "Templates:") {
		t.Error(r)
	}
}

func TestInitBadInput(t *testing.T) {
	d := newDesk(t)
	d.write("mine/thesis.txt", "mine")
	for _, test := range []struct {
		args []string
		want []string
	}{
		{nil, []string{"init takes one name, not 0"}},
		{[]string{"a", "b"}, []string{"init takes one name, not 2"}},
		{[]string{"mine"}, []string{"mine already exists", "carjs init never overwrites files"}},
		{[]string{"My Scanner"}, []string{`invalid connector name "My Scanner"`, "carjs init my-scanner"}},
		{[]string{"acme.v2"}, []string{"invalid connector name", "carjs init acme-v2"}},
		{[]string{"7up"}, []string{"invalid connector name", "carjs init up"}},
		{[]string{"../up"}, []string{"invalid connector name", "carjs init up -dir .."}},
		{[]string{"a/b"}, []string{"invalid connector name", "carjs init b -dir a"}},
		{[]string{`a\B`}, []string{"invalid connector name", "carjs init b -dir a"}},
		{[]string{strings.Repeat("long-", 20)}, []string{"invalid connector name", "carjs init long-long-"}},
		{[]string{"..."}, []string{"invalid connector name", "carjs init my-connector"}},
		{[]string{"x", "-dir", "mine/thesis.txt"}, []string{"make mine/thesis.txt/x"}},
		{[]string{"x", "-tmplate", "xml"}, []string{"-tmplate"}},
		{[]string{"x", "-template", "soap"}, []string{`unknown template "soap"`}},
		{[]string{"-template", "soap", "x"}, []string{`unknown template "soap"; the templates are: rest, graphql, xml, minimal`}},
	} {
		r := d.run(append([]string{"init"}, test.args...)...)
		if r.code != 2 {
			t.Errorf("%v: %s", test.args, r)
		}
		contains(t, r.stderr, test.want...)
	}
	entries, err := os.ReadDir(d.dir)
	if err != nil || len(entries) != 1 || d.read("mine/thesis.txt") != "mine" {
		t.Errorf("%v %v", entries, err)
	}
}
