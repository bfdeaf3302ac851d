package model

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"carjs/host/lazyregexp"
)

// What CAR takes as names. Its documents say letters alone; that properties may have underscores
// and digits is shown by the extensions in use and by its own properties. A name with an underscore
// in front would be taken for CAR's own.
var (
	uuidPattern     = lazyregexp.New(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	vertexPattern   = lazyregexp.New(`^[a-z]+$`)
	propertyPattern = lazyregexp.New(`^[a-z][a-z0-9_]*$`)
)

// takenNames cannot name vertices of an extension: the import envelope or CAR itself uses them.
var takenNames = []string{"source", "report", "tag"}

// Check says what is wrong with the extension in itself; the error holds [ExtensionMistakes].
func (e *Extension) Check() error { return e.mistakes().err(e.Key) }

func (e *Extension) mistakes() ExtensionMistakes {
	k := &extensionChecker{}
	var at place
	if !uuidPattern().MatchString(e.Key) {
		k.wrong(at.in("key"), "key %q is not a UUID", e.Key)
	}
	if e.Owner == "" {
		k.wrong(at.in("owner"), "owner is missing")
	}
	if _, err := e.VersionNumber(); err != nil {
		k.wrong(at.in("version"), "version %q is not a whole number", e.Version)
	}
	e.Schema.each(func(at place, member extensionMember) {
		for i, name := range member.names {
			if !vertexPattern().MatchString(name) {
				k.wrong(at.in(member.keys[i]), "the name must have only lower-case letters, not %q", name)
			}
		}
		if member.kind == Vertex && slices.Contains(takenNames, member.names[0]) {
			k.wrong(at.in("name"), "the name is reserved by CAR")
		}
		for i, rule := range member.validation {
			k.alternatives(at.in("validation", strconv.Itoa(i)), rule)
		}
		for _, name := range slices.Sorted(maps.Keys(member.properties)) {
			k.property(at.property(name), name, member.properties[name])
		}
	})
	return k.mistakes
}

// extensionMember is a vertex or an edge of an extension, so that what holds for both is said once.
type extensionMember struct {
	kind       Kind
	collection string
	names      []string // of the vertex, or of the ends of the edge
	keys       []string // the keys that hold them
	properties map[string]ExtensionProperty
	validation []Validation
}

// each calls f with every vertex and then every edge.
func (s *ExtensionSchema) each(f func(at place, member extensionMember)) {
	for i, v := range s.Vertices {
		at := place{path: []string{"schema", "vertices", strconv.Itoa(i)}, where: "vertex " + strconv.Quote(v.Name)}
		f(at, extensionMember{Vertex, v.Name, []string{v.Name}, []string{"name"}, v.Properties, v.Validation})
	}
	for i, e := range s.Edges {
		at := place{path: []string{"schema", "edges", strconv.Itoa(i)}, where: "edge " + strconv.Quote(e.Collection())}
		f(at, extensionMember{Edge, e.Collection(), []string{e.End1, e.End2}, []string{"end1", "end2"}, e.Properties, e.Validation})
	}
}

// extensionChecker collects what is wrong with the meaning of an extension.
type extensionChecker struct{ mistakes ExtensionMistakes }

func (k *extensionChecker) wrong(at place, format string, args ...any) {
	k.mistakes = append(k.mistakes, at.mistake(format, args...))
}

// alternatives checks a rule of a vertex or an edge as a whole.
func (k *extensionChecker) alternatives(at place, rule Validation) {
	switch {
	case rule.OneOf == nil || rule.Pattern != "" || rule.Minimum != "" || rule.Maximum != "" || rule.ErrorMessage != "":
		k.wrong(at, "a rule for the whole object must have only the key oneOf")
	case len(rule.OneOf.Pattern) < 2:
		k.wrong(at.in("oneOf", "pattern"), "oneOf needs at least two groups, each {required: [names of properties]}")
	}
	if rule.OneOf == nil {
		return
	}
	for i, group := range rule.OneOf.Pattern {
		if len(group.Required) == 0 {
			k.wrong(at.in("oneOf", "pattern", strconv.Itoa(i)), "a group of oneOf names no property")
		}
	}
}

// property checks a property: its name, type and rules, and then the default by them.
func (k *extensionChecker) property(at place, name string, e ExtensionProperty) {
	if !propertyPattern().MatchString(name) && !slices.Contains(ownProperties, name) {
		k.wrong(at, "the name must begin with a letter and have only lower-case letters, digits and underscores")
	}
	column, ok := columns[e.Type]
	if !ok {
		k.wrong(at.in("type"), "unknown type %q; use one of %s", e.Type, strings.Join(ExtensionTypes(), ", "))
		return
	}
	before := len(k.mistakes)
	for i, rule := range e.Validation {
		k.rule(at.in("validation", strconv.Itoa(i)), e.Type, column, rule)
	}
	if e.Default == nil || len(k.mistakes) > before {
		return
	}
	p, err := e.build(name)
	if err != nil {
		k.wrong(at, "%v", err)
	} else if message := p.Check(p.Default); message != "" {
		k.wrong(at.in("default"), "the default %s", message)
	}
}

// rule checks a rule of a property: a pattern for a text, or a range for a number.
func (k *extensionChecker) rule(at place, typ string, column column, rule Validation) {
	ranged := rule.Minimum != "" || rule.Maximum != ""
	numeric := column.typ == Number || column.typ == Integer
	textual := column.typ == String || column.typ == Timestamp
	switch {
	case rule.OneOf != nil:
		k.wrong(at.in("oneOf"), "oneOf applies to a vertex or an edge, not to a property")
	case ranged && rule.Pattern != "":
		k.wrong(at, "a rule has a pattern or a range, not both; write two rules")
	case ranged && !numeric:
		k.wrong(at, "a range applies to numbers, not to type %s", typ)
	case ranged && rule.Minimum == "":
		k.wrong(at, "the range has no minimum; CAR requires both ends")
	case ranged && rule.Maximum == "":
		k.wrong(at, "the range has no maximum; CAR requires both ends")
	case ranged && !isNumber(rule.Minimum):
		k.wrong(at.in("minimum"), "minimum %q is not a number", rule.Minimum)
	case ranged && !isNumber(rule.Maximum):
		k.wrong(at.in("maximum"), "maximum %q is not a number", rule.Maximum)
	case ranged && parseDecimal(string(rule.Minimum)).compare(parseDecimal(string(rule.Maximum))) > 0:
		k.wrong(at, "minimum %s is greater than maximum %s", rule.Minimum, rule.Maximum)
	case ranged:
	case rule.Pattern == "":
		k.wrong(at, "a rule needs a pattern, or minimum and maximum")
	case !textual:
		k.wrong(at.in("pattern"), "a pattern applies to text, not to type %s", typ)
	default:
		if _, err := compilePattern(rule.Pattern); err != nil {
			k.wrong(at.in("pattern"), "%v", err)
		}
	}
}

func isNumber(n json.Number) bool {
	v, err := decodeJSON([]byte(n))
	_, ok := v.(json.Number)
	return err == nil && ok
}
