package served

import (
	"errors"
	"slices"
	"strings"

	"carjs/host/model"
)

// managed are the properties of edges that carjs sets itself or accepts in more than one form;
// edges always have those that CAR requires.
var managed = []string{"report", "source", "active", "timestamp", "_from", "_to", "_from_external_id", "_to_external_id"}

// draft is a collection that may be amended: it is copied at the first difference.
type draft struct {
	of      *model.Collection
	changed *model.Collection // nil: nothing differs so far
	// demands tells that CAR rejects objects that the model accepts; it is false where CAR only
	// accepts more.
	demands bool
}

func (d *draft) change() *model.Collection {
	if d.changed == nil {
		c := *d.of
		c.Properties = slices.Clone(c.Properties)
		d.changed = &c
	}
	return d.changed
}

// property replaces a property of the collection.
func (d *draft) property(i int, p model.Property) {
	old := &d.of.Properties[i]
	p.Description, p.Indexed, p.Required = old.Description, old.Indexed, old.Required
	d.change().Properties[i] = p
}

func (d *draft) require(i int, required bool) {
	if d.of.Properties[i].Required != required {
		d.demands = d.demands || required
		d.change().Properties[i].Required = required
	}
}

// foreign adds a property that the model lacks.
func (d *draft) foreign(p model.Property) {
	d.change().Foreign = append(d.change().Foreign, p)
	d.demands = true
}

// ours reports whether a property comes from the connector's schema extension.
func ours(p *model.Property) bool { return p.Column != "" }

// amend returns the collection as CAR has it; the same one if the model agrees.
func (a *amender) amend(c *model.Collection, s *collection) *draft {
	d := &draft{of: c}
	if s.more {
		whole, err := a.whole(c, s)
		if err != nil {
			a.unusable(s.name, err)
			return d
		}
		d.change().Whole, d.demands = whole, true
	}
	for i := range c.Properties {
		if p := &c.Properties[i]; !ours(p) {
			a.property(d, i, s)
			d.require(i, !s.more && slices.Contains(s.required, p.Name) && !(c.Kind == model.Edge && slices.Contains(managed, p.Name)))
		}
	}
	a.foreign(d, s)
	a.oneOf(d, s)
	return d
}

// property compares a property of the model with what CAR serves.
func (a *amender) property(d *draft, i int, s *collection) {
	p := &d.of.Properties[i]
	served := s.property(p.Name)
	identifies := identifies(d.of, p.Name)
	if served == nil || s.more {
		if identifies {
			return
		}
		d.property(i, model.Property{Name: p.Name, Type: model.Foreign})
		return
	}
	q, ok := served.property()
	if ok && same(p, &q) {
		return
	}
	if q, ok = a.check(s, served, q, ok); ok && (!identifies || q.Type == model.String) {
		d.property(i, q)
		d.demands = true
	}
}

// identifies reports whether carjs identifies objects by a property, which must then be text.
func identifies(c *model.Collection, property string) bool {
	return property == c.KeyedBy || c.Kind == model.Edge && (property == c.FromProperty() || property == c.ToProperty())
}

// check completes a property with a validator if the model cannot express its schema. ok is false
// if the schema is unusable.
func (a *amender) check(s *collection, served *stated, p model.Property, expressed bool) (q model.Property, ok bool) {
	var err error
	if expressed {
		_, err = model.MatchPattern(p.Pattern)
	} else {
		p = model.Property{Name: served.name, Type: model.Foreign}
		p.Validate, err = a.value(s, served)
	}
	if err != nil {
		a.unusable(s.name+"."+served.name, err)
		return p, false
	}
	return p, true
}

// foreign adds the properties that the model lacks.
func (a *amender) foreign(d *draft, s *collection) {
	var named []string
	for i := range s.properties {
		named = append(named, s.properties[i].name)
	}
	named = append(named, s.required...)
	for i := range s.oneOf {
		named = append(named, slices.Concat(s.oneOf[i].Groups...)...)
	}
	for i, name := range named {
		_, known := d.of.Property(name)
		if known || slices.Contains(named[:i], name) || d.of.Kind == model.Edge && slices.Contains(managed, name) {
			continue
		}
		p := model.Property{Name: name, Type: model.Foreign}
		if s.more { // the validator of the whole object checks it
			d.foreign(p)
			continue
		}
		if served := s.property(name); served != nil {
			q, expressed := served.property()
			if q, ok := a.check(s, served, q, expressed); ok {
				p = q
			}
		}
		p.Required = slices.Contains(s.required, name)
		d.foreign(p)
	}
}

