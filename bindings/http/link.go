package http

import "strings"

// linkOf is the target with a relation such as "next" among the values of Link headers (RFC 8288),
// "" when there is none.
func linkOf(values []string, wanted string) string {
	for _, value := range values {
		for len(value) > 0 {
			start := strings.IndexByte(value, '<')
			if start < 0 {
				break
			}
			end := strings.IndexByte(value[start:], '>')
			if end < 0 {
				break
			}
			target := value[start+1 : start+end]
			var relations string
			relations, value = parameters(value[start+end+1:])
			for relation := range strings.FieldsSeq(strings.ToLower(relations)) {
				if relation == wanted {
					return strings.TrimSpace(target)
				}
			}
		}
	}
	return ""
}

// parameters reads what follows a target: the value of its rel, and what is left for the next link.
func parameters(text string) (rel, rest string) {
	for {
		text = strings.TrimLeft(text, " \t;")
		if text == "" || text[0] == ',' {
			return rel, strings.TrimPrefix(text, ",")
		}
		i := strings.IndexAny(text, "=;,")
		if i < 0 {
			return rel, ""
		}
		name := strings.ToLower(strings.TrimSpace(text[:i]))
		if text[i] != '=' {
			text = text[i:]
			continue
		}
		var value string
		value, text = parameterValue(strings.TrimLeft(text[i+1:], " \t"))
		if name == "rel" && rel == "" {
			rel = value
		}
	}
}

// parameterValue reads a token or a quoted text.
func parameterValue(text string) (value, rest string) {
	if !strings.HasPrefix(text, `"`) {
		i := strings.IndexAny(text, ";,")
		if i < 0 {
			return strings.TrimSpace(text), ""
		}
		return strings.TrimSpace(text[:i]), text[i:]
	}
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text):
			i++
			b.WriteByte(text[i])
		case text[i] == '"':
			return b.String(), text[i+1:]
		default:
			b.WriteByte(text[i])
		}
	}
	return b.String(), ""
}
