// Package carserver is an embedded CAR service: the REST and GraphQL interfaces of IBM's Connected
// Assets and Risk service, as far as connectors use them, on a graph kept in SQLite.
//
// It stands in for the real service where that is out of reach: behind carjs run on a laptop, as a
// test fixture, and on its own for clients in other languages. It is as strict as the real service:
// changes run as jobs that clients poll, one invalid object fails its whole collection while the
// rest of the report is imported, a full import retires what it does not report, and nothing is
// deleted at once, only ended: ended versions are kept for a while, see Config.History. It is as
// lenient, too: see lenient. It serves what the protocol defines and rejects everything else with a
// JSON error that gives the reason.
//
// Every object is kept in versions. Switching an edge off ends it; deleting or retiring a vertex
// ends it and all edges at it. Ended objects are invisible until they are reported again. An
// object's id is its source and its external id; the external id of an address is region/address.
//
// One worker runs the jobs in the order in which they were accepted. Accepted jobs are stored in
// the database and survive a restart or a crash. The package knows neither connectors nor the CAR
// client.
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
	// headerTime limits how long a request's header may take.
	headerTime = 10 * time.Second
	// requestTime limits reading a request and writing its response.
	requestTime = 5 * time.Minute
	// idleTime is how long an idle connection stays open.
	idleTime = 2 * time.Minute
	// defaultMaxBody limits a request body, after decompression. A page of 2,000 objects is about
	// half a megabyte.
	defaultMaxBody = 256 << 20
	// defaultMaxReport limits a report. CAR's limit is 8 MB.
	defaultMaxReport = 8 << 20
)

// Config configures a service.
type Config struct {
	// Path is the SQLite file. If empty, the database is in memory and Close discards it.
	Path string
	// Key and Password are the Basic credentials, Token is the car-token. If none is set, every
	// request is allowed.
	Key, Password, Token string
	// Prepared makes a new database ready at once. Otherwise a new service looks like a fresh
	// tenant, without a database until a client creates it.
	Prepared bool
	// JobDelay is the minimum time between accepting a job and running it, so that clients see it
	// running.
	JobDelay time.Duration
	// MaxBody limits a request body in bytes, after decompression; 0 means 256 MiB.
	MaxBody int64
	// MaxReport limits the body of an import in the same way; 0 means 8 MiB, CAR's own limit.
	MaxReport int64
	// PlainAddressIDs leaves the default region out of the ids of addresses, as older services do:
	// SOURCE/10.1.2.3 instead of SOURCE/0/10.1.2.3. For tests of clients.
	PlainAddressIDs bool
	// ObjectSearch makes a search by attributes return {"related":[],"result":[...]}, as older
	// services do, instead of the array alone. For tests of clients.
	ObjectSearch bool
	// History is how long ended versions are kept, for queries of the past and for edges that come
	// back; 0 means DefaultHistory, less than 0 that none are kept. The service looks every hour.
	History time.Duration
	// Broken, if set, is called when the service can no longer use its files: the disk is full, or
	// too many files are open. [files.TroubleOf] recognizes the error. Several goroutines may call
	// it, more than once. Jobs that are still waiting run at the next Open.
	Broken func(error)
	// Logger is where the service logs; nil discards the log.
	Logger hclog.Logger
}

// ErrInUse means that another service has the file open.
var ErrInUse = errors.New("in use by another CAR service")

// Server is an embedded CAR service.
type Server struct {
	store        *store
	catalog      atomic.Pointer[catalog] // replaced when an extension is posted or deleted
	extending    sync.Mutex
	jobs         queue
	upkeep       upkeep
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

// Open opens the service's database, creating it if necessary, and starts running the jobs that
// wait in it. Only one service can have a file open.
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
		keys:   tables.Keys{PlainAddresses: cfg.PlainAddressIDs},
		jobs:   queue{delay: cfg.JobDelay, wake: make(chan struct{}, 1)},
		upkeep: newUpkeep(cfg.History),
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

// Close stops running jobs, which continue at the next Open, and closes the database. No request
// may be in progress.
func (s *Server) Close() error {
	s.stopWorker()
	s.worker.Wait()
	return s.store.close()
}

// New reports whether Open created the service's database.
func (s *Server) New() bool { return s.store.fresh }

// Handler serves the API below /api/car/v2 and /api/car/v3.
func (s *Server) Handler() http.Handler { return s.handler }

// Serve serves requests on a listener until the context ends, then closes the listener and gives
// requests in progress a second to finish. It returns nil if the context ended it.
//
// Pages of other sites cannot use it through a browser on this machine. Without Key, Password and
// Token it answers as localhost alone.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler:           s.foreign().Handler(s.handler),
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
