package xml

import (
	"bytes"
	"encoding/xml"
	"strings"
	"unicode/utf8"

	"carjs/bindings/args"

	"github.com/dop251/goja"
)

// declaration is what the option of the name puts in front.
const declaration = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

// stringify is stringify(document, options?).
func stringify(c *args.Call) goja.Value {
	document := c.Arg(0, "the document").Object()
	names := document.Keys()
	if len(names) != 1 {
		c.Misuse("the document must have one property, the root element, not %d", len(names))
	}
	w := writer{call: c}
	if c.Options(1, "declaration").Get("declaration").BoolOr(false) {
		w.out.WriteString(declaration)
	}
	root := document.Get(names[0])
	if args.IsArray(root) || args.Absent(root) || strings.HasPrefix(names[0], attributeMark) || names[0] == textName {
		c.Misuse("the property %q of the document cannot be the root element", names[0])
	}
	w.element(names[0], root)
	return c.VM().ToValue(w.out.String())
}

// writer writes objects as elements.
type writer struct {
	call *args.Call
	out  bytes.Buffer
	path []string // of the element being written, for messages
}

// misuse throws with the way to where the fault is.
func (w *writer) misuse(format string, args ...any) {
	w.call.Misuse("in "+strings.ReplaceAll(strings.Join(w.path, "/"), "%", "%%")+": "+format, args...)
}

// element writes a value as an element: several for an array, none for undefined.
func (w *writer) element(name string, v goja.Value) {
	if v == nil || goja.IsUndefined(v) {
		return
	}
	if args.IsArray(v) {
		args.Each(v.(*goja.Object), func(item goja.Value) {
			if args.IsArray(item) {
				w.misuse("%q is an array of arrays, which XML cannot represent", name)
			}
			w.element(name, item)
		})
		return
	}
	if len(w.path) == maxDepth {
		w.misuse("objects nest too deeply, or in a circle")
	}
	w.path = append(w.path, name)
	if !isName(name) {
		w.misuse("%q is not a valid element name", name)
	}
	w.out.WriteString("<" + name)
	if w.content(v) {
		w.out.WriteString("</" + name + ">")
	} else {
		w.out.WriteString("/>")
	}
	w.path = w.path[:len(w.path)-1]
}

// content writes the attributes of an element, and what is inside after a ">". It is false when
// there is nothing inside.
func (w *writer) content(v goja.Value) bool {
	if !args.IsRecord(v) {
		text := w.scalar(v)
		if text != "" {
			w.out.WriteByte('>')
			w.escape(text)
		}
		return text != ""
	}
	object := v.(*goja.Object)
	names := object.Keys()
	for _, name := range names {
		if attribute, ok := strings.CutPrefix(name, attributeMark); ok {
			w.attribute(attribute, object.Get(name))
		}
	}
	inside := w.out.Len()
	w.out.WriteByte('>')
	for _, name := range names {
		switch {
		case strings.HasPrefix(name, attributeMark):
		case name == textName:
			w.escape(w.scalar(object.Get(name)))
		default:
			w.element(name, object.Get(name))
		}
	}
	if w.out.Len() == inside+1 {
		w.out.Truncate(inside)
		return false
	}
	return true
}

func (w *writer) attribute(name string, v goja.Value) {
	if args.Absent(v) {
		return
	}
	if !isName(name) {
		w.misuse("%q is not a valid attribute name", name)
	}
	w.out.WriteString(" " + name + `="`)
	w.escape(w.scalar(v))
	w.out.WriteByte('"')
}

// scalar returns the text of a value without properties; null and undefined are the empty text.
func (w *writer) scalar(v goja.Value) string {
	if args.Absent(v) {
		return ""
	}
	text, ok := args.Scalar(v)
	if !ok {
		w.misuse("must be a text, number, boolean or valid date, not %s", args.Describe(v))
	}
	return text
}

// escape writes a text. Characters that XML has no way to write are refused rather than replaced.
func (w *writer) escape(text string) {
	for _, r := range text {
		if r < 0x20 && !strings.ContainsRune(space, r) || r == 0xFFFE || r == 0xFFFF {
			w.misuse("XML does not allow the character %U", r)
		}
	}
	if err := xml.EscapeText(&w.out, []byte(text)); err != nil {
		w.call.Rethrow(err) // a buffer takes everything
	}
}

// isName tells whether a text is a name with at most one prefix.
func isName(text string) bool {
	prefix, local, prefixed := strings.Cut(text, ":")
	if !prefixed {
		return isPart(prefix)
	}
	return isPart(prefix) && isPart(local)
}

// isPart tells whether a text is a name without a colon, by the ranges of XML 1.0, fifth edition,
// section 2.3.
func isPart(text string) bool {
	for i, r := range text {
		if !startsName(r) && (i == 0 || !continuesName(r)) {
			return false
		}
	}
	return text != "" && utf8.ValidString(text)
}

func startsName(r rune) bool {
	switch {
	case r < 0x80:
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_'
	case r == 0xD7 || r == 0xF7 || r == 0x37E || r == 0xFFFE || r == 0xFFFF:
		return false
	}
	return r >= 0xC0 && r <= 0x2FF || r >= 0x370 && r <= 0x1FFF || r == 0x200C || r == 0x200D || r >= 0x2070 && r <= 0x218F ||
		r >= 0x2C00 && r <= 0x2FEF || r >= 0x3001 && r <= 0xD7FF || r >= 0xF900 && r <= 0xFDCF || r >= 0xFDF0 && r <= 0xEFFFF
}

func continuesName(r rune) bool {
	return r == '-' || r == '.' || r >= '0' && r <= '9' || r == 0xB7 || r >= 0x300 && r <= 0x36F || r == 0x203F || r == 0x2040
}
