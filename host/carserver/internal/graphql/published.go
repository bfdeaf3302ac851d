package graphql

import (
	"slices"

	"carjs/host/carserver/internal/tables"
	"carjs/host/model"
)

// The scalar types, by their names in CAR's GraphQL interface.
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

// compared returns the scalar types that columns have.
func compared() []string {
	return []string{
		scalarString, scalarInt, scalarBoolean, scalarNumeric, scalarBigint, scalarFloat, scalarTimestamp, scalarJSON, scalarInet, scalarMac,
	}
}

// scalars returns all scalar types.
func scalars() []string { return append(compared(), "Float", "ID") }

// regionCollection is the only vertex collection without times, properties and instances.
const regionCollection = "ipregion"

// published reports whether a property of a collection is a column of the interface. The
// exceptions, which CAR imports but does not show, are listed here.
func published(c *model.Collection, property string) bool {
	switch {
	case c.Kind == model.Edge:
		return !slices.Contains([]string{"created", "modified", "report", "active", "timestamp"}, property)
	case c.Name == "hostname":
		return property != "host_name"
	case c.Name == "vulnerability":
		return !slices.Contains([]string{
			"xfr_wx", "xfr_utility", "xfr_opportune", "xfr_cvss2_base", "xfr_cvss3_base", "xfr_ml_utility", "xfr_ml_opportune",
			"xfr_threat_score", "cpes", "links", "solution", "synopsis",
		}, property)
	}
	return true
}

// scalarOf returns the type of a property's column: the one that an extension declares, or the one
// that follows from the model's type, unless CAR's database has a narrower one.
func scalarOf(c *model.Collection, p *model.Property) string {
	if p.Column != "" {
		return columnScalar(p.Column)
	}
	switch c.Name + "." + p.Name {
	case "vulnerability.disclosed_on", "vulnerability.published_on", "vulnerability.updated_on":
		return scalarBigint
	case "geolocation.latitude", "geolocation.longitude":
		return scalarFloat
	case "database.last_seen_at", "database.status_date":
		return scalarTimestamp
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

// columnScalar returns the scalar type for a column type of an extension. Most have the same name.
func columnScalar(column string) string {
	switch column {
	case "text":
		return scalarString
	case "float":
		return scalarFloat
	case "boolean":
		return scalarBoolean
	case "integer":
		return scalarInt
	case "bigserial":
		return scalarBigint
	}
	return column
}

// ownColumns returns the fields of a vertex collection that the service fills, except those of
// every collection.
func ownColumns(t *tables.Table) []*field {
	connecting := &field{name: "connecting_id", scalar: scalarString, value: "NULL", kept: true}
	if expression := t.ConnectingID("@."); expression != "" {
		connecting.value = "(" + expression + ")"
	}
	switch t.Collection.Name {
	case "hostname":
		return []*field{connecting, {name: "name", scalar: scalarString, required: true, kept: true,
			value: "(" + tables.Text("@.doc", "host_name") + ")"}}
	case "ipaddress":
		name, region := property("name", "name", scalarInet), property("region_id", "region_id", scalarString)
		name.required, region.required = true, true
		name.kept, region.kept = true, true
		return []*field{connecting, name, region}
	case "macaddress":
		return []*field{connecting, {name: "name", scalar: scalarMac, required: true, kept: true, value: t.ConnectingID("@.")}}
	case regionCollection:
		return []*field{property("connecting_id", "connecting_id", scalarString)}
	case tables.TagCollection:
		return []*field{connecting, {name: "name", scalar: scalarString, required: true, kept: true, value: "@.key"}}
	}
	return []*field{connecting}
}
