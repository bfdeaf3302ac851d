package graphql

import (
	"strings"

	"carjs/host/carserver/internal/tables"
	"carjs/host/esjson"
)

// Insertion is a row to insert: a tag, or the link between a tag and a vertex.
type Insertion struct {
	Source, Tag string
	// Vertex is the key of the linked vertex; empty for a tag alone.
	Vertex string
	// Document holds the properties of the row.
	Document map[string]any
	// ReportedAt is in epoch milliseconds; nil means now.
	ReportedAt *int64
	// Skip leaves an existing row alone. Replace names the properties that an existing row takes
	// over. With neither, an existing row is an error.
	Skip    bool
	Replace []string
}

// insert reads the arguments of an insertion. This service offers it for tags only.
func (c *Change) insert() error {
	if c.object.table == nil || !c.object.table.OfTags {
		return notOffered(c.field)
	}
	objects, many := c.field.args["objects"].([]any)
	if !many {
		objects = []any{c.field.args["object"]}
	}
	skip, replace, err := c.onConflict()
	if err != nil {
		return at("args", at("on_conflict", err))
	}
	for i, object := range objects {
		row, err := c.insertion(object.(entries))
		if err != nil {
			if many {
				return at("args", at("objects", atIndex(i, err)))
			}
			return at("args", at("object", err))
		}
		row.Skip, row.Replace = skip, replace
		c.Insertions = append(c.Insertions, row)
	}
	return nil
}

// onConflict reads what to do with existing rows.
func (c *Change) onConflict() (skip bool, replace []string, err error) {
	conflict, ok := c.field.args["on_conflict"].(entries)
	if !ok || conflict.get("constraint") != c.object.name+"_id_t2" {
		return false, nil, nil
	}
	if conflict.get("where") != nil {
		return false, nil, at("where", problem(codeNotSupported, "this service offers on_conflict without where"))
	}
	columns, _ := conflict.get("update_columns").([]any)
	for _, column := range columns {
		f := c.object.field(column.(string))
		if f.kept || f.property == "" {
			return false, nil, at("update_columns", problem(codeNotSupported, "this service fills %s itself", f.name))
		}
		replace = append(replace, f.property)
	}
	return len(replace) == 0, replace, nil
}

// insertion reads one object to insert.
func (c *Change) insertion(object entries) (Insertion, error) {
	row := Insertion{Document: map[string]any{}}
	row.Source, _ = object.get("source").(string)
	if millis, ok := object.get("reported_at").(int64); ok {
		row.ReportedAt = &millis
	}
	for _, e := range object {
		f := c.object.field(e.name)
		switch text, isDocument := e.value.(document); {
		case isDocument:
			v, err := esjson.Decode([]byte(text))
			if err != nil {
				return row, err
			}
			row.Document[f.property] = v
		case e.name == "external_id" && c.isLink() && e.value != nil:
			row.Document[e.name] = e.value
		case f.target != nil && e.name != tables.TagCollection && e.value != nil:
			return row, at(e.name, problem(codeNotSupported, "this service does not insert what a tag is linked with"))
		}
	}
	if !c.isLink() {
		return row, row.readTag(object)
	}
	return row, c.readLink(&row, object)
}

func (c *Change) isLink() bool { return c.object.name != tables.TagCollection }

// readTag reads the name of a tag, which may be given in three fields.
func (i *Insertion) readTag(object entries) error {
	for _, name := range []string{"name", "external_id"} {
		if text, ok := object.get(name).(string); ok && i.Tag == "" {
			i.Tag = text
		}
	}
	if id, ok := object.get("id").(string); ok {
		if err := i.split("id", id, &i.Tag); err != nil {
			return err
		}
	}
	if i.Tag == "" || i.Source == "" {
		return Violation("Not-NULL violation. null value in column: a tag needs a name and a source")
	}
	i.Document["name"] = i.Tag
	return nil
}

// readLink reads the ends of a link. The tag is given by its id, or as a nested insertion.
func (c *Change) readLink(row *Insertion, object entries) error {
	vertex := c.object.table.To + "_id"
	if id, ok := object.get(vertex).(string); ok {
		if err := row.split(vertex, id, &row.Vertex); err != nil {
			return err
		}
	}
	if id, ok := object.get("tag_id").(string); ok {
		if err := row.split("tag_id", id, &row.Tag); err != nil {
			return err
		}
	}
	if nested, ok := object.get(tables.TagCollection).(entries); ok {
		data, _ := nested.get("data").([]any)
		if len(data) != 1 {
			return at(tables.TagCollection, problem(codeNotSupported, "this service links one tag at a time"))
		}
		tag := data[0].(entries)
		for _, name := range []string{"name", "external_id"} {
			if text, ok := tag.get(name).(string); ok && row.Tag == "" {
				row.Tag = text
			}
		}
	}
	if row.Tag == "" || row.Vertex == "" {
		return Violation("Not-NULL violation. null value in column: a link needs %s and tag_id", vertex)
	}
	return nil
}

// split splits an id into source and key. All ids of a row must have the same source.
func (i *Insertion) split(column, id string, key *string) error {
	source, rest, ok := strings.Cut(id, "/")
	if !ok || source == "" || rest == "" || i.Source != "" && i.Source != source {
		return Violation("Check constraint violation. %s %q is not an id of the row's source", column, id)
	}
	i.Source, *key = source, rest
	return nil
}
