package dev

import (
	"context"
	"errors"
	"fmt"
	"time"

	"carjs/host"
	"carjs/host/car"
	"carjs/host/carserver"
	"carjs/host/failure"
	"carjs/host/submit"
)

// sandbox is an embedded CAR service in memory, and what it has after a good run.
type sandbox struct {
	server *carserver.Local // nil when it was given up and only the graph is kept
	source string
	graph  carserver.Graph
}

// spare is a service that waits for the next run, because making one takes time.
type spare struct {
	sandbox *sandbox
	err     error
}

// prepare makes a service for the next full import, beside the caller, unless one waits or is being
// made.
func (l *Loop) prepare() {
	if l.prepared {
		return
	}
	l.prepared = true
	go func() {
		s, err := newSandbox()
		l.spare <- spare{s, err}
	}()
}

func newSandbox() (*sandbox, error) {
	server, err := carserver.Start(carserver.Config{Prepared: true})
	if err != nil {
		return nil, err
	}
	return &sandbox{server: server}, nil
}

// close ends the service. It was in memory: nothing is lost.
func (s *sandbox) close() {
	if s.server != nil {
		_ = s.server.Close()
	}
}

// close ends all services.
func (l *Loop) close() {
	if l.good != nil {
		l.good.close()
	}
	if !l.prepared {
		return
	}
	if s := <-l.spare; s.sandbox != nil {
		s.sandbox.close()
	}
}

// Graph is what the last good run brought, for any goroutine; empty before. Nobody may change it.
func (l *Loop) Graph() carserver.Graph {
	l.kept.Lock()
	defer l.kept.Unlock()
	if l.good == nil {
		return carserver.Graph{}
	}
	return l.good.graph
}

// sandboxFor is the service to import into: that of the last good run when it is to be gone on
// from, else an empty one.
func (l *Loop) sandboxFor(begin Begin) (*sandbox, error) {
	if begin.Mode == host.ModeIncremental && l.good != nil && l.good.server != nil {
		return l.good, nil
	}
	s := <-l.spare
	l.prepared = false
	return s.sandbox, s.err
}

// imported runs the import, and keeps its graph when it is good.
func (l *Loop) imported(ctx context.Context, begin Begin, opened Opened) *End {
	s, err := l.sandboxFor(begin)
	if err != nil {
		err = errors.Join(err, opened.Done(false))
		return failed(failure.New(failure.General, "%v", err).WithFault(failure.FaultCarjs).WithCause(err))
	}
	if begin.Mode != begin.asked {
		l.tell(Event{
			Kind: Logged,
			Log: &LogLine{
				Level: "info", Label: "carjs",
				Message: "this import is full, because no earlier run left a graph to continue from; the next one is incremental",
			},
		})
	}
	options := l.options(opened.Options, s)
	options.Full, options.Empty = s != l.good, s != l.good
	report := host.Import(ctx, opened.Connector, options)
	good := report.Failure == nil && ctx.Err() == nil
	if err := opened.Done(good); err != nil {
		l.tell(Event{Kind: Logged, Log: &LogLine{Level: "warn", Message: err.Error()}})
	}
	s.source = options.CAR.Source
	end := &End{
		Outcome: Good, Mode: report.Mode, Failure: report.Failure, SavePoint: report.SavePoint,
		Requests: report.Requests, Collections: report.Collections, Dangling: report.Dangling,
		SkippedReasons: report.SkippedReasons, Changes: []Change{},
	}
	if !good {
		end.Outcome = Failed
		l.drop(s)
		return end
	}
	if err := l.keep(ctx, s, end); err != nil {
		return failed(failure.New(failure.General, "%v", err).WithFault(failure.FaultCarjs).WithCause(err))
	}
	return end
}

// options are those of the import into a service.
func (l *Loop) options(options host.Options, s *sandbox) host.Options {
	if options.CAR.Source == "" {
		options.CAR.Source = "dev"
	}
	// The service does a job in a millisecond, and repeating a request to it would hide a mistake
	// of ours.
	options.CAR = car.Config{URL: s.server.URL, Source: options.CAR.Source, PollWait: time.Millisecond, RetryWait: time.Millisecond,
		RequestTimeout: options.CAR.RequestTimeout, JobTimeout: options.CAR.JobTimeout}
	options.Dangling = func([]submit.Dangling) {} // they are a part of the end
	options.SkippedFor = func(r host.SkippedReason) {
		l.tell(Event{
			Kind: Skipped,
			Skipped: &Skip{
				Collection: r.Collection, Key: r.FirstKey, Faults: []string{r.Reason}, At: r.At, Object: r.Object,
			},
		})
	}
	return options
}

// keep makes the state after a good run the one to compare with.
func (l *Loop) keep(ctx context.Context, s *sandbox, end *End) error {
	graph, err := s.server.Graph(ctx, s.source)
	if err != nil {
		l.drop(s)
		return fmt.Errorf("read the graph: %w", err)
	}
	var before carserver.Graph
	if l.good != nil {
		before = l.good.graph
	}
	end.Changes = changes(before, graph)
	end.Vertices, end.Edges = len(graph.Vertices), len(graph.Edges)
	if l.good != nil && l.good != s {
		go l.good.close()
	}
	l.kept.Lock()
	defer l.kept.Unlock()
	s.graph = graph
	l.good = s
	return nil
}

// drop gives a service up. After an incremental import that failed, the graph in it may be a
// mixture: what is compared with stays, and the next import is full.
func (l *Loop) drop(s *sandbox) {
	go s.close()
	if s != l.good {
		return
	}
	l.kept.Lock()
	defer l.kept.Unlock()
	l.good = &sandbox{graph: s.graph, source: s.source}
}
