package host_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"carjs/host"
	"carjs/host/carserver"
)

// After any sequence of changes, in whatever way a connector brings them over, CAR has what a full
// import gives.
func TestIncrementalEqualsFull(t *testing.T) {
	for strategy, name := range map[strategy]string{wholes: "wholes", parts: "parts", deltas: "deltas"} {
		for seed := range uint64(4) {
			t.Run(fmt.Sprintf("%s/%d", name, seed), func(t *testing.T) {
				random := rand.New(rand.NewPCG(seed, 1))
				f := newFixture(t, carserver.Config{Prepared: true, PlainAddressIDs: seed%2 == 1})
				c := &tabular{states: []graph{office()}, strategy: strategy}
				f.ok(c, host.ModeFull)
				for range 6 {
					c.states = append(c.states, mutate(c.states[len(c.states)-1], random))
					c.at++
					f.ok(c, host.ModeIncremental)
					f.sameAsFull(c)
				}
			})
		}
	}
}

// mutate makes a few changes to a data source: vertices come, go, are renamed and change, edges
// come, go and change. An edge goes with its vertices.
func mutate(g graph, random *rand.Rand) graph {
	return changed(g, func(g graph) {
		for range 1 + random.IntN(5) {
			name := pick(random, sorted(g.vertices))
			keys := sorted(g.vertices[name])
			key := fmt.Sprintf("new-%d", random.IntN(100))
			if name == "ipaddress" {
				key = pick(random, []string{"", "", "plant/"}) + fmt.Sprintf("10.1.0.%d", random.IntN(20))
			}
			switch random.IntN(7) {
			case 0:
				g.vertices[name][key] = object{"name": key}
				if name == "vulnerability" {
					g.vertices[name][key]["base_score"] = float64(random.IntN(10))
				}
			case 1:
				if len(keys) > 1 {
					remove(g, name, pick(random, keys))
				}
			case 2:
				if name == "asset" && len(keys) > 0 {
					g.vertices[name][pick(random, keys)] = object{"name": key, "properties": map[string]any{"n": random.IntN(3), "tags": []string{"a"}}}
				}
			case 3, 4:
				link(g, random)
			case 5:
				g.edges["asset_vulnerability"][[2]string{pick(random, sorted(g.vertices["asset"])), fmt.Sprintf("never-%d", random.IntN(5))}] = object{}
			case 6:
				edges := pick(random, sorted(g.edges))
				if all := sortedEnds(g.edges[edges]); len(all) > 0 {
					delete(g.edges[edges], pick(random, all))
				}
			}
		}
	})
}

func pick[T any](random *rand.Rand, from []T) T { return from[random.IntN(len(from))] }

// remove takes a vertex away, and the edges at it.
func remove(g graph, name, key string) {
	delete(g.vertices[name], key)
	for edges := range g.edges {
		from, to, _ := strings.Cut(edges, "_")
		for ends := range g.edges[edges] {
			if from == name && ends[0] == key || to == name && ends[1] == key {
				delete(g.edges[edges], ends)
			}
		}
	}
}

// link joins two vertices.
func link(g graph, random *rand.Rand) {
	edges := pick(random, sorted(g.edges))
	from, to, _ := strings.Cut(edges, "_")
	if len(g.vertices[from]) == 0 || len(g.vertices[to]) == 0 {
		return
	}
	o := object{}
	if edges == "asset_vulnerability" {
		o["risk_score"] = float64(random.IntN(10))
	}
	g.edges[edges][[2]string{pick(random, sorted(g.vertices[from])), pick(random, sorted(g.vertices[to]))}] = o
}

// Sources with the same keys do not see each other.
func TestSourcesWithTheSameKeys(t *testing.T) {
	f := ready(t)
	c := &tabular{states: []graph{office(), changed(office(), func(g graph) { remove(g, "ipaddress", "10.0.0.1"); remove(g, "asset", "2") })}}
	other := f.options()
	other.CAR.Source = "another+office"
	for _, strategy := range []strategy{wholes, parts, deltas} {
		c.strategy, c.at = strategy, 0
		f.ok(c, map[bool]host.Mode{true: host.ModeFull, false: host.ModeIncremental}[strategy == wholes])
		if r := host.Import(context.Background(), &tabular{states: []graph{office()}}, other); r.ExitCode != 0 {
			t.Fatalf("%+v", r.Failure)
		}
		before, err := f.car.Graph(context.Background(), other.CAR.Source)
		if err != nil {
			t.Fatal(err)
		}
		c.at = 1
		f.ok(c, host.ModeIncremental)
		f.sameAsFull(c)
		after, err := f.car.Graph(context.Background(), other.CAR.Source)
		if diff := before.Diff(after); err != nil || len(diff) > 0 || len(before.Edges) == 0 {
			t.Errorf("the other source changed: %v %s", err, strings.Join(diff, "\n"))
		}
	}
}
