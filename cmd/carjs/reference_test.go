package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"carjs/host"
	"carjs/host/submit"
)

// The model of size 10: what a full import brings.
var modelOfTen = map[string]int{
	"application": 30, "asset": 10, "ipaddress": 10, "hostname": 10, "macaddress": 10, "port": 1, "vulnerability": 20, "site": 2,
	"asset_vulnerability": 20, "asset_ipaddress": 10, "asset_macaddress": 10, "asset_hostname": 10, "site_asset": 10,
	"application_port": 30, "application_vulnerability": 60, "ipaddress_port": 10,
}

// What the README promises: nothing but carjs, run twice and once more after a change.
func TestReference(t *testing.T) {
	d := newDesk(t)
	r := d.ok(host.ModeFull, "reference")
	first, _, _ := strings.Cut(r.stderr, "\n")
	contains(t, first, "embedded CAR service", filepath.Join(".carjs", "car.db"))
	contains(t, r.stdout, "full import of reference is complete", "asset_vulnerability", "save point")
	for name, n := range modelOfTen {
		if c := r.report.Collections[name]; c != (submit.Count{Sent: n}) {
			t.Errorf("%s: %+v, want %d sent", name, c, n)
		}
	}
	if len(r.report.Collections) != len(modelOfTen) || r.report.SavePoint == "" || r.report.Requests.CAR == 0 ||
		r.report.Requests.Datasource == 0 {
		t.Errorf("report %+v", r.report)
	}
	g := d.graph("reference")
	if len(g.Vertices) != 93 || len(g.Edges) != 160 {
		t.Errorf("%d vertices and %d edges", len(g.Vertices), len(g.Edges))
	}

	r = d.ok(host.ModeIncremental, "reference")
	contains(t, r.stdout, "nothing was added, changed or removed")
	if len(r.report.Collections) != 0 {
		t.Errorf("the second run brought %v", r.report.Collections)
	}

	d.change(func(s source) {
		asset := s.rows("assets")[3]
		s.do("PATCH", fmt.Sprintf("/assets/%v", asset["pk"]), map[string]any{"name": "renamed"})
	})
	before := d.graph("reference")
	r = d.ok(host.ModeIncremental, "reference")
	if got := r.report.Collections; len(got) == 0 || got["asset"].Sent != 1 || got["asset_vulnerability"].Sent != 0 {
		t.Errorf("the change of one name brought %v", got)
	}
	if diff := before.Diff(d.graph("reference")); len(diff) != 1 || !strings.HasPrefix(diff[0], "~ asset/") {
		t.Errorf("the change of one name changed\n%s", strings.Join(diff, "\n"))
	}
	d.sameAsFull()
}

// sameAsFull fails the test unless the graph is the one that a full import of the same rows gives a
// new CAR.
func (d *desk) sameAsFull() {
	d.Helper()
	other := newDesk(d.TB)
	if err := os.Mkdir(filepath.Join(other.dir, ".carjs"), 0o755); err != nil {
		d.Fatal(err)
	}
	// No carjs runs, so that SQLite has put everything into the one file.
	data, err := os.ReadFile(filepath.Join(d.dir, ".carjs", "source.db"))
	if err != nil {
		d.Fatal(err)
	}
	other.write(".carjs/source.db", string(data))
	other.ok(host.ModeFull, "reference")
	if diff := other.graph("reference").Diff(d.graph("reference")); len(diff) > 0 {
		d.Fatalf("the graph differs from that of a full import:\n%s", strings.Join(diff, "\n"))
	}
}

// follows runs the connector, which must bring the changes: by an incremental import, unless the
// key of something that is gone has a comma, where only a full one does.
func (d *desk) follows(connector string) {
	d.Helper()
	r := d.imports(connector)
	if r.code != 0 || r.report.Mode != host.ModeIncremental && !strings.Contains(r.stderr, "has a comma") {
		d.Fatalf("mode %q\n%s", r.report.Mode, r)
	}
}

// Every kind of change to every kind of row, each alone: the graph is that of a full import
// afterwards.
func TestReferenceChanges(t *testing.T) {
	if testing.Short() {
		t.Skip("many runs")
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for _, kind := range slices.Sorted(maps.Keys(fields)) {
		t.Run(kind, func(t *testing.T) {
			d := newDesk(t)
			d.ok(host.ModeFull, "reference")
			for _, operation := range []func(*rand.Rand, source, string) string{create, edit, remove} {
				var did string
				d.change(func(s source) { did = operation(rng, s, kind) })
				d.follows("reference")
				d.sameAsFull()
				if t.Failed() {
					t.Fatal(did)
				}
			}
		})
	}
}

// Long random lives of a data source.
func TestReferenceLives(t *testing.T) {
	if testing.Short() {
		t.Skip("many runs")
	}
	kinds := slices.Sorted(maps.Keys(fields))
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 7))
			d := newDesk(t)
			d.ok(host.ModeFull, "reference")
			for range 5 {
				var did []string
				d.change(func(s source) {
					for range 1 + rng.IntN(12) {
						kind := kinds[rng.IntN(len(kinds))]
						operation := []func(*rand.Rand, source, string) string{create, edit, edit, remove}[rng.IntN(4)]
						did = append(did, operation(rng, s, kind))
					}
				})
				t.Logf("%s", strings.Join(did, "\n"))
				d.follows("reference")
				d.sameAsFull()
			}
		})
	}
}

