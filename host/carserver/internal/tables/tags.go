package tables

import "carjs/host/model"

// TagCollection is the name of the vertex collection of tags.
const TagCollection = "tag"

// Tags returns the table of tags: vertices whose key is the tag's text.
func Tags() *Table {
	t := New(&model.Collection{
		Name: TagCollection, Kind: model.Vertex, KeyedBy: model.ByExternalID, Description: "a tag that vertices of its source have",
		Properties: []model.Property{
			{Name: model.ByExternalID, Type: model.String, Required: true, Description: "the tag"},
			{Name: "name", Type: model.String, Description: "the tag"},
		},
	})
	t.OfTags = true
	return t
}

// TagsOf returns the table of the edges from tags to the vertices of a collection.
func TagsOf(vertex string) *Table {
	t := New(&model.Collection{
		Name: TagCollection + "_" + vertex, Kind: model.Edge, From: TagCollection, To: vertex,
		Description: "joins " + TagCollection + " to " + vertex,
	})
	t.OfTags, t.Identity = true, []string{"source", "from_key", "to_key"}
	return t
}
