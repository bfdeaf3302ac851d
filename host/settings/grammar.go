package settings

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// fieldTypes are the types a setting of a connector may have.
var fieldTypes = []Type{Text, Password, Number, Boolean, Cron, Link}

// The types that mark what is no setting.
const (
	groupType     = "fields"
	connectorType = "connectorType"
)

// attribute is one key that a setting may have in config.json.
type attribute struct {
	types []Type // the types of settings that may have it, nil for all
	read  func(f *Field, n node) error
}

// attributes is the table of the keys of a setting, beside its type. An error of read says what the value must be.
var attributes = map[string]attribute{
	"default":  {nil, func(f *Field, n node) (err error) { f.Default, err = defaultOf(f.Type, n); return err }},
	"min":      {[]Type{Number}, func(f *Field, n node) (err error) { f.Min, err = numberOf(n); return err }},
	"max":      {[]Type{Number}, func(f *Field, n node) (err error) { f.Max, err = numberOf(n); return err }},
	"regex":    {[]Type{Text, Password, Link}, readRegex},
	"optional": {nil, func(f *Field, n node) (err error) { f.Optional, err = booleanOf(n); return err }},
	"hidden":   {nil, func(f *Field, n node) (err error) { f.Hidden, err = booleanOf(n); return err }},
	"previous": {nil, readPrevious},
	"options":  {[]Type{Text, Number, Cron}, func(f *Field, n node) (err error) { f.Options, err = textsOf(n); return err }},
}

// configParser reads the tree of a config.json into a declaration.
type configParser struct {
	*document
	declaration *Declaration
	envs        map[string]string // environment variable → path
}

func parseConfig(file string, data []byte) (*Declaration, error) {
	doc, root, err := parseJSON(file, data)
	if err != nil {
		return nil, err
	}
	p := &configParser{document: doc, declaration: &Declaration{}, envs: make(map[string]string)}
	for _, s := range RunTable() {
		p.envs[s.Env] = ""
	}
	sections, ok := root.members()
	if !ok {
		return nil, p.mistake(root.offset, "the file must hold an object")
	}
	for _, section := range sections {
		if section.name != "connection" && section.name != "configuration" {
			return nil, p.unknown(section, []string{"connection", "configuration"})
		}
		if err := p.group(section.name, section.node); err != nil {
			return nil, err
		}
	}
	p.declaration.nameFields()
	return p.declaration, nil
}

func (p *configParser) group(path string, n node) error {
	members, ok := n.members()
	if !ok {
		return p.mistake(n.offset, "%s must be an object", path)
	}
	for _, m := range members {
		if _, isText := m.node.value.(string); m.name == "type" && isText && path != "connection" {
			continue // the mark of the group, read by who called
		}
		if err := p.entry(path+"."+m.name, m); err != nil {
			return err
		}
	}
	return nil
}

// entry reads what stands in a group: another group, a setting, or the type of the connector.
func (p *configParser) entry(path string, m member) error {
	if path == "connection.type" {
		return p.connectorType(m.node)
	}
	if !validName(m.name) {
		return p.mistake(m.offset, "%q is no name for a setting: use letters, digits, _ and -, a letter first", m.name)
	}
	if _, ok := m.node.members(); !ok {
		return p.mistake(m.node.offset, `%s must be an object with a "type"`, path)
	}
	kind, ok := m.node.get("type")
	name, isText := kind.value.(string)
	switch {
	case !ok:
		return p.mistake(m.offset, `%s has no "type": a setting has one of %s, a group of settings has %q`, path, typeNames(), groupType)
	case !isText:
		return p.mistake(kind.offset, "the type of %s must be a text", path)
	case name == groupType:
		return p.group(path, m.node)
	case !slices.Contains(fieldTypes, Type(name)):
		return p.mistake(kind.offset, "%s has the unknown type %q: there are %s, and %q for a group", path, name, typeNames(), groupType)
	}
	return p.field(path, Type(name), m)
}

