package inventory

import (
	"fmt"
	"slices"
	"strings"

	"carjs/host/model"
	"carjs/host/submit"
)

// hidden names the properties that CAR takes in an import and does not show in a query, as far as
// its own model goes. Where an object may have one of them, what CAR has of it cannot be told to be
// the same.
var hidden = map[string][]string{
	"ipregion": {"properties"},
	"vulnerability": {"xfr_wx", "xfr_utility", "xfr_opportune", "xfr_cvss2_base", "xfr_cvss3_base", "xfr_ml_utility",
		"xfr_ml_opportune", "xfr_threat_score", "cpes", "links", "solution", "synopsis"},
}

// shownAs are properties that a query shows under another name.
var shownAs = map[string]string{"hostname.host_name": "name"}

// shape is how CAR shows the objects of a collection: which fields a row has, which rows are this
// source's, and how keys are read from it.
type shape struct {
	c      *model.Collection
	source string
	// id is the field of a vertex's id; from and to are those of the ids of an edge's ends. The
	// others are empty.
	id, from, to string
	// properties are the fields by the property that they show.
	properties map[string]string
	// complete tells that no property is missing there, so that contents can be compared.
	complete bool
}

func shapeOf(c *model.Collection, source string) *shape {
	s := &shape{c: c, source: source, properties: map[string]string{}, complete: true}
	own := []string{"id", "source", "report", "reported_at"}
	bookkeeping := []string{"source", model.ByKey, "tag", "untag"}
	if c.Kind == model.Edge {
		s.from, s.to = c.From+"_id", c.To+"_id"
		if c.From == c.To {
			s.from, s.to = "from_"+s.from, "to_"+s.to
		}
		own = append(own, s.from, s.to, "active", "timestamp")
		bookkeeping = append(bookkeeping, c.FromProperty(), c.ToProperty(), "report", "active", "created", "modified")
	} else {
		s.id = "id"
		bookkeeping = append(bookkeeping, c.KeyedBy)
	}
	for i := range c.Properties {
		name := c.Properties[i].Name
		field, renamed := shownAs[c.Name+"."+name]
		if !renamed {
			field = name
		}
		switch {
		case slices.Contains(bookkeeping, name):
		case slices.Contains(hidden[c.Name], name), slices.Contains(own, field):
			s.complete = false
		default:
			s.properties[name] = field
		}
	}
	if !s.complete {
		s.properties = nil
	}
	return s
}

// identities are the fields that tell the rows apart.
func (s *shape) identities() []string {
	if s.c.Kind == model.Edge {
		return []string{s.from, s.to}
	}
	return []string{s.id}
}

// fields are what is asked for beside the identities, for contents to be compared.
func (s *shape) fields() []string {
	fields := make([]string, 0, len(s.properties))
	for _, field := range s.properties {
		fields = append(fields, field)
	}
	slices.Sort(fields)
	return fields
}

// current are the conditions for what this source has now.
func (s *shape) current() []string {
	conditions := []string{compare("source", "_eq", s.source)}
	if s.c.Kind == model.Edge {
		conditions = append(conditions, compare("active", "_eq", true))
	}
	return conditions
}

// endsIn are the conditions for edges at one of the vertices of a collection with these ids, one of
// which must hold.
func (s *shape) endsIn(collection string, ids []string) []string {
	var conditions []string
	if s.c.From == collection {
		conditions = append(conditions, compare(s.from, "_in", ids))
	}
	if s.c.To == collection {
		conditions = append(conditions, compare(s.to, "_in", ids))
	}
	return conditions
}

// identity makes of a row what tells its object apart.
func (s *shape) identity(row map[string]any) (submit.Existing, error) {
	var o submit.Existing
	parts := map[string]*string{s.id: &o.Key}
	if s.c.Kind == model.Edge {
		parts = map[string]*string{s.from: &o.From, s.to: &o.To}
	}
	for field, part := range parts {
		id, _ := row[field].(string)
		key, ok := keyOf(s.source, id)
		if !ok {
			return o, fmt.Errorf("%s is %q and does not begin with %q", field, id, s.source+"/")
		}
		*part = key
	}
	return o, nil
}

// object makes of a row what must be known of its object for it to be compared. Where contents
// cannot be compared the content is 0, which no object has, but for one in 2^64.
func (s *shape) object(row map[string]any) (submit.Existing, error) {
	o, err := s.identity(row)
	if err != nil || !s.complete {
		return o, err
	}
	properties := make(map[string]any, len(s.properties)+1)
	for name, field := range s.properties {
		properties[name] = row[field]
	}
	if s.c.KeyedBy == model.ByKey {
		properties[model.ByKey] = o.Key
	}
	o.Content = submit.ContentHash(s.c, properties)
	return o, nil
}

// keyOf cuts the key of a vertex off the id that CAR has given it.
func keyOf(source, id string) (key string, ok bool) {
	key, ok = strings.CutPrefix(id, source+"/")
	return key, ok && key != ""
}

// ids are the ids that CAR gives to vertices of this source.
func (i *Inventory) ids(collection string, keys []string) []string {
	c, _ := i.model.Collection(collection)
	ids := make([]string, len(keys))
	for n, key := range keys {
		if c != nil && c.KeyedBy == model.ByKey {
			key = strings.TrimPrefix(key, collection+"/")
		}
		ids[n] = i.source + "/" + key
	}
	return ids
}
