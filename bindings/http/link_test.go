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
		want   string // behind "!" what is broken
	}{
		{nil, ""},
		{[]string{"", " , "}, ""},
		{[]string{`</2; rel="next"`}, `!</2; rel="next"`},
		{[]string{`/2; rel=NEXT`}, `!/2; rel=NEXT`},
		{[]string{`<1>; rel=prev, </2; rel="next"`}, `!<1>; rel=prev, </2; rel="next"`},
		{[]string{`</1; rel="prev"`, `<2>; rel="next"`}, "2"},
		{[]string{`</1; rel="prev"`, `; rel=last`}, ""},
		{[]string{`<https://h/2>; rel="next"`}, "https://h/2"},
		{[]string{`<https://h/1>; rel="prev", <https://h/3?a=1,2;3>; rel=next`}, "https://h/3?a=1,2;3"},
		{[]string{`<https://h/1>; rel=prev`, `<2>; title="a, \"b\"; rel=next"; rel="last NEXT"`}, "2"},
		{[]string{`<1>; title="rel=next"`}, ""},
		{[]string{`<1>; nextish; rel="nextpage"`}, ""},
		{[]string{`<1>; rel="prev"; rel="next"`}, ""}, // the first rel counts
		{[]string{`<1>; REL = "next"`}, "1"},
		{[]string{`<1>; rel="first prev", <2>; rel="last next"; title='it, that'`}, "2"},
		{[]string{`<1>; rel='prev', <2>; rel='next'`}, "2"},
		{[]string{`<1>; title='a, b; rel=next'; rel=prev`}, ""},
		{[]string{`<1>; title='tis; rel=next`}, "1"},
		{[]string{`<1`, `1>; rel=next`, `; rel=next`, `<1>; rel="next`}, "1"},
	} {
		got, broken := linkIn(c.header, "next")
		if broken != "" {
			got += "!" + broken
		}
		if got != c.want {
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
		if got, _ := linkIn([]string{header}, "next"); len(got) > len(header) {
			t.Errorf("%q is not in %q", got, header)
		}
	})
}

func TestPauses(t *testing.T) {
	p := policy{wait: 100 * time.Millisecond, maxWait: 1500 * time.Millisecond}
	for _, c := range []struct {
		throttled bool
		most      []time.Duration
	}{
		{false, []time.Duration{100, 200, 400, 800, 1500, 1500}},
		{true, []time.Duration{400, 800, 1500, 1500}},
	} {
		for failures, most := range c.most {
			most *= time.Millisecond
			for random, want := range map[float64]time.Duration{0: most / 2, 0.5: most * 3 / 4, 1: most} {
				if got := p.pause(failures, c.throttled, random); got != want {
					t.Errorf("after %d failures, throttled %t: a wait of %v, want %v", failures, c.throttled, got, want)
				}
			}
		}
	}
	if got := (policy{wait: fetch.MaxWait, maxWait: time.Second}).pause(math.MaxInt, true, 1); got != time.Second {
		t.Errorf("a wait of %v is not the longest", got)
	}
	if got := (policy{maxWait: time.Second}).pause(math.MaxInt, false, 1); got != 0 {
		t.Errorf("no wait became one of %v", got)
	}
	// What a client waits in all for a limit that names no time, at least.
	var all time.Duration
	for failures := range defaultRetries {
		all += policy{wait: defaultRetryWait, maxWait: defaultMaxWait}.pause(failures, true, 0)
	}
	if all <= 5*time.Second {
		t.Errorf("a limit without a time is waited for %v in all", all)
	}
}

// A request that waits for its turn says so, and gives up with its context.
func TestRateLimitWaits(t *testing.T) {
	var waits []string
	c := &client{m: &module{}, limit: newLimiter(1, time.Hour),
		wire: fetch.NewWire(fetch.Deps{Waiting: func(why string, planned time.Duration) func() {
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
