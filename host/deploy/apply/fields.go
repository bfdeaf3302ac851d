package apply

import (
	"encoding/json"
	"strings"

	"carjs/host/deploy/cluster"
)

// fields is a set of fields as Kubernetes writes it (FieldsV1): "f:NAME" is a key of a map,
// "k:{...}" the item of a list with these keys, "v:VALUE" an item that is its own key, "." the map
// or item itself. What has no entries below is in the set as a whole.
type fields map[string]any

// appliedBy returns the fields of an object that a manager has applied, nil when it has none.
func appliedBy(object cluster.Object, manager string) fields {
	for _, m := range object.List("metadata", "managedFields") {
		if m.Text("manager") == manager && m.Text("operation") == "Apply" && m.Text("subresource") == "" {
			set, _ := m.At("fieldsV1").(map[string]any)
			return set
		}
	}
	return nil
}

// union is the set of what is in either.
func union(a, b fields) fields {
	out := fields{}
	for key, value := range a {
		out[key] = value
	}
	for key, value := range b {
		mine, _ := out[key].(map[string]any)
		more, _ := value.(map[string]any)
		out[key] = map[string]any(union(mine, more))
	}
	return out
}

// whole tells whether a set names a value with everything in it.
func (f fields) whole() bool {
	for key := range f {
		if key != "." {
			return false
		}
	}
	return true
}

// pick returns those fields of a value that are in the set; ok is false when it has none of them.
func (f fields) pick(value any) (picked any, ok bool) {
	if f.whole() {
		return value, true
	}
	switch value := value.(type) {
	case map[string]any:
		out := map[string]any{}
		_, itself := f["."]
		for key, below := range f {
			name, isField := strings.CutPrefix(key, "f:")
			child, has := value[name]
			if !isField || !has {
				continue
			}
			if part, ok := sub(below).pick(child); ok {
				out[name] = part
			}
		}
		return out, itself || len(out) > 0
	case []any:
		var out []any
		for _, item := range value {
			if part, ok := f.pickItem(item); ok {
				out = append(out, part)
			}
		}
		return out, len(out) > 0
	}
	return nil, false
}

// pickItem is pick for an item of a list.
func (f fields) pickItem(item any) (any, bool) {
	for key, below := range f {
		switch {
		case strings.HasPrefix(key, "v:"):
			var value any
			if decodeJSON(key[2:], &value) && written(value) == written(item) {
				return item, true
			}
		case strings.HasPrefix(key, "k:"):
			var keys map[string]any
			object, isMap := item.(map[string]any)
			if !isMap || !decodeJSON(key[2:], &keys) || !hasAll(object, keys) {
				continue
			}
			part, _ := sub(below).pick(item)
			out, isMap := part.(map[string]any)
			if !isMap {
				out = map[string]any{}
			}
			for name, value := range keys {
				out[name] = value // without its keys an item is none
			}
			return out, true
		}
	}
	return nil, false
}

func sub(value any) fields {
	set, _ := value.(map[string]any)
	return set
}

func hasAll(object, keys map[string]any) bool {
	for name, value := range keys {
		if object[name] != value {
			return false
		}
	}
	return true
}

// decodeJSON reads a value with numbers as they are written.
func decodeJSON(text string, into any) bool {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	return decoder.Decode(into) == nil
}
