package carserver

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"carjs/host/carserver/internal/tables"
)

const (
	// DefaultHistory is how long ended versions are kept, unless Config.History says otherwise.
	DefaultHistory = 30 * 24 * time.Hour
	// upkeepEvery is how often the service looks for what it no longer keeps.
	upkeepEvery = time.Hour
	// forgetAtOnce is the maximum number of versions removed in one transaction, so that requests
	// wait a few hundredths of a second at most.
	forgetAtOnce = 2000
	// lastUpkeep is the name in the table of states of when everything old was last removed.
	lastUpkeep = "last upkeep"
)

// upkeep says how long the service keeps what is past, and when it next looks. Only the worker uses
// due.
type upkeep struct {
	history time.Duration
	due     time.Time
}

func newUpkeep(history time.Duration) upkeep {
	switch {
	case history == 0:
		history = DefaultHistory
	case history < 0:
		history = 0
	}
	return upkeep{history: history}
}

// planUpkeep reads when the file was last looked after. Runs of a quarter of a minute, one after
// the other, look after it as often as a service that stays. A new file has nothing to remove.
func (s *Server) planUpkeep(ctx context.Context) error {
	s.upkeep.due = time.Now().Add(upkeepEvery)
	return s.store.update(ctx, func(tx *sql.Tx) error {
		var millis int64
		err := tx.QueryRow("SELECT CAST(value AS INTEGER) FROM state WHERE name = ?", lastUpkeep).Scan(&millis)
		if errors.Is(err, sql.ErrNoRows) {
			return rememberUpkeep(tx, time.Now())
		}
		if due := time.UnixMilli(millis).Add(upkeepEvery); err == nil && due.Before(s.upkeep.due) {
			s.upkeep.due = due
		}
		return err
	})
}

func rememberUpkeep(tx *sql.Tx, at time.Time) error {
	_, err := tx.Exec("INSERT INTO state (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
		lastUpkeep, strconv.FormatInt(at.UnixMilli(), 10))
	return err
}

// rest does what is due while no job waits, and then waits for one.
func (s *Server) rest(ctx context.Context) {
	if left := time.Until(s.upkeep.due); left > 0 {
		timer := time.NewTimer(left)
		defer timer.Stop()
		select {
		case <-s.jobs.wake:
		case <-timer.C:
		case <-ctx.Done():
		}
		return
	}
	more, err := s.forget(ctx)
	if err != nil {
		s.log.Warn("cannot remove what is older than the history that is kept", "cause", err)
	}
	if err != nil || !more {
		s.upkeep.due = time.Now().Add(upkeepEvery)
	}
}

// forget removes ended versions and outcomes of jobs that are no longer kept, in one transaction.
// more reports that there are further ones. SQLite uses the space again.
func (s *Server) forget(ctx context.Context) (more bool, err error) {
	now := time.Now()
	before := now.Add(-s.upkeep.history).UnixMilli()
	err = s.store.update(ctx, func(tx *sql.Tx) error {
		there, err := schemaNames(tx, "table", "index")
		if err != nil {
			return err
		}
		left := forgetAtOnce
		for _, name := range versioned(there) {
			removed, err := forgetVersions(tx, there, name, before, left)
			if err != nil {
				return fmt.Errorf("remove old versions in %s: %w", name, err)
			}
			if left -= removed; left <= 0 {
				more = true
				return nil
			}
		}
		if _, err := tx.Exec("DELETE FROM jobs WHERE finished < ?", now.Add(-keepJobs).UnixMilli()); err != nil {
			return fmt.Errorf("remove old outcomes of jobs: %w", err)
		}
		return rememberUpkeep(tx, now)
	})
	return more, err
}

// versioned returns the names of the tables with versions, those of dropped extensions included.
func versioned(there map[string]string) []string {
	var names []string
	for name, table := range there {
		if name == table && (strings.HasPrefix(name, "v_") || strings.HasPrefix(name, "e_")) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// forgetVersions removes the versions of a table that ended before a time, the oldest first, up to
// a limit. The index that finds them is created on first use: most services end before.
func forgetVersions(tx *sql.Tx, there map[string]string, table string, before int64, limit int) (int, error) {
	if index := tables.EndedAt(table); there[index.Name] == "" {
		if _, err := tx.Exec(index.Create); err != nil {
			return 0, err
		}
	}
	result, err := tx.Exec(tables.Forget(table), before, limit)
	if err != nil {
		return 0, err
	}
	removed, err := result.RowsAffected()
	return int(removed), err
}

// Compact removes everything that is older than the history that is kept, and returns the space
// that SQLite does not use to the system. Meanwhile the file and a copy of it take space, and
// changes wait.
func (s *Server) Compact(ctx context.Context) error {
	for more := true; more; {
		var err error
		if more, err = s.forget(ctx); err != nil {
			return fmt.Errorf("compact CAR service: %w", err)
		}
	}
	if err := s.store.update(ctx, dropEndedAt); err != nil {
		return fmt.Errorf("compact CAR service: %w", err)
	}
	if err := s.store.vacuum(ctx); err != nil {
		return fmt.Errorf("compact CAR service: %w", s.store.explain(err))
	}
	return nil
}

// dropEndedAt drops the indexes that forget has made. It makes them again when they are needed.
func dropEndedAt(tx *sql.Tx) error {
	there, err := schemaNames(tx, "table", "index")
	if err != nil {
		return err
	}
	var statements []string
	for _, table := range versioned(there) {
		statements = append(statements, fmt.Sprintf(`DROP INDEX IF EXISTS "%s"`, tables.EndedAt(table).Name))
	}
	return execAll(tx, statements)
}
