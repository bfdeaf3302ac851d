package host_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"carjs/host"
)

// gadgetry is an extension of another connector: what it adds is known to the import schema that
// CAR serves, and to nobody else.
const gadgetry = `{"key":"8a4f7f39-6a27-4a0a-9d68-0b1df4f6b7a5","owner":"another","version":"1","schema":{
	"vertices":[{"name":"gadget","properties":{"name":{"type":"text"},"description":{"type":"text"},"color":{"type":"text"},
		"size":{"type":"numeric"}}}],
	"edges":[{"end1":"asset","end2":"gadget","properties":{"since":{"type":"text"}}},{"end1":"gadget","end2":"ipaddress"}]}}`

// workshop is an office with gadgets.
func workshop() graph {
	return changed(office(), func(g graph) {
		g.vertices["gadget"] = map[string]object{
			"g1": {"name": "drill", "description": "d", "color": "red"}, "g2": {"name": "saw", "size": 2.5}, "g3": {"name": "plane"},
		}
		g.edges["asset_gadget"] = map[[2]string]object{{"1", "g1"}: {"since": "May"}, {"1", "g2"}: {}, {"2", "g3"}: {}}
		g.edges["gadget_ipaddress"] = map[[2]string]object{{"g1", "10.0.0.1"}: {}, {"g3", "10.0.0.2"}: {}}
	})
}

// extendedCAR is a CAR with the gadgetry.
func extendedCAR(t *testing.T) *fixture {
	t.Helper()
	f := ready(t)
	w := httptest.NewRecorder()
	f.car.Handler().ServeHTTP(w, httptest.NewRequest("POST", "/api/car/v3/carSchema", strings.NewReader(gadgetry)))
	if w.Code/100 != 2 {
		t.Fatal(w.Code, w.Body)
	}
	return f
}

// hide makes queries know nothing of some types, as those of a CAR that has not tracked them: they
// are not there for introspection, which may be off altogether, and queries about them are refused.
func (f *fixture) hide(introspection bool, names ...string) {
	typed := regexp.MustCompile(`"(` + strings.Join(names, "|") + `)"`)
	asked := regexp.MustCompile(`[{ ](` + strings.Join(names, "|") + `)\(`)
	f.setFault(func(w http.ResponseWriter, r *http.Request, request string) bool {
		if request != "POST query" {
			return false
		}
		body, err := io.ReadAll(r.Body)
		var query struct {
			Query string `json:"query"`
		}
		if err != nil || json.Unmarshal(body, &query) != nil {
			return false
		}
		switch hidden := asked.FindStringSubmatch(query.Query); {
		case strings.Contains(query.Query, "__type") && !introspection:
			fmt.Fprint(w, `{"errors":[{"extensions":{"path":"$","code":"validation-failed"},"message":"field '__type' not found in type: 'query_root'"}]}`)
			return true
		case strings.Contains(query.Query, "__type"):
			query.Query = typed.ReplaceAllString(query.Query, `"nothing"`)
		case hidden != nil:
			fmt.Fprintf(w, `{"errors":[{"extensions":{"path":"$.selectionSet.%[1]s","code":"validation-failed"},`+
				`"message":"field '%[1]s' not found in type: 'query_root'"}]}`, hidden[1])
			return true
		}
		body, _ = json.Marshal(query)
		r.Body = io.NopCloser(bytes.NewReader(body))
		return false
	})
}

// likeFull fails the test unless CAR is as a full import of the connector's state leaves a new one.
func (f *fixture) likeFull(c *tabular) {
	f.t.Helper()
	fresh := extendedCAR(f.t)
	fresh.ok(&tabular{states: c.states, at: c.at}, host.ModeFull)
	if diff := fresh.graph().Diff(f.graph()); len(diff) > 0 {
		f.t.Fatalf("CAR differs from a full import:\n%s\n%s", strings.Join(diff, "\n"), f.log.String())
	}
}

var newer = []string{"gadget", "asset_gadget", "gadget_ipaddress"}

