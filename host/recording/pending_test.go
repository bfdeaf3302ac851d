package recording_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"carjs/host/recording"
	"carjs/host/redact"
)

// What an answer is in the recording, of which a connector reads only the beginning or nothing.
func TestAnAnswerThatNobodyReads(t *testing.T) {
	long := strings.Repeat("x", 3<<20)
	stuck := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/short":
			fmt.Fprint(w, "all of it")
		case "/long":
			fmt.Fprint(w, long)
		case "/empty":
			w.WriteHeader(http.StatusNoContent)
		case "/stuck":
			fmt.Fprint(w, "some")
			w.(http.Flusher).Flush()
			<-stuck
		}
	}))
	defer s.Close()
	defer close(stuck)
	for _, test := range []struct {
		path  string
		read  int
		close bool
		want  string // of the replay; a cut one ends in an error
		cut   bool
	}{
		{"/short", 0, false, "all of it", false},
		{"/short", 3, true, "all of it", false},
		{"/long", 5, true, long[:5], true},
		{"/long", 0, false, "", true},
		{"/empty", 0, true, "", false},
		{"/empty", 0, false, "", false},
		{"/stuck", 4, true, "some", true},
	} {
		t.Run(fmt.Sprintf("%s,%d,%t", test.path[1:], test.read, test.close), func(t *testing.T) {
			dir := t.TempDir()
			recorder, redactor := record(t, dir)
			answer, err := recorder.RoundTrip(httptest.NewRequest("GET", s.URL+test.path, nil))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadFull(answer.Body, make([]byte, test.read)); err != nil {
				t.Fatal(err)
			}
			if test.close {
				answer.Body.Close()
			}
			if err := recorder.Close(); err != nil {
				t.Fatal(err)
			}
			recorded, err := recording.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			answer, err = recorded.Replay(nil, redactor).RoundTrip(httptest.NewRequest("GET", s.URL+test.path, nil))
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(answer.Body)
			if !strings.HasPrefix(string(text), test.want) || !test.cut && len(text) != len(test.want) ||
				errors.Is(err, io.ErrUnexpectedEOF) != test.cut {
				t.Errorf("%d bytes, %v", len(text), err)
			}
			if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
				t.Errorf("%v %v", entries, err)
			}
		})
	}
}

// An answer that a run's end cut short is no answer: the next run asks again.
func TestAnAnswerThatIsCancelled(t *testing.T) {
	stuck := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "some")
		w.(http.Flusher).Flush()
		<-stuck
	}))
	defer s.Close()
	defer close(stuck)
	for _, reads := range []bool{true, false} {
		dir := t.TempDir()
		recorder, _ := record(t, dir)
		ctx, cancel := context.WithCancel(t.Context())
		answer, err := recorder.RoundTrip(httptest.NewRequest("GET", s.URL, nil).WithContext(ctx))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(answer.Body, make([]byte, 4)); err != nil {
			t.Fatal(err)
		}
		cancel()
		if reads {
			if _, err := io.ReadAll(answer.Body); err == nil {
				t.Error("the answer goes on")
			}
			answer.Body.Close()
		}
		if err := recorder.Close(); err != nil {
			t.Fatal(err)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
			t.Errorf("%v %v", entries, err)
		}
	}
}

// A process that is killed leaves nothing that keeps the next one from working, and nothing for
// long.
func TestKilledRecorder(t *testing.T) {
	dir := t.TempDir()
	aged(t, dir)
	for name, age := range map[string]time.Duration{".body-1": 0, ".carjs-2": 0, ".body-3": 2 * time.Hour, ".recording-4": 2 * time.Hour} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("raw"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Now(), time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	recorder, err := recording.Extend(dir, http.DefaultTransport, nil, recording.Manifest{})
	if err != nil {
		t.Fatal(err)
	}
	if err := recorder.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := recording.Open(dir); err != nil {
		t.Error(err)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".*"))
	if err != nil || len(left) != 2 {
		t.Errorf("%v %v", left, err)
	}
}

