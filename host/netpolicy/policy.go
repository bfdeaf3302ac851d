package netpolicy

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"sync"
)

// Bounds are what a [Policy] is made of.
type Bounds struct {
	// Asked are the hosts that the connector declares; nil when it declares none, and so may be
	// led anywhere.
	Asked Rules
	// Allowed are the hosts that the operator allows; nil allows all that is not out of bounds.
	// What is out of bounds is allowed by a rule that names it, but not by "*" or a range around
	// it.
	Allowed Rules
	// Denied are the hosts that the operator denies, whatever else is allowed.
	Denied Rules
}

// Policy decides where a connector may connect. It is safe for use by several goroutines.
type Policy struct {
	bounds Bounds
	// lookup finds the addresses of services.
	lookup func(ctx context.Context, network, host string) ([]netip.Addr, error)

	mu       sync.Mutex
	services []service
}

// service is one that connectors must not use.
type service struct {
	Target
	what string // "the CAR service"
}

// New makes a policy. The zero Bounds are the default: everything but what is out of bounds.
func New(bounds Bounds) *Policy {
	return &Policy{bounds: bounds, lookup: net.DefaultResolver.LookupNetIP}
}

// Forbid keeps the connector from a service at a URL, unless the operator names its host, by name
// or address, in what is allowed. A text that is no URL forbids nothing.
func (p *Policy) Forbid(what, address string) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.services = append(p.services, service{TargetOf(u), what})
}

// Target is a host and port to connect to, as they are written.
type Target struct {
	name    string // "" for none
	address netip.Addr
	port    uint16
}

// TargetOf is where a URL leads: without a port, to that of its scheme.
func TargetOf(u *url.URL) Target { return target(u.Scheme, u.Hostname(), u.Port()) }

// TargetAt is where a host with or without port leads in a URL of a scheme.
func TargetAt(scheme, hostPort string) Target {
	u := url.URL{Host: hostPort}
	return target(scheme, u.Hostname(), u.Port())
}

func target(scheme, host, port string) Target {
	t := Target{name: canonical(host)}
	switch n, err := strconv.ParseUint(port, 10, 16); {
	case err == nil && port != "":
		t.port = uint16(n)
	case scheme == "https":
		t.port = 443
	case scheme == "http":
		t.port = 80
	}
	t.address, _ = parseAddress(t.name)
	return t
}

// String is host and port.
func (t Target) String() string { return net.JoinHostPort(t.name, strconv.Itoa(int(t.port))) }

// Route is how a request gets to its target.
type Route struct {
	Target Target
	// Proxied tells that a proxy looks the name up, so that its address is not known here.
	Proxied bool
	// Proven tells that the connection ends at whom a certificate proves to be the target: a
	// service of another name is another one, even at the same address.
	Proven bool
}

// Name decides about a request before its host is looked up. The error is a [*Refusal]. What it lets
// pass may still be refused by [Policy.Address].
func (p *Policy) Name(r Route) error {
	t := r.Target
	for _, rule := range p.bounds.Denied {
		if rule.names(t) {
			return refused(t, netip.Addr{}, denied, rule.String())
		}
	}
	if t.address.IsValid() {
		if err := p.inBounds(t, t.address); err != nil {
			return err
		}
	} else if r.Proxied && !p.listed(t, netip.Addr{}) {
		for _, name := range metadataNames {
			if t.name == name {
				return refused(t, netip.Addr{}, outside, "the name of a cloud metadata service")
			}
		}
	}
	if err := p.serviceNamed(t); err != nil {
		return err
	}
	if !among(p.bounds.Asked, r) {
		return refused(t, netip.Addr{}, undeclared, p.bounds.Asked.String())
	}
	if !among(p.bounds.Allowed, r) {
		return refused(t, netip.Addr{}, notAllowed, p.bounds.Allowed.String())
	}
	return nil
}

// among tells whether one of the rules names the target, or may do so once its name is looked up.
func among(rules Rules, r Route) bool {
	if rules == nil {
		return true
	}
	for _, rule := range rules {
		if rule.names(r.Target) {
			return true
		}
		if !r.Proxied && !r.Target.address.IsValid() && rule.net.IsValid() && rule.ofPort(r.Target.port) {
			return true
		}
	}
	return false
}

// Address decides about an address that is about to be dialled for a route that [Policy.Name] let
// pass. The error is a [*Refusal].
func (p *Policy) Address(ctx context.Context, r Route, address netip.Addr) error {
	t := r.Target
	for _, rule := range p.bounds.Denied {
		if rule.ofPort(t.port) && rule.has(address) {
			return refused(t, address, denied, rule.String())
		}
	}
	if err := p.inBounds(t, address); err != nil {
		return err
	}
	if !at(p.bounds.Asked, t, address) {
		return refused(t, address, undeclared, p.bounds.Asked.String())
	}
	if !at(p.bounds.Allowed, t, address) {
		return refused(t, address, notAllowed, p.bounds.Allowed.String())
	}
	if r.Proven {
		return nil
	}
	return p.serviceAt(ctx, t, address)
}

// at tells whether one of the rules names the target or its address.
func at(rules Rules, t Target, address netip.Addr) bool {
	if rules == nil {
		return true
	}
	for _, rule := range rules {
		if rule.names(t) || rule.ofPort(t.port) && rule.has(address) {
			return true
		}
	}
	return false
}

// inBounds refuses an address that is out of bounds, unless a rule of the operator is about it.
func (p *Policy) inBounds(t Target, address netip.Addr) error {
	what, around := forbidden(address)
	if what == "" {
		return nil
	}
	for _, rule := range p.bounds.Allowed {
		if rule.ofPort(t.port) && rule.has(address) &&
			(rule.net.IsSingleIP() || around.Contains(rule.net.Addr()) && rule.net.Bits() >= around.Bits()) {
			return nil
		}
	}
	return refused(t, address, outside, what)
}

// listed tells whether the operator names exactly this host, or its address.
func (p *Policy) listed(t Target, address netip.Addr) bool {
	for _, rule := range p.bounds.Allowed {
		switch {
		case rule.all || rule.below || !rule.ofPort(t.port):
		case rule.net.IsValid():
			if rule.net.IsSingleIP() && (address.IsValid() && rule.has(address) || t.address.IsValid() && rule.has(t.address)) {
				return true
			}
		case rule.name == t.name:
			return true
		}
	}
	return false
}
