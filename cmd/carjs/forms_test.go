package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"carjs/host"
	"carjs/host/car"
	"carjs/host/carserver"
)

// The forms in which services answer: with each of them an import succeeds, a full one and then an
// incremental one, and CAR has what the data source has. The ordinary tests run one of the two, each
// form the one or the other, if it is met there; make matrix runs both.
func TestForms(t *testing.T) {
	if testing.Short() {
		t.Skip("many runs")
	}
	shared := newMatrix(t)
	rows := map[string]bool{}
	for i, f := range forms() {
		if rows[f.String()] {
			t.Errorf("%s is there twice", f)
		}
		rows[f.String()] = true
		t.Run(f.String(), func(t *testing.T) {
			t.Parallel()
			m := shared.in(t)
			met := 0
			modes := []host.Mode{host.ModeFull, host.ModeIncremental}
			if i%2 == 1 {
				slices.Reverse(modes)
			}
			for _, mode := range modes {
				if met > 0 && os.Getenv(everyCell) == "" {
					break
				}
				s := m.tenant(mode)
				r, times := m.runForm(s, f)
				met += times
				if r.code != 0 || r.report.Mode != mode {
					t.Errorf("%s: mode %q, %s", mode, r.report.Mode, r)
				} else if diff := m.want.Diff(m.graph(s)); len(diff) > 0 {
					t.Errorf("%s: the graph differs:\n%s", mode, strings.Join(diff, "\n"))
				}
				if strings.Contains(r.stdout+r.stderr, "url-secret") {
					t.Errorf("the password of the URL is shown: %s", r)
				}
				s.Close()
			}
			if met == 0 {
				t.Error("it was never answered")
			}
		})
	}
	t.Logf("%d forms", len(rows))
}

// runForm runs the binary, which imports from the data source into a CAR behind a form. met tells how
// often that was answered.
func (m *matrix) runForm(s *carserver.Server, f form) (r result, met int) {
	m.Helper()
	proxy := &rewriter{form: f, next: s.Handler(), looks: map[string]int{}, numbers: map[string]string{}}
	carServer, sourceServer := httptest.NewServer(proxy), httptest.NewServer(m.source.Handler())
	defer sourceServer.Close()
	address := []string{carServer.URL + "/api/car/v2", "-car-service-key", "key", "-car-service-password", "word"}
	if f.address != nil {
		if address[0] = f.address(address[0]); strings.Contains(address[0], "@") {
			address = address[:1] // the key and the password are in it
		}
	}
	args := []string{"-url", sourceServer.URL, "-username", "admin", "-password", "admin", "-source", "office", "-request-timeout", "20s"}
	if f.soon {
		args = append(args, "-job-timeout", "100ms")
	}
	r = newDesk(m.T).imports("reference", append(append(args, "-car-service-url"), address...)...)
	carServer.Close()
	return r, proxy.met
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
	shared := newMatrix(t)
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
		{form{call: car.GetSavePoint, name: "gzip by name alone", change: func(a *answer) bool {
			a.header.Set("Content-Encoding", "gzip")
			return true
		}}, host.ModeIncremental, 10, "CAR's answer to GET source is not JSON", "the body is labelled gzip and is something else"},
		{form{call: car.JobStatus, name: "a job is lost", change: func(a *answer) bool {
			return a.says(200, `{"notfound_imports":["`+a.request.URL.Path[strings.LastIndexByte(a.request.URL.Path, '/')+1:]+`"]}`)
		}}, host.ModeFull, 10, "CAR does not know an import or a job", "notfound_imports"},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := shared.in(t)
			s := m.tenant(test.mode)
			defer s.Close()
			r, met := m.runForm(s, test.form)
			failed := r.report.Failure
			if met == 0 || r.code != test.code || failed == nil {
				t.Fatalf("met %d times, %s", met, r)
			}
			if !strings.Contains(failed.Message, test.message) || !strings.Contains(failed.Detail, test.detail) {
				t.Errorf("%+v", failed)
			}
			contains(t, strings.ReplaceAll(r.stderr, `\"`, `"`), test.message, test.detail)
			for range 3 {
				if r, _ = m.runForm(s, form{}); r.code == 0 {
					break
				}
			}
			if diff := m.want.Diff(m.graph(s)); r.code != 0 || len(diff) > 0 {
				t.Errorf("after clean runs: %s\n%s", r, strings.Join(diff, "\n"))
			}
		})
	}
}
