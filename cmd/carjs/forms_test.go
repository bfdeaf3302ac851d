package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"carjs/bindings"
	"carjs/host"
	"carjs/host/car"
	"carjs/host/carserver"
)

// The forms in which services answer: with each of them an import succeeds, a full one and then an
// incremental one, and CAR has what the data source has.
func TestForms(t *testing.T) {
	if testing.Short() {
		t.Skip("many runs")
	}
	m := newMatrix(t)
	next := make(chan form)
	var workers sync.WaitGroup
	var imports atomic.Int64
	for range 4 {
		workers.Go(func() {
			for f := range next {
				met := 0
				for _, mode := range []host.Mode{host.ModeFull, host.ModeIncremental} {
					met += m.tryForm(f, mode)
					imports.Add(1)
				}
				if met == 0 {
					m.Errorf("%s was never answered", f)
				}
			}
		})
	}
	rows := map[string]bool{}
	for _, f := range forms() {
		if rows[f.String()] {
			t.Errorf("%s is there twice", f)
		}
		rows[f.String()] = true
		next <- f
	}
	close(next)
	workers.Wait()
	t.Logf("%d forms, %d imports", len(rows), imports.Load())
}

// A sample of the forms on the built binary.
func TestFormsOnBinary(t *testing.T) {
	if testing.Short() {
		t.Skip("many runs")
	}
	m := newMatrix(t)
	const each = 17
	for n, f := range forms() {
		if n%each != 0 && f.address == nil {
			continue
		}
		for _, mode := range []host.Mode{host.ModeFull, host.ModeIncremental} {
			s := m.tenant(mode)
			carURL, sourceURL, stop, _ := m.serveForm(s, f)
			args := beside(carURL, sourceURL)
			if at := slices.Index(args, carURL+"/api/car/v2"); f.address != nil {
				args[at] = f.address(args[at])
				if strings.Contains(args[at], "@") {
					args = slices.Delete(args, at+1, at+5) // the key and the password
				}
			}
			r := newDesk(m.T).run(args...)
			stop()
			if r.code != 0 {
				t.Errorf("%s, %s: %s", f, mode, r)
			} else if diff := m.want.Diff(m.graph(s)); len(diff) > 0 {
				t.Errorf("%s, %s: the graph differs:\n%s", f, mode, strings.Join(diff, "\n"))
			}
			if strings.Contains(r.stdout+r.stderr, "url-secret") {
				t.Errorf("%s: the password of the URL is shown: %s", f, r)
			}
			s.Close()
		}
	}
}

// tryForm imports through a form and returns how often it was answered.
func (m *matrix) tryForm(f form, mode host.Mode) int {
	s := m.tenant(mode)
	defer s.Close()
	r, met := m.runForm(s, f)
	if r.ExitCode != 0 || r.Mode != mode {
		m.Errorf("%s, %s: mode %q, exit code %d: %+v", f, mode, r.Mode, r.ExitCode, r.Failure)
	} else if diff := m.want.Diff(m.graph(s)); len(diff) > 0 {
		m.Errorf("%s, %s: the graph differs:\n%s", f, mode, strings.Join(diff, "\n"))
	}
	return met
}

// serveForm puts a form before CAR. met tells how often it was answered, once stopped.
func (m *matrix) serveForm(s *carserver.Server, f form) (carURL, sourceURL string, stop func(), met func() int) {
	proxy := &rewriter{form: f, next: s.Handler(), looks: map[string]int{}, numbers: map[string]string{}}
	carServer := httptest.NewServer(proxy)
	sourceServer := httptest.NewServer(m.source.Handler())
	return carServer.URL, sourceServer.URL, func() { carServer.Close(); sourceServer.Close() }, func() int { return proxy.met }
}

// runForm imports from the data source into a CAR behind a form.
func (m *matrix) runForm(s *carserver.Server, f form) (*host.Report, int) {
	carURL, sourceURL, stop, met := m.serveForm(s, f)
	connector, err := bindings.Open(m.bundle, bindings.Options{
		Args: map[string]any{
			"CONFIGURATION_AUTH_URL": sourceURL, "CONFIGURATION_AUTH_USERNAME": "admin",
			"CONFIGURATION_AUTH_PASSWORD": "admin", "source": "office",
		},
		RequestTimeout: 10 * time.Second, RetryWait: time.Millisecond,
	})
	if err != nil {
		m.Error(err)
		return &host.Report{ExitCode: -1}, 0
	}
	address := carURL + "/api/car/v2"
	if f.address != nil {
		address = f.address(address)
	}
	config := car.Config{
		URL: address, Source: "office",
		RetryWait: time.Millisecond, PollWait: time.Millisecond, RequestTimeout: 10 * time.Second, JobTimeout: 10 * time.Second,
	}
	if f.soon {
		config.JobTimeout = 50 * time.Millisecond
	}
	r := host.Import(context.Background(), connector, host.Options{CAR: config, Timeout: time.Minute})
	stop()
	return r, met()
}

