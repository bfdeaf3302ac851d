package host_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"carjs/host"
	"carjs/host/model"
	"carjs/host/submit"
)

// graph is what a data source has: vertices by collection and key, edges by collection and ends.
type graph struct {
	vertices map[string]map[string]object
	edges    map[string]map[[2]string]object
}

type object map[string]any

// strategy is a way of a connector to bring changes over.
type strategy int

const (
	// wholes reports every collection in which anything changed anew.
	wholes strategy = iota
	// parts reports the changed vertices and the edges at them anew.
	parts
	// deltas sends what is there and deletes vertices itself; edges that are gone are reported anew
	// at their ends.
	deltas
	// plain sends what has changed, and nothing else.
	plain
)

// tabular is a connector whose data source is a table of states; the save point is the number of a
// state. It has no language and no network: what it does is what a connector would.
type tabular struct {
	states        []graph
	at            int
	strategy      strategy
	extension     *model.Extension
	head          host.Head
	noIncremental bool
	// hooks are called when the session comes to a step; an error is the connector's.
	hooks map[string]func(ctx context.Context, run *host.Run) error
	// point, when set, is the save point instead of the number of the state.
	point *string
	test  func(context.Context) (int, error)

	run         *host.Run
	steps       []string
	last, delta int
}

func (c *tabular) step(ctx context.Context, name string) error {
	c.steps = append(c.steps, name)
	if hook := c.hooks[name]; hook != nil {
		return hook(ctx, c.run)
	}
	return nil
}

func (c *tabular) Start(ctx context.Context, run *host.Run) error {
	c.run = run
	return c.step(ctx, "start")
}

func (c *tabular) SchemaExtension(ctx context.Context) (*model.Extension, error) {
	return c.extension, c.step(ctx, "extension")
}

func (c *tabular) TestConnection(ctx context.Context) (int, error) {
	if c.test != nil {
		return c.test(ctx)
	}
	return 0, c.step(ctx, "test")
}

func (c *tabular) FullImport() host.FullImport { return full{c} }

func (c *tabular) IncrementalImport() host.IncrementalImport {
	if c.noIncremental {
		return nil
	}
	return incremental{full{c}}
}

func (c *tabular) Close() error { return c.step(context.Background(), "close") }

type full struct{ *tabular }

func (c full) Head(ctx context.Context) (host.Head, error) { return c.head, c.step(ctx, "head") }

func (c full) NewSavePoint(ctx context.Context) (string, error) {
	err := c.step(ctx, "save point")
	if c.point != nil {
		return *c.point, err
	}
	return strconv.Itoa(c.at), err
}

func (c full) ImportVertices(ctx context.Context) error {
	if err := c.step(ctx, "vertices"); err != nil {
		return err
	}
	return c.addVertices(c.states[c.at], nil)
}

func (c full) ImportEdges(ctx context.Context) error {
	if err := c.step(ctx, "edges"); err != nil {
		return err
	}
	return c.addEdges(c.states[c.at], nil)
}

// addVertices adds what there is, or of that what is wanted.
func (c *tabular) addVertices(g graph, wanted func(collection, key string) bool) error {
	for _, name := range sorted(g.vertices) {
		for _, key := range sorted(g.vertices[name]) {
			if wanted != nil && !wanted(name, key) {
				continue
			}
			if err := addVertex(c.run, name, key, g.vertices[name][key]); err != nil {
				return err
			}
		}
	}
	return nil
}

func addVertex(run *host.Run, collection, key string, o object) error {
	draft, err := run.Submission().Vertex(collection)
	if err != nil {
		return err
	}
	c, _ := run.Model().Collection(collection)
	if i := strings.LastIndexByte(key, '/'); i >= 0 && collection == "ipaddress" {
		draft.String(c.KeyedBy, key[i+1:])
		draft.String("region_id", key[:i])
		return push(draft, o)
	}
	draft.String(c.KeyedBy, key)
	return push(draft, o)
}

