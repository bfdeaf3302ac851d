package app

import (
	"bytes"
	"sync/atomic"
	"testing"
	"time"

	"carjs/host/logging"
	"carjs/host/meter"
)

// hand is a clock and a ticker that are moved by hand.
type hand struct {
	at      atomic.Int64 // since the beginning
	ticks   chan time.Time
	shown   chan bool
	every   time.Duration
	stopped bool
}

func (h *hand) now() time.Time { return time.Unix(0, 0).Add(time.Duration(h.at.Load())) }

func (h *hand) ticker(every time.Duration) (<-chan time.Time, func()) {
	h.every, h.ticks = every, make(chan time.Time)
	return h.ticks, func() { h.stopped = true }
}

// tick moves the clock on, and returns when the progress was shown.
func (h *hand) tick(d time.Duration) {
	h.at.Add(int64(d))
	h.ticks <- h.now()
	<-h.shown
}

func TestProgressInTheLog(t *testing.T) {
	h := &hand{shown: make(chan bool)}
	m := meter.New(h.now)
	var out bytes.Buffer
	log := logging.New(logging.Options{Format: logging.JSON, Output: &out, Now: h.now})
	shows := lines(log, 30*time.Second)
	show := shows.show
	shows.show = func(r meter.Reading) {
		show(r)
		h.shown <- true
	}
	stop := shows.start(m, h.ticker)
	m.Enter(meter.Vertices)
	m.Elements.Add(60000)
	m.Sent.Add(58000)
	m.Posting.Add(2)
	h.tick(30 * time.Second)
	m.Elements.Add(1500)
	m.Posting.Add(-2)
	m.Jobs.Add(3)
	over := m.Wait("429 of okta.example, Retry-After", 50*time.Second)
	h.tick(30 * time.Second)
	over()
	m.Wait("the response of okta.example", 0)
	h.tick(31500 * time.Millisecond)
	stop()
	if h.every != 30*time.Second || !h.stopped {
		t.Errorf("every %s, stopped %t", h.every, h.stopped)
	}
	const head = `"level":"info","label":"carjs","message":"progress","connector":"","source":"","version":"","phase":"vertices",`
	want := `{"ibm_datetime":"1970-01-01T00:00:30.000000Z",` + head + `"objects":60000,"per_second":2000,"sent":58000,"pages_in_flight":2,"jobs":0,"elapsed_seconds":30}
{"ibm_datetime":"1970-01-01T00:01:00.000000Z",` + head + `"objects":61500,"per_second":50,"sent":58000,"pages_in_flight":0,"jobs":3,"elapsed_seconds":60,` +
		`"waits_for":"429 of okta.example, Retry-After","wait_seconds":20}
{"ibm_datetime":"1970-01-01T00:01:31.500000Z",` + head + `"objects":61500,"per_second":0,"sent":58000,"pages_in_flight":0,"jobs":3,"elapsed_seconds":91.5,` +
		`"waits_for":"the response of okta.example","waited_seconds":31.5}
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}