// The copy of an answer is not on the disk under a name while it is read, where the system lets an
// open file be removed.
func TestNoRawAnswerOnDisk(t *testing.T) {
	s, dir := source(t), t.TempDir()
	recorder, _ := record(t, dir)
	answer, err := recorder.RoundTrip(httptest.NewRequest("GET", s.URL+"/json", nil))
	if err != nil {
		t.Fatal(err)
	}
	if raw, _ := filepath.Glob(filepath.Join(dir, "*", "*")); len(raw) > 0 && os.PathSeparator == '/' {
		t.Errorf("%v", raw)
	}
	answer.Body.Close()
	if err := recorder.Discard(); err != nil {
		t.Fatal(err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Errorf("%v %v", entries, err)
	}
}

// Nor does a file have a secret in its name, whenever it becomes known.
func TestNoSecretInNames(t *testing.T) {
	s, dir := source(t), t.TempDir()
	recorder, redactor := record(t, dir)
	ask(t, recorder, "GET", s.URL+"/hooks/"+secret+"/json", "")
	ask(t, recorder, "GET", s.URL+"/hooks/learnt-later/json", "")
	redactor.Add("learnt-later")
	if err := recorder.Close(); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	if got, want := strings.Join(names, " "),
		"0001-get-hooks-redacted-json.json 0002-get-hooks-redacted-json.json recording.json"; err != nil ||
		got != want {
		t.Errorf("%v %s", err, got)
	}
	if recorded, err := recording.Open(dir); err != nil {
		t.Error(err)
	} else if status, _ := ask(t, recorded.Replay(nil, redactor),
		"GET", "http://x/hooks/learnt-later/json", ""); status != http.StatusNotFound {
		t.Errorf("%d", status)
	}
}

// A body of nothing is sent as such, recorded or not.
func TestEmptyBody(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.ContentLength, r.TransferEncoding)
	}))
	defer s.Close()
	recorder, _ := record(t, t.TempDir())
	request, err := http.NewRequest("POST", s.URL, io.NopCloser(bytes.NewReader(nil)))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := recorder.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(answer.Body); err != nil || string(text) != "0 []" {
		t.Errorf("%s %v", text, err)
	}
	if err := recorder.Close(); err != nil {
		t.Fatal(err)
	}
}

// Ten thousand answers have numbers of different length.
func TestOrderOfManyAnswers(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{recording.ManifestFile: `{"format": 1}`}
	for name, text := range map[string]string{"9999": "first", "10000": "second"} {
		files[name+"-get-turn.json"] = `{"request": {"method": "GET", "url": "http://x/turn"}, "response": {"status": 200, "text": "` + text + `"}}`
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	recorded, err := recording.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	replayer := recorded.Replay(nil, redact.New())
	for _, want := range []string{"first", "second"} {
		if _, text := ask(t, replayer, "GET", "http://x/turn", ""); text != want {
			t.Errorf("%s, want %s", text, want)
		}
	}
}

// An answer that is short and left unread when the run ends is in the recording all the same, though the
// rest of it comes later than the end: replaying needs it.
func TestAnAnswerLeftAtTheEnd(t *testing.T) {
	ended := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "4")
		w.(http.Flusher).Flush()
		<-ended
		fmt.Fprint(w, "late")
	}))
	defer s.Close()
	for _, closed := range []bool{false, true} {
		dir := t.TempDir()
		ended = make(chan struct{})
		recorder, redactor := record(t, dir)
		ctx, cancel := context.WithCancel(t.Context())
		answer, err := recorder.RoundTrip(httptest.NewRequest("GET", s.URL, nil).WithContext(ctx))
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		if closed {
			go answer.Body.Close()
		}
		close(ended)
		if err := recorder.Close(); err != nil {
			t.Fatal(err)
		}
		if n, err := answer.Body.Read(make([]byte, 9)); n > 0 || err == nil {
			t.Errorf("%d bytes are read after the end (%v)", n, err)
		}
		recorded, err := recording.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		answer, err = recorded.Replay(nil, redactor).RoundTrip(httptest.NewRequest("GET", s.URL, nil))
		if err != nil {
			t.Fatal(err)
		}
		if text, err := io.ReadAll(answer.Body); string(text) != "late" || err != nil {
			t.Errorf("%q, %v", text, err)
		}
	}
}
