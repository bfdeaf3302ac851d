package carserver

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// Pages that are written many objects at a time come to the same graph and the same versions as
// those of single objects: with changes, repetitions, and edges that are switched off in between.
func TestObjectsTogetherAndAlone(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	together, alone := start(t, Config{Prepared: true}), start(t, Config{Prepared: true})
	for round := range 12 {
		var assets, edges []string
		for i := range 90 {
			id, name := i, round/3
			if random.IntN(12) == 0 {
				id, name = random.IntN(90), random.IntN(3) // one again, or another content
			}
			tag := ""
			if random.IntN(40) == 0 {
				tag = `,"tag":["x"]`
			}
			assets = append(assets, fmt.Sprintf(`{"external_id":"%d","name":"%d"%s}`, id, name, tag))
			more := ""
			switch random.IntN(25) {
			case 0:
				more = `,"active":false`
			case 1:
				more = `,"external_id":"own"`
			case 2:
				more = `,"report":"other"`
			case 3:
				more = `,"risk_score":5`
			}
			edges = append(edges, fmt.Sprintf(`{"_from_external_id":"%d","_to_external_id":"v%d"%s}`, id, name, more))
		}
		for name, objects := range map[string][]string{"asset": assets, "asset_vulnerability": edges} {
			together.load(fmt.Sprintf("%q:[%s]", name, strings.Join(objects, ",")))
			for _, one := range objects {
				alone.load(fmt.Sprintf("%q:[%s]", name, one))
			}
		}
		if difference := alone.graph().Diff(together.graph()); len(difference) > 0 {
			t.Fatalf("round %d: %s", round, strings.Join(difference, "\n"))
		}
	}
	for table, columns := range map[string]string{
		"v_asset": "key, doc, report, _t2 IS NULL", "v_tag": "key, doc, _t2 IS NULL",
		"e_asset_vulnerability": "from_key, to_key, own_key, doc, report, _t2 IS NULL",
	} {
		want, got := alone.history(table, columns), together.history(table, columns)
		for _, versions := range [][]string{want, got} { // those of an object stay in their order
			slices.SortStableFunc(versions, func(a, b string) int { return strings.Compare(object(a), object(b)) })
		}
		if strings.Join(want, "\n") != strings.Join(got, "\n") {
			t.Errorf("%s has %d versions, %d if every object comes alone", table, len(got), len(want))
		}
	}
}

// object returns the columns of a version before its document, which identify the object.
func object(version string) string { return version[:strings.IndexByte(version, '{')] }
