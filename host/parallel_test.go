package host_test

import (
	"fmt"
	"testing"

	"carjs/host"
)

// Edges between the same two vertices are compared one by one, even if a page of what CAR has ends
// between them: if one is gone from the source, it is gone from CAR.
func TestEdgesBetweenPagesOfAReplacement(t *testing.T) {
	const pairs, each = 340, 3 // the first page ends in the middle of the 334th pair
	data := func(gone string) graph {
		g := graph{
			vertices: map[string]map[string]object{"asset": {}, "vulnerability": {"v": {"name": "v"}}},
			edges:    map[string]map[[2]string]object{"asset_vulnerability": {}},
		}
		for n := range pairs {
			key := fmt.Sprintf("%03d", n)
			g.vertices["asset"][key] = object{"name": "a"}
			edge, others := object{"external_id": "0"}, []object{}
			for i := 1; i < each; i++ {
				if own := fmt.Sprint(i); key+"/"+own != gone {
					others = append(others, object{"external_id": own, "risk_score": float64(i)})
				}
			}
			edge[beside] = others
			g.edges["asset_vulnerability"][[2]string{key, "v"}] = edge
		}
		return g
	}
	for _, gone := range []string{"333/1", "333/2", "332/2", "339/2"} {
		t.Run(gone, func(t *testing.T) {
			f := ready(t)
			c := &tabular{states: []graph{data(""), data(gone)}, strategy: wholes}
			f.ok(c, host.ModeFull)
			if counts, err := f.car.Counts(t.Context(), f.source); err != nil || counts["asset_vulnerability"] != pairs*each {
				t.Fatalf("%v, %v", counts, err)
			}
			c.at = 1
			r := f.ok(c, host.ModeIncremental)
			f.sameAsFull(c)
			if got := r.Collections["asset_vulnerability"]; got.Deleted != 1 {
				t.Errorf("counts %+v", got)
			}
			f.nothingRefused()
		})
	}
}
