package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

// inventoryHost is a host of the data sources that the templates are for.
type inventoryHost struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Kind      string   `json:"kind"`
	Addresses []string `json:"addresses"`
}

// inventoryStates are the hosts that the data sources of the templates have, one state after the
// other: each step changes something else. The first two are what the sample data of the templates
// are recorded from.
var inventoryStates = [][]inventoryHost{
	{
		{"h1", "mail", "server", []string{"10.0.0.1", "10.0.0.2"}}, {"h2", "laptop of Ada", "laptop", []string{"10.0.0.2"}},
		{"h3", "printer", "printer", []string{"10.0.0.3"}},
	},
	// h2 gets another address, h3 is gone, h4 is new.
	{
		{"h1", "mail", "server", []string{"10.0.0.1", "10.0.0.2"}}, {"h2", "laptop of Ada", "laptop", []string{"10.0.0.9"}},
		{"h4", "camera", "camera", []string{"10.0.0.4"}},
	},
	// h1 loses an address that nobody has any more, and is renamed; h3 comes back with the address
	// of another.
	{
		{"h1", "post", "server", []string{"10.0.0.1"}}, {"h2", "laptop of Ada", "laptop", []string{"10.0.0.9"}},
		{"h3", "printer", "printer", []string{"10.0.0.4"}}, {"h4", "camera", "camera", []string{"10.0.0.4"}},
	},
	// h4 goes, and its address stays with h3; h2 has none any more.
	{
		{"h1", "post", "server", []string{"10.0.0.1"}}, {"h2", "laptop of Ada", "laptop", []string{}},
		{"h3", "printer", "printer", []string{"10.0.0.4"}},
	},
	// Everything is gone.
	{},
}

// inventory is what the data sources have after some steps, and the number of their last change.
func inventory(step *atomic.Int32) (revision int, hosts []inventoryHost) {
	n := int(step.Load())
	return firstRevision + revisionsPerStep*n, inventoryStates[n]
}

const firstRevision, revisionsPerStep = 7, 3

// inventoryChanges are the hosts that differ between the state of a revision and the present one;
// not ok when that was long ago.
func inventoryChanges(since int, hosts []inventoryHost) (updated, deleted []string, ok bool) {
	n := (since - firstRevision) / revisionsPerStep
	if since < firstRevision || n >= len(inventoryStates) {
		return nil, nil, false
	}
	before := inventoryStates[n]
	updated, deleted = []string{}, []string{}
	same := func(h inventoryHost) func(inventoryHost) bool {
		return func(other inventoryHost) bool { return reflect.DeepEqual(h, other) }
	}
	named := func(h inventoryHost) func(inventoryHost) bool {
		return func(other inventoryHost) bool { return h.ID == other.ID }
	}
	for _, h := range hosts {
		if !slices.ContainsFunc(before, same(h)) {
			updated = append(updated, h.ID)
		}
	}
	for _, h := range before {
		if !slices.ContainsFunc(hosts, named(h)) {
			deleted = append(deleted, h.ID)
		}
	}
	return updated, deleted, true
}

// inventories is the table of the data sources, by template. Each gives a page of two hosts at most
// where it has pages.
var inventories = map[string]func(step *atomic.Int32) http.Handler{
	"rest": func(step *atomic.Int32) http.Handler {
		mux := http.NewServeMux()
		mux.HandleFunc("/api/changes", func(w http.ResponseWriter, r *http.Request) {
			revision, hosts := inventory(step)
			since := revision
			if text := r.URL.Query().Get("since"); text != "" {
				since, _ = strconv.Atoi(text) // 0 is long ago
			}
			updated, deleted, ok := inventoryChanges(since, hosts)
			if !ok {
				w.WriteHeader(http.StatusGone)
				return
			}
			writeJSON(w, map[string]any{"latest": revision, "updated": updated, "deleted": deleted})
		})
		mux.HandleFunc("/api/hosts", func(w http.ResponseWriter, r *http.Request) {
			_, hosts := inventory(step)
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
	"graphql": func(step *atomic.Int32) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var q struct {
				Query     string
				Variables struct{ After *string }
			}
			if json.NewDecoder(r.Body).Decode(&q) != nil {
				w.WriteHeader(http.StatusBadRequest)
				return
			}
			revision, hosts := inventory(step)
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
	"xml": func(step *atomic.Int32) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			revision, hosts := inventory(step)
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
	"minimal": func(step *atomic.Int32) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, hosts := inventory(step)
			writeJSON(w, hosts)
		})
	},
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v) //nolint:errcheck // it is a test's
}

// paged returns the page of two hosts behind a cursor, and the next cursor, nil behind the last
// page.
func paged(hosts []inventoryHost, cursor string) (page []inventoryHost, next any) {
	at := 0
	if cursor == "two" {
		at = 2
	}
	if at == 0 && len(hosts) > 2 {
		return hosts[:2], "two"
	}
	return append([]inventoryHost{}, hosts[at:]...), nil
}

const inventorySecret = "an-inventory-secret"

// startInventory serves the data source of a template; everybody else than the owner of the secret
// is turned away.
func startInventory(t *testing.T, template string) (url string, step *atomic.Int32) {
	t.Helper()
	step = &atomic.Int32{}
	handler := inventories[template](step)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(fmt.Sprint(r.Header), inventorySecret) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL, step
}

// inventoryLogin are the flags with which the owner of the secret logs in.
func inventoryLogin(template string) []string {
	if template == "graphql" || template == "xml" {
		return []string{"-key", inventorySecret}
	}
	return []string{"-token", inventorySecret}
}
