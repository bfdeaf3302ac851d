package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"carjs/host/httpx"
)

// rig is the surroundings of the programs that are measured: a data source and a CAR, both on
// loopback.
type rig struct {
	source    *source
	service   *service
	sourceURL string
	carURL    string
	// delay is added to every answer, in nanoseconds.
	delay atomic.Int64
	stop  context.CancelFunc
	ended chan error
}

// newRig starts a data source with a model of a size, and a CAR.
func newRig(size int) (*rig, error) {
	service, err := newService()
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	r := &rig{service: service, stop: stop, ended: make(chan error, 2)}
	source, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		stop()
		return nil, fmt.Errorf("serve the data source: %w", err)
	}
	car, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		stop()
		return nil, errors.Join(fmt.Errorf("serve CAR: %w", err), source.Close())
	}
	r.sourceURL, r.carURL = "http://"+source.Addr().String(), "http://"+car.Addr().String()+"/api/car/v2"
	r.source = newSource(size, r.sourceURL)
	for listener, handler := range map[net.Listener]http.Handler{source: r.source, car: r.service} {
		server := &http.Server{Handler: r.delayed(handler), ReadHeaderTimeout: time.Minute}
		go func() { r.ended <- httpx.Until(ctx, server, listener) }()
	}
	return r, nil
}

// close stops both servers.
func (r *rig) close() error {
	r.stop()
	return errors.Join(<-r.ended, <-r.ended)
}

// delayed makes every answer come later.
func (r *rig) delayed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		if delay := time.Duration(r.delay.Load()); delay > 0 {
			time.Sleep(delay)
		}
		next.ServeHTTP(w, request)
	})
}

// flags are what every variant is told.
func (r *rig) flags() []string {
	return []string{
		"-url", r.sourceURL, "-username", "admin", "-password", "admin", "-source", "bench",
		"-car-service-url", r.carURL, "-car-service-key", "k", "-car-service-password", "p",
	}
}

// check runs a variant once and looks at every page that it sends: the right number of objects, and
// all that a full import has to do. each, when not nil, is given every object.
func (r *rig) check(ctx context.Context, v variant, size int, each func(string, json.RawMessage) error) (sample, error) {
	seen := newTally()
	seen.each = each
	s, err := r.sample(ctx, v, seen.page)
	if err != nil {
		return s, err
	}
	if got := seen.total(); got != elements(size) {
		return s, fmt.Errorf("%s sent %d objects of a model of size %d, not %d: %v", v.name, got, size, elements(size), seen.Objects)
	}
	return s, nil
}

// sample runs a variant once and measures it. inspect, when not nil, is given every page.
func (r *rig) sample(ctx context.Context, v variant, inspect func([]byte) error) (sample, error) {
	r.source.reset()
	r.service.reset(inspect)
	used, err := v.measure(ctx, r.flags())
	if err != nil {
		return sample{}, err
	}
	seen, err := r.service.ended()
	if err != nil {
		return sample{}, fmt.Errorf("%s: %w", v.name, err)
	}
	allocated, err := v.allocated()
	if err != nil {
		return sample{}, fmt.Errorf("%s: read what it allocated: %w", v.name, err)
	}
	return sample{Usage: used, traffic: seen, Used: allocated, asked: r.source.requests.Load()}, nil
}
