// Package embedded has the services that are part of carjs: it opens CAR and the reference data
// source, keeps them in a folder or in memory, and serves them beside a run or in the foreground.
//
// What the services do is in host/carserver and connectors/reference/server.
package embedded

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"

	"github.com/hashicorp/go-hclog"

	"carjs/connectors/reference/server"
	"carjs/host/carserver"
	"carjs/host/failure"
)

// Service is an embedded service.
type Service interface {
	Serve(ctx context.Context, listener net.Listener) error
	Close() error
}

// Running is an embedded service that answers on a loopback address of its own.
type Running struct {
	// URL is where, without a path.
	URL  string
	stop func() error
}

// Start serves a service beside the caller until [Running.Stop] is called.
func Start(s Service) (*Running, error) {
	listener, err := listen("127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, listener) }()
	return &Running{URL: "http://" + listener.Addr().String(), stop: func() error {
		cancel()
		return errors.Join(<-ended, s.Close())
	}}, nil
}

// Stop lets requests under way finish and closes the service.
func (r *Running) Stop() error { return r.stop() }

// Serve runs a service in the foreground, until ctx ends. ready is told where it listens.
func Serve(ctx context.Context, address string, s Service, ready func(url string)) error {
	listener, err := listen(address)
	if err != nil {
		return errors.Join(err, s.Close())
	}
	ready("http://" + listener.Addr().String())
	return errors.Join(s.Serve(ctx, listener), s.Close())
}

func listen(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, failure.Usage("cannot listen on %s: %v", address, err).WithCause(err).
			WithHint("choose another address with -addr; port 0 picks a free port")
	}
	return listener, nil
}

// OpenCAR opens the embedded CAR service that is kept in a folder; "" keeps it in memory.
func OpenCAR(dir string, config carserver.Config) (*carserver.Server, error) {
	path, err := file(dir, "car.db")
	if err != nil {
		return nil, err
	}
	config.Path = path
	s, err := carserver.Open(config)
	if errors.Is(err, carserver.ErrInUse) {
		return nil, failure.New(failure.Recoverable, "the embedded CAR service in %s is in use by another carjs", dir).WithCause(err).
			WithFault(failure.FaultSettings).WithHint("wait until it has ended, or set another folder with -state-dir")
	}
	if err != nil {
		return nil, failure.New(failure.Recoverable, "cannot open the embedded CAR service: %v", err).WithCause(err).
			WithFault(failure.FaultCarjs).WithHint("check %s; if you remove it, the next run imports everything again", path)
	}
	return s, nil
}

// OpenSource opens the embedded reference data source that is kept in a folder; "" keeps it in
// memory.
func OpenSource(dir string, size int, log hclog.Logger) (*server.Server, error) {
	path, err := file(dir, "source.db")
	if err != nil {
		return nil, err
	}
	s, err := server.Open(server.Config{Path: path, Size: size, Logger: log})
	if err != nil {
		return nil, failure.New(failure.Datasource, "cannot open the embedded data source: %v", err).WithCause(err).
			WithHint("check %s", path)
	}
	return s, nil
}

// file makes a folder and returns the path of a file in it.
func file(dir, name string) (string, error) {
	if dir == "" {
		return "", nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", failure.Usage("cannot keep data in %s: %v", dir, err).WithCause(err).WithHint("choose another folder with -state-dir or -data")
	}
	return filepath.Join(dir, name), nil
}
