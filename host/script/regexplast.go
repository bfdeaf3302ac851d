package script

import (
	"carjs/host/script/internal/patterns"

	"github.com/dop251/goja"
)

// lastMatch is the last match of a runtime, which scripts see as RegExp.$1 and its kin: older
// packages read them, and would not notice that they are missing.
type lastMatch struct {
	text patterns.Text
	// found are the places of the match and of its groups.
	found []int32
}

func (l *lastMatch) note(text patterns.Text, found []int32) {
	l.text, l.found = text, append(l.found[:0], found...)
}

// group is the text of a group, empty for one that matched nothing.
func (l *lastMatch) group(n int) goja.Value {
	if 2*n+1 >= len(l.found) || l.found[2*n] < 0 {
		return goja.StringFromUTF16(nil)
	}
	return l.part(int(l.found[2*n]), int(l.found[2*n+1]))
}

func (l *lastMatch) part(from, to int) goja.Value {
	if l.text.ASCII != nil {
		units := make([]uint16, 0, to-from)
		for _, c := range l.text.ASCII[from:to] {
			units = append(units, uint16(c))
		}
		return goja.StringFromUTF16(units)
	}
	return goja.StringFromUTF16(l.text.Units[from:to])
}

// property is a property of RegExp that tells of the last match, nil for one that does not.
func (l *lastMatch) property(name string) goja.Value {
	from, to := 0, 0
	if len(l.found) > 1 {
		from, to = int(l.found[0]), int(l.found[1])
	}
	switch name {
	case "input", "$_":
		return l.part(0, l.text.Length())
	case "lastMatch", "$&":
		return l.group(0)
	case "lastParen", "$+":
		if len(l.found) <= 2 {
			return l.part(0, 0)
		}
		return l.group(len(l.found)/2 - 1)
	case "leftContext", "$`":
		return l.part(0, from)
	case "rightContext", "$'":
		return l.part(to, l.text.Length())
	}
	if len(name) == 2 && name[0] == '$' && name[1] >= '1' && name[1] <= '9' {
		return l.group(int(name[1] - '0'))
	}
	return nil
}

// property is RegExp[name].
func (r *regexps) property(own *goja.Object, name string, _ goja.Value) goja.Value {
	if value := own.Get(name); value != nil {
		return value
	}
	if value := r.last.property(name); value != nil {
		return value
	}
	return goja.Undefined()
}
