package meter

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// hand is a clock that is moved by hand.
type hand struct {
	mu sync.Mutex
	at time.Time
}

func (h *hand) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *hand) move(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}

func TestReading(t *testing.T) {
	clock := &hand{at: time.Unix(1000, 0)}
	m := New(clock.now)
	if diff := cmp.Diff(Reading{Phase: Build}, m.Read()); diff != "" {
		t.Errorf("at the beginning (-want +got):\n%s", diff)
	}
	m.Enter(Vertices)
	m.Elements.Add(12)
	m.Sent.Add(10)
	m.Posting.Add(2)
	before := m.Enter(Jobs)
	m.Jobs.Add(3)
	slow := m.Wait("an answer", 0)
	clock.move(4 * time.Second)
	asked := m.Wait("429, Retry-After", 10*time.Second)
	shorter := m.Wait("503", 2*time.Second)
	late := m.Wait("another answer", 0)
	clock.move(3 * time.Second)
	want := Reading{
		Phase: Jobs, Elapsed: 7 * time.Second, Elements: 12, Sent: 10, Posting: 2, Jobs: 3,
		Waits: []Wait{
			{"429, Retry-After", true, 7 * time.Second}, {"503", true, 0}, {"an answer", false, 7 * time.Second},
			{"another answer", false, 3 * time.Second},
		},
	}
	if diff := cmp.Diff(want, m.Read()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for _, over := range []func(){slow, asked, shorter, late, late} {
		over()
	}
	m.Enter(before)
	if r := m.Read(); r.Waits != nil || r.Phase != Vertices {
		t.Errorf("afterwards %+v", r)
	}
}

func TestManyAtOnce(t *testing.T) {
	m := New(nil)
	var work sync.WaitGroup
	for range 8 {
		work.Go(func() {
			for range 200 {
				over := m.Wait("something", 0)
				m.Elements.Add(1)
				m.Enter(Edges)
				m.Read()
				over()
			}
		})
	}
	work.Wait()
	if r := m.Read(); r.Elements != 1600 || len(r.Waits) != 0 || r.Phase != Edges {
		t.Errorf("%+v", r)
	}
}

func BenchmarkWait(b *testing.B) {
	m := New(nil)
	for b.Loop() {
		m.Wait("answer of example.com", 0)()
	}
}

func TestRate(t *testing.T) {
	slow, last := Rate{Window: 3 * time.Second}, Rate{}
	for _, step := range []struct {
		at           time.Duration
		count        int64
		window, last float64
	}{
		{0, 0, 0, 0},
		{time.Second, 100, 100, 100},
		{2 * time.Second, 400, 200, 300},
		{3 * time.Second, 600, 200, 200},
		{4 * time.Second, 600, 500. / 3, 0},
		{4 * time.Second, 700, 200, 0}, // no time has passed
		{20 * time.Second, 700, 0, 0},
		{21 * time.Second, 701, 1. / 17, 1},
		{25 * time.Second, 701, 0, 0},
	} {
		if got := slow.Next(step.at, step.count); got != step.window {
			t.Errorf("%s, %d: %g over the window, want %g", step.at, step.count, got, step.window)
		}
		if got := last.Next(step.at, step.count); got != step.last {
			t.Errorf("%s, %d: %g since the last, want %g", step.at, step.count, got, step.last)
		}
	}
}
