package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"carjs/host/model"
)

// service answers what a full import asks of CAR, all of it at once: every job is done as soon as
// it is asked for. It keeps nothing, so that every run is a full one, and counts what it is sent.
type service struct {
	mux *http.ServeMux

	mu     sync.Mutex
	seen   traffic
	schema []byte // the answer to importSchema
	// extension is the body for which schema was made; runs post the same again and again.
	extension []byte
	// inspect, when set, is given every page that is posted, decompressed. It is called by one
	// request at a time.
	inspect func(page []byte) error
	wrong   error // the first thing that inspect minded
}

// traffic is what a run sent to CAR.
type traffic struct {
	Requests int64
	// Bytes of the bodies, as they came over the wire.
	Bytes int64
	// Posted pages, and how many of them were asked for with importstatus.
	Posted, Awaited int
	// Extended tells of the schema extension, Entered and Left of the full import, Saved of the new
	// save point.
	Extended, Entered, Left, Saved bool
}

// complete says what a run that ended well has left out.
func (t traffic) complete() error {
	switch {
	case !t.Entered || !t.Left:
		return fmt.Errorf("the full import was not entered and left")
	case !t.Extended:
		return fmt.Errorf("no schema extension was brought")
	case t.Awaited < t.Posted:
		return fmt.Errorf("%d of %d pages were not asked for", t.Posted-t.Awaited, t.Posted)
	case !t.Saved:
		return fmt.Errorf("no save point was stored")
	}
	return nil
}

func newService() (*service, error) {
	schema, err := importSchema(model.CAR())
	if err != nil {
		return nil, err
	}
	s := &service{mux: http.NewServeMux(), schema: schema}
	for pattern, handle := range map[string]func(body []byte, r *http.Request) (status int, answer string){
		"GET /api/car/v2/databases": says(`{"databases":[{"name":"assets","graph_name":"assets","is_ready":true,` +
			`"collections_without_indexes":[],"missing_collections":[],"collections":[]}]}`),
		"GET /api/car/v2/source/{source}":                            says(`{"_key":"bench"}`),
		"PATCH /api/car/v2/source":                                   s.savePoint,
		"POST /api/car/v2/source/{source}/full-import-in-progress":   s.enter,
		"DELETE /api/car/v2/source/{source}/full-import-in-progress": s.leave,
		"GET /api/car/v2/jobstatus/{id}":                             says(`{"status":"COMPLETE"}`),
		"POST /api/car/v2/imports":                                   s.page,
		"GET /api/car/v2/importstatus":                               s.status,
		"GET /api/car/v3/importSchema":                               s.importSchema,
		"POST /api/car/v3/carSchema":                                 s.extend,
	} {
		s.mux.HandleFunc(pattern, s.handler(handle))
	}
	s.mux.HandleFunc("/", s.handler(func([]byte, *http.Request) (int, string) { return http.StatusNotFound, `{"message":"not found"}` }))
	return s, nil
}

func importSchema(m *model.Model) ([]byte, error) {
	return json.Marshal(map[string]any{"schema": m.ImportSchema()})
}

func says(text string) func([]byte, *http.Request) (int, string) {
	return func([]byte, *http.Request) (int, string) { return http.StatusOK, text }
}

// ServeHTTP answers a request.
func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// handler reads the body of a request, counts it, and answers under the lock.
func (s *service) handler(handle func([]byte, *http.Request) (int, string)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, n, err := s.read(r)
		if err != nil {
			answer(w, http.StatusBadRequest, []byte(`{"message":"the body cannot be read"}`))
			return
		}
		s.mu.Lock()
		s.seen.Requests++
		s.seen.Bytes += n
		status, text := handle(body, r)
		s.mu.Unlock()
		answer(w, status, []byte(text))
	}
}

// read reads a body. What pages hold is left out unless somebody looks at it.
func (s *service) read(r *http.Request) (body []byte, wire int64, err error) {
	s.mu.Lock()
	look := s.inspect != nil || !strings.HasSuffix(r.URL.Path, "/imports")
	s.mu.Unlock()
	if !look {
		wire, err = io.Copy(io.Discard, r.Body)
		return nil, wire, err
	}
	if body, err = io.ReadAll(r.Body); err != nil || r.Header.Get("Content-Encoding") != "gzip" {
		return body, int64(len(body)), err
	}
	wire = int64(len(body))
	unzipped, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, wire, err
	}
	body, err = io.ReadAll(unzipped)
	return body, wire, err
}

// reset forgets a run; the next one's pages are given to inspect, if that is not nil.
func (s *service) reset(inspect func([]byte) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen, s.inspect, s.wrong = traffic{}, inspect, nil
}

// ended returns what a run sent, and what was wrong with it.
func (s *service) ended() (traffic, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.wrong != nil {
		return s.seen, s.wrong
	}
	return s.seen, s.seen.complete()
}

func (s *service) savePoint(body []byte, _ *http.Request) (int, string) {
	var change struct {
		ID string `json:"model_state_id"`
	}
	if err := json.Unmarshal(body, &change); err != nil {
		return http.StatusBadRequest, `{"message":"not JSON"}`
	}
	s.seen.Saved = change.ID != ""
	return http.StatusOK, `{"result":"OK"}`
}

func (s *service) enter([]byte, *http.Request) (int, string) {
	s.seen.Entered = true
	return http.StatusOK, `{"job_id":"enter"}`
}

func (s *service) leave([]byte, *http.Request) (int, string) {
	s.seen.Left = s.seen.Entered
	return http.StatusOK, `{"job_id":"leave"}`
}

func (s *service) page(body []byte, _ *http.Request) (int, string) {
	if s.inspect != nil && s.wrong == nil {
		s.wrong = s.inspect(body)
	}
	s.seen.Posted++
	return http.StatusOK, `{"id":"` + strconv.Itoa(s.seen.Posted) + `","status":"running"}`
}

func (s *service) status(_ []byte, r *http.Request) (int, string) {
	ids := strings.Split(r.URL.Query().Get("ids"), ",")
	s.seen.Awaited += len(ids)
	complete := make([]string, len(ids))
	for i, id := range ids {
		complete[i] = `{"id":"` + id + `","status":"COMPLETE"}`
	}
	return http.StatusOK, `{"complete_imports":[` + strings.Join(complete, ",") + `],"incomplete_imports":[],"error_imports":[]}`
}

func (s *service) importSchema([]byte, *http.Request) (int, string) {
	return http.StatusOK, string(s.schema)
}

// extend takes a schema extension: importSchema has it from now on. It is still not there for those
// who ask for it, so that every run brings it.
func (s *service) extend(body []byte, _ *http.Request) (int, string) {
	s.seen.Extended = true
	if bytes.Equal(body, s.extension) {
		return http.StatusOK, string(body)
	}
	extension, err := model.ParseExtension(body)
	if err != nil {
		return http.StatusBadRequest, `{"message":"not an extension"}`
	}
	extended, err := model.CAR().Extend(*extension)
	if err != nil {
		return http.StatusBadRequest, `{"message":"the extension does not fit the model"}`
	}
	if s.schema, err = importSchema(extended); err != nil {
		return http.StatusInternalServerError, `{"message":"no schema"}`
	}
	s.extension = body
	return http.StatusOK, string(body)
}
