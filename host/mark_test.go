package host_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"carjs/host"
)

// hook makes the connector call f at a step of its first run.
func (c *tabular) hook(step string, f func()) {
	c.hooks = map[string]func(context.Context, *host.Run) error{step: func(context.Context, *host.Run) error {
		c.hooks = nil
		f()
		return nil
	}}
}

// disturbed fails the test unless a run ended because another one was there, and CAR will be as the
// data source is after the next one.
func (f *fixture) disturbed(c *tabular, r *host.Report) {
	f.t.Helper()
	if r.ExitCode != 10 || !strings.Contains(r.Failure.Message, "another full import of this source ran at the same time: report ") {
		f.t.Fatalf("exit code %d: %+v\n%s", r.ExitCode, r.Failure, f.log.String())
	}
	if id := f.savePoint(); id != "" {
		f.t.Errorf("save point %q: the next run may be incremental", id)
	}
	f.ok(c, host.ModeFull)
	f.sameAsFull(c)
	f.ok(c, host.ModeIncremental)
}

func TestTwoFullImportsAtOnce(t *testing.T) {
	for _, at := range []string{"save point", "vertices", "edges"} {
		t.Run("the other dies as it enters/"+at, func(t *testing.T) {
			f := ready(t)
			c, other := &tabular{states: []graph{office()}}, &tabular{states: []graph{office()}}
			c.hook(at, func() {
				ctx, die := context.WithCancel(context.Background())
				f.setFault(func(w http.ResponseWriter, r *http.Request, request string) bool {
					if request == "POST full-import" {
						f.car.Handler().ServeHTTP(httptest.NewRecorder(), r)
						die()
					}
					return ctx.Err() != nil
				})
				host.Import(ctx, other, f.options())
				f.heal()
			})
			f.disturbed(c, f.run(c))
		})
		t.Run("the other dies/"+at, func(t *testing.T) {
			f := ready(t)
			c := &tabular{states: []graph{office()}}
			other := &tabular{states: []graph{office()}, hooks: map[string]func(context.Context, *host.Run) error{
				"edges": func(context.Context, *host.Run) error { return errMeant }}}
			c.hook(at, func() { f.run(other) })
			r := f.run(c)
			if slices.Contains(f.sequence(), "DELETE full-import") {
				t.Error("the import was left")
			}
			f.disturbed(c, r)
		})
		t.Run("the other ends/"+at, func(t *testing.T) {
			f := ready(t)
			c, other := &tabular{states: []graph{office()}}, &tabular{states: []graph{office()}}
			c.hook(at, func() { f.ok(other, host.ModeFull) })
			f.disturbed(c, f.run(c))
		})
		t.Run("the other ends later/"+at, func(t *testing.T) {
			f := ready(t)
			c, other := &tabular{states: []graph{office()}}, &tabular{states: []graph{office()}}
			var first *host.Report
			other.hook(at, func() { first = f.run(c) })
			if r := f.run(other); first.ExitCode != 0 {
				t.Fatalf("%+v", first.Failure)
			} else {
				f.disturbed(c, r)
			}
		})
	}
}

// Both go on: the first to end tells the other that it was not the only one.
func TestBothFullImportsAreTold(t *testing.T) {
	f := ready(t)
	first, second := &tabular{states: []graph{office()}}, &tabular{states: []graph{office()}}
	begun, ended := make(chan struct{}), make(chan *host.Report, 1)
	// The second begins within the first one, and is held until that has ended.
	hold := make(chan struct{})
	second.hook("vertices", func() { close(begun); <-hold })
	first.hook("vertices", func() {
		go func() { ended <- f.run(second) }()
		<-begun
	})
	r := f.run(first)
	close(hold)
	other := <-ended
	if other.ExitCode != 10 || other.Mode != host.ModeFull {
		t.Fatalf("%+v", other.Failure)
	}
	if log := f.log.String(); !strings.Contains(log, "another full import of this source began not long ago and has not ended") {
		t.Errorf("the second did not tell of the first:\n%s", log)
	}
	f.disturbed(first, r)
}

// The other one begins after the last look, before CAR is told that the import has ended.
func TestFullImportBeginsDuringLeave(t *testing.T) {
	f := ready(t)
	c := &tabular{states: []graph{office()}}
	other := &tabular{states: []graph{office()}, hooks: map[string]func(context.Context, *host.Run) error{
		"vertices": func(context.Context, *host.Run) error { return errMeant }}}
	begun := false
	f.setFault(func(_ http.ResponseWriter, _ *http.Request, request string) bool {
		if request == "DELETE full-import" && !begun {
			begun = true
			f.run(other)
		}
		return false
	})
	r := f.run(c)
	f.heal()
	f.disturbed(c, r)
}