// Collections that only CAR's import schema knows are replaced and deleted from like all others
// where CAR's queries show them. Where they do not, an incremental import that would have to know
// what is there is a full one, and one that would not goes on.
func TestCollectionsThatOnlyCARKnows(t *testing.T) {
	changes := map[string]func(graph){
		"a vertex goes": func(g graph) {
			remove(g, "gadget", "g1")
		},
		"a vertex changes":  func(g graph) { g.vertices["gadget"]["g2"] = object{"name": "saw", "size": 3.0} },
		"its properties go": func(g graph) { g.vertices["gadget"]["g2"] = object{} },
		"an edge goes":      func(g graph) { delete(g.edges["asset_gadget"], [2]string{"1", "g2"}) },
		"an edge changes":   func(g graph) { g.edges["asset_gadget"][[2]string{"1", "g1"}] = object{"since": "June"} },
		"an asset goes":     func(g graph) { remove(g, "asset", "2") },
		"another goes":      func(g graph) { remove(g, "vulnerability", "v1") },
	}
	for name, car := range map[string]struct {
		change func(f *fixture)
		full   map[string]bool // of the changes: those for which the import is a full one
	}{
		"shown":                            {func(*fixture) {}, nil},
		"without a field":                  {func(f *fixture) { f.hideFields("description", "since") }, nil},
		"without a field or introspection": {func(f *fixture) { f.hideFields("description", "since", "__type") }, nil},
		"not shown": {func(f *fixture) { f.hide(true, newer...) },
			map[string]bool{"a vertex goes": true, "a vertex changes": true, "its properties go": true,
				"an edge goes": true, "an edge changes": true, "an asset goes": true}},
		"not shown, no introspection": {func(f *fixture) { f.hide(false, newer...) },
			map[string]bool{"a vertex goes": true, "a vertex changes": true, "its properties go": true,
				"an edge goes": true, "an edge changes": true, "an asset goes": true}},
	} {
		for what, change := range changes {
			for strategy, how := range map[strategy]string{wholes: "wholes", deltas: "deltas"} {
				t.Run(name+"/"+what+"/"+how, func(t *testing.T) {
					f := extendedCAR(t)
					c := &tabular{states: []graph{workshop(), changed(workshop(), change)}, strategy: strategy}
					car.change(f)
					f.ok(c, host.ModeFull)
					c.at = 1
					mode := host.ModeIncremental
					if car.full[what] && !(strategy == deltas && (what == "a vertex changes" || what == "its properties go")) {
						mode = host.ModeFull
					}
					f.ok(c, mode)
					f.likeFull(c)
				})
			}
		}
	}
}

// hideFields makes queries refuse some fields.
func (f *fixture) hideFields(names ...string) {
	asked := regexp.MustCompile(`[{ ](` + strings.Join(names, "|") + `)\b`)
	shown := regexp.MustCompile(`\{"name":"(` + strings.Join(names, "|") + `)"\},?`)
	f.setFault(func(w http.ResponseWriter, r *http.Request, request string) bool {
		if request != "POST query" {
			return false
		}
		body, err := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		if err != nil || !strings.Contains(string(body), "gadget") {
			return false
		}
		if hidden := asked.FindStringSubmatch(string(body)); hidden != nil {
			fmt.Fprintf(w, `{"errors":[{"extensions":{"path":"$","code":"validation-failed"},"message":"field '%s' not found"}]}`, hidden[1])
			return true
		}
		if !strings.Contains(string(body), "__type") {
			return false
		}
		recorded := httptest.NewRecorder()
		f.car.Handler().ServeHTTP(recorded, r)
		answer := strings.ReplaceAll(shown.ReplaceAllString(recorded.Body.String(), ""), ",]", "]")
		w.Write([]byte(answer)) //nolint:errcheck // the client sees it
		return true
	})
}

// Collections that queries do not show, and in which the source has nothing, are in nobody's way.
func TestNothingInWhatIsNotShown(t *testing.T) {
	f := extendedCAR(t)
	c := &tabular{states: []graph{office(), changed(office(), func(g graph) { remove(g, "ipaddress", "10.0.0.2") })}, strategy: deltas}
	f.hide(true, newer...)
	f.ok(c, host.ModeFull)
	c.at = 1
	c.hooks = map[string]hook{"vertices": func(ctx context.Context, run *host.Run) error {
		return run.Replace(ctx, "hostname", host.Scope{Orphans: true})
	}}
	f.sequence()
	f.ok(c, host.ModeIncremental)
	asked := 0
	for _, request := range f.sequence() {
		if strings.HasPrefix(request, "GET asset_gadget") || strings.HasPrefix(request, "GET gadget_ipaddress") {
			asked++
		}
	}
	if asked != 1 {
		t.Errorf("CAR was asked %d times for edges that it does not show, want once for those at addresses", asked)
	}
	for id := range f.graph().Vertices {
		if id.Collection == "hostname" {
			t.Errorf("the orphan %v is there", id)
		}
	}
}

// The limit on deletions needs the size of a collection: where it cannot be had the import is full,
// in which the limit is kept by what CAR's older search finds.
func TestLimitOfWhatIsNotShown(t *testing.T) {
	many := changed(office(), func(g graph) {
		g.vertices["gadget"] = map[string]object{}
		for i := range 60 {
			g.vertices["gadget"][fmt.Sprint(i)] = object{"name": "g"}
		}
	})
	for gone, code := range map[int]int{29: 0, 40: 10} {
		f := extendedCAR(t)
		f.hide(false, newer...)
		c := &tabular{strategy: deltas, states: []graph{many, changed(many, func(g graph) {
			for i := range gone {
				delete(g.vertices["gadget"], fmt.Sprint(i))
			}
		})}}
		f.ok(c, host.ModeFull)
		c.at = 1
		if r := f.run(c); r.ExitCode != code || r.Mode != host.ModeFull {
			t.Errorf("%d gone: exit code %d, mode %s: %+v", gone, r.ExitCode, r.Mode, r.Failure)
		}
	}
}