func (c *tabular) addEdges(g graph, wanted func(collection string, ends [2]string) bool) error {
	for _, name := range sorted(g.edges) {
		for _, ends := range sortedEnds(g.edges[name]) {
			if wanted != nil && !wanted(name, ends) {
				continue
			}
			for _, o := range between(g.edges[name][ends]) {
				draft, err := c.run.Submission().Link(name, ends[0], ends[1])
				if err != nil {
					return err
				}
				if err := push(draft, o); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// beside is where an edge has the other edges between its vertices, as objects with other external
// ids.
const beside = "beside"

// between are all edges that an edge stands for.
func between(o object) []object {
	others, ok := o[beside].([]object)
	if !ok {
		return []object{o}
	}
	o = maps.Clone(o)
	delete(o, beside)
	return append([]object{o}, others...)
}

func push(draft *submit.Draft, o object) error {
	for _, name := range sorted(o) {
		switch v := o[name].(type) {
		case string:
			draft.String(name, v)
		case float64:
			draft.Number(name, v)
		case bool:
			draft.Bool(name, v)
		default:
			text, err := json.Marshal(v)
			if err != nil {
				return err
			}
			draft.JSON(name, text)
		}
	}
	_, err := draft.Commit()
	return err
}

// incremental finds out what changed by comparing two states.
type incremental struct{ full }

func (c incremental) LoadDelta(ctx context.Context, last, current string) error {
	if err := c.step(ctx, "delta"); err != nil {
		return err
	}
	var err error
	if c.last, err = strconv.Atoi(last); err != nil {
		return err
	}
	c.delta, err = strconv.Atoi(current)
	return err
}

func (c incremental) before() graph { return c.states[c.last] }
func (c incremental) after() graph  { return c.states[c.delta] }

// changed are the keys of a collection whose vertices came, went or changed, be it for a while: the
// log of changes of a data source has those too that were taken back.
func (c incremental) changed(collection string) []string {
	return touched(c, func(g graph) map[string]object { return g.vertices[collection] })
}

func (c incremental) changedEdges(collection string) [][2]string {
	return touched(c, func(g graph) map[[2]string]object { return g.edges[collection] })
}

// touched are the keys that differ between any two states that follow one another, in a definite
// order.
func touched[K comparable](c incremental, part func(graph) map[K]object) []K {
	found := differing(part(c.before()), part(c.after()))
	for i := c.last; i < c.delta; i++ {
		found = append(found, differing(part(c.states[i]), part(c.states[i+1]))...)
	}
	slices.SortFunc(found, func(a, b K) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return slices.Compact(found)
}

func differing[K comparable](before, after map[K]object) []K {
	keys := []K{}
	for key, o := range before {
		if now, ok := after[key]; !ok || !sameObject(o, now) {
			keys = append(keys, key)
		}
	}
	for key := range after {
		if _, ok := before[key]; !ok {
			keys = append(keys, key)
		}
	}
	return keys
}

func sameObject(a, b object) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}

func (c incremental) ImportVertices(ctx context.Context) error {
	if err := c.step(ctx, "vertices"); err != nil {
		return err
	}
	wanted := map[string]map[string]bool{}
	for _, name := range sorted(union(c.before().vertices, c.after().vertices)) {
		keys := c.changed(name)
		if len(keys) == 0 {
			continue
		}
		scope := host.Scope{}
		wanted[name] = nil // all
		if c.strategy != wholes {
			scope.Keys, wanted[name] = keys, set(keys)
		}
		if c.strategy < deltas {
			if err := c.run.Replace(ctx, name, scope); err != nil {
				return err
			}
		}
	}
	return c.addVertices(c.after(), func(name, key string) bool {
		keys, ok := wanted[name]
		return ok && (keys == nil || keys[key])
	})
}

func (c incremental) ImportEdges(ctx context.Context) error {
	if err := c.step(ctx, "edges"); err != nil {
		return err
	}
	froms := map[string]map[string]bool{}
	for _, name := range sorted(union(c.before().edges, c.after().edges)) {
		changed := c.changedEdges(name)
		if len(changed) == 0 {
			continue
		}
		scope := host.Scope{}
		froms[name] = nil // all
		if c.strategy != wholes {
			for _, ends := range changed {
				scope.From = append(scope.From, ends[0])
			}
			froms[name] = set(scope.From)
		}
		if c.strategy == plain {
			continue
		}
		if err := c.run.Replace(ctx, name, scope); err != nil {
			return err
		}
	}
	return c.addEdges(c.after(), func(name string, ends [2]string) bool {
		from, ok := froms[name]
		return ok && (from == nil || from[ends[0]])
	})
}

func (c incremental) DeleteVertices(ctx context.Context) error {
	if err := c.step(ctx, "delete"); err != nil || c.strategy != deltas {
		return err
	}
	for _, name := range sorted(c.before().vertices) {
		var gone []string
		for _, key := range c.changed(name) {
			if _, there := c.after().vertices[name][key]; !there {
				gone = append(gone, key)
			}
		}
		if err := c.run.Service().Delete(ctx, name, gone); err != nil {
			return err
		}
	}
	return nil
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func sortedEnds(m map[[2]string]object) [][2]string {
	return slices.SortedFunc(maps.Keys(m), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
}

func union[V any](a, b map[string]V) map[string]bool {
	names := map[string]bool{}
	for name := range a {
		names[name] = true
	}
	for name := range b {
		names[name] = true
	}
	return names
}

func set(keys []string) map[string]bool {
	m := map[string]bool{}
	for _, key := range keys {
		m[key] = true
	}
	return m
}

// office is a small data source with vertices of both kinds and edges with and without properties.
func office() graph {
	return graph{
		vertices: map[string]map[string]object{
			"asset":         {"1": {"name": "desk"}, "2": {"name": "server", "business_value": 5.0}},
			"ipaddress":     {"10.0.0.1": {}, "10.0.0.2": {}},
			"hostname":      {"www.example.com": {}},
			"vulnerability": {"v1": {"name": "weak", "base_score": 7.5}},
		},
		edges: map[string]map[[2]string]object{
			"asset_ipaddress":     {{"1", "10.0.0.1"}: {}, {"2", "10.0.0.2"}: {}},
			"ipaddress_hostname":  {{"10.0.0.2", "www.example.com"}: {}},
			"asset_vulnerability": {{"2", "v1"}: {"risk_score": 3.0}},
		},
	}
}

// changed is a copy of a graph with a change.
func changed(g graph, change func(graph)) graph {
	c := graph{vertices: map[string]map[string]object{}, edges: map[string]map[[2]string]object{}}
	for name, objects := range g.vertices {
		c.vertices[name] = maps.Clone(objects)
	}
	for name, objects := range g.edges {
		c.edges[name] = maps.Clone(objects)
	}
	change(c)
	return c
}

func TestOfficeIsSound(t *testing.T) {
	for name, objects := range office().vertices {
		c, ok := model.CAR().Collection(name)
		if !ok {
			t.Fatalf("no collection %s", name)
		}
		for key, o := range objects {
			whole := maps.Clone(o)
			whole[c.KeyedBy] = key
			if faults := c.Validate(model.Normalize(c, whole)); len(faults) > 0 {
				t.Errorf("%s/%s: %s", name, key, model.Faults(faults))
			}
		}
	}
}
