package settings

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// A node is a JSON value that knows where it stands, which encoding/json's values do not: whoever
// writes a config.json is told the line.
type node struct {
	offset int
	// value is nil, bool, json.Number, string, []node or []member (an object, in the order of the
	// file).
	value any
}

type member struct {
	name   string
	offset int
	node   node
}

// maxDepth is far beyond any config.json, and keeps a malicious one from using up the stack.
const maxDepth = 32

// document is a JSON file that is being read.
type document struct {
	file    string
	data    []byte
	decoder *json.Decoder
}

// parseJSON reads a whole file. Errors are [*Mistake]s.
func parseJSON(file string, data []byte) (*document, node, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	doc := &document{file: file, data: data, decoder: json.NewDecoder(bytes.NewReader(data))}
	// The decoder of tokens does not know where it found an error; that of values does, and leaves
	// it none to find.
	var syntax *json.SyntaxError
	if err := json.Unmarshal(data, new(json.RawMessage)); errors.As(err, &syntax) {
		return doc, node{}, doc.mistake(int(syntax.Offset)-1, "%s", syntax.Error())
	}
	doc.decoder.UseNumber()
	root, err := doc.read(0)
	return doc, root, err
}

func (d *document) read(depth int) (node, error) {
	at := d.next()
	token, err := d.decoder.Token()
	if err != nil {
		return node{}, err
	}
	delim, ok := token.(json.Delim)
	if !ok {
		return node{offset: at, value: token}, nil
	}
	if depth == maxDepth {
		return node{}, d.mistake(at, "nested too deeply")
	}
	if delim == '[' {
		items := []node{}
		for d.decoder.More() {
			item, err := d.read(depth + 1)
			if err != nil {
				return node{}, err
			}
			items = append(items, item)
		}
		_, err = d.decoder.Token()
		return node{offset: at, value: items}, err
	}
	members, err := d.members(depth)
	return node{offset: at, value: members}, err
}

func (d *document) members(depth int) ([]member, error) {
	members := []member{}
	seen := make(map[string]bool)
	for d.decoder.More() {
		at := d.next()
		token, err := d.decoder.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string) // the decoder lets nothing else pass
		if seen[name] {
			return nil, d.mistake(at, "%q occurs twice", name)
		}
		seen[name] = true
		value, err := d.read(depth + 1)
		if err != nil {
			return nil, err
		}
		members = append(members, member{name: name, offset: at, node: value})
	}
	_, err := d.decoder.Token()
	return members, err
}

// next returns where the next token begins.
func (d *document) next() int {
	at := int(d.decoder.InputOffset())
	for at < len(d.data) && strings.IndexByte(" \t\r\n,:", d.data[at]) >= 0 {
		at++
	}
	return at
}

// Mistake is what is wrong with a configuration file, and where.
type Mistake struct {
	File         string
	Line, Column int // from 1, the column in characters
	Message      string
}

// Error returns "file:line:column: message".
func (m *Mistake) Error() string { return m.At() + ": " + m.Message }

// At returns "file:line:column".
func (m *Mistake) At() string { return fmt.Sprintf("%s:%d:%d", m.File, m.Line, m.Column) }

// Mistakes are all that is wrong with a configuration file, in its order. There is one at least.
type Mistakes []*Mistake

// Error is that of the first.
func (m Mistakes) Error() string { return m[0].Error() }

// Unwrap returns the mistakes one by one.
func (m Mistakes) Unwrap() []error {
	errs := make([]error, len(m))
	for i := range m {
		errs[i] = m[i]
	}
	return errs
}

func (d *document) mistake(offset int, format string, args ...any) *Mistake {
	before := d.data[:min(max(offset, 0), len(d.data))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return &Mistake{File: d.file, Line: line, Column: column, Message: fmt.Sprintf(format, args...)}
}

// members returns the members of an object; ok is false when the value is none.
func (n node) members() (members []member, ok bool) {
	members, ok = n.value.([]member)
	return members, ok
}

// get returns a member of an object.
func (n node) get(name string) (node, bool) {
	members, _ := n.members()
	for _, m := range members {
		if m.name == name {
			return m.node, true
		}
	}
	return node{}, false
}

// text returns the string that a member of an object holds, "" when there is none.
func (n node) text(name string) string {
	member, _ := n.get(name)
	s, _ := member.value.(string)
	return s
}
