package host_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"carjs/host"
	"carjs/host/failure"
)

// hundred is a source of a hundred assets, each with an address.
func hundred() graph {
	g := graph{
		vertices: map[string]map[string]object{"asset": {}, "ipaddress": {}},
		edges:    map[string]map[[2]string]object{"asset_ipaddress": {}},
	}
	for i := range 100 {
		key, address := fmt.Sprint(i), fmt.Sprintf("10.0.0.%d", i)
		g.vertices["asset"][key] = object{"name": key}
		g.vertices["ipaddress"][address] = object{}
		g.edges["asset_ipaddress"][[2]string{key, address}] = object{}
	}
	return g
}

func limit(percent float64, count int) *host.Limit {
	return &host.Limit{Percent: percent, Count: count}
}

// Deletions that a connector makes one by one add up, and the first that goes beyond the limit is
// not made. What is not in CAR does not count, and CAR is asked for a size once.
func TestDeletionsAddUp(t *testing.T) {
	deleteUpTo := func(n int) hook {
		return func(ctx context.Context, run *host.Run) error {
			for i := range n {
				if err := run.Service().Delete(ctx, "asset", []string{fmt.Sprint(i), fmt.Sprint("gone", i)}); err != nil {
					return err
				}
			}
			return nil
		}
	}
	deactivateUpTo := func(n int) hook {
		return func(ctx context.Context, run *host.Run) error {
			for i := range n {
				err := run.Service().PatchEdge(ctx, "asset_ipaddress", fmt.Sprint(i), fmt.Sprintf("10.0.0.%d", i), map[string]any{"active": false})
				if err != nil {
					return err
				}
			}
			return nil
		}
	}
	many := func(n int) []string {
		var keys []string
		for i := range n {
			keys = append(keys, fmt.Sprint(i))
		}
		return keys
	}
	for _, test := range []struct {
		name       string
		limit      *host.Limit
		do         hook
		says       string // "" where all goes well
		collection string
		left       int
	}{
		{"half", nil, deleteUpTo(50), "", "asset", 50},
		{"more than half", nil, deleteUpTo(51), "asset: 51 of 100 would be deleted, and the limit is 50%", "asset", 100},
		{"few, where half is fewer", limit(1, 0), deleteUpTo(24), "", "asset", 76},
		{"a number", limit(0, 3), deleteUpTo(3), "", "asset", 97},
		{"more than a number", limit(0, 3), deleteUpTo(4), "asset: 4 of 100 would be deleted, and the limit is 3", "asset", 100},
		{"none", limit(0, 0), deleteUpTo(1), "asset: 1 of 100 would be deleted, and the limit is 0", "asset", 100},
		{"off", &host.Limit{Off: true}, deleteUpTo(100), "", "asset", 0},
		{"at once", nil, func(ctx context.Context, run *host.Run) error {
			return run.Service().Delete(ctx, "asset", many(60))
		}, "asset: 60 of 100 would be deleted", "asset", 100},
		{"at once, most of it not there", nil, func(ctx context.Context, run *host.Run) error {
			return run.Service().Delete(ctx, "asset", append(many(40), strings.Split(strings.Repeat("x,", 400), ",")...))
		}, "", "asset", 60},
		{"few edges, which are all", nil, deactivateUpTo(100), "", "asset_ipaddress", 0},
		{"of a replaced collection", nil, func(ctx context.Context, run *host.Run) error {
			return run.Service().Delete(ctx, "ipaddress", nil)
		}, "", "ipaddress", 100},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := ready(t)
			c := &tabular{states: []graph{hundred()}}
			f.ok(c, host.ModeFull)
			f.sequence()
			c.hooks = map[string]hook{"delete": test.do}
			options := f.options()
			options.MaxDeletions = test.limit
			r := host.Import(context.Background(), c, options)
			if test.says == "" && r.Failure != nil || test.says != "" && (r.Failure == nil || !strings.Contains(r.Failure.Message, test.says) ||
				r.Failure.Kind != failure.Recoverable || !strings.Contains(r.Failure.Hint, "-allow-deletions")) {
				t.Errorf("%+v, want %q", r.Failure, test.says)
			}
			left := 0
			for id := range f.graph().Vertices {
				if id.Collection == test.collection {
					left++
				}
			}
			for id := range f.graph().Edges {
				if id.Collection == test.collection {
					left++
				}
			}
			if left != test.left {
				t.Errorf("%d are left, want %d", left, test.left)
			}
			if r.SavePoint != "0" {
				t.Errorf("save point %q", r.SavePoint)
			}
		})
	}
}

