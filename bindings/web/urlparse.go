package web

import (
	"slices"
	"strconv"
	"strings"
)

// urlState is a state of the standard's basic URL parser.
type urlState int

const (
	stateNone urlState = iota // no state is given: the parser begins with the scheme
	stateSchemeStart
	stateScheme
	stateNoScheme
	stateSpecialRelativeOrAuthority
	statePathOrAuthority
	stateRelative
	stateRelativeSlash
	stateAuthoritySlashes
	stateAuthorityIgnoreSlashes
	stateAuthority
	stateHost
	stateHostname
	statePort
	stateFile
	stateFileSlash
	stateFileHost
	statePathStart
	statePath
	stateOpaquePath
	stateQuery
	stateFragment
)

// endOfURL is the character behind the last.
const endOfURL rune = -1

// urlParser is a run of that parser.
type urlParser struct {
	input []rune
	at    int
	base  *urlRecord
	u     *urlRecord
	// override is the state that a setter begins with, and that ends it.
	override, state     urlState
	buffer              strings.Builder
	atSign, brackets    bool
	passwordToken, done bool
}

func newURLParser(text string, base, u *urlRecord, override urlState) *urlParser {
	text = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(text)
	p := &urlParser{input: []rune(text), base: base, u: u, override: override, state: override}
	if override == stateNone {
		p.state = stateSchemeStart
	}
	return p
}

// run parses. What a setter is given and cannot be used leaves the URL as it was.
func (p *urlParser) run() bool {
	for ; p.at <= len(p.input); p.at++ {
		c := endOfURL
		if p.at < len(p.input) {
			c = p.input[p.at]
		}
		if !p.step(c) {
			return false
		}
		if p.done {
			return true
		}
	}
	return true
}

// rest tells whether what follows the current character begins so.
func (p *urlParser) rest(prefix string) bool {
	from := min(p.at+1, len(p.input))
	return strings.HasPrefix(string(p.input[from:min(from+len(prefix), len(p.input))]), prefix)
}

func (p *urlParser) to(state urlState)   { p.state = state }
func (p *urlParser) back(state urlState) { p.state = state; p.at-- }
func (p *urlParser) take() string        { text := p.buffer.String(); p.buffer.Reset(); return text }

// step takes a character in a state; false is a failure.
func (p *urlParser) step(c rune) bool {
	switch p.state {
	case stateSchemeStart, stateScheme:
		return p.scheme(c)
	case stateNoScheme:
		return p.noScheme(c)
	case stateSpecialRelativeOrAuthority:
		if c == '/' && p.rest("/") {
			p.to(stateAuthorityIgnoreSlashes)
			p.at++
		} else {
			p.back(stateRelative)
		}
	case statePathOrAuthority:
		if c == '/' {
			p.to(stateAuthority)
		} else {
			p.back(statePath)
		}
	case stateRelative, stateRelativeSlash:
		p.relative(c)
	case stateAuthoritySlashes:
		if c == '/' && p.rest("/") {
			p.to(stateAuthorityIgnoreSlashes)
			p.at++
		} else {
			p.back(stateAuthorityIgnoreSlashes)
		}
	case stateAuthorityIgnoreSlashes:
		if c != '/' && c != '\\' {
			p.back(stateAuthority)
		}
	case stateAuthority:
		return p.authority(c)
	case stateHost, stateHostname:
		return p.host(c)
	case statePort:
		return p.port(c)
	case stateFile, stateFileSlash:
		p.file(c)
	case stateFileHost:
		return p.fileHost(c)
	case statePathStart, statePath:
		p.path(c)
	case stateOpaquePath:
		p.opaquePath(c)
	case stateQuery:
		p.query(c)
	case stateFragment:
		if c != endOfURL {
			*p.u.fragment += percentEncode(string(c), fragmentSet)
		}
	}
	return true
}

func letter(c rune) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func digit(c rune) bool  { return c >= '0' && c <= '9' }

func (p *urlParser) scheme(c rune) bool {
	if p.state == stateSchemeStart {
		switch {
		case letter(c):
			p.buffer.WriteString(strings.ToLower(string(c)))
			p.to(stateScheme)
		case p.override != stateNone:
			return false
		default:
			p.back(stateNoScheme)
		}
		return true
	}
	switch {
	case letter(c) || digit(c) || c == '+' || c == '-' || c == '.':
		p.buffer.WriteString(strings.ToLower(string(c)))
		return true
	case c == ':':
		return p.schemeEnd()
	case p.override != stateNone:
		return false
	}
	p.buffer.Reset()
	p.at = -1
	p.to(stateNoScheme)
	return true
}