// fields makes random values for the fields of each kind of row. refs gives references to rows of
// another kind.
var fields = map[string]map[string]func(rng *rand.Rand, refs func(kind string) []any) any{
	"xrefproperties": {"extref_value": word, "extref_typename": word, "q_extref_typeid": number},
	"vulnerabilities": {
		"name": word, "base_score": number, "vcvssbmid": number, "published_on": number,
		"xref_properties": some("xrefproperties"),
	},
	"sites":         {"name": word, "address": word},
	"assets":        {"name": word, "type": word, "initial_value": number, "site": one("sites"), "vulnerabilities": some("vulnerabilities")},
	"ip_addresses":  {"address": ip, "asset": one("assets")},
	"mac_addresses": {"address": mac, "asset": one("assets"), "ip_addresses": some("ip_addresses")},
	"hosts":         {"host": word, "asset": one("assets")},
	"apps":          {"name": word, "assets": some("assets")},
	"ports":         {"port_number": number, "layer7application": word, "apps": some("apps"), "ip_addresses": some("ip_addresses")},
}

func word(rng *rand.Rand, _ func(string) []any) any {
	return []string{"alpha", "beta", "gamma", "delta", "ö & <x>", "eps,ilon"}[rng.IntN(6)] + fmt.Sprint(rng.IntN(4))
}

func number(rng *rand.Rand, _ func(string) []any) any { return rng.IntN(10) }

func ip(rng *rand.Rand, _ func(string) []any) any {
	return fmt.Sprintf("10.%d.0.%d", rng.IntN(3), rng.IntN(6))
}

func mac(rng *rand.Rand, _ func(string) []any) any {
	return fmt.Sprintf("00:16:3E:00:0%d:0%d", rng.IntN(3), rng.IntN(6))
}

func one(kind string) func(*rand.Rand, func(string) []any) any {
	return func(rng *rand.Rand, refs func(string) []any) any {
		all := refs(kind)
		if len(all) == 0 {
			return nil
		}
		return all[rng.IntN(len(all))]
	}
}

func some(kind string) func(*rand.Rand, func(string) []any) any {
	return func(rng *rand.Rand, refs func(string) []any) any {
		picked := []any{}
		for _, ref := range refs(kind) {
			if rng.IntN(3) == 0 {
				picked = append(picked, ref)
			}
		}
		return picked
	}
}

// refs are the references to the rows of a kind, as the source writes them.
func (s source) refs(kind string) []any {
	var refs []any
	for _, row := range s.rows(kind) {
		refs = append(refs, fmt.Sprintf("http://example.com/%s/%v/", kind, row["pk"]))
	}
	return refs
}

// changeSome makes some random changes, or none.
func changeSome(rng *rand.Rand, s source) {
	kinds := slices.Sorted(maps.Keys(fields))
	for range rng.IntN(4) {
		kind := kinds[rng.IntN(len(kinds))]
		[]func(*rand.Rand, source, string) string{create, edit, remove}[rng.IntN(3)](rng, s, kind)
	}
}

func create(rng *rand.Rand, s source, kind string) string {
	row := map[string]any{}
	if there := s.rows(kind); len(there) > 0 {
		row = maps.Clone(there[rng.IntN(len(there))]) // for the fields that do not matter here
		delete(row, "pk")
	}
	for name, value := range fields[kind] {
		row[name] = value(rng, s.refs)
	}
	if row["asset"] == nil && strings.Contains("ip_addresses mac_addresses hosts", kind) {
		return "no asset for " + kind
	}
	s.do("POST", "/"+kind, row)
	return fmt.Sprintf("create %s %v", kind, row)
}

func edit(rng *rand.Rand, s source, kind string) string {
	rows := s.rows(kind)
	if len(rows) == 0 {
		return "nothing to edit in " + kind
	}
	names := slices.Sorted(maps.Keys(fields[kind]))
	name := names[rng.IntN(len(names))]
	value := fields[kind][name](rng, s.refs)
	if value == nil && name == "asset" {
		return "no asset for " + kind
	}
	path := fmt.Sprintf("/%s/%v", kind, rows[rng.IntN(len(rows))]["pk"])
	s.do("PATCH", path, map[string]any{name: value})
	return fmt.Sprintf("edit %s %s %v", path, name, value)
}

func remove(rng *rand.Rand, s source, kind string) string {
	rows := s.rows(kind)
	if len(rows) == 0 {
		return "nothing to remove in " + kind
	}
	path := fmt.Sprintf("/%s/%v", kind, rows[rng.IntN(len(rows))]["pk"])
	s.do("DELETE", path, nil)
	return "remove " + path
}
