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
	"strings"

	"carjs/connectors/reference/server"
	"carjs/host/carserver"
	"carjs/host/failure"
	"carjs/host/files"
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

// Serve runs a service in the foreground, until ctx ends. ready is called with its URL.
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
	if _, ok := files.TroubleOf(err); ok {
		return nil, unusable("cannot listen on "+address, err, "")
	}
	if err != nil {
		return nil, failure.Usage("cannot listen on %s: %v", address, err).WithCause(err).
			WithHint("choose another address with -addr; port 0 picks a free port")
	}
	return listener, nil
}

// ErrInUse is the cause of the failure of a service whose file another carjs has open.
var ErrInUse = carserver.ErrInUse

// OpenCAR opens the embedded CAR service that is kept in a folder; "" keeps it in memory.
func OpenCAR(dir string, config carserver.Config) (*carserver.Server, error) {
	path, err := file(dir, "car.db")
	if err != nil {
		return nil, err
	}
	config.Path = path
	s, err := carserver.Open(config)
	if errors.Is(err, ErrInUse) {
		return nil, inUse("the embedded CAR service in "+dir, err)
	}
	if err != nil {
		return nil, unusable("cannot open the embedded CAR service in "+dir, err,
			"check "+path+"; if you remove it, the next run imports everything again")
	}
	return s, nil
}

// inUse is the failure of a service that another process has open.
func inUse(what string, err error) *failure.Failure {
	return failure.New(failure.Recoverable, "%s is in use by another carjs", what).WithCause(err).
		WithFault(failure.FaultSettings).WithHint("wait until it ends, or set another folder with -state-dir")
}

// Broken is the failure of a run whose embedded services, kept in a folder, cannot use their files
// any more.
func Broken(dir string, err error) *failure.Failure {
	return unusable("the embedded services cannot use "+dir, err, "check "+dir)
}

// OpenSource opens the embedded reference data source that is kept in a folder; "" keeps it in
// memory; config says the rest.
func OpenSource(dir string, config server.Config) (*server.Server, error) {
	path, err := file(dir, "source.db")
	if err != nil {
		return nil, err
	}
	config.Path = path
	s, err := server.Open(config)
	if errors.Is(err, server.ErrInUse) {
		return nil, inUse("the embedded data source in "+dir, err)
	}
	if err != nil {
		return nil, unusable("cannot open the embedded data source in "+dir, err, "check "+path)
	}
	return s, nil
}

// unusable is the failure of a service whose files cannot be used: the machine's, where it is known
// why, else one of carjs with a hint.
func unusable(what string, err error, hint string) *failure.Failure {
	trouble, ok := files.TroubleOf(err)
	if !ok {
		return failure.New(failure.Recoverable, "%s: %v", what, err).WithCause(err).WithFault(failure.FaultCarjs).WithHint("%s", hint)
	}
	hint = trouble.Hint
	if !strings.Contains(trouble.Reason, "open") {
		hint += "; -state-dir and -data set another folder"
	}
	return failure.New(failure.Recoverable, "%s: %s", what, trouble.Reason).WithCause(err).WithFault(failure.FaultSettings).
		WithHint("%s", hint).WithDetail(err.Error())
}

// file makes a folder and returns the path of a file in it.
func file(dir, name string) (string, error) {
	if dir == "" {
		return "", nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		if _, ok := files.TroubleOf(err); ok {
			return "", unusable("cannot keep data in "+dir, err, "")
		}
		return "", failure.Usage("cannot keep data in %s: %v", dir, err).WithCause(err).
			WithHint("choose another folder with -state-dir or -data")
	}
	return filepath.Join(dir, name), nil
}
