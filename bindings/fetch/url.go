package fetch

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"carjs/bindings/web"
)

// ParseURL parses an absolute http or https URL. What is escaped in its path and query stays as it
// is written, and what must be is escaped. Its errors show no part of a URL that could be secret.
func ParseURL(text string) (*url.URL, error) {
	u, err := url.Parse(escapePath(text))
	switch {
	case err != nil:
		// The parser's error quotes the text, which may hold a password.
		return nil, errors.New("the URL cannot be parsed")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("%s is not an http or https URL", SafeURL(u))
	case u.Hostname() == "":
		return nil, errors.New("the URL names no host")
	}
	u.Fragment, u.RawFragment = "", ""
	u.RawQuery = web.EscapeQuery(u.RawQuery)
	return u, nil
}

// ResolveURL is [ParseURL] for a URL that may be relative to another.
func ResolveURL(base *url.URL, text string) (*url.URL, error) {
	reference, err := url.Parse(escapePath(text))
	if err != nil {
		return nil, errors.New("the URL cannot be parsed")
	}
	return ParseURL(base.ResolveReference(reference).String())
}

// escapePath escapes in the path of a URL, or of a reference to one, what cannot stand there.
// Package url would do so as well, but it writes the whole path anew then, and with it %2F as a
// slash.
func escapePath(text string) string {
	end := strings.IndexAny(text, "?#")
	if end < 0 {
		end = len(text)
	}
	start := pathStart(text[:end])
	odd := func(c byte) bool {
		return c == ' ' || c > 0x7f || strings.IndexByte("\"<>\\^`{|}", c) >= 0
	}
	var b strings.Builder
	from := start
	for i := start; i < end; i++ {
		if odd(text[i]) {
			b.WriteString(text[from:i])
			fmt.Fprintf(&b, "%%%02X", text[i])
			from = i + 1
		}
	}
	if from == start && b.Len() == 0 {
		return text
	}
	return text[:start] + b.String() + text[from:]
}

// pathStart is where the path begins in a URL without a query, or in a reference to one.
func pathStart(text string) int {
	scheme, _, found := strings.Cut(text, "://")
	start := 0
	switch {
	case found && !strings.Contains(scheme, "/"):
		start = len(scheme) + len("://")
	case strings.HasPrefix(text, "//"):
		start = len("//")
	default:
		return 0
	}
	if slash := strings.IndexByte(text[start:], '/'); slash >= 0 {
		return start + slash
	}
	return len(text)
}

// SafeURL is a URL as messages show it: without user and password, and of the query only the names,
// because API keys and tokens stand in the values.
func SafeURL(u *url.URL) string {
	safe := *u
	safe.User, safe.RawQuery, safe.Fragment, safe.RawFragment, safe.ForceQuery = nil, "", "", "", false
	text := safe.String()
	if u.RawQuery == "" {
		return text
	}
	names := make([]string, 0, 4)
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		name, _, hasValue := strings.Cut(pair, "=")
		if hasValue {
			name += "=…"
		}
		names = append(names, name)
	}
	return text + "?" + strings.Join(names, "&")
}
