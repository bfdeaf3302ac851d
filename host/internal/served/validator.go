package served

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"carjs/host/model"
)

// value compiles a validator for the values of a property.
func (a *amender) value(s *collection, served *stated) (func(v any) string, error) {
	schema, err := a.compile(served.raw)
	if err != nil {
		return nil, err
	}
	return func(v any) string {
		var texts []string
		for _, f := range schema.faults(v) {
			texts = append(texts, f.text())
		}
		return strings.Join(texts, "; ")
	}, nil
}

// whole compiles a validator for the objects of a collection. Faults in properties of the
// connector's own extension are ignored.
func (a *amender) whole(c *model.Collection, s *collection) (func(object map[string]any) []model.Fault, error) {
	schema, err := a.compile(s.raw)
	if err != nil {
		return nil, err
	}
	return func(object map[string]any) []model.Fault {
		var found []model.Fault
		for _, f := range schema.faults(object) {
			if len(f.at) == 0 {
				found = append(found, model.Fault{Message: f.message})
				continue
			}
			name := f.at[0]
			if p, ok := c.Property(name); !ok || !ours(p) {
				found = append(found, model.Fault{Property: name, Message: fault{f.at[1:], f.message}.text()})
			}
		}
		return found
	}, nil
}

func (a *amender) compile(raw []byte) (*node, error) {
	v, err := decoded(raw)
	if err != nil {
		return nil, err
	}
	c := &compiler{root: func() (any, error) { return decoded(a.schema.raw) }, referred: map[string]*node{}}
	return c.node(v)
}

// decoded returns JSON with its numbers as written.
func decoded(raw []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var v any
	err := decoder.Decode(&v)
	return v, err
}

// compiler makes validators from schemas. It supports the keywords of JSON Schema 2020-12 and their
// counterparts in older drafts, except those that depend on what other keywords evaluated, and
// references to other documents: carjs does not load schemas.
type compiler struct {
	root     func() (any, error)
	document any
	referred map[string]*node // by reference
}

// node is a compiled schema.
type node struct {
	checks []check
}

// check checks a value and adds its faults to e.
type check func(e *evaluation, v any, at []string)

// evaluation is the validation of one value.
type evaluation struct {
	found []fault
	depth int
}

// maxDepth limits how deep schemas may nest for one value. Objects are never that deep, and a
// schema that refers to itself must not overflow the stack.
const maxDepth = 500

func (e *evaluation) fault(at []string, format string, args ...any) {
	e.found = append(e.found, fault{slices.Clone(at), fmt.Sprintf(format, args...)})
}

func (n *node) check(e *evaluation, v any, at []string) {
	if e.depth == maxDepth {
		e.fault(at, "cannot be validated: it is nested too deeply")
		return
	}
	e.depth++
	for _, check := range n.checks {
		check(e, v, at)
	}
	e.depth--
}

// within validates a value separately.
func (n *node) within(e *evaluation, v any, at []string) []fault {
	inner := &evaluation{depth: e.depth}
	n.check(inner, v, at)
	return inner.found
}

// faults returns the distinct faults of a value, in the order of their positions.
func (n *node) faults(v any) []fault {
	e := &evaluation{}
	n.check(e, v, nil)
	slices.SortStableFunc(e.found, func(a, b fault) int { return slices.Compare(a.at, b.at) })
	return slices.CompactFunc(e.found, func(a, b fault) bool { return slices.Equal(a.at, b.at) && a.message == b.message })
}

// fault is one fault of a value.
type fault struct {
	at      []string // its path within the value
	message string
}

// text is the message, to follow the name of the property that has the value.
func (f fault) text() string {
	if len(f.at) == 0 {
		return f.message
	}
	return "is not valid at " + strings.Join(f.at, ".") + ": " + f.message
}

// node compiles a schema.
func (c *compiler) node(schema any) (*node, error) {
	n := &node{}
	return n, c.into(n, schema)
}

func (c *compiler) into(n *node, schema any) error {
	switch s := schema.(type) {
	case bool:
		if !s {
			n.checks = append(n.checks, func(e *evaluation, _ any, at []string) { e.fault(at, "is not allowed") })
		}
		return nil
	case map[string]any:
		for _, keyword := range keywords() {
			argument, ok := s[keyword.name]
			if !ok {
				continue
			}
			check, err := keyword.compile(c, argument, s)
			if err != nil {
				return fmt.Errorf("%s: %w", keyword.name, err)
			}
			if check != nil {
				n.checks = append(n.checks, check)
			}
		}
		return nil
	}
	return fmt.Errorf("%s is not a schema", shortened(text(schema)))
}

// refer compiles the target of a reference.
func (c *compiler) refer(argument any, _ map[string]any) (check, error) {
	reference, _ := argument.(string)
	if reference != "#" && !strings.HasPrefix(reference, "#/") {
		return nil, fmt.Errorf("it refers to %s, and carjs does not load schemas", shortened(text(argument)))
	}
	n, ok := c.referred[reference]
	if !ok {
		n = &node{}
		c.referred[reference] = n
		schema, err := c.find(strings.TrimPrefix(reference, "#"))
		if err != nil {
			return nil, err
		}
		if err := c.into(n, schema); err != nil {
			return nil, err
		}
	}
	return n.check, nil
}

// find returns the target of a JSON pointer in the import schema.
func (c *compiler) find(pointer string) (any, error) {
	if c.document == nil {
		var err error
		if c.document, err = c.root(); err != nil {
			return nil, err
		}
	}
	at := c.document
	for _, name := range strings.Split(pointer, "/")[1:] {
		name = strings.NewReplacer("~1", "/", "~0", "~").Replace(name)
		switch v := at.(type) {
		case map[string]any:
			at = v[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(v) {
				return nil, fmt.Errorf("it refers to #%s, which does not exist", pointer)
			}
			at = v[i]
		default:
			at = nil
		}
		if at == nil {
			return nil, fmt.Errorf("it refers to #%s, which does not exist", pointer)
		}
	}
	return at, nil
}