// A CAR that shows no mark, keeps the first one for good, or cannot be asked changes nothing.
func TestMarkIsNotShown(t *testing.T) {
	for name, fault := range map[string]func(f *fixture, w http.ResponseWriter, r *http.Request, request string) bool{
		"queries do not show sources": func(_ *fixture, w http.ResponseWriter, r *http.Request, request string) bool {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(strings.NewReader(string(body)))
			if request != "POST query" || !strings.Contains(string(body), "source(where") {
				return false
			}
			fmt.Fprint(w, `{"errors":[{"extensions":{"path":"$.selectionSet.source","code":"validation-failed"},`+
				`"message":"field \"source\" not found in type: 'query_root'"}]}`)
			return true
		},
		"properties are not kept": func(_ *fixture, w http.ResponseWriter, r *http.Request, request string) bool {
			body, _ := io.ReadAll(r.Body)
			var envelope map[string]any
			if request == "POST imports report source" && json.Unmarshal(body, &envelope) == nil {
				delete(envelope["source"].(map[string]any), "properties")
				body, _ = json.Marshal(envelope)
			}
			r.Body = io.NopCloser(strings.NewReader(string(body)))
			return false
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := ready(t)
			// What CAR keeps for good may be the mark of an earlier run.
			c := &tabular{states: []graph{office()}, noIncremental: true}
			f.ok(c, host.ModeFull)
			f.setFault(func(w http.ResponseWriter, r *http.Request, request string) bool { return fault(f, w, r, request) })
			f.ok(c, host.ModeFull)
			f.ok(c, host.ModeFull)
			f.sameAsFull(c)
			f.heal()
		})
	}
}

// Other properties of the source stay as they are, and the connector's own are there beside the
// mark.
func TestMarkKeepsProperties(t *testing.T) {
	f := ready(t)
	patched, err := http.NewRequest("PATCH", f.server.URL+"/api/car/v2/source?key="+strings.ReplaceAll(source, "+", "%2B"),
		strings.NewReader(`{"source":{"properties":{"team":"blue","id":9007199254740993}}}`))
	if err != nil {
		t.Fatal(err)
	}
	if answer, err := http.DefaultClient.Do(patched); err != nil || answer.StatusCode != 200 {
		t.Fatal(answer, err)
	}
	c := &tabular{states: []graph{office()}}
	f.ok(c, host.ModeFull)
	if at := f.properties(); string(at["team"]) != `"blue"` || string(at["id"]) != `9007199254740993` || at["full_import"] == nil {
		t.Errorf("properties %s", at)
	}
	c.head = host.Head{Source: map[string]any{"properties": map[string]any{"floor": 3}}}
	c.noIncremental = true
	f.ok(c, host.ModeFull)
	if at := f.properties(); string(at["floor"]) != "3" || at["team"] != nil || at["full_import"] == nil {
		t.Errorf("properties %s", at)
	}
}

func (f *fixture) properties() map[string]json.RawMessage {
	f.t.Helper()
	answer, err := http.Get(f.server.URL + "/api/car/v2/source/" + strings.ReplaceAll(source, "+", "%2B"))
	if err != nil {
		f.t.Fatal(err)
	}
	defer answer.Body.Close()
	var source struct {
		Properties map[string]json.RawMessage `json:"properties"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&source); err != nil {
		f.t.Fatal(err)
	}
	return source.Properties
}

// A mark warns for as long as its import may be under way.
func TestMarkGrowsOld(t *testing.T) {
	for _, test := range []struct {
		age           time.Duration
		noIncremental bool
		level         string // "" is no word
	}{
		{time.Minute, false, "[WARN]"}, {5 * time.Hour, false, "[WARN]"}, {7 * time.Hour, false, ""}, {-time.Hour, false, "[WARN]"},
		{time.Minute, true, "[INFO]"}, {7 * time.Hour, true, ""},
	} {
		f := ready(t)
		c := &tabular{states: []graph{office()}, hooks: map[string]func(context.Context, *host.Run) error{
			"vertices": func(context.Context, *host.Run) error { return errMeant }}}
		options := f.options()
		options.Now = func() time.Time { return time.Now().Add(-test.age) }
		if r := host.Import(context.Background(), c, options); r.ExitCode != 1 {
			t.Fatalf("%+v", r.Failure)
		}
		c.hooks, c.noIncremental = nil, test.noIncremental
		f.ok(c, host.ModeFull)
		told := ""
		for _, line := range strings.Split(f.log.String(), "\n") {
			if strings.Contains(line, "another full import of this source began not long ago") {
				told = line
			}
		}
		if !strings.Contains(told, test.level) || (told == "") != (test.level == "") {
			t.Errorf("%+v: %q", test, told)
		}
	}
}
