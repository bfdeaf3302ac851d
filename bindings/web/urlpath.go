package web

import (
	"slices"
	"strings"
)

// The states of the parser for URLs of files, and for paths.

// drive tells whether a text is the letter of a drive of Windows, as in "C:" or "C|".
func drive(text string) bool {
	return len(text) == 2 && letter(rune(text[0])) && (text[1] == ':' || text[1] == '|')
}

// startsWithDrive tells whether what is left of the input begins with one.
func (p *urlParser) startsWithDrive() bool {
	left := p.input[min(p.at, len(p.input)):]
	return len(left) >= 2 && drive(string(left[:2])) && (len(left) == 2 || strings.ContainsRune(`/\?#`, left[2]))
}

// shorten takes the last segment off the path, but no drive.
func (p *urlParser) shorten() {
	u := p.u
	if u.scheme == "file" && len(u.path) == 1 && len(u.path[0]) == 2 && letter(rune(u.path[0][0])) && u.path[0][1] == ':' {
		return
	}
	u.path = u.path[:max(len(u.path)-1, 0)]
}

func (p *urlParser) file(c rune) {
	u, b := p.u, p.base
	slash, below := c == '/' || c == '\\', b != nil && b.scheme == "file"
	if p.state == stateFileSlash {
		if slash {
			p.to(stateFileHost)
			return
		}
		if below {
			u.host, u.hasHost = b.host, b.hasHost
			if !p.startsWithDrive() && len(b.path) > 0 && drive(b.path[0]) && b.path[0][1] == ':' {
				u.path = append(u.path, b.path[0])
			}
		}
		p.back(statePath)
		return
	}
	u.scheme, u.host, u.hasHost = "file", "", true
	switch {
	case slash:
		p.to(stateFileSlash)
	case below:
		u.host, u.hasHost, u.path, u.query = b.host, b.hasHost, slices.Clone(b.path), b.query
		switch c {
		case '?':
			p.begin(&u.query, stateQuery)
		case '#':
			p.begin(&u.fragment, stateFragment)
		case endOfURL:
		default:
			u.query = nil
			if p.startsWithDrive() {
				u.path = nil
			} else {
				p.shorten()
			}
			p.back(statePath)
		}
	default:
		p.back(statePath)
	}
}

func (p *urlParser) fileHost(c rune) bool {
	if c != endOfURL && !strings.ContainsRune(`/\?#`, c) {
		p.buffer.WriteRune(c)
		return true
	}
	u := p.u
	if p.override == stateNone && drive(p.buffer.String()) {
		p.back(statePath) // the drive stays in the buffer
		return true
	}
	host := ""
	if p.buffer.Len() > 0 {
		var ok bool
		if host, ok = parseHost(p.take(), u.special()); !ok {
			return false
		}
		if host == "localhost" {
			host = ""
		}
	}
	u.host, u.hasHost = host, true
	if p.override != stateNone {
		p.done = true
		return true
	}
	p.back(statePathStart)
	return true
}

func (p *urlParser) path(c rune) {
	u := p.u
	slash := c == '/' || u.special() && c == '\\'
	if p.state == statePathStart {
		switch {
		case u.special():
			if p.to(statePath); !slash {
				p.at--
			}
		case p.override == stateNone && c == '?':
			p.begin(&u.query, stateQuery)
		case p.override == stateNone && c == '#':
			p.begin(&u.fragment, stateFragment)
		case c != endOfURL:
			if p.to(statePath); c != '/' {
				p.at--
			}
		case p.override != stateNone && !u.hasHost:
			u.path = append(u.path, "")
		}
		return
	}
	if c != endOfURL && !slash && (p.override != stateNone || c != '?' && c != '#') {
		p.buffer.WriteString(percentEncode(string(c), pathSet))
		return
	}
	p.segment(p.take(), slash)
	if p.override != stateNone {
		return
	}
	switch c {
	case '?':
		p.begin(&u.query, stateQuery)
	case '#':
		p.begin(&u.fragment, stateFragment)
	}
}

// segment adds a segment to the path, or goes back by one.
func (p *urlParser) segment(text string, slash bool) {
	u := p.u
	switch strings.ReplaceAll(strings.ToLower(text), "%2e", ".") {
	case "..":
		if p.shorten(); !slash {
			u.path = append(u.path, "")
		}
	case ".":
		if !slash {
			u.path = append(u.path, "")
		}
	default:
		if u.scheme == "file" && len(u.path) == 0 && drive(text) {
			text = text[:1] + ":"
		}
		u.path = append(u.path, text)
	}
}

func (p *urlParser) opaquePath(c rune) {
	u := p.u
	switch c {
	case '?':
		p.begin(&u.query, stateQuery)
	case '#':
		p.begin(&u.fragment, stateFragment)
	case endOfURL:
		u.trimOpaque()
	default:
		u.opaquePath += percentEncode(string(c), controlSet+"")
	}
}
