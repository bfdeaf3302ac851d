// Package model states CAR's data model once: the vertex and edge collections, their keys,
// properties, patterns and limits, with a connector's schema extension merged in.
//
// Everything that needs to know CAR's collections is derived from this table: the validators
// ([Collection.Validate] and the per-property checks of the submission pipeline), the JSON Schema
// of the import envelope that the embedded CAR service serves ([Model.ImportSchema]), the
// TypeScript types of the typings ([Model.TypeScript]) and the tables of the embedded service. The
// facts are those of CAR's published import schema, version 2; the words are ours. The package
// knows neither HTTP nor JavaScript nor SQL.
package model

import (
	"fmt"
	"slices"
)

// SchemaVersion is the version of CAR's import schema that the table states.
const SchemaVersion = 2

// MaxNesting is how deep arrays and objects in a property may nest. SQLite's limit is 1,000.
const MaxNesting = 500

// Kind tells vertices from edges.
type Kind int

// The kinds of collection.
const (
	Vertex Kind = iota
	Edge
)

// Type is the type of a property, in the words of the import schema.
type Type string

// The types of properties.
const (
	String  Type = "string"
	Number  Type = "number"
	Integer Type = "integer"
	Boolean Type = "boolean"
	// Object is a JSON object whose inside CAR does not look at.
	Object Type = "object"
	// Strings is an array of strings.
	Strings Type = "strings"
	// Any is any JSON value; only extensions have it (jsonb).
	Any Type = "any"
	// Timestamp is a time: epoch milliseconds or ISO 8601; only extensions have it.
	Timestamp Type = "timestamp"
	// Foreign is what only CAR's own import schema says: the property is checked by its validator,
	// and not at all where it has none. Only models made with [Model.Amend] have it.
	Foreign Type = "foreign"
)

// The two ways in which a vertex is keyed.
const (
	ByExternalID = "external_id"
	ByKey        = "_key"
)

// Property is one property of a collection.
type Property struct {
	Name        string
	Type        Type
	Description string
	// Required objects without the property are left out of the import.
	Required bool
	// Indexed tells that CAR keeps an index on it.
	Indexed bool
	// Pattern is an ECMAScript regular expression that a string must match somewhere; empty means
	// any.
	Pattern string
	// Min and Max bound a number, both inclusive; nil means unbounded.
	Min, Max *float64
	// MinLength and MaxLength bound a string in characters; 0 means unbounded.
	MinLength, MaxLength int

	// Column is the type of the property in CAR's database, as an extension names it: "bigint".
	// Empty on the properties of the published model.
	Column string
	// Unique tells that no two objects of the collection in one source may share a value; only
	// extensions have it, as they have what follows.
	Unique bool
	// Default is what CAR fills in where an object has no value, as encoding/json decodes it, with
	// numbers as json.Number; nil is nothing.
	Default any

	// Validate says what is wrong with a value of type [Foreign], as encoding/json decodes it
	// (numbers as float64 or json.Number); empty means nothing. nil takes every value.
	Validate func(v any) string

	// match is Pattern, compiled once.
	match func(string) bool
	// limits is what a property of an extension demands besides; nil on the published ones.
	limits *limits
}

// Rules returns the rules that the author of an extension set for the property.
func (p *Property) Rules() []Rule {
	if p.limits == nil {
		return nil
	}
	return p.limits.rules
}

// Serial reports whether CAR numbers the objects that come without a value.
func (p *Property) Serial() bool { return p.Column == bigserial }

// OneOf is a rule on a whole object: exactly one of the groups of properties must be there whole.
type OneOf struct {
	Groups [][]string
	// Message is what the author of an extension says to an object that breaks the rule. Empty
	// means that the model says it in its own words.
	Message string
}

// Collection is a vertex or edge collection.
type Collection struct {
	Name        string
	Kind        Kind
	Description string
	// KeyedBy is the property that identifies a vertex within its source: [ByExternalID] or
	// [ByKey]. Empty on an edge.
	KeyedBy string
	// From and To name the vertex collections at the ends of an edge. Empty on a vertex.
	From, To string
	// Properties are all properties that CAR knows, keys and bookkeeping included, in the table's
	// order. Objects may carry others; CAR's import accepts them and does not keep them.
	Properties []Property
	// OneOf are the rules on the object as a whole; all of them hold.
	OneOf []OneOf
	// Foreign are properties that only CAR's import schema knows, beside those of the model. They
	// are checked and sent, but never compared with what CAR has: under which names a query shows
	// them is not known.
	Foreign []Property
	// Whole says what else is wrong with an object as a whole, as encoding/json decodes it with
	// numbers as json.Number; nil is nothing. Only models made with [Model.Amend] have it.
	Whole func(object map[string]any) []Fault
	// Extension tells that the collection comes from a schema extension.
	Extension bool

	fromKeyedBy, toKeyedBy string
	index                  map[string]int
	required               []int
}

