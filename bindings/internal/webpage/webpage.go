// Package webpage recognizes pages for people: what a data source, or a proxy before it, sends in
// the place of data, mostly with status 200. It looks at the beginning of a text only and parses
// nothing.
package webpage

import (
	"bytes"
	"fmt"
	"html"
	"strings"
	"unicode"

	"carjs/host/lazyregexp"
)

// Page is what is known of a page for people.
type Page struct {
	// Title is the page's title, or the beginning of its text when it has none, in one line and at
	// most 80 characters.
	Title string
	// Login tells that the page asks for a password.
	Login bool
}

// String describes the page: `an HTML login page ("Sign in")`.
func (p Page) String() string {
	text := "an HTML page"
	if p.Login {
		text = "an HTML login page"
	}
	if p.Title != "" {
		text += fmt.Sprintf(" (%q)", p.Title)
	}
	return text
}

const (
	maxLooked = 64 << 10 // how much of a text is looked at
	maxTitle  = 80
)

var (
	// beginning is that of a page: comments and an XML declaration may come first. A fragment that
	// begins with another element may be XML.
	beginning = lazyregexp.New(`(?is)^\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html)[\s>/]`)
	title     = lazyregexp.New(`(?is)<title[^>]*>(.*?)</title`)
	markup    = lazyregexp.New(`(?is)<!--.*?-->|<script.*?</script>|<style.*?</style>|<[^>]*>`)
	password  = lazyregexp.New(`(?i)<input[^>]*\stype\s*=\s*["']?password\b`)
)

// Of tells whether a text, in UTF-8, is a page for people.
func Of(text []byte) (Page, bool) {
	text = text[:min(len(text), maxLooked)]
	// Almost everything that is asked is no page, and is told by its first character.
	start := bytes.TrimLeft(bytes.TrimPrefix(text, []byte("\ufeff")), " \t\r\n")
	if len(start) == 0 || start[0] != '<' || !beginning().Match(start) {
		return Page{}, false
	}
	page := Page{Login: password().Match(start)}
	if match := title().FindSubmatch(start); match != nil {
		page.Title = shortened(match[1])
	}
	if page.Title == "" {
		page.Title = shortened(markup().ReplaceAll(start, []byte(" ")))
	}
	return page, true
}

// shortened is text of a page in one line that is not too long.
func shortened(part []byte) string {
	text := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, html.UnescapeString(strings.ToValidUTF8(string(part), "\ufffd")))
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > maxTitle {
		runes = append(runes[:maxTitle-1], '…')
	}
	return string(runes)
}