func (p *urlParser) schemeEnd() bool {
	scheme, u := p.take(), p.u
	if p.override != stateNone {
		other := urlRecord{scheme: scheme}
		if p.done = true; u.special() != other.special() || scheme == "file" && (u.username != "" || u.password != "" || u.port != "") ||
			u.scheme == "file" && u.host == "" {
			return true
		}
		if u.scheme = scheme; u.port == specialPorts[scheme] {
			u.port = ""
		}
		return true
	}
	u.scheme = scheme
	switch {
	case scheme == "file":
		p.to(stateFile)
	case u.special() && p.base != nil && p.base.scheme == scheme:
		p.to(stateSpecialRelativeOrAuthority)
	case u.special():
		p.to(stateAuthoritySlashes)
	case p.rest("/"):
		p.to(statePathOrAuthority)
		p.at++
	default:
		u.opaque = true
		p.to(stateOpaquePath)
	}
	return true
}

func (p *urlParser) noScheme(c rune) bool {
	b := p.base
	switch {
	case b == nil || b.opaque && c != '#':
		return false
	case b.opaque:
		u := *b
		u.fragment = new(string)
		*p.u = u
		p.to(stateFragment)
	case b.scheme != "file":
		p.back(stateRelative)
	default:
		p.back(stateFile)
	}
	return true
}

// inherit takes what a relative URL has of its base.
func (p *urlParser) inherit() {
	u, b := p.u, p.base
	u.username, u.password, u.host, u.hasHost, u.port = b.username, b.password, b.host, b.hasHost, b.port
	u.path, u.query = slices.Clone(b.path), b.query
}

func (p *urlParser) begin(part **string, state urlState) {
	*part = new(string)
	p.to(state)
}

func (p *urlParser) relative(c rune) {
	u, slash := p.u, c == '/'
	if p.state == stateRelative {
		u.scheme = p.base.scheme
		if slash || u.special() && c == '\\' {
			p.to(stateRelativeSlash)
			return
		}
		p.inherit()
		switch c {
		case '?':
			p.begin(&u.query, stateQuery)
		case '#':
			p.begin(&u.fragment, stateFragment)
		case endOfURL:
		default:
			u.query = nil
			p.shorten()
			p.back(statePath)
		}
		return
	}
	switch {
	case u.special() && (slash || c == '\\'):
		p.to(stateAuthorityIgnoreSlashes)
	case slash:
		p.to(stateAuthority)
	default:
		p.inherit()
		u.path, u.query = nil, nil
		p.back(statePath)
	}
}

// ends tells whether a character ends the authority.
func (p *urlParser) ends(c rune) bool {
	return c == endOfURL || c == '/' || c == '?' || c == '#' || p.u.special() && c == '\\'
}

func (p *urlParser) authority(c rune) bool {
	switch {
	case c == '@':
		text := p.take()
		if p.atSign {
			text = "%40" + text
		}
		p.atSign = true
		for _, r := range text {
			switch {
			case r == ':' && !p.passwordToken:
				p.passwordToken = true
			case p.passwordToken:
				p.u.password += percentEncode(string(r), userSet)
			default:
				p.u.username += percentEncode(string(r), userSet)
			}
		}
	case p.ends(c):
		if p.atSign && p.buffer.Len() == 0 {
			return false
		}
		p.at -= len([]rune(p.take())) + 1
		p.to(stateHost)
	default:
		p.buffer.WriteRune(c)
	}
	return true
}

func (p *urlParser) host(c rune) bool {
	u := p.u
	switch {
	case p.override != stateNone && u.scheme == "file":
		p.back(stateFileHost)
	case c == ':' && !p.brackets:
		if p.buffer.Len() == 0 || p.override == stateHostname {
			return false
		}
		host, ok := parseHost(p.take(), u.special())
		if !ok {
			return false
		}
		u.host, u.hasHost = host, true
		p.to(statePort)
	case p.ends(c):
		empty := p.buffer.Len() == 0
		if empty && (u.special() || p.override != stateNone && (u.username != "" || u.password != "" || u.port != "")) {
			return false
		}
		host, ok := parseHost(p.take(), u.special())
		if !ok {
			return false
		}
		u.host, u.hasHost = host, true
		if p.override != stateNone {
			p.done = true
			return true
		}
		p.back(statePathStart)
	default:
		switch c {
		case '[':
			p.brackets = true
		case ']':
			p.brackets = false
		}
		p.buffer.WriteRune(c)
	}
	return true
}

func (p *urlParser) port(c rune) bool {
	switch {
	case digit(c):
		p.buffer.WriteRune(c)
		return true
	case !p.ends(c) && p.override == stateNone:
		return false
	}
	if text := p.take(); text != "" {
		n, err := strconv.ParseUint(text, 10, 16)
		if err != nil {
			return false
		}
		if p.u.port = strconv.FormatUint(n, 10); p.u.port == specialPorts[p.u.scheme] {
			p.u.port = ""
		}
	}
	if p.override != stateNone {
		p.done = true
		return true
	}
	p.back(statePathStart)
	return true
}

func (p *urlParser) query(c rune) {
	if p.override == stateNone && c == '#' {
		p.begin(&p.u.fragment, stateFragment)
		return
	}
	if c == endOfURL {
		return
	}
	set := querySet
	if p.u.special() {
		set += "'"
	}
	*p.u.query += percentEncode(string(c), set)
}
