package carserver

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	_ "modernc.org/sqlite" // the driver's name is "sqlite"

	"carjs/host/carserver/internal/graphql"
)

const (
	// applicationID marks a file as that of an embedded CAR service, so that another program's
	// database is never written to.
	applicationID = 0x63617263 // "carc"
	// schemaVersion is the version of the tables. Files of earlier versions are upgraded; files of
	// later ones are rejected.
	schemaVersion = 3
	// readConns is the maximum number of readers.
	readConns = 16
	// lockMillis is how long Open waits for another service to release the file.
	lockMillis = 1500
	// Writes are lost only with the machine's power, never with the process: a transaction is in
	// the operating system's hands when it commits, and the write-ahead log is forced to disk at
	// checkpoints. Larger intervals between these than the default make imports a good deal faster.
	filePragmas   = "journal_mode(WAL) synchronous(NORMAL) wal_autocheckpoint(8000) journal_size_limit(67108864) cache_size(-32768)" // see log
	memoryPragmas = "journal_mode(MEMORY)"
)

// ownTables are the tables that are not collections of the model.
var ownTables = []string{
	`CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`,
	`CREATE TABLE IF NOT EXISTS sources (key TEXT PRIMARY KEY, doc TEXT NOT NULL, generation INTEGER NOT NULL DEFAULT 0,
		full_import INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID`,
	`CREATE TABLE IF NOT EXISTS extensions (n INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, doc TEXT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS jobs (n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
		source TEXT, body BLOB, accepted INTEGER NOT NULL, finished INTEGER, error TEXT, status_code INTEGER)`,
	`CREATE INDEX IF NOT EXISTS jobs_waiting ON jobs (n) WHERE finished IS NULL`,
}

// store is the database. One connection writes; readers have connections of their own and see the
// last committed state for as long as they read.
type store struct {
	write, reads, lock *sql.DB
	held               *sql.Tx // the lock's transaction
	// gate makes readers and the writer take turns in a database in memory, which cannot use a
	// write-ahead log. With a file nobody waits, and gate is nil.
	gate   *sync.RWMutex
	path   string // "" in memory
	wal    log
	fresh  bool        // the file is new, or there is none
	broken func(error) // see Config.Broken
}

func openStore(path string) (*store, error) {
	if err := graphql.RegisterFunctions(); err != nil {
		return nil, err
	}
	s := &store{fresh: true, wal: log{limit: maxLog}}
	base := url.URL{Scheme: "file", Path: "/carjs-car-" + rand.Text()}
	options := url.Values{"_dqs": {"0"}, "_busy_timeout": {strconv.Itoa(busyMillis)}}
	pragmas := memoryPragmas
	if path == "" {
		s.gate = &sync.RWMutex{}
		options.Set("vfs", "memdb")
	} else {
		abs, err := filepath.Abs(path)
		if err != nil {
			return nil, fmt.Errorf("find %s: %w", path, err)
		}
		if err := os.MkdirAll(filepath.Dir(abs), 0o755); err != nil {
			return nil, fmt.Errorf("make the folder of the data: %w", err)
		}
		if err := s.takeLock(abs); err != nil {
			return nil, errors.Join(err, s.close())
		}
		s.path = abs
		_, err = os.Stat(abs) // nobody else creates it while the lock is held
		s.fresh = errors.Is(err, fs.ErrNotExist)
		base.Path, pragmas = slashed(abs), filePragmas
	}
	base.RawQuery = options.Encode() + "&_query_only=1"
	reads := base.String()
	options["_pragma"] = strings.Fields(pragmas)
	options.Set("_txlock", "immediate")
	base.RawQuery = options.Encode()

	var err error
	if s.write, err = sql.Open("sqlite", base.String()); err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), s.close())
	}
	s.write.SetMaxOpenConns(1) // never closed while idle: it keeps a database in memory alive
	if s.reads, err = sql.Open("sqlite", reads); err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), s.close())
	}
	s.reads.SetMaxOpenConns(readConns)
	s.reads.SetMaxIdleConns(readConns / 2)
	return s, nil
}

