package cluster

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Object is an object of Kubernetes as JSON has it: maps, slices, strings, booleans and
// [json.Number]s.
type Object map[string]any

// At returns what stands at a path, nil when nothing does.
func (o Object) At(path ...string) any {
	var at any = map[string]any(o)
	for _, key := range path {
		m, ok := at.(map[string]any)
		if !ok {
			return nil
		}
		at = m[key]
	}
	return at
}

// Text returns the text at a path, "" when there is none.
func (o Object) Text(path ...string) string {
	s, _ := o.At(path...).(string)
	return s
}

// Int returns the whole number at a path, 0 when there is none.
func (o Object) Int(path ...string) int {
	switch n := o.At(path...).(type) {
	case json.Number:
		i, _ := n.Int64()
		return int(i)
	case int:
		return n
	case float64:
		return int(n)
	}
	return 0
}

// List returns the objects in the list at a path.
func (o Object) List(path ...string) []Object {
	items, _ := o.At(path...).([]any)
	var list []Object
	for _, item := range items {
		if m, ok := item.(map[string]any); ok {
			list = append(list, Object(m))
		}
	}
	return list
}

// Set puts a value at a path, and makes the maps on the way.
func (o Object) Set(value any, path ...string) {
	m := map[string]any(o)
	for _, key := range path[:len(path)-1] {
		next, ok := m[key].(map[string]any)
		if !ok {
			next = map[string]any{}
			m[key] = next
		}
		m = next
	}
	m[path[len(path)-1]] = value
}

// Remove takes away what stands at a path, and the map round it when nothing else is in it.
func (o Object) Remove(path ...string) {
	parent, ok := o.At(path[:len(path)-1]...).(map[string]any)
	if !ok {
		return
	}
	delete(parent, path[len(path)-1])
	if len(parent) == 0 && len(path) > 1 {
		o.Remove(path[:len(path)-1]...)
	}
}

// Clone returns a copy that shares nothing.
func (o Object) Clone() Object {
	if o == nil {
		return nil
	}
	return Object(clone(map[string]any(o)).(map[string]any))
}

func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for key, value := range v {
			m[key] = clone(value)
		}
		return m
	case []any:
		s := make([]any, len(v))
		for i, value := range v {
			s[i] = clone(value)
		}
		return s
	}
	return v
}

// Kind is the kind of the object.
func (o Object) Kind() string { return o.Text("kind") }

// Name is the name of the object.
func (o Object) Name() string { return o.Text("metadata", "name") }

// Namespace is the namespace that the object names.
func (o Object) Namespace() string { return o.Text("metadata", "namespace") }

// UID tells the object from an earlier one of its name.
func (o Object) UID() string { return o.Text("metadata", "uid") }

// String names the object: "CronJob car-office".
func (o Object) String() string { return o.Kind() + " " + o.Name() }

// Resource is a kind of object that the cluster has.
type Resource struct {
	// Kind is that of its objects; Name that of the resource in paths, such as cronjobs.
	Kind, Name string
	// Namespaced tells whether its objects are in namespaces.
	Namespaced bool
	group      string // "api/v1" or "apis/GROUP/VERSION"
}

// Path is the path of an object, or, without a name, of all.
func (r Resource) Path(namespace, name string) string {
	path := "/" + r.group
	if r.Namespaced && namespace != "" {
		path += "/namespaces/" + namespace
	}
	path += "/" + r.Name
	if name != "" {
		path += "/" + name
	}
	return path
}

// groupOf is the path of an apiVersion.
func groupOf(apiVersion string) string {
	if strings.Contains(apiVersion, "/") {
		return "apis/" + apiVersion
	}
	return "api/" + apiVersion
}

// unknownKind says that a cluster does not have a kind.
func unknownKind(apiVersion, kind string) (message, hint string) {
	message = fmt.Sprintf("the cluster does not know the kind %s of %s", kind, apiVersion)
	if group, _, ok := strings.Cut(apiVersion, "/"); ok && strings.Contains(group, ".") {
		return message, "install what defines it (its custom resource definition), or deploy to another cluster with -context"
	}
	return message, "check apiVersion and kind"
}
