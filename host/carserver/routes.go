package carserver

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"carjs/host/esjson"
	"carjs/host/httpx"
)

// endpoint handles one request. It returns a status and a value to encode as JSON ([]byte is JSON
// already), or an error.
type endpoint func(r *http.Request) (status int, answer any, err error)

// methods maps the methods of one path to their endpoints.
type methods map[string]endpoint

// paths is the table of all routes, below /api/car.
func (s *Server) paths() map[string]methods {
	return map[string]methods{
		"/v2/health":            {"GET": s.health},
		"/v2/databases":         {"GET": s.getDatabases, "POST": s.createDatabase, "PATCH": s.completeDatabase},
		"/v2/jobstatus":         {"GET": s.jobStatuses},
		"/v2/jobstatus/{id}":    {"GET": s.jobStatus},
		"/v2/importstatus":      {"GET": s.importStatuses},
		"/v2/importstatus/{id}": {"GET": s.importStatus},
		"/v2/imports":           {"POST": s.postImport},
		"/v2/source":            {"PATCH": s.patchSourceByQuery},
		"/v2/source/{source}":   {"GET": s.getSource, "PATCH": s.patchSourceByPath, "DELETE": s.deleteSource},
		"/v2/source/{source}/full-import-in-progress": {"POST": s.enterFullImport, "DELETE": s.leaveFullImport},
		"/v2/source/{source}/{collection}":            {"DELETE": s.deleteObjects},
		"/v2/{collection}":                            {"GET": s.searchCollection, "PATCH": s.patchObject},
		"/v2/{collection}/{id}/{part}":                {"GET": s.getNeighbourhood},
		"/v3/health":                                  {"GET": s.health},
		"/v3/health/all":                              {"GET": s.healthOfAll},
		"/v3/extensionSchema":                         {"GET": s.getExtensionSchema},
		"/v3/importSchema":                            {"GET": s.getImportSchema},
		"/v3/carSchema":                               {"GET": s.getExtensions, "POST": s.postExtension},
		"/v3/carSchema/{key}":                         {"GET": s.getExtension, "DELETE": s.deleteExtension},
		"/v3/query":                                   {"POST": s.query},
	}
}

// openPaths need no credentials.
var openPaths = []string{"/v2/health", "/v3/health", "/v3/health/all"}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for path, methods := range s.paths() {
		mux.Handle("/api/car"+path, s.dispatch(methods, slices.Contains(openPaths, path)))
	}
	mux.Handle("/", s.dispatch(nil, false))
	return mux
}

// foreign is what keeps other sites out. Whoever has no credentials to set may still be reached by
// other names through [Server.Handler].
func (s *Server) foreign() httpx.Foreign {
	return httpx.Foreign{
		Local: !s.auth.basic && !s.auth.token,
		Hint:  "set -key and -password, or -token, to open it to others",
		Refuse: func(w http.ResponseWriter, r *http.Request, status int, message string) {
			s.writeError(w, r, refuse(status, "%s", message))
		},
	}
}

// dispatch selects the endpoint of a path by the request's method.
func (s *Server) dispatch(byMethod methods, isOpen bool) http.Handler {
	allowed := strings.Join(slices.Sorted(maps.Keys(byMethod)), ", ")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.log.Trace("request", "method", r.Method, "path", r.URL.Path, "query", r.URL.RawQuery)
		if !isOpen && !s.auth.admit(r) {
			w.Header().Set("WWW-Authenticate", `Basic realm="CAR", charset="UTF-8"`)
			s.writeError(w, r, refuse(http.StatusUnauthorized, "an API key with its password, or a car-token, is required"))
			return
		}
		if byMethod == nil {
			s.writeError(w, r, notFound("there is nothing at %s", r.URL.Path))
			return
		}
		method := r.Method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		serve, ok := byMethod[method]
		if !ok {
			w.Header().Set("Allow", allowed)
			s.writeError(w, r, refuse(http.StatusMethodNotAllowed, "%s is not allowed here: use %s", r.Method, allowed))
			return
		}
		status, answer, err := serve(r)
		if err != nil {
			s.writeError(w, r, err)
			return
		}
		if status == http.StatusNoContent {
			w.WriteHeader(status)
			return
		}
		if body, ok := answer.([]byte); ok {
			writeBody(w, status, body)
			return
		}
		writeJSON(w, status, answer)
	})
}

func (s *Server) health(*http.Request) (int, any, error) {
	return http.StatusOK, map[string]any{"message": "ok"}, nil
}

