package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"carjs/host"
)

// A run from a recording needs neither the data source nor its settings, and brings the same.
func TestRecordAndReplay(t *testing.T) {
	a := newAuthor(t)
	live := a.ok(host.ModeFull, "mine", "-url", a.source.URL, "-username", "admin", "-password", "admin", "-record", "traffic")
	graph := a.graph("mine")
	a.source.Close()
	if err := os.RemoveAll(filepath.Join(a.dir, ".carjs")); err != nil {
		t.Fatal(err)
	}
	replayed := a.ok(host.ModeFull, "mine", "-replay", "traffic")
	if !graph.Equal(a.graph("mine")) {
		t.Errorf("the graph is another one: %v", graph.Diff(a.graph("mine")))
	}
	if live.report.Requests.Datasource != replayed.report.Requests.Datasource {
		t.Errorf("%d requests, %d replayed", live.report.Requests.Datasource, replayed.report.Requests.Datasource)
	}
	a.ok(host.ModeIncremental, "mine", "-replay", "traffic")

	// What is not recorded is named, at once, and the line that asks for it.
	if err := os.Remove(filepath.Join(a.dir, "traffic", "0005-get-assets.json")); err != nil {
		t.Fatal(err)
	}
	r := a.imports("mine", "-replay", "traffic", "-full")
	if r.code != 51 {
		t.Errorf("%s", r)
	}
	contains(t, r.report.Failure.Message, "no response is recorded for GET", "/assets?limit=1000&offset=0")
	contains(t, r.report.Failure.At, "src/")
	contains(t, r.report.Failure.Hint, "-record traffic")
}

// The save point of what came from a recording says nothing of the data source: a run that went on
// from it would leave out all that is not in the recording, and succeed.
func TestRunAfterAReplay(t *testing.T) {
	t.Parallel()
	a := newAuthor(t)
	login := []string{"-url", a.source.URL, "-username", "admin", "-password", "admin"}
	a.ok(host.ModeFull, "mine", append(login, "-record", "traffic")...)
	want := a.graph("mine")
	if err := os.RemoveAll(filepath.Join(a.dir, ".carjs")); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(a.dir, "traffic", "0004-get-sites.json")
	recorded, err := os.ReadFile(file)
	if err == nil {
		err = os.WriteFile(file, bytes.ReplaceAll(recorded, []byte("site 1"), []byte("another")), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	a.ok(host.ModeFull, "mine", "-replay", "traffic")
	if a.graph("mine").Equal(want) {
		t.Fatal("the recording is not another one")
	}
	contains(t, a.ok(host.ModeFull, "mine", login...).stderr, "the last one of this source came from a recording")
	if diff := want.Diff(a.graph("mine")); len(diff) > 0 {
		t.Errorf("%v", diff)
	}
	a.ok(host.ModeIncremental, "mine", login...)
}

func TestRecordBadInput(t *testing.T) {
	a := newAuthor(t)
	a.write("full/letter.txt", "mine")
	a.write("broken/recording.json", "{\n \"format\": 1,\n}")
	a.write("later/recording.json", `{"format": 9}`)
	if err := os.Mkdir(filepath.Join(a.dir, "empty"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		args []string
		want string
	}{
		{"a folder with something else", []string{"-record", "full"}, "full is not a recording: it has the file letter.txt"},
		{"no folder", []string{"-replay", "nowhere"}, "nowhere is not a recording"},
		{"an empty folder", []string{"-replay", "empty"}, "empty is not a recording: it has no recording.json"},
		{"a broken file", []string{"-replay", "broken"}, "broken/recording.json:3:1:"},
		{"a later format", []string{"-replay", "later"}, "has format 9"},
		{"both", []string{"-record", "a", "-replay", "b"}, "-record and -replay exclude each other"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := a.imports("mine", append([]string{"-url", a.source.URL, "-username", "admin", "-password", "admin"}, test.args...)...)
			if r.code != 2 || !strings.Contains(r.report.Failure.Message, test.want) {
				t.Errorf("want %q\n%s", test.want, r)
			}
			if r.report.Failure.Fault != "settings" {
				t.Errorf("fault of %s", r.report.Failure.Fault)
			}
		})
	}
	if text, err := os.ReadFile(filepath.Join(a.dir, "full", "letter.txt")); err != nil || string(text) != "mine" {
		t.Errorf("%q %v", text, err)
	}
}
