package submit

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
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

// A part of the run is over when CAR has said so of every job, not when the last page was posted.
func TestSendWaitsForJobs(t *testing.T) {
	sender := newRecorder(t)
	asked, answer := make(chan []string), make(chan error)
	sender.awaiting = func(jobs []string) error {
		select {
		case asked <- jobs:
			return <-answer
		case <-t.Context().Done(): // the test gave up
			return t.Context().Err()
		}
	}
	config := testConfig(t, sender)
	config.PageSize = 1
	s := newSubmission(t, config)
	done := make(chan error, 1)
	go func() {
		for i := range jobBatch + 1 {
			if err := addErr(s, fmt.Sprint(i)); err != nil {
				done <- err
				return
			}
		}
		done <- s.SendVertices(t.Context())
	}()
	for _, want := range []int{jobBatch, 1} {
		select {
		case jobs := <-asked:
			if len(jobs) != want {
				t.Errorf("asked for %d jobs, want %d", len(jobs), want)
			}
		case err := <-done:
			t.Fatalf("it is over before the jobs are asked for: %v", err)
		}
		waitFor(t, func() bool { return sender.posted() == jobBatch+1 }) // posting goes on meanwhile
		select {
		case err := <-done:
			t.Fatalf("it is over before the jobs are: %v", err)
		case <-time.After(20 * time.Millisecond): // as long as it takes to be sure enough
		}
		answer <- nil
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestSendHead(t *testing.T) {
	sender := newRecorder(t)
	s := newSubmission(t, testConfig(t, sender))
	if err := s.SendHead(t.Context(), nil); err != nil {
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

// waitFor returns when the condition holds. It polls because what it waits for happens on other
// goroutines.
func waitFor(t *testing.T, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); !condition(); runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatal("it did not happen in 5 s")
		}
	}
}

func TestBadConfig(t *testing.T) {
	good := testConfig(t, newRecorder(t))
	for want, spoil := range map[string]func(*Config){
		"no sender":         func(c *Config) { c.Sender = nil },
		"no folder":         func(c *Config) { c.Keep, c.Dir = true, "" },
		"not a JSON object": func(c *Config) { c.Head = []byte(`[]`) },
		"are not a JSON":    func(c *Config) { c.Head = []byte(`{"source":`) },
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
