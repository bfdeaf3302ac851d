package server

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// formTime limits the work on a form: generating a large model takes long.
const formTime = 30 * time.Minute

//go:embed pages
var pageFiles embed.FS

// pages are the templates, each within the layout.
type pages map[string]*template.Template

func parsePages() (pages, error) {
	layout, err := template.New("layout").Funcs(template.FuncMap{"count": formatCount}).ParseFS(pageFiles, "pages/layout.html")
	if err != nil {
		return nil, fmt.Errorf("parse layout: %w", err)
	}
	all := pages{}
	for _, name := range []string{"front", "table", "form", "delete", "generate", "changes", "error"} {
		page, err := layout.Clone()
		if err == nil {
			page, err = page.ParseFS(pageFiles, "pages/"+name+".html")
		}
		if err != nil {
			return nil, fmt.Errorf("parse page %s: %w", name, err)
		}
		all[name] = page
	}
	return all, nil
}

// formatCount writes a number with commas between the thousands.
func formatCount(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// page is the data of a template.
type page struct {
	status   int    // 0: 200
	template string // of pages
	Title    string
	Current  string // the entry of the navigation that it belongs to
	Page     any    // the data of the page itself
	redirect string // instead of a page
}

// link is a reference on a page.
type link struct{ Text, Path string }

// collectionView is a collection on a page.
type collectionView struct {
	Name, Title, Singular, Note string
	Count                       int64
}

func viewOf(c *collection) collectionView {
	return collectionView{Name: c.name, Title: c.title, Singular: c.singular, Note: c.note}
}

// pageFunc makes the page for a request.
type pageFunc func(r *http.Request) (*page, error)

// adminRoutes registers the pages.
func (s *Server) adminRoutes(mux *http.ServeMux) {
	at := func(path string, get, post pageFunc) {
		h := s.html(get, post)
		mux.Handle(path, h)
		mux.Handle(path+"/{$}", h)
	}
	at("/admin", s.frontPage, nil)
	at("/admin/changes", s.changesPage, nil)
	at("/admin/generate", s.generatePage, s.generateNow)
	for _, c := range s.schema.collections {
		f := &forms{s, c}
		at("/admin/"+c.name, func(r *http.Request) (*page, error) { return s.tablePage(r, c) }, nil)
		at("/admin/"+c.name+"/new", f.blank, f.create)
		at("/admin/"+c.name+"/{pk}", f.current, f.save)
		at("/admin/"+c.name+"/{pk}/delete", f.confirm, f.remove)
	}
	mux.Handle("/admin/", s.html(func(*http.Request) (*page, error) { return nil, errNoRow }, nil))
	mux.HandleFunc("GET /admin/style.css", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, pageFiles, "pages/style.css")
	})
}

// html serves a page; errors become pages, too.
func (s *Server) html(get, post pageFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		do := get
		switch r.Method {
		case http.MethodGet, http.MethodHead:
		case http.MethodPost:
			do = post
		default:
			do = nil
		}
		if do == nil {
			w.Header().Set("Allow", "GET, HEAD")
			if post != nil {
				w.Header().Set("Allow", "GET, HEAD, POST")
			}
			s.render(w, r, errorPage(http.StatusMethodNotAllowed, fmt.Sprintf("%s is not possible here.", r.Method)))
			return
		}
		err := openForm(w, r)
		var p *page
		if err == nil {
			p, err = do(r)
		}
		if err != nil {
			p = errorPage(s.explain(r, err))
		}
		s.render(w, r, p)
	})
}

// errForm is the error of a request whose form cannot be read.
var errForm = errors.New("unreadable form")

// openForm reads the form of a request, and extends the time limit for the work on it.
func openForm(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodPost {
		return nil
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		return fmt.Errorf("%w: %w", errForm, err)
	}
	return allowTime(w, formTime)
}

func errorPage(status int, message string) *page {
	text := http.StatusText(status)
	return &page{status: status, template: "error", Title: text, Page: struct{ Heading, Message string }{text, message}}
}

func (s *Server) render(w http.ResponseWriter, r *http.Request, p *page) {
	if p.redirect != "" {
		http.Redirect(w, r, p.redirect, http.StatusSeeOther)
		return
	}
	data := struct {
		*page
		Collections []collectionView
		Notice      string
	}{page: p, Notice: notice(r.URL.Query())}
	for _, c := range s.schema.collections {
		data.Collections = append(data.Collections, viewOf(c))
	}
	var body bytes.Buffer
	if err := s.pages[p.template].ExecuteTemplate(&body, "layout", data); err != nil {
		s.log.Error("fill page", "page", p.template, "cause", err)
		http.Error(w, "The page could not be made. See the log.", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Content-Security-Policy",
		"default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	w.WriteHeader(max(p.status, http.StatusOK))
	w.Write(body.Bytes()) // a client that has gone away need not be told
}

// done is the address to redirect to after something was done to row n.
func done(path, what string, n int64) *page {
	return &page{redirect: path + "?" + url.Values{"done": {what}, "n": {strconv.FormatInt(n, 10)}}.Encode()}
}

// notice is what the page behind done shows.
func notice(q url.Values) string {
	n, err := strconv.ParseInt(q.Get("n"), 10, 64)
	if err != nil {
		return ""
	}
	switch what := q.Get("done"); what {
	case "created", "saved", "deleted":
		return fmt.Sprintf("Row %d was %s.", n, what)
	case "generated":
		return fmt.Sprintf("A model of size %d was generated.", n)
	default:
		return ""
	}
}