func (p *configParser) field(path string, kind Type, m member) error {
	place := p.mistake(m.offset, "")
	f := Field{Path: path, Env: envOf(path), Flag: flagOf(path), Type: kind, Line: place.Line, Column: place.Column}
	if other, taken := p.envs[f.Env]; taken {
		if other == "" {
			return p.mistake(m.offset, "%s would be the environment variable %s, which is carjs's own", path, f.Env)
		}
		return p.mistake(m.offset, "%s and %s would be the same environment variable %s", path, other, f.Env)
	}
	p.envs[f.Env] = path
	members, _ := m.node.members()
	for _, key := range members {
		if key.name == "type" {
			continue
		}
		attribute, ok := attributes[key.name]
		if !ok {
			return p.unknown(key, attributeNames())
		}
		if attribute.types != nil && !slices.Contains(attribute.types, kind) {
			return p.mistake(key.offset, "%s is a %s, which has no %q", path, kind, key.name)
		}
		if err := attribute.read(&f, key.node); err != nil {
			return p.mistake(key.node.offset, "%q of %s %s", key.name, path, err)
		}
	}
	if f.Min != nil && f.Max != nil && *f.Min > *f.Max {
		return p.mistake(m.offset, "the min of %s is greater than its max", path)
	}
	if err := p.checkDefault(&f, m); err != nil {
		return err
	}
	p.declaration.Fields = append(p.declaration.Fields, f)
	return nil
}

// checkDefault holds a default to the rules that every value must keep; an empty one counts as an example of none.
func (p *configParser) checkDefault(f *Field, m member) error {
	if f.Default == nil || f.defaultText() == "" {
		return nil
	}
	if _, fault := ruleOf(f).parse(f.defaultText()); fault != "" {
		at, _ := m.node.get("default")
		return p.mistake(at.offset, "the default of %s %s", f.Path, fault)
	}
	return nil
}

func (p *configParser) connectorType(n node) error {
	members, ok := n.members()
	if !ok {
		return p.mistake(n.offset, "connection.type must be an object with displayName and group")
	}
	for _, m := range members {
		text, isText := m.node.value.(string)
		switch {
		case !slices.Contains([]string{"type", "displayName", "group"}, m.name):
			return p.unknown(m, []string{"type", "displayName", "group"})
		case !isText:
			return p.mistake(m.node.offset, "%q of connection.type must be a text", m.name)
		case m.name == "type" && text != connectorType:
			return p.mistake(m.node.offset, "the type of connection.type must be %q", connectorType)
		case m.name == "displayName":
			p.declaration.Name = text
		case m.name == "group":
			p.declaration.Group = text
		}
	}
	return nil
}

func (p *configParser) unknown(m member, known []string) error {
	if near := nearest(m.name, known); len(near) > 0 {
		return p.mistake(m.offset, "unknown key %q, did you mean %q?", m.name, near[0])
	}
	return p.mistake(m.offset, "unknown key %q, there are %s", m.name, strings.Join(known, ", "))
}

func validName(name string) bool {
	for i, r := range name {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r != '_' && r != '-' && (r < '0' || r > '9')) {
			return false
		}
	}
	return name != ""
}

func attributeNames() []string {
	var names []string
	for name := range attributes {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func typeNames() string {
	var names []string
	for _, t := range fieldTypes {
		names = append(names, string(t))
	}
	return strings.Join(names, ", ")
}

func defaultOf(kind Type, n node) (any, error) {
	switch kind {
	case Number:
		number, err := numberOf(n)
		if err != nil {
			return nil, err
		}
		return *number, nil
	case Boolean:
		return booleanOf(n)
	}
	text, ok := n.value.(string)
	switch {
	case !ok:
		return nil, fmt.Errorf("must be a text")
	case kind == Cron && len(strings.Fields(text)) != 5:
		return nil, fmt.Errorf("must have the five fields of a cron schedule")
	}
	return text, nil
}

func numberOf(n node) (*float64, error) {
	if number, ok := n.value.(json.Number); ok {
		if f, err := strconv.ParseFloat(number.String(), 64); err == nil {
			return &f, nil
		}
	}
	return nil, fmt.Errorf("must be a number")
}

func booleanOf(n node) (bool, error) {
	b, ok := n.value.(bool)
	if !ok {
		return false, fmt.Errorf("must be true or false")
	}
	return b, nil
}

// textsOf reads a list of texts or numbers; a single one stands for a list of one.
func textsOf(n node) ([]string, error) {
	items, ok := n.value.([]node)
	if !ok {
		items = []node{n}
	}
	var out []string
	for _, item := range items {
		switch v := item.value.(type) {
		case string:
			out = append(out, v)
		case json.Number:
			out = append(out, v.String())
		default:
			return nil, fmt.Errorf("must be a list of texts")
		}
	}
	return out, nil
}

func readPrevious(f *Field, n node) error {
	names, err := textsOf(n)
	for _, name := range names {
		f.Previous = append(f.Previous, previousEnv(f.Path, name))
	}
	return err
}

func readRegex(f *Field, n node) error {
	text, ok := n.value.(string)
	if !ok {
		return fmt.Errorf("must be a text")
	}
	fits, err := compilePattern(text)
	if err != nil {
		return fmt.Errorf("is no regular expression: %w", err)
	}
	f.Regex, f.fits = text, fits
	return nil
}
