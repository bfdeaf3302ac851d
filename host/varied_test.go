package host_test

import (
	"context"
	"maps"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"

	"carjs/host"
	"carjs/host/model"
)

// varied is a connector that brings every change over in another way: collection by collection it
// reports all of it, a part, or only what changed, and removes itself what is gone.
type varied struct {
	*tabular
	random *rand.Rand
	data   *everything
}

func (v *varied) FullImport() host.FullImport { return variedFull{full{v.tabular}, v} }

func (v *varied) IncrementalImport() host.IncrementalImport {
	return &variedDelta{incremental: incremental{full{v.tabular}}, v: v}
}

type variedFull struct {
	full
	v *varied
}

// ImportVertices says of every vertex which tags it has and which not, because CAR keeps those that
// nothing is said of.
func (f variedFull) ImportVertices(context.Context) error {
	return f.v.vertices(graph{}, f.states[f.at], func(string, string) bool { return true })
}

func (v *varied) vertices(before, after graph, wanted func(collection, key string) bool) error {
	for _, name := range sorted(after.vertices) {
		for _, key := range sorted(after.vertices[name]) {
			if !wanted(name, key) {
				continue
			}
			o := maps.Clone(after.vertices[name][key])
			had, _ := before.vertices[name][key]["tag"].([]string)
			if before.vertices == nil {
				had = tags
			}
			has, _ := o["tag"].([]string)
			if gone := without(had, has); len(gone) > 0 {
				o["untag"] = gone
			}
			for range 1 + v.random.IntN(2) { // the second one is a duplicate
				if err := addVertex(v.run, name, v.spelled(name, key), o); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// ImportEdges spells the addresses in whatever way.
func (f variedFull) ImportEdges(context.Context) error {
	return f.v.edges(f.states[f.at], func(string, [2]string) bool { return true }, f.v.spelled)
}

func (v *varied) edges(g graph, wanted func(collection string, ends [2]string) bool, name func(collection, key string) string) error {
	for _, c := range v.run.Model().Edges() {
		for _, ends := range sortedEnds(g.edges[c.Name]) {
			if !wanted(c.Name, ends) {
				continue
			}
			objects := between(g.edges[c.Name][ends])
			v.random.Shuffle(len(objects), func(i, j int) { objects[i], objects[j] = objects[j], objects[i] })
			for n := range len(objects) + v.random.IntN(2) {
				draft, err := v.run.Submission().Link(c.Name, name(c.From, ends[0]), name(c.To, ends[1]))
				if err != nil {
					return err
				}
				if err := push(draft, objects[n%len(objects)]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// spelled is a key in one of its spellings: an address may be written in several ways.
func (v *varied) spelled(collection, key string) string {
	if !model.Regional(collection) || v.random.IntN(2) == 0 {
		return key
	}
	region, text := "", key
	if i := strings.LastIndexByte(key, '/'); i >= 0 {
		region, text = key[:i+1], key[i+1:]
	}
	address, err := netip.ParseAddr(text)
	switch {
	case err != nil:
		return key
	case address.Is4():
		return region + "0" + text
	case v.random.IntN(2) == 0:
		return region + strings.ToUpper(text)
	}
	return region + address.StringExpanded()
}

func without(these, those []string) []string {
	return slices.DeleteFunc(slices.Clone(these), func(s string) bool { return slices.Contains(those, s) })
}

type variedDelta struct {
	incremental
	v *varied
	// gone are the vertices to delete in the end.
	gone map[string][]string
	// reported tells which edges of a collection are reported.
	reported map[string]func(ends [2]string) bool
}

// plan decides how the edges of each collection come over, and says so to CAR's session.
func (d *variedDelta) plan(ctx context.Context, c *model.Collection) (func(ends [2]string) bool, error) {
	before, after := d.before().sound(c), d.after().sound(c)
	changed, dangling, severally := differing(before, after), false, false
	for _, ends := range d.changedEdges(c.Name) {
		if !slices.Contains(changed, ends) { // CAR may have an edge whose vertex is not there
			changed, dangling = append(changed, ends), true
		}
	}
	slices.SortFunc(changed, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	is := map[[2]string]bool{}
	var scope host.Scope
	for _, ends := range changed {
		is[ends] = true
		if before[ends][beside] != nil || after[ends][beside] != nil {
			severally = true
		}
		scope.From, scope.To = append(scope.From, d.given(c.From, ends[0])), append(scope.To, d.given(c.To, ends[1]))
	}
	from, to := set(first(changed, 0)), set(first(changed, 1))
	way := d.v.random.IntN(6)
	if dangling || severally { // a patch is about all edges between two vertices
		way %= 5
	}
	switch {
	case len(changed) == 0 && way > 0:
		return func([2]string) bool { return false }, nil
	case way < 2:
		return d.replaceEdges(ctx, c, host.Scope{}, func([2]string) bool { return true })
	case way == 2:
		scope.To = nil
		return d.replaceEdges(ctx, c, scope, func(ends [2]string) bool { return from[ends[0]] })
	case way == 3:
		scope.From = nil
		return d.replaceEdges(ctx, c, scope, func(ends [2]string) bool { return to[ends[1]] })
	case way == 4:
		return d.replaceEdges(ctx, c, scope, func(ends [2]string) bool { return from[ends[0]] || to[ends[1]] })
	}
	for _, ends := range changed {
		done, err := d.patch(ctx, c, ends, before, after)
		if err != nil {
			return nil, err
		}
		is[ends] = !done
	}
	return func(ends [2]string) bool { return is[ends] }, nil
}

// replaceEdges replaces a part of a collection, and changes some of it before or after that.
func (d *variedDelta) replaceEdges(
	ctx context.Context, c *model.Collection, scope host.Scope, wanted func([2]string) bool,
) (func([2]string) bool, error) {
	first := d.v.random.IntN(2) == 0
	if first {
		if err := d.tamper(ctx, c, wanted); err != nil {
			return nil, err
		}
	}
	if err := d.run.Replace(ctx, c.Name, scope); err != nil || first {
		return wanted, err
	}
	return wanted, d.tamper(ctx, c, wanted)
}

// tamper changes edges that are about to be reported, or brings back those that were switched off.
func (d *variedDelta) tamper(ctx context.Context, c *model.Collection, wanted func([2]string) bool) error {
	before, after := d.before().sound(c), d.after().sound(c)
	for _, ends := range sortedEnds(after) {
		was := before[ends]
		if was == nil || after[ends]["active"] == false || !wanted(ends) || d.v.random.IntN(4) > 0 {
			continue
		}
		fields := map[string]any{"properties": map[string]any{"tampered": true}}
		if was[beside] == nil {
			fields["external_id"] = "tampered"
		}
		if was["active"] == false {
			if !d.v.data.held(c, ends) {
				continue // CAR has never had it
			}
			fields["active"] = true
		}
		if err := d.patchEdge(ctx, c, ends, fields); err != nil {
			return err
		}
	}
	return nil
}

func (d *variedDelta) patchEdge(ctx context.Context, c *model.Collection, ends [2]string, fields map[string]any) error {
	return d.run.Service().PatchEdge(ctx, c.Name, d.given(c.From, ends[0]), d.given(c.To, ends[1]), fields)
}

func first(edges [][2]string, i int) []string {
	keys := make([]string, len(edges))
	for n, ends := range edges {
		keys[n] = ends[i]
	}
	return keys
}

// given is a key as a connector may name it as well.
func (d *variedDelta) given(collection, key string) string {
	key = d.v.spelled(collection, key)
	if c, _ := d.run.Model().Collection(collection); c.KeyedBy == model.ByKey && d.v.random.IntN(3) == 0 {
		return collection + "/" + key
	}
	return key
}

// patch changes an edge in place; done tells that it need not be reported any more.
func (d *variedDelta) patch(ctx context.Context, c *model.Collection, ends [2]string, before, after map[[2]string]object) (bool, error) {
	was, is := before[ends], after[ends]
	if was == nil || was["active"] == false {
		return false, nil
	}
	if is == nil || is["active"] == false && d.v.random.IntN(2) == 0 {
		return true, d.patchEdge(ctx, c, ends, map[string]any{"active": false})
	}
	fields := map[string]any{}
	for name := range was {
		fields[name] = nil
	}
	maps.Copy(fields, is)
	if is["active"] == nil && d.v.random.IntN(2) == 0 {
		fields["active"] = true
	}
	if len(fields) == 0 {
		return false, nil
	}
	return d.v.random.IntN(2) == 0, d.patchEdge(ctx, c, ends, fields)
}

func (d *variedDelta) ImportVertices(ctx context.Context) error {
	d.gone, d.reported = map[string][]string{}, map[string]func([2]string) bool{}
	for _, c := range d.run.Model().Vertices() {
		if d.v.data.linked && d.v.data.leaf(c.Name) {
			if err := d.run.Replace(ctx, c.Name, host.Scope{Orphans: true}); err != nil {
				return err
			}
		}
	}
	for _, c := range d.run.Model().Edges() {
		wanted, err := d.plan(ctx, c)
		if err != nil {
			return err
		}
		d.reported[c.Name] = wanted
	}
	wanted := map[string]func(key string) bool{}
	for _, c := range d.run.Model().Vertices() {
		var err error
		if wanted[c.Name], err = d.replace(ctx, c); err != nil {
			return err
		}
	}
	return d.v.vertices(d.before(), d.after(), func(name, key string) bool { return wanted[name](key) })
}

// replace decides how the vertices of a collection come over.
func (d *variedDelta) replace(ctx context.Context, c *model.Collection) (func(key string) bool, error) {
	changed := d.changed(c.Name)
	slices.Sort(changed)
	is := set(changed)
	if d.v.data.linked && d.v.data.leaf(c.Name) {
		for _, edges := range d.run.Model().EdgesAt(c.Name) {
			for ends := range d.after().edges[edges.Name] {
				for i, end := range []string{edges.From, edges.To} {
					if end == c.Name && d.reported[edges.Name](ends) {
						is[ends[i]] = true
					}
				}
			}
		}
		return func(key string) bool { return is[key] }, nil
	}
	way := d.v.random.IntN(5)
	switch {
	case len(changed) == 0 && way > 0:
		return func(string) bool { return false }, nil
	case way < 2:
		return func(string) bool { return true }, d.run.Replace(ctx, c.Name, host.Scope{})
	case way == 2:
		scope := host.Scope{Keys: []string{}}
		for _, key := range changed {
			scope.Keys = append(scope.Keys, d.given(c.Name, key))
		}
		return func(key string) bool { return is[key] }, d.run.Replace(ctx, c.Name, scope)
	}
	for _, key := range changed {
		if d.after().vertices[c.Name][key] == nil {
			d.gone[c.Name] = append(d.gone[c.Name], d.v.spelled(c.Name, key))
		}
	}
	return func(key string) bool { return is[key] }, nil
}

func (d *variedDelta) ImportEdges(context.Context) error {
	return d.v.edges(d.after(), func(name string, ends [2]string) bool { return d.reported[name](ends) }, d.given)
}

func (d *variedDelta) DeleteVertices(ctx context.Context) error {
	for _, name := range sorted(d.gone) {
		if err := d.run.Service().Delete(ctx, name, d.gone[name]); err != nil {
			return err
		}
	}
	return nil
}
