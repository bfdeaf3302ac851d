// Package dev is the loop in which a connector is written: at every save it builds the connector,
// imports everything into an empty embedded CAR service, and tells what changed in the graph
// against the last run that succeeded.
//
// It decides when a run begins, in which mode, and what a save during a run means (the run is
// over). What it tells are [Event]s; how they look on a terminal or on a page is for others, and so
// is how a connector is made of TypeScript: [Subject] is all that it knows of that. A real CAR
// service is never touched from here.
package dev

import (
	"context"
	"errors"
	"fmt"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"

	"carjs/host"
	"carjs/host/bundle"
)

// Subject is the connector that is being written.
type Subject interface {
	// Build bundles what the files are now; a connector that does not build is a
	// *bundle.BuildError.
	Build(ctx context.Context) (*bundle.Bundle, error)
	// Open reads the settings and makes a connector of what is built, for one run. It calls build
	// once, and returns an error of it as it is; what can be done beside the bundler is done
	// meanwhile.
	Open(ctx context.Context, build func() (*bundle.Bundle, error), opening Opening) (Opened, error)
	// Files are the absolute paths of what matters besides the bundle: settings and recorded
	// answers. They need not exist.
	Files() []string
}

// Opening is how a run's connector is made.
type Opening struct {
	// Live asks the data source itself, whatever is recorded.
	Live bool
	// Log receives what the connector and the host have to say.
	Log hclog.Logger
	// Requests watches the traffic with the data source.
	Requests *Requests
}

// Opened is a connector for one run.
type Opened struct {
	Connector host.Connector
	// Options are those of the import. Where CAR is, and what is done with objects that are not
	// valid, the loop says.
	Options host.Options
	// Done is called after the run, and told whether it succeeded.
	Done func(good bool) error
}

// Command is what the author asks for besides saving.
type Command string

// The commands. Full and Incremental also say how the saves that follow are imported.
const (
	Full        Command = "full"
	Incremental Command = "incremental"
	Live        Command = "live"
)

// Config says how a loop works.
type Config struct {
	Subject Subject
	// Changes delivers the files that were saved; nil for a connector whose files do not change.
	Changes <-chan []string
	// Follow is told, after every build, which files matter; nil when nobody watches.
	Follow func(files []string, others func(path string) bool) error
	// Stale tells whether one of the files that Changes delivered has changed again; nil when
	// nobody watches.
	Stale func(files []string) bool
	// Commands are what the author asks for.
	Commands <-chan Command
	// Events receives what happens, one at a time and in order.
	Events func(Event)
	// Redact takes the secrets out of all that is told. nil leaves it as it is.
	Redact Cleaner
	// Level is the least level of the log that is told; 0 is [hclog.Info].
	Level hclog.Level
}

// Loop is the work on one connector.
type Loop struct {
	config Config
	mode   host.Mode
	run    int
	inputs []string // of the last bundle
	spare  chan spare
	// collect collects garbage when the pause after a run has lasted a while.
	collect *time.Timer
	// prepared tells that a spare waits or is being made.
	prepared bool
	told     sync.Mutex // of run and begun
	begun    *begun     // a run that has not been told of yet
	kept     sync.Mutex // of good, which only the loop changes
	good     *sandbox   // the state after the last good run; nil before
}

// New makes a loop, which [Loop.Run] starts.
func New(config Config) *Loop {
	if config.Level == hclog.NoLevel {
		config.Level = hclog.Info
	}
	return &Loop{config: config, mode: host.ModeFull, spare: make(chan spare, 1)}
}

// begun is the beginning of a run.
type begun struct {
	Begin
	at time.Time
}

// settled is the time after a save in which the rest of it may still come: some editors write a
// file in pieces, and several files one after the other. What the pieces begin is not told of.
const settled = 2 * time.Millisecond

// pause is the time after a run in which a save belongs to it still.
const pause = 30 * time.Millisecond

// lateAtMost is how long a change that has happened may take to be told.
const lateAtMost = 100 * time.Millisecond

// errSuperseded ends a run that a save has made pointless.
var errSuperseded = errors.New("superseded by a later run")

// Run runs the connector once, and again at every save and command, until ctx ends.
func (l *Loop) Run(ctx context.Context) {
	defer l.close()
	l.prepare()
	next := &Begin{Cause: CauseStart}
	for next != nil {
		next.Mode, next.asked = l.nextMode(), l.mode
		running, cancel := context.WithCancelCause(ctx)
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			l.cycle(running, *next)
		}()
		later := l.wait(ctx, ended)
		cancel(errSuperseded)
		<-ended
		if untold := l.forget(); untold != nil && later != nil {
			later.Files = slices.Compact(slices.Sorted(slices.Values(append(untold.Files, later.Files...))))
		}
		if later == nil {
			later = l.wait(ctx, nil)
		}
		next = later
	}
}

// nextMode is the mode that was asked for, but full where there is nothing to go on from.
func (l *Loop) nextMode() host.Mode {
	if l.good == nil || l.good.server == nil {
		return host.ModeFull
	}
	return l.mode
}

// wait returns what the next run is to be; nil when the present one, or everything, has ended
// before.
func (l *Loop) wait(ctx context.Context, ended <-chan struct{}) *Begin {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ended:
			return nil
		case files, open := <-l.config.Changes:
			if !open {
				l.config.Changes = nil
				continue
			}
			return &Begin{Cause: CauseSave, Files: files}
		case command := <-l.config.Commands:
			switch command {
			case Full:
				l.mode = host.ModeFull
			case Incremental:
				l.mode = host.ModeIncremental
			}
			return &Begin{Cause: CauseCommand, Live: command == Live}
		}
	}
}

