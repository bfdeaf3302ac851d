package host_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"carjs/host"
	"carjs/host/failure"
)

// The save point cannot be reset: that is said, the exit code stays, and the next run is right all
// the same.
func TestResetFails(t *testing.T) {
	f := ready(t)
	c := &tabular{states: []graph{office(), changed(office(), func(g graph) { g.vertices["asset"]["1"] = object{"name": "table"} })}}
	f.ok(c, host.ModeFull)
	c.at = 1
	c.hooks = map[string]hook{"edges": fails(failure.New(failure.Unrecoverable, "a gap"))}
	f.fail(http.StatusConflict, "PATCH source")
	r := f.run(c)
	if r.ExitCode != 20 || !strings.Contains(r.Failure.Hint, "-full") || !strings.Contains(r.Failure.Detail, "reset the save point") {
		t.Errorf("%d: %+v", r.ExitCode, r.Failure)
	}
	f.heal()
	c.hooks = nil
	f.ok(c, host.ModeIncremental)
	f.sameAsFull(c)
}

// A full import that cannot be announced by a reset is not begun.
func TestFullImportNeedsReset(t *testing.T) {
	f := ready(t)
	c := &tabular{states: []graph{office()}}
	f.ok(c, host.ModeFull)
	f.sequence()
	f.fail(http.StatusServiceUnavailable, "PATCH source")
	options := f.options()
	options.Full = true
	r := host.Import(context.Background(), c, options)
	if r.ExitCode != 10 {
		t.Errorf("exit code %d", r.ExitCode)
	}
	if slices.Contains(f.sequence(), "POST full-import") {
		t.Error("the full import was begun")
	}
}

// Failures of CAR at each kind of request end the run, and the run after the last one puts all
// right.
func TestFailuresOfCAR(t *testing.T) {
	requests := []string{"GET databases", "GET source", "PATCH source", "POST full-import", "GET jobstatus", "POST imports report",
		"POST imports asset ", "POST imports asset_ipaddress", "GET importstatus", "GET importSchema", "DELETE full-import",
		"POST query", "PATCH asset_ipaddress", "DELETE source/asset", "GET carSchema", "POST carSchema"}
	states := []graph{office(), changed(office(), func(g graph) {
		delete(g.vertices["asset"], "1")
		delete(g.edges["asset_ipaddress"], [2]string{"1", "10.0.0.1"})
		g.vertices["asset"]["2"] = object{"name": "rack"}
		g.edges["asset_ipaddress"][[2]string{"2", "10.0.0.1"}] = object{}
	})}
	codes := map[int]int{http.StatusServiceUnavailable: 10, http.StatusUnprocessableEntity: 20}
	for _, request := range requests {
		for status, code := range codes {
			t.Run(fmt.Sprintf("%s/%d", request, status), func(t *testing.T) {
				f := ready(t)
				c := &tabular{states: states, strategy: deltas, extension: officeExtension}
				if request == "PATCH asset_ipaddress" || strings.HasPrefix(request, "DELETE source") || request == "POST query" {
					f.ok(c, host.ModeFull)
					c.at = 1
				}
				f.fail(status, request)
				if status == http.StatusUnprocessableEntity && (strings.HasSuffix(request, "status") || request == "PATCH source") {
					code = 10 // what becomes of a job is not known, and a save point loses nothing: see the rules of package car
				}
				if r := f.run(c); r.ExitCode != code {
					t.Errorf("exit code %d, want %d: %+v", r.ExitCode, code, r.Failure)
				}
				f.heal()
				if r := f.run(c); r.ExitCode != 0 {
					t.Fatalf("the clean run failed: %+v", r.Failure)
				}
				f.sameAsFull(c)
			})
		}
	}
}

// withSites is the office with a site, which is of officeExtension.
func withSites() graph {
	return changed(office(), func(g graph) {
		g.vertices["site"] = map[string]object{"s1": {"name": "main"}}
		g.edges["site_asset"] = map[[2]string]object{{"s1", "1"}: {}}
	})
}

// CAR that says it took the schema extension and did not is found out: by what it has when it says
// nothing, by what it imports, and by what is in the graph afterwards.
func TestExtensionIsNotTaken(t *testing.T) {
	for _, test := range []struct{ name, says, message string }{
		{"says nothing", "{}", "CAR's response to POST carSchema is incomplete, 4 times"},
		{"does not know the collections", `{"result":"OK"}`, "CAR did not import a page"},
		{"drops the collections", `{"result":"OK"}`, "did not apply it: the graph lacks"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := ready(t)
			c := &tabular{states: []graph{withSites()}, extension: officeExtension}
			f.setFault(func(w http.ResponseWriter, r *http.Request, request string) bool {
				if strings.HasPrefix(request, "POST imports") && strings.Contains(request, "site") && test.name == "drops the collections" {
					var envelope map[string]any
					if err := json.NewDecoder(r.Body).Decode(&envelope); err != nil {
						t.Error(err)
					}
					delete(envelope, "site")
					delete(envelope, "site_asset")
					body, _ := json.Marshal(envelope)
					r.Body = io.NopCloser(bytes.NewReader(body))
				}
				if request != "POST carSchema" {
					return false
				}
				fmt.Fprint(w, test.says)
				return true
			})
			r := f.run(c)
			if r.ExitCode == 0 || !strings.Contains(r.Failure.Message, test.message) {
				t.Errorf("exit code %d: %+v", r.ExitCode, r.Failure)
			}
			f.heal()
			f.ok(c, host.ModeFull)
			f.sameAsFull(c)
		})
	}
}