// form is one way of a service to answer a call.
type form struct {
	call car.Call // "" is every call
	name string
	// change changes an answer of the embedded service, and tells whether it is one that the form
	// is about.
	change func(a *answer) bool
	// numbers makes ids of jobs numbers.
	numbers bool
	// address is how the URL of CAR is given; nil is plainly.
	address func(plain string) string
	// send sends an answer in another way than at once.
	send func(w http.ResponseWriter, a *answer)
	// soon makes that waits for a job or a database end soon.
	soon bool
}

func (f form) String() string {
	if f.call == "" {
		return "every call: " + f.name
	}
	return string(f.call) + ": " + f.name
}

// answer is an answer on its way.
type answer struct {
	*rewriter
	request *http.Request
	look    int // how often this was asked, from 1
	status  int
	header  http.Header
	body    []byte
}

// rewriter stands before CAR and answers in a form.
type rewriter struct {
	form form
	next http.Handler

	mu      sync.Mutex
	looks   map[string]int
	numbers map[string]string // ids by number
	job     string            // one that is done, or will be
	met     int
}

func (p *rewriter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i := strings.Index(r.URL.Path, "/api/car/")
	if i < 0 {
		http.NotFound(w, r)
		return
	}
	p.mu.Lock()
	r.URL.Path, r.URL.RawPath = r.URL.Path[i:], ""
	if p.form.numbers {
		for number, id := range p.numbers {
			r.URL.Path = strings.ReplaceAll(r.URL.Path, number, id)
			r.URL.RawQuery = strings.ReplaceAll(r.URL.RawQuery, number, id)
		}
	}
	asked := r.Method + " " + r.URL.String()
	p.looks[asked]++
	look := p.looks[asked]
	p.mu.Unlock()
	recorder := httptest.NewRecorder()
	p.next.ServeHTTP(recorder, r)
	p.mu.Lock()
	defer p.mu.Unlock()
	a := &answer{p, r, look, recorder.Code, recorder.Header(), recorder.Body.Bytes()}
	a.header.Del("Content-Length")
	var started struct {
		ID string `json:"id"`
	}
	if kindOf("CAR", r) == string(car.PostImport) && json.Unmarshal(a.body, &started) == nil {
		p.job = started.ID
	}
	if p.form.call == "" || kindOf("CAR", r) == string(p.form.call) {
		if p.form.change == nil || p.form.change(a) {
			p.met++
		}
	}
	if p.form.numbers {
		a.number()
	}
	for name, values := range a.header {
		w.Header()[name] = values
	}
	if p.form.send != nil {
		p.form.send(w, a)
		return
	}
	w.WriteHeader(a.status)
	w.Write(a.body) //nolint:errcheck // the client may have gone
}

// number writes the ids of jobs as numbers.
func (a *answer) number() {
	var document any
	if json.Unmarshal(a.body, &document) != nil {
		return
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			for name, e := range v {
				id, text := e.(string)
				if !text || name != "id" && name != "job_id" || len(id) != 36 {
					walk(e)
					continue
				}
				number := ""
				for n, known := range a.numbers {
					if known == id {
						number = n
					}
				}
				if number == "" {
					number = fmt.Sprintf("90071992547409930%02d", len(a.numbers))
					a.numbers[number] = id
				}
				v[name] = json.Number(number)
			}
		}
	}
	walk(document)
	a.body, _ = json.Marshal(document)
}

// ok tells whether the embedded service did what was asked.
func (a *answer) ok() bool { return a.status/100 == 2 }

// says replaces the answer.
func (a *answer) says(status int, body string) bool {
	a.status, a.body = status, []byte(body)
	a.header.Set("Content-Type", "application/json")
	return true
}

// object changes an answer that is an object.
func (a *answer) object(change func(o map[string]any)) bool {
	var o map[string]any
	if !a.ok() || json.Unmarshal(a.body, &o) != nil {
		return false
	}
	change(o)
	a.body, _ = json.Marshal(o)
	return true
}

// ids are the imports that were asked for.
func (a *answer) ids() []string { return strings.Split(a.request.URL.Query().Get("ids"), ",") }

