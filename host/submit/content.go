package submit

import (
	"encoding/json"
	"hash/maphash"
	"maps"
	"slices"
	"strconv"

	"carjs/host/esjson"
	"carjs/host/model"
)

// contentSeed seeds all hashes of content. They are compared within one process only.
var contentSeed = maphash.MakeSeed()

// ContentHash returns a hash of an object's values, the same within a process for an object that is
// pushed and for the one that CAR returns later. It covers only the properties of the model,
// without
//   - what is null;
//   - source, tag and untag, and a vertex's own key, which is compared on its own;
//   - on an edge its ends, report, created and modified, of which CAR's queries show nothing, and
//     active when it is true;
//   - on a vertex keyed by _key, what is there but says the same as _key (give _key for that to be
//     seen), the name of an address, which is the address whatever is sent, and its region, which
//     is compared on its own.
//
// Key order does not matter, and numbers are compared by value, with all of their digits. Values
// may be what encoding/json decodes (numbers as float64 or json.Number) or anything else that it
// encodes.
func ContentHash(c *model.Collection, properties map[string]any) uint64 {
	b := make([]byte, 0, 512)
	for i := range c.Properties {
		name := c.Properties[i].Name
		v, there := properties[name]
		if !there || v == nil || bookkeeping(c, name, v, properties) {
			continue
		}
		if text, ok := v.(string); ok && c.Properties[i].Column != "" {
			v = model.Shown(c.Properties[i].Column, text)
		}
		b = append(esjson.AppendString(b, name), ':')
		b = append(appendCanonical(b, v), ',')
	}
	return maphash.Bytes(contentSeed, b)
}

// bookkeeping reports whether a property says nothing about the object itself.
func bookkeeping(c *model.Collection, name string, v any, properties map[string]any) bool {
	switch name {
	case "source", "tag", "untag":
		return true
	}
	if c.Kind == model.Edge {
		switch name {
		case c.FromProperty(), c.ToProperty(), "report", "created", "modified":
			return true
		case "active":
			return v == true
		}
		return false
	}
	if name == c.KeyedBy || name == model.ByKey || slices.Contains(model.TakenFromKey(c.Name), name) {
		return true
	}
	if c.KeyedBy == model.ByKey && (name == model.ByExternalID || slices.Contains(model.Derived(c.Name), name)) {
		text, isText := v.(string)
		key, _ := properties[model.ByKey].(string)
		return isText && text == key
	}
	return false
}

// appendCanonical appends a value so that equal values are equal bytes.
func appendCanonical(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case string:
		return esjson.AppendString(b, v)
	case bool:
		return strconv.AppendBool(b, v)
	case float64:
		return esjson.AppendNumber(b, v)
	case json.Number:
		return esjson.AppendDecimal(b, string(v))
	case []any:
		b = append(b, '[')
		for _, element := range v {
			b = append(appendCanonical(b, element), ',')
		}
		return append(b, ']')
	case map[string]any:
		b = append(b, '{')
		for _, key := range slices.Sorted(maps.Keys(v)) {
			b = append(esjson.AppendString(b, key), ':')
			b = append(appendCanonical(b, v[key]), ',')
		}
		return append(b, '}')
	}
	text, err := json.Marshal(v)
	if err != nil {
		return append(b, '?') // it cannot become JSON: equal to nothing that CAR has
	}
	plain, _ := esjson.Decode(text)
	return appendCanonical(b, plain)
}
