package harness

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"carjs/host/carserver"
	"carjs/host/esjson"
	"carjs/host/model"
)

// withKey is a vertex with its key, as the connector reported it.
func withKey(c *model.Collection, id carserver.VertexID, doc string) (json.RawMessage, error) {
	return with([]member{text(c.KeyedBy, id.Key)}, doc)
}

// withEnds is an edge with the keys of its ends.
func withEnds(id carserver.EdgeID, doc string) (json.RawMessage, error) {
	return with([]member{text("from", id.From), text("to", id.To)}, doc)
}

// member is a property of a document.
type member struct {
	name  string
	value jsontext.Value
}

// text is a property that is a text.
func text(name, value string) member {
	return member{name, esjson.AppendString(nil, value)}
}

// with is a document with more properties before its own. A property that the document has itself
// keeps its value.
func with(more []member, doc string) (json.RawMessage, error) {
	own, err := members(doc)
	if err != nil {
		return nil, fmt.Errorf("read a document of the graph: %w", err)
	}
	for _, m := range own {
		if i := slices.IndexFunc(more, func(other member) bool { return other.name == m.name }); i >= 0 {
			more[i].value = m.value
			continue
		}
		more = append(more, m)
	}
	var w esjson.Writer
	w.Object()
	for _, m := range more {
		w.Name(m.name)
		if !w.Text(m.value) {
			return nil, fmt.Errorf("write a document of the graph: %s is not JSON", m.name)
		}
	}
	w.EndObject()
	return w.Buf, nil
}

// members are the properties of a document, in its order.
func members(doc string) ([]member, error) {
	decoder := jsontext.NewDecoder(strings.NewReader(doc), jsontext.AllowInvalidUTF8(true))
	if start, err := decoder.ReadToken(); err != nil || start.Kind() != '{' {
		return nil, errors.Join(errors.New("a document must be an object"), err)
	}
	var own []member
	for decoder.PeekKind() == '"' {
		name, err := decoder.ReadToken()
		if err != nil {
			return nil, err
		}
		m := member{name: name.String()}
		value, err := decoder.ReadValue()
		if err != nil {
			return nil, err
		}
		m.value = value.Clone() // the decoder uses its memory again
		own = append(own, m)
	}
	_, err := decoder.ReadToken()
	return own, err
}

// array is an array of documents, in the order of their keys.
func array(docs map[string]json.RawMessage) (json.RawMessage, error) {
	keys := make([]string, 0, len(docs))
	for key := range docs {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	sorted := make([]json.RawMessage, len(keys))
	for i, key := range keys {
		sorted[i] = docs[key]
	}
	encoded, err := json.Marshal(sorted)
	if err != nil {
		return nil, fmt.Errorf("write documents of the graph: %w", err)
	}
	return encoded, nil
}
