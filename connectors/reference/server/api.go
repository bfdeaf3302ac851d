package server

import (
	"carjs/host/carserver"
	"carjs/host/files"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// routes registers the paths of the API and of the pages.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	both := func(path string, h http.HandlerFunc) {
		mux.HandleFunc(path, h)
		mux.HandleFunc(path+"/{$}", h)
	}
	for _, c := range s.schema.collections {
		both("/"+c.name, s.api(methods{
			http.MethodGet:  func(w http.ResponseWriter, r *http.Request) error { return s.list(w, r, c) },
			http.MethodPost: func(w http.ResponseWriter, r *http.Request) error { return s.create(w, r, c) },
		}))
		both("/"+c.name+"/{pk}", s.api(methods{
			http.MethodGet:    func(w http.ResponseWriter, r *http.Request) error { return s.show(w, r, c) },
			http.MethodPut:    func(w http.ResponseWriter, r *http.Request) error { return s.edit(w, r, c, true) },
			http.MethodPatch:  func(w http.ResponseWriter, r *http.Request) error { return s.edit(w, r, c, false) },
			http.MethodDelete: func(w http.ResponseWriter, r *http.Request) error { return s.remove(w, r, c) },
		}))
	}
	both("/model_state_id", s.api(methods{http.MethodGet: s.modelStateID}))
	both("/delta", s.api(methods{http.MethodGet: s.delta}))
	s.adminRoutes(mux)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.writeError(w, r, errNoRow) })
	mux.Handle("/{$}", http.RedirectHandler("/admin/", http.StatusFound))
	// A browser that knows the password sends it with forms and scripts of any other site, to the
	// API as well.
	sameOrigin := http.NewCrossOriginProtection()
	sameOrigin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		writeDetail(w, http.StatusForbidden, "Requests from other sites cannot change anything here.")
	}))
	return s.logged(s.authenticated(sameOrigin.Handler(mux)))
}

// logged logs every request at debug level.
func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.log.Debug("request", "method", r.Method, "path", r.URL.Path, "from", r.RemoteAddr)
		next.ServeHTTP(w, r)
	})
}

// methods are the handlers of a path.
type methods map[string]func(w http.ResponseWriter, r *http.Request) error

// api calls the function for a request's method, and turns its error into a response.
func (s *Server) api(m methods) http.HandlerFunc {
	allowed := allow(m)
	return func(w http.ResponseWriter, r *http.Request) {
		method := r.Method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		do, ok := m[method]
		if !ok {
			w.Header().Set("Allow", allowed)
			writeDetail(w, http.StatusMethodNotAllowed, fmt.Sprintf("%s is not possible here.", r.Method))
			return
		}
		err := do(w, r)
		if err == nil {
			return
		}
		if errors.Is(err, errCutOff) {
			s.log.Debug("response cut off", "path", r.URL.Path, "cause", err)
			panic(http.ErrAbortHandler) // the client sees a broken response, never a short one that looks complete
		}
		s.writeError(w, r, err)
	}
}

func allow(m methods) string {
	var names []string
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		if _, ok := m[method]; ok || method == http.MethodHead && m[http.MethodGet] != nil {
			names = append(names, method)
		}
	}
	return strings.Join(names, ", ")
}

// errCutOff is the error of a response that broke off after its first part was sent.
var errCutOff = errors.New("response broke off")

// writeError responds to a failed request of the API.
func (s *Server) writeError(w http.ResponseWriter, r *http.Request, err error) {
	status, message := s.explain(r, err)
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	if wrong := faults(nil); errors.As(err, &wrong) {
		writeJSON(w, status, wrong)
		return
	}
	writeDetail(w, status, message)
}

// explain turns an error into a status and a sentence. Errors that are not the client's fault are
// logged.
func (s *Server) explain(r *http.Request, err error) (int, string) {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, new(faults)):
		return http.StatusBadRequest, "Some values are invalid."
	case errors.Is(err, errNotObject):
		return http.StatusBadRequest, "The body must be one JSON object."
	case errors.Is(err, errNoRow):
		return http.StatusNotFound, "There is nothing here."
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge, fmt.Sprintf("At most %d bytes are accepted.", tooLarge.Limit)
	case errors.Is(err, errForm):
		return http.StatusBadRequest, "The form could not be read."
	case isBusy(err), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		s.log.Debug("request given up", "method", r.Method, "path", r.URL.Path, "cause", err)
		return http.StatusServiceUnavailable, "The data source is busy. Try again."
	default:
		s.tellBroken(err)
		s.log.Error("request", "method", r.Method, "path", r.URL.Path, "cause", err)
		return http.StatusInternalServerError, "The data source could not do this. See its log."
	}
}

// tellBroken calls Config.Broken if the files of the data source cannot be used.
func (s *Server) tellBroken(err error) {
	if s.broken == nil || s.path == "" {
		return
	}
	err = carserver.Explain(s.path, err)
	if _, ok := files.TroubleOf(err); ok {
		s.broken(err)
	}
}

// writeDetail responds with a sentence.
func writeDetail(w http.ResponseWriter, status int, message string) {
	writeJSON(w, status, map[string]string{"detail": message})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	b, err := json.Marshal(body)
	if err != nil {
		panic(fmt.Sprintf("response that cannot be encoded: %v", err)) // all bodies are maps of texts and numbers
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(b) // a client that has gone away need not be told
}
