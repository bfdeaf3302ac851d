package recording_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"carjs/host/recording"
	"carjs/host/redact"
)

// What a login sets is there in a replay, without its values; waits are over at once, and what does
// not ask to wait does not in a replay either.
func TestLoginsAndWaits(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/login":
			http.SetCookie(w, &http.Cookie{Name: "sid", Value: "of-the-moment-1", Path: "/api", MaxAge: 60, HttpOnly: true})
			http.SetCookie(w, &http.Cookie{Name: "lang", Value: "of-the-moment-2"})
			http.SetCookie(w, &http.Cookie{Name: "old", Value: "", MaxAge: -1})
			w.Header().Set("X-Auth-Token", "of-the-moment-3")
		case "/limit":
			w.Header().Set("X-RateLimit-Remaining", "0")
			w.Header().Set("X-RateLimit-Reset", "45")
			w.WriteHeader(http.StatusForbidden)
		case "/forbidden":
			w.WriteHeader(http.StatusForbidden)
		case "/busy":
			w.Header().Set("Retry-After", "600")
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer s.Close()
	dir := filepath.Join(t.TempDir(), "recording")
	recorder, err := recording.Record(dir, http.DefaultTransport, redact.New(), recording.Manifest{})
	if err != nil {
		t.Fatal(err)
	}
	paths := []string{"/login", "/limit", "/forbidden", "/busy"}
	for _, path := range paths {
		ask(t, recorder, "GET", s.URL+path, "")
	}
	if err := recorder.Close(); err != nil {
		t.Fatal(err)
	}
	written, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(written) < len(paths) {
		t.Fatal(written, err)
	}
	for _, path := range written {
		if data, err := os.ReadFile(path); err != nil || strings.Contains(string(data), "of-the-moment") {
			t.Errorf("%v: %s", err, data)
		}
	}
	recorded, err := recording.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	replay := recorded.Replay(nil, redact.New())
	for path, want := range map[string]string{"/limit": "0", "/busy": "0", "/forbidden": ""} {
		r, _ := http.NewRequest(http.MethodGet, s.URL+path, nil)
		answer, err := replay.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		if got := answer.Header.Get("Retry-After"); got != want {
			t.Errorf("%s: Retry-After %q, want %q", path, got, want)
		}
	}
	r, _ := http.NewRequest(http.MethodGet, s.URL+"/login", nil)
	answer, err := replay.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	var cookies []string
	for _, cookie := range answer.Cookies() {
		cookies = append(cookies, cookie.Name+" "+cookie.Value+" "+cookie.Path)
	}
	if got, want := strings.Join(cookies, ", "), "sid [redacted] /api, lang [redacted] "; got != want {
		t.Errorf("cookies %q, want %q", got, want)
	}
	if got := answer.Header.Get("X-Auth-Token"); got != redact.Marker {
		t.Errorf("token %q", got)
	}
}
