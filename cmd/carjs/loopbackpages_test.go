package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"carjs/host/author/dev"
)

// asked sends a request with headers, Host among them, and returns the answer; redirects are answers.
func asked(t *testing.T, method, address, body string, header map[string]string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		request.Header.Set(name, value)
	}
	if host := header["Host"]; host != "" {
		request.Host = host
		request.Header.Del("Host")
	}
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { answer.Body.Close() })
	return answer
}

// TestLoopbackPages: what a browser shows may send forms to itself alone, and no page elsewhere may
// send any, show it in a frame, or read it under a name of its own.
func TestLoopbackPages(t *testing.T) {
	a := newAuthor(t)
	l := a.loop()
	page := strings.TrimSuffix(l.next(dev.Started).Start.Page, "/")
	l.end(dev.Good)
	source := "http://" + a.serve("source", "-addr", "127.0.0.1:0", "-size", "1")
	login := "Basic YWRtaW46YWRtaW4="

	for _, address := range []string{page + "/", page + "/graph", source + "/admin/", source + "/admin/assets/"} {
		answer := asked(t, http.MethodGet, address, "", map[string]string{"Authorization": login})
		policy := answer.Header.Get("Content-Security-Policy")
		if answer.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", address, answer.StatusCode)
		}
		contains(t, policy, "default-src ", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'")
		if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") || answer.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s has the policy %q and the headers %v", address, policy, answer.Header)
		}
	}

	const form = "application/x-www-form-urlencoded"
	for _, c := range []struct {
		name, method, address string
		header                map[string]string
		want                  int
	}{
		{"its own form", http.MethodPost, page + "/commands/run",
			map[string]string{"Origin": page, "Sec-Fetch-Site": "same-origin", "Content-Type": form}, 0},
		{"another site's form", http.MethodPost, page + "/commands/run",
			map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site", "Content-Type": form}, http.StatusForbidden},
		{"a form of an old browser", http.MethodPost, page + "/commands/run",
			map[string]string{"Origin": "https://evil.example", "Content-Type": form}, http.StatusForbidden},
		{"a page in a sandbox", http.MethodPost, page + "/commands/run",
			map[string]string{"Origin": "null", "Content-Type": form}, http.StatusForbidden},
		{"another port of this machine", http.MethodPost, page + "/commands/run",
			map[string]string{"Origin": source, "Sec-Fetch-Site": "same-site", "Content-Type": form}, http.StatusForbidden},
		{"rebinding of the page", http.MethodGet, page + "/graph", map[string]string{"Host": "evil.example"}, http.StatusForbidden},
		{"rebinding of a command", http.MethodPost, page + "/commands/run",
			map[string]string{"Host": "evil.example", "Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"}, http.StatusForbidden},
		{"rebinding of an event stream", http.MethodGet, page + "/events",
			map[string]string{"Host": "127.0.0.1.evil.example"}, http.StatusForbidden},
		{"a form of the source's own", http.MethodPost, source + "/admin/assets/", map[string]string{
			"Origin": source, "Sec-Fetch-Site": "same-origin", "Content-Type": form, "Authorization": login}, 0},
		{"another site's form for the source", http.MethodPost, source + "/admin/assets/", map[string]string{
			"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site", "Content-Type": form, "Authorization": login}, http.StatusForbidden},
		{"rebinding of the source's pages", http.MethodGet, source + "/admin/assets/",
			map[string]string{"Host": "evil.example", "Authorization": login}, http.StatusForbidden},
	} {
		answer := asked(t, c.method, c.address, url.Values{"name": {"x"}}.Encode(), c.header)
		if refused := answer.StatusCode == http.StatusForbidden; refused != (c.want == http.StatusForbidden) {
			t.Errorf("%s: status %d", c.name, answer.StatusCode)
		}
		if answer.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: other sites may read the answer", c.name)
		}
	}
}
