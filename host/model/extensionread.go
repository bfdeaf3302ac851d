package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// ParseExtension reads an extension that a connector brings from JSON, and checks it as far as that
// is possible without a model. The error is [ExtensionMistakes], or says that data is not JSON.
func ParseExtension(data []byte) (*Extension, error) {
	v, err := decodeJSON(data)
	if err != nil {
		return nil, fmt.Errorf("read schema extension: %w", err)
	}
	r := &extensionReader{}
	e := r.extension(v)
	if len(r.mistakes) == 0 {
		r.mistakes = e.mistakes()
	}
	return e, r.mistakes.err(e.Key)
}

// ReadExtension reads an extension that CAR has. CAR may add keys, write the version as a number
// and the schema as text: all of these are accepted, and parts of the schema that cannot be read
// are left out. An error means that data is not an extension.
func ReadExtension(data []byte) (*Extension, error) {
	v, err := decodeJSON(data)
	if err != nil {
		return nil, fmt.Errorf("read schema extension: %w", err)
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("read schema extension: it is not a JSON object")
	}
	if n, ok := object["version"].(json.Number); ok {
		object["version"] = n.String()
	}
	if text, ok := object["schema"].(string); ok {
		if schema, err := decodeJSON([]byte(text)); err == nil {
			object["schema"] = schema
		}
	}
	e := (&extensionReader{lenient: true}).extension(object)
	if _, err := e.VersionNumber(); err != nil {
		return nil, err
	}
	return e, nil
}

// decodeJSON decodes one JSON value, with its numbers as they are written.
func decodeJSON(data []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("unexpected data after the JSON value")
	}
	return v, nil
}

// extensionReader reads an extension from decoded JSON and collects what is wrong with its form.
type extensionReader struct {
	lenient  bool // keys that are not known are none of its business
	mistakes ExtensionMistakes
}

func (r *extensionReader) wrong(at place, format string, args ...any) {
	r.mistakes = append(r.mistakes, at.mistake(format, args...))
}

// object takes an object with the keys that it may have.
func (r *extensionReader) object(at place, v any, keys ...string) map[string]any {
	object, ok := v.(map[string]any)
	if !ok {
		r.wrong(at, "must be an object, not %s", kindOf(v))
		return nil
	}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		if !r.lenient && !slices.Contains(keys, key) {
			r.wrong(at.in(key), "unknown key %q%s", key, suggestion(key, keys))
		}
	}
	return object
}

// textAt returns the text under a key of an object, if there is one.
func textAt(v any, key string) string {
	object, _ := v.(map[string]any)
	text, _ := object[key].(string)
	return text
}

// member reads a key of an object, if it is there, as a T.
func member[T any](r *extensionReader, at place, object map[string]any, key, want string) (value T, there bool) {
	v, there := object[key]
	if !there {
		return value, false
	}
	value, ok := v.(T)
	if !ok {
		r.wrong(at.in(key), "%s must be %s, not %s", key, want, kindOf(v))
	}
	return value, ok
}

func (r *extensionReader) extension(v any) *Extension {
	var at place
	object := r.object(at, v, "key", "owner", "version", "schema")
	e := &Extension{}
	e.Key, _ = member[string](r, at, object, "key", "text")
	e.Owner, _ = member[string](r, at, object, "owner", "text")
	e.Version, _ = member[string](r, at, object, "version", "text")
	if v, there := object["schema"]; there {
		e.Schema = r.schema(at.in("schema"), v)
	}
	return e
}

func (r *extensionReader) schema(at place, v any) ExtensionSchema {
	var s ExtensionSchema
	object := r.object(at, v, "vertices", "edges")
	vertices, there := member[[]any](r, at, object, "vertices", "an array")
	if there {
		s.Vertices = []ExtensionVertex{}
	}
	for i, v := range vertices {
		at := at.in("vertices", strconv.Itoa(i))
		at.where = fmt.Sprintf("vertex %q", textAt(v, "name"))
		object := r.object(at, v, "name", "properties", "validation")
		name, _ := member[string](r, at, object, "name", "text")
		s.Vertices = append(s.Vertices, ExtensionVertex{
			Name: name, Properties: r.properties(at, object), Validation: r.validation(at, object),
		})
	}
	edges, there := member[[]any](r, at, object, "edges", "an array")
	if there {
		s.Edges = []ExtensionEdge{}
	}
	for i, v := range edges {
		at := at.in("edges", strconv.Itoa(i))
		at.where = fmt.Sprintf("edge %q", textAt(v, "end1")+"_"+textAt(v, "end2"))
		object := r.object(at, v, "end1", "end2", "properties", "validation")
		end1, _ := member[string](r, at, object, "end1", "text")
		end2, _ := member[string](r, at, object, "end2", "text")
		s.Edges = append(s.Edges, ExtensionEdge{
			End1: end1, End2: end2, Properties: r.properties(at, object), Validation: r.validation(at, object),
		})
	}
	return s
}

