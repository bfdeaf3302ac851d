package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync"
	"time"

	"carjs/host/car"
)

// faultTimeout is the time for one request. What hangs costs it, four times where it is tried
// again.
const faultTimeout = 400 * time.Millisecond

// request is one request of a session: the n-th of its kind.
type request struct {
	of   string // "CAR" or "source"
	kind string
	n    int
}

func (r request) String() string { return fmt.Sprintf("%s %s #%d", r.of, r.kind, r.n) }

// kinds are the forms of requests to CAR, by the call that makes them.
var kinds = []struct {
	call    car.Call
	pattern *regexp.Regexp
}{
	{car.GetDatabases, regexp.MustCompile(`^GET /api/car/v2/databases$`)},
	{car.CreateDatabase, regexp.MustCompile(`^POST /api/car/v2/databases$`)},
	{car.RepairDatabase, regexp.MustCompile(`^PATCH /api/car/v2/databases$`)},
	{car.JobStatus, regexp.MustCompile(`^GET /api/car/v2/jobstatus/`)},
	{car.GetSavePoint, regexp.MustCompile(`^GET /api/car/v2/source/[^/]+$`)},
	{car.SetSavePoint, regexp.MustCompile(`^PATCH /api/car/v2/source$`)},
	{car.EnterFullImport, regexp.MustCompile(`^POST /api/car/v2/source/[^/]+/full-import-in-progress$`)},
	{car.LeaveFullImport, regexp.MustCompile(`^DELETE /api/car/v2/source/[^/]+/full-import-in-progress$`)},
	{car.PostImport, regexp.MustCompile(`^POST /api/car/v2/imports$`)},
	{car.ImportStatus, regexp.MustCompile(`^GET /api/car/v2/importstatus$`)},
	{car.OneImportStatus, regexp.MustCompile(`^GET /api/car/v2/importstatus/`)},
	{car.DeleteVertices, regexp.MustCompile(`^DELETE /api/car/v2/source/[^/]+/[a-z_]+$`)},
	{car.GetImportSchema, regexp.MustCompile(`^GET /api/car/v3/importSchema$`)},
	{car.GetExtension, regexp.MustCompile(`^GET /api/car/v3/carSchema/`)},
	{car.PostExtension, regexp.MustCompile(`^POST /api/car/v3/carSchema$`)},
	{car.PostQuery, regexp.MustCompile(`^POST /api/car/v3/query$`)},
	{car.PatchEdge, regexp.MustCompile(`^PATCH /api/car/v2/[a-z_]+$`)},
}

func kindOf(of string, r *http.Request) string {
	line := r.Method + " " + r.URL.Path
	if of == "source" {
		return line
	}
	for _, k := range kinds {
		if k.pattern.MatchString(line) {
			return string(k.call)
		}
	}
	return line
}

func (r request) call() car.Call { return car.Call(r.kind) }

// harmless tells whether a request that always fails in this way may be one of a run that succeeds:
// what the answer means is no failure (there is no database, no save point, no extension, nothing
// to query: then a full import brings everything).
func (r request) harmless(f fault) bool {
	switch r.call() {
	case car.GetSavePoint, car.GetExtension, car.PostQuery:
		return f.name == "404" || f.name == "empty object"
	case car.GetDatabases:
		return f.name == "400"
	case car.PostExtension, car.DeleteVertices, car.PatchEdge, car.SetSavePoint:
		// CAR is asked whether it is done, and it may have been before
		return f.name == "empty object" || f.answer == car.Garbage
	case car.ImportStatus:
		return f.name == "empty object" // each import is asked for alone
	}
	return false
}

// recorder notes the requests of a session.
type recorder struct {
	requests []request
}

// fault is one way in which a request goes wrong.
type fault struct {
	name string
	// answer is what the client makes of it, for the table of rules; "" where that depends on the
	// call.
	answer car.Answer
	// do answers instead of next, or with next.
	do func(w http.ResponseWriter, r *http.Request, next http.Handler)
	// refuse makes that no connection can be had.
	refuse bool
	// kill ends carjs with SIGKILL at the request: before it is dealt with, or when it was and the
	// answer is on its way.
	kill killed
	// of limits it to one kind of request.
	of car.Call
}

// killed tells when carjs is killed.
type killed int

const (
	alive killed = iota
	killedBefore
	killedAfter
)

func (f fault) fits(r request) bool { return f.of == "" || r.kind == string(f.of) }

