package harness

import (
	"context"
	"net/http"

	"carjs/bindings"
	"carjs/host"
	"carjs/host/author/acceptance"
	"carjs/host/script"

	"github.com/hashicorp/go-hclog"
)

// Accept makes the subject of the acceptance checks: the connector, built once. args is what
// context().args shows; secret is told of secrets that the connector obtains. The data source is
// the caller's to add, and clock is what it goes by, nil the machine's. What the checks run is not
// counted: coverage is of tests.
func Accept(
	ctx context.Context, options Options, args map[string]any, secret func(secrets ...string), clock *script.Clock,
) (acceptance.Subject, error) {
	options.Coverage = nil
	connector, _, err := options.build(ctx, nil)
	if err != nil {
		return acceptance.Subject{}, err
	}
	return acceptance.Subject{
		Open: func(transport http.RoundTripper, log hclog.Logger) (host.Connector, error) {
			return connector.Open(options.script(func(o *bindings.Options) {
				o.Args, o.Transport, o.Logger, o.Secret = args, transport, log, secret
				if clock != nil {
					o.Clock, o.Began = clock, clock.Now()
				}
			}))
		},
	}, nil
}
