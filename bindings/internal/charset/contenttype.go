package charset

import "strings"

// ofContentType returns the charset that a header Content-Type names, "" for none. It takes what
// servers send: names in any case, quotes of either kind, a parameter that comes twice, of which
// the first counts.
func ofContentType(header string) string {
	_, rest, _ := strings.Cut(header, ";")
	for rest != "" {
		var parameter string
		parameter, rest = cutParameter(rest)
		name, value, _ := strings.Cut(parameter, "=")
		if !strings.EqualFold(strings.TrimSpace(name), "charset") {
			continue
		}
		if value = strings.Trim(strings.TrimSpace(value), `"'`); value != "" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// cutParameter cuts at the first semicolon that is not in quotes.
func cutParameter(text string) (parameter, rest string) {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\\' && quoted:
			i++
		case c == ';' && !quoted:
			return text[:i], text[i+1:]
		}
	}
	return text, ""
}
