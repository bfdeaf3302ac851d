package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"carjs/host"
	"carjs/host/carserver"
	"carjs/host/dev"
	"carjs/host/scaffold"
)

// inventoryHost is a host of the data sources that the templates are for.
type inventoryHost struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Kind      string   `json:"kind"`
	Addresses []string `json:"addresses"`
}

// inventory is a data source as its templates expect it, before and after a change: h2 gets another address, h3 is gone, h4 is new.
func inventory(changed *atomic.Bool) (revision int, hosts []inventoryHost) {
	if !changed.Load() {
		return 7, []inventoryHost{
			{"h1", "mail", "server", []string{"10.0.0.1", "10.0.0.2"}}, {"h2", "laptop of Ada", "laptop", []string{"10.0.0.2"}},
			{"h3", "printer", "printer", []string{"10.0.0.3"}},
		}
	}
	return 10, []inventoryHost{
		{"h1", "mail", "server", []string{"10.0.0.1", "10.0.0.2"}}, {"h2", "laptop of Ada", "laptop", []string{"10.0.0.9"}},
		{"h4", "camera", "camera", []string{"10.0.0.4"}},
	}
}

// inventories is the table of the data sources, by template. Each gives a page of two hosts at most where it has pages.
var inventories = map[string]func(changed *atomic.Bool) http.Handler{
	"rest": func(changed *atomic.Bool) http.Handler {
		mux := http.NewServeMux()
		mux.HandleFunc("/api/changes", func(w http.ResponseWriter, r *http.Request) {
			revision, _ := inventory(changed)
			answer := map[string]any{"latest": revision, "updated": []string{}, "deleted": []string{}}
			if r.URL.Query().Get("since") == "7" && revision == 10 {
				answer["updated"], answer["deleted"] = []string{"h2", "h4"}, []string{"h3"}
			}
			writeJSON(w, answer)
		})
		mux.HandleFunc("/api/hosts", func(w http.ResponseWriter, r *http.Request) {
			_, hosts := inventory(changed)
			if ids := r.URL.Query().Get("ids"); ids != "" {
				var some []inventoryHost
				for _, h := range hosts {
					if strings.Contains(","+ids+",", ","+h.ID+",") {
						some = append(some, h)
					}
				}
				hosts = some
			}
			page, next := paged(hosts, r.URL.Query().Get("cursor"))
			writeJSON(w, map[string]any{"items": page, "next": next})
		})
		return mux
	},
	"graphql": func(changed *atomic.Bool) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var q struct {
				Query     string
				Variables struct{ After *string }
			}
			if json.NewDecoder(r.Body).Decode(&q) != nil {
				w.WriteHeader(http.StatusBadRequest)
				return
			}
			revision, hosts := inventory(changed)
			if strings.Contains(q.Query, "revision") {
				writeJSON(w, map[string]any{"data": map[string]any{"revision": fmt.Sprint(revision)}})
				return
			}
			after := ""
			if q.Variables.After != nil {
				after = *q.Variables.After
			}
			page, next := paged(hosts, after)
			writeJSON(w, map[string]any{"data": map[string]any{"hosts": map[string]any{
				"nodes": page, "pageInfo": map[string]any{"endCursor": next, "hasNextPage": next != nil}}}})
		})
	},
	"xml": func(changed *atomic.Bool) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			revision, hosts := inventory(changed)
			w.Header().Set("Content-Type", "application/xml")
			fmt.Fprintf(w, "<?xml version=\"1.0\"?>\n<inventory>\n  <head made=\"2026-01-%02dT00:00:00Z\"/>\n", revision)
			for _, h := range hosts {
				fmt.Fprintf(w, "  <host id=%q><name>%s</name><kind>%s</kind>", h.ID, h.Name, h.Kind)
				for _, a := range h.Addresses {
					fmt.Fprintf(w, "<address>%s</address>", a)
				}
				fmt.Fprint(w, "</host>\n")
			}
			fmt.Fprint(w, "</inventory>\n")
		})
	},
	"minimal": func(changed *atomic.Bool) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, hosts := inventory(changed)
			writeJSON(w, hosts)
		})
	},
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v) //nolint:errcheck // it is a test's
}

// paged returns the page of two hosts behind a cursor, and the next cursor, nil behind the last page.
func paged(hosts []inventoryHost, cursor string) (page []inventoryHost, next any) {
	if cursor == "two" {
		return hosts[2:], nil
	}
	if len(hosts) > 2 {
		return hosts[:2], "two"
	}
	return hosts, nil
}

const inventorySecret = "an-inventory-secret"

// startInventory serves the data source of a template; everybody else than the owner of the secret is turned away.
func startInventory(t *testing.T, template string) (url string, changed *atomic.Bool) {
	t.Helper()
	changed = &atomic.Bool{}
	handler := inventories[template](changed)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(fmt.Sprint(r.Header), inventorySecret) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL, changed
}

