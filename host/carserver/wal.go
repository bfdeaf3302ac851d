package carserver

import (
	"context"
	"database/sql"
	"fmt"
	"os"
)

const (
	// maxLog is the size of the write-ahead log at which the writer waits for readers. SQLite moves
	// the log into the file every 32 MiB, but begins it anew only when nobody reads from it. Under
	// load somebody always does, and the log would grow as long as the load lasts.
	maxLog = 64 << 20
	// logWaitMillis is how long the writer then waits for readers.
	logWaitMillis = 1000
	// busyMillis is how long statements wait otherwise.
	busyMillis = 10_000
)

// log bounds the write-ahead log of a file. Whoever has the writing connection uses it.
type log struct {
	limit int64 // the size at which the writer begins it anew
	next  int64 // the size at which it tries that again
}

// boundLog begins the write-ahead log anew if it has become too large. The writer stands still
// meanwhile, so new readers read the file alone, and only those that have begun before are waited
// for. If one of them takes long, the log grows by half the limit before the next attempt. That it
// fails does not matter to the change, which is committed.
func (s *store) boundLog(ctx context.Context, conn *sql.Conn) {
	if s.path == "" {
		return
	}
	info, err := os.Stat(s.path + "-wal")
	if err != nil || info.Size() < max(s.wal.limit, s.wal.next) {
		return
	}
	if restarted, err := restartLog(context.WithoutCancel(ctx), conn, logWaitMillis); err != nil || !restarted {
		s.wal.next = info.Size() + s.wal.limit/2
		return
	}
	s.wal.next = 0
}

// restartLog moves the whole write-ahead log into the file and empties it, unless a reader takes
// longer than the wait.
func restartLog(ctx context.Context, conn *sql.Conn, waitMillis int) (bool, error) {
	if _, err := conn.ExecContext(ctx, fmt.Sprintf("PRAGMA busy_timeout = %d", waitMillis)); err != nil {
		return false, err
	}
	var busy, frames, moved int
	err := conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved)
	if _, again := conn.ExecContext(ctx, fmt.Sprintf("PRAGMA busy_timeout = %d", busyMillis)); err == nil {
		err = again
	}
	return busy == 0, err
}

// vacuum writes the database anew without the space that it does not use.
func (s *store) vacuum(ctx context.Context) error {
	if s.gate != nil {
		s.gate.Lock()
		defer s.gate.Unlock()
	}
	conn, err := s.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect to database: %w", err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "VACUUM"); err != nil || s.path == "" {
		return err
	}
	_, err = restartLog(ctx, conn, busyMillis) // a reader that takes longer only leaves the log as it is
	return err
}
