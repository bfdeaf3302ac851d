package dev_test

import (
	"context"
	"slices"
	"testing"

	"carjs/host/author/dev"
	"carjs/host/bundle"
)

// brokenSubject is a connector that does not build. Its second build goes on until it is cancelled.
type brokenSubject struct {
	builds  int
	waiting chan struct{}
}

func (s *brokenSubject) Build(ctx context.Context) (*bundle.Bundle, error) {
	s.builds++
	if s.builds == 2 {
		close(s.waiting)
		<-ctx.Done()
		return nil, context.Cause(ctx)
	}
	return nil, &bundle.BuildError{Messages: []bundle.Message{{Text: "it does not build", File: "src/main.ts", Line: 1}}}
}

func (s *brokenSubject) Open(_ context.Context, build func() (*bundle.Bundle, error), _ dev.Opening) (dev.Opened, error) {
	_, err := build()
	return dev.Opened{}, err
}

func (*brokenSubject) Files() []string { return nil }

// What a save begins that is not whole yet is not told; the run that is has all of its files.
func TestSaveInPieces(t *testing.T) {
	ctx, quit := context.WithCancel(t.Context())
	defer quit()
	subject := &brokenSubject{waiting: make(chan struct{})}
	changes, events := make(chan []string), make(chan dev.Event, 100)
	loop := dev.New(dev.Config{Subject: subject, Changes: changes, Events: func(e dev.Event) { events <- e }})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		loop.Run(ctx)
	}()
	expect := func(run int, cause string, files ...string) {
		t.Helper()
		begin, end := <-events, <-events
		if begin.Kind != dev.RunBegins || begin.Run != run || begin.Begin.Cause != cause || !slices.Equal(begin.Begin.Files, files) {
			t.Errorf("event %+v %+v, want that run %d begins with %s of %v", begin, begin.Begin, run, cause, files)
		}
		if end.Kind != dev.RunEnds || end.Run != run || end.End.Outcome != dev.BuildFailed {
			t.Errorf("event %+v, want the end of run %d", end, run)
		}
	}
	expect(1, dev.CauseStart)
	changes <- []string{"src/rows.ts"}
	<-subject.waiting
	changes <- []string{"src/main.ts"}
	expect(2, dev.CauseSave, "src/main.ts", "src/rows.ts")
	quit()
	<-ended
	if len(events) != 0 {
		t.Errorf("more was told: %+v", <-events)
	}
}
