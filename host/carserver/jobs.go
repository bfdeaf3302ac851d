package carserver

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"carjs/host/files"
)

// jobKind is what a job does.
type jobKind string

// The kinds of jobs. Their values are stored in the database.
const (
	jobCreateDatabase   jobKind = "create database"
	jobCompleteDatabase jobKind = "complete database"
	jobEnterFullImport  jobKind = "enter full import"
	jobLeaveFullImport  jobKind = "leave full import"
	jobImport           jobKind = "import"
)

const (
	// keepJobs is how long the outcome of a job is available.
	keepJobs = 7 * 24 * time.Hour
	// brokenWait is how long the worker pauses if the database fails.
	brokenWait = time.Second
)

// job is an accepted change.
type job struct {
	n        int64
	id       string
	kind     jobKind
	source   string
	body     []byte
	accepted int64
}

// queue wakes the worker. The jobs themselves are in the database.
type queue struct {
	delay time.Duration
	wake  chan struct{} // has a token if there may be a new job
}

// runners is the table of functions that run each kind of job, in the transaction that also marks
// it as done.
func (s *Server) runners() map[jobKind]func(tx *sql.Tx, j *job) error {
	return map[jobKind]func(tx *sql.Tx, j *job) error{
		jobCreateDatabase:   s.runCreateDatabase,
		jobCompleteDatabase: s.runCompleteDatabase,
		jobEnterFullImport:  s.runEnterFullImport,
		jobLeaveFullImport:  s.runLeaveFullImport,
	}
}

// acceptJob stores a job and responds with its id. check may reject it; nil accepts every job.
func (s *Server) acceptJob(r *http.Request, j job, check func(tx *sql.Tx) error) (int, any, error) {
	id, err := s.enqueue(r.Context(), j, check)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, map[string]any{
		"job_id": id, "status": stateRunning,
		"message": "watch it with GET /jobstatus/" + id,
	}, nil
}

func (s *Server) enqueue(ctx context.Context, j job, check func(tx *sql.Tx) error) (string, error) {
	j.id = uuid.NewString()
	err := s.store.update(ctx, func(tx *sql.Tx) error {
		if check != nil {
			if err := check(tx); err != nil {
				return err
			}
		}
		_, err := tx.Exec("INSERT INTO jobs (id, kind, source, body, accepted) VALUES (?, ?, ?, ?, ?)",
			j.id, string(j.kind), j.source, j.body, time.Now().UnixMilli())
		return err
	})
	if err != nil {
		return "", fmt.Errorf("accept job: %w", err)
	}
	select {
	case s.jobs.wake <- struct{}{}:
	default: // it has a token already
	}
	return j.id, nil
}

// work runs the jobs one by one until the context ends, and looks after the file between them.
func (s *Server) work(ctx context.Context) {
	if err := s.planUpkeep(ctx); err != nil {
		s.log.Warn("cannot read when old versions and jobs were last removed", "cause", err)
	}
	runners := s.runners()
	for ctx.Err() == nil {
		j, err := s.nextJob(ctx)
		switch {
		case err != nil:
			s.log.Error("cannot read the next job", "cause", err)
			pause(ctx, brokenWait)
		case j == nil:
			s.rest(ctx)
		case pause(ctx, time.Until(time.UnixMilli(j.accepted).Add(s.jobs.delay))):
			s.do(ctx, j, runners[j.kind])
		}
	}
}

// pause waits and reports whether the context is still alive.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// nextJob reads the oldest waiting job; nil if there is none.
func (s *Server) nextJob(ctx context.Context) (*job, error) {
	j := &job{}
	var source sql.NullString
	err := s.store.view(ctx, func(tx *sql.Tx) error {
		return tx.QueryRow("SELECT n, id, kind, source, body, accepted FROM jobs WHERE finished IS NULL ORDER BY n LIMIT 1").
			Scan(&j.n, &j.id, &j.kind, &source, &j.body, &j.accepted)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	j.source = source.String
	return j, err
}

// do runs one job and stores its outcome.
func (s *Server) do(ctx context.Context, j *job, run func(tx *sql.Tx, j *job) error) {
	started := time.Now()
	var err error
	if j.kind == jobImport {
		err = s.runImport(ctx, j)
	} else {
		err = s.store.update(ctx, func(tx *sql.Tx) error {
			if err := run(tx, j); err != nil {
				return err
			}
			return finish(tx, j, nil)
		})
	}
	if err == nil {
		s.log.Debug("job done", "kind", j.kind, "id", j.id, "source_key", j.source, "took", time.Since(started))
		return
	}
	if ctx.Err() != nil {
		return // it runs again at the next start
	}
	if _, ok := files.TroubleOf(err); ok {
		s.log.Error("cannot run a job", "kind", j.kind, "id", j.id, "cause", err)
		pause(ctx, brokenWait) // the worker retries it, now and at the next start
		return
	}
	s.log.Warn("job refused", "kind", j.kind, "id", j.id, "source_key", j.source, "cause", err)
	if err := s.store.update(ctx, func(tx *sql.Tx) error { return finish(tx, j, err) }); err != nil {
		s.log.Error("cannot store the outcome of a job", "id", j.id, "cause", err)
		pause(ctx, brokenWait) // the worker retries the job
	}
}

// finish marks a job as done, or as failed if there is a reason.
func finish(tx *sql.Tx, j *job, reason error) error {
	var status, message any
	if reason != nil {
		status, message = statusOf(reason)
	}
	_, err := tx.Exec("UPDATE jobs SET finished = ?, body = NULL, error = ?, status_code = ? WHERE n = ?",
		time.Now().UnixMilli(), message, status, j.n)
	if err != nil {
		return fmt.Errorf("finish job: %w", err)
	}
	return nil
}
