package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// counts tells whether a form that is spelled from i to end is the secret there.
func (f form) counts(s string, i, end int) bool {
	if f.kind == anywhere {
		return true
	}
	if f.public {
		return false // in a text nothing tells the value from the word
	}
	p := place{s: s, start: i, end: end}
	p.before, p.left = runeBefore(s, i)
	p.after, p.right = runeAfter(s, end)
	if isWord(p.before) || isWord(p.after) || p.names() {
		return false
	}
	if f.kind == alone {
		return p.wholeValue(isNumber(f.text))
	}
	if p.joined() {
		return utf8.RuneCountInString(f.text) >= minSegment && p.segment() || p.userinfo()
	}
	return !p.inFrame() || p.quoted()
}

// place is where a word stands in a text, with the characters around it: as they are meant, where
// they are escaped.
type place struct {
	s             string
	start, end    int
	before, after rune // 0 at the ends of the text
	left, right   int  // where before begins and after ends
}

// names tells whether the word is the name of what follows: "user": 1, user=1, { user: 1 }, <user>.
func (p place) names() bool {
	rest := p.s[p.end:]
	if p.before == '<' { // of an element
		return true
	}
	if isQuote(p.after) {
		colon, _ := runeAfter(strings.TrimLeft(p.s[p.right:], " \t\r\n"), 0)
		return colon == ':'
	}
	rest = strings.TrimLeft(rest, " ")
	switch {
	case strings.HasPrefix(rest, "=") && !strings.HasPrefix(rest, "=="):
		return p.before != '='
	case strings.HasPrefix(rest, ":"):
		head := strings.TrimRight(p.s[:p.start], " \t\r\n")
		return strings.HasSuffix(head, "{") || strings.HasSuffix(head, ",")
	}
	return false
}

// joined tells whether the word is a part of something: of a path, a name with hyphens or dots, an
// address, a time.
func (p place) joined() bool {
	switch p.before {
	case '/', '\\', '$', '#':
		return true
	case '-', '.', '@':
		if r, _ := runeBefore(p.s, p.left); isWord(r) || strings.ContainsRune(")]?/.", r) && r != 0 {
			return true
		}
	case ':': // a port, minutes, a number in a piece of JSON
		if r, _ := runeBefore(p.s, p.left); unicode.IsDigit(r) || (isWord(r) || isQuote(r)) && isNumber(p.s[p.start:p.end]) {
			return true
		}
	}
	switch p.after {
	case '/', '\\':
		return true
	case '-', '.', '@', ':':
		r, _ := runeAfter(p.s, p.right)
		if p.after == ':' { // the scheme of a URL, or hours and hosts
			return unicode.IsDigit(r) || strings.HasPrefix(p.s[p.right:], "//")
		}
		return isWord(r)
	}
	return false
}

// segment tells whether the word is a whole segment of a path.
func (p place) segment() bool {
	ends := p.after == 0 || p.after == '/' || p.after == '?' || p.after == '#' || isQuote(p.after) || unicode.IsSpace(p.after)
	return p.before == '/' && ends
}

// userinfo tells whether the word is the login of a URL: https://TOKEN@host.
func (p place) userinfo() bool { return p.after == '@' && strings.HasSuffix(p.s[:p.start], "//") }

func (p place) quoted() bool {
	if !isQuote(p.before) || p.after != p.before {
		return false
	}
	outer, _ := runeBefore(p.s, p.left)
	behind, _ := runeAfter(p.s, p.right)
	return outer != '[' || behind != ']' // args["user"]
}

// wholeValue tells whether the word is all of a value: in quotes, in a query, behind an equals
// sign, or all of the text. A number behind an equals sign is rather a count.
func (p place) wholeValue(number bool) bool {
	ended := p.after == 0 || p.after == '&' || isQuote(p.after) || unicode.IsSpace(p.after) || strings.ContainsRune(",;)}]", p.after)
	switch {
	case p.before == 0 && p.after == 0, p.quoted():
		return true
	case p.before != '=' || !ended:
		return false
	}
	return !number || p.inQuery()
}

// inQuery tells whether the word is the value of a parameter of a query or a form.
func (p place) inQuery() bool {
	head := p.s[:p.start-1]
	at := strings.LastIndexFunc(head, func(r rune) bool { return !isWord(r) && !strings.ContainsRune("-.[]%", r) })
	if at < 0 {
		return p.after == 0 || p.after == '&'
	}
	return at < len(head)-1 && (head[at] == '?' || head[at] == '&')
}

// inFrame tells whether the word stands in a line of code that is quoted with its number, "12 │ …"
// or "> 12 | …". What is not in quotes there is code.
func (p place) inFrame() bool {
	line := p.s[strings.LastIndexByte(p.s[:p.start], '\n')+1 : p.start]
	if at := strings.LastIndex(line, `\n`); at >= 0 { // as JSON has it
		line = line[at+2:]
	}
	number, _, ok := strings.Cut(line, " │")
	if !ok {
		number, _, ok = strings.Cut(line, " |")
	}
	return ok && isNumber(strings.TrimLeft(number, "> "))
}

// runeBefore is the character that ends at i, an escape as what it stands for, and where it begins.
func runeBefore(s string, i int) (rune, int) {
	if i == 0 {
		return 0, 0
	}
	for _, size := range [...]int{2, 3, 6} {
		if i < size || !escapes(s[i-size]) || s[i-size] == '+' {
			continue
		}
		if s[i-size] == '\\' && odd(s[:i-size]) {
			continue // the backslash is escaped itself
		}
		if d := unescape(s[i-size : i]); d.size == size {
			r, _ := utf8.DecodeLastRune(d.text[:d.len])
			return r, i - size
		}
	}
	r, size := utf8.DecodeLastRuneInString(s[:i])
	return r, i - size
}

// odd tells whether a text ends in an odd number of backslashes.
func odd(s string) bool {
	return (len(s)-len(strings.TrimRight(s, `\`)))%2 == 1
}

// runeAfter is the character at i, an escape as what it stands for, and where it ends.
func runeAfter(s string, i int) (rune, int) {
	if i >= len(s) {
		return 0, i
	}
	if s[i] == '\\' || s[i] == '%' {
		if d := unescape(s[i:]); d.size > 0 {
			r, _ := utf8.DecodeRune(d.text[:d.len])
			return r, i + d.size
		}
	}
	r, size := utf8.DecodeRuneInString(s[i:])
	return r, i + size
}

func isWord(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

func isQuote(r rune) bool { return r == '"' || r == '\'' || r == '`' }

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