// cycle is one run, from the build to what it changed.
func (l *Loop) cycle(ctx context.Context, begin Begin) {
	if l.collect != nil {
		l.collect.Stop()
	}
	started := begun{begin, time.Now()}
	l.told.Lock()
	l.begun = &started
	l.told.Unlock()
	if begin.Cause != CauseSave {
		l.announce()
	}
	end := l.attempt(ctx, started)
	// A run that ended well is what the next one is compared with, also when that has been asked
	// for already.
	if ctx.Err() != nil && end.Outcome != Good {
		end = &End{Outcome: Stopped}
		if errors.Is(context.Cause(ctx), errSuperseded) {
			end.Outcome = Superseded
		}
		if !l.announced() {
			return
		}
	}
	end.Milliseconds = milliseconds(time.Since(started.at))
	l.tell(Event{Kind: RunEnds, End: end})
	l.prepare()
	// While the author looks at the result: what this run leaves would be collected in the midst of
	// the next one, which is waited for. Not at once, because a save that comes right behind is
	// waited for, too.
	l.collect = time.AfterFunc(pause, runtime.GC)
}

// announce tells of the run that has begun, if that has not been done.
func (l *Loop) announce() {
	l.told.Lock()
	defer l.told.Unlock()
	l.announceLocked()
}

func (l *Loop) announceLocked() {
	if l.begun == nil {
		return
	}
	begun := l.begun
	l.begun = nil
	l.run++
	l.hand(Event{Kind: RunBegins, Time: begun.at, Begin: &begun.Begin})
}

// announced tells whether all that has begun has been told.
func (l *Loop) announced() bool {
	l.told.Lock()
	defer l.told.Unlock()
	return l.begun == nil
}

// forget gives up a run that was not told of, and returns how it had begun; nil when there is none.
func (l *Loop) forget() *begun {
	l.told.Lock()
	defer l.told.Unlock()
	untold := l.begun
	l.begun = nil
	return untold
}

// attempt builds and imports.
func (l *Loop) attempt(ctx context.Context, begin begun) *End {
	var bundled *bundle.Bundle
	var built float64
	wanted, ready, followed := make(chan bool, 1), make(chan struct{}), make(chan struct{})
	build := func() (*bundle.Bundle, error) {
		started := time.Now()
		b, err := l.config.Subject.Build(ctx)
		bundled, built = b, milliseconds(time.Since(started))
		// Beside the compiler, which has the other processor to itself otherwise.
		go func() {
			defer close(followed)
			wanted <- l.settle(ctx, begin)
			<-ready // the settings say which recorded answers matter
			l.follow(b)
		}()
		return b, err
	}
	requests := &Requests{loop: l}
	opened, err := l.config.Subject.Open(ctx, build, Opening{Live: begin.Live, Log: l.logger(), Requests: requests})
	close(ready)
	defer func() { <-followed }()
	if !<-wanted && err == nil {
		err = errors.Join(context.Cause(ctx), opened.Done(false))
	}
	if err != nil {
		return failed(err)
	}
	for _, warning := range bundled.Warnings {
		l.tell(Event{Kind: Logged, Log: &LogLine{Level: "warn", Message: warning.Frame}})
	}
	end := l.imported(ctx, begin.Begin, opened)
	end.BuildMilliseconds, end.Files = built, len(bundled.Inputs)
	end.Recorded = requests.recorded.Load()
	return end
}

// settle announces a run once no more of its save is to come, and tells whether that was still to
// be done. Where a file has changed again, a part of it was built, and the change that ends this
// run is on its way.
func (l *Loop) settle(ctx context.Context, begin begun) bool {
	wait := time.Until(begin.at.Add(settled))
	for latest := time.Now().Add(lateAtMost); ; wait = lateAtMost / 100 {
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
		if ctx.Err() != nil {
			return false
		}
		if l.config.Stale == nil || time.Now().After(latest) || !l.config.Stale(begin.Files) {
			l.announce()
			return true
		}
	}
}

// follow says which files matter now. After a build that failed, any source may be the one that was
// missing.
func (l *Loop) follow(bundled *bundle.Bundle) {
	if l.config.Follow == nil {
		return
	}
	var others func(string) bool
	if bundled != nil {
		l.inputs = bundled.Inputs
	} else {
		others = isSource
	}
	if err := l.config.Follow(slices.Concat(l.inputs, l.config.Subject.Files()), others); err != nil {
		l.tell(Event{Kind: Logged, Log: &LogLine{Level: "warn", Message: fmt.Sprintf("some changes may go unnoticed: %v", err)}})
	}
}

// isSource tells whether a bundle may be made of a file.
func isSource(name string) bool {
	base := path.Base(name)
	return !strings.HasPrefix(base, ".") &&
		slices.Contains([]string{".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".jsx", ".json"}, path.Ext(base))
}

// tell hands over an event, and before the first of a run that it has begun. Requests and log lines
// come from several goroutines.
func (l *Loop) tell(event Event) {
	l.told.Lock()
	defer l.told.Unlock()
	l.announceLocked()
	event.Time = time.Now()
	l.hand(event)
}

// hand numbers and redacts an event and hands it over.
func (l *Loop) hand(event Event) {
	event.Run = l.run
	l.config.Events(l.config.Redact.event(event))
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
