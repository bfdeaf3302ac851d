// Package served reads CAR's import schema and makes the model against which objects are validated,
// because CAR validates against that schema, not against the model of carjs.
//
// The schema of each collection is compared with the model. If they agree, the model's collection
// stays, at no cost. If they differ, CAR takes precedence, whether it accepts more or less: what
// the model can express is checked like the model's own properties, while they are pushed; for the
// rest a validator is compiled, for the single property if possible, else for the object.
// Collections and properties that the model lacks are added.
//
// The validators are the package's own. A JSON Schema library would cost every start several
// milliseconds for initialization, for schemas that are rare; the tests compare the results with
// those of a library.
//
// Three rules always apply: a vertex has its key and an edge its ends, because carjs identifies
// objects by them; the connector's own schema extension applies as it was given to CAR, which may
// serve it late or never; and collections that CAR does not serve stay as in the model.
//
// The package knows the model and JSON Schema. It knows neither CAR's calls nor how objects are
// submitted.
package served

import (
	"errors"
	"fmt"
	"slices"

	"carjs/host/model"
)

// Schema is an import schema, as far as it is used.
type Schema struct {
	raw         []byte
	collections []*collection
	byName      map[string]*collection
}

// collection is the schema of the objects of one collection.
type collection struct {
	name string
	// raw is the schema of an object; nil if there is none, or it is unreadable.
	raw        []byte
	properties []stated
	required   []string
	oneOf      []model.OneOf
	// more tells that the schema has rules for objects that the fields above cannot hold.
	more bool
}

// Read reads an import schema, which must be valid JSON.
func Read(raw []byte) (*Schema, error) {
	s := &Schema{raw: raw, byName: map[string]*collection{}}
	r := &reader{in: raw, words: map[string]string{}}
	if r.peek() != '{' {
		return nil, errors.New("it is not an object")
	}
	r.members(func(keyword string) {
		if keyword != "properties" || r.peek() != '{' {
			r.skip()
			return
		}
		r.members(func(name string) { s.add(r.collection(name)) })
	})
	switch {
	case r.err != nil:
		return nil, r.err
	case len(s.collections) == 0:
		return nil, errors.New("it has no collections")
	}
	return s, nil
}

// add keeps a collection; source and report are objects of the envelope.
func (s *Schema) add(c *collection) {
	if c.name != "source" && c.name != "report" && s.byName[c.name] == nil {
		s.collections = append(s.collections, c)
		s.byName[c.name] = c
	}
}

// Has reports whether the schema has a collection.
func (s *Schema) Has(name string) bool { return s.byName[name] != nil }

// HasProperty reports whether the schema has a property of a collection.
func (s *Schema) HasProperty(name, property string) bool {
	c := s.byName[name]
	return c != nil && c.property(property) != nil
}

// property returns the rules of a property; nil if there is none.
func (c *collection) property(name string) *stated {
	for i := range c.properties {
		if p := &c.properties[i]; p.name == name {
			return p
		}
	}
	return nil
}

// collection reads {"type": "array", "items": …}.
func (r *reader) collection(name string) *collection {
	c := &collection{name: name}
	if r.peek() != '{' {
		r.skip()
		return c
	}
	r.members(func(keyword string) {
		if keyword != "items" || r.peek() != '{' {
			r.skip()
			return
		}
		start := r.at
		c.properties = make([]stated, 0, 16)
		r.members(func(keyword string) { r.object(c, keyword) })
		c.raw = r.in[start:r.at]
	})
	return c
}

// object reads a keyword of the schema of an object.
func (r *reader) object(c *collection, keyword string) {
	switch keyword {
	case "type":
		c.more = string(r.skip()) != `"object"` || c.more
	case "properties":
		if r.peek() != '{' {
			c.more = true
			r.skip()
			return
		}
		r.members(func(name string) {
			c.properties = append(c.properties, stated{name: name})
			r.property(&c.properties[len(c.properties)-1])
		})
	case "required":
		required, ok := r.texts()
		c.required, c.more = required, c.more || !ok
	case "oneOf":
		r.oneOf(c)
	case "allOf":
		r.elements(func() { r.rule(c) })
	case "additionalProperties":
		c.more = !saysNothing(r.skip()) || c.more
	default:
		c.more = c.more || demands[keyword]
		r.skip()
	}
}

