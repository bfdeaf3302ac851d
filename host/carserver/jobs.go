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

// jobKind says what a job does.
type jobKind string

// The kinds of jobs; their names are kept in the database.
const (
	jobCreateDatabase   jobKind = "create database"
	jobCompleteDatabase jobKind = "complete database"
	jobEnterFullImport  jobKind = "enter full import"
	jobLeaveFullImport  jobKind = "leave full import"
	jobImport           jobKind = "import"
)

const (
	// keepJobs is how long the outcome of a job can be asked for.
	keepJobs = 7 * 24 * time.Hour
	// brokenWait is the pause of the worker when the database itself does not work.
	brokenWait = time.Second
)

// job is a change that was accepted.
type job struct {
	n        int64
	id       string
	kind     jobKind
	source   string
	body     []byte
	accepted int64
}

// queue is what the worker waits for. The jobs themselves are in the database.
type queue struct {
	delay time.Duration
	wake  chan struct{} // holds a token when there may be a new job
}

// runners is the table of what is done for each kind of job, in the transaction that also marks it
// as done.
func (s *Server) runners() map[jobKind]func(tx *sql.Tx, j *job) error {
	return map[jobKind]func(tx *sql.Tx, j *job) error{
		jobCreateDatabase:   s.runCreateDatabase,
		jobCompleteDatabase: s.runCompleteDatabase,
		jobEnterFullImport:  s.runEnterFullImport,
		jobLeaveFullImport:  s.runLeaveFullImport,
	}
}

// acceptJob keeps a job and answers with its id. The check, when there is one, may refuse it.
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
	default: // a token is there already
	}
	return j.id, nil
}

// work does the jobs one after another, until the context ends.
func (s *Server) work(ctx context.Context) {
	if err := s.forgetJobs(ctx); err != nil {
		s.log.Warn("cannot remove old jobs", "cause", err)
	}
	runners := s.runners()
	for ctx.Err() == nil {
		j, err := s.nextJob(ctx)
		switch {
		case err != nil:
			s.log.Error("cannot read the next job", "cause", err)
			pause(ctx, brokenWait)
		case j == nil:
			select {
			case <-s.jobs.wake:
			case <-ctx.Done():
			}
		case pause(ctx, time.Until(time.UnixMilli(j.accepted).Add(s.jobs.delay))):
			s.do(ctx, j, runners[j.kind])
		}
	}
}

// pause waits, and tells whether the context lasted.
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

// forgetJobs removes the outcomes that nobody will ask for any more.
func (s *Server) forgetJobs(ctx context.Context) error {
	return s.store.update(ctx, func(tx *sql.Tx) error {
		_, err := tx.Exec("DELETE FROM jobs WHERE finished < ?", time.Now().Add(-keepJobs).UnixMilli())
		return err
	})
}

// nextJob reads the oldest job that waits; nil when there is none.
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

// do runs one job and keeps its outcome.
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
		return // it is done at the next start
	}
	if _, ok := files.TroubleOf(err); ok {
		s.log.Error("cannot run a job", "kind", j.kind, "id", j.id, "cause", err)
		pause(ctx, brokenWait) // it is tried again, and at the next start
		return
	}
	s.log.Warn("job refused", "kind", j.kind, "id", j.id, "source_key", j.source, "cause", err)
	if err := s.store.update(ctx, func(tx *sql.Tx) error { return finish(tx, j, err) }); err != nil {
		s.log.Error("cannot store the outcome of a job", "id", j.id, "cause", err)
		pause(ctx, brokenWait) // the job is tried again
	}
}

// finish marks a job as done, or as failed for a reason.
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
