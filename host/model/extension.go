package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"carjs/host/lazyregexp"
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

// ExtensionSchema is what an extension adds.
type ExtensionSchema struct {
	Vertices []ExtensionVertex `json:"vertices,omitempty"`
	Edges    []ExtensionEdge   `json:"edges,omitempty"`
}

// ExtensionVertex adds a vertex collection, or properties to one that exists.
type ExtensionVertex struct {
	Name       string                       `json:"name"`
	Properties map[string]ExtensionProperty `json:"properties,omitempty"`
}

// ExtensionEdge adds an edge collection named end1_end2, or properties to one that exists.
type ExtensionEdge struct {
	End1       string                       `json:"end1"`
	End2       string                       `json:"end2"`
	Properties map[string]ExtensionProperty `json:"properties,omitempty"`
}

// ExtensionProperty is one property of an extension.
type ExtensionProperty struct {
	// Type is one of text, numeric, boolean, integer, bigint, jsonb, timestamp, inet, macaddr,
	// bigserial, float.
	Type        string          `json:"type"`
	Description string          `json:"description,omitempty"`
	Indexed     bool            `json:"indexed,omitempty"`
	Required    bool            `json:"required,omitempty"`
	Unique      bool            `json:"unique,omitempty"`
	Validation  json.RawMessage `json:"validation,omitempty"`
	Default     any             `json:"default,omitempty"`
}

// extensionTypes maps the types of an extension, which are those of CAR's database, to the types of
// the import schema.
var extensionTypes = map[string]Type{
	"text": String, "inet": String, "macaddr": String, "timestamp": Any,
	"numeric": Number, "float": Number, "integer": Integer, "bigint": Integer, "bigserial": Integer,
	"boolean": Boolean, "jsonb": Any,
}

// ExtensionTypes returns the names of the types that a property of an extension may have, sorted.
func ExtensionTypes() []string { return slices.Sorted(maps.Keys(extensionTypes)) }

var (
	uuidPattern = lazyregexp.New(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	namePattern = lazyregexp.New(`^[a-z_][a-z0-9_]*$`)
)

// ParseExtension reads an extension from JSON and checks it as far as that is possible without a
// model.
func ParseExtension(data []byte) (*Extension, error) {
	var e Extension
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&e); err != nil {
		return nil, fmt.Errorf("read schema extension: %w", err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("read schema extension: there is more behind it")
	}
	if err := e.Check(); err != nil {
		return nil, err
	}
	return &e, nil
}

// VersionNumber returns the version as a number.
func (e *Extension) VersionNumber() (int, error) {
	n, err := strconv.Atoi(e.Version)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("schema extension %s: version %q is not a whole number", e.Key, e.Version)
	}
	return n, nil
}

// Check says what is wrong with the extension in itself.
func (e *Extension) Check() error {
	if !uuidPattern().MatchString(e.Key) {
		return fmt.Errorf("schema extension: key %q is not a UUID", e.Key)
	}
	if e.Owner == "" {
		return fmt.Errorf("schema extension %s: owner is missing", e.Key)
	}
	if _, err := e.VersionNumber(); err != nil {
		return err
	}
	for _, v := range e.Schema.Vertices {
		if err := checkExtensionNames(v.Properties, v.Name); err != nil {
			return fmt.Errorf("schema extension %s: vertex %q: %w", e.Key, v.Name, err)
		}
	}
	for _, d := range e.Schema.Edges {
		if err := checkExtensionNames(d.Properties, d.End1, d.End2); err != nil {
			return fmt.Errorf("schema extension %s: edge %q: %w", e.Key, d.End1+"_"+d.End2, err)
		}
	}
	return nil
}

func checkExtensionNames(properties map[string]ExtensionProperty, names ...string) error {
	for _, name := range names {
		if !namePattern().MatchString(name) {
			return fmt.Errorf("name %q is not made of lower-case letters, digits and underscores", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if !namePattern().MatchString(name) {
			return fmt.Errorf("property %q is not made of lower-case letters, digits and underscores", name)
		}
		if _, ok := extensionTypes[properties[name].Type]; !ok {
			return fmt.Errorf("property %q: unknown type %q; there are %s", name, properties[name].Type, strings.Join(ExtensionTypes(), ", "))
		}
	}
	return nil
}

// Extend returns a new model with the extension merged in; the model itself stays as it is.
func (m *Model) Extend(e Extension) (*Model, error) {
	if err := e.Check(); err != nil {
		return nil, err
	}
	extended, err := m.extend(e)
	if err != nil {
		return nil, fmt.Errorf("schema extension %s: %w", e.Key, err)
	}
	return extended, nil
}

func (m *Model) extend(e Extension) (*Model, error) {
	all := m.unbuilt()
	find := func(name string) *Collection {
		for _, c := range all {
			if c.Name == name {
				return c
			}
		}
		return nil
	}
	for _, v := range e.Schema.Vertices {
		c := find(v.Name)
		if c == nil {
			c = vertex(v.Name, ByExternalID, "from the schema extension of "+e.Owner,
				text(ByExternalID, "identifier of the object in the data source").required())
			c.Extension = true
			all = append(all, c)
		}
		if err := c.merge(Vertex, v.Properties); err != nil {
			return nil, err
		}
	}
	for _, d := range e.Schema.Edges {
		c := find(d.End1 + "_" + d.End2)
		if c == nil {
			c = edge(d.End1, d.End2)
			c.Extension = true
			all = append(all, c)
		}
		if err := c.merge(Edge, d.Properties); err != nil {
			return nil, err
		}
	}
	return build(all)
}

// unbuilt returns copies of the collections as the table has them, before build added the ends of
// edges.
func (m *Model) unbuilt() []*Collection {
	copies := make([]*Collection, len(m.collections))
	for i, c := range m.collections {
		properties := c.Properties
		if c.Kind == Edge {
			properties = properties[2:]
		}
		copies[i] = &Collection{
			Name: c.Name, Kind: c.Kind, Description: c.Description, KeyedBy: c.KeyedBy, From: c.From, To: c.To,
			Properties: slices.Clone(properties), OneOf: c.OneOf, Extension: c.Extension,
			toKeyedBy: c.toKeyedBy,
		}
	}
	return copies
}

// merge adds the properties of an extension behind those that are there; one of the same name
// replaces it, unless keys and bookkeeping rest on it.
func (c *Collection) merge(kind Kind, added map[string]ExtensionProperty) error {
	if c.Kind != kind {
		return fmt.Errorf("%q is %s collection", c.Name, [...]string{Vertex: "a vertex", Edge: "an edge"}[c.Kind])
	}
	for _, name := range slices.Sorted(maps.Keys(added)) {
		e := added[name]
		// A default makes CAR fill the property in, so that an object without it is valid.
		p := Property{
			Name: name, Type: extensionTypes[e.Type], Description: e.Description,
			Required: e.Required && e.Default == nil, Indexed: e.Indexed,
		}
		i := slices.IndexFunc(c.Properties, func(q Property) bool { return q.Name == name })
		switch {
		case i < 0:
			c.Properties = append(c.Properties, p)
		case !slices.Contains(ownProperties, name):
			c.Properties[i] = p
		case c.Properties[i].Type != p.Type:
			return fmt.Errorf("collection %q: property %q is CAR's own: its type cannot be %q", c.Name, name, e.Type)
		}
	}
	return nil
}

// ownProperties are what objects are told apart and kept by.
var ownProperties = []string{ByExternalID, ByKey, "source", "report", "active", "tag", "untag"}
