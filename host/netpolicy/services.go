package netpolicy

import (
	"context"
	"net"
	"net/netip"
	"slices"
)

// known are the services so far.
func (p *Policy) known() []service {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.services[:len(p.services):len(p.services)]
}

// serviceNamed refuses a target that is written like a service.
func (p *Policy) serviceNamed(t Target) error {
	for _, s := range p.known() {
		if s.port == t.port && (s.name == t.name || s.isAt(t.address)) && !p.listed(t, netip.Addr{}) {
			return refused(t, netip.Addr{}, own, s.what)
		}
	}
	return nil
}

// Service refuses the host that a request names in its header Host, when it is one of the services.
// The port counts where it is there. The error is a [*Refusal].
func (p *Policy) Service(host string) error {
	t := TargetAt("", host)
	for _, s := range p.known() {
		if (t.port == 0 || s.port == t.port) && (s.name == t.name || s.isAt(t.address)) && !p.listed(s.Target, netip.Addr{}) {
			return refused(s.Target, netip.Addr{}, own, s.what)
		}
	}
	return nil
}

// serviceAt refuses an address that is one of a service. The name of a service is looked up for it,
// which is rare: only where another host has its port.
func (p *Policy) serviceAt(ctx context.Context, t Target, address netip.Addr) error {
	for _, s := range p.known() {
		if s.port != t.port || s.name == t.name || p.listed(t, address) {
			continue
		}
		there := s.isAt(address)
		if !there && !s.address.IsValid() {
			// A service that is not found is not reached either.
			found, _ := p.lookup(ctx, "ip", s.name)
			there = slices.ContainsFunc(found, func(a netip.Addr) bool { return same(a, address) })
		}
		if there {
			return refused(t, address, own, s.what)
		}
	}
	return nil
}

// isAt tells whether an address is the one that is written as the service's host.
func (s service) isAt(address netip.Addr) bool {
	return s.address.IsValid() && address.IsValid() && same(s.address, address)
}

// same tells whether what is sent to two addresses gets to the same machine. All of loopback is this
// machine, and so is no address at all, and each of its own.
func same(service, address netip.Addr) bool {
	for _, a := range spellings(service) {
		for _, b := range spellings(address) {
			if a == b || local(a) && local(b) {
				return true
			}
		}
	}
	return false
}

func local(a netip.Addr) bool {
	if a.IsLoopback() || a.IsUnspecified() {
		return true
	}
	own, err := net.InterfaceAddrs()
	if err != nil {
		return false
	}
	return slices.ContainsFunc(own, func(o net.Addr) bool {
		prefix, err := netip.ParsePrefix(o.String())
		return err == nil && prefix.Addr().WithZone("").Unmap() == a
	})
}
