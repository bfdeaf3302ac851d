package recording_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"carjs/host/recording"
)

// stopped is a clock that stands still.
type stopped time.Time

func (s stopped) Now() time.Time { return time.Time(s) }

// written writes a recording with one file for each request; %s in one stands for its answer.
func written(t *testing.T, manifest string, requests ...string) *recording.Recording {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{recording.ManifestFile: manifest}
	for i, request := range requests {
		files[fmt.Sprintf("%04d-get-a.json", i+1)] = fmt.Sprintf(`{"request": %s, "response": {"status": 200, "text": "answer %d"}}`, request, i+1)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	r, err := recording.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A request with the present time is the recorded one with the time of then; no other is.
func TestTimesOfRequests(t *testing.T) {
	const made = "2026-03-01T10:00:00Z" // 1772359200
	get := func(url string) string {
		return fmt.Sprintf(`{"at": %q, "method": "GET", "url": "http://s%s"}`, made, url)
	}
	post := func(body string) string {
		return fmt.Sprintf(`{"at": %q, "method": "POST", "url": "http://s/a", %s}`, made, body)
	}
	for _, test := range []struct {
		name, recorded string
		now            string
		method, url    string
		body           string
		found          bool
	}{
		{"the same time, a little later", get("/a?to=2026-03-01T10:00:00Z"), made, "GET", "/a?to=2026-03-01T10:00:02.5Z", "", true},
		{"now, at another time", get("/a?to=2026-03-01T10:00:00Z"), "2026-03-01T10:05:00Z", "GET", "/a?to=2026-03-01T10:05:01Z", "", true},
		{"a week before", get("/a?from=2026-02-22T10:00:00Z"), "2026-03-01T11:00:00Z", "GET", "/a?from=2026-02-22T11:00:01Z", "", true},
		{"escaped", get("/a?from=2026-02-22T10%3A00%3A00%2B00%3A00"), made, "GET", "/a?from=2026-02-22T10%3A00%3A01%2B00%3A00", "", true},
		{"seconds", get("/a?to=1772359200"), made, "GET", "/a?to=1772359203", "", true},
		{"milliseconds", get("/a?to=1772359200000"), made, "GET", "/a?to=1772359203123", "", true},
		{"in a filter", get("/a?q=updated%20ge%202026-03-01T10:00:00Z"), made, "GET", "/a?q=updated%20ge%202026-03-01T10:00:03Z", "", true},
		{"in a path", get("/a/2026-03-01T10:00:00Z/b"), made, "GET", "/a/2026-03-01T10:00:01Z/b", "", true},
		{"in JSON", post(`"json": {"to": 1772359200000, "a": [1, "2026-03-01T10:00:00.000Z"]}`), made, "POST", "/a",
			`{"to": 1772359200999, "a": [1, "2026-03-01T10:00:00.999Z"]}`, true},
		{"in a form", post(`"text": "a=1&to=2026-03-01T10%3A00%3A00Z"`), made, "POST", "/a", "a=1&to=2026-03-01T10%3A00%3A05Z", true},
		{"another day", get("/a?from=2026-02-22T10:00:00Z"), made, "GET", "/a?from=2026-02-21T10:00:00Z", "", false},
		{"a date that is a day off", get("/a?day=2026-02-22"), made, "GET", "/a?day=2026-02-23", "", false},
		{"another parameter", get("/a?from=2026-02-22T10:00:00Z&n=1"), made, "GET", "/a?from=2026-02-22T10:00:00Z&n=2", "", false},
		{"an id that is no time of these days", get("/a?id=1234567890"), made, "GET", "/a?id=1234567891", "", false},
		{"an id in a path", get("/a/1772359200"), made, "GET", "/a/1772359201", "", false},
		{"a number within a word", get("/a?id=x-1772359200"), made, "GET", "/a?id=x-1772359201", "", false},
		{"digits of another length", get("/a?id=17723592001"), made, "GET", "/a?id=17723592002", "", false},
		{"another method", get("/a?to=1772359200"), made, "POST", "/a?to=1772359203", "", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			replayer := written(t, fmt.Sprintf(`{"format": 2, "recorded": %q}`, made), test.recorded).Replay(nil, nil)
			now, err := time.Parse(time.RFC3339, test.now)
			if err != nil {
				t.Fatal(err)
			}
			replayer.Clock = stopped(now)
			answer, err := replayer.RoundTrip(request(t, test.method, "http://s"+test.url, test.body))
			if found := err == nil && answer.StatusCode == http.StatusOK; found != test.found {
				t.Errorf("found: %t, want %t (%v)", found, test.found, err)
			}
		})
	}
}

func request(t *testing.T, method, url, body string) *http.Request {
	t.Helper()
	q, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// Of several the nearest answers, and of some that are equally near each in turn.
func TestNearestTime(t *testing.T) {
	get := func(at string) string {
		return fmt.Sprintf(`{"at": %q, "method": "GET", "url": "http://s/a?to=%s"}`, at, at)
	}
	replayer := written(t, `{"format": 2, "recorded": "2026-03-01T10:00:00Z"}`,
		get("2026-03-01T10:00:00Z"), get("2026-03-01T10:00:01Z"), get("2026-03-01T10:00:02Z")).Replay(nil, nil)
	replayer.Clock = stopped(time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC))
	for i, want := range []string{"answer 1", "answer 2", "answer 3"} {
		_, got := ask(t, replayer, "GET", "http://s/a?to=2026-03-01T10:00:00.5Z", "")
		if got != want {
			t.Errorf("request %d: %s, want %s", i+1, got, want)
		}
	}
	// A window slid by an hour each time has its own answers, whatever the drift.
	window := func(hour int) string {
		return fmt.Sprintf(`{"at": "2026-03-01T10:00:00Z", "method": "GET", "url": "http://s/a?from=2026-02-28T%02d:00:00Z&to=2026-02-28T%02d:00:00Z"}`, hour, hour+1)
	}
	replayer = written(t, `{"format": 2, "recorded": "2026-03-01T10:00:00Z"}`, window(1), window(2), window(3)).Replay(nil, nil)
	replayer.Clock = stopped(time.Date(2026, 3, 1, 10, 0, 30, 0, time.UTC))
	for _, hour := range []int{3, 1, 2, 3} {
		_, got := ask(t, replayer, "GET", fmt.Sprintf("http://s/a?from=2026-02-28T%02d:00:29Z&to=2026-02-28T%02d:00:29Z", hour, hour+1), "")
		if want := fmt.Sprintf("answer %d", hour); got != want {
			t.Errorf("window %d: %s, want %s", hour, got, want)
		}
	}
}

func TestIgnore(t *testing.T) {
	const manifest = `{"format": 2, "recorded": "2026-03-01T10:00:00Z",
		"ignore": {"query": ["nonce"], "body": ["id", "list.*.id", "deep.er"]}}`
	post := func(body string) string {
		return fmt.Sprintf(`{"method": "POST", "url": "http://s/a?nonce=1&x=1", %s}`, body)
	}
	for _, test := range []struct {
		name, recorded, url, body string
		found                     bool
	}{
		{"a parameter", post(`"json": {"a": 1}`), "/a?x=1&nonce=2", `{"a": 1}`, true},
		{"none", post(`"json": {"a": 1}`), "/a?x=1", `{"a": 1}`, true},
		{"another parameter", post(`"json": {"a": 1}`), "/a?x=2&nonce=1", `{"a": 1}`, false},
		{"a field", post(`"json": {"a": 1, "id": "r1"}`), "/a?x=1", `{"id": "r2", "a": 1}`, true},
		{"another field", post(`"json": {"a": 1, "id": "r1"}`), "/a?x=1", `{"id": "r2", "a": 2}`, false},
		{"digits", post(`"json": {"a": 9007199254740993, "id": 1}`), "/a?x=1", `{"a": 9007199254740992}`, false},
		{"in a list", post(`"json": {"list": [{"id": 1, "n": 1}, {"id": 2}], "deep": {"er": 1}}`), "/a?x=1",
			`{"deep": {"er": {"x": 2}}, "list": [{"id": 3, "n": 1}, {}]}`, true},
		{"a form", post(`"text": "id=1&b=2"`), "/a?x=1", "b=2&id=7", true},
		{"another form", post(`"text": "id=1&b=2"`), "/a?x=1", "b=3&id=7", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := written(t, manifest, test.recorded).Replay(nil, nil).RoundTrip(request(t, "POST", "http://s"+test.url, test.body))
			if (err == nil) != test.found {
				t.Errorf("found: %t, want %t (%v)", err == nil, test.found, err)
			}
		})
	}
}

