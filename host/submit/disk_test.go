package submit

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"carjs/host/failure"
	"carjs/host/files"
)

func TestCloseLeavesNothing(t *testing.T) {
	before := runtime.NumGoroutine()
	sender := newRecorder(t)
	sender.gate = make(chan struct{})
	config := testConfig(t, sender)
	config.PageSize = 1
	s, err := New(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	add(t, s, "asset", "external_id", "1", "name", "a")
	link(t, s, "asset_ipaddress", "1", "::1")
	info, err := s.spill.file.Stat()
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("the spill file: %v, %v", info, err)
	}
	// Nor is anything left of a process that is killed, where the system lets an open file be
	// removed.
	if entries, err := os.ReadDir(config.Dir); err != nil || len(entries) != 0 && runtime.GOOS != "windows" {
		t.Errorf("%v in the folder, %v", entries, err)
	}
	for range 2 { // closing twice is closing once
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if entries, err := os.ReadDir(config.Dir); err != nil || len(entries) != 0 {
		t.Errorf("%d entries are left, %v", len(entries), err)
	}
	if err := addErr(s, "2"); err != errClosed {
		t.Errorf("Commit after Close: %v", err)
	}
	waitFor(t, func() bool { return runtime.NumGoroutine() <= before })
}

func TestKeep(t *testing.T) {
	sender := newRecorder(t)
	config := testConfig(t, sender)
	config.PageSize, config.Keep = 2, true
	stale := filepath.Join(config.Dir, "asset", "7.json")
	mine := filepath.Join(config.Dir, "asset", "notes.json")
	if err := os.MkdirAll(filepath.Dir(stale), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{stale, mine} {
		if err := os.WriteFile(name, []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := newSubmission(t, config)
	for i := range 5 {
		add(t, s, "asset", "external_id", fmt.Sprint(i), "name", "a")
		link(t, s, "asset_ipaddress", fmt.Sprint(i), "::1")
	}
	if err := s.SendEdges(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	var kept []string
	err := filepath.WalkDir(config.Dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, _ := filepath.Rel(config.Dir, path)
		kept = append(kept, filepath.ToSlash(name))
		if path == mine {
			return nil
		}
		body, err := os.ReadFile(path)
		pageOf(t, body)
		return err
	})
	want := "asset/1.json asset/2.json asset/3.json asset/notes.json asset_ipaddress/1.json asset_ipaddress/2.json asset_ipaddress/3.json"
	if got := strings.Join(kept, " "); err != nil || got != want {
		t.Errorf("kept %s, %v", got, err)
	}
	body, err := os.ReadFile(filepath.Join(config.Dir, "asset", "1.json"))
	wantBody := `{"source":{"_key":"src"},"report":{"_key":"rep","timestamp":1},"asset":[
{"external_id":"0","name":"a"},
{"external_id":"1","name":"a"}
]}`
	if string(body) != wantBody || err != nil {
		t.Errorf("kept %s, %v", body, err)
	}
}

func TestDisk(t *testing.T) {
	config := testConfig(t, newRecorder(t))
	blocked := filepath.Join(config.Dir, "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	config.Dir = blocked
	var f *failure.Failure
	if _, err := New(t.Context(), config); !errors.As(err, &f) || f.Hint == "" {
		t.Errorf("a file for a folder: %v", err)
	}

	config = testConfig(t, newRecorder(t))
	s := newSubmission(t, config)
	link(t, s, "asset_ipaddress", "1", "::1")
	if err := s.spill.file.Close(); err != nil { // as good as a disk that is gone
		t.Fatal(err)
	}
	err := s.SendEdges(t.Context())
	if !errors.As(err, &f) || f.Kind != failure.Recoverable || !errors.Is(err, os.ErrClosed) {
		t.Errorf("a disk that is gone: %v", err)
	}
	if s.spill.file, err = files.NewTemporary(t.TempDir(), ""); err != nil { // for Close
		t.Fatal(err)
	}
}
