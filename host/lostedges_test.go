package host_test

import (
	"context"
	"testing"

	"carjs/host"
)

// A vertex that is invalid, or missing, and comes later has the edges that a full import gives it,
// although the data source reports the objects at their other ends no more.
func TestVertexComesLater(t *testing.T) {
	invalid := object{"name": 5.0}
	scope := func(keys ...string) *host.Scope { return &host.Scope{Keys: keys} }
	// step is what an incremental import reports of assets: one of them, and maybe its edge.
	type step struct {
		scope *host.Scope
		asset object // nil reports none
		edge  bool
		mode  host.Mode
	}
	for name, test := range map[string]struct {
		first object // the asset 1 of the full import; nil leaves it out
		steps []step
	}{
		"invalid in the full import":  {invalid, []step{{nil, object{"name": "chair"}, false, host.ModeFull}}},
		"missing in the full import":  {nil, []step{{nil, object{"name": "chair"}, false, host.ModeFull}}},
		"with its edge":               {nil, []step{{nil, object{"name": "chair"}, true, host.ModeIncremental}}},
		"something else before":       {nil, []step{{nil, nil, false, host.ModeIncremental}, {nil, object{"name": "chair"}, false, host.ModeFull}}},
		"still invalid in between":    {invalid, []step{{nil, invalid, false, host.ModeIncremental}, {nil, object{"name": "chair"}, false, host.ModeFull}}},
		"invalid later, replaced":     {object{"name": "a"}, []step{{scope("1"), invalid, false, host.ModeIncremental}, {scope("1"), object{"name": "b"}, false, host.ModeFull}}},
		"invalid later, not replaced": {object{"name": "a"}, []step{{nil, invalid, false, host.ModeIncremental}, {nil, object{"name": "b"}, false, host.ModeIncremental}}},
		"and it stays incremental": {invalid, []step{{nil, object{"name": "b"}, false, host.ModeFull},
			{nil, object{"name": "c"}, false, host.ModeIncremental}}},
	} {
		t.Run(name, func(t *testing.T) {
			// The edges' other ends are never reported again.
			state := func(asset object) graph {
				return changed(office(), func(g graph) {
					if g.vertices["asset"]["1"] = asset; asset == nil {
						delete(g.vertices["asset"], "1")
					}
				})
			}
			f := ready(t)
			c := &tabular{states: []graph{state(test.first)}}
			f.ok(c, host.ModeFull)
			for i, s := range test.steps {
				now := test.first
				for _, done := range test.steps[:i+1] {
					if done.asset != nil {
						now = done.asset
					}
				}
				next := &tabular{states: []graph{state(now)}, hooks: map[string]hook{
					"vertices": func(ctx context.Context, run *host.Run) error {
						if run.Mode() == host.ModeFull || s.asset == nil {
							return nil
						}
						if s.scope != nil {
							if err := run.Replace(ctx, "asset", *s.scope); err != nil {
								return err
							}
						}
						return addVertex(run, "asset", "1", s.asset)
					},
					"edges": func(_ context.Context, run *host.Run) error {
						if run.Mode() == host.ModeFull || !s.edge {
							return nil
						}
						for ends := range office().edges["asset_ipaddress"] {
							if ends[0] != "1" {
								continue
							}
							draft, err := run.Submission().Link("asset_ipaddress", ends[0], ends[1])
							if err == nil {
								_, err = draft.Commit()
							}
							if err != nil {
								return err
							}
						}
						return nil
					},
				}}
				r := f.run(next)
				if r.ExitCode != 0 || r.Mode != s.mode {
					t.Fatalf("step %d: mode %s, want %s: %+v", i, r.Mode, s.mode, r.Failure)
				}
				if i == len(test.steps)-1 {
					f.sameAsFull(next)
				}
			}
		})
	}
}
