package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"carjs/host/failure"
	"carjs/host/lazyregexp"
	"carjs/host/settings"
)

// yamlFile reads a YAML file by its nodes, which know their lines, and goes on after a mistake.
type yamlFile struct {
	name     string
	mistakes settings.Mistakes
}

// entry is a key of a mapping and its value.
type entry struct {
	key, value *yaml.Node
}

// wrong notes a mistake.
func (f *yamlFile) wrong(n *yaml.Node, format string, args ...any) {
	f.mistakes = append(f.mistakes, &settings.Mistake{File: f.name, Line: n.Line, Column: n.Column, Message: fmt.Sprintf(format, args...)})
}

// refused notes the mistake that an error tells, with what to do about it.
func (f *yamlFile) refused(n *yaml.Node, err error) {
	text := err.Error()
	if refusal := (*failure.Failure)(nil); errors.As(err, &refusal) && refusal.Hint != "" {
		text += "; " + refusal.Hint
	}
	f.wrong(n, "%s", text)
}

var yamlLine = lazyregexp.New(`^yaml: (?:line (\d+)(?:, column \d+)?: )?(?s:(.*))$`)

// parse reads the file: one document, which is a mapping. It returns nil after a mistake.
func (f *yamlFile) parse(data []byte) *yaml.Node {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var document, another yaml.Node
	start := &yaml.Node{Line: 1, Column: 1}
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		f.wrong(start, "the file is empty: write connections:")
		return nil
	case err != nil:
		f.syntax(err)
		return nil
	}
	if err := decoder.Decode(&another); err == nil {
		f.wrong(&another, "the file has two documents: write all connections into one")
		return nil
	} else if !errors.Is(err, io.EOF) {
		f.syntax(err)
		return nil
	}
	root := document.Content[0]
	if root.Kind != yaml.MappingNode {
		f.wrong(root, "the file must contain keys and values: write connections:")
		return nil
	}
	return root
}

// syntax notes where the file is no YAML.
func (f *yamlFile) syntax(err error) {
	at := &yaml.Node{Line: 1, Column: 1}
	text := err.Error()
	if parts := yamlLine().FindStringSubmatch(text); parts != nil {
		if line, err := strconv.Atoi(parts[1]); err == nil {
			at.Line = line
		}
		text = parts[2]
	}
	if strings.Contains(text, "alphabetic or numeric character") {
		text += "; quote a value that begins with * or &, such as \"*/15 * * * *\""
	}
	f.wrong(at, "invalid YAML: %s", text)
}

// resolved is the node that an alias stands for.
func resolved(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// mapping returns the entries of a mapping. What names it in mistakes; known are its keys, nil for
// any.
func (f *yamlFile) mapping(n *yaml.Node, what string, known []string) []entry {
	n = resolved(n)
	if n.Kind != yaml.MappingNode {
		f.wrong(n, "%s must have keys and values", what)
		return nil
	}
	var entries []entry
	lines := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		e := entry{n.Content[i], n.Content[i+1]}
		name := e.key.Value
		switch {
		case e.key.Kind != yaml.ScalarNode:
			f.wrong(e.key, "a key of %s must be text", what)
		case e.key.Tag == "!!merge":
			f.wrong(e.key, "merging (<<) is not supported: write the keys here, or refer to the value of one with *NAME")
		case lines[name] != 0:
			f.wrong(e.key, "%q occurs twice, first in line %d", name, lines[name])
		case known != nil && !slices.Contains(known, name):
			f.unknown(e.key, "key", known)
		default:
			entries = append(entries, e)
		}
		lines[name] = e.key.Line
	}
	return entries
}

// unknown notes a name that does not exist.
func (f *yamlFile) unknown(n *yaml.Node, what string, known []string) {
	if near := failure.Nearest(n.Value, known); len(near) > 0 {
		f.wrong(n, "unknown %s %q, did you mean %q?", what, shown(n.Value), near[0])
		return
	}
	const most = 9 // the most important come first
	list := strings.Join(known[:min(len(known), most)], ", ")
	if len(known) > most {
		list += " and others"
	}
	f.wrong(n, "unknown %s %q; use one of %s", what, shown(n.Value), list)
}

// text returns the text of a value, as it is written.
func (f *yamlFile) text(n *yaml.Node, what string) (text string, ok bool) {
	n = resolved(n)
	switch {
	case n.Kind != yaml.ScalarNode:
		f.wrong(n, "%s must be a single value", what)
	case n.Tag == "!!null":
		f.wrong(n, "%s has no value", what)
	case n.Tag == "!!binary":
		f.wrong(n, "%s must be text", what)
	default:
		return n.Value, true
	}
	return "", false
}
