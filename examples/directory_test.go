package examples

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

// directory exports one host a line, all of them or those that changed since a revision.
type directory struct {
	complaints
	revision int
	hosts    map[string]*registered
}

type registered struct {
	ID           string        `json:"id"`
	Name         string        `json:"name,omitempty"`
	Applications []application `json:"applications,omitempty"`
	Gone         bool          `json:"gone,omitempty"`
	changed      int
}

type application struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func newDirectory() dataSource {
	d := &directory{revision: 7, hosts: map[string]*registered{}}
	for n := range 300 { // more than are handed over at once
		id := fmt.Sprintf("h%d", n)
		d.hosts[id] = &registered{ID: id, Name: id + ".example.com", changed: 1,
			Applications: []application{{"mail", "Mail"}, {fmt.Sprintf("app-%d", n), fmt.Sprintf("Application %d", n)}}}
	}
	return d
}

func (d *directory) flags(url string) []string { return []string{"-url", url, "-key", "hush"} }

func (d *directory) change(step int) {
	d.revision++
	switch h := d.hosts[fmt.Sprintf("h%d", step)]; step {
	case 0: // its own application goes
		h.Applications, h.changed = h.Applications[:1], d.revision
	case 1: // the host goes, and an application with it
		*h = registered{ID: h.ID, Gone: true, changed: d.revision}
	case 2: // it has no applications any more, but for one that another host has
		h.Applications, h.changed = []application{{"app-3", "Application 3"}}, d.revision
	case 3:
		d.hosts["h999"] = &registered{ID: "h999", Name: "new.example.com", changed: d.revision, Applications: []application{{"new", "New"}}}
	}
}

func (d *directory) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("X-Api-Key") != "hush" {
		http.Error(w, "no", http.StatusUnauthorized)
		return
	}
	switch r.URL.Path {
	case "/revisions":
		answer(w, map[string]int{"newest": d.revision, "oldest": 1})
	case "/export":
		if accept := r.Header.Get("Accept"); accept != "application/x-ndjson, application/json" {
			d.complain("%s was asked for %q", r.URL, accept)
		}
		since, _ := strconv.Atoi(r.FormValue("since"))
		w.Header().Set("Content-Type", "application/x-ndjson")
		lines := json.NewEncoder(w)
		for _, h := range d.hosts {
			if h.changed > since && (since > 0 || !h.Gone) {
				_ = lines.Encode(struct {
					*registered
					Applications []application `json:"applications"`
				}{h, append([]application{}, h.Applications...)})
			}
		}
	default:
		d.complain("%s %s", r.Method, r.URL)
	}
}