// Property returns the property of that name.
func (c *Collection) Property(name string) (*Property, bool) {
	i, ok := c.index[name]
	if !ok {
		return nil, false
	}
	return &c.Properties[i], true
}

// PropertyIndex returns the place of a property in Properties, or -1: the form in which a validator
// that walks an object remembers what it has seen.
func (c *Collection) PropertyIndex(name string) int {
	if i, ok := c.index[name]; ok {
		return i
	}
	return -1
}

// Required returns the places in Properties of the required properties.
func (c *Collection) Required() []int { return c.required }

// FromProperty is the property in which an edge names the vertex that it leaves:
// "_from_external_id" where that is known by its external id, else "_from", which holds
// "collection/key".
func (c *Collection) FromProperty() string {
	if c.fromKeyedBy == ByKey {
		return "_from"
	}
	return "_from_external_id"
}

// ToProperty is the property in which an edge names the vertex that it reaches, like
// [Collection.FromProperty]. An edge may reach a vertex by external id although the vertex is keyed
// by _key: in hostname the two are the same.
func (c *Collection) ToProperty() string {
	if c.toKeyedBy == ByKey {
		return "_to"
	}
	return "_to_external_id"
}

// Model is a set of collections. It is read-only once made and safe for use by many goroutines.
type Model struct {
	collections []*Collection
	byName      map[string]*Collection
	edgesAt     map[string][]*Collection
}

// Collection returns the collection of that name.
func (m *Model) Collection(name string) (*Collection, bool) {
	c, ok := m.byName[name]
	return c, ok
}

// Vertices returns the vertex collections in the table's order.
func (m *Model) Vertices() []*Collection { return m.of(Vertex) }

// Edges returns the edge collections in the table's order.
func (m *Model) Edges() []*Collection { return m.of(Edge) }

// EdgesAt returns the edge collections that have an end in the named vertex collection.
func (m *Model) EdgesAt(vertex string) []*Collection { return m.edgesAt[vertex] }

func (m *Model) of(kind Kind) []*Collection {
	var found []*Collection
	for _, c := range m.collections {
		if c.Kind == kind {
			found = append(found, c)
		}
	}
	return found
}

// build indexes collections into a model: vertices first, because an edge's ends are keyed as their
// vertices are.
func build(collections []*Collection) (*Model, error) {
	m := &Model{byName: map[string]*Collection{}, edgesAt: map[string][]*Collection{}}
	slices.SortStableFunc(collections, func(a, b *Collection) int { return int(a.Kind) - int(b.Kind) })
	for _, c := range collections {
		if _, twice := m.byName[c.Name]; twice {
			return nil, fmt.Errorf("collection %q occurs twice", c.Name)
		}
		if err := m.add(c); err != nil {
			return nil, fmt.Errorf("collection %q: %w", c.Name, err)
		}
	}
	return m, nil
}

func (m *Model) add(c *Collection) error {
	if c.Kind == Edge {
		from, ok := m.byName[c.From]
		if !ok {
			return fmt.Errorf("its end %q is not a vertex collection", c.From)
		}
		to, ok := m.byName[c.To]
		if !ok {
			return fmt.Errorf("its end %q is not a vertex collection", c.To)
		}
		if c.fromKeyedBy == "" {
			c.fromKeyedBy = from.KeyedBy
		}
		if c.toKeyedBy == "" {
			c.toKeyedBy = to.KeyedBy
		}
		c.Properties = append(edgeEnds(c), c.Properties...)
		m.edgesAt[c.From] = append(m.edgesAt[c.From], c)
		if c.To != c.From {
			m.edgesAt[c.To] = append(m.edgesAt[c.To], c)
		}
	}
	if err := c.prepare(); err != nil {
		return err
	}
	m.collections = append(m.collections, c)
	m.byName[c.Name] = c
	return nil
}

// prepare indexes the properties and compiles their patterns.
func (c *Collection) prepare() error {
	c.index, c.required = make(map[string]int, len(c.Properties)), nil
	for i := range c.Properties {
		p := &c.Properties[i]
		if _, twice := c.index[p.Name]; twice {
			return fmt.Errorf("property %q occurs twice", p.Name)
		}
		c.index[p.Name] = i
		if p.Required {
			c.required = append(c.required, i)
		}
		if err := p.compile(); err != nil {
			return fmt.Errorf("property %q: %w", p.Name, err)
		}
	}
	for i := range c.Foreign {
		if err := c.Foreign[i].compile(); err != nil {
			return fmt.Errorf("property %q: %w", c.Foreign[i].Name, err)
		}
	}
	return nil
}