// rule reads a member of allOf: alternatives, with their message for an object that matches none.
func (r *reader) rule(c *collection) {
	if r.peek() != '{' {
		c.more = true
		r.skip()
		return
	}
	message, rules := "", len(c.oneOf)
	r.members(func(keyword string) {
		switch {
		case keyword == "error_message" && r.peek() == '"':
			message = r.text()
		case keyword == "oneOf":
			r.oneOf(c)
		default:
			c.more = c.more || demands[keyword] || keyword == "type" || keyword == "properties" || keyword == "required" ||
				keyword == "allOf" || keyword == "additionalProperties"
			r.skip()
		}
	})
	for i := range c.oneOf[rules:] {
		c.oneOf[rules+i].Message = message
	}
}

// oneOf reads alternatives. The model can express those that require properties.
func (r *reader) oneOf(c *collection) {
	var rule model.OneOf
	if r.peek() != '[' {
		c.more = true
		r.skip()
		return
	}
	r.elements(func() {
		if r.peek() != '{' {
			c.more = true
			r.skip()
			return
		}
		var group []string
		r.members(func(keyword string) {
			required, ok := []string(nil), false
			if keyword == "required" {
				required, ok = r.texts()
			} else {
				r.skip()
			}
			group, c.more = append(group, required...), c.more || !ok
		})
		rule.Groups = append(rule.Groups, group)
	})
	c.oneOf = append(c.oneOf, rule)
}

// Amendments are the differences between an import schema and a model.
type Amendments struct {
	// Model is the model to validate against: the given one if nothing differs.
	Model *model.Model
	// Changed are the collections with objects that the model accepts and CAR rejects, Added those
	// that the model lacks. Collections where CAR only accepts more are in neither.
	Changed, Added []string
	// Absent are the collections of the model that are not served.
	Absent []string
	// Unusable are the parts of the schema that carjs cannot use; the model applies instead.
	Unusable []error
}

// Amend returns the model with CAR's rules instead of its own.
func (s *Schema) Amend(m *model.Model) (*Amendments, error) {
	a := &amender{schema: s, model: m}
	var unknown []*collection
	for _, served := range s.collections {
		if served.raw == nil {
			a.unusable(served.name, errors.New("it is not an array of objects"))
		} else if _, known := m.Collection(served.name); !known {
			unknown = append(unknown, served)
		}
	}
	if len(unknown) > 0 {
		added := a.add(unknown)
		for _, c := range added {
			a.Added = append(a.Added, c.Name)
		}
		var err error
		if a.model, err = m.Amend(added...); err != nil {
			return nil, err
		}
	}
	if err := a.compare(); err != nil {
		return nil, err
	}
	for _, collections := range [][]*model.Collection{m.Vertices(), m.Edges()} {
		for _, c := range collections {
			if !s.Has(c.Name) {
				a.Absent = append(a.Absent, c.Name)
			}
		}
	}
	slices.Sort(a.Added)
	a.Model = a.model
	return &a.Amendments, nil
}

// compare compares the collections with what CAR serves, and changes those that differ.
func (a *amender) compare() error {
	var changed []*model.Collection
	for _, served := range a.schema.collections {
		c, known := a.model.Collection(served.name)
		if !known || c.Extension || served.raw == nil {
			continue
		}
		d := a.amend(c, served)
		if d.changed == nil {
			continue
		}
		changed = append(changed, d.changed)
		if d.demands && !slices.Contains(a.Added, c.Name) {
			a.Changed = append(a.Changed, c.Name)
		}
	}
	slices.Sort(a.Changed)
	if len(changed) == 0 {
		return nil
	}
	var err error
	a.model, err = a.model.Amend(changed...)
	return err
}

// amender compares an import schema with a model.
type amender struct {
	Amendments
	schema *Schema
	model  *model.Model
}

func (a *amender) unusable(what string, err error) {
	a.Unusable = append(a.Unusable, fmt.Errorf("%s: %w", what, err))
}
