package graphql

import (
	"fmt"
	"strings"

	"carjs/host/carserver/internal/tables"
	"carjs/host/model"
)

// The scalar types, by the names that CAR's GraphQL interface has for them.
const (
	scalarString    = "String"
	scalarInt       = "Int"
	scalarBoolean   = "Boolean"
	scalarNumeric   = "numeric"
	scalarBigint    = "bigint"
	scalarFloat     = "float8"
	scalarTimestamp = "timestamp"
	scalarJSON      = "jsonb"
	scalarInet      = "inet"
	scalarMac       = "macaddr"
)

// object is a GraphQL object type and the table behind it.
type object struct {
	name  string
	table string
	// current is the condition for rows that are shown, on the alias @; empty means all.
	current string
	// order makes the order of rows definite.
	order  []string
	fields []*field
	byName map[string]*field
}

// field is a field of an object: a scalar or a relation. In its expressions @ stands for the alias
// of the row's table.
type field struct {
	name, scalar string
	required     bool
	// value is what is compared and sorted by, json what is shown, in a form that json_object
	// takes.
	value, json string
	// pair are the two columns whose values, with a slash between, are an id. Ids are compared by
	// columns, which have an index.
	pair []string
	// target is the object at the other end of a relation, and join the condition, in which # is
	// the target's alias.
	target *object
	join   string
}

// add adds a field. What came first under a name stays: the service's own fields win over
// properties.
func (o *object) add(f *field) {
	if _, taken := o.byName[f.name]; taken || strings.HasPrefix(f.name, "__") {
		return
	}
	if f.json == "" {
		f.json = f.value
	}
	o.fields = append(o.fields, f)
	o.byName[f.name] = f
}

func (o *object) addID(name, keyColumn string) {
	id := "@.source || '/' || @." + keyColumn
	o.add(&field{name: name, scalar: scalarString, required: true, value: "(" + id + ")", pair: []string{"@.source", "@." + keyColumn}})
}

// reported adds what every row has besides its object.
func (o *object) reported() {
	o.add(&field{name: "source", scalar: scalarString, required: true, value: "@.source"})
	o.add(&field{name: "report", scalar: scalarString, value: "@.report"})
	o.add(&field{name: "reported_at", scalar: scalarTimestamp, required: true, value: "@.reported_at",
		json: "strftime('%Y-%m-%dT%H:%M:%f', @.reported_at / 1000.0, 'unixepoch')"})
}

// properties adds the properties that are kept in the document.
func (o *object) properties(t *tables.Table) {
	for _, p := range t.Document() {
		o.add(property(p.Name, p.Name, scalarOf(t.Collection.Name, p)))
	}
}

func property(name, stored, scalar string) *field {
	f := &field{name: name, scalar: scalar, value: tables.Text("@.doc", stored), json: tables.JSON("@.doc", stored)}
	if scalar == scalarJSON {
		f.value = f.json
	}
	return f
}

// scalars are the types of properties that are not told by the model's type, as CAR has them.
var scalars = map[string]string{
	"vulnerability.disclosed_on": scalarBigint, "vulnerability.published_on": scalarBigint, "vulnerability.updated_on": scalarBigint,
	"geolocation.latitude": scalarFloat, "geolocation.longitude": scalarFloat,
	"ipaddress.name": scalarInet, "macaddress.name": scalarMac,
}

func scalarOf(collection string, p *model.Property) string {
	if scalar, ok := scalars[collection+"."+p.Name]; ok {
		return scalar
	}
	switch p.Type {
	case model.String:
		return scalarString
	case model.Number:
		return scalarNumeric
	case model.Integer:
		return scalarInt
	case model.Boolean:
		return scalarBoolean
	}
	return scalarJSON
}

func newObject(name, table string, order ...string) *object {
	return &object{name: name, table: table, order: order, byName: map[string]*field{}}
}

func vertexObject(t *tables.Table) *object {
	o := newObject(t.Collection.Name, t.Name, "@.source", "@.key")
	o.current = "@._t2 IS NULL"
	o.addID("id", "key")
	external := "@.key"
	if t.InDocument(model.ByExternalID) {
		external = "coalesce(" + tables.Text("@.doc", model.ByExternalID) + ", @.key)"
	}
	o.add(&field{name: model.ByExternalID, scalar: scalarString, required: true, value: external})
	o.reported()
	tags := fmt.Sprintf(`(SELECT nullif(json_group_array(from_key ORDER BY n), '[]') FROM "%s" AS g
		WHERE g.source = @.source AND g.to_key = @.key AND g._t2 IS NULL)`, tables.TagsOf(t.Collection.Name).Name)
	o.add(&field{name: "tag", scalar: scalarJSON, value: tags, json: "json(" + tags + ")"})
	o.properties(t)
	if t.Collection.Name == "hostname" { // CAR shows the name under both names
		o.add(property("name", "host_name", scalarString))
	}
	return o
}

func edgeObject(t *tables.Table) *object {
	o := newObject(t.Collection.Name, t.Name, "@.source", "@.from_key", "@.to_key")
	o.current = "@._t2 IS NULL"
	from, to := endNames(t.Collection)
	o.addID(from+"_id", "from_key")
	o.addID(to+"_id", "to_key")
	o.add(&field{name: "active", scalar: scalarBoolean, required: true, value: "(@._t2 IS NULL)", json: "json('true')"})
	o.reported()
	o.properties(t)
	return o
}

// endNames are the names under which an edge shows its ends: those of the collections, told apart
// where an edge joins a collection to itself.
func endNames(c *model.Collection) (from, to string) {
	if c.From == c.To {
		return "from_" + c.From, "to_" + c.To
	}
	return c.From, c.To
}

// relate connects an edge's object with those of its ends: the edge shows its ends, and each end
// its edges under the plural of the other end's name.
func relate(edge *model.Collection, e, from, to *object) {
	fromName, toName := endNames(edge)
	toMany, fromMany := plural(edge.To), plural(edge.From)
	if edge.From == edge.To {
		toMany, fromMany = "to_"+toMany, "from_"+fromMany
	}
	const at = "#.source = @.source AND "
	e.add(&field{name: fromName, target: from, join: at + "#.key = @.from_key"})
	e.add(&field{name: toName, target: to, join: at + "#.key = @.to_key"})
	from.add(&field{name: toMany, target: e, join: at + "#.from_key = @.key"})
	to.add(&field{name: fromMany, target: e, join: at + "#.to_key = @.key"})
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

func sourceObject() *object {
	o := newObject("source", "sources", "@.key")
	o.add(&field{name: "id", scalar: scalarString, required: true, value: "@.key"})
	for _, name := range []string{"name", "description", "product_link", "model_state_id"} {
		o.add(property(name, name, scalarString))
	}
	o.add(property("properties", "properties", scalarJSON))
	return o
}
