package car

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// script answers the requests of a client, one after the other; the last answer comes again and
// again.
type script struct {
	t       *testing.T
	server  *httptest.Server
	mu      sync.Mutex
	answers []http.HandlerFunc
	asked   []*http.Request
	bodies  []string
}

func newScript(t *testing.T, answers ...http.HandlerFunc) *script {
	s := &script{t: t, answers: answers}
	s.server = httptest.NewServer(s)
	t.Cleanup(func() {
		s.server.CloseClientConnections()
		s.server.Close()
	})
	return s
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	answer := s.answers[min(len(s.asked), len(s.answers)-1)]
	s.asked = append(s.asked, r)
	s.bodies = append(s.bodies, string(body))
	s.mu.Unlock()
	answer(w, r)
}

func (s *script) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.asked)
}

func (s *script) client(change ...func(*Config)) *Client {
	s.t.Helper()
	config := Config{URL: s.server.URL + "/api/car/v2", Key: "key", Password: "secret", Source: odd,
		RetryWait: time.Millisecond, PollWait: time.Millisecond, RequestTimeout: 200 * time.Millisecond, JobTimeout: 100 * time.Millisecond}
	for _, f := range change {
		f(&config)
	}
	c, err := New(config)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// The answers of a misbehaving service.
func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		fmt.Fprint(w, `{"message":"no"}`)
	}
}

func says(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }
}

func hangs(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func drops(w http.ResponseWriter, _ *http.Request) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		connection.Close()
	}
}

func dropsHalfWay(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "100")
	fmt.Fprint(w, `{"id":`)
	panic(http.ErrAbortHandler)
}

func drips(w http.ResponseWriter, r *http.Request) {
	w.WriteHeader(http.StatusOK)
	for r.Context().Err() == nil {
		fmt.Fprint(w, " ")
		http.NewResponseController(w).Flush()
		select {
		case <-r.Context().Done():
		case <-time.After(5 * time.Millisecond):
		}
	}
}
