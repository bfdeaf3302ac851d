package model

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// typeNames are the names of interfaces that are not the collection's name with a capital.
var typeNames = map[string]string{
	"ipaddress": "IPAddress", "ipregion": "IPRegion", "macaddress": "MACAddress", "businessprocess": "BusinessProcess",
}

// TypeName returns the name of the TypeScript interface of a collection: Asset, IPAddress,
// AssetIPAddress. A name with underscores becomes one word a part.
func TypeName(collection string) string {
	var b strings.Builder
	for _, part := range strings.Split(collection, "_") {
		name, ok := typeNames[part]
		if !ok && part != "" {
			name = strings.ToUpper(part[:1]) + part[1:]
		}
		b.WriteString(name)
	}
	return b.String()
}

// TypeScript returns the types of the model's objects, as a declaration that adds to the module
// "carjs": an interface for every collection, and the maps Vertices, Edges and EdgeEnds from the
// names of collections to them.
//
// The types are the author's view: what carjs and CAR look after by themselves is left out, and
// required is what must be given. Properties that CAR does not know are left out as well, because
// CAR does not keep them; a connector that wants one adds it to the interface.
func (m *Model) TypeScript() string {
	return m.typeScript(&Model{}, "The types of CAR's data model, as a connector fills them in.\n\n"+
		"Made from the table in host/model; run the tests there with -update to make it anew.")
}

// TypeScriptBeyond returns the types of what the model has and base does not: what a schema
// extension adds.
func (m *Model) TypeScriptBeyond(base *Model) string {
	return m.typeScript(base, "The types of what the connector's schema extension adds to CAR's data model.")
}

func (m *Model) typeScript(base *Model, about string) string {
	w := &declarations{}
	w.comment(about)
	w.open("declare module \"carjs\"")
	if len(base.collections) == 0 {
		w.comment("What every edge may carry.")
		w.open("interface EdgeProperties")
		for _, p := range authored(&Collection{Kind: Edge, Properties: commonEdge()}) {
			w.property(p, false)
		}
		w.close()
	}
	for _, c := range m.collections {
		w.collection(c, base.byName[c.Name])
	}
	w.maps(m, base)
	w.close()
	return w.String()
}

// collection declares what c has beyond base, which may be nil.
func (w *declarations) collection(c, base *Collection) {
	var properties []*Property
	for _, p := range authored(c) {
		if base != nil {
			if _, there := base.Property(p.Name); there {
				continue
			}
		} else if c.Kind == Edge && isCommonEdge(p.Name) {
			continue
		}
		properties = append(properties, p)
	}
	skip := 0
	if base != nil {
		skip = len(base.OneOf)
	}
	rules := aboutRules(c, skip)
	if base != nil && len(properties) == 0 && rules == "" {
		return
	}
	heritage := ""
	if base == nil {
		w.comment(strings.TrimSpace(about(c) + " " + rules))
		if c.Kind == Edge {
			heritage = " extends EdgeProperties"
		}
	} else if rules != "" {
		w.comment(rules)
	}
	w.open("interface " + TypeName(c.Name) + heritage)
	for _, p := range properties {
		w.property(p, c.mustGive(p))
	}
	w.close()
}

// maps declares which collection has which type.
func (w *declarations) maps(m, base *Model) {
	var vertices, edges []*Collection
	for _, c := range m.collections {
		if _, there := base.byName[c.Name]; there {
			continue
		}
		if c.Kind == Vertex {
			vertices = append(vertices, c)
		} else {
			edges = append(edges, c)
		}
	}
	if len(vertices) > 0 {
		w.comment("The vertex collections and what their objects are.")
		w.open("interface Vertices")
		for _, c := range vertices {
			w.line("%s: %s;", c.Name, TypeName(c.Name))
		}
		w.close()
	}
	if len(edges) == 0 {
		return
	}
	w.comment("The edge collections and what their objects carry besides the ends.")
	w.open("interface Edges")
	for _, c := range edges {
		w.line("%s: %s;", c.Name, TypeName(c.Name))
	}
	w.close()
	w.comment("The edge collections and the vertex collections that they join.")
	w.open("interface EdgeEnds")
	for _, c := range edges {
		w.line("%s: { from: %q; to: %q };", c.Name, c.From, c.To)
	}
	w.close()
}