func slashed(abs string) string { return "/" + strings.TrimPrefix(filepath.ToSlash(abs), "/") }

// takeLock keeps a second service from opening the same file: two workers would run the same jobs,
// and one would not know of the other's schema extensions. The lock is SQLite's own, on a file
// beside the database: it works on every system and ends with the process.
func (s *store) takeLock(abs string) error {
	dsn := url.URL{Scheme: "file", Path: slashed(abs) + ".lock", RawQuery: fmt.Sprintf("_txlock=exclusive&_busy_timeout=%d", lockMillis)}
	var err error
	if s.lock, err = sql.Open("sqlite", dsn.String()); err != nil {
		return fmt.Errorf("open lock: %w", err)
	}
	s.lock.SetMaxOpenConns(1)
	switch s.held, err = s.lock.Begin(); {
	case codeOf(err) == sqliteBusy:
		return fmt.Errorf("%s is %w: %w", abs, ErrInUse, err)
	case err != nil:
		return fmt.Errorf("lock %s: %w", abs, Explain(abs+".lock", err))
	}
	return nil
}

func (s *store) close() error {
	var errs []error
	for _, db := range []*sql.DB{s.reads, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.held != nil { // last, so that the next holder finds the database closed
		errs = append(errs, s.held.Rollback())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Close())
	}
	return errors.Join(errs...)
}

// update runs f in one writing transaction: all of it is kept, or nothing. The context limits the
// wait for the turn only: a running transaction is not interrupted, and statements are cheaper
// without a context to watch.
func (s *store) update(ctx context.Context, f func(tx *sql.Tx) error) error {
	return s.explain(s.change(ctx, f))
}

func (s *store) change(ctx context.Context, f func(tx *sql.Tx) error) error {
	if s.gate != nil {
		s.gate.Lock()
		defer s.gate.Unlock()
	}
	conn, err := s.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect to database: %w", err)
	}
	defer conn.Close()
	tx, err := conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback() // fails harmlessly after a commit
	if err := f(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	s.boundLog(ctx, conn)
	return nil
}

// view runs f on one snapshot of the database. The end of the context interrupts it.
func (s *store) view(ctx context.Context, f func(tx *sql.Tx) error) error {
	return s.explain(s.look(ctx, f))
}

func (s *store) look(ctx context.Context, f func(tx *sql.Tx) error) error {
	if s.gate != nil {
		s.gate.RLock()
		defer s.gate.RUnlock()
	}
	conn, err := s.reads.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect to database: %w", err)
	}
	// Close waits for a rollback that the end of the context started on another goroutine.
	// Otherwise the connection could still be open when the service closes, and SQLite would leave
	// the last changes in the write-ahead log beside the file.
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback() // ends the snapshot
	return f(tx)
}

// claim creates the service's own tables in a new database and rejects a file that is not a CAR
// service's. It returns the version of the tables.
func claim(tx *sql.Tx) (version int, err error) {
	var app, objects int
	for pragma, into := range map[string]*int{
		"PRAGMA application_id": &app, "PRAGMA user_version": &version, "SELECT count(*) FROM sqlite_schema": &objects,
	} {
		if err := tx.QueryRow(pragma).Scan(into); err != nil {
			return 0, fmt.Errorf("look at the database: %w", err)
		}
	}
	switch {
	case objects > 0 && app != applicationID:
		return 0, errors.New("the database belongs to another program")
	case objects > 0 && (version < 1 || version > schemaVersion):
		return 0, fmt.Errorf("the database has version %d, this program reads versions 1 to %d: open it with the program that wrote it",
			version, schemaVersion)
	case objects > 0:
		return version, nil
	}
	return schemaVersion, execAll(tx, append([]string{
		fmt.Sprintf("PRAGMA application_id = %d", applicationID), fmt.Sprintf("PRAGMA user_version = %d", schemaVersion),
	}, ownTables...))
}

func execAll(tx *sql.Tx, statements []string) error {
	for _, statement := range statements {
		if _, err := tx.Exec(statement); err != nil {
			return fmt.Errorf("make tables: %w", err)
		}
	}
	return nil
}
