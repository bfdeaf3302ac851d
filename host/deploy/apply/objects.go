package apply

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"carjs/host/deploy/cluster"
	"carjs/host/failure"
	"carjs/host/lazyregexp"
)

// mostNodes bounds a manifest: YAML can name one node again and again.
const mostNodes = 1 << 20

var yamlLine = lazyregexp.New(`line (\d+):? ?(?s:(.*))$`)

// ReadObjects reads the objects of a manifest: YAML or JSON, one or several documents. The name is
// that of the file, for messages.
func ReadObjects(name string, data []byte) ([]cluster.Object, error) {
	wrong := func(line int, format string, args ...any) error {
		return failure.Usage("%s:%d: %s", name, line, fmt.Sprintf(format, args...)).WithHint("correct the manifest; nothing was changed")
	}
	var objects []cluster.Object
	seen := map[string]int{}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var document yaml.Node
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			line, said := 1, strings.TrimPrefix(err.Error(), "yaml: ")
			if parts := yamlLine().FindStringSubmatch(said); parts != nil {
				line, _ = strconv.Atoi(parts[1]) // digits
				said = parts[2]
			}
			return nil, wrong(line, "invalid YAML: %s", said)
		}
		root := document.Content[0]
		if root.Tag == "!!null" {
			continue // a document with comments only
		}
		left := mostNodes
		value, at, err := plain(root, &left)
		if err != nil {
			return nil, wrong(at, "%v", err)
		}
		object, ok := value.(map[string]any)
		if !ok {
			return nil, wrong(root.Line, "an object of Kubernetes has keys and values")
		}
		for _, o := range listed(object) {
			switch {
			case o.Text("apiVersion") == "" || o.Kind() == "":
				return nil, wrong(root.Line, "an object of Kubernetes has apiVersion and kind")
			case o.Name() == "":
				return nil, wrong(root.Line, "this %s has no name: write metadata.name%s", o.Kind(), quotedName(o))
			case unfit(o.Name()), o.Namespace() != "" && unfit(o.Namespace()):
				return nil, wrong(root.Line, "the name or the namespace of this %s cannot be part of a path", o.Kind())
			}
			key := strings.Join([]string{o.Text("apiVersion"), o.Kind(), o.Namespace(), o.Name()}, " ")
			if first := seen[key]; first > 0 {
				return nil, wrong(root.Line, "%s occurs twice, first in line %d", o, first)
			}
			seen[key] = root.Line
			objects = append(objects, o)
		}
	}
	if len(objects) == 0 {
		return nil, failure.Usage("%s has no objects", name).WithHint("write a manifest with carjs manifest -o FILE")
	}
	return objects, nil
}

// quotedName says how a name is written that YAML takes for something else than a text.
func quotedName(o cluster.Object) string {
	metadata, _ := o["metadata"].(map[string]any)
	switch name := metadata["name"].(type) {
	case nil, string:
		return ""
	case map[string]any, []any:
		return " as one text"
	default:
		return fmt.Sprintf(" in quotes: \"%v\"", name)
	}
}

// unfit tells names that would lead to another place of the API.
func unfit(name string) bool { return name == "." || name == ".." || strings.ContainsAny(name, "/%") }

// listed are the items of a List, or the object itself.
func listed(o cluster.Object) []cluster.Object {
	if o.Kind() != "List" || o.Text("apiVersion") != "v1" {
		return []cluster.Object{o}
	}
	return o.List("items")
}

// plain makes of a node what JSON has. It returns the line of what has no form in JSON.
func plain(n *yaml.Node, left *int) (any, int, error) {
	if *left--; *left < 0 {
		return nil, n.Line, errors.New("the manifest is too large, or an alias in it stands for itself")
	}
	switch n.Kind {
	case yaml.AliasNode:
		return plain(n.Alias, left)
	case yaml.SequenceNode:
		items := make([]any, 0, len(n.Content))
		for _, child := range n.Content {
			item, line, err := plain(child, left)
			if err != nil {
				return nil, line, err
			}
			items = append(items, item)
		}
		return items, 0, nil
	case yaml.MappingNode:
		return mapping(n, left)
	}
	return scalar(n)
}

func mapping(n *yaml.Node, left *int) (any, int, error) {
	out := map[string]any{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, child := n.Content[i], n.Content[i+1]
		value, line, err := plain(child, left)
		if err != nil {
			return nil, line, err
		}
		if key.Tag == "!!merge" {
			merged, ok := value.(map[string]any)
			if !ok {
				return nil, key.Line, errors.New("<< must name keys and values")
			}
			for k, v := range merged {
				if _, own := out[k]; !own {
					out[k] = v
				}
			}
			continue
		}
		if key.Kind != yaml.ScalarNode {
			return nil, key.Line, errors.New("a key must be text")
		}
		if slices.ContainsFunc(n.Content[:i], func(other *yaml.Node) bool {
			return slices.Index(n.Content, other)%2 == 0 && other.Kind == yaml.ScalarNode && other.Value == key.Value
		}) {
			return nil, key.Line, fmt.Errorf("%q occurs twice", key.Value)
		}
		out[key.Value] = value
	}
	return out, 0, nil
}

func scalar(n *yaml.Node) (any, int, error) {
	switch n.Tag {
	case "!!null":
		return nil, 0, nil
	case "!!str", "!!timestamp", "!!binary":
		return n.Value, 0, nil
	}
	var value any
	if err := n.Decode(&value); err != nil {
		return nil, n.Line, fmt.Errorf("%q has no form in JSON", n.Value)
	}
	switch v := value.(type) {
	case bool:
		return v, 0, nil
	case string:
		return v, 0, nil
	}
	number, err := json.Marshal(value)
	if err != nil {
		return nil, n.Line, fmt.Errorf("%q has no form in JSON", n.Value)
	}
	return json.Number(number), 0, nil
}
