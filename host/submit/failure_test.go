package submit

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"carjs/host/failure"
)

func TestSenderFails(t *testing.T) {
	broken := failure.New(failure.Recoverable, "CAR answered 503")
	tests := []struct {
		name  string
		spoil func(*recorder)
	}{
		{"import", func(s *recorder) {
			s.importing = func(n int) error {
				if n == 3 {
					return broken
				}
				return nil
			}
		}},
		{"await", func(s *recorder) { s.awaiting = func([]string) error { return broken } }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			sender := newRecorder(t)
			test.spoil(sender)
			config := testConfig(t, sender)
			config.PageSize, config.InFlight = 1, 1
			var told atomic.Int64
			config.Failed = func(err error) {
				if err != error(broken) {
					t.Errorf("told of %v", err)
				}
				told.Add(1)
			}
			s := newSubmission(t, config)
			var err error
			for i := 0; err == nil; i++ { // it must come; the test binary has a time limit
				err = addErr(s, fmt.Sprint(i))
			}
			if err != error(broken) {
				t.Fatalf("Commit gave %v", err)
			}
			waitFor(t, func() bool { return told.Load() == 1 })
			posted := sender.posted()
			for _, err := range []error{addErr(s, "x"), s.SendVertices(t.Context()), s.SendEdges(t.Context()), s.SendHead(t.Context(), nil)} {
				if err != error(broken) {
					t.Errorf("afterwards: %v", err)
				}
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			// The one sender may have been about to post when another page failed.
			if sender.posted() > posted+1 || told.Load() != 1 {
				t.Errorf("%d pages posted after the failure, told %d times", sender.posted()-posted, told.Load())
			}
		})
	}
}

func addErr(s *Submission, id string) error {
	d, err := s.Vertex("asset")
	if err != nil {
		return err
	}
	_, err = push(d, pairs{"external_id", id, "name", "a"}).Commit()
	return err
}

// A job that fails after the last page was posted fails the part of the run that waits for it.
func TestLastJobFails(t *testing.T) {
	broken := errors.New("error_imports")
	sender := newRecorder(t)
	sender.awaiting = func([]string) error { return broken }
	s := newSubmission(t, testConfig(t, sender))
	add(t, s, "asset", "external_id", "1", "name", "a")
	link(t, s, "asset_ipaddress", "1", "::1")
	if err := s.SendEdges(t.Context()); err != broken {
		t.Errorf("got %v", err)
	}
	if sender.posted() != 1 {
		t.Errorf("%d pages: an edge followed the failed vertices", sender.posted())
	}
}

func TestContextEnds(t *testing.T) {
	stopped := errors.New("stopped by the user")
	sender := newRecorder(t)
	sender.gate = make(chan struct{}) // no page gets through
	config := testConfig(t, sender)
	config.PageSize, config.InFlight = 1, 1
	config.Failed = func(err error) { t.Errorf("told of %v", err) }
	ctx, stop := context.WithCancelCause(t.Context())
	s, err := New(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		var err error
		for i := 0; err == nil; i++ {
			err = addErr(s, fmt.Sprint(i))
		}
		done <- err
	}()
	waitFor(t, func() bool { return sender.posted() == 1 })
	stop(stopped)
	if err := <-done; err != stopped {
		t.Errorf("Commit gave %v", err)
	}
	if err := s.SendVertices(t.Context()); err != stopped {
		t.Errorf("SendVertices gave %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// The context of a Send ends that call; the submission goes on, and nothing is lost or doubled.
func TestContextOfSendEnds(t *testing.T) {
	sender := newRecorder(t)
	sender.gate = make(chan struct{}, 10)
	config := testConfig(t, sender)
	config.InFlight = 1
	s := newSubmission(t, config)
	add(t, s, "asset", "external_id", "1", "name", "a")
	add(t, s, "ipaddress", "_key", "::1")
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.SendVertices(ctx) }()
	waitFor(t, func() bool { return sender.posted() == 1 })
	stop()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	sender.gate <- struct{}{}
	sender.gate <- struct{}{}
	add(t, s, "ipaddress", "_key", "::2")
	if err := s.SendVertices(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := keysOf(sender.objects("asset"), "external_id") + " " + keysOf(sender.objects("ipaddress"), "_key"); got != "1 ::1 ::2" {
		t.Errorf("posted %s", got)
	}
}
