package carserver

import (
	"net/http"
	"slices"

	"carjs/host/model"
)

// coreKey is the key under which the published model is listed among the schema extensions.
const coreKey = "core"

// coreSchema returns the published model in the form of an extension.
func coreSchema() map[string]any {
	m := model.CAR()
	vertices, edges := []any{}, []any{}
	for _, c := range m.Vertices() {
		v := map[string]any{"name": c.Name, "properties": coreProperties(c)}
		var rules []any
		for _, rule := range c.OneOf {
			var groups []any
			for _, group := range rule.Groups {
				groups = append(groups, map[string]any{"required": group})
			}
			rules = append(rules, map[string]any{"oneOf": map[string]any{"pattern": groups}})
		}
		if rules != nil {
			v["validation"] = rules
		}
		vertices = append(vertices, v)
	}
	for _, c := range m.Edges() {
		edges = append(edges, map[string]any{"end1": c.From, "end2": c.To, "properties": coreProperties(c)})
	}
	return map[string]any{
		"key": coreKey, "owner": coreKey, "version": "2", "schema": map[string]any{"vertices": vertices, "edges": edges},
	}
}

// columnTypes maps the types of the model to those of extensions.
var columnTypes = map[model.Type]string{
	model.String: "text", model.Number: "numeric", model.Integer: "integer", model.Boolean: "boolean",
	model.Object: "jsonb", model.Strings: "jsonb", model.Any: "jsonb",
}

// coreProperties returns the properties of a collection as an extension would declare them, without
// those that name objects or keep their books.
func coreProperties(c *model.Collection) map[string]any {
	own := []string{model.ByKey, "source", "tag", "untag"}
	if c.Kind == model.Edge {
		own = []string{c.FromProperty(), c.ToProperty(), "source", "report", "active"}
	}
	properties := map[string]any{}
	for i := range c.Properties {
		p := &c.Properties[i]
		if slices.Contains(own, p.Name) {
			continue
		}
		declared := map[string]any{"type": columnTypes[p.Type]}
		if p.Description != "" {
			declared["description"] = p.Description
		}
		if p.Required {
			declared["required"] = true
		}
		if p.Indexed {
			declared["indexed"] = true
		}
		if p.Pattern != "" {
			declared["validation"] = []any{map[string]any{"pattern": p.Pattern}}
		}
		if p.Min != nil && p.Max != nil {
			declared["validation"] = []any{map[string]any{"minimum": *p.Min, "maximum": *p.Max}}
		}
		properties[p.Name] = declared
	}
	return properties
}

// getExtensionSchema handles GET extensionSchema: the JSON Schema of the body of POST carSchema.
func (s *Server) getExtensionSchema(*http.Request) (int, any, error) {
	return http.StatusOK, extensionSchema(), nil
}

func extensionSchema() map[string]any {
	text := map[string]any{"type": "string", "minLength": 1}
	flag := map[string]any{"type": "boolean"}
	collection := map[string]any{"type": "string", "pattern": "^[a-z]+$"}
	name := map[string]any{"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}
	object := func(required []string, properties map[string]any) map[string]any {
		return map[string]any{"type": "object", "required": required, "properties": properties, "additionalProperties": false}
	}
	list := func(items any) map[string]any { return map[string]any{"type": "array", "items": items} }
	oneOf := list(object([]string{"oneOf"}, map[string]any{"oneOf": object([]string{"pattern"}, map[string]any{
		"pattern": list(object([]string{"required"}, map[string]any{"required": list(name)})), "error_message": text,
	})}))
	number := map[string]any{"type": "number"}
	property := object([]string{"type"}, map[string]any{
		"type": map[string]any{"enum": model.ExtensionTypes()}, "description": map[string]any{"type": "string"},
		"indexed": flag, "required": flag, "unique": flag, "default": true,
		"validation": list(map[string]any{"anyOf": []any{
			object([]string{"pattern"}, map[string]any{"pattern": text, "error_message": text}),
			object([]string{"minimum", "maximum"}, map[string]any{"minimum": number, "maximum": number, "error_message": text}),
		}}),
	})
	properties := map[string]any{"type": "object", "propertyNames": name, "additionalProperties": property}
	schema := object([]string{"vertices", "edges"}, map[string]any{
		"vertices": list(object([]string{"name", "properties"}, map[string]any{
			"name": collection, "properties": properties, "validation": oneOf,
		})),
		"edges": list(object([]string{"end1", "end2"}, map[string]any{
			"end1": collection, "end2": collection, "properties": properties, "validation": oneOf,
		})),
	})
	top := object([]string{"key", "owner", "version", "schema"}, map[string]any{
		"key": text, "owner": text, "version": map[string]any{"type": "string", "pattern": "^[0-9]+$"}, "schema": schema,
	})
	top["$schema"], top["$id"] = "https://json-schema.org/draft/2020-12/schema", "car.extension/schemas/schema.json"
	return top
}
