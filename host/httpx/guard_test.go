package httpx_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"carjs/host/httpx"
	"carjs/host/netpolicy"
)

// names is a name server on loopback: each question takes the next answer of its name, the last one
// again and again.
type names struct {
	mu      sync.Mutex
	answers map[string][][]string
	asked   []string
}

// resolver asks the name server, whatever is configured.
func (n *names) resolver(t *testing.T) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		buffer := make([]byte, 1500)
		for {
			size, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			if reply, err := n.reply(buffer[:size]); err == nil {
				_, _ = conn.WriteTo(reply, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func (n *names) reply(query []byte) ([]byte, error) {
	var message dnsmessage.Message
	if err := message.Unpack(query); err != nil {
		return nil, err
	}
	question := message.Questions[0]
	message.Response, message.Authoritative, message.Additionals = true, true, nil
	name := strings.TrimSuffix(question.Name.String(), ".")
	n.mu.Lock()
	defer n.mu.Unlock()
	turns, known := n.answers[name]
	if !known {
		message.RCode = dnsmessage.RCodeNameError
		return message.Pack()
	}
	if question.Type == dnsmessage.TypeA {
		n.asked = append(n.asked, name)
		if len(turns) > 1 {
			n.answers[name] = turns[1:]
		}
	}
	for _, text := range turns[0] {
		address := netip.MustParseAddr(text)
		header := dnsmessage.ResourceHeader{Name: question.Name, Type: question.Type, Class: dnsmessage.ClassINET}
		switch {
		case question.Type == dnsmessage.TypeA && address.Is4():
			message.Answers = append(message.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AResource{A: address.As4()}})
		case question.Type == dnsmessage.TypeAAAA && address.Is6():
			message.Answers = append(message.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AAAAResource{AAAA: address.As16()}})
		}
	}
	return message.Pack()
}

// within is a policy with what an operator allows and denies.
func within(t *testing.T, allowed, denied string) *netpolicy.Policy {
	t.Helper()
	var bounds netpolicy.Bounds
	var err error
	if allowed != "" {
		if bounds.Allowed, err = netpolicy.ParseRules(allowed); err != nil {
			t.Fatal(err)
		}
	}
	if denied != "" {
		if bounds.Denied, err = netpolicy.ParseRules(denied); err != nil {
			t.Fatal(err)
		}
	}
	return netpolicy.New(bounds)
}

// refusal is the refusal that an error is, as text; "" when it is none.
func refusal(err error) string {
	var r *netpolicy.Refusal
	if errors.As(err, &r) {
		if d := httpx.Diagnose("h", err); d.Kind != httpx.NotAllowed || d.Retryable {
			return "diagnosed as " + string(d.Kind)
		}
		return r.Error()
	}
	return ""
}

// An address that is not allowed is never dialled, however its name came to it.
func TestWithinNames(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(hello))
	defer s.Close()
	port := s.URL[strings.LastIndexByte(s.URL, ':'):]
	for _, c := range []struct {
		name            string
		allowed, denied string
		answers         [][]string // of the name host.test
		hosts           []string   // asked one after the other; host.test when there are none
		want            []string   // "" for an answer, else a part of the refusal
	}{
		{name: "default", answers: [][]string{{"127.0.0.1"}}, want: []string{""}},
		{name: "metadata", answers: [][]string{{"169.254.169.254"}}, want: []string{"(169.254.169.254) is not allowed"}},
		{name: "metadata over IPv6", answers: [][]string{{"fd00:ec2::254"}}, want: []string{"metadata"}},
		{name: "rebinding", answers: [][]string{{"127.0.0.1"}, {"169.254.169.254"}},
			hosts: []string{"host.test", "host.test"}, want: []string{"", "link-local"}},
		{name: "two answers at once", answers: [][]string{{"169.254.169.254", "127.0.0.1"}}, want: []string{""}},
		{name: "two answers, both refused", answers: [][]string{{"169.254.169.254", "169.254.1.1"}}, want: []string{"link-local"}},
		{name: "allowed by address", allowed: "127.0.0.0/8", answers: [][]string{{"127.0.0.1"}, {"192.0.2.1"}},
			hosts: []string{"host.test", "host.test"}, want: []string{"", "(192.0.2.1) is not allowed: -allow-net names 127.0.0.0/8"}},
		{name: "denied by address", denied: "127.0.0.1", answers: [][]string{{"127.0.0.1"}}, want: []string{"denied by the rule 127.0.0.1"}},
		{name: "allowed by name", allowed: "host.test", answers: [][]string{{"127.0.0.1"}}, want: []string{""}},
		{name: "not allowed", allowed: "other.test", answers: [][]string{{"127.0.0.1"}}, hosts: []string{"host.test", "HOST.test.", "127.0.0.1"},
			want: []string{"not allowed", "not allowed", "not allowed"}},
		{name: "IPv6 by address", denied: "[::1]", hosts: []string{"[::1]", "[0:0::1]"}, want: []string{"denied by the rule [::1]", "denied"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if strings.Contains(c.name, "over IPv6") {
				listener, err := net.Listen("tcp6", "[::1]:0")
				if err != nil {
					t.Skip("this machine has no IPv6")
				}
				listener.Close()
			}
			n := &names{answers: map[string][][]string{"host.test": c.answers}}
			transport := httpx.WithinIn(variables(nil), within(t, c.allowed, c.denied), n.resolver(t))
			if c.hosts == nil {
				c.hosts = []string{"host.test"}
			}
			for i, host := range c.hosts {
				answer, err := get(t, transport, "http://"+host+port)
				transport.(interface{ CloseIdleConnections() }).CloseIdleConnections()
				switch {
				case c.want[i] == "" && err != nil, c.want[i] != "" && !strings.Contains(refusal(err), c.want[i]):
					t.Errorf("%d: %v", i, err)
				case c.want[i] == "" && !strings.HasPrefix(answer, "hello"):
					t.Errorf("%d: %q", i, answer)
				}
			}
			if c.name == "not allowed" && len(n.asked) != 0 {
				t.Errorf("a name that is refused was looked up: %v", n.asked)
			}
		})
	}
}