// states are what the embedded service says of the imports that were asked for.
func (a *answer) states() map[string]string {
	var all map[string]json.RawMessage
	states := map[string]string{}
	if json.Unmarshal(a.body, &all) != nil {
		return states
	}
	for list, state := range map[string]string{"complete_imports": "COMPLETE", "incomplete_imports": "INPROGRESS", "error_imports": "ERROR"} {
		var jobs []struct{ ID string }
		json.Unmarshal(all[list], &jobs) //nolint:errcheck // a list that is left out has none
		for _, job := range jobs {
			states[job.ID] = state
		}
	}
	return states
}

// array is the answer on imports as an array, with other names for the words.
func (a *answer) array(word func(string) string) bool {
	if !a.ok() {
		return false
	}
	jobs := []map[string]any{}
	for id, state := range a.states() {
		jobs = append(jobs, map[string]any{"id": id, "status": word(state)})
	}
	a.body, _ = json.Marshal(jobs)
	return true
}

// Bad answers end a run with a failure that quotes CAR.
func TestBadForms(t *testing.T) {
	m := newMatrix(t)
	lost := func(a *answer) bool { return a.says(200, `{"success":true,"notfound_imports":["`+a.ids()[0]+`"]}`) }
	for _, test := range []struct {
		form
		mode    host.Mode
		code    int
		message string
		detail  string
	}{
		{form{call: car.ImportStatus, name: "an import is lost", change: lost}, host.ModeFull, 10,
			"CAR does not know an import or a job that it accepted", "notfound_imports"},
		{form{call: car.PostQuery, name: "errors beside data", change: func(a *answer) bool {
			return a.object(func(o map[string]any) {
				o["errors"] = []any{map[string]any{"message": "field not found in type", "extensions": map[string]any{"code": "validation-failed"}}}
			})
		}}, host.ModeIncremental, 10, "CAR rejected a query: field not found in type", ""},
		{form{call: car.PostQuery, name: "fewer fields", change: func(a *answer) bool {
			a.body = []byte(strings.ReplaceAll(string(a.body), `"external_id"`, `"other"`))
			return true
		}}, host.ModeIncremental, 10, "without the field external_id", ""},
		{form{call: car.GetDatabases, name: "two databases, none ready", soon: true, change: func(a *answer) bool {
			return a.says(200, `{"databases":[{"is_ready":false},{"is_ready":false}]}`)
		}}, host.ModeIncremental, 10, "CAR's database is not ready", `{"databases":[{"is_ready":false},{"is_ready":false}]}`},
		{form{call: car.ImportStatus, name: "not complete any more", change: func(a *answer) bool {
			if len(a.ids()) < 2 {
				return false
			}
			jobs := []string{}
			for n, id := range a.ids() {
				status := "INPROGRESS"
				if n == 0 && a.look == 1 {
					status = "COMPLETE"
				}
				jobs = append(jobs, fmt.Sprintf(`{"id":%q,"status":%q}`, id, status))
			}
			return a.says(200, "["+strings.Join(jobs, ",")+"]")
		}}, host.ModeFull, 10, "as complete and no longer does", `"status":"INPROGRESS"`},
		{form{call: car.DeleteVertices, name: "no success", change: func(a *answer) bool {
			return a.says(200, `{"success":"False","message":"locked"}`)
		}}, host.ModeIncremental, 10, "the status of a success and an error", "locked"},
		{form{call: car.JobStatus, name: "a job is lost", change: func(a *answer) bool {
			return a.says(200, `{"notfound_imports":["`+a.request.URL.Path[strings.LastIndexByte(a.request.URL.Path, '/')+1:]+`"]}`)
		}}, host.ModeFull, 10, "CAR does not know an import or a job", "notfound_imports"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := m.tenant(test.mode)
			defer s.Close()
			r, met := m.runForm(s, test.form)
			if met == 0 || r.ExitCode != test.code || r.Failure == nil {
				t.Fatalf("met %d times, exit code %d: %+v", met, r.ExitCode, r.Failure)
			}
			if !strings.Contains(r.Failure.Message, test.message) || !strings.Contains(r.Failure.Detail, test.detail) {
				t.Errorf("%+v", r.Failure)
			}
			if errors.Is(r.Err(), context.DeadlineExceeded) {
				t.Error("it took too long")
			}
			for range 3 {
				if r = m.run(s, newInjector(nil, nil)); r.ExitCode == 0 {
					break
				}
			}
			if diff := m.want.Diff(m.graph(s)); r.ExitCode != 0 || len(diff) > 0 {
				t.Errorf("after clean runs: %+v\n%s", r.Failure, strings.Join(diff, "\n"))
			}
		})
	}
}