// healthOfAll reports the health of the services that CAR depends on. CAR has three; here one
// database plays all of them.
func (s *Server) healthOfAll(r *http.Request) (int, any, error) {
	err := s.store.view(r.Context(), func(tx *sql.Tx) error {
		var one int
		return tx.QueryRow("SELECT 1").Scan(&one)
	})
	if err != nil {
		return 0, nil, refuse(http.StatusServiceUnavailable, "the database does not answer: %v", err)
	}
	ok := map[string]any{"status": http.StatusOK, "message": "OK"}
	return http.StatusOK, map[string]any{"status": http.StatusOK, "hasura": ok, "postgres": map[string]any{"message": "OK"}, "redis": ok}, nil
}

// credentials are hashes of the accepted credentials.
type credentials struct {
	basic, token       bool
	user, secret, word [sha256.Size]byte
}

func newCredentials(cfg Config) credentials {
	return credentials{
		basic: cfg.Key != "" || cfg.Password != "", token: cfg.Token != "",
		user: sha256.Sum256([]byte(cfg.Key)), secret: sha256.Sum256([]byte(cfg.Password)), word: sha256.Sum256([]byte(cfg.Token)),
	}
}

// admit checks the credentials of a request. It compares hashes, whose length does not depend on
// what was sent.
func (c *credentials) admit(r *http.Request) bool {
	if !c.basic && !c.token {
		return true
	}
	if word, ok := strings.CutPrefix(r.Header.Get("Authorization"), "car-token "); ok {
		sum := sha256.Sum256([]byte(word))
		return c.token && subtle.ConstantTimeCompare(sum[:], c.word[:]) == 1
	}
	name, password, ok := r.BasicAuth()
	user, secret := sha256.Sum256([]byte(name)), sha256.Sum256([]byte(password))
	return c.basic && ok && subtle.ConstantTimeCompare(user[:], c.user[:])&subtle.ConstantTimeCompare(secret[:], c.secret[:]) == 1
}

// readBody reads and decompresses a request body of at most most bytes.
func (s *Server) readBody(r *http.Request, most int64) ([]byte, error) {
	body := io.Reader(r.Body)
	switch encoding := r.Header.Get("Content-Encoding"); encoding {
	case "", "identity":
	case "gzip":
		unzipped, err := gzip.NewReader(r.Body)
		if err != nil {
			return nil, badRequest("the body is not gzip: %v", err)
		}
		body = unzipped
	default:
		return nil, refuse(http.StatusUnsupportedMediaType, "unsupported content encoding %q: use gzip", encoding)
	}
	var data bytes.Buffer
	data.Grow(int(min(max(r.ContentLength, 0), defaultMaxReport)) + bytes.MinRead) // a report fits without growing
	if _, err := data.ReadFrom(io.LimitReader(body, most+1)); err != nil {
		return nil, badRequest("the body cannot be read: %v", err)
	}
	if int64(data.Len()) > most {
		return nil, refuse(http.StatusRequestEntityTooLarge, "the body has more than %d bytes", most)
	}
	return data.Bytes(), nil
}

// readObject reads a request body that must be a JSON object. Numbers keep their spelling.
func (s *Server) readObject(r *http.Request) (map[string]any, error) {
	data, err := s.readBody(r, s.maxBody)
	if err != nil {
		return nil, err
	}
	var object map[string]any
	if err := decode(data, &object); err != nil {
		return nil, badRequest("the body is not a JSON object: %v", err)
	}
	if object == nil {
		return nil, badRequest("the body is not a JSON object but null")
	}
	return object, nil
}

// decode decodes exactly one JSON value. Objects keep every digit of their numbers and every code
// unit of their texts, which encoding/json would not.
func decode(data []byte, into any) error {
	switch v, err := esjson.Decode(data); target := into.(type) {
	case *map[string]any:
		if object, ok := v.(map[string]any); ok && err == nil {
			*target = object
			return nil
		}
	case *[]map[string]any:
		if objects, ok := objectsOf(v); ok && err == nil {
			*target = objects
			return nil
		}
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("unexpected data after the value")
	}
	return nil
}

// objectsOf returns the items of an array of objects.
func objectsOf(v any) ([]map[string]any, bool) {
	items, ok := v.([]any)
	objects := make([]map[string]any, len(items))
	for i, item := range items {
		var isObject bool
		objects[i], isObject = item.(map[string]any)
		ok = ok && isObject
	}
	return objects, ok
}
