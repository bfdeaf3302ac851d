// Package graphql compiles the queries of CAR's GraphQL interface, which is Hasura's on PostgreSQL:
// a list for every collection with where, order_by, distinct_on, limit and offset, edges nested in
// vertices and vertices in edges, single rows, mutations, and introspection.
//
// The schema is generated from the data model, one type at a time as queries need it: it has more
// than a thousand types, and a query needs about ten. Queries are checked as Hasura checks them,
// with Hasura's error messages, and compiled to one SQL statement per root field, nested lists
// included, that produces the JSON of the response. Values reach SQL as bound parameters only. The
// package runs nothing; its caller does.
package graphql

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"

	"carjs/host/carserver/internal/tables"
	"carjs/host/model"
)

// Schema is a GraphQL schema. It is safe for concurrent use.
type Schema struct {
	objects []*object // sorted by name
	byName  map[string]*object

	building sync.Mutex
	types    map[string]*definition // built so far
}

// New returns the schema of a model whose collections are stored in the given tables, by collection
// name.
func New(m *model.Model, byName map[string]*tables.Table) (*Schema, error) {
	s := &Schema{types: map[string]*definition{}, byName: map[string]*object{}}
	add := func(o *object) { s.byName[o.name] = o }
	add(sourceObject())
	tag := tagObject(byName[tables.TagCollection])
	add(tag)
	for _, c := range m.Vertices() {
		v := vertexObject(byName[c.Name])
		add(v)
		link := edgeObject(byName[tables.TagCollection+"_"+c.Name])
		link.relate(tag, v, plural(c.Name), "tags")
		tag.counted = append(tag.counted, link)
		add(link)
	}
	for _, c := range m.Edges() {
		e := edgeObject(byName[c.Name])
		toMany, fromMany := plural(c.To), plural(c.From)
		if c.From == c.To {
			toMany, fromMany = "to_"+toMany, "from_"+fromMany
		}
		e.relate(s.byName[c.From], s.byName[c.To], toMany, fromMany)
		add(e)
	}
	tag.field("_reference_count").counted = tag.counted
	for _, name := range slices.Sorted(maps.Keys(s.byName)) {
		o := s.byName[name]
		o.finish()
		s.objects = append(s.objects, o)
	}
	return s, nil
}

// lookup returns a type, or nil if there is none of that name.
func (s *Schema) lookup(name string) *definition {
	s.building.Lock()
	d, ok := s.types[name]
	s.building.Unlock()
	if ok {
		return d
	}
	// Build it without the lock, because types look up others. Two goroutines may build the same
	// type; either will do.
	if d = s.build(name); d == nil {
		return nil // not cached: wrong names are unlimited
	}
	s.building.Lock()
	defer s.building.Unlock()
	s.types[name] = d
	return d
}

func (s *Schema) build(name string) *definition {
	switch name {
	case queryRoot:
		return s.selectRoot(name, "query root")
	case subscriptionRoot:
		return s.selectRoot(name, "subscription root")
	case mutationRoot:
		return s.mutationRoot()
	case "order_by":
		return directionEnum()
	}
	if slices.Contains(scalars(), name) {
		return scalar(name)
	}
	if base, ok := strings.CutSuffix(name, "_comparison_exp"); ok && slices.Contains(compared(), base) {
		return comparison(base, name)
	}
	if strings.HasPrefix(name, "__") {
		return metaTypes()[name]
	}
	if o := s.byName[name]; o != nil {
		return objectType(o)
	}
	for _, d := range derivations() {
		if base, ok := strings.CutSuffix(name, d.suffix); ok && s.byName[base] != nil {
			return d.make(s.byName[base], name)
		}
	}
	return nil
}

// all returns every type, sorted by name.
func (s *Schema) all() []*definition {
	names := append([]string{queryRoot, mutationRoot, subscriptionRoot, "order_by"}, scalars()...)
	for _, scalar := range compared() {
		names = append(names, scalar+"_comparison_exp")
	}
	names = slices.AppendSeq(names, maps.Keys(metaTypes()))
	for _, o := range s.objects {
		names = append(names, o.name)
		for _, d := range derivations() {
			names = append(names, o.name+d.suffix)
		}
	}
	slices.Sort(names)
	var all []*definition
	for _, name := range names {
		if d := s.lookup(name); d != nil {
			all = append(all, d)
		}
	}
	return all
}

// root returns the root type of a kind of operation.
func (s *Schema) root(operation ast.Operation) *definition {
	switch operation {
	case ast.Mutation:
		return s.lookup(mutationRoot)
	case ast.Subscription:
		return s.lookup(subscriptionRoot)
	}
	return s.lookup(queryRoot)
}