// oneOf compares the rules on objects as a whole. Those of the connector's extension stay; they are
// behind those of the published model.
func (a *amender) oneOf(d *draft, s *collection) {
	own := 0
	if published, ok := model.CAR().Collection(d.of.Name); ok {
		own = len(published.OneOf)
	}
	extension := d.of.OneOf[min(own, len(d.of.OneOf)):]
	var rules []model.OneOf
	if !s.more {
		for _, rule := range s.oneOf {
			if !slices.ContainsFunc(extension, func(r model.OneOf) bool { return sameRule(r, rule) }) {
				rules = append(rules, rule)
			}
		}
	}
	if !slices.EqualFunc(rules, d.of.OneOf[:len(d.of.OneOf)-len(extension)], sameRule) {
		d.change().OneOf = slices.Concat(rules, extension)
		d.demands = d.demands || len(rules) > 0
	}
}

// sameRule reports whether two rules are equal but for their order.
func sameRule(a, b model.OneOf) bool { return slices.Equal(groups(a), groups(b)) }

func groups(rule model.OneOf) []string {
	var texts []string
	for _, group := range rule.Groups {
		texts = append(texts, strings.Join(slices.Sorted(slices.Values(group)), ","))
	}
	slices.Sort(texts)
	return texts
}

// add returns the collections that the model lacks, as far as every vertex or edge has the same
// properties, vertices first. An edge collection whose ends are unknown vertex collections cannot
// be added.
func (a *amender) add(unknown []*collection) []*model.Collection {
	var vertices, edges []*model.Collection
	known := map[string]bool{}
	for _, c := range a.model.Vertices() {
		known[c.Name] = true
	}
	for _, s := range unknown {
		if !s.isEdge() {
			known[s.name] = true
			vertices = append(vertices, s.limit(model.NewVertex(s.name, s.keyedBy())))
		}
	}
	for _, s := range unknown {
		if !s.isEdge() {
			continue
		}
		from, to, ok := ends(s.name, known)
		if !ok {
			a.unusable(s.name, errors.New("its name does not say which vertex collections its edges join"))
			continue
		}
		edges = append(edges, s.limit(model.NewEdge(s.name, from, to, s.end("_from"), s.end("_to"))))
	}
	return slices.Concat(vertices, edges)
}

// limit removes the properties of a new collection that CAR's schema lacks, except those that
// identify objects and those that CAR does not keep: queries for others could fail.
func (s *collection) limit(c *model.Collection) *model.Collection {
	c.Properties = slices.DeleteFunc(c.Properties, func(p model.Property) bool {
		return s.property(p.Name) == nil && p.Name != c.KeyedBy && !slices.Contains([]string{"source", "tag", "untag"}, p.Name)
	})
	return c
}

// isEdge reports whether the objects of a collection name vertices.
func (s *collection) isEdge() bool {
	return slices.ContainsFunc(s.properties, func(p stated) bool {
		return strings.HasPrefix(p.name, "_from") || strings.HasPrefix(p.name, "_to")
	})
}

// keyedBy is the key of a vertex collection: the required one of _key and external_id, else the
// existing one, else the external id.
func (s *collection) keyedBy() string {
	for _, key := range []string{model.ByExternalID, model.ByKey} {
		if slices.Contains(s.required, key) {
			return key
		}
	}
	if s.property(model.ByExternalID) == nil && s.property(model.ByKey) != nil {
		return model.ByKey
	}
	return model.ByExternalID
}

// end returns how edges name a vertex; empty if either way is accepted.
func (s *collection) end(property string) string {
	byKey, byExternalID := s.property(property) != nil, s.property(property+"_"+model.ByExternalID) != nil
	switch {
	case byKey == byExternalID:
		return ""
	case byKey:
		return model.ByKey
	}
	return model.ByExternalID
}

// ends are the vertex collections that an edge collection joins, by its name.
func ends(name string, vertices map[string]bool) (from, to string, ok bool) {
	for i := range len(name) {
		if name[i] == '_' && vertices[name[:i]] && vertices[name[i+1:]] {
			return name[:i], name[i+1:], true
		}
	}
	return "", "", false
}
