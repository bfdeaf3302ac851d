package app

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/hashicorp/go-hclog"

	"carjs/bindings"
	"carjs/cmd/carjs/internal/embedded"
	"carjs/host"
	"carjs/host/bundle"
	"carjs/host/logging"
	"carjs/host/redact"
	"carjs/host/script"
	"carjs/host/settings"
)

// Request is one request through a client of a connector: carjs request. Nothing is imported, and
// no CAR service is needed.
type Request struct {
	// Stdin is where the body comes from when it is @-; Log is where the connector's log goes.
	Stdin io.Reader
	Log   io.Writer
	// Redactor knows the secrets of the connector.
	Redactor *redact.Redactor
	// Sent and Answered are told of every request that leaves, of logins and redirects too.
	Sent, Answered func(Exchange)

	// Line is the line of the command.
	Line *Line
	// Include, Verbose and JSON say what is shown of the response.
	Include, Verbose, JSON bool
	// BuildError says why the connector does not build.
	BuildError *bundle.BuildError

	values  settings.Values
	request bindings.Request
	stop    []func() error
}

// Send sends the request and returns the response that came last, nil when there is none, and why
// the request failed: also by the status of the response.
func (r *Request) Send(ctx context.Context) (*Exchange, error) {
	if err := checkConnections(); err != nil {
		return nil, err
	}
	level := hclog.Warn
	if run := r.values.Run(); run.Debug {
		level = hclog.Debug
	}
	log := logging.New(logging.Options{Level: level, Format: logging.Text, Output: r.Log, Redactor: r.Redactor})
	if err := r.configure(log); err != nil {
		return nil, err
	}
	traffic, err := openTraffic(ctx, r.Line, r.values, r.Redactor)
	if err != nil {
		return nil, err
	}
	seen := &exchanges{sent: r.Sent, answered: r.Answered}
	err = r.through(ctx, log, seen.watch(traffic.transport), traffic.clock)
	if failed := traffic.done(err == nil); failed != nil && err == nil {
		err = recordFailure(failed)
	}
	return seen.lastAnswer(), err
}

// configure completes and checks the settings, and starts the embedded data source where it takes
// the place of one that is not named.
func (r *Request) configure(log hclog.Logger) error {
	r.values = r.values.WithDefaults(map[string]string{settings.EnvSource: r.Line.Connector.Name})
	var err error
	if r.values, err = withReplayed(r.values); err != nil {
		return err
	}
	if embedded.StandsIn(r.Line.Connector.Name, r.values) { // not where a recording is replayed
		running, err := embedded.StartSource(r.values.Run().StateDir, log, nil)
		if err != nil {
			return err
		}
		r.stop = append(r.stop, running.Stop)
		r.values = r.values.WithDefaults(embedded.SourceSettings(running.URL))
	}
	r.values.Redact(r.Redactor)
	return r.values.Check()
}

// through sends the request over a transport; clock is that of a recording, nil the machine's.
func (r *Request) through(ctx context.Context, log hclog.Logger, transport http.RoundTripper, clock *script.Clock) error {
	run := r.values.Run()
	cache := bundle.Cache{}
	buildCtx, cancel := buildTime(ctx, run.Timeout)
	defer cancel()
	build := func() (*bundle.Bundle, error) { return r.Line.Connector.Build(buildCtx, bindings.Modules(), cache) }
	connector, err := bindings.Build(build, func() (bindings.Options, error) {
		options := scriptOptions(r.values, access{
			transport: transport, log: log, secret: r.Redactor.Add, hides: hiding(r.Redactor), clock: clock,
		})
		options.Clients = true
		return options, nil
	})
	if errors.As(err, &r.BuildError) {
		return BuildFailure(r.Line.Connector.Name, r.BuildError)
	}
	if err != nil {
		return err
	}
	report := host.Probe(ctx, connector, host.Options{Logger: log, Timeout: run.Timeout}, func(ctx context.Context) error {
		clients := connector.Clients()
		var tested error
		if len(clients) == 0 {
			log.Debug("the connector makes no client when it starts: testing the connection, which may make one")
			_, tested = connector.TestConnection(ctx)
			clients = connector.Clients()
		}
		if len(clients) == 0 && tested != nil {
			return tested
		}
		client, err := r.choose(clients)
		if err != nil {
			return err
		}
		log.Debug("using a client", "base_url", client.BaseURL, "at", client.At)
		return connector.Request(ctx, client, r.request)
	})
	return report.Err()
}

// Close ends what was started.
func (r *Request) Close() error {
	var errs []error
	for _, stop := range r.stop {
		errs = append(errs, stop())
	}
	return errors.Join(errs...)
}
