package server

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// source is a data source under test, behind a real HTTP server.
type source struct {
	testing.TB
	*Server
	url string
}

// open makes a data source in a file of its own.
func open(t testing.TB, size int) *source {
	t.Helper()
	return serving(t, Config{Path: filepath.Join(t.TempDir(), "data", "source.db"), Size: size})
}

func serving(t testing.TB, cfg Config) *source {
	t.Helper()
	s, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		h.Close()
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return &source{t, s, h.URL}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// do sends a request. In its body {{}} stands for the address of the server.
func (s *source) do(method, path, body string, header ...string) answer {
	s.Helper()
	req, err := http.NewRequest(method, s.url+path, strings.NewReader(strings.ReplaceAll(body, "{{}}", s.url)))
	if err != nil {
		s.Fatal(err)
	}
	req.SetBasicAuth("admin", "admin")
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return s.send(req)
}

func (s *source) send(req *http.Request) answer {
	s.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(body)}
}

// must sends a request that has to succeed.
func (s *source) must(method, path, body string) answer {
	s.Helper()
	a := s.do(method, path, body)
	if a.status/100 != 2 {
		s.Fatalf("%s %s: status %d: %s", method, path, a.status, a.body)
	}
	return a
}

// get reads JSON; the address of the server is {{}} in it.
func (s *source) get(path string) any {
	s.Helper()
	return s.decode(s.must("GET", path, "").body)
}

func (s *source) decode(body string) any {
	s.Helper()
	var v any
	if err := json.Unmarshal([]byte(strings.ReplaceAll(body, s.url, "{{}}")), &v); err != nil {
		s.Fatalf("%v in %s", err, body)
	}
	return v
}

func (s *source) post(form url.Values, path string) answer {
	s.Helper()
	return s.do("POST", path, form.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin")
}

// state is the number of the last change.
func (s *source) state() string {
	s.Helper()
	return s.get("/model_state_id").(map[string]any)["model_state_id"].(string)
}

// since is the delta from a state to now.
func (s *source) since(from string) any {
	s.Helper()
	return s.get("/delta?from=" + from + "&to=" + s.state())
}

// pks are those of an array of rows.
func pks(rows any) []int {
	list := []int{}
	for _, row := range rows.([]any) {
		list = append(list, int(row.(map[string]any)["pk"].(float64)))
	}
	return list
}

func mustJSON(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// same compares got with the JSON in want.
func same(t testing.TB, what string, got any, want string) {
	t.Helper()
	var w any
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatalf("%s: %v in %s", what, err, want)
	}
	if !reflect.DeepEqual(got, w) {
		t.Errorf("%s:\n got %s\nwant %s", what, mustJSON(t, got), want)
	}
}