// Of edges, a run may deactivate more, and of some hundreds not almost all.
func TestDeactivationsAddUp(t *testing.T) {
	many := graph{
		vertices: map[string]map[string]object{"asset": {}, "ipaddress": {}},
		edges:    map[string]map[[2]string]object{"asset_ipaddress": {}},
	}
	for i := range 20 {
		many.vertices["asset"][fmt.Sprint(i)] = object{"name": "x"}
		many.vertices["ipaddress"][fmt.Sprintf("10.0.0.%d", i)] = object{}
		for j := range 15 {
			many.edges["asset_ipaddress"][[2]string{fmt.Sprint(i), fmt.Sprintf("10.0.0.%d", j)}] = object{}
		}
	}
	for n, says := range map[int]string{270: "", 271: "asset_ipaddress: 271 of 300 would be deleted, and the limit is 90%"} {
		f := ready(t)
		c := &tabular{states: []graph{many}}
		f.ok(c, host.ModeFull)
		c.hooks = map[string]hook{"delete": func(ctx context.Context, run *host.Run) error {
			for i := range n {
				err := run.Service().PatchEdge(ctx, "asset_ipaddress", fmt.Sprint(i/15), fmt.Sprintf("10.0.0.%d", i%15),
					map[string]any{"active": false})
				if err != nil {
					return err
				}
			}
			return nil
		}}
		r := f.run(c)
		want := 30
		if says != "" {
			want = 300 // nothing is removed where all of it would be too much
		}
		if left := len(f.graph().Edges); left != want || (says == "") != (r.Failure == nil) ||
			r.Failure != nil && (r.ExitCode != 10 || !strings.Contains(r.Failure.Message, says)) {
			t.Errorf("%d: %d are left, %+v", n, left, r.Failure)
		}
	}
}

// What a connector removes while it adds waits too: however it goes about it, nothing is removed
// where all of it would be too much. An object that the import adds stays.
func TestRemovalsWaitForTheEnd(t *testing.T) {
	removing := func(n int) hook {
		return func(ctx context.Context, run *host.Run) error {
			for i := range n {
				if err := run.Service().Delete(ctx, "asset", []string{fmt.Sprint(i)}); err != nil {
					return err
				}
				err := run.Service().PatchEdge(ctx, "asset_ipaddress", fmt.Sprint(99-i), fmt.Sprintf("10.0.0.%d", 99-i), map[string]any{"active": false})
				if err != nil {
					return err
				}
			}
			return nil
		}
	}
	for _, step := range []string{"vertices", "edges", "delete"} {
		for _, mode := range []host.Mode{host.ModeIncremental, host.ModeFull} {
			for n, want := range map[int][2]int{40: {60, 20}, 51: {100, 100}} {
				t.Run(fmt.Sprint(step, mode, n), func(t *testing.T) {
					if mode == host.ModeFull && step == "delete" {
						t.Skip("a full import has no such step")
					}
					f := ready(t)
					c := &tabular{states: []graph{hundred()}}
					f.ok(c, host.ModeFull)
					c.hooks = map[string]hook{step: removing(n)}
					options := f.options()
					options.Full = mode == host.ModeFull
					r := host.Import(context.Background(), c, options)
					if mode == host.ModeFull { // which adds everything, and what is added stays
						want = [2]int{100, len(f.graph().Edges)}
						if r.ExitCode != 0 {
							t.Errorf("%+v", r.Failure)
						}
					} else if (r.ExitCode == 10) != (n == 51) {
						t.Errorf("exit code %d: %+v", r.ExitCode, r.Failure)
					}
					assets, edges := 0, len(f.graph().Edges)
					for id := range f.graph().Vertices {
						if id.Collection == "asset" {
							assets++
						}
					}
					if got := [2]int{assets, edges}; got != want {
						t.Errorf("%v assets and edges are left, want %v", got, want)
					}
				})
			}
		}
	}
}

