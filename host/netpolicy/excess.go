package netpolicy

import (
	"context"
	"net"
	"net/netip"
	"time"
)

// Excess are the hosts that a connector asks for and does not get.
type Excess struct {
	// NotAllowed are those that no rule of the operator allows, Denied those that one denies, and
	// OutOfBounds addresses that the operator would have to name.
	NotAllowed, Denied, OutOfBounds Rules
}

// lookupTime bounds how long a start waits for the addresses of a host.
const lookupTime = 5 * time.Second

// Excess returns what the connector asks for and does not get. Names are looked up where rules of
// addresses decide; what cannot be looked up now, or only by a proxy, is left to when it is dialled.
func (b Bounds) Excess(ctx context.Context) Excess {
	return b.excess(ctx, net.DefaultResolver.LookupNetIP)
}

func (b Bounds) excess(ctx context.Context, lookup func(ctx context.Context, network, host string) ([]netip.Addr, error)) Excess {
	var e Excess
	p := New(b)
	for _, asked := range b.Asked {
		switch {
		case anyOf(b.Denied, func(r Rule) bool { return r.covers(asked) }):
			e.Denied = append(e.Denied, asked)
		case b.Allowed == nil, anyOf(b.Allowed, func(r Rule) bool { return r.covers(asked) }):
			if asked.net.IsSingleIP() && p.inBounds(Target{address: asked.net.Addr(), port: asked.port}, asked.net.Addr()) != nil {
				e.OutOfBounds = append(e.OutOfBounds, asked)
			}
		case !b.mayAllow(ctx, asked, lookup):
			e.NotAllowed = append(e.NotAllowed, asked)
		}
	}
	return e
}

// mayAllow tells whether a rule of addresses allows what is asked for by name, as far as that can be
// told before it is dialled.
func (b Bounds) mayAllow(
	ctx context.Context, asked Rule, lookup func(ctx context.Context, network, host string) ([]netip.Addr, error),
) bool {
	if !anyOf(b.Allowed, func(r Rule) bool { return r.mayCover(asked) }) {
		return false
	}
	if asked.below {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
	addresses, err := lookup(ctx, "ip", asked.name)
	if err != nil {
		return true
	}
	for _, address := range addresses {
		if anyOf(b.Allowed, func(r Rule) bool { return r.mayCover(asked) && r.has(address) }) {
			return true
		}
	}
	return false
}

func anyOf(rules Rules, fits func(Rule) bool) bool {
	for _, rule := range rules {
		if fits(rule) {
			return true
		}
	}
	return false
}
