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
	// schemaVersion is the version of the tables; files of other versions are rejected.
	schemaVersion = 1
	// busyMillis is how long a connection waits for another process, which may be generating a
	// large model.
	busyMillis = 60_000
	// sqliteBusy is SQLite's primary result code for a lock that it could not get in time.
	sqliteBusy = 5
	// readConns limits the readers: each holds a snapshot and a page cache until its client is
	// done.
	readConns = 64
)

// store keeps the rows and the change log in SQLite. One connection writes; readers have their own
// connections and see the last committed state as of the start of the read (WAL). An empty path
// means a database in memory, without WAL: there readers and the writer wait for each other.
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
			return nil, fmt.Errorf("create the data folder: %w", err)
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

// update runs f in one write transaction: all or nothing is kept.
func (s *store) update(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback() // after a commit it only says that the transaction is over
	if err := f(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// prepare creates the tables of a new database, and its first rows in the same transaction with f.
// It reports whether the database was new.
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
			return fmt.Errorf("the database has version %d, but this program supports version %d", version, schemaVersion)
		case objects > 0:
			return nil
		}
		created = true
		tables = append(tables, fmt.Sprintf("PRAGMA application_id = %d", applicationID),
			fmt.Sprintf("PRAGMA user_version = %d", schemaVersion))
		for _, statement := range tables {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("make tables: %w", err)
			}
		}
		return fill(tx)
	})
	return created, err
}

// view runs f on one snapshot of the database: all that f reads is consistent.
//
// It uses the driver's own connection. database/sql would double the cost of each row, and reading
// rows fast is what this data source must be good at.
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
			// The pool must not reuse a connection that still holds a snapshot.
			return errors.Join(err, rollback, driver.ErrBadConn)
		}
		return err
	})
}

// isBusy tells whether another process locked the database for too long.
func isBusy(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == sqliteBusy
}
