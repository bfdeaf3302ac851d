package console

import (
	"fmt"
	"strconv"

	"github.com/dop251/goja"
)

// array shows the items and then what else the array carries.
func (in *inspector) array(object *goja.Object, class string) string {
	length := int(object.Get("length").ToInteger())
	prefix := ""
	if class != "Array" {
		prefix = fmt.Sprintf("%s(%d) ", class, length)
	}
	return prefix + braces(in.items(object, length), "[", "]")
}

func (in *inspector) typedArray(object *goja.Object, class string) string {
	length := int(object.Get("length").ToInteger())
	return fmt.Sprintf("%s(%d) ", class, length) + braces(in.items(object, length), "[", "]")
}

func (in *inspector) items(object *goja.Object, length int) []string {
	parts := make([]string, 0, min(length, maxItems)+1)
	empty := 0
	flush := func() {
		if empty > 0 {
			parts = append(parts, fmt.Sprintf("<%d empty item%s>", empty, plural(empty)))
			empty = 0
		}
	}
	for i := range min(length, maxItems) {
		item := object.Get(strconv.Itoa(i))
		if item == nil {
			empty++
			continue
		}
		flush()
		parts = append(parts, in.value(item))
	}
	flush()
	return more(parts, length)
}

// more says how many were left out.
func more(parts []string, length int) []string {
	if rest := length - maxItems; rest > 0 {
		parts = append(parts, fmt.Sprintf("... %d more item%s", rest, plural(rest)))
	}
	return parts
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// collection shows a Map or a Set.
func (in *inspector) collection(object *goja.Object, class string, isMap bool) string {
	size := int(object.Get("size").ToInteger())
	var parts []string
	in.c.rt.VM().ForOf(object, func(item goja.Value) bool {
		if pair, ok := item.(*goja.Object); ok && isMap {
			parts = append(parts, in.value(pair.Get("0"))+" => "+in.value(pair.Get("1")))
		} else {
			parts = append(parts, in.value(item))
		}
		return len(parts) < maxItems
	})
	return fmt.Sprintf("%s(%d) ", class, size) + braces(more(parts, size), "{", "}")
}
