package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"carjs/host"
	"carjs/host/submit"
)

// Edges whose ends are swapped, that point at nothing or at an object that was left out: the run
// succeeds, says which there are and where, and sends none of them, now and in the next run.
func TestEdgesAtMissingVertices(t *testing.T) {
	const (
		swapped = `handler.addEdge("asset_ipaddress", ip, id)`
		invalid = `handler.addEdge("asset_vulnerability", "2", "broken")`
	)
	d := newDesk(t)
	d.small(`  if (context().args.nothing) return;
  for (const [id, ip] of [["1", "10.0.0.1"], ["2", "10.0.0.2"]] as const) {
    ` + swapped + `;
    handler.addCollection("asset", { external_id: id, name: "host " + id });
    handler.addCollection("ipaddress", { _key: ip });
  }
  handler.addCollection("vulnerability", { external_id: "whole", name: "v" });
  handler.addCollection("vulnerability", { external_id: "broken", name: 5 as any });
  handler.addCollection("hostname", { _key: "a.example" });
  handler.addEdge("asset_hostname", "1", "a.example");
  ` + invalid + `;`)
	want := []submit.Dangling{
		{Collection: "asset_ipaddress", End: "from", Vertex: "asset", Reason: submit.NotAdded, Count: 2, FirstKey: "10.0.0.1",
			FirstEdge: "10.0.0.1 → 1", At: d.lineOf(swapped)},
		{Collection: "asset_ipaddress", End: "to", Vertex: "ipaddress", Reason: submit.NotAdded, Count: 2, FirstKey: "1",
			FirstEdge: "10.0.0.1 → 1", At: d.lineOf(swapped)},
		{Collection: "asset_vulnerability", End: "to", Vertex: "vulnerability", Reason: submit.LeftOut, Count: 1, FirstKey: "broken",
			FirstEdge: "2 → broken", At: d.lineOf(invalid)},
	}
	for _, mode := range []host.Mode{host.ModeFull, host.ModeIncremental, host.ModeIncremental} {
		r := d.ok(mode, "small", "-log-format", "text")
		byName := map[string]submit.Dangling{}
		for _, e := range r.report.Dangling {
			byName[e.Collection+e.End] = e
		}
		for _, e := range want {
			if diff := cmp.Diff(e, byName[e.Collection+e.End]); diff != "" || len(byName) != len(want) {
				t.Errorf("%s: %s", mode, diff)
			}
			contains(t, r.stdout, fmt.Sprintf("%-26s%9d  first: %s, at %s", e.Collection, e.Count, e.Why(), e.At))
			contains(t, r.stderr, fmt.Sprintf("collection=%s edges=%d why=%q", e.Collection, e.Count, e.Why()), "at="+e.At)
		}
		if c := r.report.Collections["asset_ipaddress"]; c.Dangling != 2 || c.Sent != 0 {
			t.Errorf("%s: %+v", mode, c)
		}
		if n := strings.Count(r.stderr, "with a missing end"); n != len(want) {
			t.Errorf("%s: %d warnings\n%s", mode, n, r.stderr)
		}
		if g := d.graph("small"); len(g.Edges) != 1 {
			t.Errorf("%s: edges %v", mode, g.Edges)
		}
	}
	if r := d.ok(host.ModeIncremental, "small", "-keep-dangling"); len(r.report.Dangling) != 0 ||
		strings.Contains(r.stdout, "Edges were left out") {
		t.Errorf("kept: %s", r)
	}
	if g := d.graph("small"); len(g.Edges) != 4 {
		t.Errorf("kept: edges %v", g.Edges)
	}
}

