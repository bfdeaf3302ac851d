// Package carserver is the embedded CAR service: the REST and GraphQL interface of IBM's Connected
// Assets and Risk service as far as connectors use it, on a graph kept in SQLite.
//
// It stands in for the real service wherever that is out of reach: behind carjs run on a laptop, as
// the fixture of tests, and, on its own, for clients in other languages. So it is strict where the
// real one is: changes are jobs that are watched, a collection with an object that does not
// validate is refused whole while the rest of its report is imported, what a full import does not
// report again is retired, and nothing is ever deleted but ended. It is lenient where the real one
// is, too: see lenient. It answers what the protocol fixes and refuses the rest with a JSON error
// that says why.
//
// Everything is kept in versions. An edge that is switched off, and all edges at a vertex that is
// deleted or retired, have ended; they are not seen any more, and begin anew when they come back.
// The id of an object is its source and its external id, which for an address is region/address.
//
// One worker does the jobs in the order in which they were accepted. A job that was accepted is
// kept in the database and is done after a restart, whatever ended the process. The package knows
// neither connectors nor the CAR client.
package carserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"carjs/host/carserver/internal/tables"
	"carjs/host/httpx"

	"github.com/hashicorp/go-hclog"
)

const (
	// headerTime bounds the wait for a request's header.
	headerTime = 10 * time.Second
	// requestTime bounds the reading of a request and the work on its answer.
	requestTime = 5 * time.Minute
	// idleTime is how long a connection without requests is kept.
	idleTime = 2 * time.Minute
	// defaultMaxBody bounds a request body, after decompression. A page of 2,000 objects has about
	// half a megabyte.
	defaultMaxBody = 256 << 20
	// defaultMaxReport bounds a report. CAR's limit is 8 MB.
	defaultMaxReport = 8 << 20
)

// Config says how a service is made.
type Config struct {
	// Path is the SQLite file. Empty: in memory, gone at Close.
	Path string
	// Key and Password are accepted as Basic credentials, Token as a car-token. With none of them
	// set every request is let in.
	Key, Password, Token string
	// Prepared makes a new database ready at once. Without it a new service answers as a fresh
	// tenant does: there is no database until a client creates it.
	Prepared bool
	// JobDelay is the least time between the acceptance of a job and its execution, so that clients
	// see it running.
	JobDelay time.Duration
	// MaxBody bounds a request body in bytes, after decompression; 0 means 256 MiB.
	MaxBody int64
	// MaxReport bounds the body of an import in the same way; 0 means 8 MiB, which is CAR's limit.
	MaxReport int64
	// PlainAddressIDs shows the ids of addresses without the default region, as older services did:
	// SOURCE/10.1.2.3 for SOURCE/0/10.1.2.3. It is for tests of clients.
	PlainAddressIDs bool
	// ObjectSearch answers a search by attributes with {"related":[],"result":[...]}, as services
	// did before they answered with the array alone. It is for tests of clients.
	ObjectSearch bool
	// Broken, when set, is called when the service cannot use its files any more: the disk is full,
	// too many files are open. [files.TroubleOf] knows its error. It may be called from several
	// goroutines and again; jobs that wait are done at the next Open.
	Broken func(error)
	// Logger receives what the service has to say; nil: nothing.
	Logger hclog.Logger
}

// ErrInUse is why a file cannot be opened that another service has open.
var ErrInUse = errors.New("in use by another CAR service")

// Server is an embedded CAR service.
type Server struct {
	store        *store
	catalog      atomic.Pointer[catalog] // replaced whole when a schema extension arrives
	extending    sync.Mutex
	jobs         queue
	auth         credentials
	maxBody      int64
	maxReport    int64
	objectSearch bool
	keys         tables.Keys
	log          hclog.Logger
	handler      http.Handler

	stopWorker context.CancelFunc
	worker     sync.WaitGroup
}

// Open opens the service's database, or makes a new one, and starts to work on the jobs that wait
// in it. A file can be open in one service at a time.
func Open(cfg Config) (*Server, error) {
	s, err := open(cfg)
	if err != nil {
		return nil, fmt.Errorf("open CAR service: %w", err)
	}
	return s, nil
}

func open(cfg Config) (*Server, error) {
	if cfg.Logger == nil {
		cfg.Logger = hclog.NewNullLogger()
	}
	if cfg.MaxBody <= 0 {
		cfg.MaxBody = defaultMaxBody
	}
	if cfg.MaxReport <= 0 {
		cfg.MaxReport = min(defaultMaxReport, cfg.MaxBody)
	}
	store, err := openStore(cfg.Path)
	if err != nil {
		return nil, err
	}
	s := &Server{
		store: store, auth: newCredentials(cfg), maxBody: cfg.MaxBody, maxReport: cfg.MaxReport, objectSearch: cfg.ObjectSearch, log: cfg.Logger,
		keys: tables.Keys{PlainAddresses: cfg.PlainAddressIDs},
		jobs: queue{delay: cfg.JobDelay, wake: make(chan struct{}, 1)},
	}
	if err := s.prepare(cfg.Prepared); err != nil {
		return nil, errors.Join(err, store.close())
	}
	store.broken = cfg.Broken
	s.handler = s.routes()
	ctx, cancel := context.WithCancel(context.Background())
	s.stopWorker = cancel
	s.worker.Go(func() { s.work(ctx) })
	return s, nil
}

// Close stops the work on jobs, which goes on at the next Open, and closes the database. No request
// may be under way.
func (s *Server) Close() error {
	s.stopWorker()
	s.worker.Wait()
	return s.store.close()
}

// New tells whether Open has made the service's database: there is nothing in it but what came
// since.
func (s *Server) New() bool { return s.store.fresh }

// Handler serves the API below /api/car/v2 and /api/car/v3.
func (s *Server) Handler() http.Handler { return s.handler }

// Serve answers requests on a listener, which it closes, until the context ends. Requests under way
// then get a second to finish. It returns nil when it was the context that ended it.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       requestTime,
		WriteTimeout:      requestTime,
		IdleTimeout:       idleTime,
		ErrorLog:          s.log.StandardLogger(&hclog.StandardLoggerOptions{ForceLevel: hclog.Debug}),
	}
	if err := httpx.Until(ctx, server, listener); err != nil {
		return fmt.Errorf("serve CAR: %w", err)
	}
	return nil
}
