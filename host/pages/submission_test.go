package pages

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"carjs/host/failure"
)

func TestPagesAndOrder(t *testing.T) {
	sender := newRecorder(t)
	config := testConfig(t, sender)
	config.PageSize = 3
	s := newSubmission(t, config)
	const n = 50
	for i := range n {
		// Edges come before their vertices: the order of the calls must not matter.
		link(t, s, "asset_ipaddress", fmt.Sprint(i), fmt.Sprintf("10.0.0.%d", i))
		link(t, s, "asset_hostname", fmt.Sprint(i), fmt.Sprintf("h%d", i))
		add(t, s, "asset", "external_id", fmt.Sprint(i), "name", "a")
		add(t, s, "ipaddress", "_key", fmt.Sprintf("10.0.0.%d", i))
	}
	if err := s.SendVertices(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(sender.open) != 0 {
		t.Errorf("jobs %v are not taken in yet", sender.open)
	}
	if got := sender.posted(); got != 2*17 {
		t.Errorf("%d pages of vertices, want 34", got)
	}
	if err := s.SendEdges(t.Context()); err != nil {
		t.Fatal(err)
	}
	for collection, property := range map[string]string{
		"asset": "external_id", "ipaddress": "_key", "asset_ipaddress": "_from_external_id", "asset_hostname": "_to",
	} {
		seen := map[any]bool{}
		for _, o := range sender.objects(collection) {
			seen[o[property]] = true
		}
		if len(seen) != n || s.Counts()[collection].Sent != n {
			t.Errorf("%s: %d objects, counted %+v", collection, len(seen), s.Counts()[collection])
		}
	}
	for _, body := range sender.bodies {
		for name, objects := range pageOf(t, body) {
			if len(objects) > 3 {
				t.Errorf("a page of %d in %s", len(objects), name)
			}
		}
	}
	for i, batch := range sender.batches {
		if len(batch) > jobBatch {
			t.Errorf("batch %d has %d jobs", i, len(batch))
		}
	}
	if sender.most > DefaultInFlight {
		t.Errorf("%d pages in flight", sender.most)
	}
}

// What is added after a part was sent goes with the next.
func TestSendAgain(t *testing.T) {
	sender := newRecorder(t)
	s := newSubmission(t, testConfig(t, sender))
	for i := range 3 {
		add(t, s, "asset", "external_id", fmt.Sprint(i), "name", "a")
		link(t, s, "asset_ipaddress", fmt.Sprint(i), "::1")
		link(t, s, "asset_ipaddress", "0", "::1") // the first time new, then a duplicate of what was sent
		if err := s.SendEdges(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := len(sender.objects("asset_ipaddress")); got != i+1 {
			t.Errorf("round %d: %d edges", i, got)
		}
	}
	if got := s.Counts()["asset_ipaddress"]; got != (Count{Sent: 3, Duplicate: 3}) {
		t.Errorf("counts %+v", got)
	}
}

func TestSendHead(t *testing.T) {
	sender := newRecorder(t)
	s := newSubmission(t, testConfig(t, sender))
	if err := s.SendHead(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := string(sender.bodies[0]); got != `{"source":{"_key":"src"},"report":{"_key":"rep","timestamp":1}}` || len(sender.open) != 0 {
		t.Errorf("posted %s, jobs %v open", got, sender.open)
	}
	if err := s.SendEdges(t.Context()); err != nil || sender.posted() != 1 {
		t.Errorf("an empty submission posted %d pages, %v", sender.posted(), err)
	}
}

// A slow CAR holds the connector back: at no time are there more pages than are in flight.
func TestBackPressure(t *testing.T) {
	sender := newRecorder(t)
	sender.gate = make(chan struct{})
	config := testConfig(t, sender)
	config.PageSize, config.InFlight = 1, 2
	s := newSubmission(t, config)
	var added atomic.Int64
	done := make(chan error, 1)
	go func() {
		for i := range 5 {
			add(t, s, "asset", "external_id", fmt.Sprint(i), "name", "a")
			added.Add(1)
		}
		done <- s.SendVertices(t.Context())
	}()
	for page := range 5 {
		// Two are being posted, and the third object waits in Commit.
		want := int64(min(5, page+2))
		waitFor(t, func() bool { return added.Load() == want && sender.posted() == int(want) })
		sender.gate <- struct{}{}
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if sender.most != 2 {
		t.Errorf("%d pages in flight", sender.most)
	}
}

// waitFor returns when the condition holds. It polls because what it waits for happens on other goroutines.
func waitFor(t *testing.T, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); !condition(); runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatal("it did not happen in 5 s")
		}
	}
}

func TestSenderFails(t *testing.T) {
	broken := failure.New(failure.Recoverable, "CAR answered 503")
	tests := []struct {
		name  string
		spoil func(*recorder)
	}{
		{"import", func(s *recorder) {
			s.importing = func(n int) error {
				if n == 3 {
					return broken
				}
				return nil
			}
		}},
		{"await", func(s *recorder) { s.awaiting = func([]string) error { return broken } }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			sender := newRecorder(t)
			test.spoil(sender)
			config := testConfig(t, sender)
			config.PageSize, config.InFlight = 1, 1
			var told atomic.Int64
			config.Failed = func(err error) {
				if err != error(broken) {
					t.Errorf("told of %v", err)
				}
				told.Add(1)
			}
			s := newSubmission(t, config)
			var err error
			for i := 0; err == nil; i++ { // it must come; the test binary has a time limit
				err = addErr(s, fmt.Sprint(i))
			}
			if err != error(broken) {
				t.Fatalf("Commit gave %v", err)
			}
			waitFor(t, func() bool { return told.Load() == 1 })
			posted := sender.posted()
			for _, err := range []error{addErr(s, "x"), s.SendVertices(t.Context()), s.SendEdges(t.Context()), s.SendHead(t.Context())} {
				if err != error(broken) {
					t.Errorf("afterwards: %v", err)
				}
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			if sender.posted() != posted || told.Load() != 1 {
				t.Errorf("%d pages posted after the failure, told %d times", sender.posted()-posted, told.Load())
			}
		})
	}
}

func addErr(s *Submission, id string) error {
	r, err := s.Vertex("asset")
	if err != nil {
		return err
	}
	_, err = push(r, pairs{"external_id", id, "name", "a"}).Commit()
	return err
}

// A job that fails after the last page was posted fails the part of the run that waits for it.
func TestLastJobFails(t *testing.T) {
	broken := errors.New("error_imports")
	sender := newRecorder(t)
	sender.awaiting = func([]string) error { return broken }
	s := newSubmission(t, testConfig(t, sender))
	add(t, s, "asset", "external_id", "1", "name", "a")
	link(t, s, "asset_ipaddress", "1", "::1")
	if err := s.SendEdges(t.Context()); err != broken {
		t.Errorf("got %v", err)
	}
	if sender.posted() != 1 {
		t.Errorf("%d pages: an edge followed the failed vertices", sender.posted())
	}
}

func TestContextEnds(t *testing.T) {
	stopped := errors.New("stopped by the user")
	sender := newRecorder(t)
	sender.gate = make(chan struct{}) // no page gets through
	config := testConfig(t, sender)
	config.PageSize, config.InFlight = 1, 1
	config.Failed = func(err error) { t.Errorf("told of %v", err) }
	ctx, stop := context.WithCancelCause(t.Context())
	s, err := New(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		var err error
		for i := 0; err == nil; i++ {
			err = addErr(s, fmt.Sprint(i))
		}
		done <- err
	}()
	waitFor(t, func() bool { return sender.posted() == 1 })
	stop(stopped)
	if err := <-done; err != stopped {
		t.Errorf("Commit gave %v", err)
	}
	if err := s.SendVertices(t.Context()); err != stopped {
		t.Errorf("SendVertices gave %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// The context of a Send ends that call; the submission goes on, and nothing is lost or doubled.
func TestContextOfSendEnds(t *testing.T) {
	sender := newRecorder(t)
	sender.gate = make(chan struct{}, 10)
	config := testConfig(t, sender)
	config.InFlight = 1
	s := newSubmission(t, config)
	add(t, s, "asset", "external_id", "1", "name", "a")
	add(t, s, "ipaddress", "_key", "::1")
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.SendVertices(ctx) }()
	waitFor(t, func() bool { return sender.posted() == 1 })
	stop()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	sender.gate <- struct{}{}
	sender.gate <- struct{}{}
	add(t, s, "ipaddress", "_key", "::2")
	if err := s.SendVertices(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := keysOf(sender.objects("asset"), "external_id") + " " + keysOf(sender.objects("ipaddress"), "_key"); got != "1 ::1 ::2" {
		t.Errorf("posted %s", got)
	}
}

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
	entries, err := os.ReadDir(config.Dir)
	if err != nil || len(entries) != 1 {
		t.Fatalf("%d entries in the folder, %v", len(entries), err)
	}
	spilled := filepath.Join(config.Dir, entries[0].Name(), "spill")
	if info, err := os.Stat(spilled); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the spill file: %v, %v", info, err)
	}
	if info, err := os.Stat(filepath.Dir(spilled)); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("its folder: %v, %v", info, err)
	}
	for range 2 { // closing twice is closing once
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if entries, err = os.ReadDir(config.Dir); err != nil || len(entries) != 0 {
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
	if s.spill.file, err = os.Open(os.DevNull); err != nil { // for Close
		t.Fatal(err)
	}
}

func TestBadConfig(t *testing.T) {
	good := testConfig(t, newRecorder(t))
	for want, spoil := range map[string]func(*Config){
		"no sender":      func(c *Config) { c.Sender = nil },
		"no folder":      func(c *Config) { c.Keep, c.Dir = true, "" },
		"no JSON object": func(c *Config) { c.Head = []byte(`[]`) },
		"are no JSON":    func(c *Config) { c.Head = []byte(`{"source":`) },
	} {
		config := good
		spoil(&config)
		if _, err := New(t.Context(), config); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// Large objects end a page early and pass through the spill file whole.
func TestLargeObjects(t *testing.T) {
	sender := newRecorder(t)
	s := newSubmission(t, testConfig(t, sender))
	large := json.RawMessage(`{"text":"` + strings.Repeat("x", maxPageBytes/3) + `"}`)
	for i := range 7 {
		add(t, s, "asset", "external_id", fmt.Sprint(i), "name", "a", "properties", large)
		link(t, s, "asset_vulnerability", fmt.Sprint(i), "v", "port", large)
		link(t, s, "asset_vulnerability", fmt.Sprint(i), "w")
	}
	if link(t, s, "asset_vulnerability", "3", "v", "port", large).Outcome != Duplicate {
		t.Error("a large duplicate went through")
	}
	if err := s.SendEdges(t.Context()); err != nil {
		t.Fatal(err)
	}
	seen := map[any]bool{}
	for _, o := range sender.objects("asset") {
		seen[o["external_id"]] = true
	}
	if edges := len(sender.objects("asset_vulnerability")); len(seen) != 7 || edges != 14 {
		t.Errorf("%d assets, %d edges", len(seen), edges)
	}
	if got := sender.posted(); got != 6 {
		t.Errorf("%d pages, want 3 of each", got)
	}
}

func TestAddDeleted(t *testing.T) {
	s := newSubmission(t, testConfig(t, newRecorder(t)))
	s.AddDeleted("asset", 2)
	s.AddDeleted("asset", 3)
	s.AddDeleted("nothing", 3)
	if got := s.Counts(); len(got) != 1 || got["asset"] != (Count{Deleted: 5}) {
		t.Errorf("counts %+v", got)
	}
}
