package host_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"carjs/host"
	"carjs/host/carserver"
)

// Vertices that lose their last edge are deleted when the run watches for it, and with them those
// that lose theirs thereby. What has another edge, is added, or is in a collection that nobody
// watches, stays.
func TestOrphans(t *testing.T) {
	for name, test := range map[string]struct {
		watch []string
		do    hook // in the step "vertices"
		left  []string
	}{
		"nobody watches": {
			nil, nil,
			[]string{
				"asset/1", "hostname/www.example.com", "ipaddress/10.0.0.1", "ipaddress/10.0.0.2", "vulnerability/v1",
			},
		},
		"one collection": {
			[]string{"ipaddress"}, nil,
			[]string{
				"asset/1", "hostname/www.example.com", "ipaddress/10.0.0.1", "ipaddress/10.0.0.2", "vulnerability/v1",
			},
		},
		"two collections": {[]string{"ipaddress", "vulnerability"}, nil,
			[]string{"asset/1", "hostname/www.example.com", "ipaddress/10.0.0.1", "ipaddress/10.0.0.2"}},
		"along a chain": {[]string{"ipaddress", "hostname", "vulnerability"}, func(ctx context.Context, run *host.Run) error {
			return run.Service().Delete(ctx, "ipaddress", []string{"10.0.0.2"})
		}, []string{"asset/1", "ipaddress/10.0.0.1"}},
		"added": {[]string{"vulnerability"}, func(_ context.Context, run *host.Run) error {
			return addVertex(run, "vulnerability", "v1", object{"name": "weak"})
		}, []string{"asset/1", "hostname/www.example.com", "ipaddress/10.0.0.1", "ipaddress/10.0.0.2", "vulnerability/v1"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := ready(t)
			c := &tabular{states: []graph{office()}}
			f.ok(c, host.ModeFull)
			c.hooks = map[string]hook{
				"vertices": func(ctx context.Context, run *host.Run) error {
					for _, collection := range test.watch {
						if err := run.Replace(ctx, collection, host.Scope{Orphans: true}); err != nil {
							return err
						}
					}
					if test.do != nil {
						return test.do(ctx, run)
					}
					return nil
				},
				"delete": func(ctx context.Context, run *host.Run) error {
					return run.Service().Delete(ctx, "asset", []string{"2"})
				},
			}
			if r := f.run(c); r.ExitCode != 0 {
				t.Fatalf("%+v", r.Failure)
			}
			var left []string
			for id := range f.graph().Vertices {
				left = append(left, id.String())
			}
			slices.Sort(left)
			equalLines(t, left, test.left)
		})
	}
}

// However an edge is switched off, its vertices lose it.
func TestOrphansOfEdgesThatAreSwitchedOff(t *testing.T) {
	for name, off := range map[string]hook{
		"PatchEdge": func(ctx context.Context, run *host.Run) error {
			return run.Service().PatchEdge(ctx, "asset_ipaddress", "2", "ipaddress/10.0.0.2", map[string]any{"active": false})
		},
		"reported so": func(_ context.Context, run *host.Run) error {
			draft, err := run.Submission().Link("asset_ipaddress", "2", "10.0.0.2")
			if err != nil {
				return err
			}
			return push(draft, object{"active": false})
		},
	} {
		for _, plain := range []bool{false, true} {
			t.Run(fmt.Sprint(name, plain), func(t *testing.T) {
				f := newFixture(t, carserver.Config{Prepared: true, PlainAddressIDs: plain})
				c := &tabular{states: []graph{changed(office(), func(g graph) { delete(g.edges, "ipaddress_hostname") })}}
				f.ok(c, host.ModeFull)
				c.hooks = map[string]hook{
					"vertices": func(ctx context.Context, run *host.Run) error {
						return run.Replace(ctx, "ipaddress", host.Scope{Orphans: true})
					},
					"edges": off,
				}
				f.ok(c, host.ModeIncremental)
				left := f.graph().Vertices
				_, one := left[carserver.VertexID{Collection: "ipaddress", Key: "10.0.0.1"}]
				_, two := left[carserver.VertexID{Collection: "ipaddress", Key: "10.0.0.2"}]
				if !one || two {
					t.Errorf("linked address there: %v, the other: %v", one, two)
				}
			})
		}
	}
}

func TestOrphansAreVertices(t *testing.T) {
	for _, scope := range []host.Scope{{Orphans: true}, {Orphans: true, Keys: []string{"1"}}} {
		collection := "asset_ipaddress"
		if scope.Keys != nil {
			collection = "asset"
		}
		_, r := importing(t, "vertices", func(ctx context.Context, run *host.Run) error { return run.Replace(ctx, collection, scope) })
		if r.ExitCode != 1 {
			t.Errorf("%s, %+v: exit code %d", collection, scope, r.ExitCode)
		}
	}
}
