package host_test

import (
	"slices"
	"strings"
	"testing"

	"carjs/host"
	"carjs/host/model"
)

// fullImport is the order of a full import from the second look at the database on.
var fullImport = []string{
	"GET databases",
	"POST imports report source", "GET importstatus",
	"POST full-import", "GET jobstatus",
	"GET importSchema",
	"POST imports asset report source",
	"POST imports hostname report source",
	"POST imports ipaddress report source",
	"POST imports report source vulnerability",
	"GET importstatus",
	"POST imports asset_ipaddress report source",
	"POST imports asset_vulnerability report source",
	"POST imports ipaddress_hostname report source",
	"GET importstatus",
	"POST query", "POST query", "POST query", // how much there is that was not reported
	"DELETE full-import", "GET jobstatus",
	"POST query", // whether another full import began meanwhile
	`PATCH source {"model_state_id":"0"}`,
}

var officeExtension = &model.Extension{
	Key: "0d1f3c1e-5f0e-4a73-8f0e-2f6d8e1f9a11", Owner: "office", Version: "2",
	Schema: model.ExtensionSchema{
		Vertices: []model.ExtensionVertex{{Name: "site", Properties: map[string]model.ExtensionProperty{"name": {Type: "text"}}}},
		Edges:    []model.ExtensionEdge{{End1: "site", End2: "asset"}},
	},
}

func lines(groups ...[]string) []string {
	var all []string
	for _, group := range groups {
		all = append(all, group...)
	}
	return all
}

func TestOrderOfFullImport(t *testing.T) {
	f := ready(t)
	c := &tabular{states: []graph{office()}}
	r := f.ok(c, host.ModeFull)
	equalLines(t, f.sequence(), lines([]string{"GET databases", "GET source"}, fullImport))
	equalLines(t, c.steps, []string{"start", "extension", "head", "save point", "vertices", "edges", "close"})
	if r.SavePoint != "0" || f.savePoint() != "0" {
		t.Errorf("save point %q, in CAR %q", r.SavePoint, f.savePoint())
	}
	if r.Collections["asset"].Sent != 2 || r.Collections["asset_ipaddress"].Sent != 2 || r.Requests.CAR == 0 {
		t.Errorf("report: %+v", r)
	}
}

func TestOrderOfIncrementalImport(t *testing.T) {
	f := ready(t)
	c := &tabular{states: []graph{office(), changed(office(), func(g graph) {
		g.vertices["asset"]["1"] = object{"name": "table"}
		delete(g.vertices["hostname"], "www.example.com")
		delete(g.edges["ipaddress_hostname"], [2]string{"10.0.0.2", "www.example.com"})
		g.vertices["ipaddress"]["10.0.0.3"] = object{}
		g.edges["asset_ipaddress"][[2]string{"1", "10.0.0.3"}] = object{}
	})}, strategy: deltas}
	f.ok(c, host.ModeFull)
	f.sequence()
	c.at, c.steps = 1, nil
	r := f.ok(c, host.ModeIncremental)
	got := slices.CompactFunc(f.sequence(), func(a, b string) bool { return a == b && a == "POST query" }) // as many as there are pages
	equalLines(t, got, []string{
		"GET databases", "GET source", "GET importSchema",
		"POST imports asset report source",
		"POST imports ipaddress report source",
		"GET importstatus",
		"POST query",
		"POST imports asset_ipaddress report source",
		"GET importstatus",
		"PATCH ipaddress_hostname",
		"POST query", "DELETE source/hostname keys=www.example.com",
		`PATCH source {"model_state_id":"1"}`,
	})
	equalLines(t, c.steps, []string{"start", "extension", "head", "save point", "delta", "vertices", "edges", "delete", "close"})
	if n := r.Collections["hostname"].Deleted; n != 1 {
		t.Errorf("%d host names deleted", n)
	}
	if n := r.Collections["ipaddress_hostname"].Deleted; n != 1 {
		t.Errorf("%d edges switched off", n)
	}
	f.sameAsFull(c)
}

func TestOrderWithNothingToDo(t *testing.T) {
	f := ready(t)
	c := &tabular{states: []graph{office()}}
	f.ok(c, host.ModeFull)
	f.sequence()
	r := f.ok(c, host.ModeIncremental)
	equalLines(t, f.sequence(), []string{"GET databases", "GET source", "GET importSchema", `PATCH source {"model_state_id":"0"}`})
	if len(r.Collections) > 0 {
		t.Errorf("there was something to do: %v", r.Collections)
	}
}

func TestOrderOfExtension(t *testing.T) {
	f := ready(t)
	c := &tabular{states: []graph{{}}, extension: officeExtension}
	run := func(wantFirst ...string) {
		t.Helper()
		f.ok(c, map[bool]host.Mode{true: host.ModeFull, false: host.ModeIncremental}[f.savePointUnknown()])
		got := f.sequence()
		equalLines(t, got[:min(len(got), len(wantFirst))], wantFirst)
	}
	run("GET carSchema", "POST carSchema", "GET databases")
	run("GET carSchema", "GET databases") // CAR has this version
	newer := *officeExtension
	newer.Version = "10" // more than 2 as a number, less as text
	c.extension = &newer
	run("GET carSchema", "POST carSchema", "GET databases")

	c.extension = officeExtension
	r := f.run(c)
	if r.ExitCode != 10 || !strings.Contains(r.Failure.Message, "version 10") || r.Failure.Fault != "connector" {
		t.Errorf("an older extension: %+v", r.Failure)
	}
	equalLines(t, f.sequence(), []string{"GET carSchema"})

	unraised := newer
	unraised.Schema.Vertices = nil
	unraised.Schema.Edges = nil
	c.extension = &unraised
	f.ok(c, host.ModeIncremental)
	if !strings.Contains(f.log.String(), "raise it") {
		t.Error("no warning that the extension changed without its version")
	}

	broken := newer
	broken.Version = "soon"
	c.extension = &broken
	if r := f.run(c); r.ExitCode != 1 || r.Failure.Fault != "connector" || !strings.Contains(r.Failure.Message, `"soon"`) {
		t.Errorf("a broken extension: %+v", r.Failure)
	}
}

func (f *fixture) savePointUnknown() bool { return f.savePoint() == "" }
