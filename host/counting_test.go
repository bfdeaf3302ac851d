package host_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"carjs/host"
)

// carForm is a form of CAR: what it answers in place of the embedded one, which next is. False
// leaves a request to the embedded one.
type carForm func(w http.ResponseWriter, r *http.Request, body string, next http.Handler) bool

func notQuery(r *http.Request) bool { return !strings.HasSuffix(r.URL.Path, "/v3/query") }

// noQueries answers no query.
func noQueries(w http.ResponseWriter, r *http.Request, _ string, _ http.Handler) bool {
	if notQuery(r) {
		return false
	}
	http.NotFound(w, r)
	return true
}

// searches replaces the answer to the older search; nil is 404.
func searches(answer func(found []map[string]any) any) carForm {
	return func(w http.ResponseWriter, r *http.Request, body string, next http.Handler) bool {
		if r.Method != "GET" || !r.URL.Query().Has("source") {
			return noQueries(w, r, body, next)
		}
		recorded := httptest.NewRecorder()
		next.ServeHTTP(recorded, r)
		var found []map[string]any
		if json.Unmarshal(recorded.Body.Bytes(), &found) != nil || answer(found) == nil {
			http.NotFound(w, r)
			return true
		}
		json.NewEncoder(w).Encode(answer(found)) //nolint:errcheck // the client sees it
		return true
	}
}

// nothingIsNotFound answers 404 to queries that find nothing.
func nothingIsNotFound(w http.ResponseWriter, r *http.Request, _ string, next http.Handler) bool {
	if notQuery(r) {
		return false
	}
	recorded := httptest.NewRecorder()
	next.ServeHTTP(recorded, r)
	var answer struct{ Data map[string][]any }
	if json.Unmarshal(recorded.Body.Bytes(), &answer) == nil && answer.Data != nil {
		rows := 0
		for _, list := range answer.Data {
			rows += len(list)
		}
		if rows == 0 {
			http.NotFound(w, r)
			return true
		}
	}
	w.Write(recorded.Body.Bytes()) //nolint:errcheck // the client sees it
	return true
}

// assetIsNotShown refuses queries about assets.
func assetIsNotShown(w http.ResponseWriter, r *http.Request, body string, _ http.Handler) bool {
	if notQuery(r) || !strings.Contains(body, ": asset(") {
		return false
	}
	fmt.Fprint(w, `{"errors":[{"extensions":{"path":"$","code":"validation-failed"},"message":"field 'asset' not found in type: 'query_root'"}]}`)
	return true
}

// What CAR does not tell is not taken for nothing: the size of a collection is asked for in every
// published way before a full import goes on without it.
func TestSizesInEveryForm(t *testing.T) {
	const silent = "neither counting nor limiting what it retires there"
	plain := func(found []map[string]any) any { return found }
	without := func(form carForm, collection string) carForm { // which the older search has no answer for
		return func(w http.ResponseWriter, r *http.Request, body string, next http.Handler) bool {
			if r.Method == "GET" && strings.HasSuffix(r.URL.Path, "/v2/"+collection) {
				http.NotFound(w, r)
				return true
			}
			return form(w, r, body, next)
		}
	}
	none := func([]map[string]any) any { return nil }
	for _, test := range []struct {
		name string
		form carForm
		gone int // of a hundred assets
		off  bool
		says string // the failure; "" is none
		log  string
		// retired is what the report counts.
		retired int
	}{
		{name: "no queries, few gone", form: searches(plain), gone: 3, retired: 3},
		{name: "no queries, many gone", form: searches(plain), gone: 60, says: "asset: 60 of 100"},
		{name: "no queries, all gone", form: searches(plain), gone: 100, says: "asset: 100 of 100"},
		{name: "no queries, no search, many gone", form: searches(none), gone: 60, log: silent},
		{name: "no queries, no search, all gone", form: searches(none), gone: 100,
			says: "CAR does not tell how many objects it has, and this import reported none"},
		{name: "no queries, no search, all gone, no limit", form: searches(none), gone: 100, off: true, log: silent},
		{name: "the search knows no sources", gone: 60, form: searches(func(found []map[string]any) any {
			return append(found, map[string]any{"source": "another"}, map[string]any{"source": "another"})
		}), says: "asset: 60 of 100"},
		{name: "the search finds less than there is", gone: 60, form: searches(func([]map[string]any) any { return []any{} }), log: silent},
		{name: "the search is the client's own substitute", gone: 60, form: searches(func([]map[string]any) any {
			return map[string]any{"related": []any{}, "result": []any{}}
		}), log: silent},
		{name: "404 is nothing, few gone", form: nothingIsNotFound, gone: 3, retired: 3},
		{name: "404 is nothing, many gone", form: nothingIsNotFound, gone: 60, says: "asset: 60 of 100"},
		{name: "404 is nothing, nothing gone", form: nothingIsNotFound},
		{name: "a collection is not shown, few gone", form: assetIsNotShown, gone: 3, retired: 3},
		{name: "a collection is not shown, many gone", form: assetIsNotShown, gone: 60, says: "asset: 60 of 100"},
		{name: "a collection is not shown in any way", form: without(assetIsNotShown, "asset"), gone: 60, log: silent},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := ready(t)
			few := changed(hundred(), func(g graph) {
				for i := range test.gone {
					delete(g.vertices["asset"], fmt.Sprint(i))
				}
				clear(g.edges) // too few to be limited
				if test.gone == 100 {
					clear(g.vertices)
				}
			})
			c := &tabular{states: []graph{hundred(), few}}
			f.ok(c, host.ModeFull)
			before := f.graph()
			c.at = 1
			f.setFault(func(w http.ResponseWriter, r *http.Request, _ string) bool {
				body, err := io.ReadAll(r.Body)
				r.Body = io.NopCloser(bytes.NewReader(body))
				return err == nil && test.form(w, r, string(body), f.car.Handler())
			})
			options := f.options()
			options.Full = true
			if test.off {
				options.MaxDeletions = &host.Limit{Off: true}
			}
			r := host.Import(t.Context(), c, options)
			if test.says != "" {
				if r.ExitCode != 10 || !strings.Contains(r.Failure.Message, test.says) {
					t.Errorf("exit code %d: %+v, want %q", r.ExitCode, r.Failure, test.says)
				}
				if diff := before.Diff(f.graph()); len(diff) > 0 {
					t.Errorf("CAR changed: %v", diff)
				}
				return
			}
			if r.ExitCode != 0 || r.Collections["asset"].Retired != test.retired {
				t.Errorf("%+v %+v", r.Failure, r.Collections)
			}
			if n := strings.Count(f.log.String(), silent); n > 1 || (n == 1) != (test.log != "") {
				t.Errorf("%d warnings:\n%s", n, f.log.String())
			}
			f.heal()
			f.sameAsFull(c)
		})
	}
}
