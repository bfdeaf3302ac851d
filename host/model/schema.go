package model

import (
	"encoding/json"
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
	if len(c.OneOf) == 1 && c.OneOf[0].Message == "" {
		s["oneOf"] = c.OneOf[0].alternatives()
		return s
	}
	var rules []any
	for i := range c.OneOf {
		rules = append(rules, withMessage(map[string]any{"oneOf": c.OneOf[i].alternatives()}, c.OneOf[i].Message))
	}
	if len(rules) > 0 {
		s["allOf"] = rules
	}
	return s
}

// alternatives are the groups as a JSON Schema has them.
func (o *OneOf) alternatives() []any {
	var alternatives []any
	for _, group := range o.Groups {
		names := make([]any, len(group))
		for i, name := range group {
			names[i] = name
		}
		alternatives = append(alternatives, map[string]any{"required": names})
	}
	return alternatives
}

// withMessage adds the message of a rule, in the keyword that CAR has for it.
func withMessage(rule map[string]any, message string) map[string]any {
	if message != "" {
		rule["error_message"] = message
	}
	return rule
}

func (p *Property) schema() map[string]any {
	s := map[string]any{}
	switch p.Type {
	case Strings:
		s["type"], s["items"] = "array", map[string]any{"type": "string"}
	case Any:
		s["type"] = []any{"object", "array", "string", "number", "boolean"}
	case Timestamp:
		s["type"] = []any{"number", "string"}
	case Foreign: // CAR says more of it than the model can
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
	if p.limits != nil {
		p.extend(s)
	}
	return s
}

// extend adds to the schema of a property what an extension says of it. The rules of its author
// stand as CAR has them, each with its message.
func (p *Property) extend(s map[string]any) {
	column := columns[p.Column]
	if column.low != "" {
		s["minimum"], s["maximum"] = json.Number(column.low), json.Number(column.high)
	}
	if column.pattern != nil {
		s["pattern"] = column.pattern()
	}
	if p.Unique {
		s["unique"] = true
	}
	if p.Default != nil {
		s["default"] = p.Default
	}
	var rules []any
	for _, r := range p.limits.rules {
		rule := map[string]any{"pattern": r.Pattern}
		if r.Pattern == "" {
			rule = map[string]any{"minimum": r.Min, "maximum": r.Max}
		}
		rules = append(rules, withMessage(rule, r.Message))
	}
	if len(rules) > 0 {
		s["allOf"] = rules
	}
}

// keyPattern is what the keys of sources and reports are made of.
const keyPattern = `^[a-zA-Z0-9_:@=;!'%\-\.\(\)\+\,\$\*]+$`

var keyForm = lazyregexp.New(keyPattern)

// CheckKey says what is wrong with the key of a source or a report; nil when nothing is.
func CheckKey(key string) error {
	if len(key) > 254 || !keyForm().MatchString(key) {
		return fmt.Errorf("%q is not a valid key: use up to 254 letters, digits and characters of _:@=;!'%%-.()+,$*", key)
	}
	return nil
}
