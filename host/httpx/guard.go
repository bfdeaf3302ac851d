package httpx

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"

	"carjs/host/netpolicy"
)

// Within is [New] for a connector's requests, which go where a policy lets them: nil is the default
// one. It asks the policy about the host of each request, those after redirects too, and again about
// each address before it is dialled, so that a name that is looked up anew leads nowhere else.
// Through a proxy, which looks names up itself, the host alone counts; the proxy is not asked about.
// A request that the policy forbids fails with a [*netpolicy.Refusal].
func Within(policy *netpolicy.Policy) http.RoundTripper { return WithinIn(nil, policy, nil) }

// WithinIn is [Within] with another environment than that of the process, and another resolver;
// each nil means the usual one.
func WithinIn(lookup Lookup, policy *netpolicy.Policy, resolver *net.Resolver) http.RoundTripper {
	if policy == nil {
		policy = netpolicy.New(netpolicy.Bounds{})
	}
	return newTransport(readEnvironment(lookup), nil, &guard{policy, resolver})
}

// guard keeps a transport within a policy. A nil guard lets everything pass.
type guard struct {
	policy   *netpolicy.Policy
	resolver *net.Resolver
}

// routeKey is the key of a [*route] in the context of a request.
type routeKey struct{}

// route is how a request gets to its host, as it was decided before it was sent.
type route struct {
	netpolicy.Route
	proxy *url.URL
}

// allowed returns the request with its route, or a [*netpolicy.Refusal].
func (t *transport) allowed(r *http.Request) (*http.Request, error) {
	if t.guard == nil {
		return r, nil
	}
	proxy, err := t.env.proxyOf(r)
	if err != nil {
		return nil, err
	}
	way := &route{proxy: proxy, Route: netpolicy.Route{
		Target: netpolicy.TargetOf(r.URL), Proxied: proxy != nil,
		Proven: r.URL.Scheme == "https" && (t.config == nil || !t.config.InsecureSkipVerify && t.config.ServerName == ""),
	}}
	if err := t.guard.policy.Name(way.Route); err != nil {
		return nil, err
	}
	if r.Host != "" && r.Host != r.URL.Host {
		// A proxy that is asked without TLS connects to this host, and a gateway in front of several
		// services answers as this one.
		named := way.Route
		named.Target = netpolicy.TargetAt(r.URL.Scheme, r.Host)
		err := t.guard.policy.Service(r.Host)
		if proxy != nil && r.URL.Scheme == "http" {
			err = t.guard.policy.Name(named)
		}
		if err != nil {
			return nil, err
		}
	}
	return r.WithContext(context.WithValue(r.Context(), routeKey{}, way)), nil
}

// proxyOf is the proxy of a request: the one with which it was allowed.
func (t *transport) proxyOf(r *http.Request) (*url.URL, error) {
	if way, ok := r.Context().Value(routeKey{}).(*route); ok {
		return way.proxy, nil
	}
	return t.env.proxyOf(r)
}

// errNoRoute is the error of a connection that was not asked for by [transport.RoundTrip].
var errNoRoute = errors.New("the connection was not checked against the network policy")

// watch has a dialler ask the policy about each address.
func (g *guard) watch(dialer *net.Dialer) {
	if g == nil {
		return
	}
	dialer.Resolver = g.resolver
	dialer.ControlContext = func(ctx context.Context, _, address string, _ syscall.RawConn) error {
		way, ok := ctx.Value(routeKey{}).(*route)
		if !ok {
			return errNoRoute
		}
		if way.proxy != nil {
			return nil
		}
		dialled, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		return g.policy.Address(ctx, way.Route, dialled.Addr())
	}
}
