package app

import (
	"crypto/tls"
	"errors"
	"net/http"
	"time"

	"github.com/hashicorp/go-hclog"

	"carjs/bindings"
	"carjs/host/failure"
	"carjs/host/redact"
	"carjs/host/script"
	"carjs/host/settings"
)

// access is what a script reaches outside of itself.
type access struct {
	transport http.RoundTripper       // to the data source
	log       hclog.Logger            // of the run; the connector has a label of its own there
	secret    func(secrets ...string) // is told of secrets that the script obtains
	hides     func(text string) bool  // tells whether a text has a secret
	// clock is that of a recording, when one is replayed; nil is the machine's.
	clock *script.Clock
	// waiting is told what the script waits for; nil is nobody.
	waiting func(why string, planned time.Duration) (over func())
	// end ends the run without the script; nil leaves a script that cannot be stopped to itself.
	end func(f *failure.Failure, now bool)
}

// hiding tells whether a text has a secret that a redactor knows.
func hiding(r *redact.Redactor) func(text string) bool {
	return func(text string) bool { return r.Finds([]byte(text)) }
}

// scriptOptions are what a connector's script is given by the settings of a command. Every command
// goes through here, so that a setting about scripts has the same effect in all of them.
func scriptOptions(values settings.Values, to access) bindings.Options {
	run := values.Run()
	options := bindings.Options{
		Args: values.Connector(), Transport: to.transport, Secret: to.secret, Hides: to.hides, Waiting: to.waiting,
		RequestTimeout: run.RequestTimeout, RetryWait: run.RetryWait,
		MaxStack: run.MaxStack, MaxTurn: run.MaxTurn, MaxMemory: run.MaxMemory, End: to.end,
	}
	if to.clock != nil {
		options.Clock, options.Began = to.clock, to.clock.Now()
	}
	if to.log != nil {
		options.Logger = to.log.Named(ConnectorLabel)
	}
	return options
}

// nobody is a data source that is not asked: a command that only looks at a connector must not
// reach anything.
type nobody struct{}

// errAsked is the cause of what nobody answers with.
var errAsked = errors.New("the data source was queried")

// RoundTrip refuses.
func (nobody) RoundTrip(q *http.Request) (*http.Response, error) {
	return nil, failure.New(failure.Datasource, "%s %s: this command must not query the data source", q.Method, q.URL.Redacted()).
		WithFault(failure.FaultConnector).WithCause(errAsked).
		WithHint("query the data source in an import or in testConnection(), not while the connector is constructed")
}

// WithTLS is the same: nothing is connected.
func (n nobody) WithTLS(*tls.Config) http.RoundTripper { return n }
