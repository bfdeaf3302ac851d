package netpolicy

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"testing"
)

func TestServices(t *testing.T) {
	machine := "192.0.2.77"
	if own, err := net.InterfaceAddrs(); err == nil {
		for _, address := range own {
			if prefix, err := netip.ParsePrefix(address.String()); err == nil && prefix.Addr().Is4() && !prefix.Addr().IsLoopback() {
				machine = prefix.Addr().String()
			}
		}
	}
	const local, far = "http://127.0.0.1:3000/api/car/v2", "https://key:secret@car.example/api/car/v2"
	for _, c := range []struct {
		name, service, allowed, url, address string
		proven, passes                       bool
	}{
		{name: "as it is written", service: local, url: "http://127.0.0.1:3000"},
		{name: "another port", service: local, url: "http://127.0.0.1:8000", address: "127.0.0.1", passes: true},
		{name: "another name", service: local, url: "http://localhost:3000", address: "127.0.0.1"},
		{name: "another address of loopback", service: local, url: "http://127.9.9.9:3000"},
		{name: "IPv6", service: local, url: "http://[::1]:3000"},
		{name: "mapped", service: local, url: "http://[::ffff:127.0.0.1]:3000"},
		{name: "no address", service: local, url: "http://0.0.0.0:3000"},
		{name: "zero", service: local, url: "http://0:3000"},
		{name: "a name of somebody else", service: local, url: "http://evil.example:3000", address: "127.0.0.1"},
		{name: "this machine's name", service: "http://localhost:3000", url: "http://127.0.0.1:3000", address: "127.0.0.1"},
		{name: "the far one", service: far, url: "https://CAR.example", proven: true},
		{name: "the far one by address", service: far, url: "https://192.0.2.1", address: "192.0.2.1"},
		{name: "a neighbour behind the same gateway", service: far, url: "https://api.example", address: "192.0.2.1", proven: true, passes: true},
		{name: "a neighbour without a proof", service: far, url: "https://api.example", address: "192.0.2.1"},
		{name: "elsewhere", service: far, url: "https://api.example", address: "192.0.2.2", passes: true},
		{name: "allowed by name", service: far, allowed: "*,car.example:443", url: "https://car.example", address: "192.0.2.1", passes: true},
		{name: "allowed by address", service: local, allowed: "127.0.0.1:3000", url: "http://127.0.0.1:3000", address: "127.0.0.1", passes: true},
		{name: "not allowed by a star", service: far, allowed: "*,*.example", url: "https://car.example"},
		{name: "a service that cannot be found", service: "http://gone.example", url: "http://api.example", address: "192.0.2.1", passes: true},
		{name: "no service", service: "", url: "http://api.example", address: "192.0.2.1", passes: true},
		{name: "loopback by an address of this machine", service: local, url: "http://" + machine + ":3000", passes: machine == "192.0.2.77"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := New(Bounds{Allowed: parsed(t, c.allowed)})
			p.lookup = func(_ context.Context, _, host string) ([]netip.Addr, error) {
				switch host {
				case "car.example":
					return []netip.Addr{netip.MustParseAddr("192.0.2.1")}, nil
				case "localhost":
					return []netip.Addr{netip.MustParseAddr("::1")}, nil
				}
				return nil, errors.New("no such host")
			}
			p.Forbid("the CAR service", c.service)
			u, err := url.Parse(c.url)
			if err != nil {
				t.Fatal(err)
			}
			r := Route{Target: TargetOf(u), Proven: c.proven}
			err = p.Name(r)
			if err == nil && c.address != "" {
				err = p.Address(t.Context(), r, netip.MustParseAddr(c.address))
			}
			if (err == nil) != c.passes {
				t.Error(err)
			}
		})
	}
	p := New(Bounds{})
	p.Forbid("the CAR service", far)
	for host, passes := range map[string]bool{"car.example": false, "CAR.example:443": false, "car.example:80": true, "api.example": true} {
		if err := p.Service(host); (err == nil) != passes {
			t.Errorf("Host: %s: %v", host, err)
		}
	}
}
