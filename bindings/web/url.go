package web

import "strings"

// URLs by the URL Standard, whose class the platform has: net/url keeps what that normalizes, refuses
// what that takes, and the other way round. This is the record; the parser is in urlparse.go, hosts
// are in urlhost.go.

// urlRecord is a URL in the standard's parts, each as it stands in a URL.
type urlRecord struct {
	scheme, username, password, host, port string
	hasHost                                bool
	path                                   []string
	// opaque says that the path is no hierarchy, as in "mailto:a@b"; then it is opaquePath.
	opaque          bool
	opaquePath      string
	query, fragment *string // without their ? and #, nil for none
}

// specialPorts are the schemes of which a host is a part, with their ports.
var specialPorts = map[string]string{"http": "80", "https": "443", "ws": "80", "wss": "443", "ftp": "21", "file": ""}

func (u *urlRecord) special() bool { _, ok := specialPorts[u.scheme]; return ok }

// parseURL parses a text, relative to base unless that is nil.
func parseURL(text string, base *urlRecord) (*urlRecord, bool) {
	text = strings.TrimFunc(strings.ToValidUTF8(text, "\ufffd"), func(r rune) bool { return r <= ' ' })
	p := newURLParser(text, base, &urlRecord{}, stateNone)
	return p.u, p.run()
}

// set changes a part of a URL as the setter of that name does.
func (u *urlRecord) set(name, text string) {
	text = strings.ToValidUTF8(text, "\ufffd")
	bare := !u.hasHost || u.host == "" || u.scheme == "file" // has neither credentials nor port
	override := func(text string, state urlState) { newURLParser(text, nil, u, state).run() }
	switch name {
	case "protocol":
		override(text+":", stateSchemeStart)
	case "username", "password":
		if bare {
			return
		}
		if encoded := percentEncode(text, userSet); name == "username" {
			u.username = encoded
		} else {
			u.password = encoded
		}
	case "host", "hostname":
		if !u.opaque {
			override(text, map[string]urlState{"host": stateHost, "hostname": stateHostname}[name])
		}
	case "port":
		if bare {
			return
		}
		if text == "" {
			u.port = ""
		} else {
			override(text, statePort)
		}
	case "pathname":
		if !u.opaque {
			u.path = nil
			override(text, statePathStart)
		}
	case "search", "hash":
		u.setTail(name, text)
	}
}

// setTail sets the query or the fragment. Spaces at the end of a path without hierarchy go with the
// last of them.
func (u *urlRecord) setTail(name, text string) {
	part, mark, state := &u.query, "?", stateQuery
	if name == "hash" {
		part, mark, state = &u.fragment, "#", stateFragment
	}
	if text == "" {
		*part = nil
		u.trimOpaque()
		return
	}
	*part = new(string)
	newURLParser(strings.TrimPrefix(text, mark), nil, u, state).run()
}

func (u *urlRecord) trimOpaque() {
	if u.opaque && u.query == nil && u.fragment == nil {
		u.opaquePath = strings.TrimRight(u.opaquePath, " ")
	}
}

// pathname is the path as it stands in the URL.
func (u *urlRecord) pathname() string {
	if u.opaque {
		return u.opaquePath
	}
	var b strings.Builder
	for _, segment := range u.path {
		b.WriteString("/" + segment)
	}
	return b.String()
}

// hostPort is the host with its port.
func (u *urlRecord) hostPort() string {
	if u.port == "" {
		return u.host
	}
	return u.host + ":" + u.port
}

// href is the URL as a text.
func (u *urlRecord) href() string {
	text := u.scheme + ":"
	if u.hasHost {
		text += "//"
		if u.username != "" || u.password != "" {
			text += u.username
			if u.password != "" {
				text += ":" + u.password
			}
			text += "@"
		}
		text += u.hostPort()
	} else if !u.opaque && len(u.path) > 1 && u.path[0] == "" {
		text += "/."
	}
	text += u.pathname()
	if u.query != nil {
		text += "?" + *u.query
	}
	if u.fragment != nil {
		text += "#" + *u.fragment
	}
	return text
}

// origin is what the standard calls the serialized origin.
func (u *urlRecord) origin() string {
	switch {
	case u.scheme == "blob" && u.opaque:
		if inner, ok := parseURL(u.opaquePath, nil); ok && (inner.scheme == "http" || inner.scheme == "https") {
			return inner.origin()
		}
	case u.special() && u.scheme != "file":
		return u.scheme + "://" + u.hostPort()
	}
	return "null"
}
