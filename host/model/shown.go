package model

import "slices"

// unshown are the properties that CAR takes in an import and shows in no query.
var unshown = map[string][]string{
	"ipregion": {"properties"},
	"vulnerability": {"xfr_wx", "xfr_utility", "xfr_opportune", "xfr_cvss2_base", "xfr_cvss3_base", "xfr_ml_utility",
		"xfr_ml_opportune", "xfr_threat_score", "cpes", "links", "solution", "synopsis"},
}

// unshownOfEdges are those of every edge collection: queries know what holds now by its being
// there.
var unshownOfEdges = []string{"report", "active", "timestamp", "created", "modified"}

// unshownOfVertices are those of every vertex collection: the key is shown as external_id, tags as
// vertices of their own.
var unshownOfVertices = []string{ByKey, "tag", "untag"}

// shownAs are the properties that queries show under another name.
var shownAs = map[string]string{"hostname.host_name": "name"}

// serviceFields are the fields of every object that the service fills in. A property of that name
// is not seen behind them.
var serviceFields = []string{"id", "source", "reported_at", "report", "connecting_id", "instances", "tags"}

// ShownAs returns the field under which CAR's queries show a property of the collection; "" when
// they do not show it.
func (c *Collection) ShownAs(property string) string {
	hidden := unshownOfVertices
	if c.Kind == Edge {
		hidden = unshownOfEdges
		if property == c.FromProperty() || property == c.ToProperty() {
			return ""
		}
	}
	if slices.Contains(hidden, property) || slices.Contains(unshown[c.Name], property) {
		return ""
	}
	field, renamed := shownAs[c.Name+"."+property]
	if !renamed {
		field = property
	}
	if slices.Contains(serviceFields, field) || c.Kind == Edge && slices.Contains(c.EndFields(), field) {
		return ""
	}
	return field
}

// ShowsAs returns the property that queries show under a field; the property of that name where
// none has another one.
func (c *Collection) ShowsAs(field string) string {
	for i := range c.Properties {
		if name := c.Properties[i].Name; shownAs[c.Name+"."+name] == field {
			return name
		}
	}
	return field
}

// EndFields are the fields of an edge in queries that say its ends: the ids of both, and the
// relations to the two vertices.
func (c *Collection) EndFields() []string {
	from, to := c.Relations()
	return []string{from + "_id", to + "_id", from, to}
}

// Relations are the fields under which queries show the vertices at the ends of an edge. The field
// of a vertex's id is the same with _id behind it.
func (c *Collection) Relations() (from, to string) {
	if c.From == c.To {
		return "from_" + c.From, "to_" + c.To
	}
	return c.From, c.To
}
