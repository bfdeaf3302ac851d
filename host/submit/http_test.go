package submit

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// httpSender posts pages to a server and polls it for their jobs, without a pause between the
// polls.
type httpSender struct {
	url    string
	client *http.Client
}

func (s httpSender) Import(ctx context.Context, body []byte) (string, error) {
	var answer struct{ ID string }
	return answer.ID, s.call(ctx, http.MethodPost, "/imports", body, &answer.ID)
}

func (s httpSender) AwaitImports(ctx context.Context, jobs []string) error {
	for open := 1; open > 0; {
		if err := s.call(ctx, http.MethodGet, "/importstatus?ids="+strings.Join(jobs, ","), nil, &open); err != nil {
			return err
		}
	}
	return nil
}

func (s httpSender) call(ctx context.Context, method, path string, body []byte, answer any) error {
	request, err := http.NewRequestWithContext(ctx, method, s.url+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	response, err := s.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %s", method, path, response.Status)
	}
	return json.NewDecoder(response.Body).Decode(answer)
}

// importServer takes pages; a job is done at the second poll after it.
type importServer struct {
	mu     sync.Mutex
	pages  []map[string]json.RawMessage
	polls  map[string]int
	refuse int // answers 503 from this page on; 0 is never
}

func (s *importServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Method == http.MethodGet {
		open := 0
		for _, id := range strings.Split(r.URL.Query().Get("ids"), ",") {
			if s.polls[id]++; s.polls[id] < 2 {
				open++
			}
		}
		fmt.Fprint(w, open)
		return
	}
	var page map[string]json.RawMessage
	if err := json.Unmarshal(body, &page); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.pages = append(s.pages, page)
	if s.refuse > 0 && len(s.pages) >= s.refuse {
		http.Error(w, "busy", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintf(w, "%q", fmt.Sprint("job", len(s.pages)))
}

func newImportServer(t testing.TB) (*importServer, httpSender) {
	handler := &importServer{polls: map[string]int{}}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return handler, httpSender{url: server.URL, client: server.Client()}
}

func TestOverHTTP(t *testing.T) {
	server, sender := newImportServer(t)
	config := testConfig(t, sender)
	config.PageSize = 100
	s := newSubmission(t, config)
	const n = 5000
	for i := range n {
		add(t, s, "asset", "external_id", fmt.Sprint(i), "name", "asset")
		link(t, s, "asset_ipaddress", fmt.Sprint(i), "10.0.0.1")
	}
	if err := s.SendEdges(t.Context()); err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	edges := 0
	for i, page := range server.pages {
		var objects []map[string]any
		name := "asset"
		if _, isEdges := page["asset_ipaddress"]; isEdges {
			name = "asset_ipaddress"
		} else if edges > 0 {
			t.Errorf("page %d of vertices follows edges", i)
		}
		if err := json.Unmarshal(page[name], &objects); err != nil {
			t.Fatal(err)
		}
		if name != "asset" {
			edges += len(objects)
			continue
		}
		for _, o := range objects {
			ids[o["external_id"].(string)] = true
		}
	}
	if len(ids) != n || edges != n || len(server.pages) != 2*n/100 {
		t.Errorf("%d vertices, %d edges, %d pages arrived", len(ids), edges, len(server.pages))
	}
}

func TestServerRefuses(t *testing.T) {
	server, sender := newImportServer(t)
	server.refuse = 5
	config := testConfig(t, sender)
	config.PageSize = 1
	failed := make(chan error, 1)
	config.Failed = func(err error) { failed <- err }
	s := newSubmission(t, config)
	var err error
	for i := 0; err == nil; i++ {
		err = addErr(s, fmt.Sprint(i))
	}
	if told := <-failed; err != told || !strings.Contains(err.Error(), "503") {
		t.Errorf("Commit gave %v, Failed was told %v", err, told)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	// Those that were in flight when the fifth was refused may have arrived, none after.
	server.mu.Lock()
	defer server.mu.Unlock()
	if got := len(server.pages); got > 5+DefaultInFlight {
		t.Errorf("%d pages arrived", got)
	}
}