// The sample data of a template are what the template records of its data source.
func TestTemplatesRecord(t *testing.T) {
	for _, template := range scaffold.Templates() {
		t.Run(template.Name, func(t *testing.T) {
			url, changed := startInventory(t, template.Name)
			d := newDesk(t)
			if r := d.run("init", "-template", template.Name, "mine"); r.code != 0 {
				t.Fatal(r)
			}
			for _, folder := range []string{"first", "changed"} {
				os.RemoveAll(filepath.Join(d.dir, "mine", "recordings", folder)) //nolint:errcheck // recording into it tells
			}
			secret := []string{"-token", inventorySecret}
			if template.Name == "graphql" || template.Name == "xml" {
				secret = []string{"-key", inventorySecret}
			}
			record := func(mode host.Mode, folder string, flags ...string) {
				t.Helper()
				d.ok(mode, "mine", append(append([]string{"-url", url, "-record", "mine/recordings/" + folder}, secret...), flags...)...)
			}
			record(host.ModeFull, "first")
			record(host.ModeIncremental, "first")
			changed.Store(true)
			record(host.ModeIncremental, "changed")
			incremental := d.graph("mine")
			record(host.ModeFull, "changed", "-full")
			if full := d.graph("mine"); !full.Equal(incremental) {
				t.Errorf("the incremental import left another graph: %v", full.Diff(incremental))
			}
			sample := filepath.Join("..", "..", "host", "scaffold", "templates", template.Name, "recordings")
			got, want := recordings(t, filepath.Join(d.dir, "mine", "recordings"), url), recordings(t, sample, url)
			if *update {
				os.RemoveAll(sample) //nolint:errcheck // writing into it tells
				for name, text := range got {
					path := filepath.Join(sample, name)
					if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				return
			}
			for name := range want {
				if got[name] != want[name] {
					t.Errorf("%s is another one now: run this test with -update\n%s\nwant\n%s", name, got[name], want[name])
				}
			}
			if len(got) != len(want) {
				t.Errorf("%d files, want %d: run this test with -update", len(got), len(want))
			}
		})
	}
}

// recordings reads recordings as they are kept: with an address and a date that stay the same.
func recordings(t *testing.T, dir, url string) map[string]string {
	t.Helper()
	files := map[string]string{}
	paths, err := filepath.Glob(filepath.Join(dir, "*", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(data), url, "https://inventory.example.com")
		if filepath.Base(name) == "recording.json" {
			var manifest map[string]any
			if err := json.Unmarshal([]byte(text), &manifest); err != nil {
				t.Fatal(err)
			}
			manifest["recorded"], manifest["connector"] = "2026-01-01T00:00:00Z", "connector-name"
			encoded, err := json.MarshalIndent(manifest, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			text = string(encoded) + "\n"
		}
		files[name] = text
	}
	return files
}

// A new connector runs, is checked and reloads at once, before a line of it was changed, and without a setting.
func TestInitMakesAConnector(t *testing.T) {
	for _, template := range scaffold.Templates() {
		t.Run(template.Name, func(t *testing.T) {
			d := newDesk(t)
			r := d.run("init", "-template", template.Name, "my-scanner")
			if r.code != 0 {
				t.Fatal(r)
			}
			contains(t, r.stdout, "./my-scanner is a connector now", "carjs dev ./my-scanner")
			contains(t, d.read("my-scanner/README.md"), "# My scanner")
			d.ok(host.ModeFull, "my-scanner", "-replay", "my-scanner/recordings/first")
			if g := d.graph("my-scanner"); len(g.Vertices) < 3 {
				t.Errorf("graph %v", g)
			}
			d.ok(host.ModeIncremental, "my-scanner", "-replay", "my-scanner/recordings/first")
			d.ok(host.ModeIncremental, "my-scanner", "-replay", "my-scanner/recordings/changed")
			if _, there := d.graph("my-scanner").Vertices[carserver.VertexID{Collection: "asset", Key: "h3"}]; there {
				t.Error("what is gone from the data source is in the graph")
			}
			code, findings := d.findings("my-scanner")
			for _, f := range findings {
				if f.Severity != "note" {
					t.Errorf("%+v", f)
				}
			}
			if code != 0 {
				t.Errorf("check: exit code %d", code)
			}
			l := (&author{desk: d}).started("dev", "my-scanner", "-log-format", "json")
			l.end(dev.Good)
		})
	}
}

func TestInitBadInput(t *testing.T) {
	d := newDesk(t)
	d.write("mine/thesis.txt", "mine")
	for _, test := range []struct {
		args []string
		want []string
	}{
		{nil, []string{"init takes one name, not 0"}},
		{[]string{"a", "b"}, []string{"init takes one name, not 2"}},
		{[]string{"mine"}, []string{"mine exists already", "nothing is ever overwritten"}},
		{[]string{"My Scanner"}, []string{`"My Scanner" does not do`, "carjs init my-scanner"}},
		{[]string{"../up"}, []string{"does not do", "carjs init up"}},
		{[]string{"a/b"}, []string{"does not do", "carjs init b"}},
		{[]string{"..."}, []string{"does not do", "carjs init my-connector"}},
		{[]string{"-template", "soap", "x"}, []string{`there is no template "soap"; there are: rest, graphql, xml, minimal`}},
	} {
		r := d.run(append([]string{"init"}, test.args...)...)
		if r.code != 2 {
			t.Errorf("%v: %s", test.args, r)
		}
		contains(t, r.stderr, test.want...)
	}
	entries, err := os.ReadDir(d.dir)
	if err != nil || len(entries) != 1 || d.read("mine/thesis.txt") != "mine" {
		t.Errorf("%v %v", entries, err)
	}
}