// A vertex that an import both adds and deletes is in the data source: it stays, and that is told.
func TestAddedAndDeleted(t *testing.T) {
	add := func(ctx context.Context, run *host.Run) error {
		return addVertex(run, "asset", "1", object{"name": "anew"})
	}
	del := func(ctx context.Context, run *host.Run) error {
		return run.Service().DeleteAt(ctx, "asset", []string{"1", "2"}, "src/main.ts:7:8")
	}
	for name, hooks := range map[string]map[string]hook{
		"added first": {"vertices": add, "delete": del},
		"deleted first": {"vertices": func(ctx context.Context, run *host.Run) error {
			if err := del(ctx, run); err != nil {
				return err
			}
			return add(ctx, run)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			f := ready(t)
			c := &tabular{states: []graph{office()}}
			f.ok(c, host.ModeFull)
			c.hooks = hooks
			if r := f.run(c); r.ExitCode != 0 || r.Collections["asset"].Deleted != 1 {
				t.Errorf("%+v %+v", r.Failure, r.Collections)
			}
			var assets []string
			for id := range f.graph().Vertices {
				if id.Collection == "asset" {
					assets = append(assets, id.String())
				}
			}
			if got := strings.Join(assets, " "); got != "asset/1" {
				t.Errorf("CAR has %s", got)
			}
			if log := f.log.String(); !strings.Contains(log, "kept vertices that this import both added and deleted") ||
				!strings.Contains(log, "src/main.ts:7:8") {
				t.Errorf("log: %s", log)
			}
		})
	}
}

// An edge that is switched off before it is added stays, and one that is switched off after it was
// added goes.
func TestSwitchedOffAndAdded(t *testing.T) {
	off := func(ctx context.Context, run *host.Run) error {
		return run.Service().PatchEdge(ctx, "asset_ipaddress", "1", "10.0.0.1", map[string]any{"active": false})
	}
	add := func(_ context.Context, run *host.Run) error {
		draft, err := run.Submission().Link("asset_ipaddress", "1", "10.0.0.1")
		if err == nil {
			_, err = draft.Commit()
		}
		return err
	}
	for name, test := range map[string]struct {
		steps []hook
		stays bool
	}{"off": {[]hook{off}, false}, "off, added": {[]hook{off, add}, true}, "added, off": {[]hook{add, off}, false},
		"off, added, off": {[]hook{off, add, off}, false}, "off, off, added, added": {[]hook{off, off, add, add}, true}} {
		t.Run(name, func(t *testing.T) {
			f := ready(t)
			c := &tabular{states: []graph{office()}}
			f.ok(c, host.ModeFull)
			c.hooks = map[string]hook{"edges": func(ctx context.Context, run *host.Run) error {
				for _, step := range test.steps {
					if err := step(ctx, run); err != nil {
						return err
					}
				}
				return nil
			}}
			if r := f.run(c); r.ExitCode != 0 {
				t.Fatalf("%+v", r.Failure)
			}
			stays := false
			for id := range f.graph().Edges {
				stays = stays || strings.HasPrefix(id.String(), "asset_ipaddress/1 -> 10.0.0.1")
			}
			if stays != test.stays {
				t.Errorf("stays: %v, want %v", stays, test.stays)
			}
		})
	}
}

