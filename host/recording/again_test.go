package recording_test

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"carjs/host/recording"
)

// aged makes a recording of two requests, whose files are an hour old, and returns the files.
func aged(t *testing.T, dir string) (one, two string) {
	t.Helper()
	s := source(t)
	recorder, _ := record(t, dir)
	ask(t, recorder, "POST", s.URL+"/echo", "one")
	ask(t, recorder, "GET", s.URL+"/json", "")
	if err := recorder.Close(); err != nil {
		t.Fatal(err)
	}
	one, two = filepath.Join(dir, "0001-post-echo.json"), filepath.Join(dir, "0002-get-json.json")
	for _, file := range []string{one, two} {
		put(t, file, func(b []byte) []byte { return b }, time.Now().Add(-time.Hour))
	}
	return one, two
}

// put changes a file and sets its time.
func put(t *testing.T, file string, change func([]byte) []byte, at time.Time) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err == nil {
		err = os.WriteFile(file, change(data), 0o644)
	}
	if err == nil {
		err = os.Chtimes(file, at, at)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// damaged is a content of the same size that is no recorded answer.
func damaged(b []byte) []byte { return bytes.Repeat([]byte("x"), len(b)) }

func TestReopen(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(t *testing.T, one, two string)
		want   string // in the error; none without
	}{
		{"nothing", func(*testing.T, string, string) {}, ""},
		// Which cannot be told from nothing, and shows that the file is not read.
		{"size and time as before", func(t *testing.T, one, _ string) { put(t, one, damaged, timeOf(t, one)) }, ""},
		{"another time", func(t *testing.T, one, _ string) { put(t, one, damaged, time.Now()) }, "0001-post-echo.json:1:1: "},
		{"another size", func(t *testing.T, one, _ string) {
			put(t, one, func(b []byte) []byte { return append(b, "x"...) }, timeOf(t, one))
		}, "0001-post-echo.json:"},
		{"gone", func(t *testing.T, one, _ string) {
			if err := os.Remove(one); err != nil {
				t.Fatal(err)
			}
		}, ""},
		{"new", func(t *testing.T, one, _ string) {
			if err := os.WriteFile(strings.Replace(one, "0001", "0003", 1), []byte("{"), 0o644); err != nil {
				t.Fatal(err)
			}
		}, "0003-post-echo.json:1:"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			one, two := aged(t, dir)
			before, err := recording.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			test.change(t, one, two)
			again, err := before.Reopen()
			if test.want != "" {
				if err == nil || !strings.Contains(err.Error(), test.want) {
					t.Fatalf("%v, want %s", err, test.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if status, _ := ask(t, again.Replay(nil, nil), "GET", "http://x/json", ""); status != http.StatusOK {
				t.Errorf("%d", status)
			}
		})
	}
}

func timeOf(t *testing.T, file string) time.Time {
	t.Helper()
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	return info.ModTime()
}

// A file may change twice within what a file system takes for one moment.
func TestReopenDoesNotTrustAYoungFile(t *testing.T) {
	dir := t.TempDir()
	one, _ := aged(t, dir)
	now := time.Now()
	put(t, one, func(b []byte) []byte { return b }, now)
	before, err := recording.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	put(t, one, damaged, now)
	var mistake *recording.Mistake
	if _, err := before.Reopen(); !errors.As(err, &mistake) {
		t.Errorf("%v", err)
	}
}

func TestCloseAddition(t *testing.T) {
	dir := t.TempDir()
	one, _ := aged(t, dir)
	manifest := filepath.Join(dir, recording.ManifestFile)
	s := source(t)
	extend := func() (*recording.Recorder, func(...string)) {
		_, redactor := record(t, filepath.Join(t.TempDir(), "other"))
		recorder, err := recording.Extend(dir, http.DefaultTransport, redactor, recording.Manifest{Connector: "test"})
		if err != nil {
			t.Fatal(err)
		}
		return recorder, redactor.Add
	}
	long := time.Now().Add(-time.Hour)
	if err := os.Chtimes(manifest, long, long); err != nil {
		t.Fatal(err)
	}
	recorder, _ := extend()
	if err := recorder.CloseAddition(); err != nil || time.Since(timeOf(t, manifest)) < time.Minute {
		t.Errorf("%v; the manifest is of %v", err, timeOf(t, manifest))
	}
	recorder, learn := extend()
	ask(t, recorder, "POST", s.URL+"/echo", "learnt-later")
	learn("learnt-later")
	put(t, one, damaged, time.Now()) // which nobody reads
	if err := recorder.CloseAddition(); err != nil {
		t.Fatal(err)
	}
	added, err := os.ReadFile(filepath.Join(dir, "0003-post-echo.json"))
	if err != nil || bytes.Contains(added, []byte("learnt-later")) {
		t.Errorf("%v %s", err, added)
	}
	if time.Since(timeOf(t, manifest)) > time.Minute {
		t.Error("the manifest tells of the earlier recording")
	}
}

// A token that is hidden in the recording is the real one for the process that recorded it.
func TestOriginals(t *testing.T) {
	s, dir := source(t), t.TempDir()
	var originals recording.Originals
	recorder, redactor := record(t, dir)
	recorder.Originals = &originals
	ask(t, recorder, "GET", s.URL+"/token", "")
	ask(t, recorder, "GET", s.URL+"/turn", "")
	if err := recorder.Close(); err != nil {
		t.Fatal(err)
	}
	recorded, err := recording.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	replayer := recorded.Replay(nil, redactor)
	if _, text := ask(t, replayer, "GET", "http://x/token", ""); strings.Contains(text, "a-token-nobody-knew") {
		t.Errorf("it is in the recording: %s", text)
	}
	replayer.Originals = &originals
	for path, want := range map[string]string{"/token": "a-token-nobody-knew", "/turn": `"turn": 1`} {
		if _, text := ask(t, replayer, "GET", "http://x"+path, ""); !strings.Contains(text, want) {
			t.Errorf("%s: %s", path, text)
		}
	}
}
