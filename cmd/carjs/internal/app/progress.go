package app

import (
	"math"
	"os"
	"time"

	"github.com/hashicorp/go-hclog"

	"carjs/cmd/carjs/internal/terminal"
	"carjs/host/logging"
	"carjs/host/meter"
	"carjs/host/settings"
)

const (
	// drawEvery is how often the line on a terminal is drawn.
	drawEvery = time.Second / 8
	// rateWindow is the time over which its rate is taken, so that the figure can be read.
	rateWindow = 3 * time.Second
)

// ticker makes the moments at which something is shown, until it is stopped.
type ticker func(every time.Duration) (ticks <-chan time.Time, stop func())

// machineTicker goes by the machine's clock.
func machineTicker(every time.Duration) (<-chan time.Time, func()) {
	t := time.NewTicker(every)
	return t.C, t.Stop
}

// shower shows how far a run is, from time to time.
type shower struct {
	every time.Duration
	show  func(meter.Reading)
	end   func() // when nothing is shown any more
}

// start begins to show. What it returns ends that, and returns when nothing is drawn any more.
func (s shower) start(m *meter.Meter, tick ticker) (stop func()) {
	ticks, stopTicks := tick(s.every)
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-ticks:
				s.show(m.Read())
			case <-end:
				return
			}
		}
	}()
	return func() {
		stopTicks()
		close(end)
		<-ended
		s.end()
	}
}

// liveLine tells whether progress is a line on the terminal: a person looks on, and nothing else
// that a program reads goes there. The CI systems that give a terminal keep all that is drawn on it.
func (r *Run) liveLine(format string) bool {
	return r.Settings.Progress == settings.ProgressAuto && r.Terminal && format == logging.Text && os.Getenv("CI") == ""
}

// beginProgress begins to show the progress on a live line or, without one, in the log.
func (r *Run) beginProgress(live *terminal.Live) {
	switch {
	case live != nil:
		r.shown = r.line(live).start(r.meter, machineTicker)
	case r.Settings.Progress != settings.ProgressOff && r.Settings.ProgressInterval > 0: // else it is told that this is wrong
		r.shown = lines(r.Log, r.Settings.ProgressInterval).start(r.meter, machineTicker)
	}
}

// endProgress clears what shows the progress.
func (r *Run) endProgress() {
	if r.shown != nil {
		r.shown()
		r.shown = nil
	}
}

// line is the line on a terminal.
func (r *Run) line(live *terminal.Live) shower {
	rate := meter.Rate{Window: rateWindow}
	return shower{every: drawEvery, end: live.Close, show: func(now meter.Reading) {
		phase, rest := terminal.Progress(now, rate.Next(now.Elapsed, now.Elements))
		live.Show(phase, r.Redactor.String(rest))
	}}
}

// lines are those in the log.
func lines(log hclog.Logger, every time.Duration) shower {
	var rate meter.Rate
	return shower{every: every, end: func() {}, show: func(now meter.Reading) {
		told := []any{
			"phase", string(now.Phase), "objects", now.Elements, "per_second", math.Round(rate.Next(now.Elapsed, now.Elements)),
			"sent", now.Sent, "pages_in_flight", now.Posting, "jobs", now.Jobs, "elapsed", now.Elapsed.Round(time.Millisecond),
		}
		if wait, ok := now.Waiting(); ok {
			name := "waited"
			if wait.Planned {
				name = "wait"
			}
			told = append(told, "waits_for", wait.Why, name, wait.Time.Round(time.Millisecond))
		}
		log.Info("progress", told...)
	}}
}
