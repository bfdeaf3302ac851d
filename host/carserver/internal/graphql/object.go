package graphql

import (
	"cmp"
	"slices"
	"strings"

	"carjs/host/carserver/internal/tables"
	"carjs/host/model"
)

// object is a GraphQL object type whose values are rows, with the table behind it.
type object struct {
	name  string
	table *tables.Table // nil: the table of sources
	// order is the default order of rows. It is total.
	order []string
	// fields are sorted by name once the object is finished.
	fields      []*field
	constraints []string  // suffixes of the object's name
	counted     []*object // those whose rows a tag counts
}

// field is a field of an object: a column or a relation. In its expressions, @ stands for the alias
// of the row's table.
type field struct {
	name, scalar string
	required     bool
	// fixed columns cannot be updated. kept ones can be in the published schema, but this service
	// derives them.
	fixed, kept bool
	// property is the property of the document that the column shows; empty for other columns.
	property string
	// value is the expression that is compared and sorted by; json is the one that is shown, as an
	// argument of json_object.
	value, json string
	// pair are the two columns that make up an id, joined by a slash. Ids are compared by these
	// columns, which are indexed.
	pair []string
	// counted are the objects whose current rows the field counts; it has no value of its own then.
	counted []*object
	// target is the object at the other end of a relation. A row is related to the rows of the
	// target whose expressions theirs (# is the target's alias) equal its own.
	target      *object
	own, theirs []string
}

// join returns the condition for rows of the target, under an alias, that are related to the row @.
func (f *field) join(target string) string {
	conditions := make([]string, len(f.own))
	for i := range f.own {
		conditions[i] = strings.ReplaceAll(f.theirs[i], "#", target) + " = " + f.own[i]
	}
	return strings.Join(conditions, " AND ")
}

// byKeys reports whether the relation compares sources and keys; otherwise it compares connecting
// ids.
func (f *field) byKeys() bool { return len(f.own) == 2 }

// add adds a field unless its name is taken: the service's own fields are added first and win over
// properties.
func (o *object) add(f *field) {
	if o.field(f.name) != nil {
		return
	}
	if f.json == "" {
		f.json = f.value
	}
	o.fields = append(o.fields, f)
}

func (o *object) field(name string) *field {
	for _, f := range o.fields {
		if f.name == name {
			return f
		}
	}
	return nil
}

// keyed returns the id field on the column by which the rows of a source are ordered first; nil if
// there is none.
func (o *object) keyed() *field {
	for _, f := range o.fields {
		if f.pair != nil && len(o.order) > 1 && f.pair[1] == o.order[1] {
			return f
		}
	}
	return nil
}

// finish sorts the fields.
func (o *object) finish() {
	slices.SortFunc(o.fields, func(a, b *field) int { return cmp.Compare(a.name, b.name) })
}

func (o *object) addID(name, keyColumn string) {
	o.add(&field{
		name: name, scalar: scalarString, required: true, fixed: true,
		value: "(@.source || '/' || @." + keyColumn + ")", pair: []string{"@.source", "@." + keyColumn},
	})
}

// reported adds the fields that say where and when a row was reported.
func (o *object) reported() {
	o.add(&field{name: "source", scalar: scalarString, required: true, fixed: true, value: "@.source"})
	o.add(&field{
		name: "reported_at", scalar: scalarTimestamp, required: true, fixed: true,
		value: "@.reported_at", json: moment("@.reported_at"),
	})
}

// shownTime is the format of times in responses.
const shownTime = "'%Y-%m-%dT%H:%M:%f'"

// moment returns the expression that formats epoch milliseconds.
func moment(millis string) string {
	return "strftime(" + shownTime + ", " + millis + " / 1000.0, 'unixepoch')"
}

// properties adds the fields that are properties of the document.
func (o *object) properties(t *tables.Table) {
	for _, p := range t.Document() {
		if published(t.Collection, p.Name) {
			o.add(property(p.Name, p.Name, scalarOf(t.Collection, p)))
		}
	}
}

