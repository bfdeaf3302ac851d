package model

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Extend returns a new model with the extension merged in; the model itself stays as it is. The
// error holds [ExtensionMistakes].
func (m *Model) Extend(e Extension) (*Model, error) {
	if err := e.Check(); err != nil {
		return nil, err
	}
	return m.extend(e, false)
}

// Adopt is Extend for an extension that CAR already has and may have accepted by other rules: names
// are not checked, and properties and rules that are not understood are left out.
func (m *Model) Adopt(e Extension) (*Model, error) {
	e.Schema = e.Schema.understood()
	return m.extend(e, true)
}

func (m *Model) extend(e Extension, adopt bool) (*Model, error) {
	x := &extender{all: m.unbuilt(), owner: e.Owner, adopt: adopt}
	e.Schema.each(x.add)
	if err := x.mistakes.err(e.Key); err != nil {
		return nil, err
	}
	extended, err := build(x.all)
	if err != nil {
		return nil, fmt.Errorf("schema extension %s: %w", e.Key, err)
	}
	return extended, nil
}

// understood returns the schema without the properties of unknown types and the rules that have a
// mistake.
func (s ExtensionSchema) understood() ExtensionSchema {
	understood := ExtensionSchema{Vertices: slices.Clone(s.Vertices), Edges: slices.Clone(s.Edges)}
	for i := range understood.Vertices {
		v := &understood.Vertices[i]
		v.Properties, v.Validation = understoodOf(v.Properties, v.Validation)
	}
	for i := range understood.Edges {
		d := &understood.Edges[i]
		d.Properties, d.Validation = understoodOf(d.Properties, d.Validation)
	}
	return understood
}

func understoodOf(properties map[string]ExtensionProperty, rules []Validation) (map[string]ExtensionProperty, []Validation) {
	without := func(rules []Validation, check func(k *extensionChecker, rule Validation)) []Validation {
		return slices.DeleteFunc(slices.Clone(rules), func(rule Validation) bool {
			k := &extensionChecker{}
			check(k, rule)
			return len(k.mistakes) > 0
		})
	}
	known := make(map[string]ExtensionProperty, len(properties))
	for name, p := range properties {
		column, ok := columns[p.Type]
		if !ok {
			continue
		}
		p.Validation = without(p.Validation, func(k *extensionChecker, rule Validation) { k.rule(place{}, p.Type, column, rule) })
		known[name] = p
	}
	return known, without(rules, func(k *extensionChecker, rule Validation) { k.alternatives(place{}, rule) })
}

// extender merges an extension into collections that are not built yet.
type extender struct {
	extensionChecker
	all   []*Collection
	owner string
	adopt bool // rules and types that do not fit are left out, they are no mistakes
}

func (x *extender) find(name string) *Collection {
	i := slices.IndexFunc(x.all, func(c *Collection) bool { return c.Name == name })
	if i < 0 {
		return nil
	}
	return x.all[i]
}

// add merges a vertex or an edge of the extension.
func (x *extender) add(at place, member extensionMember) {
	c := x.find(member.collection)
	switch {
	case c != nil && c.Kind != member.kind:
		x.wrong(at, "%q is %s collection of CAR", c.Name, [...]string{Vertex: "a vertex", Edge: "an edge"}[c.Kind])
		return
	case c != nil:
	case member.kind == Vertex:
		c = vertex(member.collection, ByExternalID, "from the schema extension of "+x.owner,
			text(ByExternalID, "identifier of the object in the data source").required())
	default:
		for i, end := range member.names {
			if vertex := x.find(end); vertex == nil || vertex.Kind != Vertex {
				x.wrong(at.in(member.keys[i]), "its end %q is not a vertex collection", end)
				return
			}
		}
		c = edge(member.names[0], member.names[1])
	}
	if x.find(c.Name) == nil {
		c.Extension = true
		x.all = append(x.all, c)
	}
	for _, name := range slices.Sorted(maps.Keys(member.properties)) {
		x.merge(at.property(name), c, name, member.properties[name])
	}
	for i, rule := range member.validation {
		x.alternatives(at.in("validation", strconv.Itoa(i), "oneOf", "pattern"), c, rule.OneOf)
	}
}

// merge adds a property after the existing ones. It replaces one of the same name, unless that is
// one of ownProperties.
func (x *extender) merge(at place, c *Collection, name string, e ExtensionProperty) {
	p, err := e.build(name)
	if err != nil {
		x.wrong(at, "%v", err)
		return
	}
	i := slices.IndexFunc(c.Properties, func(q Property) bool { return q.Name == name })
	switch {
	case i < 0:
		c.Properties = append(c.Properties, p)
	case !slices.Contains(ownProperties, name):
		c.Properties[i] = p
	case c.Properties[i].Type != p.Type && !x.adopt:
		x.wrong(at.in("type"), "CAR defines this property: its type cannot be %q", e.Type)
	}
}

// alternatives adds a rule for the objects of a collection as a whole.
func (x *extender) alternatives(at place, c *Collection, rule *OneOfValidation) {
	added := OneOf{Message: rule.ErrorMessage}
	for i, group := range rule.Pattern {
		for _, name := range group.Required {
			if !slices.ContainsFunc(c.Properties, func(p Property) bool { return p.Name == name }) {
				if x.adopt {
					return
				}
				x.wrong(at.in(strconv.Itoa(i)), "oneOf names the unknown property %q", name)
			}
		}
		added.Groups = append(added.Groups, group.Required)
	}
	c.OneOf = append(slices.Clip(c.OneOf), added)
}

// ownProperties identify objects, or belong to the bookkeeping: an extension cannot change them.
var ownProperties = []string{ByExternalID, ByKey, "source", "report", "active", "tag", "untag"}

// build makes the property of a collection.
func (e *ExtensionProperty) build(name string) (Property, error) {
	column := columns[e.Type]
	p := Property{
		Name: name, Type: column.typ, Column: e.Type, Description: e.Description, Indexed: e.Indexed, Unique: e.Unique,
		// CAR fills the property in, so an object without it is valid.
		Required: e.Required && e.Default == nil && e.Type != bigserial,
	}
	if e.Default != nil {
		var err error
		if p.Default, err = settle(e.Default); err != nil {
			return p, fmt.Errorf("the default cannot be written as JSON: %w", err)
		}
	}
	p.limits = &limits{form: column.form, forms: column.forms}
	if column.low != "" {
		p.limits.bounds = newBounds(column.low, column.high)
	}
	for _, v := range e.Validation {
		rule := Rule{Pattern: v.Pattern, Min: v.Minimum, Max: v.Maximum, Message: v.ErrorMessage}
		if rule.Pattern == "" {
			rule.bounds = newBounds(string(rule.Min), string(rule.Max))
		} else {
			var err error
			if rule.match, err = compilePattern(rule.Pattern); err != nil {
				return p, err
			}
		}
		p.limits.rules = append(p.limits.rules, rule)
	}
	return p, nil
}

// unbuilt returns copies of the collections as the table has them, before build added the ends of
// edges.
func (m *Model) unbuilt() []*Collection {
	copies := make([]*Collection, len(m.collections))
	for i, c := range m.collections {
		properties := c.Properties
		if c.Kind == Edge {
			properties = properties[2:]
		}
		copies[i] = &Collection{
			Name: c.Name, Kind: c.Kind, Description: c.Description, KeyedBy: c.KeyedBy, From: c.From, To: c.To,
			Properties: slices.Clone(properties), OneOf: c.OneOf, Extension: c.Extension,
			toKeyedBy: c.toKeyedBy,
		}
	}
	return copies
}
