package bindings

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// wptServer serves the files of web-platform-tests, and what its own server makes in Python of the
// requests that the tests here send.
func wptServer(t *testing.T, dir string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if handle, ok := wptHandlers[path.Base(r.URL.Path)]; ok {
			handle(w, r)
			return
		}
		file := filepath.Join(dir, filepath.FromSlash(path.Clean("/"+r.URL.Path)))
		if text, err := os.ReadFile(file); err == nil && strings.Contains(path.Base(file), ".sub.") {
			_, _ = io.WriteString(w, wptSubstitute(string(text), r.URL)) // whoever asked has gone
			return
		}
		http.ServeFile(w, r, file)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// wptSubstitute fills in what the server knows of itself.
func wptSubstitute(text string, page *url.URL) string {
	return strings.NewReplacer("{{host}}", page.Hostname(), "{{domains[www1]}}", page.Hostname(), "{{hosts[alt][]}}", page.Hostname(),
		"{{ports[http][0]}}", page.Port(), "{{ports[http][1]}}", page.Port(), "{{ports[https][0]}}", page.Port(),
		"{{ports[https][1]}}", page.Port(), "{{location[server]}}", "http://"+page.Host).Replace(text)
}

// wptStash is what scripts of the server leave for others.
var wptStash sync.Map

// wptHandlers are the scripts of the server by the names of their files.
var wptHandlers = map[string]http.HandlerFunc{
	"trickle.py": func(w http.ResponseWriter, r *http.Request) {
		pause, _ := strconv.Atoi(r.FormValue("ms"))
		count, _ := strconv.Atoi(r.FormValue("count"))
		w.Header().Set("Content-Type", "text/plain")
		for range count {
			_, _ = io.WriteString(w, "TEST_TRICKLE\n") // whoever asked has gone
			_ = http.NewResponseController(w).Flush()
			select {
			case <-r.Context().Done():
				return
			case <-time.After(time.Duration(pause) * time.Millisecond):
			}
		}
	},
	"echo-content.py": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Method", r.Method)
		w.Header().Set("X-Request-Content-Length", header(r, "Content-Length"))
		w.Header().Set("X-Request-Content-Type", header(r, "Content-Type"))
		w.Header().Set("Content-Type", "text/plain")
		if body, err := io.ReadAll(r.Body); err == nil {
			_, _ = w.Write(body) // whoever asked has gone
		}
	},
	"method.py": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, r.Method) // whoever asked has gone
	},
	"inspect-headers.py": func(w http.ResponseWriter, r *http.Request) {
		for name := range strings.SplitSeq(r.FormValue("headers"), "|") {
			if value := r.Header.Get(name); value != "" {
				w.Header().Set("X-Request-"+name, value)
			}
		}
	},
	"status.py": func(w http.ResponseWriter, r *http.Request) {
		code, _ := strconv.Atoi(r.FormValue("code"))
		w.WriteHeader(code)
		_, _ = io.WriteString(w, r.FormValue("content")) // whoever asked has gone
	},
	"stash-put.py": func(w http.ResponseWriter, r *http.Request) {
		wptStash.Store(r.FormValue("key"), r.FormValue("value"))
		_, _ = io.WriteString(w, "OK") // whoever asked has gone
	},
	"stash-take.py": func(w http.ResponseWriter, r *http.Request) {
		value, ok := wptStash.LoadAndDelete(r.FormValue("key"))
		if !ok {
			value = nil
		}
		_ = json.NewEncoder(w).Encode(value) // whoever asked has gone
	},
	"infinite-slow-response.py": func(w http.ResponseWriter, r *http.Request) {
		if key := r.FormValue("stateKey"); key != "" {
			wptStash.Store(key, "open")
			defer wptStash.Store(key, "closed")
		}
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, "xxx") // whoever asked has gone
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	},
}

func header(r *http.Request, name string) string {
	if value := r.Header.Get(name); value != "" {
		return value
	}
	return "NO"
}
