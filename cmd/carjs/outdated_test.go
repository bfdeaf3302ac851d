package main

import (
	"testing"

	"carjs/host"
)

// What CAR keeps of an object that has become invalid is in the summary, the log and the report.
func TestOutdatedObjectIsTold(t *testing.T) {
	d := newDesk(t)
	const one, other = `handler.addCollection("asset", { external_id: "1", name: "one", risk: 1 });`,
		`for (let n = 2; n < 20; n++) handler.addCollection("asset", { external_id: String(n), name: "other" });`
	d.small(one + other)
	d.ok(host.ModeFull, "small")
	d.small(`handler.addCollection("asset", { external_id: "1", name: "one", risk: 11 });` + other)
	r := d.ok(host.ModeIncremental, "small")
	if o := r.report.Outdated; len(o) != 1 || o[0] != (host.Outdated{Collection: "asset", Count: 1, FirstKey: "1"}) {
		t.Errorf("%+v", o)
	}
	contains(t, r.stdout+r.stderr, "CAR keeps invalid objects as an earlier import reported them", "asset", "first: 1")
	if n := d.left()["asset"]; n != 19 {
		t.Errorf("%d assets are left", n)
	}
	d.small(one + other)
	if r = d.ok(host.ModeIncremental, "small"); len(r.report.Outdated) > 0 {
		t.Errorf("%+v", r.report.Outdated)
	}
}
