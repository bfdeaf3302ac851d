package carserver

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// A reader whose context ends has returned its connection when view returns. A connection that is
// still open when the service closes would keep SQLite from moving the write-ahead log into the
// file: a copy of the file would lack the last changes, such as a save point.
func TestViewGivesItsConnectionBack(t *testing.T) {
	s, err := openStore(filepath.Join(t.TempDir(), "car.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	for range 300 {
		ctx, cancel := context.WithCancel(context.Background())
		var stopping sync.WaitGroup
		_ = s.view(ctx, func(tx *sql.Tx) error {
			stopping.Go(cancel)
			var n int
			return tx.QueryRow("SELECT count(*) FROM sqlite_schema").Scan(&n) // may be interrupted
		})
		if n := s.reads.Stats().InUse; n > 0 {
			t.Fatalf("%d connections are still in use", n)
		}
		stopping.Wait()
	}
}

// After Close the file is complete on its own, whatever the worker was doing.
func TestClosedFileIsWhole(t *testing.T) {
	for range 20 {
		path := filepath.Join(t.TempDir(), "car.db")
		c := start(t, Config{Path: path, Prepared: true})
		c.ok("PATCH", "/v2/source?key=office", `{"model_state_id":"7"}`)
		c.carsrv.jobs.wake <- struct{}{} // the worker looks for a job while the service is closed
		c.stop()
		if _, err := os.Stat(path + "-wal"); !os.IsNotExist(err) {
			t.Fatalf("a write-ahead log is left beside the closed file: %v", err)
		}
	}
}