func (r *extensionReader) properties(at place, object map[string]any) map[string]ExtensionProperty {
	members, there := member[map[string]any](r, at, object, "properties", "an object")
	if !there {
		return nil
	}
	properties := make(map[string]ExtensionProperty, len(members))
	for _, name := range slices.Sorted(maps.Keys(members)) {
		properties[name] = r.property(at.property(name), members[name])
	}
	return properties
}

func (r *extensionReader) property(at place, v any) ExtensionProperty {
	var p ExtensionProperty
	object := r.object(at, v, "type", "description", "indexed", "required", "unique", "validation", "default")
	p.Type, _ = member[string](r, at, object, "type", "text")
	p.Description, p.came.description = member[string](r, at, object, "description", "text")
	p.Indexed, p.came.indexed = member[bool](r, at, object, "indexed", "true or false")
	p.Required, p.came.required = member[bool](r, at, object, "required", "true or false")
	p.Unique, p.came.unique = member[bool](r, at, object, "unique", "true or false")
	p.Validation = r.validation(at, object)
	p.Default, p.came.none = object["default"]
	return p
}

func (r *extensionReader) validation(at place, object map[string]any) []Validation {
	list, there := member[[]any](r, at, object, "validation", "an array of rules")
	if !there {
		return nil
	}
	rules := []Validation{}
	for i, v := range list {
		rules = append(rules, r.rule(at.in("validation", strconv.Itoa(i)), v))
	}
	return rules
}

func (r *extensionReader) rule(at place, v any) Validation {
	var rule Validation
	object := r.object(at, v, "pattern", "minimum", "maximum", "oneOf", "error_message")
	rule.Pattern, _ = member[string](r, at, object, "pattern", "text")
	rule.Minimum, _ = member[json.Number](r, at, object, "minimum", "a number")
	rule.Maximum, _ = member[json.Number](r, at, object, "maximum", "a number")
	rule.ErrorMessage, _ = member[string](r, at, object, "error_message", "text")
	oneOf, there := object["oneOf"]
	if !there {
		return rule
	}
	at = at.in("oneOf")
	object = r.object(at, oneOf, "pattern", "error_message")
	rule.OneOf = &OneOfValidation{}
	rule.OneOf.ErrorMessage, _ = member[string](r, at, object, "error_message", "text")
	groups, _ := member[[]any](r, at, object, "pattern", "an array of groups")
	for i, group := range groups {
		at := at.in("pattern", strconv.Itoa(i))
		names, _ := member[[]any](r, at, r.object(at, group, "required"), "required", "an array of names")
		g := RequiredGroup{Required: []string{}}
		for _, name := range names {
			text, ok := name.(string)
			if !ok {
				r.wrong(at, "required must list names of properties, not %s", kindOf(name))
			}
			g.Required = append(g.Required, text)
		}
		rule.OneOf.Pattern = append(rule.OneOf.Pattern, g)
	}
	return rule
}

// kindOf names the type of a value as encoding/json decodes it.
func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "text"
	case bool:
		return "a boolean"
	case []any:
		return "an array"
	case map[string]any:
		return "an object"
	}
	return "a number"
}

// suggestion names the key that was probably meant, or lists all keys.
func suggestion(key string, keys []string) string {
	near, least := "", 3 // more than two slips make another word
	for _, k := range keys {
		if d := distance(strings.ToLower(key), k); d < least {
			near, least = k, d
		}
	}
	if near != "" {
		return fmt.Sprintf(", did you mean %q?", near)
	}
	return "; use one of " + strings.Join(keys, ", ")
}

// distance counts the characters to change, add or leave out to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := before
			if a[i] != b[j] {
				cost++
			}
			before = row[j+1]
			row[j+1] = min(cost, row[j]+1, before+1)
		}
	}
	return row[len(b)]
}
