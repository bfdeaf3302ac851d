package server

import (
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"
)

const (
	// applicationID marks a file as a reference data source, so that another program's database is
	// never written to.
	applicationID = 0x63617273 // "cars"
	// schemaVersion is the version of the tables; a file of another version is refused.
	schemaVersion = 1
	// busyMillis is how long a connection waits for another process, which may be generating a
	// large model.
	busyMillis = 60_000
	// sqliteBusy is SQLite's primary result code for a lock that could not be had in time.
	sqliteBusy = 5
	// readConns bounds the readers: each holds a snapshot and a page cache for as long as its
	// client takes.
	readConns = 64
)

// store keeps the rows and the change log in SQLite. One connection writes; readers have
// connections of their own and see the last committed state, for as long as they read (WAL). An
// empty path gives a database in memory, which SQLite does not keep in WAL: there readers and the
// writer wait for each other.
type store struct {
	write *sql.DB
	reads *sql.DB
}

func openStore(path string) (*store, error) {
	base := &url.URL{Scheme: "file", Path: "/carjs-source-" + rand.Text()}
	query := url.Values{"_busy_timeout": {fmt.Sprint(busyMillis)}, "_dqs": {"0"}}
	if path == "" {
		query.Set("vfs", "memdb")
	} else {
		abs, err := filepath.Abs(path)
		if err != nil {
			return nil, fmt.Errorf("find %s: %w", path, err)
		}
		if err := os.MkdirAll(filepath.Dir(abs), 0o755); err != nil {
			return nil, fmt.Errorf("make the folder of the data: %w", err)
		}
		base.Path = "/" + strings.TrimPrefix(filepath.ToSlash(abs), "/")
	}
	base.RawQuery = query.Encode() + "&_query_only=1"
	reads := base.String()
	query["_pragma"] = []string{"foreign_keys(1)", "journal_mode(WAL)", "synchronous(NORMAL)", "journal_size_limit(67108864)"}
	query.Set("_txlock", "immediate")
	base.RawQuery = query.Encode()

	s := &store{}
	var err error
	if s.write, err = sql.Open("sqlite", base.String()); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	s.write.SetMaxOpenConns(1) // never closed while idle: it keeps a database in memory alive
	if s.reads, err = sql.Open("sqlite", reads); err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), s.close())
	}
	s.reads.SetMaxOpenConns(readConns)
	s.reads.SetMaxIdleConns(8)
	return s, nil
}

func (s *store) close() error {
	var errs []error
	for _, db := range []*sql.DB{s.reads, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}

// update runs f in one writing transaction: all of it is kept, or nothing.
func (s *store) update(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback() // says only that the transaction is over, once it is committed
	if err := f(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// prepare makes the tables of a new database, in f's transaction also its first rows. It reports
// whether it was new.
func (s *store) prepare(ctx context.Context, tables []string, fill func(tx *sql.Tx) error) (bool, error) {
	created := false
	err := s.update(ctx, func(tx *sql.Tx) error {
		var app, version, objects int
		for pragma, into := range map[string]*int{
			"PRAGMA application_id": &app, "PRAGMA user_version": &version,
			"SELECT count(*) FROM sqlite_schema": &objects,
		} {
			if err := tx.QueryRowContext(ctx, pragma).Scan(into); err != nil {
				return fmt.Errorf("look at the database: %w", err)
			}
		}
		switch {
		case objects > 0 && app != applicationID:
			return errors.New("the database belongs to another program")
		case objects > 0 && version != schemaVersion:
			return fmt.Errorf("the database is of version %d, this program knows %d", version, schemaVersion)
		case objects > 0:
			return nil
		}
		created = true
		tables = append(tables, fmt.Sprintf("PRAGMA application_id = %d", applicationID), fmt.Sprintf("PRAGMA user_version = %d", schemaVersion))
		for _, statement := range tables {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("make tables: %w", err)
			}
		}
		return fill(tx)
	})
	return created, err
}

// view runs f on one snapshot of the database: whatever f reads belongs together.
//
// It works on the driver's own connection. database/sql would cost as much again as SQLite for each
// row, and the speed at which rows can be read is what this source is measured by.
func (s *store) view(ctx context.Context, f func(*snapshot) error) error {
	conn, err := s.reads.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect to database: %w", err)
	}
	defer conn.Close()
	return conn.Raw(func(dc any) error {
		snap := &snapshot{conn: dc.(rawConn)}
		if _, err := snap.conn.ExecContext(ctx, "BEGIN", nil); err != nil {
			return fmt.Errorf("begin: %w", err)
		}
		err := snap.open()
		if err == nil {
			err = f(snap)
		}
		for _, c := range snap.cursors {
			c.close()
		}
		if _, rollback := snap.conn.ExecContext(context.Background(), "ROLLBACK", nil); rollback != nil {
			// The pool must not hand out a connection that still holds a snapshot.
			return errors.Join(err, rollback, driver.ErrBadConn)
		}
		return err
	})
}

// isBusy tells whether err says that another process held the database for too long.
func isBusy(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == sqliteBusy
}
