package script

import (
	"strconv"
	"strings"

	"github.com/dop251/goja"
)

func itoa(n int) string { return strconv.Itoa(n) }

// replacement is what matches are replaced with: what a function returns, or a text.
type replacement struct {
	call goja.Callable
	text goja.String
	// plain tells that the text has nothing that stands for anything else.
	plain bool
}

func (r *regexps) replacement(v goja.Value) replacement {
	if callable, ok := goja.AssertFunction(v); ok {
		return replacement{call: callable}
	}
	text := r.rt.toString(v)
	return replacement{text: text, plain: !strings.Contains(text.String(), "$")}
}

// replaced is one match.
type replaced struct {
	matched  goja.String
	position int
	groups   []goja.Value // without the whole match
	named    goja.Value
}

// replace is re[Symbol.replace](text, replacement).
func (r *regexps) replace(call goja.FunctionCall) goja.Value {
	object := r.object(call.This, "[Symbol.replace]")
	s := r.rt.toString(call.Argument(0))
	with := r.replacement(call.Argument(1))
	if x := r.plain(object); x != nil {
		return r.replacePlain(x, object, s, with)
	}
	flags := r.rt.toString(property(object, "flags")).String()
	var results []*goja.Object
	if strings.Contains(flags, "g") {
		r.each(object, s, flags, func(result *goja.Object) { results = append(results, result) })
	} else if result, ok := r.executed(object, s).(*goja.Object); ok {
		results = append(results, result)
	}
	var b goja.StringBuilder
	next := 0
	for _, result := range results {
		one := r.readResult(result, s)
		text := r.substituted(with, s, one)
		if one.position >= next {
			b.WriteSubstring(s, next, one.position)
			b.WriteString(text)
			next = one.position + one.matched.Length()
		}
	}
	if next < s.Length() {
		b.WriteSubstring(s, next, s.Length())
	}
	return b.String()
}

// readResult reads what exec returned.
func (r *regexps) readResult(result *goja.Object, s goja.String) replaced {
	count := max(length(result)-1, 0)
	one := replaced{matched: r.rt.toString(index(result, 0))}
	one.position = min(clampToInt(property(result, "index").ToInteger()), s.Length())
	for i := range count {
		group := index(result, i+1)
		if !goja.IsUndefined(group) {
			group = r.rt.toString(group)
		}
		one.groups = append(one.groups, group)
	}
	one.named = property(result, "groups")
	return one
}

func (r *regexps) replacePlain(x *expression, object *goja.Object, s goja.String, with replacement) goja.Value {
	text := textOf(s)
	step := 2 * x.program.Groups()
	var found []int32
	if x.program.Flags.Global {
		r.setLastIndex(object, 0)
		found = r.all(x, text)
	} else if found = r.matched(x, object, text); with.call != nil {
		found = append([]int32(nil), found...) // the function may match as well
	}
	if len(found) == 0 {
		return s
	}
	var b goja.StringBuilder
	next := 0
	for ; len(found) > 0; found = found[step:] {
		start, end := int(found[0]), int(found[1])
		b.WriteSubstring(s, next, start)
		next = end
		if with.plain {
			b.WriteString(with.text)
			continue
		}
		values := captured(s, found[:step])
		one := replaced{matched: values[0].(goja.String), position: start, named: r.groups(x, values)}
		for _, value := range values[1:] {
			one.groups = append(one.groups, value.(goja.Value))
		}
		b.WriteString(r.substituted(with, s, one))
	}
	if next < s.Length() {
		b.WriteSubstring(s, next, s.Length())
	}
	return b.String()
}

// substituted is what takes the place of a match.
func (r *regexps) substituted(with replacement, s goja.String, one replaced) goja.String {
	if with.call == nil {
		named := one.named
		if !goja.IsUndefined(named) {
			named = named.ToObject(r.rt.vm)
		}
		if with.plain {
			return with.text
		}
		return r.expanded(with.text, s, one, named)
	}
	args := make([]goja.Value, 0, len(one.groups)+4)
	args = append(append(args, one.matched), one.groups...)
	args = append(args, r.rt.vm.ToValue(one.position), s)
	if !goja.IsUndefined(one.named) {
		args = append(args, one.named)
	}
	made, err := with.call(goja.Undefined(), args...)
	if err != nil {
		panic(err) // the script's own
	}
	return r.rt.toString(made)
}

// expanded puts in what $1, $&, $<name> and the like stand for.
func (r *regexps) expanded(text, s goja.String, one replaced, named goja.Value) goja.String {
	var b goja.StringBuilder
	n := text.Length()
	write := func(v goja.Value) {
		if v != nil && !goja.IsUndefined(v) {
			b.WriteString(r.rt.toString(v))
		}
	}
	for i := 0; i < n; {
		if text.CharAt(i) != '$' || i+1 == n {
			start := i
			for i++; i < n && text.CharAt(i) != '$'; i++ {
			}
			b.WriteSubstring(text, start, i)
			continue
		}
		behind := min(one.position+one.matched.Length(), s.Length())
		switch c := text.CharAt(i + 1); {
		case c == '$':
			b.WriteRune('$')
			i += 2
		case c == '&':
			b.WriteString(one.matched)
			i += 2
		case c == '`':
			b.WriteSubstring(s, 0, one.position)
			i += 2
		case c == '\'':
			b.WriteSubstring(s, behind, s.Length())
			i += 2
		case c >= '0' && c <= '9':
			group, width := numbered(text, i, len(one.groups))
			if group == 0 {
				b.WriteSubstring(text, i, i+width)
			} else {
				write(one.groups[group-1])
			}
			i += width
		case c == '<' && !goja.IsUndefined(named):
			end := i + 2
			for end < n && text.CharAt(end) != '>' {
				end++
			}
			if end == n {
				b.WriteSubstring(text, i, i+2)
				i += 2
				continue
			}
			write(named.(*goja.Object).Get(text.Substring(i+2, end).String()))
			i = end + 1
		default:
			b.WriteRune('$')
			i++
		}
	}
	return b.String()
}

// numbered reads $1 or $12: the number of the group, 0 when there is none, and how long it is.
func numbered(text goja.String, i, groups int) (group, width int) {
	digit := func(at int) int {
		if at < text.Length() {
			if c := text.CharAt(at); c >= '0' && c <= '9' {
				return int(c - '0')
			}
		}
		return -1
	}
	one, two := digit(i+1), digit(i+2)
	if two >= 0 {
		if n := 10*one + two; n >= 1 && n <= groups {
			return n, 3
		}
	}
	if one >= 1 && one <= groups {
		return one, 2
	}
	return 0, 2
}
