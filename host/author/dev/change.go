package dev

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"carjs/host/carserver"
)

// The kinds of a [Change].
const (
	Added   = "added"
	Changed = "changed"
	Gone    = "gone"
)

// Change is a vertex or an edge that is different from the last good run.
type Change struct {
	Kind       string `json:"kind"`
	Collection string `json:"collection"`
	// Key is that of a vertex; From and To are the ends of an edge.
	Key  string `json:"key,omitempty"`
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
	// Object are all properties of what was added or is gone; Fields are those that changed.
	Object json.RawMessage `json:"object,omitempty"`
	Fields []Field         `json:"fields,omitempty"`
}

// IsEdge tells an edge from a vertex.
func (c Change) IsEdge() bool { return c.Key == "" }

// Name is what an object is called among those of its collection.
func (c Change) Name() string {
	if c.IsEdge() {
		return c.From + " → " + c.To
	}
	return c.Key
}

// Field is a property with another value. Before or After is nil where it was not there or is no
// longer.
type Field struct {
	Name   string          `json:"name"`
	Before json.RawMessage `json:"before,omitempty"`
	After  json.RawMessage `json:"after,omitempty"`
}

// changes lists what after has differently: vertices first, then edges, by collection and key.
func changes(before, after carserver.Graph) []Change {
	all := []Change{}
	compare(before.Vertices, after.Vertices, func(id carserver.VertexID, c Change) {
		c.Collection, c.Key = id.Collection, id.Key
		all = append(all, c)
	})
	compare(before.Edges, after.Edges, func(id carserver.EdgeID, c Change) {
		c.Collection, c.From, c.To = id.Collection, id.From, id.To
		all = append(all, c)
	})
	slices.SortFunc(all, func(a, b Change) int {
		return cmp.Or(order(a.IsEdge(), b.IsEdge()), cmp.Compare(a.Collection, b.Collection), natural(a.Key, b.Key),
			natural(a.From, b.From), natural(a.To, b.To))
	})
	return all
}

func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// natural orders keys that are numbers by their values, which is how people look for them.
func natural(a, b string) int {
	return cmp.Or(cmp.Compare(digits(a), digits(b)), cmp.Compare(a, b))
}

// digits is the length of a key that is a number, 0 of any other.
func digits(key string) int {
	for _, c := range []byte(key) {
		if c < '0' || c > '9' {
			return 0
		}
	}
	return len(key)
}

func compare[ID comparable](before, after map[ID]string, found func(ID, Change)) {
	for id, was := range before {
		is, there := after[id]
		switch {
		case !there:
			found(id, Change{Kind: Gone, Object: json.RawMessage(was)})
		case is != was:
			found(id, Change{Kind: Changed, Fields: fields(was, is)})
		}
	}
	for id, is := range after {
		if _, there := before[id]; !there {
			found(id, Change{Kind: Added, Object: json.RawMessage(is)})
		}
	}
}

// fields compares two objects property by property.
func fields(before, after string) []Field {
	var was, is map[string]json.RawMessage
	// What CAR has are objects; anything else would be shown as one without properties.
	_ = json.Unmarshal([]byte(before), &was)
	_ = json.Unmarshal([]byte(after), &is)
	names := map[string]bool{}
	for name := range was {
		names[name] = true
	}
	for name := range is {
		names[name] = true
	}
	var different []Field
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if !bytes.Equal(was[name], is[name]) {
			different = append(different, Field{Name: name, Before: was[name], After: is[name]})
		}
	}
	return different
}
