package submit

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"carjs/host/meter"
)

// What is under way can be read while it goes on, and nothing is left of it at the end.
func TestMeterWhileSending(t *testing.T) {
	m := meter.New(nil)
	m.Enter(meter.Edges)
	sender := newRecorder(t)
	sender.importing = func(n int) error {
		if r := m.Read(); r.Posting < 1 || r.Posting > 2 {
			t.Errorf("page %d: %d under way", n, r.Posting)
		}
		return nil
	}
	sender.awaiting = func(jobs []string) error {
		if r := m.Read(); r.Phase != meter.Jobs || r.Jobs != 4 || r.Sent != 4 {
			t.Errorf("while CAR works on %d jobs: %+v", len(jobs), r)
		}
		return nil
	}
	config := testConfig(t, sender)
	config.Meter, config.PageSize, config.InFlight = m, 1, 2
	s := newSubmission(t, config)
	for _, id := range []string{"1", "2", "3", "3", "4"} {
		add(t, s, "asset", "external_id", id, "name", "n")
	}
	add(t, s, "asset", "external_id", "5") // has no name
	if err := s.SendVertices(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := meter.Reading{Phase: meter.Edges, Elements: 6, Sent: 4}
	got := m.Read()
	got.Elapsed = 0
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("at the end (-want +got):\n%s", diff)
	}
}

// A submission that ends in the middle leaves no pages and imports on the meter.
func TestMeterAfterAFailure(t *testing.T) {
	m := meter.New(nil)
	sender := newRecorder(t)
	sender.awaiting = func([]string) error { return context.DeadlineExceeded }
	config := testConfig(t, sender)
	config.Meter, config.PageSize = m, 1
	s, err := New(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"1", "2", "3"} {
		add(t, s, "asset", "external_id", id, "name", "n")
	}
	if err := s.SendVertices(t.Context()); err == nil {
		t.Error("no failure")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if r := m.Read(); r.Posting != 0 || r.Jobs != 0 || len(r.Waits) != 0 {
		t.Errorf("at the end %+v", r)
	}
}

// Who waits for room among the pages under way says so.
func TestMeterShowsBackPressure(t *testing.T) {
	m := meter.New(nil)
	sender := newRecorder(t)
	sender.gate = make(chan struct{})
	config := testConfig(t, sender)
	config.Meter, config.PageSize, config.InFlight = m, 1, 1
	s := newSubmission(t, config)
	add(t, s, "asset", "external_id", "1", "name", "n")
	waitFor(t, func() bool { return m.Read().Posting == 1 })
	var seen meter.Reading
	go func() {
		defer close(sender.gate)
		waitFor(t, func() bool { return len(m.Read().Waits) == 1 })
		seen = m.Read()
	}()
	add(t, s, "asset", "external_id", "2", "name", "n")
	<-sender.gate
	if seen.Posting != 1 || seen.Waits[0].Why != "CAR to take pages" || seen.Waits[0].Planned {
		t.Errorf("while a page waited: %+v", seen)
	}
}
