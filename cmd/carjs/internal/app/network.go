package app

import (
	"context"
	"os"

	"carjs/host/failure"
	"carjs/host/netpolicy"
	"carjs/host/settings"
)

// carService is how a refusal calls CAR.
const carService = "the CAR service"

// networkPolicy is where the connector may connect, by the settings of a command. The error tells of
// hosts that the connector asks for and the operator does not allow, before it asks for anything.
func networkPolicy(ctx context.Context, l *Line, values settings.Values) (*netpolicy.Policy, error) {
	asked, err := values.Hosts()
	if err != nil {
		return nil, err
	}
	bounds := netpolicy.Bounds{Asked: asked}
	bounds.Allowed, bounds.Denied = values.AllowedNet()
	if err := asksTooMuch(l, bounds.Excess(ctx)); err != nil {
		return nil, err
	}
	policy := netpolicy.New(bounds)
	for _, env := range []string{settings.EnvCARURL, settings.EnvTokenURL} {
		// A command without these settings still keeps the connector from CAR.
		policy.Forbid(carService, os.Getenv(env))
		policy.Forbid(carService, values.Text(env))
	}
	return policy, nil
}

// asksTooMuch is the failure of a connector that asks for what it does not get.
func asksTooMuch(l *Line, e netpolicy.Excess) error {
	refuse := func(format string, hosts netpolicy.Rules) *failure.Failure {
		return failure.Usage(format, l.Connector.Name, hosts)
	}
	switch {
	case e.Denied != nil:
		return refuse("%s asks to connect to %s, which -deny-net denies", e.Denied).
			WithHint("remove it from -deny-net (CARJS_DENY_NET) if the connector may connect there, or do not run this connector")
	case e.NotAllowed != nil:
		return refuse("%s asks to connect to %s, which -allow-net does not allow", e.NotAllowed).
			WithHint("add it to -allow-net (CARJS_ALLOW_NET) if the connector may connect there, or do not run this connector")
	case e.OutOfBounds != nil:
		return refuse("%s asks to connect to %s, a link-local address or a cloud metadata service", e.OutOfBounds).
			WithHint("check the URL in the settings; if it is the data source, allow it: -allow-net %s", e.OutOfBounds)
	}
	return nil
}