// faults is the table of all ways.
var faults = func() []fault {
	var all []fault
	for _, status := range []int{302, 400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503, 504} {
		all = append(all, fault{name: fmt.Sprint(status), answer: car.Answer(fmt.Sprint(status)),
			do: func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
				w.Header().Set("Location", "/login")
				w.Header().Set("Retry-After", "0")
				w.WriteHeader(status)
				fmt.Fprint(w, `{"message":"meant to fail"}`)
			}})
	}
	says := func(body string) func(http.ResponseWriter, *http.Request, http.Handler) {
		return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { fmt.Fprint(w, body) }
	}
	after := func(change func(w http.ResponseWriter, body []byte)) func(http.ResponseWriter, *http.Request, http.Handler) {
		return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			recorder := httptest.NewRecorder()
			next.ServeHTTP(recorder, r)
			change(w, recorder.Body.Bytes())
		}
	}
	return append(all,
		fault{name: "refused", answer: car.NoConnection, refuse: true},
		fault{
			name: "dropped before", answer: car.Dropped,
			do: func(http.ResponseWriter, *http.Request, http.Handler) { panic(http.ErrAbortHandler) },
		},
		fault{name: "dropped after", answer: car.Dropped, do: after(func(http.ResponseWriter, []byte) { panic(http.ErrAbortHandler) })},
		fault{name: "dropped amid", answer: car.Dropped, do: after(func(w http.ResponseWriter, body []byte) {
			w.Header().Set("Content-Length", fmt.Sprint(len(body)+1))
			w.Write(body)
			panic(http.ErrAbortHandler)
		})},
		fault{name: "hung", answer: car.TimedOut, do: func(_ http.ResponseWriter, r *http.Request, _ http.Handler) {
			io.Copy(io.Discard, r.Body) // the server notices that the client has gone only once the body is read
			<-r.Context().Done()
		}},
		fault{name: "slow drip", answer: car.TimedOut, do: func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
			io.Copy(io.Discard, r.Body)
			for r.Context().Err() == nil {
				fmt.Fprint(w, " ")
				http.NewResponseController(w).Flush()
				select {
				case <-r.Context().Done():
				case <-time.After(20 * time.Millisecond):
				}
			}
		}},
		fault{name: "garbage", answer: car.Garbage, do: says("<html>Please sign in</html>")},
		fault{name: "empty object", do: says("{}")},
		fault{name: "half a body", answer: car.Garbage, do: after(func(w http.ResponseWriter, body []byte) { w.Write(body[:(len(body)+1)/2]) })},
		fault{name: "SIGKILL before", kill: killedBefore},
		fault{name: "SIGKILL after", kill: killedAfter},
		fault{name: "error_imports 400", answer: "", of: car.ImportStatus, do: importError(400)},
		fault{name: "error_imports 500", answer: "", of: car.ImportStatus, do: importError(500)},
		fault{name: "error_imports 422", answer: "", of: car.ImportStatus, do: importError(422)},
		fault{name: "never-ending import", of: car.ImportStatus, do: func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
			ids, _, _ := strings.Cut(r.URL.Query().Get("ids"), ",")
			fmt.Fprintf(w, `{"incomplete_imports":[{"id":%q}],"error_imports":[]}`, ids)
		}},
		fault{name: "job ERROR", of: car.JobStatus, do: says(`{"status":"ERROR","error":"meant to fail"}`)},
		fault{name: "never-ending job", of: car.JobStatus, do: says(`{"status":"INPROGRESS"}`)},
	)
}()

func importError(status int) func(http.ResponseWriter, *http.Request, http.Handler) {
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		id, _, _ := strings.Cut(r.URL.Query().Get("ids"), ",")
		fmt.Fprintf(w, `{"incomplete_imports":[],"error_imports":[{"id":%q,"error":"meant to fail","statusCode":%d}]}`, id, status)
	}
}

// injector stands before CAR and the data source and makes one request go wrong, or all of its kind
// from there on.
type injector struct {
	seen *recorder
	cell *cell

	mu     sync.Mutex
	counts map[string]int
	// met tells that the fault was met: how often a job is asked for is a matter of time.
	met bool
	// victim is the process of the session, where it has one of its own.
	victim *os.Process
}

func newInjector(seen *recorder, c *cell) *injector {
	return &injector{seen: seen, cell: c, counts: map[string]int{}}
}

// meets counts a request and tells whether the fault is for it.
func (i *injector) meets(of string, r *http.Request) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	kind := kindOf(of, r)
	key := of + " " + kind
	i.counts[key]++
	if i.seen != nil {
		i.seen.requests = append(i.seen.requests, request{of, kind, i.counts[key]})
	}
	if i.cell == nil || i.cell.request.of != of || i.cell.request.kind != kind {
		return false
	}
	n, at := i.counts[key], i.cell.request.n
	if n != at && (n < at || !i.cell.lasting) {
		return false
	}
	i.met = true
	return true
}

// wrap puts the injector before a service. Requests that the transport has dealt with pass.
func (i *injector) wrap(of string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if i.cell == nil || !i.cell.fault.refuse {
			if i.meets(of, r) {
				if i.cell.fault.kill != alive {
					i.kill(r, next)
				}
				i.cell.fault.do(w, r, next)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// kill ends the session's process, and the request with it.
func (i *injector) kill(r *http.Request, next http.Handler) {
	if i.cell.fault.kill == killedAfter {
		next.ServeHTTP(httptest.NewRecorder(), r)
	}
	i.mu.Lock()
	victim := i.victim
	i.mu.Unlock()
	victim.Kill() //nolint:errcheck // it is there: it waits for the answer
	panic(http.ErrAbortHandler)
}

// refusing sends a request that is to be refused to a port at which nobody listens.
type refusing struct {
	*http.Transport
	injector *injector
	closed   string
}

func (i *injector) transport() *refusing {
	t := &refusing{Transport: &http.Transport{MaxIdleConnsPerHost: 8}, injector: i}
	if listener, err := net.Listen("tcp", "127.0.0.1:0"); err == nil {
		t.closed = listener.Addr().String()
		listener.Close()
	}
	return t
}

func (t *refusing) close() { t.CloseIdleConnections() }

func (t *refusing) RoundTrip(r *http.Request) (*http.Response, error) {
	if c := t.injector.cell; c != nil && c.fault.refuse {
		of := "source"
		if strings.HasPrefix(r.URL.Path, "/api/car/") {
			of = "CAR"
		}
		if t.injector.meets(of, r) {
			r = r.Clone(r.Context())
			r.URL.Host = t.closed
			if r.GetBody != nil {
				r.Body, _ = r.GetBody()
			}
		}
	}
	return t.Transport.RoundTrip(r)
}
