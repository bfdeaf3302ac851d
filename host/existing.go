package host

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"carjs/host/failure"
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

// table is how a query shows a collection.
type table struct {
	c *model.Collection
	// from and to are the fields of an edge's ends.
	from, to string
	// properties are the fields by the property that they show.
	properties map[string]string
	// whole tells that no property is missing there, so that contents can be compared.
	whole bool
}

func newTable(c *model.Collection) *table {
	t := &table{c: c, properties: map[string]string{}, whole: true}
	own := []string{"id", "source", "report", "reported_at"}
	bookkeeping := []string{"source", model.ByKey, "tag", "untag"}
	if c.Kind == model.Edge {
		t.from, t.to = c.From+"_id", c.To+"_id"
		if c.From == c.To {
			t.from, t.to = "from_"+t.from, "to_"+t.to
		}
		own = append(own, t.from, t.to, "active", "timestamp")
		bookkeeping = append(bookkeeping, c.FromProperty(), c.ToProperty(), "report", "active", "created", "modified")
	} else {
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
			t.whole = false
		default:
			t.properties[name] = field
		}
	}
	if !t.whole {
		t.properties = nil
	}
	return t
}

func (t *table) fields() []string {
	fields := make([]string, 0, len(t.properties))
	for _, field := range t.properties {
		fields = append(fields, field)
	}
	slices.Sort(fields)
	return fields
}

// walk is the way through what a source has in the table where one of the conditions holds; without
// any, all of it.
func (t *table) walk(source string, conditions ...string) *walk {
	w := &walk{collection: t.c.Name, order: []string{"id"}, where: []string{compare("source", "_eq", source)}}
	if t.c.Kind == model.Edge {
		w.order = []string{t.from, t.to}
		w.where = append(w.where, compare("active", "_eq", true))
	}
	if len(conditions) > 0 {
		w.where = append(w.where, "{_or: ["+strings.Join(conditions, ", ")+"]}")
	}
	return w
}

// object makes of a row what must be known of an object. The key is cut off its id, which is
// source/key.
func (t *table) object(source string, row map[string]any) (submit.Existing, error) {
	var o submit.Existing
	parts := map[string]*string{"id": &o.Key}
	if t.c.Kind == model.Edge {
		parts = map[string]*string{t.from: &o.From, t.to: &o.To}
	}
	for field, part := range parts {
		id, _ := row[field].(string)
		key, ok := strings.CutPrefix(id, source+"/")
		if !ok || key == "" {
			return o, fmt.Errorf("%s of a %s is %q, which does not begin with the source", field, t.c.Name, id)
		}
		*part = key
	}
	if !t.whole {
		return o, nil // no object has content 0, but for one in 2^64
	}
	properties := make(map[string]any, len(t.properties)+1)
	for name, field := range t.properties {
		properties[name] = row[field]
	}
	if t.c.KeyedBy == model.ByKey {
		properties[model.ByKey] = o.Key
	}
	o.Content = submit.ContentHash(t.c, properties)
	return o, nil
}

// existing returns what CAR has of this source in a part of a collection. An object may be there
// twice.
func (s *Service) existing(ctx context.Context, c *model.Collection, scope Scope) ([]submit.Existing, error) {
	if err := s.ready(); err != nil {
		return nil, err
	}
	t := newTable(c)
	var found []submit.Existing
	for _, w := range s.walks(t, scope) {
		w.fields = t.fields()
		w.visit = func(row map[string]any) error {
			o, err := t.object(s.run.source, row)
			found = append(found, o)
			return err
		}
		if err := s.follow(ctx, w); errors.Is(err, nothing{}) {
			// It may have nothing, and it may be out of order: only a full import is right in both
			// cases.
			return nil, &failure.NotPossible{Reason: "CAR does not say what it has of " + c.Name}
		} else if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// walks are the ways through a part of a collection.
func (s *Service) walks(t *table, scope Scope) []*walk {
	if scope.whole() {
		return []*walk{t.walk(s.run.source)}
	}
	var walks []*walk
	for _, limit := range []struct {
		field, collection string
		keys              []string
	}{{"id", t.c.Name, scope.Keys}, {t.from, t.c.From, scope.From}, {t.to, t.c.To, scope.To}} {
		for batch := range slices.Chunk(distinct(limit.keys), idBatch) {
			w := t.walk(s.run.source, compare(limit.field, "_in", s.ids(limit.collection, batch)))
			if t.c.Kind == model.Vertex {
				w.most = len(batch)
			}
			walks = append(walks, w)
		}
	}
	return walks
}

// ids are the ids that CAR gives to vertices of this source.
func (s *Service) ids(collection string, keys []string) []string {
	c, _ := s.run.Model().Collection(collection)
	ids := make([]string, len(keys))
	for i, key := range keys {
		if c != nil && c.KeyedBy == model.ByKey {
			key = strings.TrimPrefix(key, collection+"/")
		}
		ids[i] = s.run.source + "/" + key
	}
	return ids
}

// touching are edges of one collection.
type touching struct {
	collection string
	edges      []submit.Existing
}

// touched returns which of the vertices CAR has, and this source's edges at them, asked for
// together.
func (s *Service) touched(ctx context.Context, c *model.Collection, keys []string) (there []string, edges []touching, err error) {
	ids := s.ids(c.Name, keys)
	vertices := newTable(c).walk(s.run.source, compare("id", "_in", ids))
	vertices.most = len(keys)
	vertices.visit = func(row map[string]any) error {
		o, err := (&table{c: c}).object(s.run.source, row)
		there = append(there, o.Key)
		return err
	}
	walks := []*walk{vertices}
	at := s.run.Model().EdgesAt(c.Name)
	edges = make([]touching, len(at))
	for i, e := range at {
		t := newTable(e)
		var ends []string
		if e.From == c.Name {
			ends = append(ends, compare(t.from, "_in", ids))
		}
		if e.To == c.Name {
			ends = append(ends, compare(t.to, "_in", ids))
		}
		w := t.walk(s.run.source, ends...)
		edges[i].collection = e.Name
		w.visit = func(row map[string]any) error {
			o, err := (&table{c: e, from: t.from, to: t.to}).object(s.run.source, row)
			edges[i].edges = append(edges[i].edges, o)
			return err
		}
		walks = append(walks, w)
	}
	err = s.follow(ctx, walks...)
	if !errors.Is(err, nothing{}) {
		return there, edges, err
	}
	if s.run.Mode() == ModeIncremental {
		return nil, nil, &failure.NotPossible{Reason: "CAR does not say which edges there are at what is deleted in " + c.Name}
	}
	s.log.Warn("CAR does not say which edges there are at what is deleted", "collection", c.Name)
	return nil, nil, nil
}

// held returns of those vertices that CAR has whether an edge of this source is at them.
func (s *Service) held(ctx context.Context, c *model.Collection, keys []string) (map[string]bool, error) {
	there, edges, err := s.touched(ctx, c, keys)
	if err != nil {
		return nil, err
	}
	held := make(map[string]bool, len(there))
	for _, key := range there {
		held[key] = false
	}
	for _, at := range edges {
		e, ok := s.run.Model().Collection(at.collection)
		if !ok {
			continue
		}
		for _, edge := range at.edges {
			if _, ours := held[edge.From]; ours && e.From == c.Name {
				held[edge.From] = true
			}
			if _, ours := held[edge.To]; ours && e.To == c.Name {
				held[edge.To] = true
			}
		}
	}
	return held, nil
}