// authored returns the properties that an author gives: all but what carjs and CAR look after, and
// an edge's ends.
func authored(c *Collection) []*Property {
	var properties []*Property
	for i := range c.Properties {
		p := &c.Properties[i]
		switch {
		case p.Name == "source":
		case c.Kind == Edge && (p.Name == "report" || p.Name == "active" || p.Name[0] == '_'):
		default:
			properties = append(properties, p)
		}
	}
	return properties
}

func isCommonEdge(name string) bool {
	return slices.ContainsFunc(commonEdge(), func(p Property) bool { return p.Name == name })
}

// mustGive reports whether an author has to give a property: the key, and what is required and not
// derived from it.
func (c *Collection) mustGive(p *Property) bool {
	if c.Kind == Vertex && p.Name == c.KeyedBy {
		return true
	}
	return p.Required && !slices.Contains(Derived(c.Name), p.Name)
}

func about(c *Collection) string {
	if c.Kind == Edge {
		return fmt.Sprintf("What an edge of `%s` carries besides its ends; it %s.", c.Name, c.Description)
	}
	return fmt.Sprintf("A vertex of `%s`: %s. Its key is `%s`.", c.Name, c.Description, c.KeyedBy)
}

// aboutRules says what the rules on an object as a whole beyond the first skip ones demand.
func aboutRules(c *Collection, skip int) string {
	var rules []string
	for _, rule := range c.OneOf[skip:] {
		var groups []string
		for _, group := range rule.Groups {
			groups = append(groups, "`"+strings.Join(group, "` and `")+"`")
		}
		rules = append(rules, "It has exactly one of: "+strings.Join(groups, ", or ")+".")
	}
	return strings.Join(rules, " ")
}

// declarations writes TypeScript.
type declarations struct {
	strings.Builder
	depth int
}

func (w *declarations) line(format string, args ...any) {
	w.WriteString(strings.Repeat("  ", w.depth))
	fmt.Fprintf(w, format, args...)
	w.WriteByte('\n')
}

func (w *declarations) open(what string) {
	w.line("%s {", what)
	w.depth++
}

func (w *declarations) close() {
	w.depth--
	w.line("}")
}

// comment writes a doc comment of one or more lines.
func (w *declarations) comment(text string) {
	lines := strings.Split(strings.ReplaceAll(text, "*/", "*\\/"), "\n")
	if len(lines) == 1 {
		w.line("/** %s */", lines[0])
		return
	}
	w.line("/**")
	for _, line := range lines {
		w.line("%s", strings.TrimRight(" * "+line, " "))
	}
	w.line(" */")
}

func (w *declarations) property(p *Property, required bool) {
	if text := p.about(); text != "" {
		w.comment(text)
	}
	mark := "?"
	if required {
		mark = ""
	}
	w.line("%s%s: %s;", p.Name, mark, p.typeScript())
}

// about describes a property with its limits, as one or more sentences.
func (p *Property) about() string {
	var sentences []string
	add := func(format string, args ...any) { sentences = append(sentences, fmt.Sprintf(format, args...)+".") }
	if p.Description != "" {
		add("%s%s", strings.ToUpper(p.Description[:1]), strings.TrimSuffix(p.Description[1:], "."))
	}
	switch {
	case p.Min != nil && p.Max != nil:
		add("From %v to %v", *p.Min, *p.Max)
	case p.Min != nil:
		add("At least %v", *p.Min)
	case p.Max != nil:
		add("At most %v", *p.Max)
	}
	if column := columns[p.Column]; column.about != "" {
		add("%s", column.about)
	} else if p.Type == Integer {
		add("A whole number")
	}
	if p.MaxLength > 0 {
		add("%d to %d characters", p.MinLength, p.MaxLength)
	}
	if p.Pattern != "" {
		add("Matches `%s`", p.Pattern)
	}
	for _, r := range p.Rules() {
		if r.Pattern != "" {
			add("Matches `%s`", r.Pattern)
		} else {
			add("From %s to %s", r.Min, r.Max)
		}
	}
	if p.Unique {
		add("No two objects of a source share a value")
	}
	if p.Default != nil {
		if text, err := json.Marshal(p.Default); err == nil {
			add("Default: `%s`", text)
		}
	}
	return strings.Join(sentences, " ")
}

func (p *Property) typeScript() string {
	if column, ok := columns[p.Column]; ok {
		return column.script
	}
	switch p.Type {
	case Integer:
		return "number"
	case Object:
		return "Record<string, unknown>"
	case Strings:
		return "string[]"
	case Any, Foreign:
		return "unknown"
	}
	return string(p.Type)
}
