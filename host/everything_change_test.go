package host_test

import (
	"maps"
	"slices"

	"carjs/host/model"
)

// next is a state in which a few things have changed.
func (e *everything) next(g graph) graph {
	e.past = append(e.past, g)
	return changed(g, func(g graph) {
		for range e.random.IntN(25) {
			if e.chance(2) {
				e.changeVertex(g, e.model.Vertices()[e.random.IntN(len(e.model.Vertices()))])
			} else {
				e.changeEdge(g, e.model.Edges()[e.random.IntN(len(e.model.Edges()))])
			}
		}
		e.settle(g)
	})
}

func (e *everything) changeVertex(g graph, c *model.Collection) {
	objects := g.vertices[c.Name]
	if len(objects) == 0 {
		e.add(g, c)
		return
	}
	key, other := e.of(sorted(objects)), e.of(sorted(objects))
	switch e.random.IntN(10) {
	case 0:
		e.add(g, c)
	case 1:
		objects[key] = e.object(c, key)
	case 2:
		objects[key] = maps.Clone(objects[key])
		if delete(objects[key], "tag"); e.chance(2) {
			objects[key]["tag"] = e.tags()
		}
	case 3:
		e.take(g, c, key)
	case 4:
		delete(objects, key) // the edges at it are still reported
	case 5:
		e.rename(g, c, key, e.key(c.Name))
	case 6:
		if !model.Regional(c.Name) {
			objects[key], objects[other] = objects[other], objects[key]
		}
	case 7:
		e.recall(g, c)
	default: // its edges go
		for _, edges := range e.model.EdgesAt(c.Name) {
			for ends := range maps.Clone(g.edges[edges.Name]) {
				if edges.From == c.Name && ends[0] == key || edges.To == c.Name && ends[1] == key {
					delete(g.edges[edges.Name], ends)
				}
			}
		}
	}
}

// take takes a vertex away, and the edges at it.
func (e *everything) take(g graph, c *model.Collection, key string) {
	delete(g.vertices[c.Name], key)
	for _, edges := range e.model.EdgesAt(c.Name) {
		for ends := range maps.Clone(g.edges[edges.Name]) {
			if edges.From == c.Name && ends[0] == key || edges.To == c.Name && ends[1] == key {
				delete(g.edges[edges.Name], ends)
			}
		}
	}
}

// rename gives a vertex another key, and the edges at it another end.
func (e *everything) rename(g graph, c *model.Collection, key, to string) {
	if _, there := g.vertices[c.Name][to]; there {
		return
	}
	g.vertices[c.Name][to] = maps.Clone(g.vertices[c.Name][key])
	if delete(g.vertices[c.Name], key); model.Regional(c.Name) {
		delete(g.vertices[c.Name][to], "region_id")
	}
	if !e.valid(c, to, g.vertices[c.Name][to]) {
		g.vertices[c.Name][to] = e.object(c, to)
	}
	for _, edges := range e.model.EdgesAt(c.Name) {
		for ends, o := range maps.Clone(g.edges[edges.Name]) {
			renamed := ends
			if edges.From == c.Name && ends[0] == key {
				renamed[0] = to
			}
			if edges.To == c.Name && ends[1] == key {
				renamed[1] = to
			}
			if renamed != ends {
				delete(g.edges[edges.Name], ends)
				g.edges[edges.Name][renamed] = o
			}
		}
	}
}

// recall brings back what a collection had once, with its edges.
func (e *everything) recall(g graph, c *model.Collection) {
	old := e.past[e.random.IntN(len(e.past))]
	for key, o := range old.vertices[c.Name] {
		g.vertices[c.Name][key] = o
	}
	for _, edges := range e.model.EdgesAt(c.Name) {
		for ends, o := range old.edges[edges.Name] {
			if g.vertices[edges.From][ends[0]] != nil && g.vertices[edges.To][ends[1]] != nil {
				g.edges[edges.Name][ends] = o
			}
		}
	}
}

func (e *everything) changeEdge(g graph, c *model.Collection) {
	edges := g.edges[c.Name]
	if len(edges) == 0 {
		e.link(g, c)
		return
	}
	ends := sortedEnds(edges)[e.random.IntN(len(edges))]
	switch e.random.IntN(7) {
	case 6: // what CAR does not show
		if edges[ends]["created"] != nil {
			edges[ends] = maps.Clone(edges[ends])
			delete(edges[ends], "created")
			delete(edges[ends], "modified")
		}
	case 0, 1:
		e.link(g, c)
	case 2:
		edges[ends] = e.object(c, "")
	case 3:
		delete(edges, ends)
	case 4:
		edges[ends] = object{"active": false}
	case 5:
		if old := e.past[e.random.IntN(len(e.past))].edges[c.Name][ends]; old != nil {
			edges[ends] = old
		}
	}
}

// settle brings a state into order: unique values are, and where vertices are there for their edges
// only the others are not.
func (e *everything) settle(g graph) {
	for _, c := range e.model.Vertices() {
		for i := range c.Properties {
			if p := &c.Properties[i]; p.Unique {
				had := e.taken(g, c, p.Name)
				for _, key := range sorted(g.vertices[c.Name]) {
					o := g.vertices[c.Name][key]
					if v := o[p.Name]; v != nil && had[v] {
						g.vertices[c.Name][key] = maps.Clone(o)
						delete(g.vertices[c.Name][key], p.Name)
					} else {
						had[v] = true
					}
				}
			}
		}
	}
	for e.linked && e.drop(g) {
	}
}

// taken are the values of a unique property that vertices had which are gone: CAR has these until
// the end of the import.
func (e *everything) taken(g graph, c *model.Collection, property string) map[any]bool {
	values := map[any]bool{}
	if len(e.past) == 0 {
		return values
	}
	for key, o := range e.past[len(e.past)-1].vertices[c.Name] {
		if g.vertices[c.Name][key] == nil && o[property] != nil {
			values[o[property]] = true
		}
	}
	return values
}

// held tells whether an edge was once there, switched on and with its vertices.
func (e *everything) held(c *model.Collection, ends [2]string) bool {
	return slices.ContainsFunc(e.past, func(g graph) bool {
		o := g.sound(c)[ends]
		return o != nil && o["active"] != false
	})
}

// drop takes away edges without their vertices and vertices without edges; more says that it did.
func (e *everything) drop(g graph) (more bool) {
	has := map[string]bool{}
	for _, c := range e.model.Edges() {
		for ends, o := range maps.Clone(g.edges[c.Name]) {
			switch {
			case g.vertices[c.From][ends[0]] == nil || g.vertices[c.To][ends[1]] == nil:
				delete(g.edges[c.Name], ends)
				more = true
			case o["active"] != false:
				has[c.From+" "+ends[0]], has[c.To+" "+ends[1]] = true, true
			}
		}
	}
	for _, c := range e.model.Vertices() {
		if !e.leaf(c.Name) {
			continue
		}
		for key := range maps.Clone(g.vertices[c.Name]) {
			if !has[c.Name+" "+key] {
				delete(g.vertices[c.Name], key)
				more = true
			}
		}
	}
	return more
}