// What an import did not report and what its connector deletes by itself count together, each once.
func TestPlannedDeletionsCountOnce(t *testing.T) {
	for _, test := range []struct {
		name string
		gone int      // assets that are not reported
		also []string // deleted by the connector
		code int
		left int
	}{
		{"the same", 40, []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"}, 0, 60},
		{"others", 40, []string{"50", "51", "52", "53", "54", "55", "56", "57", "58", "59"}, 0, 50},
		{"others, and too many", 40, []string{"50", "51", "52", "53", "54", "55", "56", "57", "58", "59", "60"}, 10, 100},
		{"too many", 51, nil, 10, 100},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := ready(t)
			c := &tabular{states: []graph{hundred()}}
			f.ok(c, host.ModeFull)
			c.hooks = map[string]hook{
				"vertices": func(ctx context.Context, run *host.Run) error {
					others := func(i int) bool { return i >= 50 && test.gone <= 40 && slices.Contains(test.also, fmt.Sprint(i)) }
					var scope []string
					for i := range 100 {
						if !others(i) {
							scope = append(scope, fmt.Sprint(i))
						}
					}
					if err := run.Replace(ctx, "asset", host.Scope{Keys: scope}); err != nil {
						return err
					}
					for i := test.gone; i < 100; i++ {
						if others(i) {
							continue
						}
						if err := addVertex(run, "asset", fmt.Sprint(i), object{"name": fmt.Sprint(i)}); err != nil {
							return err
						}
					}
					return nil
				},
				"delete": func(ctx context.Context, run *host.Run) error { return run.Service().Delete(ctx, "asset", test.also) },
			}
			r := f.run(c)
			left := 0
			for id := range f.graph().Vertices {
				if id.Collection == "asset" {
					left++
				}
			}
			if r.ExitCode != test.code || left != test.left {
				t.Errorf("exit code %d, %d are left: %+v", r.ExitCode, left, r.Failure)
			}
		})
	}
}

// A full import that is stopped retires nothing, and is repeated.
func TestRetiringIsLimited(t *testing.T) {
	f := ready(t)
	few := changed(hundred(), func(g graph) {
		for i := range 60 {
			remove(g, "asset", fmt.Sprint(i))
		}
	})
	c := &tabular{states: []graph{hundred(), few}}
	f.ok(c, host.ModeFull)
	before := f.graph()
	c.at = 1
	options := f.options()
	options.Full = true
	r := host.Import(context.Background(), c, options)
	if r.ExitCode != 10 || !strings.Contains(r.Failure.Message, "asset: 60 of 100") || r.SavePoint != "" || f.savePoint() != "" {
		t.Fatalf("%+v, save point %q", r.Failure, f.savePoint())
	}
	if diff := before.Diff(f.graph()); len(diff) > 0 {
		t.Errorf("CAR changed: %v", diff)
	}
	options = f.options()
	options.MaxDeletions = &host.Limit{Off: true}
	r = host.Import(context.Background(), c, options)
	if r.ExitCode != 0 || r.Mode != host.ModeFull || r.Collections["asset"].Retired != 60 {
		t.Errorf("%+v %+v", r.Failure, r.Collections)
	}
	f.sameAsFull(c)
}

// A query that CAR refuses for a reason of its own says nothing about what there is: an import that
// would empty CAR does not go on without having counted.
func TestSizesThatCARRefuses(t *testing.T) {
	f := ready(t)
	c := &tabular{states: []graph{hundred(), {}}}
	f.ok(c, host.ModeFull)
	before := f.graph()
	c.at = 1
	f.setFault(func(w http.ResponseWriter, _ *http.Request, request string) bool {
		if request == "POST query" {
			fmt.Fprint(w, `{"errors":[{"extensions":{"path":"$","code":"unexpected"},"message":"timeout"}]}`)
		}
		return request == "POST query"
	})
	options := f.options()
	options.Full = true
	r := host.Import(context.Background(), c, options)
	if r.ExitCode != 10 || !strings.Contains(r.Failure.Message, "timeout") {
		t.Errorf("exit code %d: %+v", r.ExitCode, r.Failure)
	}
	if diff := before.Diff(f.graph()); len(diff) > 0 {
		t.Errorf("CAR changed: %v", diff)
	}
	options.MaxDeletions = &host.Limit{Off: true}
	if r := host.Import(context.Background(), c, options); r.ExitCode != 0 {
		t.Errorf("without a limit: %+v", r.Failure)
	}
	f.heal()
	if diff := before.Diff(f.graph()); len(diff) == 0 {
		t.Error("nothing was retired without a limit")
	}
}
