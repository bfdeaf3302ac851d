package host_test

import (
	"testing"

	"carjs/host"
)

// An edge loses what CAR does not show of it: that is a change like any other, and costs those who
// never report such values nothing.
func TestEdgeLosesItsTimes(t *testing.T) {
	dated := changed(office(), func(g graph) {
		for ends := range g.edges["asset_ipaddress"] {
			g.edges["asset_ipaddress"][ends] = object{"created": 5.0, "modified": 6.0}
		}
	})
	half := changed(dated, func(g graph) { g.edges["asset_ipaddress"][[2]string{"1", "10.0.0.1"}] = object{} })
	for name, states := range map[string][]graph{
		"all lose them": {dated, office(), office()}, "one loses them": {dated, half, office()},
		"they come and go": {office(), dated, half, office()},
	} {
		for strategy, how := range map[strategy]string{wholes: "wholes", parts: "parts"} {
			t.Run(name+"/"+how, func(t *testing.T) {
				f := ready(t)
				c := &tabular{states: states, strategy: strategy}
				f.ok(c, host.ModeFull)
				for c.at = 1; c.at < len(states); c.at++ {
					f.ok(c, host.ModeIncremental)
					f.sameAsFull(c)
				}
				// A full import without them ends it.
				c.at--
				options := f.options()
				options.Full = true
				if r := host.Import(t.Context(), c, options); r.ExitCode != 0 {
					t.Fatal(r.Failure)
				}
				if unseen := string(f.properties()["unseen"]); unseen != "[]" {
					t.Errorf("unseen %s", unseen)
				}
			})
		}
	}
	f := ready(t)
	f.ok(&tabular{states: []graph{office()}}, host.ModeFull)
	if unseen, there := f.properties()["unseen"]; there {
		t.Errorf("unseen %s of edges without times", unseen)
	}
}
