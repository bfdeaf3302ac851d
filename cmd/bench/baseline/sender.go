package main

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"

	"carjs/host/car"
)

const (
	// pageSize is how many objects a page has.
	pageSize = 2000
	// inFlight is how many pages are posted at the same time.
	inFlight = 4
	// jobBatch is how many jobs are looked at with one request.
	jobBatch = 20
)

// sender posts pages beside the caller and watches their jobs.
type sender struct {
	ctx    context.Context
	client *car.Client
	group  *errgroup.Group
	posted context.Context // ends at the first failure

	mu   sync.Mutex
	jobs []string // posted, not looked at
}

func newSender(ctx context.Context, client *car.Client) *sender {
	s := &sender{ctx: ctx, client: client}
	s.begin()
	return s
}

func (s *sender) begin() {
	s.group, s.posted = errgroup.WithContext(s.ctx)
	s.group.SetLimit(inFlight)
}

// post hands a page over. It waits while as many as can be are under way.
func (s *sender) post(body []byte) error {
	if s.posted.Err() != nil {
		return s.group.Wait()
	}
	s.group.Go(func() error {
		job, err := s.client.Import(s.posted, body)
		if err != nil {
			return err
		}
		if batch := s.batch(job); batch != nil {
			return s.client.AwaitImports(s.posted, batch)
		}
		return nil
	})
	return nil
}

// batch adds a job and returns those to look at, when there are enough.
func (s *sender) batch(job string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.jobs = append(s.jobs, job)
	if len(s.jobs) < jobBatch {
		return nil
	}
	batch := s.jobs
	s.jobs = nil
	return batch
}

// drain returns when CAR has all that was posted.
func (s *sender) drain() error {
	if err := s.group.Wait(); err != nil {
		return err
	}
	s.begin()
	jobs := s.jobs
	s.jobs = nil
	if len(jobs) == 0 {
		return nil
	}
	return s.client.AwaitImports(s.ctx, jobs)
}
