package http

import (
	"context"
	"math"
	"net/url"
	"slices"
	"testing"
	"time"

	"carjs/bindings/fetch"
)

func TestNextLink(t *testing.T) {
	for _, c := range []struct {
		header []string
		want   string
	}{
		{nil, ""},
		{[]string{`<https://h/2>; rel="next"`}, "https://h/2"},
		{[]string{`<https://h/1>; rel="prev", <https://h/3?a=1,2;3>; rel=next`}, "https://h/3?a=1,2;3"},
		{[]string{`<https://h/1>; rel=prev`, `<2>; title="a, \"b\"; rel=next"; rel="last NEXT"`}, "2"},
		{[]string{`<1>; title="rel=next"`}, ""},
		{[]string{`<1>; nextish; rel="nextpage"`}, ""},
		{[]string{`<1>; rel="prev"; rel="next"`}, ""}, // the first rel counts
		{[]string{`<1>; REL = "next"`}, "1"},
		{[]string{`<1`, `1>; rel=next`, `; rel=next`, `<1>; rel="next`}, "1"},
	} {
		if got := nextLink(c.header); got != c.want {
			t.Errorf("%q: got %q, want %q", c.header, got, c.want)
		}
	}
}

// FuzzNextLink only asks that a header from outside neither crashes nor hangs.
func FuzzNextLink(f *testing.F) {
	for _, seed := range []string{`<1>; rel="next"`, `<1>;;,,="\`, `<`, `>;rel=next,<2>;rel`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if got := nextLink([]string{header}); len(got) > len(header) {
			t.Errorf("%q is not in %q", got, header)
		}
	})
}

func TestPauses(t *testing.T) {
	p := policy{wait: 100 * time.Millisecond, maxWait: time.Second}
	for attempt, most := range []time.Duration{100, 200, 400, 800, 1000, 1000} {
		most *= time.Millisecond
		for range 50 {
			if got := p.pause(attempt); got < most/2 || got > most {
				t.Fatalf("after attempt %d: a wait of %v", attempt, got)
			}
		}
	}
	if got := (policy{wait: time.Hour, maxWait: time.Second}).pause(0); got > time.Second {
		t.Errorf("a wait of %v is longer than the longest", got)
	}
	if got := (policy{maxWait: time.Second}).pause(math.MaxInt); got != 0 {
		t.Errorf("no wait became one of %v", got)
	}
}

// A request that waits for its turn says so, and gives up with its context.
func TestRateLimitWaits(t *testing.T) {
	var waits []string
	c := &client{limit: newLimiter(1, time.Hour), wire: fetch.NewWire(fetch.Deps{Waiting: func(why string, planned time.Duration) func() {
		waits = append(waits, why)
		if planned < 59*time.Minute || planned > time.Hour {
			t.Errorf("a wait of %s", planned)
		}
		return func() { waits = append(waits, "over") }
	}})}
	r := &request{Request: fetch.Request{URL: &url.URL{Scheme: "https", Host: "data.example"}}}
	if err := c.limited(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := c.limited(ctx, r); err == nil {
		t.Error("the second request did not wait")
	}
	if want := []string{"the connector's rate limit for data.example", "over"}; !slices.Equal(waits, want) {
		t.Errorf("waits %q, want %q", waits, want)
	}
}
