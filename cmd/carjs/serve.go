package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/hashicorp/go-hclog"

	"carjs/connectors/reference/server"
	"carjs/host/carserver"
	"carjs/host/failure"
	"carjs/host/settings"
)

// service is an embedded service.
type service interface {
	Serve(ctx context.Context, listener net.Listener) error
	Close() error
}

// running is an embedded service that answers on a loopback address of its own.
type running struct {
	// URL is where, without a path.
	URL  string
	stop func() error
}

// start serves beside the caller until Stop is called.
func start(s service) (*running, error) {
	listener, err := listen("127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, listener) }()
	return &running{URL: "http://" + listener.Addr().String(), stop: func() error {
		cancel()
		return errors.Join(<-ended, s.Close())
	}}, nil
}

// Stop lets requests under way finish and closes the service.
func (r *running) Stop() error { return r.stop() }

// serve runs a service in the foreground, until ctx ends.
func serve(ctx context.Context, address string, s service, ready func(url string)) error {
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
		return nil, usage("cannot listen on %s: %v", address, err).WithCause(err).
			WithHint("choose another address with -addr; port 0 is any that is free")
	}
	return listener, nil
}

// openCAR opens the embedded CAR service that is kept in a folder; "" keeps it in memory.
func openCAR(dir string, config carserver.Config) (*carserver.Server, error) {
	path, err := file(dir, "car.db")
	if err != nil {
		return nil, err
	}
	config.Path = path
	s, err := carserver.Open(config)
	if errors.Is(err, carserver.ErrInUse) {
		return nil, failure.New(failure.Recoverable, "the embedded CAR service in %s is in use by another carjs", dir).WithCause(err).
			WithFault(failure.FaultSettings).WithHint("wait until that has ended, or name another folder with -state-dir")
	}
	if err != nil {
		return nil, failure.New(failure.Recoverable, "the embedded CAR service does not open: %v", err).WithCause(err).
			WithFault(failure.FaultCarjs).WithHint("look at %s; what is in it comes again from the data source when it is removed", path)
	}
	return s, nil
}

// openSource opens the embedded reference data source that is kept in a folder; "" keeps it in
// memory.
func openSource(dir string, size int, log hclog.Logger) (*server.Server, error) {
	path, err := file(dir, "source.db")
	if err != nil {
		return nil, err
	}
	s, err := server.Open(server.Config{Path: path, Size: size, Logger: log})
	if err != nil {
		return nil, failure.New(failure.Datasource, "the embedded data source does not open: %v", err).WithCause(err).
			WithHint("look at %s", path)
	}
	return s, nil
}

// settingURL is where the reference connector's data source is.
const settingURL = "CONFIGURATION_AUTH_URL"

// standsIn tells whether the embedded data source stands in: for the reference connector, when no
// other is named.
func standsIn(c *command, values settings.Values) bool {
	return c.connector.Name == "reference" && !values.Given(settingURL) && values.Text(settings.EnvReplay) == ""
}

// startSource starts the embedded data source.
func startSource(stateDir string, log hclog.Logger) (*running, error) {
	s, err := openSource(stateDir, 0, log.Named("source"))
	if err != nil {
		return nil, err
	}
	running, err := start(s)
	if err != nil {
		return nil, err
	}
	log.Info("the embedded data source stands in, because no URL is set", "kept_in", filepath.Join(stateDir, "source.db"))
	return running, nil
}

// withSource adds the settings of the embedded data source.
func withSource(values settings.Values, url string) settings.Values {
	return values.WithDefaults(map[string]string{
		settingURL: url, "CONFIGURATION_AUTH_USERNAME": "admin", "CONFIGURATION_AUTH_PASSWORD": "admin",
	})
}

// file makes a folder and returns the path of a file in it.
func file(dir, name string) (string, error) {
	if dir == "" {
		return "", nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", usage("cannot keep data in %s: %v", dir, err).WithCause(err).WithHint("choose another folder with -state-dir or -data")
	}
	return filepath.Join(dir, name), nil
}

// shown is a duration for people.
func shown(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
