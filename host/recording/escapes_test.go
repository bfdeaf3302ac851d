package recording_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"carjs/host/recording"
	"carjs/host/redact"
)

// %2F in a path is no slash: what is recorded below one is not answered with what is below the other.
func TestEscapesInPaths(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.RequestURI) }))
	defer s.Close()
	dir := filepath.Join(t.TempDir(), "recording")
	recorder, err := recording.Record(dir, http.DefaultTransport, redact.New(secret), recording.Manifest{})
	if err != nil {
		t.Fatal(err)
	}
	paths := []string{"/x/a%2Fb", "/x/a/b", "/x/a%252Fb", "/x/%C3%A9%2F" + secret, "/x/..%2Fy", "/x/a%2Fb?q=%2F"}
	for _, path := range paths {
		if _, got := ask(t, recorder, "GET", s.URL+path, ""); got != path {
			t.Errorf("asked for %s, not %s", got, path)
		}
	}
	if err := recorder.Close(); err != nil {
		t.Fatal(err)
	}
	recorded, err := recording.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, known := range []*redact.Redactor{redact.New(secret), redact.New("another-secret")} {
		replay := recorded.Replay(nil, known)
		for _, path := range paths {
			want := redact.New(secret).String(path)
			if _, got := ask(t, replay, "GET", s.URL+path, ""); got != want {
				t.Errorf("%s is answered with %s, want %s", path, got, want)
			}
		}
		r, _ := http.NewRequest(http.MethodGet, s.URL+"/x/../y", nil)
		if _, err := replay.RoundTrip(r); err == nil {
			t.Error("what was not recorded is answered")
		}
	}
}