// An extension that the import schema does not show, for a while or for good, is found in the
// graph.
func TestExtensionIsNotShown(t *testing.T) {
	for _, times := range []int{2, 1000} {
		f := ready(t)
		c := &tabular{states: []graph{withSites()}, extension: officeExtension}
		asked := 0
		f.setFault(func(w http.ResponseWriter, r *http.Request, request string) bool {
			if request != "GET importSchema" {
				return false
			}
			if asked++; asked > times {
				return false
			}
			answer := httptest.NewRecorder()
			f.car.Handler().ServeHTTP(answer, r)
			fmt.Fprint(w, strings.NewReplacer(`"site"`, `"elsewhere"`, `"site_asset"`, `"elsewhere_asset"`).Replace(answer.Body.String()))
			return true
		})
		f.ok(c, host.ModeFull)
		f.heal()
		f.sameAsFull(c)
		if shown := strings.Contains(f.log.String(), "lacks parts of the schema extension"); shown != (times > 100) {
			t.Errorf("%d times: the log says so: %t", times, shown)
		}
	}
}

// An import that CAR names nowhere is looked for in the graph: when its objects are there the run
// goes on, and when they are not it fails.
func TestUnnamedImports(t *testing.T) {
	for _, test := range []struct {
		name string
		lose bool
	}{{"there", false}, {"lost", true}} {
		t.Run(test.name, func(t *testing.T) {
			f := ready(t)
			c := &tabular{states: []graph{withSites()}, extension: officeExtension}
			f.setFault(func(w http.ResponseWriter, r *http.Request, request string) bool {
				switch {
				case strings.HasPrefix(request, "GET importstatus"):
					fmt.Fprint(w, `{"success":true}`)
				case test.lose && strings.Contains(request, "POST imports asset_vulnerability"):
					fmt.Fprint(w, `{"id":"lost"}`)
				default:
					return false
				}
				return true
			})
			r := f.run(c)
			if !test.lose && r.ExitCode != 0 {
				t.Errorf("exit code %d: %+v", r.ExitCode, r.Failure)
			}
			const lacks = "the graph lacks asset_vulnerability 2 → v1"
			if test.lose && (r.ExitCode != 10 || !strings.Contains(r.Failure.Message, lacks) || r.Failure.Detail != `{"success":true}`) {
				t.Errorf("exit code %d: %+v", r.ExitCode, r.Failure)
			}
			f.heal()
			if r := f.run(c); r.ExitCode != 0 {
				t.Errorf("the clean run failed: %+v", r.Failure)
			}
			f.sameAsFull(c)
		})
	}
}

// Without an answer about an import and about the graph nobody knows whether the page arrived.
func TestUnnamedImportsWithoutGraph(t *testing.T) {
	f := ready(t)
	c := &tabular{states: []graph{office()}}
	f.setFault(func(w http.ResponseWriter, r *http.Request, request string) bool {
		switch {
		case strings.HasPrefix(request, "GET importstatus"):
			fmt.Fprint(w, `{"incomplete_imports":[],"error_imports":[]}`)
		case strings.HasPrefix(request, "POST query"):
			w.WriteHeader(http.StatusNotFound)
		default:
			return false
		}
		return true
	})
	r := f.run(c)
	if r.ExitCode != 10 || r.Failure.Fault != failure.FaultCAR || !strings.Contains(r.Failure.Message, "and does not answer queries about") {
		t.Errorf("exit code %d: %+v", r.ExitCode, r.Failure)
	}
	f.heal()
	f.ok(c, host.ModeFull)
	f.sameAsFull(c)
}

// CAR that answers no queries makes an incremental import impossible, not wrong.
func TestNoQueries(t *testing.T) {
	for _, strategy := range []strategy{wholes, deltas} {
		f := ready(t)
		c := &tabular{states: []graph{office(), {}}, strategy: strategy}
		f.ok(c, host.ModeFull)
		c.at = 1
		f.fail(http.StatusNotFound, "POST query")
		f.ok(c, host.ModeFull)
		f.sameAsFull(c)
	}
}

func TestQueryNonsense(t *testing.T) {
	row := `{"id":"` + source + `/1","asset_id":"` + source + `/1","ipaddress_id":"` + source + `/a"}`
	for name, answer := range map[string]string{
		"other fields":   `{"data":{"x":[]}}`,
		"no list":        `{"data":{"w0":{"id":"1"}}}`,
		"other source":   `{"data":{"w0":[{"id":"other/1","asset_id":"other/1","ipaddress_id":"other/a"}]}}`,
		"no id":          `{"data":{"w0":[{}]}}`,
		"never an end":   `{"data":{"w0":[` + row + `]}}`,
		"data is a text": `{"data":"w0"}`,
	} {
		t.Run(name, func(t *testing.T) {
			f := ready(t)
			c := &tabular{states: []graph{office(), {}}, strategy: wholes}
			f.ok(c, host.ModeFull)
			c.at = 1
			f.setFault(func(w http.ResponseWriter, _ *http.Request, request string) bool {
				if request != "POST query" {
					return false
				}
				w.Header().Set("Content-Type", "application/json")
				fmt.Fprint(w, answer)
				return true
			})
			if r := f.run(c); r.ExitCode != 10 && r.ExitCode != 20 {
				t.Errorf("exit code %d: %+v", r.ExitCode, r.Failure)
			}
			f.heal()
			f.run(c)
			f.sameAsFull(c)
		})
	}
}
