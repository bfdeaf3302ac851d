// Package server is the embedded reference data source: a small asset inventory that the reference
// connector imports, for trying carjs, for tests and for benchmarks.
//
// It keeps its rows in SQLite and serves them as a JSON API, with a change log for incremental
// imports, and with pages to browse and edit them under /admin/. The SQL tables, the JSON, the
// forms and the checks derive from one table of collections (newSchema). The package knows neither
// CAR nor connectors.
package server

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"carjs/host/carserver"
	"carjs/host/httpx"

	"github.com/hashicorp/go-hclog"
)

const (
	// headerTime limits the wait for a request's header.
	headerTime = 10 * time.Second
	// requestTime limits reading a request, and the work on it until its response begins.
	requestTime = 5 * time.Minute
	// idleTime is how long a connection without requests is kept.
	idleTime = 2 * time.Minute
)

// Config configures a data source.
type Config struct {
	Path     string // the SQLite file; empty: in memory, gone at Close
	Size     int    // of the model in a new file; 0: DefaultSize; Empty: no rows. An existing file keeps its rows
	Username string // of Basic auth; empty: admin
	Password string // empty: admin, and Serve answers as localhost alone
	// Broken, when set, is called if the data source cannot use its files any more, with an error
	// that [files.TroubleOf] knows: too many open files, a full disk.
	Broken func(error)
	Logger hclog.Logger
}

// Server is a data source.
type Server struct {
	store   *store
	path    string
	broken  func(error)
	schema  *schema
	offsets offsets
	user    [sha256.Size]byte
	secret  [sha256.Size]byte
	log     hclog.Logger
	pages   pages
	local   bool // only this machine may use it
	handler http.Handler
}

// Open opens the data source at cfg.Path, or makes a new one with a model of cfg.Size. Several
// processes may have the same file open.
func Open(cfg Config) (*Server, error) {
	if cfg.Logger == nil {
		cfg.Logger = hclog.NewNullLogger()
	}
	if cfg.Size == 0 {
		cfg.Size = DefaultSize
	}
	if cfg.Size > MaxSize || cfg.Size < Empty {
		return nil, fmt.Errorf("a model has 0 to %d assets, not %d", MaxSize, cfg.Size)
	}
	pages, err := parsePages()
	if err != nil {
		return nil, fmt.Errorf("open data source: %w", err)
	}
	store, err := openStore(cfg.Path)
	if err != nil {
		return nil, fmt.Errorf("open data source: %w", err)
	}
	s := &Server{
		store: store, path: cfg.Path, broken: cfg.Broken, schema: newSchema(), log: cfg.Logger, pages: pages,
		local: cfg.Password == "",
		user:  sha256.Sum256([]byte(orAdmin(cfg.Username))), secret: sha256.Sum256([]byte(orAdmin(cfg.Password))),
	}
	ctx := context.Background()
	created, err := store.prepare(ctx, s.schema.ddl(), func(tx *sql.Tx) error { return generate(ctx, tx, s.schema, cfg.Size) })
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open data source: %w", unusable(cfg.Path, err)), store.close())
	}
	if created {
		s.log.Info("made a new data source", "size", cfg.Size)
	}
	s.handler = s.routes()
	return s, nil
}

// ErrInUse is the error for a file that another process has locked for a long time.
var ErrInUse = errors.New("in use by another data source")

// unusable is the error of a database that cannot be opened, with the reason.
func unusable(path string, err error) error {
	switch {
	case isBusy(err):
		return fmt.Errorf("%s is %w: %w", path, ErrInUse, err)
	case path == "":
		return err
	}
	return carserver.Explain(path, err)
}

func orAdmin(s string) string {
	if s == "" {
		return "admin"
	}
	return s
}

// Close closes the data source. No request may be in progress.
func (s *Server) Close() error { return s.store.close() }

// Handler serves the API and the pages.
func (s *Server) Handler() http.Handler { return s.handler }

// Serve serves requests on a listener, which it closes, until the context ends. Requests in
// progress then have a second to finish. It returns nil if the context ended it.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler:           s.foreign().Handler(s.handler),
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       requestTime,
		WriteTimeout:      requestTime, // until the first chunk of a response; each chunk then has its own
		IdleTimeout:       idleTime,
		ErrorLog:          s.log.StandardLogger(&hclog.StandardLoggerOptions{ForceLevel: hclog.Debug}),
	}
	if err := httpx.Until(ctx, server, listener); err != nil {
		return fmt.Errorf("serve data source: %w", err)
	}
	return nil
}

// foreign is what keeps other sites out. The password that everybody knows opens it to this machine
// alone.
func (s *Server) foreign() httpx.Foreign {
	return httpx.Foreign{
		Local: s.local, Forms: true,
		Hint: "set -username and -password to open it to others",
		Refuse: func(w http.ResponseWriter, _ *http.Request, status int, message string) {
			writeDetail(w, status, strings.ToUpper(message[:1])+message[1:]+".")
		},
	}
}

// authenticated requires the user name and the password.
func (s *Server) authenticated(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, password, _ := r.BasicAuth()
		user, secret := sha256.Sum256([]byte(name)), sha256.Sum256([]byte(password))
		if subtle.ConstantTimeCompare(user[:], s.user[:])&subtle.ConstantTimeCompare(secret[:], s.secret[:]) != 1 {
			w.Header().Set("WWW-Authenticate", `Basic realm="reference data source", charset="UTF-8"`)
			writeDetail(w, http.StatusUnauthorized, "A user name and a password are required.")
			return
		}
		next.ServeHTTP(w, r)
	})
}
