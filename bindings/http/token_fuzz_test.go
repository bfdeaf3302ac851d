package http

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"carjs/bindings/fetch"
	"carjs/host/failure"
)

// FuzzToken reads the answers of token endpoints: each gives a token that can stand in a header, or
// a failure that does not show it.
func FuzzToken(f *testing.F) {
	for _, seed := range []struct {
		status int
		kind   string
		body   string
	}{
		{200, "application/json", `{"access_token":"t0ken","expires_in":3600,"refresh_token":"r"}`},
		{200, "application/json; charset=utf-16", "\xfe\xff\x00{\x00}"},
		{200, "application/x-www-form-urlencoded", "access_token=t0ken&expires_in=1e400"},
		{400, "application/json", `{"error":"invalid_client","error_description":"no\u0000"}`},
		{200, "application/json", `{"error":{"message":5,"code":{}},"access_token":null}`},
		{200, "text/html", "<html>"}, {200, "", "[1]"}, {302, "", ""}, {503, "application/json", `{"access_token":"t"}`},
		{200, "application/json", `{"access_token":"a\r\nX: y","expires_in":"0001-01-01T00:00:00Z"}`},
		{200, "application/json", `{"access_token":12345678901234567890,"expires_in":-1,"expires_on":"NaN"}`},
	} {
		f.Add(seed.status, seed.kind, []byte(seed.body))
	}
	u := &url.URL{Scheme: "https", Host: "login.example", Path: "/token"}
	f.Fuzz(func(t *testing.T, status int, kind string, body []byte) {
		now := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
		var secrets []string
		s := &tokenSource{url: u, grant: grants()[1], m: &module{deps: fetch.Deps{
			Secret: func(more ...string) { secrets = append(secrets, more...) }, Now: func() time.Time { return now },
		}}}
		answer := &result{data: body, attempts: 1, Answer: &fetch.Answer{URL: u, Response: &http.Response{
			StatusCode: status, Header: http.Header{"Content-Type": {kind}},
		}}}
		err := s.take(&request{Request: fetch.Request{Method: http.MethodPost, URL: u}}, answer)
		var known *failure.Failure
		switch {
		case err != nil && (!errors.As(err, &known) || known.Kind != failure.Datasource || s.current != ""):
			t.Errorf("%v, token %q", err, s.current)
		case err != nil:
		case s.current == "" || strings.ContainsAny(s.current, "\r\n\x00") || len(secrets) == 0 || secrets[0] != s.current:
			t.Errorf("the token %q of %q", s.current, body)
		case !s.expires.IsZero() && s.expires.Before(now):
			t.Errorf("%q has expired on %v", body, s.expires)
		}
	})
}
