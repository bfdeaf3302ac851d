// Package page shows the work on a connector in a browser, live: the runs with what they changed,
// their log and their requests, and the graph to browse. It only looks, apart from the three
// commands that a key gives as well.
//
// It is for the author's own machine: whoever serves it listens on loopback, and it answers no
// other names, so that a page from elsewhere cannot read it. Pages are made here; a script of a few
// lines puts the new ones in place of the old.
package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"

	"carjs/host/author/dev"
	"carjs/host/carserver"
	"carjs/host/httpx"
)

//go:embed templates/*.html
var templates embed.FS

//go:embed assets
var assets embed.FS

// Config is what the page shows.
type Config struct {
	Connector string
	Journal   *dev.Journal
	// Graph is what the last good run brought.
	Graph func() carserver.Graph
	// Redact takes the secrets out of what is shown, with all that are known by then.
	Redact dev.Cleaner
	// Command asks for a run.
	Command func(dev.Command)
}

// New makes the page's handler.
func New(config Config) http.Handler {
	p := &page{Config: config, templates: template.Must(template.New("").Funcs(functions()).ParseFS(templates, "templates/*.html"))}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.latest)
	mux.HandleFunc("GET /runs/{run}", p.run)
	mux.HandleFunc("GET /runs/{run}/requests/{number}", p.request)
	mux.HandleFunc("GET /graph", p.graph)
	mux.HandleFunc("GET /events", p.events)
	mux.HandleFunc("POST /commands/{command}", p.command)
	mux.Handle("GET /assets/", http.FileServerFS(assets))
	return http.NewCrossOriginProtection().Handler(local(mux))
}

type page struct {
	Config
	templates *template.Template
}

// local answers on loopback names alone: a name of somebody else may point here, too.
func local(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !httpx.Loopback(r.Host) {
			http.Error(w, "open this page on the machine it runs on, as http://127.0.0.1", http.StatusForbidden)
			return
		}
		w.Header().Set("Content-Security-Policy", "default-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// frame is what every page has.
type frame struct {
	Connector string
	Runs      []dev.Entry
	Here      string // the path of the page, for what links to itself
	Page      any
}

func (p *page) render(w http.ResponseWriter, r *http.Request, name string, runs []dev.Entry, content any) {
	var out bytes.Buffer
	err := p.templates.ExecuteTemplate(&out, name, frame{Connector: p.Connector, Runs: runs, Here: r.URL.Path, Page: content})
	if err != nil {
		http.Error(w, fmt.Sprintf("cannot render the page: %v", err), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(out.Bytes()) // a browser that is gone cannot be told
}

// latest shows the last run.
func (p *page) latest(w http.ResponseWriter, r *http.Request) {
	runs := p.Journal.Runs()
	if len(runs) == 0 {
		p.render(w, r, "empty.html", runs, nil)
		return
	}
	p.render(w, r, "run.html", runs, newRunView(runs[0]))
}

// find returns the run that a path names.
func (p *page) find(w http.ResponseWriter, r *http.Request) (runs []dev.Entry, found *dev.Entry) {
	runs = p.Journal.Runs()
	for i := range runs {
		if strconv.Itoa(runs[i].Run) == r.PathValue("run") {
			return runs, &runs[i]
		}
	}
	http.Error(w, "unknown run, or too old", http.StatusNotFound)
	return nil, nil
}

func (p *page) run(w http.ResponseWriter, r *http.Request) {
	if runs, found := p.find(w, r); found != nil {
		p.render(w, r, "run.html", runs, newRunView(*found))
	}
}

// request shows one request with its answer.
func (p *page) request(w http.ResponseWriter, r *http.Request) {
	runs, found := p.find(w, r)
	if found == nil {
		return
	}
	for _, exchange := range found.Requests {
		if strconv.Itoa(exchange.Number) == r.PathValue("number") {
			p.render(w, r, "request.html", runs,
				requestView{Exchange: exchange, Run: found.Run, Sent: readable(p.Redact.Bytes(exchange.Sent)),
					Answer: readable(p.Redact.Bytes(exchange.Body))})
			return
		}
	}
	http.Error(w, "unknown request in this run", http.StatusNotFound)
}

// command asks for a run and goes back to where the button was.
func (p *page) command(w http.ResponseWriter, r *http.Request) {
	command := dev.Command(r.PathValue("command"))
	switch command {
	case dev.Full, dev.Incremental, dev.Live:
		p.Command(command)
	default:
		http.Error(w, "unknown command", http.StatusNotFound)
		return
	}
	http.Redirect(w, r, (&url.URL{Path: "/"}).String(), http.StatusSeeOther)
}

// events tells the script in the page that there is something new.
func (p *page) events(w http.ResponseWriter, r *http.Request) {
	news, cancel := p.Journal.Watch()
	defer cancel()
	w.Header().Set("Content-Type", "text/event-stream")
	control := http.NewResponseController(w)
	for {
		if _, err := fmt.Fprint(w, "data: news\n\n"); err != nil || control.Flush() != nil {
			return
		}
		select {
		case <-news:
		case <-r.Context().Done():
			return
		}
	}
}