// A recording that is made a good while after another one in the same folder has its own time, and
// drops what was asked then for the time of then.
func TestRecordAgainMuchLater(t *testing.T) {
	s := source(t)
	dir := t.TempDir()
	record := func(at time.Time, urls ...string) *recording.Recording {
		t.Helper()
		recorder, err := recording.Record(dir, http.DefaultTransport, nil, recording.Manifest{Recorded: at})
		if err != nil {
			t.Fatal(err)
		}
		for _, url := range urls {
			ask(t, recorder, "POST", s.URL+url, "")
		}
		recorder.Imported("full")
		if err := recorder.Close(); err != nil {
			t.Fatal(err)
		}
		recorded, err := recording.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		return recorded
	}
	files := func() int {
		t.Helper()
		found, err := filepath.Glob(filepath.Join(dir, "0*.json"))
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	now := time.Now()
	ago := now.AddDate(0, 0, -40)
	to := func(at time.Time) string { return "/echo?to=" + at.UTC().Format("2006-01-02T15:04:05Z") }
	record(ago, to(ago), "/echo?other=1")
	if r := record(ago.Add(time.Hour), to(ago.Add(time.Hour))); !r.Recorded.Equal(ago) || files() != 3 {
		t.Errorf("a run that follows: recorded %s, want %s; %d files, want 3", r.Recorded, ago, files())
	}
	if r := record(now, to(now)); !r.Recorded.Equal(now) || files() != 2 {
		t.Errorf("a run much later: recorded %s, want %s; %d files, want 2", r.Recorded, now, files())
	}
}
