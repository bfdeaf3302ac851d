package model

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
)

// Extension is a connector's addition to the data model, in the form in which CAR's carSchema call
// takes it.
type Extension struct {
	// Key is a UUID that identifies the extension for good.
	Key string `json:"key"`
	// Owner is the name of the connector that owns it.
	Owner string `json:"owner"`
	// Version is a whole number as text; a higher one replaces a lower one.
	Version string          `json:"version"`
	Schema  ExtensionSchema `json:"schema"`
}

// ExtensionSchema is what an extension adds. Its JSON has both arrays, empty ones too: CAR refuses
// an extension that leaves one out.
type ExtensionSchema struct {
	Vertices []ExtensionVertex `json:"vertices"`
	Edges    []ExtensionEdge   `json:"edges"`
}

// MarshalJSON writes both arrays.
func (s ExtensionSchema) MarshalJSON() ([]byte, error) {
	type plain ExtensionSchema
	if s.Vertices == nil {
		s.Vertices = []ExtensionVertex{}
	}
	if s.Edges == nil {
		s.Edges = []ExtensionEdge{}
	}
	return json.Marshal(plain(s))
}

// ExtensionVertex adds a vertex collection, or properties to one that exists.
type ExtensionVertex struct {
	Name       string                       `json:"name"`
	Properties map[string]ExtensionProperty `json:"properties"`
	// Validation are rules for the object as a whole, each with OneOf.
	Validation []Validation `json:"validation,omitzero"`
}

// MarshalJSON writes the properties also where there are none: CAR wants them of a vertex.
func (v ExtensionVertex) MarshalJSON() ([]byte, error) {
	type plain ExtensionVertex
	if v.Properties == nil {
		v.Properties = map[string]ExtensionProperty{}
	}
	return json.Marshal(plain(v))
}

// ExtensionEdge adds an edge collection named end1_end2, or properties to one that exists.
type ExtensionEdge struct {
	End1       string                       `json:"end1"`
	End2       string                       `json:"end2"`
	Properties map[string]ExtensionProperty `json:"properties,omitzero"`
	// Validation are rules for the object as a whole, each with OneOf.
	Validation []Validation `json:"validation,omitzero"`
}

// Collection returns the name of the edge collection.
func (e *ExtensionEdge) Collection() string { return e.End1 + "_" + e.End2 }

// ExtensionProperty is one property of an extension. Its JSON has all keys that it was read with,
// including those with default values.
type ExtensionProperty struct {
	// Type is one of text, numeric, boolean, integer, bigint, jsonb, timestamp, inet, macaddr,
	// bigserial, float.
	Type        string
	Description string
	// Indexed tells that CAR is to keep an index on it, Required that an object without it is not
	// valid, Unique that no two objects of a source may share a value.
	Indexed, Required, Unique bool
	// Validation are rules for the value, each a pattern or a range; all of them hold.
	Validation []Validation
	// Default is what CAR fills in where an object has no value; nil is nothing.
	Default any

	came came
}

// came tells which keys of a property were given with their default value.
type came struct{ description, indexed, required, unique, none bool }

// propertyJSON is a property as it is written.
type propertyJSON struct {
	Type        string       `json:"type"`
	Description *string      `json:"description,omitempty"`
	Indexed     *bool        `json:"indexed,omitempty"`
	Required    *bool        `json:"required,omitempty"`
	Unique      *bool        `json:"unique,omitempty"`
	Validation  []Validation `json:"validation,omitzero"`
	Default     *any         `json:"default,omitempty"`
}

// MarshalJSON writes the property.
func (p ExtensionProperty) MarshalJSON() ([]byte, error) {
	out := propertyJSON{Type: p.Type, Validation: p.Validation}
	if p.Description != "" || p.came.description {
		out.Description = &p.Description
	}
	if p.Indexed || p.came.indexed {
		out.Indexed = &p.Indexed
	}
	if p.Required || p.came.required {
		out.Required = &p.Required
	}
	if p.Unique || p.came.unique {
		out.Unique = &p.Unique
	}
	if p.Default != nil || p.came.none {
		out.Default = &p.Default
	}
	return json.Marshal(out)
}

// Validation is a rule of an extension: on a property a pattern or a range, on a vertex or an edge
// alternatives.
type Validation struct {
	// Pattern is an ECMAScript regular expression that a text must match somewhere.
	Pattern string `json:"pattern,omitempty"`
	// Minimum and Maximum bound a number, both inclusive; CAR requires both.
	Minimum json.Number `json:"minimum,omitempty"`
	Maximum json.Number `json:"maximum,omitempty"`
	// OneOf are groups of properties; an object must have all properties of exactly one group.
	OneOf *OneOfValidation `json:"oneOf,omitempty"`
	// ErrorMessage is the message for a value that breaks the rule; % stands for the value.
	ErrorMessage string `json:"error_message,omitempty"`
}

// OneOfValidation is CAR's form of alternatives.
type OneOfValidation struct {
	// Pattern are the groups.
	Pattern []RequiredGroup `json:"pattern"`
	// ErrorMessage is the message for an object that has none of the groups, or several.
	ErrorMessage string `json:"error_message,omitempty"`
}

// RequiredGroup is a group of properties.
type RequiredGroup struct {
	Required []string `json:"required"`
}

// VersionNumber returns the version as a number.
func (e *Extension) VersionNumber() (int, error) {
	n, err := strconv.Atoi(e.Version)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("schema extension %s: version %q is not a whole number", e.Key, e.Version)
	}
	return n, nil
}

// Same tells whether two extensions add the same, whatever the form.
func (s ExtensionSchema) Same(other ExtensionSchema) bool {
	a, errA := s.settled()
	b, errB := other.settled()
	return errA == nil && errB == nil && reflect.DeepEqual(a, b)
}

// settled returns the schema as JSON decodes it, by the names of collections, without default
// values.
func (s ExtensionSchema) settled() (map[string]any, error) {
	collections := map[string]any{}
	add := func(name string, properties map[string]ExtensionProperty, validation []Validation) error {
		settled := map[string]any{}
		for property, p := range properties {
			p.came = came{}
			v, err := settle(p)
			if err != nil {
				return err
			}
			settled[property] = v
		}
		rules, err := settle(validation)
		collections[name] = []any{settled, rules}
		return err
	}
	for _, v := range s.Vertices {
		if err := add(v.Name, v.Properties, v.Validation); err != nil {
			return nil, err
		}
	}
	for _, e := range s.Edges {
		if err := add(e.Collection(), e.Properties, e.Validation); err != nil {
			return nil, err
		}
	}
	return collections, nil
}

// settle passes a Go value through JSON, with its numbers as they are written.
func settle(v any) (any, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return decodeJSON(text)
}
