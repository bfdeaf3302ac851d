package model

import (
	"fmt"

	"carjs/host/lazyregexp"
)

// ImportSchema returns the JSON Schema 2020-12 of the import envelope, in the shape in which CAR
// serves it: a property for every collection, each an array of objects.
func (m *Model) ImportSchema() map[string]any {
	properties := map[string]any{"source": Source().schema(), "report": Report().schema()}
	for _, c := range m.collections {
		properties[c.Name] = map[string]any{"type": "array", "items": c.schema()}
	}
	return map[string]any{
		"$id":                  "car.asset/schemas/schema.json",
		"type":                 "object",
		"additionalProperties": true,
		"properties":           properties,
	}
}

func (c *Collection) schema() map[string]any {
	properties := map[string]any{}
	required := []any{}
	for i := range c.Properties {
		p := &c.Properties[i]
		properties[p.Name] = p.schema()
		if p.Required {
			required = append(required, p.Name)
		}
	}
	s := map[string]any{"type": "object", "properties": properties, "required": required}
	if len(c.OneOf) > 0 {
		var alternatives []any
		for _, group := range c.OneOf {
			names := make([]any, len(group))
			for i, name := range group {
				names[i] = name
			}
			alternatives = append(alternatives, map[string]any{"required": names})
		}
		s["oneOf"] = alternatives
	}
	return s
}

func (p *Property) schema() map[string]any {
	s := map[string]any{}
	switch p.Type {
	case Strings:
		s["type"], s["items"] = "array", map[string]any{"type": "string"}
	case Any:
		s["type"] = []any{"object", "array", "string", "number", "boolean"}
	default:
		s["type"] = string(p.Type)
	}
	if p.Description != "" {
		s["description"] = p.Description
	}
	if p.Indexed {
		s["indexed"] = true
	}
	if p.Pattern != "" {
		s["pattern"] = p.Pattern
	}
	if p.Min != nil {
		s["minimum"] = *p.Min
	}
	if p.Max != nil {
		s["maximum"] = *p.Max
	}
	if p.MinLength > 0 {
		s["minLength"] = p.MinLength
	}
	if p.MaxLength > 0 {
		s["maxLength"] = p.MaxLength
	}
	return s
}

// keyPattern is what the keys of sources and reports are made of.
const keyPattern = `^[a-zA-Z0-9_:@=;!'%\-\.\(\)\+\,\$\*]+$`

var keyForm = lazyregexp.New(keyPattern)

// CheckKey says what is wrong with the key of a source or a report; nil when nothing is.
func CheckKey(key string) error {
	if len(key) > 254 || !keyForm().MatchString(key) {
		return fmt.Errorf("%q is no key that CAR takes: a key has up to 254 letters, digits and characters of _:@=;!'%%-.()+,$*", key)
	}
	return nil
}
