package carserver

import (
	"context"
	"errors"
	"fmt"
	"net"
)

// Local is a service on its own loopback address.
type Local struct {
	*Server
	// URL is the base URL of the API, as clients are given it.
	URL    string
	cancel context.CancelFunc
	ended  chan error
}

// Start opens a service and serves it on a free port of 127.0.0.1 until [Local.Close].
func Start(cfg Config) (*Local, error) {
	server, err := Open(cfg)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start CAR service: %w", err), server.Close())
	}
	ctx, cancel := context.WithCancel(context.Background())
	l := &Local{Server: server, URL: "http://" + listener.Addr().String() + "/api/car/v2", cancel: cancel, ended: make(chan error, 1)}
	go func() { l.ended <- server.Serve(ctx, listener) }()
	return l, nil
}

// Close stops the service. Requests in progress get a second to finish.
func (l *Local) Close() error {
	l.cancel()
	return errors.Join(<-l.ended, l.Server.Close())
}