func property(name, stored, scalar string) *field {
	f := &field{name: name, property: stored, scalar: scalar, value: tables.Text("@.doc", stored), json: tables.JSON("@.doc", stored)}
	switch scalar {
	case scalarJSON:
		f.value = f.json
	case scalarTimestamp: // times are imported as epoch milliseconds and as text
		text := f.value
		f.json = "CASE typeof(" + text + ") WHEN 'text' THEN coalesce(strftime(" + shownTime + ", " + text + "), " + text + ") ELSE " +
			moment("("+text+")") + " END"
		f.value = "CASE typeof(" + text + ") WHEN 'text' THEN CAST(unixepoch(" + text + ", 'subsec') * 1000 AS INTEGER) ELSE " + text + " END"
	}
	return f
}

func vertexObject(t *tables.Table) *object {
	o := &object{name: t.Collection.Name, table: t, order: []string{"@.source", "@.key"}, constraints: []string{"_id_t2", "_pkey"}}
	o.addID("id", "key")
	o.add(&field{name: model.ByExternalID, scalar: scalarString, required: true, fixed: true, value: "@.key"})
	for _, f := range ownColumns(t) {
		o.add(f)
	}
	if o.name == regionCollection {
		o.constraints = []string{"_pkey"}
		o.add(&field{name: "source", scalar: scalarString, fixed: true, value: "@.source"})
		o.add(property("name", "name", scalarString))
		return o
	}
	o.reported()
	o.properties(t)
	instances := &field{name: "instances", target: o, own: []string{"@.source", "@.key"}, theirs: []string{"#.source", "#.key"}}
	if connecting := t.ConnectingID("@."); connecting != "" {
		instances.own, instances.theirs = []string{connecting}, []string{t.ConnectingID("#.")}
	}
	o.add(instances)
	return o
}

func tagObject(t *tables.Table) *object {
	o := vertexObject(t)
	o.add(&field{name: "properties", property: "properties", scalar: scalarJSON, value: tables.JSON("@.doc", "properties")})
	o.add(&field{name: "_reference_count", scalar: scalarBigint, kept: true})
	return o
}

func edgeObject(t *tables.Table) *object {
	o := &object{
		name: t.Collection.Name, table: t, order: []string{"@.source", "@.from_key", "@.to_key"},
		constraints: []string{"_id_t2", "_pkey"},
	}
	if t.HasOwnKeys() {
		o.order = append(o.order, "@."+tables.OwnKey)
	}
	from, to := endNames(t.Collection)
	o.addID(from+"_id", "from_key")
	o.addID(to+"_id", "to_key")
	external := property(model.ByExternalID, model.ByExternalID, scalarString)
	external.fixed = true
	o.add(external)
	o.add(property("properties", "properties", scalarJSON))
	o.reported()
	o.properties(t)
	return o
}

// endNames returns the fields of an edge for its ends: the names of their collections, with a
// prefix if both are the same.
func endNames(c *model.Collection) (from, to string) {
	if c.From == c.To {
		return "from_" + c.From, "to_" + c.To
	}
	return c.From, c.To
}

// relate relates an edge's object to those of its ends: the edge gets a field for each end, and
// each end a list of edges under a given name, the plural of the other end.
func (o *object) relate(from, to *object, toMany, fromMany string) {
	fromName, toName := endNames(o.table.Collection)
	relation := func(name string, target *object, own, theirs string) *field {
		return &field{name: name, target: target, own: []string{"@.source", "@." + own}, theirs: []string{"#.source", "#." + theirs}}
	}
	o.add(relation(fromName, from, "from_key", "key"))
	o.add(relation(toName, to, "to_key", "key"))
	from.add(relation(toMany, o, "key", "from_key"))
	to.add(relation(fromMany, o, "key", "to_key"))
}

func plural(name string) string {
	ends := func(suffixes ...string) bool {
		for _, suffix := range suffixes {
			if strings.HasSuffix(name, suffix) {
				return true
			}
		}
		return false
	}
	switch {
	case ends("ay", "ey", "oy", "uy"):
		return name + "s"
	case ends("y"):
		return strings.TrimSuffix(name, "y") + "ies"
	case ends("s", "x", "z", "ch", "sh"):
		return name + "es"
	}
	return name + "s"
}

// sourceObject is the object of the sources, whose id is their key.
func sourceObject() *object {
	o := &object{name: "source", order: []string{"@.key"}, constraints: []string{"_id_key", "_pkey"}}
	o.add(&field{name: "id", scalar: scalarString, required: true, fixed: true, value: "@.key"})
	for _, name := range []string{"description", "name", "product_link"} {
		o.add(property(name, name, scalarString))
	}
	o.add(property("properties", "properties", scalarJSON))
	return o
}
