package settings

import (
	"slices"
	"strings"

	"carjs/host/failure"
	"carjs/host/lazyregexp"
)

// fieldTypes are the types a setting of a connector may have.
var fieldTypes = []Type{Text, Password, Number, Boolean, Cron, Link}

// The types that mark what is no setting.
const (
	groupType     = "fields"
	connectorType = "connectorType"
)

// configParser reads the tree of a config.json into a declaration. It goes on after a mistake, so
// that all are told at once.
type configParser struct {
	*document
	declaration *Declaration
	envs        map[string]string // environment variable → path
	hosts       []int             // where each of the hosts stands
	mistakes    Mistakes
}

// parseConfig reads a config.json. Its error is [Mistakes], or a [*Mistake] when it is no JSON.
func parseConfig(file string, data []byte) (*Declaration, error) {
	doc, root, err := parseJSON(file, data)
	if err != nil {
		return nil, err
	}
	p := &configParser{document: doc, declaration: &Declaration{}, envs: make(map[string]string)}
	for _, s := range RunTable() {
		p.envs[s.Env] = ""
	}
	p.sections(root)
	p.declaration.nameFields()
	p.checkHosts()
	if p.mistakes != nil {
		return nil, p.mistakes
	}
	return p.declaration, nil
}

// wrong notes a mistake.
func (p *configParser) wrong(offset int, format string, args ...any) {
	p.mistakes = append(p.mistakes, p.mistake(offset, format, args...))
}

func (p *configParser) sections(root node) {
	sections, ok := root.members()
	if !ok {
		p.wrong(root.offset, "the file must contain an object")
	}
	for _, section := range sections {
		if section.name != "connection" && section.name != "configuration" {
			p.unknown(section, []string{"connection", "configuration"})
			continue
		}
		p.group(section.name, section.node)
	}
}

func (p *configParser) group(path string, n node) {
	members, ok := n.members()
	if !ok {
		p.wrong(n.offset, "%s must be an object", path)
	}
	for _, m := range members {
		if _, isText := m.node.value.(string); m.name == "type" && isText && path != "connection" {
			continue // the mark of the group, read by who called
		}
		p.entry(path+"."+m.name, m)
	}
}

// entry reads what stands in a group: another group, a setting, or the type of the connector.
func (p *configParser) entry(path string, m member) {
	kind, typed := m.node.get("type")
	name, isText := kind.value.(string)
	switch _, isObject := m.node.members(); {
	case path == "connection.type":
		p.connectorType(m.node)
	case !validName(m.name):
		p.wrong(m.offset, "invalid setting name %q: use letters, digits, _ and -, starting with a letter", m.name)
	case !isObject:
		p.wrong(m.node.offset, `%s must be an object with a "type"`, path)
	case !typed:
		p.wrong(m.offset, `%s has no "type": a setting has one of %s, a group of settings has %q`, path, typeNames(), groupType)
	case !isText:
		p.wrong(kind.offset, "the type of %s must be text", path)
	case name == groupType:
		p.group(path, m.node)
	case !slices.Contains(fieldTypes, Type(name)):
		p.wrong(kind.offset, "%s has the unknown type %q: the types are %s, and %q for a group", path, name, typeNames(), groupType)
	default:
		p.field(path, Type(name), m)
	}
}

func (p *configParser) field(path string, kind Type, m member) {
	place := p.mistake(m.offset, "")
	f := Field{Path: path, Env: envOf(path), Flag: flagOf(path), Type: kind, Line: place.Line, Column: place.Column}
	switch other, taken := p.envs[f.Env]; {
	case taken && other == "":
		p.wrong(m.offset, "%s maps to the environment variable %s, which carjs uses itself", path, f.Env)
	case taken:
		p.wrong(m.offset, "%s and %s map to the same environment variable %s", path, other, f.Env)
	default:
		p.envs[f.Env] = path
	}
	before := len(p.mistakes)
	members, _ := m.node.members()
	for _, key := range members {
		if key.name != "type" {
			p.attribute(&f, key)
		}
	}
	if f.Min != nil && f.Max != nil && *f.Min > *f.Max {
		p.wrong(m.offset, "min of %s is greater than max", path)
	}
	if len(p.mistakes) == before {
		// With a mistake in a rule nothing can be said about what must keep it.
		p.checkDefault(&f, m)
	}
	p.declaration.Fields = append(p.declaration.Fields, f)
}

// attribute reads one key of a setting.
func (p *configParser) attribute(f *Field, key member) {
	attribute, ok := attributes[key.name]
	switch {
	case !ok:
		p.unknown(key, attributeNames())
	case attribute.types != nil && !slices.Contains(attribute.types, f.Type):
		p.wrong(key.offset, "%s is a %s and cannot have %q", f.Path, f.Type, key.name)
	default:
		if err := attribute.read(f, key.node); err != nil {
			p.wrong(key.node.offset, "%q of %s %s", key.name, f.Path, err)
		}
	}
}

// checkDefault holds a default to the rules that every value must keep; an empty one counts as an
// example of none.
func (p *configParser) checkDefault(f *Field, m member) {
	if f.Default == nil || f.defaultText() == "" {
		return
	}
	if _, fault := ruleOf(f).parse(f.defaultText()); fault != "" {
		at, _ := m.node.get("default")
		p.wrong(at.offset, "the default of %s %s", f.Path, fault)
	}
}

func (p *configParser) connectorType(n node) {
	members, ok := n.members()
	if !ok {
		p.wrong(n.offset, "connection.type must be an object with displayName and group")
	}
	var keys []string
	for _, key := range connectorKeys() {
		keys = append(keys, key.Name)
	}
	for _, m := range members {
		text, isText := m.node.value.(string)
		switch {
		case !slices.Contains(keys, m.name):
			p.unknown(m, keys)
		case m.name == hostsKey:
			p.readHosts(m.node)
		case !isText:
			p.wrong(m.node.offset, "%q of connection.type must be text", m.name)
		case m.name == "type" && text != connectorType:
			p.wrong(m.node.offset, "the type of connection.type must be %q", connectorType)
		case m.name == "displayName":
			p.declaration.Name = text
		case m.name == "group":
			p.declaration.Group = text
		case m.name == "version" && !versionPattern().MatchString(text):
			p.wrong(m.node.offset, "invalid version %q: begin with a digit, and use letters, digits, dots and dashes, as in 1.4.0", text)
		case m.name == "version":
			p.declaration.Version = text
		}
	}
}

// versionPattern fits versions that can be the tag of an image and are no word such as "latest".
var versionPattern = lazyregexp.New(`^[0-9][0-9A-Za-z._-]{0,127}$`)

func (p *configParser) unknown(m member, known []string) {
	if near := failure.Nearest(m.name, known); len(near) > 0 {
		p.wrong(m.offset, "unknown key %q, did you mean %q?", m.name, near[0])
		return
	}
	p.wrong(m.offset, "unknown key %q; the keys are %s", m.name, strings.Join(known, ", "))
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

func typeNames() string {
	var names []string
	for _, t := range fieldTypes {
		names = append(names, string(t))
	}
	return strings.Join(names, ", ")
}
