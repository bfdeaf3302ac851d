package netpolicy

import (
	"context"
	"errors"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

func TestParseRule(t *testing.T) {
	for text, want := range map[string]string{
		"example.com": "example.com", " Example.COM. ": "example.com", "example.com:443": "example.com:443",
		"*.example.com": "*.example.com", "*.example.com:8443": "*.example.com:8443", "*": "*", "*:443": "*:443",
		"192.0.2.1": "192.0.2.1", "192.0.2.1:80": "192.0.2.1:80", "10.1.2.3/8": "10.0.0.0/8", "10.0.0.0/8:443": "10.0.0.0/8:443",
		"[2001:db8::1]": "[2001:db8::1]", "[2001:db8::1]:443": "[2001:db8::1]:443",
		"[fd00::]/8": "[fd00::]/8", "[fd00::]/8:443": "[fd00::]/8:443",
		"[::ffff:192.0.2.1]": "192.0.2.1", "[::ffff:192.0.2.1]/120": "192.0.2.0/24", "2130706433": "127.0.0.1", "0x7f.1": "127.0.0.1",
		"bücher.example":      "xn--bcher-kva.example",
		"under_score.example": "under_score.example", "localhost": "localhost",
		"": "!empty", "https://example.com": "!URL", "example.com/path": "!no address", "example.com:": "!port", "example.com:0": "!port",
		"example.com:99999": "!port", "2001:db8::1": "!brackets", "fd00::/8": "!brackets", "[::1": "!bracket", "10.0.0.0/33": "!length",
		"[fe80::1%eth0]":  "!zone",
		"*.*.example.com": "!no host", "a*.example.com": "!no host", "*.": "!no host", "a b": "!no host", "*.10.0.0.1": "!below an address",
		"user@example.com": "!no host", "a..b": "!no host", strings.Repeat("a", 64) + ".example": "!no host",
	} {
		rule, err := ParseRule(text)
		problem, wrong := strings.CutPrefix(want, "!")
		switch {
		case wrong && (err == nil || !strings.Contains(err.Error(), problem)):
			t.Errorf("%q is %v, %v", text, rule, err)
		case wrong:
		case err != nil || rule.String() != want:
			t.Errorf("%q is %v, %v", text, rule, err)
		default:
			if again, err := ParseRule(rule.String()); again != rule || err != nil {
				t.Errorf("%q is %v when it is read again, %v", text, again, err)
			}
		}
	}
	rules, err := ParseRules(" a.example , ,b.example:1,")
	if err != nil || rules.String() != "a.example, b.example:1" {
		t.Errorf("%v, %v", rules, err)
	}
	if _, err := ParseRules("a.example,b c"); err == nil || !strings.Contains(err.Error(), `"b c"`) {
		t.Error(err)
	}
}

// parsed are rules for tests; "" is no bound.
func parsed(t testing.TB, text string) Rules {
	t.Helper()
	if text == "" {
		return nil
	}
	rules, err := ParseRules(text)
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

// Every spelling of an address, and every address that leads to it, is that address.
func TestSpellings(t *testing.T) {
	for _, host := range []string{
		"169.254.169.254", "2852039166", "0xa9fea9fe", "0xA9.254.0251.254", "0251.0376.0251.0376", "169.16689662", "169.254.43518",
		"[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b::169.254.169.254]", "[64:ff9b:1::a9fe:a9fe]",
		"[::a9fe:a9fe]", "[::ffff:0:a9fe:a9fe]", "[2002:a9fe:a9fe::1]", "[2001:0:1:2:3:4:5601:5601]", "169.254.169.254.",
		"①⑥⑨.②⑤④.①⑥⑨.②⑤④", "[fe80::1]", "[fe80::1%25eth0]", "[fd00:ec2::254]", "100.100.100.200", "168.63.129.16",
	} {
		u, err := url.Parse("http://" + host + "/")
		if err != nil {
			t.Fatal(err)
		}
		for _, proxied := range []bool{false, true} {
			if err := New(Bounds{}).Name(Route{Target: TargetOf(u), Proxied: proxied}); err == nil {
				t.Errorf("%s passes", host)
			}
			if err := New(Bounds{Allowed: Rules{{all: true}}}).Name(Route{Target: TargetOf(u), Proxied: proxied}); err == nil {
				t.Errorf("%s passes where * is allowed", host)
			}
		}
	}
	for _, host := range []string{"169.253.0.1", "1.1", "[2001:db8::a9fe:a9fe]", "[::1]", "[2606:4700::1]", "169.254.example.com",
		"metadata.example.com", "0"} {
		u, _ := url.Parse("http://" + host + "/")
		if err := New(Bounds{}).Name(Route{Target: TargetOf(u), Proxied: true}); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
}

// routes are hosts with the addresses that they have.
func TestPolicy(t *testing.T) {
	for _, c := range []struct {
		name                   string
		asked, allowed, denied string
		url, address           string // without one, the host is not looked up
		proxied                bool
		refusal                string // "" when it is let pass
	}{
		{name: "everything", url: "https://example.com", address: "192.0.2.1"},
		{name: "loopback", url: "http://localhost:8000", address: "127.0.0.1"},
		{name: "a private network", url: "http://db.internal", address: "10.1.2.3"},
		{name: "a name that leads to metadata", url: "http://nice.example", address: "169.254.169.254",
			refusal: "connecting to nice.example:80 (169.254.169.254) is not allowed: it is a link-local address"},
		{name: "a name that leads to a translator", url: "http://nice.example", address: "64:ff9b::a9fe:a9fe", refusal: "link-local"},
		{name: "the name of metadata, through a proxy", url: "http://metadata.google.internal", proxied: true, refusal: "cloud metadata"},
		{name: "metadata that is allowed", allowed: "*,169.254.169.254", url: "http://169.254.169.254", address: "169.254.169.254"},
		{name: "metadata that is allowed with others", allowed: "169.254.0.0/16", url: "http://nice.example", address: "169.254.1.1"},
		{name: "metadata within all addresses", allowed: "0.0.0.0/0", url: "http://169.254.169.254", refusal: "link-local"},
		{name: "metadata of another port", allowed: "*,169.254.169.254:80", url: "http://169.254.169.254:8080", refusal: "link-local"},
		{name: "metadata that is allowed by the name of a proxy's", allowed: "metadata.google.internal",
			url: "http://metadata.google.internal", proxied: true},
		{name: "metadata that the connector asks for", asked: "169.254.169.254", url: "http://169.254.169.254", refusal: "link-local"},

		{name: "allowed by name", allowed: "example.com", url: "https://EXAMPLE.com", address: "192.0.2.1"},
		{name: "allowed with port", allowed: "example.com:443", url: "https://example.com", address: "192.0.2.1"},
		{name: "another port", allowed: "example.com:443", url: "http://example.com",
			refusal: "connecting to example.com:80 is not allowed: -allow-net names example.com:443"},
		{name: "another host", allowed: "example.com", url: "https://example.org", refusal: "not allowed: -allow-net names example.com"},
		{name: "a subdomain of a host", allowed: "example.com", url: "https://a.example.com", refusal: "not allowed"},
		{name: "below", allowed: "*.example.com", url: "https://a.b.example.com", address: "192.0.2.1"},
		{name: "not below", allowed: "*.example.com", url: "https://example.com", refusal: "not allowed"},
		{name: "not really below", allowed: "*.example.com", url: "https://badexample.com", refusal: "not allowed"},
		{name: "allowed by address", allowed: "10.0.0.0/8", url: "http://db.internal", address: "10.1.2.3"},
		{name: "not by this address", allowed: "10.0.0.0/8", url: "http://db.internal", address: "192.0.2.1",
			refusal: "connecting to db.internal:80 (192.0.2.1) is not allowed: -allow-net names 10.0.0.0/8"},
		{name: "by address through a proxy", allowed: "10.0.0.0/8", url: "http://db.internal", proxied: true, refusal: "not allowed"},
		{name: "by a mapped address", allowed: "10.0.0.0/8", url: "http://[::ffff:10.1.2.3]", address: "10.1.2.3"},
		{name: "IPv6", allowed: "[2001:db8::1]:443", url: "https://[2001:DB8:0::1]", address: "2001:db8::1"},
		{name: "nothing", allowed: ",", url: "https://example.com", refusal: "-allow-net names none"},

		{name: "denied by name", denied: "example.com", url: "https://example.com",
			refusal: "connecting to example.com:443 is denied by the rule example.com of -deny-net"},
		{name: "denied although allowed", allowed: "example.com", denied: "*.com", url: "https://example.com",
			refusal: "denied by the rule *.com"},
		{name: "denied by address", denied: "10.0.0.0/8", url: "http://db.internal", address: "10.1.2.3",
			refusal: "db.internal:80 (10.1.2.3) is denied by the rule 10.0.0.0/8"},
		{name: "denied by an address written differently", denied: "127.0.0.1", url: "http://0x7f000001",
			refusal: "0x7f000001:80 (127.0.0.1) is denied"},
		{name: "not denied", denied: "10.0.0.0/8", url: "http://db.internal", address: "11.1.2.3"},
		{name: "all denied", denied: "*", url: "http://db.internal", refusal: "denied by the rule *"},

		{name: "declared", asked: "example.com", url: "https://example.com", address: "192.0.2.1"},
		{name: "not declared", asked: "example.com:443", url: "https://evil.example",
			refusal: "connecting to evil.example:443 is not declared: hosts in config.json names example.com:443"},
		{name: "declared, but not allowed", asked: "example.com", allowed: "example.org", url: "https://example.com", refusal: "-allow-net"},
		{name: "declared by name, allowed by address", asked: "example.com", allowed: "192.0.2.0/24",
			url: "https://example.com", address: "192.0.2.1"},
		{name: "nothing declared", asked: ",", url: "https://example.com", refusal: "names none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := New(Bounds{Asked: parsed(t, c.asked), Allowed: parsed(t, c.allowed), Denied: parsed(t, c.denied)})
			u, err := url.Parse(c.url)
			if err != nil {
				t.Fatal(err)
			}
			r := Route{Target: TargetOf(u), Proxied: c.proxied}
			err = p.Name(r)
			if err == nil && c.address != "" {
				err = p.Address(t.Context(), r, netip.MustParseAddr(c.address))
			}
			switch refusal, is := err.(*Refusal); { //nolint:errorlint // of the policy itself
			case c.refusal == "" && err != nil, c.refusal != "" && (err == nil || !strings.Contains(err.Error(), c.refusal)):
				t.Errorf("%v", err)
			case err != nil && (!is || refusal.Hint() == ""):
				t.Errorf("%T, hint %q", err, refusal.Hint())
			}
		})
	}
}

func TestExcess(t *testing.T) {
	for _, c := range []struct{ asked, allowed, denied, notAllowed, isDenied, outOfBounds string }{
		{"", "a.example", "", "none", "none", "none"},
		{"a.example", "", "", "none", "none", "none"},
		{"a.example,b.example", "a.example", "", "b.example", "none", "none"},
		{"a.example", "a.example:443", "", "a.example", "none", "none"},
		{"a.example:443", "a.example", "", "none", "none", "none"},
		{"*.a.example,x.a.example", "*.a.example", "", "none", "none", "none"},
		{"*.b.a.example", "*.a.example", "", "none", "none", "none"},
		{"*.a.example", "x.a.example", "", "*.a.example", "none", "none"},
		{"a.example", "*.a.example", "", "a.example", "none", "none"},
		{"*", "a.example", "", "*", "none", "none"},
		{"*", "*", "", "none", "none", "none"},
		{"*", "10.0.0.0/8", "", "*", "none", "none"},
		{"db.internal", "10.0.0.0/8", "", "none", "none", "none"},
		{"db.internal", "11.0.0.0/8", "", "db.internal", "none", "none"},
		{"db.internal", "10.0.0.0/8:80,11.0.0.0/8", "", "db.internal", "none", "none"}, // on all ports
		{"db.internal:80", "10.0.0.0/8:80,11.0.0.0/8", "", "none", "none", "none"},
		{"db.internal:443", "10.0.0.0/8:80,11.0.0.0/8", "", "db.internal:443", "none", "none"},
		{"*.internal,gone.internal", "11.0.0.0/8", "", "none", "none", "none"}, // decided when they are dialled
		{"10.1.0.0/16,10.1.2.3:80", "10.0.0.0/8", "", "none", "none", "none"},
		{"10.0.0.0/8", "10.1.0.0/16", "", "10.0.0.0/8", "none", "none"},
		{"192.0.2.1", "db.internal", "", "192.0.2.1", "none", "none"},
		{"a.example", "*", "*.example", "none", "a.example", "none"},
		{"*", "", "a.example", "none", "none", "none"},
		{"169.254.169.254", "*", "", "none", "none", "169.254.169.254"},
		{"169.254.169.254", "169.254.169.254", "", "none", "none", "none"},
	} {
		bounds := Bounds{Asked: parsed(t, c.asked), Allowed: parsed(t, c.allowed), Denied: parsed(t, c.denied)}
		e := bounds.excess(t.Context(), func(_ context.Context, _, host string) ([]netip.Addr, error) {
			if host == "db.internal" {
				return []netip.Addr{netip.MustParseAddr("10.1.2.3")}, nil
			}
			return nil, errors.New("no such host")
		})
		if e.NotAllowed.String() != c.notAllowed || e.Denied.String() != c.isDenied || e.OutOfBounds.String() != c.outOfBounds {
			t.Errorf("%+v: %v, %v, %v", c, e.NotAllowed, e.Denied, e.OutOfBounds)
		}
	}
}
