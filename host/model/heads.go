package model

import "sync"

// Source describes the envelope's source, as [Report] does its report: each is one object, checked
// like those of a collection.
func Source() *Collection { return heads().source }

// Report describes the envelope's report.
func Report() *Collection { return heads().report }

type headCollections struct{ source, report *Collection }

var heads = sync.OnceValue(func() headCollections {
	sourceKey := text(ByKey, "key of the source: the name of the connection").required()
	sourceKey.Pattern = keyPattern
	reportKey := text(ByKey, "key of the report, unique for the run")
	reportKey.Pattern, reportKey.MinLength, reportKey.MaxLength = keyPattern, 1, 254
	return headCollections{
		source: head("source", sourceKey,
			text("name", "name of the source"), text("description", "description of the source"),
			text("product_link", "where to open the product"), object("properties", "further values"),
			Property{Name: "tag", Type: Strings, Description: "tags to add"},
			Property{Name: "untag", Type: Strings, Description: "tags to remove"}),
		report: head("report", reportKey,
			text("type", "type of the report"), text("parameters", "parameters of the report"), text("value", "value of the report"),
			text("description", "description of the report"),
			number("timestamp", "when the report was made, epoch milliseconds").required()),
	}
})

func head(name string, properties ...Property) *Collection {
	c := &Collection{Name: name, Kind: Vertex, KeyedBy: ByKey, Properties: properties, index: map[string]int{}}
	for i := range c.Properties {
		c.index[c.Properties[i].Name] = i
		if err := c.Properties[i].compile(); err != nil {
			panic(err) // the table above is wrong, which every test would find
		}
	}
	return c
}
