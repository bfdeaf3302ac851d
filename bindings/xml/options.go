package xml

import (
	"bytes"
	"strings"

	"carjs/bindings/args"
	"carjs/bindings/internal/charset"
	"carjs/host/lazyregexp"
)

// options are those of parse and records.
type options struct {
	arrays []path
	strip  bool
	trim   bool
}

func readOptions(c *args.Call, i int) options {
	given := c.Options(i, "arrays", "prefixes", "trim")
	o := options{trim: given.Get("trim").BoolOr(true)}
	prefixes := given.Get("prefixes")
	switch text := prefixes.TextOr("keep"); text {
	case "keep":
	case "strip":
		o.strip = true
	default:
		prefixes.Misuse(`must be "keep" or "strip", not %q`, text)
	}
	for _, text := range given.Get("arrays").Texts() {
		o.arrays = append(o.arrays, pathOf(c, text))
	}
	return o
}

// path names elements by the end of the way to them, or by all of it.
type path struct {
	names []string
	whole bool
}

// pathOf reads "host", "hosts/host" or "/report/hosts/host".
func pathOf(c *args.Call, text string) path {
	rest, whole := strings.CutPrefix(text, "/")
	p := path{names: strings.Split(rest, "/"), whole: whole}
	for _, name := range p.names {
		if name == "" {
			c.Misuse(`%q is not a path of elements, such as "host", "hosts/host" or, from the root, "/report/hosts/host"`, text)
		}
	}
	return p
}

// matches tells whether p names the last element of a way from the root.
func (p path) matches(way []string) bool {
	above := len(way) - len(p.names)
	if above < 0 || p.whole && above > 0 {
		return false
	}
	// From the end, where ways differ.
	for i := len(p.names) - 1; i >= 0; i-- {
		if p.names[i] != way[above+i] {
			return false
		}
	}
	return true
}

// declared finds the encoding in the declaration of a text whose first characters are ASCII.
var declared = lazyregexp.New(`^<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']`)

// maxDeclaration bounds where the declaration is looked for.
const maxDeclaration = 1024

// source reads the first argument: a text, which says nothing of its encoding any more, or bytes,
// which do.
func source(c *args.Call) []byte {
	given := c.Arg(0, "XML")
	data := given.Data()
	if given.IsText() {
		return bytes.TrimPrefix(data, []byte("\ufeff"))
	}
	text, err := charset.Decode(data, encodingOf(data))
	if err != nil {
		c.Malformed(err, "%s", err)
	}
	return text
}

// encodingOf is what bytes without a byte order mark are in.
func encodingOf(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("<\x00")):
		return "utf-16le"
	case bytes.HasPrefix(data, []byte("\x00<")):
		return "utf-16be"
	}
	if match := declared().FindSubmatch(data[:min(len(data), maxDeclaration)]); match != nil {
		return string(match[1])
	}
	return "utf-8"
}
