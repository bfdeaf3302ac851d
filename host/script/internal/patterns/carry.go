package patterns

import (
	"strconv"
	"strings"
	"sync"
	"unicode/utf16"
)

// Literal is a regular expression of a program's text.
type Literal struct {
	// Pattern and Flags are what is written before and behind the second slash.
	Pattern, Flags string
	// Program is what it means.
	Program *Program
}

// literals are those of all programs of the process: they are few, and the same again and again.
type literals struct {
	mu     sync.RWMutex
	all    []*Literal
	number map[string]int
}

var written = sync.OnceValue(func() *literals { return &literals{number: map[string]int{}} })

// carrier is how the pattern begins by which the engine knows a literal. What follows is its number.
const carrier = "%carjs:"

// Carrier reads a literal and returns a pattern that stands for it, for [Carried]: the engine compiles
// that in no time. The error says what is wrong with the literal.
func Carrier(pattern, flags string) (string, error) {
	l, key := written(), flags+"/"+pattern
	l.mu.RLock()
	n, known := l.number[key]
	l.mu.RUnlock()
	if known {
		return carrier + strconv.Itoa(n), nil
	}
	parsed, err := ParseFlags(flags)
	if err != nil {
		return "", err
	}
	program, err := Compile(utf16.Encode([]rune(pattern)), parsed)
	if err != nil {
		return "", err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	n = len(l.all)
	l.all, l.number[key] = append(l.all, &Literal{pattern, flags, program}), n
	return carrier + strconv.Itoa(n), nil
}

// Carried is the literal that a pattern stands for, nil for one that stands for itself.
func Carried(pattern string) *Literal {
	digits, ok := strings.CutPrefix(pattern, carrier)
	if !ok {
		return nil
	}
	n, err := strconv.Atoi(digits)
	l := written()
	l.mu.RLock()
	defer l.mu.RUnlock()
	if err != nil || n < 0 || n >= len(l.all) {
		return nil
	}
	return l.all[n]
}

// Source is a pattern as it stands between slashes.
func Source(pattern string) string {
	if pattern == "" {
		return "(?:)"
	}
	if !strings.ContainsAny(pattern, "/\n\r\u2028\u2029") {
		return pattern
	}
	var b strings.Builder
	escaped, inClass := false, false
	for _, c := range pattern {
		name := map[rune]string{'\n': "n", '\r': "r", '\u2028': "u2028", '\u2029': "u2029"}[c]
		switch {
		case name != "" && escaped:
			b.WriteString(name)
		case name != "":
			b.WriteString(`\` + name)
		case c == '/' && !escaped && !inClass:
			b.WriteString(`\/`)
		default:
			b.WriteRune(c)
		}
		inClass = !escaped && c == '[' || inClass && (escaped || c != ']')
		escaped = c == '\\' && !escaped
	}
	return b.String()
}
