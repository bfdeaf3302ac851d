package xml

import (
	"bytes"
	"strings"

	"carjs/bindings/args"
	"carjs/bindings/internal/charset"
	"carjs/bindings/internal/webpage"
)

// options are those of parse and records.
type options struct {
	arrays []path
	strip  bool
	trim   bool
	html   bool
	// replace has U+FFFD put in the place of invalid bytes.
	replace bool
}

func readOptions(c *args.Call, i int) options {
	given := c.Options(i, "arrays", "prefixes", "trim", "html", "invalidBytes")
	o := options{trim: given.Get("trim").BoolOr(true), html: given.Get("html").BoolOr(false)}
	o.strip = given.Get("prefixes").OneOf("keep", "strip") == "strip"
	o.replace = given.Get("invalidBytes").OneOf("fail", "replace") == "replace"
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

// source reads the first argument: a text, which says nothing of its encoding any more, or bytes,
// which do.
func source(c *args.Call, o options) []byte {
	given := c.Arg(0, "XML")
	text := given.Data()
	if given.IsText() {
		text = bytes.TrimPrefix(text, []byte("\ufeff"))
	} else {
		var err error
		if text, err = (charset.Source{Replace: o.replace}).Decode(text); err != nil {
			c.Malformed(err, "%s", charset.Explain("the document", err))
		}
	}
	// Such a page may be well-formed, and has none of the elements that are looked for: it would be
	// taken for a document without any.
	if page, ok := webpage.Of(text); ok && !o.html {
		c.Malformed(nil, "the document is %s and not the XML of a data source", page)
	}
	return text
}