// Through a proxy the host that the proxy is asked for counts, and the proxy is reached whatever the
// rules are.
func TestWithinProxies(t *testing.T) {
	p := newProxy(t, "")
	env := map[string]string{"ALL_PROXY": p.URL}
	for _, c := range []struct{ allowed, denied, url, host, want string }{
		{url: "http://car.test/x"},
		{allowed: "car.test", url: "http://car.test/x"},
		{allowed: "other.test", url: "http://car.test/x", want: "-allow-net names other.test"},
		{denied: "127.0.0.1", url: "http://car.test/x"},
		{url: "http://169.254.169.254/", want: "link-local"},
		{url: "https://169.254.169.254/", want: "link-local"},
		{url: "http://2852039166/", want: "2852039166:80 (169.254.169.254)"},
		{url: "http://metadata.google.internal/", want: "cloud metadata"},
		// The proxy goes where this header says.
		{allowed: "car.test", url: "http://car.test/x", host: "evil.test", want: "evil.test:80 is not allowed"},
		{url: "http://car.test/x", host: "169.254.169.254", want: "link-local"},
		{allowed: "car.test", url: "http://car.test/x", host: "car.test:80"},
	} {
		p.mu.Lock()
		p.asked = nil
		p.mu.Unlock()
		transport := httpx.WithinIn(variables(env), within(t, c.allowed, c.denied), (&names{}).resolver(t))
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		if c.host != "" {
			request.Host = c.host
		}
		response, err := transport.RoundTrip(request)
		if err == nil {
			response.Body.Close()
		}
		if c.want == "" && err != nil || c.want != "" && !strings.Contains(refusal(err), c.want) {
			t.Errorf("%+v: %v", c, err)
		}
		p.mu.Lock()
		if asked := len(p.asked) != 0; asked != (c.want == "") {
			t.Errorf("%+v: the proxy was asked: %q", c, p.asked)
		}
		p.mu.Unlock()
	}
}

// Other TLS settings stay within the same policy, and a certificate that is not checked proves
// nothing.
func TestWithinTLS(t *testing.T) {
	a := newAuthority(t)
	s := tlsServer(t, &tls.Config{Certificates: []tls.Certificate{a.issue(t, nil)}})
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	n := &names{answers: map[string][][]string{"car.test": {{"127.0.0.1"}}, "far.test": {{"169.254.1.1"}}}}
	policy := within(t, "", "")
	policy.Forbid("the CAR service", "https://127.0.0.1:"+port)
	proven := httpx.WithinIn(variables(map[string]string{"SSL_CERT_FILE": a.file(t)}), policy, n.resolver(t))
	if _, err := get(t, proven, "https://car.test:"+port); err != nil {
		t.Error(err) // another name that is proven
	}
	unproven := httpx.WithTLS(proven, &tls.Config{InsecureSkipVerify: true})
	if _, err := get(t, unproven, "https://car.test:"+port); !strings.Contains(refusal(err), "it is the CAR service") {
		t.Error(err)
	}
	if _, err := get(t, unproven, "https://far.test:"+port); !strings.Contains(refusal(err), "link-local") {
		t.Error(err)
	}
}

// A request that is refused closes its body, as all do.
func TestWithinClosesBodies(t *testing.T) {
	closed := &closing{}
	request, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://169.254.169.254", closed)
	if _, err := httpx.Within(nil).RoundTrip(request); refusal(err) == "" || !closed.closed {
		t.Errorf("%v, closed %t", err, closed.closed)
	}
}

type closing struct{ closed bool }

func (c *closing) Read([]byte) (int, error) { return 0, io.EOF }
func (c *closing) Close() error             { c.closed = true; return nil }
