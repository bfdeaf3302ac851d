package served

import (
	"strconv"
	"strings"

	"carjs/host/model"
)

// types is a set of JSON types; it is empty for a schema that names none.
type types uint8

const (
	isString types = 1 << iota
	isWhole
	isNumber
	isBoolean
	isObject
	isArray
	isNull
)

var typeNames = map[string]types{
	"string": isString, "integer": isWhole, "number": isNumber, "boolean": isBoolean, "object": isObject, "array": isArray, "null": isNull,
}

// stated has the rules of a property's schema, without the keywords that only describe.
type stated struct {
	name  string
	raw   []byte
	types types
	// ofStrings tells that the elements of an array are strings.
	ofStrings bool
	patterns  []string
	min, max  *float64
	// minLength and maxLength limit a string; 0 means no limit.
	minLength, maxLength int
	// more tells that the schema has rules that the fields above cannot hold.
	more bool
}

// demands are the keywords of JSON Schema, of any draft, that the model cannot express. Keywords
// that are neither here nor read by [reader.demand] only describe a value.
var demands = map[string]bool{
	"$ref": true, "$dynamicRef": true, "$recursiveRef": true, "enum": true, "const": true, "not": true, "anyOf": true, "oneOf": true,
	"if": true, "multipleOf": true, "exclusiveMinimum": true, "exclusiveMaximum": true,
	"maxItems": true, "minItems": true, "uniqueItems": true, "contains": true, "prefixItems": true, "additionalItems": true,
	"maxProperties": true, "minProperties": true, "patternProperties": true, "propertyNames": true, "dependencies": true,
	"dependentRequired": true, "dependentSchemas": true, "unevaluatedItems": true, "unevaluatedProperties": true,
}

// property reads the schema of a property.
func (r *reader) property(s *stated) {
	r.peek()
	start := r.at
	r.demands(s, true)
	if r.err == nil {
		s.raw = r.in[start:r.at]
	}
}

// demands reads a schema into stated. The members of allOf add to it, except for the type.
func (r *reader) demands(s *stated, whole bool) {
	if r.peek() != '{' {
		s.more = string(r.skip()) != "true" || s.more
		return
	}
	r.members(func(keyword string) { r.demand(s, keyword, whole) })
}

func (r *reader) demand(s *stated, keyword string, whole bool) {
	switch keyword {
	case "type":
		r.types(s)
		s.more = s.more || !whole
	case "pattern":
		r.pattern(s)
	case "minimum":
		r.bound(s, &s.min)
	case "maximum":
		r.bound(s, &s.max)
	case "minLength":
		r.length(s, &s.minLength, true)
	case "maxLength":
		r.length(s, &s.maxLength, false)
	case "items":
		var items stated
		r.demands(&items, true)
		s.ofStrings = items.isPlain(isString)
		s.more = s.more || !whole || !s.ofStrings && !items.isPlain(0)
	case "properties", "required", "additionalProperties":
		s.more = !saysNothing(r.skip()) || s.more
	case "allOf":
		r.elements(func() { r.demands(s, false) })
	default:
		s.more = s.more || demands[keyword]
		r.skip()
	}
}

// isPlain reports whether only the types are restricted.
func (s *stated) isPlain(types types) bool {
	return !s.more && s.types == types && len(s.patterns) == 0 && s.min == nil && s.max == nil && s.minLength+s.maxLength == 0
}

// saysNothing reports whether the value of a keyword that lists members restricts nothing.
func saysNothing(raw []byte) bool {
	text := strings.Join(strings.Fields(string(raw)), "")
	return text == "{}" || text == "[]" || text == "true"
}

func (r *reader) types(s *stated) {
	names := []string{}
	if r.peek() == '"' {
		names = append(names, r.text())
	} else if list, ok := r.texts(); ok {
		names = list
	} else {
		s.more = true
	}
	for _, name := range names {
		t, known := typeNames[name]
		s.types |= t
		s.more = s.more || !known
	}
	if s.types&isNumber != 0 {
		s.types &^= isWhole
	}
}

func (r *reader) pattern(s *stated) {
	if r.peek() != '"' {
		s.more = true
		r.skip()
		return
	}
	pattern := r.text()
	for _, p := range s.patterns {
		if p == pattern {
			return
		}
	}
	s.patterns = append(s.patterns, pattern)
}

// bound reads a minimum or a maximum. A second, different one is left to a validator.
func (r *reader) bound(s *stated, to **float64) {
	v, err := strconv.ParseFloat(string(r.skip()), 64)
	if err != nil || *to != nil && **to != v {
		s.more = true
		return
	}
	*to = &v
}

// length reads a limit of a string's length. A minimum of 0 is no limit; a maximum of 0 is one, and
// is left to a validator.
func (r *reader) length(s *stated, to *int, zero bool) {
	v, err := strconv.Atoi(string(r.skip()))
	if err != nil || v < 0 || v == 0 && !zero || *to != 0 && *to != v {
		s.more = true
		return
	}
	*to = v
}

// modelTypes are the types that the model can express.
var modelTypes = map[types]model.Type{
	isString: model.String, isNumber: model.Number, isWhole: model.Integer, isBoolean: model.Boolean, isObject: model.Object,
	isString | isNumber: model.Timestamp, isString | isNumber | isBoolean | isObject | isArray: model.Any,
}

// property returns the rules as a property of the model, whose values are checked while they are
// pushed; ok is false if the model cannot express them. Limits that no value of the type can break
// are left out, as JSON Schema does.
func (s *stated) property() (p model.Property, ok bool) {
	p.Name = s.name
	if s.isPlain(0) && !s.ofStrings {
		p.Type = model.Foreign
		return p, true
	}
	if p.Type, ok = modelTypes[s.types]; s.types == isArray && s.ofStrings {
		p.Type, ok = model.Strings, true
	}
	if !ok || s.more || s.ofStrings != (p.Type == model.Strings) {
		return p, false
	}
	switch p.Type {
	case model.String:
		if len(s.patterns) > 1 {
			return p, false
		}
		if len(s.patterns) == 1 {
			p.Pattern = s.patterns[0]
		}
		p.MinLength, p.MaxLength = s.minLength, s.maxLength
	case model.Number, model.Integer:
		p.Min, p.Max = s.min, s.max
	case model.Timestamp, model.Any:
		return p, s.isPlain(s.types)
	}
	return p, true
}

// same reports whether two properties accept the same values; it ignores whether they are required.
func same(p, q *model.Property) bool {
	return p.Type == q.Type && plain(p.Pattern) == plain(q.Pattern) && equal(p.Min, q.Min) && equal(p.Max, q.Max) &&
		p.MinLength == q.MinLength && p.MaxLength == q.MaxLength
}

func equal(a, b *float64) bool { return a == b || a != nil && b != nil && *a == *b }

// plain is a pattern without the doubled characters of CAR's schemas: some have passed through SQL,
// where apostrophes and percent signs are written twice. The patterns of the model only have both
// in sets of characters, where a second one changes nothing.
func plain(pattern string) string {
	return strings.ReplaceAll(strings.ReplaceAll(pattern, "''", "'"), "%%", "%")
}