// Two objects with one key that say different things are told once, with both lines.
func TestDifferingDuplicates(t *testing.T) {
	const first, second = `handler.addCollection("asset", { external_id: "1", name: "one", risk: 5 })`,
		`handler.addCollection("asset", { external_id: "1", name: "eins" })`
	d := newDesk(t)
	d.small(`  for (let i = 0; i < 3; i++) {
    handler.addCollection("hostname", { _key: "a.example" });
    ` + first + `;
    ` + second + `;
  }`)
	r := d.ok(host.ModeFull, "small", "-log-format", "text")
	if c := r.report.Collections["asset"]; c != (submit.Count{Sent: 1, Duplicate: 5, Differing: 3}) {
		t.Errorf("%+v", c)
	}
	if c := r.report.Collections["hostname"]; c != (submit.Count{Sent: 1, Duplicate: 2}) {
		t.Errorf("%+v", c)
	}
	if n := strings.Count(r.stderr, "differs from the first"); n != 1 {
		t.Errorf("told %d times:\n%s", n, r.stderr)
	}
	contains(t, r.stderr, "key=1 first_at="+d.lineOf(first)+" at="+d.lineOf(second))
}

// Of several edges between two vertices without an external_id, CAR keeps one: that is told, with
// the lines of two.
func TestDifferingEdges(t *testing.T) {
	const first, second = `handler.addEdge("asset_vulnerability", "1", "v", { risk_score: 1 })`,
		`handler.addEdge("asset_vulnerability", { _from_external_id: "1", _to_external_id: "v", risk_score: 2 })`
	d := newDesk(t)
	d.small(`  handler.addCollection("asset", { external_id: "1", name: "one" });
  handler.addCollection("vulnerability", { external_id: "v", name: "v" });
  for (let i = 0; i < 3; i++) {
    ` + first + `;
    ` + second + `;
  }
  for (const own of ["a", "b"]) handler.addEdge("asset_vulnerability", "1", "v", { external_id: own, risk_score: 3 });`)
	r := d.ok(host.ModeFull, "small", "-log-format", "text")
	if c := r.report.Collections["asset_vulnerability"]; c != (submit.Count{Sent: 4, Duplicate: 4, Differing: 1}) {
		t.Errorf("%+v", c)
	}
	if n := strings.Count(r.stderr, "CAR keeps one of several edges"); n != 1 {
		t.Errorf("told %d times:\n%s", n, r.stderr)
	}
	contains(t, r.stderr, `edge="1 → v" first_at=`+d.lineOf(first)+" at="+d.lineOf(second))
}

// The line of the first object is the one that added it, though others add objects of the same form
// before and after it, in whatever way they are added.
func TestLineOfFirstDuplicate(t *testing.T) {
	for name, first := range map[string]string{
		"literal":  `handler.addCollection("asset", { external_id: id, name: "first" })`,
		"variable": `handler.addCollection("asset", object)`,
		"keyed":    `handler.addCollection("asset", { ...object }, "external_id")`,
	} {
		t.Run(name, func(t *testing.T) {
			const second = `handler.addCollection("asset", { external_id: "77", name: "second" })`
			d := newDesk(t)
			d.small(`  const add = (object: any) => handler.addCollection("asset", object) ;
  for (let i = 0; i < 100; i++) {
    const id = String(i), object = { external_id: id, name: "first" };
    if (i === 77) ` + first + `;
    else if (i % 3 === 0) handler.addCollection("asset", { external_id: id, name: "first" }) ;
    else if (i % 3 === 1) handler.addCollection("asset", object) ;
    else [object].forEach(add);
  }
  ` + second + `;`)
			r := d.ok(host.ModeFull, "small", "-log-format", "text")
			contains(t, r.stderr, "key=77 first_at="+d.lineOf(first+";")+" at="+d.lineOf(second))
		})
	}
}

// A property that CAR does not have is told once, with its line and the name that was meant.
func TestUnknownProperties(t *testing.T) {
	const add = `handler.addCollection("asset", { external_id: String(i), name: "n", ["desc" + "ripton"]: "lost" })`
	d := newDesk(t)
	d.small(`  for (let i = 0; i < 3; i++) {
    ` + add + `;
  }`)
	r := d.ok(host.ModeFull, "small", "-log-format", "text")
	if n := strings.Count(r.stderr, "CAR does not have this property"); n != 1 {
		t.Errorf("told %d times:\n%s", n, r.stderr)
	}
	contains(t, r.stderr, "collection=asset property=descripton did_you_mean=description at="+d.lineOf(add))
}
