package fetch_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"carjs/bindings/fetch"
	"golang.org/x/net/publicsuffix"
)

// scripted answers each request with the next head, the last one again and again, and keeps what
// was sent.
type scripted struct {
	heads []http.Header
	codes []int
	sent  []*http.Request
}

func (s *scripted) RoundTrip(r *http.Request) (*http.Response, error) {
	i := min(len(s.sent), len(s.heads)-1)
	s.sent = append(s.sent, r)
	return &http.Response{
		StatusCode: s.codes[i], Status: "x", Header: s.heads[i], Request: r, Body: io.NopCloser(strings.NewReader("")),
		ProtoMajor: 1, ProtoMinor: 1,
	}, nil
}

// FuzzRedirect sends requests that are redirected anywhere: what follows is a request for a host over
// HTTP, and credentials stay at home.
func FuzzRedirect(f *testing.F) {
	for _, location := range []string{
		"/x", "//evil.example/x", "https://evil.example", "http://api.example:80/", "http://user:p@api.example",
		"file:///etc/passwd", "?a=%zz", "\\evil", "http:x",
		"https:///x", "http://[::1", "javascript:0", "http://API.example", " http://evil.example",
		"/a b\x00", "http://api.example%00.evil.example/", "http://api.example@evil.example",
	} {
		f.Add("http://api.example/a?b=1", location, 302)
		f.Add("https://api.example:8443/a/../b", location, 307)
	}
	f.Fuzz(func(t *testing.T, from, location string, status int) {
		u, err := fetch.ParseURL(from)
		if err != nil {
			return
		}
		transport := &scripted{heads: []http.Header{{"Location": {location}}, {}}, codes: []int{301 + (status%8+8)%8, 200}}
		answer, err := fetch.NewWire(fetch.Deps{Transport: transport}).Send(t.Context(), &fetch.Request{
			Method: http.MethodPost, URL: u, Body: []byte("x"), Redirect: fetch.Follow,
			Header: http.Header{"Authorization": {"secret"}, "Cookie": {"secret"}, "X-Key": {"secret"}}, Private: []string{"X-Key"},
		})
		if err != nil {
			_ = fetch.Explain(t.Context(), http.MethodPost, u, err).Error()
			return
		}
		for _, sent := range transport.sent {
			if sent.URL.Scheme != "http" && sent.URL.Scheme != "https" || sent.URL.Host == "" {
				t.Errorf("%q leads from %q to %q", location, from, sent.URL)
			}
			if !fetch.SameOrigin(u, sent.URL) && (sent.Header.Get("Authorization")+sent.Header.Get("Cookie")+sent.Header.Get("X-Key") != "") {
				t.Errorf("%q takes the credentials of %q along", location, from)
			}
		}
		if safe := fetch.SafeURL(answer.URL); answer.URL.User != nil && strings.Contains(safe, "@"+answer.URL.Host) {
			t.Errorf("%q shows the login", safe)
		}
	})
}

// FuzzCookies has servers set any cookies: those that come back are for the host, and break no
// header.
func FuzzCookies(f *testing.F) {
	for _, cookie := range []string{
		"a=b", "a=b; Path=/; Domain=example; Secure", "a=b; Domain=api.example; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
		"a=\"b;c\"", "=b", "a=\r\nX: y",
		"__Host-a=b; Path=/", "a=b; Max-Age=-1", "a=b; Domain=.com", "\x00=\xff", "a=" + strings.Repeat("x", 5000), "a=b; Domain=other.example",
	} {
		f.Add(cookie, "b=c")
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		jar, err := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
		if err != nil {
			t.Fatal(err)
		}
		transport := &scripted{heads: []http.Header{{"Set-Cookie": {first, second}}}, codes: []int{200}}
		wire := fetch.NewWire(fetch.Deps{Transport: transport})
		for _, address := range []string{"https://api.example.com/a", "https://api.example.com/b", "https://elsewhere.test/"} {
			u, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := wire.Send(t.Context(), &fetch.Request{Method: http.MethodGet, URL: u, Header: http.Header{}, Jar: jar}); err != nil {
				t.Fatal(err)
			}
			sent := transport.sent[len(transport.sent)-1].Header["Cookie"]
			if strings.ContainsAny(strings.Join(sent, ""), "\r\n\x00") || len(sent) > 1 {
				t.Errorf("%q and %q come back as %q", first, second, sent)
			}
			if u.Host == "elsewhere.test" && len(sent) != 0 {
				t.Errorf("%q and %q get elsewhere: %q", first, second, sent)
			}
		}
	})
}
