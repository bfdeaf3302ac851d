package model

import (
	"fmt"
	"maps"
	"slices"
)

// Amend returns the model with other forms of its collections, and with collections that it does
// not have. The model itself stays as it is and shares what is not amended. An amended collection
// is a copy of the model's whose properties are the same, in the same order, but checked otherwise;
// one that is new comes from [NewVertex] or [NewEdge], and its ends are in the model or come before
// it.
//
// The collections belong to the amended model afterwards.
func (m *Model) Amend(collections ...*Collection) (*Model, error) {
	amended := &Model{
		collections: slices.Clone(m.collections), byName: maps.Clone(m.byName), edgesAt: maps.Clone(m.edgesAt),
	}
	for end, edges := range amended.edgesAt {
		amended.edgesAt[end] = slices.Clone(edges)
	}
	for _, c := range collections {
		there, known := amended.byName[c.Name]
		if !known {
			if err := amended.add(c); err != nil {
				return nil, fmt.Errorf("collection %q: %w", c.Name, err)
			}
			continue
		}
		if err := c.prepare(); err != nil {
			return nil, fmt.Errorf("collection %q: %w", c.Name, err)
		}
		for _, list := range [][]*Collection{amended.collections, amended.edgesAt[c.From], amended.edgesAt[c.To]} {
			if i := slices.Index(list, there); i >= 0 {
				list[i] = c
			}
		}
		amended.byName[c.Name] = c
	}
	return amended, nil
}

// NewVertex returns a vertex collection for [Model.Amend] with the properties that every vertex may
// carry.
func NewVertex(name, keyedBy string) *Collection {
	c := vertex(name, keyedBy, "known to CAR, not to carjs")
	c.Properties[slices.IndexFunc(c.Properties, func(p Property) bool { return p.Name == keyedBy })].Required = true
	return c
}

// NewEdge returns an edge collection for [Model.Amend] with the properties that every edge may
// carry. fromKeyedBy and toKeyedBy say how its ends are named: [ByExternalID], [ByKey], or empty
// for the way in which their vertices are keyed.
func NewEdge(name, from, to, fromKeyedBy, toKeyedBy string) *Collection {
	c := edge(from, to)
	c.Name, c.fromKeyedBy, c.toKeyedBy = name, fromKeyedBy, toKeyedBy
	return c
}

// MatchPattern returns a function that searches a string for an ECMAScript regular expression, as
// for the patterns of properties.
func MatchPattern(pattern string) (func(string) bool, error) { return compilePattern(pattern) }
