package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"carjs/connectors/reference/server"
)

// source is a data source with the API of the reference data source, which has its rows rendered
// beforehand: answering costs next to nothing, so that the figures are those of the client.
type source struct {
	kinds map[string]*rows
	// state is the answer to /model_state_id.
	state    []byte
	requests atomic.Int64
	// first is when the first request came, in nanoseconds since 1970; 0 is not yet.
	first atomic.Int64
}

// rows are the rows of a collection: their JSON with commas between them, and where each of them
// ends.
type rows struct {
	text []byte
	ends []int
}

// newSource renders the rows of a model of a size; base is the address under which it will be
// reached.
func newSource(size int, base string) *source {
	s := &source{kinds: map[string]*rows{}}
	changes := 0
	for kind, row := range server.Rows(size, base) {
		r := s.kinds[kind]
		if r == nil {
			r = &rows{}
			s.kinds[kind] = r
		} else {
			r.text = append(r.text, ',')
		}
		r.text = append(r.text, row...)
		r.ends = append(r.ends, len(r.text))
		changes++
	}
	s.state = []byte(`{"model_state_id":"` + strconv.Itoa(changes) + `"}`)
	return s
}

// slice is the JSON of the rows from..to, to left out, with commas between them.
func (r *rows) slice(from, to int) []byte {
	if from >= to {
		return nil
	}
	start := 0
	if from > 0 {
		start = r.ends[from-1] + 1
	}
	return r.text[start:r.ends[to-1]]
}

// reset forgets the requests there were.
func (s *source) reset() {
	s.requests.Store(0)
	s.first.Store(0)
}

// ServeHTTP answers a request.
func (s *source) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.requests.Add(1)
	s.first.CompareAndSwap(0, time.Now().UnixNano())
	if user, password, _ := r.BasicAuth(); user != "admin" || password != "admin" {
		answer(w, http.StatusUnauthorized, []byte(`{"detail":"A user name and a password are required."}`))
		return
	}
	kind, there := s.kinds[strings.Trim(r.URL.Path, "/")]
	switch {
	case there:
		s.list(w, r, kind)
	case r.URL.Path == "/model_state_id":
		answer(w, http.StatusOK, s.state)
	case r.URL.Path == "/delta":
		answer(w, http.StatusOK, []byte(`{"delta":{}}`))
	default:
		answer(w, http.StatusNotFound, []byte(`{"detail":"There is nothing here."}`))
	}
}

// list answers with rows: all, some by their number, or a page.
func (s *source) list(w http.ResponseWriter, r *http.Request, kind *rows) {
	query := r.URL.Query()
	count := len(kind.ends)
	limit, err := strconv.Atoi(query.Get("limit"))
	switch {
	case query.Has("pk"):
		answer(w, http.StatusOK, []byte("["), kind.pick(strings.Split(query.Get("pk"), ",")), []byte("]"))
		return
	case !query.Has("limit"):
		answer(w, http.StatusOK, []byte("["), kind.slice(0, count), []byte("]"))
		return
	case err != nil || limit < 1:
		answer(w, http.StatusBadRequest, []byte(`{"detail":"Some values are invalid."}`))
		return
	}
	offset, _ := strconv.Atoi(query.Get("offset")) // without one, the first page
	from := min(max(offset, 0), count)
	to := from + min(limit, count-from)
	var previous, next any
	if to < count {
		next = pageURL(r, query, to)
	}
	if from > 0 {
		previous = pageURL(r, query, max(0, from-limit))
	}
	head, err := json.Marshal(struct {
		Count    int `json:"count"`
		Next     any `json:"next"`
		Previous any `json:"previous"`
	}{count, next, previous})
	if err != nil {
		answer(w, http.StatusInternalServerError, nil)
		return
	}
	answer(w, http.StatusOK, head[:len(head)-1], []byte(`,"results":[`), kind.slice(from, to), []byte("]}"))
}

// pick is the JSON of the rows with the numbers.
func (r *rows) pick(pks []string) []byte {
	var picked [][]byte
	for _, text := range pks {
		if pk, err := strconv.Atoi(text); err == nil && pk >= 1 && pk <= len(r.ends) {
			picked = append(picked, r.slice(pk-1, pk))
		}
	}
	return bytes.Join(picked, []byte(","))
}

// pageURL is the address of another page of what was asked for.
func pageURL(r *http.Request, query url.Values, offset int) string {
	query.Set("offset", strconv.Itoa(offset))
	return "http://" + r.Host + r.URL.Path + "?" + query.Encode()
}

// answer sends JSON that is there in parts.
func answer(w http.ResponseWriter, status int, parts ...[]byte) {
	length := 0
	for _, part := range parts {
		length += len(part)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(length))
	w.WriteHeader(status)
	for _, part := range parts {
		if _, err := w.Write(part); err != nil {
			return // the client has gone away, which shows in its exit code
		}
	}
}
