package inventory

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"carjs/host/model"
	"carjs/host/submit"
)

// shape is how CAR shows the objects of a collection: the fields of a row, which rows are this
// source's, and how keys are read from them. Ids are used as CAR returns them: they are not
// composed here, and only the source before them is split off.
type shape struct {
	c      *model.Collection
	source string
	// key are the fields of a vertex that make up its key. Empty for an edge.
	key []string
	// ends are those of an edge's ends, from and to. Empty for a vertex.
	ends []end
	// properties are the fields by the property that they show.
	properties map[string]string
	// complete tells that no property is missing, so that contents can be compared.
	complete bool
}

// end is how an edge shows one of its vertices.
type end struct {
	id, relation string
	vertex       *model.Collection
	key          []string // the fields of the vertex that make up its key
}

func (i *Inventory) shapeOf(c *model.Collection) *shape {
	s := &shape{c: c, source: i.source, properties: map[string]string{}, complete: true}
	bookkeeping := []string{"source", model.ByKey, "tag", "untag"}
	if c.Kind == model.Edge {
		from, to := c.Relations()
		s.ends = []end{i.end(from, c.From), i.end(to, c.To)}
		bookkeeping = append(bookkeeping, c.FromProperty(), c.ToProperty(), "report", "active", "created", "modified")
	} else {
		s.key = keyFields(c)
		bookkeeping = append(bookkeeping, c.KeyedBy)
	}
	shown, asked := i.shown.of(c.Name)
	for n := range c.Properties {
		name := c.Properties[n].Name
		field := c.ShownAs(name)
		if asked && !shown[field] {
			field = ""
		}
		switch {
		case slices.Contains(bookkeeping, name), model.Regional(c.Name) && slices.Contains(s.key, name):
		case field == "":
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

func (i *Inventory) end(relation, vertex string) end {
	c, _ := i.model.Collection(vertex) // the model has the ends of its edges
	return end{id: relation + "_id", relation: relation, vertex: c, key: keyFields(c)}
}

// keyFields are the fields of a vertex that make up its key: for an address, the address and its
// region.
func keyFields(c *model.Collection) []string {
	if model.Regional(c.Name) {
		return []string{"name", "region_id", model.ByExternalID}
	}
	return []string{model.ByExternalID}
}

// order are the fields that identify a row.
func (s *shape) order() []string {
	if s.c.Kind == model.Edge {
		return []string{s.ends[0].id, s.ends[1].id}
	}
	return []string{"id"}
}

// identities are the fields that [shape.identity] reads besides those of the order.
func (s *shape) identities() []field {
	var fields []field
	for _, name := range s.key {
		fields = append(fields, field{name: name})
	}
	for _, e := range s.ends {
		fields = append(fields, field{name: e.relation, of: e.key})
	}
	return fields
}

// contents are the fields for comparing contents, besides the identities.
func (s *shape) contents() []field {
	var fields []field
	for _, name := range s.properties {
		if !slices.Contains(s.key, name) {
			fields = append(fields, field{name: name})
		}
	}
	if !s.complete && s.c.Kind == model.Edge {
		fields = append(fields, field{name: model.ByExternalID})
	}
	slices.SortFunc(fields, func(a, b field) int { return strings.Compare(a.name, b.name) })
	return fields
}

// current are the conditions for the current objects of this source; queries are limited to them.
func (s *shape) current() []string {
	return []string{compare("source", "_eq", s.source)}
}

// endsIn are the conditions for edges at one of the vertices of a collection with these ids, one of
// which must hold.
func (s *shape) endsIn(collection string, ids []string) []string {
	var conditions []string
	for _, e := range s.ends {
		if e.vertex.Name == collection {
			conditions = append(conditions, compare(e.id, "_in", ids))
		}
	}
	return conditions
}

// keyed are the conditions for vertices with keys, one of which must hold. Addresses are asked for
// as such, which CAR refuses to do with what it does not take for one. That is asked for by its
// external id: an address in a region, in the spelling that was given and in the one that CAR
// shows, or no address at all, before which the default region may stand.
func keyed(c *model.Collection, keys []string) []string {
	if !model.Regional(c.Name) {
		return []string{compare(model.ByExternalID, "_in", keys)}
	}
	var addresses, others, conditions []string
	for _, key := range keys {
		if model.IsAddress(key) {
			addresses = append(addresses, key)
			continue
		}
		if others = append(others, key); !strings.Contains(key, "/") {
			others = append(others, model.DefaultRegion+"/"+key)
		}
		if same := model.SameKey(c.Name, key); same != key {
			others = append(others, same)
		}
	}
	if addresses != nil {
		conditions = append(conditions, compare("name", "_in", addresses))
	}
	if others != nil {
		conditions = append(conditions, compare(model.ByExternalID, "_in", others))
	}
	return conditions
}

// identity returns the identity of a row's object.
func (s *shape) identity(row map[string]any) (submit.Existing, error) {
	if s.c.Kind == model.Vertex {
		key, err := keyOf(s.c, row)
		return submit.Existing{Key: key}, err
	}
	from, fromID, fromThere, err := s.endOf(s.ends[0], row)
	if err != nil {
		return submit.Existing{}, err
	}
	to, toID, toThere, err := s.endOf(s.ends[1], row)
	return submit.Existing{From: from, To: to, FromID: fromID, ToID: toID, Dangling: !fromThere || !toThere}, err
}

// endOf reads an end of an edge: its key and its id. If the vertex is missing, only its id is
// known.
func (s *shape) endOf(e end, row map[string]any) (key, id string, there bool, err error) {
	if id, _ = row[e.id].(string); id == "" {
		return "", "", false, fmt.Errorf("%s is %v, which is not an id", e.id, row[e.id])
	}
	vertex, err := e.of(row)
	if err != nil {
		return "", "", false, err
	}
	if vertex == nil {
		return e.vertex.VertexKey(strings.TrimPrefix(id, s.source+"/")), id, false, nil
	}
	key, err = keyOf(e.vertex, vertex)
	return key, id, true, err
}

// of returns the vertex that a relation shows; nil if it is missing.
func (e end) of(row map[string]any) (map[string]any, error) {
	vertices, ok := row[e.relation].([]any)
	if object, single := row[e.relation].(map[string]any); single {
		vertices, ok = []any{object}, true
	}
	if !ok && row[e.relation] != nil {
		return nil, fmt.Errorf("%s is not a list of vertices", e.relation)
	}
	if len(vertices) == 0 {
		return nil, nil
	}
	vertex, ok := vertices[0].(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s is not a list of vertices", e.relation)
	}
	for _, name := range e.key {
		if _, there := vertex[name]; !there {
			return nil, fmt.Errorf("%s in %s", lacking(name), e.relation)
		}
	}
	return vertex, nil
}

// keyOf reads the key of a vertex. Two vertices with one address are in two regions: the one in the
// default region is known by the address, the other by its external id, as CAR gave that.
func keyOf(c *model.Collection, row map[string]any) (string, error) {
	field := model.ByExternalID
	if model.Regional(c.Name) {
		if region, _ := row["region_id"].(string); region == "" || region == model.DefaultRegion {
			field = "name"
		}
	}
	key, _ := row[field].(string)
	if key == "" {
		return "", fmt.Errorf("%s of %s is %v, which is not a key", field, c.Name, row[field])
	}
	return key, nil
}

// object returns what is needed to compare a row's object. If contents cannot be compared, the
// content is 0, which one object in 2^64 has.
func (s *shape) object(row map[string]any) (submit.Existing, error) {
	o, err := s.identity(row)
	if err != nil {
		return o, err
	}
	if s.c.Kind == model.Edge {
		o.Own, _ = row[model.ByExternalID].(string)
	}
	if !s.complete {
		return o, nil
	}
	properties := make(map[string]any, len(s.properties)+1)
	for name, field := range s.properties {
		properties[name] = s.value(name, row[field])
	}
	if s.c.KeyedBy == model.ByKey {
		properties[model.ByKey] = o.Key
	}
	o.Content = submit.ContentHash(s.c, properties)
	return o, nil
}

// value returns a property in the form of imports. A service may show numbers as text, and epoch
// milliseconds as dates.
func (s *shape) value(property string, shown any) any {
	text, isText := shown.(string)
	if p, ok := s.c.Property(property); !ok || !isText || p.Type != model.Number && p.Type != model.Integer {
		return shown
	}
	if number := json.Number(text); json.Valid([]byte(text)) {
		if _, err := number.Float64(); err == nil {
			return number
		}
	}
	for _, layout := range []string{"2006-01-02T15:04:05", time.RFC3339} {
		if at, err := time.Parse(layout, text); err == nil {
			return float64(at.UnixMilli())
		}
	}
	return shown
}

// field is a field of a query; of are those of a relation.
type field struct {
	name string
	of   []string
}

func (f field) String() string {
	if f.of == nil {
		return f.name
	}
	return f.name + " { " + strings.Join(f.of, " ") + " }"
}

// whole returns an error if a row lacks a queried field; a null field is not missing.
func whole(row map[string]any, order []string, fields []field) error {
	for _, name := range order {
		if _, there := row[name]; !there {
			return lacking(name)
		}
	}
	for _, f := range fields {
		if _, there := row[f.name]; !there {
			return lacking(f.name)
		}
	}
	return nil
}

func lacking(field string) error {
	return errors.New("it has rows without the field " + field)
}
