package recording_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"carjs/host/failure"
	"carjs/host/recording"
	"carjs/host/redact"
)

const secret = "a-secret-of-the-source"

// source answers a few things, and counts them.
func source(t *testing.T) *httptest.Server {
	t.Helper()
	turn := 0
	var mu sync.Mutex
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch r.URL.Path {
		case "/turn":
			mu.Lock()
			turn++
			fmt.Fprintf(w, `{"turn": %d}`, turn)
			mu.Unlock()
		case "/json":
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, "{\n  \"big\": 12345678901234567890.10, \"z\": 1, \"a\": \"<&>\", \"key\": %q}", secret)
		case "/bytes":
			w.Write([]byte{0xff, 0xfe, 0, 1}) //nolint:errcheck // it is a test's
		case "/echo":
			fmt.Fprintf(w, "%s %s", r.Method, body)
		case "/token":
			fmt.Fprint(w, `{"access_token": "a-token-nobody-knew", "expires_in": 60}`)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func ask(t *testing.T, carrier http.RoundTripper, method, url, body string) (int, string) {
	t.Helper()
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+secret)
	answer, err := carrier.RoundTrip(request)
	if err != nil {
		t.Fatalf("%s %s: %v", method, url, err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

func record(t *testing.T, dir string) (*recording.Recorder, *redact.Redactor) {
	t.Helper()
	redactor := redact.New(secret)
	r, err := recording.Record(dir, http.DefaultTransport, redactor,
		recording.Manifest{Connector: "test", Settings: map[string]string{"URL": "http://x/?key=" + secret}})
	if err != nil {
		t.Fatal(err)
	}
	return r, redactor
}

func TestReplayAnswersAsRecorded(t *testing.T) {
	s, dir := source(t), filepath.Join(t.TempDir(), "deep", "recording")
	recorder, redactor := record(t, dir)
	requests := []struct{ method, path, body string }{
		{"GET", "/turn", ""}, {"GET", "/json?b=2&a=1&key=" + secret, ""}, {"GET", "/turn", ""}, {"GET", "/bytes", ""},
		{"POST", "/echo", `{"query": "one"}`}, {"POST", "/echo", `{"query": "two"}`}, {"POST", "/echo", "secret=" + secret}, {"GET", "/none", ""},
	}
	type answer struct {
		status int
		text   string
	}
	var live []answer
	for _, q := range requests {
		status, text := ask(t, recorder, q.method, s.URL+q.path, q.body)
		live = append(live, answer{status, text})
	}
	if err := recorder.Close(); err != nil {
		t.Fatal(err)
	}
	s.Close()
	recorded, err := recording.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	replayer := recorded.Replay(nil, redactor)
	for i, q := range requests {
		// The data source has another address by now.
		status, text := ask(t, replayer, q.method, "http://127.0.0.1:1"+q.path, q.body)
		want := strings.ReplaceAll(live[i].text, secret, redact.Marker)
		if status != live[i].status || strings.Join(strings.Fields(text), "") != strings.Join(strings.Fields(want), "") {
			t.Errorf("%s %s: %d %q, recorded was %d %q", q.method, q.path, status, text, live[i].status, want)
		}
	}
	if _, text := ask(t, replayer, "GET", "http://127.0.0.1:1/turn", ""); text != "{\n      \"turn\": 2\n    }" {
		t.Errorf("the last answer is not repeated: %s", text)
	}
}

func TestNoSecretIsWritten(t *testing.T) {
	s, dir := source(t), t.TempDir()
	recorder, redactor := record(t, dir)
	ask(t, recorder, "GET", s.URL+"/json?key="+secret, "")
	ask(t, recorder, "POST", s.URL+"/echo", secret)
	ask(t, recorder, "GET", s.URL+"/token", "")
	ask(t, recorder, "POST", s.URL+"/echo", "learnt-later")
	redactor.Add("learnt-later")
	request, err := http.NewRequest("GET", s.URL+"/json", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header = http.Header{"X-Api-Key": {"a-key-nobody-knew"}, "Cookie": {"session=a-key-nobody-knew"}, "Accept": {"text/plain"}}
	answer, err := recorder.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if err := recorder.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 6 {
		t.Fatalf("%v %v", files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, hidden := range []string{secret, "a-token-nobody-knew", "learnt-later", "a-key-nobody-knew"} {
			if bytes.Contains(data, []byte(hidden)) {
				t.Errorf("%s has %s:\n%s", file, hidden, data)
			}
		}
	}
}

func TestMissingRequest(t *testing.T) {
	s, dir := source(t), t.TempDir()
	recorder, redactor := record(t, dir)
	ask(t, recorder, "GET", s.URL+"/json?page=1", "")
	if err := recorder.Close(); err != nil {
		t.Fatal(err)
	}
	recorded, err := recording.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequest("GET", s.URL+"/json?page=2&key="+secret, nil)
	_, err = recorded.Replay(nil, redactor).RoundTrip(request)
	var missing *recording.MissingError
	var typed *failure.Failure
	if !errors.As(err, &missing) || !errors.As(err, &typed) {
		t.Fatalf("%v", err)
	}
	if strings.Contains(typed.Message+typed.Detail, secret) || len(missing.Near) != 1 || missing.Near[0] != "GET /json?page=1" {
		t.Errorf("%+v", missing)
	}
	// With somebody to ask, that is asked.
	if _, text := ask(t, recorded.Replay(http.DefaultTransport, redactor), "POST", s.URL+"/echo", "hi"); text != "POST hi" {
		t.Errorf("%q", text)
	}
}

// Where the same was asked of several hosts, each has its own answer.
func TestReplayOfSeveralHosts(t *testing.T) {
	dir := t.TempDir()
	recorder, redactor := record(t, dir)
	var urls []string
	for _, text := range []string{"one", "two"} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text) }))
		defer s.Close()
		urls = append(urls, s.URL)
		ask(t, recorder, "GET", s.URL+"/same", "")
	}
	if err := recorder.Close(); err != nil {
		t.Fatal(err)
	}
	recorded, err := recording.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	replayer := recorded.Replay(nil, redactor)
	for _, i := range []int{1, 0, 1} {
		if _, text := ask(t, replayer, "GET", urls[i]+"/same", ""); text != []string{"one", "two"}[i] {
			t.Errorf("host %d answers %s", i, text)
		}
	}
}

