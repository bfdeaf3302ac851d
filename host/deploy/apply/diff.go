package apply

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"carjs/host/deploy/cluster"
)

// Change is one difference between two objects.
type Change struct {
	// Path is where: spec.containers[connector].image.
	Path string
	// Old and New are the values as JSON, "" for none. Those of Secrets are not in it.
	Old, New string
}

// serverFields are the paths that the cluster writes, and those that say only who wrote what.
var serverFields = [][]string{
	{"metadata", "managedFields"}, {"metadata", "resourceVersion"}, {"metadata", "generation"}, {"metadata", "uid"},
	{"metadata", "creationTimestamp"}, {"metadata", "selfLink"}, {"status"},
	{"metadata", "annotations", Annotation}, {"metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"},
}

// bare is an object without what the cluster writes.
func bare(o cluster.Object) map[string]any {
	o = o.Clone()
	for _, path := range serverFields {
		o.Remove(path...)
	}
	return o
}

// difference compares two objects, the first of which may be nil.
func difference(before, after cluster.Object) []Change {
	d := differ{secret: isSecret(after)}
	d.compare("", bare(before), bare(after))
	return d.changes
}

type differ struct {
	secret  bool
	changes []Change
}

func (d *differ) compare(path string, before, after any) {
	a, aMap := before.(map[string]any)
	b, bMap := after.(map[string]any)
	if (aMap || before == nil) && (bMap || after == nil) && (len(a) > 0 || len(b) > 0) {
		for _, key := range sortedKeys(a, b) {
			at := key
			if strings.ContainsAny(key, "./ ") {
				at = "[" + key + "]"
			} else if path != "" {
				at = "." + key
			}
			d.compare(path+at, a[key], b[key])
		}
		return
	}
	x, xList := before.([]any)
	y, yList := after.([]any)
	if (xList || before == nil) && (yList || after == nil) && (len(x) > 0 || len(y) > 0) {
		d.lists(path, x, y)
		return
	}
	was, is := d.shown(path, before), d.shown(path, after)
	if written(before) != written(after) {
		d.changes = append(d.changes, Change{Path: path, Old: was, New: is})
	}
}

// lists compares lists by the keys of their items where they have some, else by their places.
func (d *differ) lists(path string, before, after []any) {
	key := keyOf(before, after)
	name := func(i int, item any) string {
		if key == "" {
			return fmt.Sprint(i)
		}
		return fmt.Sprint(item.(map[string]any)[key])
	}
	old := map[string]any{}
	for i, item := range before {
		old[name(i, item)] = item
	}
	have := map[string]bool{}
	for i, item := range after {
		n := name(i, item)
		have[n] = true
		d.compare(fmt.Sprintf("%s[%s]", path, n), old[n], item)
	}
	for i, item := range before {
		if n := name(i, item); !have[n] {
			d.compare(fmt.Sprintf("%s[%s]", path, n), item, nil)
		}
	}
}

// keyOf is what tells the items of two lists apart: each has it, and no two of a list share a
// value. Without one it is "".
func keyOf(lists ...[]any) string {
	tells := func(key string) bool {
		for _, list := range lists {
			seen := map[string]bool{}
			for _, item := range list {
				m, ok := item.(map[string]any)
				value := written(m[key])
				if !ok || m[key] == nil || seen[value] {
					return false
				}
				seen[value] = true
			}
		}
		return true
	}
	for _, key := range []string{"name", "mountPath", "containerPort", "type"} {
		if tells(key) {
			return key
		}
	}
	return ""
}

func sortedKeys(a, b map[string]any) []string {
	all := map[string]bool{}
	for key := range a {
		all[key] = true
	}
	for key := range b {
		all[key] = true
	}
	return slices.Sorted(maps.Keys(all))
}

// shown is a value as the difference shows it: nothing of what a Secret holds.
func (d *differ) shown(path string, v any) string {
	if v != nil && d.secret && (strings.HasPrefix(path, "data") || strings.HasPrefix(path, "stringData")) {
		return "(not shown)"
	}
	return written(v)
}

func written(v any) string {
	if v == nil {
		return ""
	}
	data, _ := json.Marshal(v) // it came from JSON
	return string(data)
}

// Format is a change in lines for people.
func (c Change) Format() string {
	switch {
	case c.Old == "":
		return fmt.Sprintf("+ %s: %s", c.Path, c.New)
	case c.New == "":
		return fmt.Sprintf("- %s: %s", c.Path, c.Old)
	}
	return fmt.Sprintf("- %s: %s\n+ %s: %s", c.Path, c.Old, c.Path, c.New)
}
