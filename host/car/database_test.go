package car

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"carjs/host/failure"
)

// TestPrepareDatabase goes through what CAR may say of its database, and what is asked for then. A
// repair that improves a part is followed by the next one; one that improves nothing ends the run.
func TestPrepareDatabase(t *testing.T) {
	const (
		ready   = `{"databases":[{"is_ready":true}]}`
		working = `{"databases":[{"is_ready":false,"graph_name":"assets"}]}`
		create  = "POST {}"
		graph   = `PATCH {"graph_name":"assets"}`
		onlyA   = `PATCH {"collections_without_indexes":["a"]}`
		aAndB   = `PATCH {"collections_without_indexes":["a","b"]}`
	)
	databases := func(of string) http.HandlerFunc { return says(`{"databases":[` + of + `]}`) }
	started, complete := says(`{"job_id":"7"}`), says(`{"status":"COMPLETE"}`)
	for name, test := range map[string]struct {
		answers []http.HandlerFunc
		steps   []string // what was asked for besides GET
		created bool
		fails   string
	}{
		"ready":                    {[]http.HandlerFunc{says(ready)}, nil, false, ""},
		"ready, whatever it lists": {[]http.HandlerFunc{databases(`{"is_ready":true,"graph_name":"","missing_collections":["a"]}`)}, nil, false, ""},
		"there is none":            {[]http.HandlerFunc{status(400), started, complete, says(ready)}, []string{create}, true, ""},
		"an empty list":            {[]http.HandlerFunc{databases(``), started, complete, says(ready)}, []string{create}, true, ""},
		"an empty object":          {[]http.HandlerFunc{says(`{"databases":{}}`), started, complete, says(ready)}, []string{create}, true, ""},
		"the list alone":           {[]http.HandlerFunc{says(`[{"is_ready":true}]`)}, nil, false, ""},
		"one that is no list":      {[]http.HandlerFunc{says(`{"databases":{"is_ready":true}}`)}, nil, false, ""},
		"the ready one of two":     {[]http.HandlerFunc{databases(`{"is_ready":false,"graph_name":""},{"is_ready":true}`)}, nil, false, ""},
		"without a job":            {[]http.HandlerFunc{status(400), says(`{"status":"COMPLETE"}`), says(ready)}, []string{create}, true, ""},
		"not ready for a moment":   {[]http.HandlerFunc{says(working), says(working), says(ready)}, nil, false, ""},
		"without a graph": {
			[]http.HandlerFunc{databases(`{"graph_name":""}`), started, complete, says(ready)}, []string{graph}, true, "",
		},
		"a graph that is not named is no missing one": {
			[]http.HandlerFunc{databases(`{"graph_name":null}`), says(ready)}, nil, false, "",
		},
		"without collections": {
			[]http.HandlerFunc{databases(`{"graph_name":"assets","missing_collections":["a"]}`), started, complete, says(ready)},
			[]string{graph}, true, "",
		},
		"a repair of a part": {
			[]http.HandlerFunc{
				databases(`{"collections_without_indexes":["a","b"]}`), started, complete,
				databases(`{"collections_without_indexes":["a"]}`), started, complete, says(ready),
			},
			[]string{aAndB, onlyA}, true, "",
		},
		"the same repair, with other collections missing each time": {
			[]http.HandlerFunc{
				databases(`{"missing_collections":["a","b"]}`), started, complete,
				databases(`{"missing_collections":["b"]}`), started, complete, says(ready),
			},
			[]string{graph, graph}, true, "",
		},
		"a graph, and then indexes": {
			[]http.HandlerFunc{
				databases(`{"graph_name":"","collections_without_indexes":["a"]}`), started, complete,
				databases(`{"graph_name":"assets","collections_without_indexes":["a"]}`), started, complete, says(ready),
			},
			[]string{graph, onlyA}, true, "",
		},
		"the same repair, but indexes were made meanwhile": {
			[]http.HandlerFunc{
				databases(`{"graph_name":"","collections_without_indexes":["a"]}`), started, complete,
				databases(`{"graph_name":""}`), started, complete, says(ready),
			},
			[]string{graph, graph}, true, "",
		},
		"a repair that changes nothing": {
			[]http.HandlerFunc{databases(`{"graph_name":""}`), started, complete, databases(`{"graph_name":""}`)},
			[]string{graph}, true, "nothing changed after PATCH databases" + `{"graph_name":"assets"}`,
		},
		"created, and still not there": {
			[]http.HandlerFunc{status(400), started, complete, status(400)}, []string{create}, true, "nothing changed after POST databases{}",
		},
		"two, none of which is ready": {
			[]http.HandlerFunc{databases(`{"graph_name":""},{"graph_name":""}`)}, nil, false, "waited 100ms",
		},
		"never ready": {[]http.HandlerFunc{says(working)}, nil, false, "waited 100ms"},
		"a repair that fails": {
			[]http.HandlerFunc{databases(`{"graph_name":""}`), started, says(`{"status":"ERROR","error":"disk"}`)}, []string{graph}, false, "disk",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScript(t, test.answers...)
			created, err := s.client().PrepareDatabase(context.Background())
			var f *failure.Failure
			switch {
			case test.fails == "" && err != nil:
				t.Fatal(err)
			case test.fails != "" && (!errors.As(err, &f) || !strings.Contains(f.Message+f.Detail, test.fails)):
				t.Errorf("%v, want %q", err, test.fails)
			}
			var steps []string
			for i, asked := range s.asked {
				if asked.Method != http.MethodGet {
					steps = append(steps, asked.Method+" "+s.bodies[i])
				}
			}
			if created != test.created || !slices.Equal(steps, test.steps) {
				t.Errorf("created %v, asked for %q, want %v and %q", created, steps, test.created, test.steps)
			}
		})
	}
}