func TestAnotherFolderIsNotReplaced(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "thesis.txt"), []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := recording.Record(dir, http.DefaultTransport, nil, recording.Manifest{})
	var other *recording.NotOursError
	if !errors.As(err, &other) || other.File != "thesis.txt" {
		t.Errorf("%v", err)
	}
}

// What is asked again is recorded anew, and the rest stays.
func TestRecordingAgain(t *testing.T) {
	s, dir := source(t), t.TempDir()
	for i, paths := range [][]string{{"/turn", "/json", "/turn"}, {"/bytes", "/turn"}} {
		recorder, _ := record(t, dir)
		for _, path := range paths {
			ask(t, recorder, "GET", s.URL+path, "")
		}
		if i == 1 {
			// Up to now the first recording is in its place, whole.
			if _, err := recording.Open(dir); err != nil {
				t.Error(err)
			}
		}
		if err := recorder.Close(); err != nil {
			t.Fatal(err)
		}
	}
	entries, _ := os.ReadDir(dir)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	if got, want := strings.Join(names, " "), "0001-get-json.json 0002-get-bytes.json 0003-get-turn.json recording.json"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	recorded, err := recording.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, text := ask(t, recorded.Replay(nil, nil), "GET", s.URL+"/turn", ""); !strings.Contains(text, "3") {
		t.Errorf("an older answer: %s", text)
	}
	if entries, _ := os.ReadDir(filepath.Dir(dir)); len(entries) != 1 {
		t.Errorf("%v beside the recording", entries)
	}
}

func TestHandEditedFiles(t *testing.T) {
	const good = `{"request": {"method": "GET", "url": "http://x/a"},
 "response": {"status": 200, "json": {"a": 1}}}`
	for _, test := range []struct{ name, content, want string }{
		{"a comma", strings.Replace(good, `200,`, `200`, 1), "0001-get-a.json:2:29: invalid character '\"' after object key:value pair"},
		{"a name", strings.Replace(good, "status", "statsu", 1), `0001-get-a.json:2:15: unknown field "statsu"`},
		{"a type", strings.Replace(good, "200", `"ok"`, 1), "0001-get-a.json:2:"},
		{"a status", strings.Replace(good, "200", "7", 1), "response.status must be from 100 to 599, not 7"},
		{"an address", strings.Replace(good, "http://x/a", "http://[x", 1), "request.url is not a URL"},
		{"nothing", "", "0001-get-a.json:1:1: EOF"},
		{"more", good + "{}", "data after the end"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, content := range map[string]string{"recording.json": `{"format": 1}`, "0001-get-a.json": test.content} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			_, err := recording.Open(dir)
			var mistake *recording.Mistake
			if !errors.As(err, &mistake) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}

// Whatever is in a folder, reading it ends with a recording or with a mistake that names a file.
func FuzzOpen(f *testing.F) {
	f.Add(`{"request": {"method": "GET", "url": "http://x/a"}, "response": {"status": 200, "text": "x"}}`)
	f.Add(`{"request": {"method": "GET", "url": "http://x/a", "json": [1]}, "response": {"status": 200, "base64": "//4="}}`)
	f.Add(`{"request": 1}`)
	f.Fuzz(func(t *testing.T, content string) {
		dir := t.TempDir()
		for name, data := range map[string]string{"recording.json": `{"format": 1}`, "0001-get-a.json": content} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		recorded, err := recording.Open(dir)
		if mistake := (*recording.Mistake)(nil); err != nil && (!errors.As(err, &mistake) || !strings.Contains(err.Error(), dir)) {
			t.Errorf("%v", err)
		}
		if err != nil {
			return
		}
		answer, err := recorded.Replay(nil, nil).RoundTrip(httptest.NewRequest("GET", "http://x/a", nil))
		if err == nil {
			io.Copy(io.Discard, answer.Body) //nolint:errcheck // whatever it is
		}
	})
}
