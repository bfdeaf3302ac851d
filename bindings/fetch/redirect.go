package fetch

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// redirectOf returns where a response redirects to, nil when it does not.
func redirectOf(r *Request, response *http.Response) (*url.URL, error) {
	switch response.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return nil, nil
	}
	location := response.Header.Get("Location")
	if location == "" {
		return nil, nil
	}
	next, err := ResolveURL(r.URL, location)
	if err != nil {
		return nil, fmt.Errorf("%w, but %w", errRedirect, err)
	}
	return next, nil
}

// follow makes the request the one that comes after a redirect, by the rules of the fetch standard.
func (r *Request) follow(next *url.URL, status int) {
	toGet := status == http.StatusSeeOther && r.Method != http.MethodGet && r.Method != http.MethodHead ||
		(status == http.StatusMovedPermanently || status == http.StatusFound) && r.Method == http.MethodPost
	if toGet {
		r.Method, r.Body = http.MethodGet, nil
		for _, name := range []string{"Content-Encoding", "Content-Language", "Content-Location", "Content-Type", "Content-Length"} {
			r.Header.Del(name)
		}
	}
	if !SameOrigin(r.URL, next) {
		r.Header.Del("Host")
		if r.Trusted == nil || !r.Trusted(next) {
			for _, name := range append([]string{"Authorization", "Proxy-Authorization", "Cookie"}, r.Private...) {
				r.Header.Del(name)
			}
			r.Sign = nil
		}
	}
	r.URL = next
}

// SameOrigin tells whether two URLs have scheme, host and port in common.
func SameOrigin(a, b *url.URL) bool { return Origin(a) == Origin(b) }

// Origin is scheme, host and port of a URL, as in "https://example.com:8443"; a scheme's own port
// is left out.
func Origin(u *url.URL) string {
	host := strings.ToLower(u.Hostname())
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	port := u.Port()
	if port == "" || port == "80" && u.Scheme == "http" || port == "443" && u.Scheme == "https" {
		return u.Scheme + "://" + host
	}
	return u.Scheme + "://" + host + ":" + port
}
