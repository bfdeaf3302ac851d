package web

import (
	"strconv"
	"strings"
)

// A parser of URLs by the URL standard, whose class the platform has: net/url keeps what that
// normalizes, refuses what that takes, and the other way round. Left out of the standard are IPv4
// addresses in hexadecimal, octal or short form and Windows drives, which are faults here.

// urlRecord is a URL in the standard's parts, each as it stands in a URL.
type urlRecord struct {
	scheme, username, password, host, port, path string
	query, fragment                              string // with their ? and #, "" for none
	hasHost                                      bool
	opaque                                       bool // the path is no hierarchy, as in "mailto:a@b"
}

// specialPorts are the schemes of which a host is a part, with their ports.
var specialPorts = map[string]string{"http": "80", "https": "443", "ws": "80", "wss": "443", "ftp": "21", "file": ""}

func (u *urlRecord) special() bool { _, ok := specialPorts[u.scheme]; return ok }

// parseURL parses a text, relative to base unless that is nil.
func parseURL(text string, base *urlRecord) (*urlRecord, bool) {
	text = strings.TrimFunc(strings.ToValidUTF8(text, "\ufffd"), func(r rune) bool { return r <= ' ' })
	text = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(text)
	u := &urlRecord{}
	text, fragment, hasFragment := strings.Cut(text, "#")
	if hasFragment {
		u.fragment = prefixed('#', fragment, fragmentSet)
	}
	scheme, rest, hasScheme := cutScheme(text)
	// "https:x" below an https URL is relative, a relic.
	if hasScheme && base != nil && scheme == base.scheme && base.special() &&
		!strings.HasPrefix(rest, "/") && !strings.HasPrefix(rest, `\`) {
		hasScheme, text = false, rest
	}
	if !hasScheme {
		return u, base != nil && u.relative(text, base)
	}
	u.scheme = scheme
	if u.special() {
		rest = slashes(rest)
		if u.scheme != "file" {
			return u, u.authority(strings.TrimLeft(rest, "/"))
		}
		if after, ok := strings.CutPrefix(rest, "//"); ok {
			return u, u.authority(after)
		}
		u.hasHost = true
		u.setPath(rest)
		return u, true
	}
	switch {
	case strings.HasPrefix(rest, "//"):
		return u, u.authority(rest[2:])
	case strings.HasPrefix(rest, "/"):
		u.setPath(rest)
	default:
		path, query, hasQuery := strings.Cut(rest, "?")
		u.opaque, u.path = true, percentEncode(path, controlSet)
		if hasQuery {
			u.query = prefixed('?', query, querySet)
		}
	}
	return u, true
}

// slashes makes slashes of the backslashes before a query.
func slashes(text string) string {
	path, query, hasQuery := strings.Cut(text, "?")
	path = strings.ReplaceAll(path, `\`, "/")
	if hasQuery {
		return path + "?" + query
	}
	return path
}

func cutScheme(text string) (scheme, rest string, ok bool) {
	i := strings.IndexByte(text, ':')
	if i <= 0 {
		return "", text, false
	}
	scheme = strings.ToLower(text[:i])
	for j := range len(scheme) {
		c := scheme[j]
		if c >= 'a' && c <= 'z' || j > 0 && (c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.') {
			continue
		}
		return "", text, false
	}
	return scheme, text[i+1:], true
}

// relative parses what has no scheme.
func (u *urlRecord) relative(text string, base *urlRecord) bool {
	if base.opaque {
		if text != "" {
			return false
		}
		fragment := u.fragment
		*u = *base
		u.fragment = fragment
		return true
	}
	u.scheme = base.scheme
	if u.special() {
		text = slashes(text)
	}
	if after, ok := strings.CutPrefix(text, "//"); ok {
		return u.authority(after)
	}
	u.username, u.password, u.host, u.port, u.hasHost = base.username, base.password, base.host, base.port, base.hasHost
	switch {
	case text == "":
		u.path, u.query = base.path, base.query
	case text[0] == '?':
		u.path = base.path
		u.setQuery(text)
	case text[0] == '/':
		u.setPath(text)
	default:
		u.setPath(base.path[:strings.LastIndexByte(base.path, '/')+1] + text)
	}
	return true
}

// authority parses what follows the two slashes.
func (u *urlRecord) authority(text string) bool {
	end := strings.IndexAny(text, "/?")
	if end < 0 {
		end = len(text)
	}
	authority, rest := text[:end], text[end:]
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		user, password, _ := strings.Cut(authority[:at], ":")
		u.username, u.password = percentEncode(user, userSet), percentEncode(password, userSet)
		if authority = authority[at+1:]; authority == "" {
			return false
		}
	}
	if !u.setHost(authority) {
		return false
	}
	u.setPath(rest)
	return true
}

// setHost takes a host with or without a port.
func (u *urlRecord) setHost(text string) bool {
	host, port := text, ""
	if i := strings.LastIndexByte(text, ':'); i >= 0 && !strings.HasSuffix(text, "]") {
		host, port = text[:i], text[i+1:]
	}
	if host == "" && (u.special() && u.scheme != "file" || port != "") {
		return false
	}
	parsed, ok := parseHost(host, u.special())
	if !ok || !u.setPort(port) {
		return false
	}
	u.host, u.hasHost = parsed, true
	return true
}

func (u *urlRecord) setPort(text string) bool {
	if text == "" {
		u.port = ""
		return true
	}
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return false
		}
	}
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil || u.scheme == "file" {
		return false
	}
	if u.port = strconv.FormatUint(n, 10); u.port == specialPorts[u.scheme] {
		u.port = ""
	}
	return true
}

// setPath takes a path with or without a query.
func (u *urlRecord) setPath(text string) {
	path, query, hasQuery := strings.Cut(text, "?")
	u.path = u.normalPath(path)
	if hasQuery {
		u.setQuery("?" + query)
	}
}

// normalPath resolves dots and encodes.
func (u *urlRecord) normalPath(path string) string {
	if path == "" && !u.special() {
		return ""
	}
	if u.special() {
		path = strings.ReplaceAll(path, `\`, "/")
	}
	var segments []string
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, part := range parts {
		last := i == len(parts)-1
		switch strings.ReplaceAll(strings.ToLower(part), "%2e", ".") {
		case ".":
			if last {
				segments = append(segments, "")
			}
		case "..":
			segments = segments[:max(len(segments)-1, 0)]
			if last {
				segments = append(segments, "")
			}
		default:
			segments = append(segments, percentEncode(part, pathSet))
		}
	}
	return "/" + strings.Join(segments, "/")
}

// setQuery takes a query with its question mark.
func (u *urlRecord) setQuery(text string) {
	set := querySet
	if u.special() {
		set += "'"
	}
	u.query = prefixed('?', text[1:], set)
}
