package redact

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// JSON hides secrets in a JSON text and leaves it one, of the same shape: values that are secrets
// become the marker, texts that have one in them have the marker there. Names stay, but for what
// looks like nothing but a secret (see the package); so do the values of the members named in
// names, and numbers of few digits. What is no JSON is treated as any text.
func (r *Redactor) JSON(text []byte, names ...string) []byte {
	if !isJSON(text) {
		return r.Bytes(text)
	}
	return r.current().json(text, names)
}

// isJSON tells whether a text is JSON with texts in it.
func isJSON(text []byte) bool {
	trimmed := bytes.TrimSpace(text)
	return len(trimmed) > 1 && (trimmed[0] == '{' || trimmed[0] == '[' || trimmed[0] == '"') && json.Valid(trimmed)
}

// json is [Redactor.JSON] for what is valid.
func (m *matcher) json(text []byte, names []string) []byte {
	if m == nil {
		m = &matcher{}
	}
	if m.whole[string(bytes.TrimSpace(text))] != 0 { // the key of a service account, for one
		return []byte(`"` + Marker + `"`)
	}
	var out []byte
	done, name := 0, ""
	put := func(start, end int, with string) {
		out = append(append(out, text[done:start]...), with...)
		done = end
	}
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '"':
			end := literalEnd(text, i)
			inner := string(text[i+1 : end-1])
			if isName(text, end) {
				if clean := m.replaceIn(inner, true); clean != inner {
					put(i, end, `"`+clean+`"`)
				}
				name, i = inner, end
				continue
			}
			clean := ""
			if slices.Contains(names, name) {
				clean = m.replaceIn(inner, true)
			} else {
				clean = m.value(name, inner)
			}
			if clean != inner {
				put(i, end, `"`+clean+`"`)
			}
			name, i = "", end
		case c == '-' || c >= '0' && c <= '9':
			end := i + 1
			for end < len(text) && strings.IndexByte("0123456789.eE+-", text[end]) >= 0 {
				end++
			}
			if end-i >= minNumber && m.whole[string(text[i:end])] != 0 {
				put(i, end, `"`+Marker+`"`)
			}
			name, i = "", end
		default:
			i++
		}
	}
	if done == 0 {
		return text
	}
	return append(out, text[done:]...)
}

// value is the inside of a JSON text without secrets, which is still the inside of one. name is
// that of the member, "" in a list.
func (m *matcher) value(name, inner string) string {
	plain := inner
	if strings.IndexByte(inner, '\\') >= 0 {
		if json.Unmarshal([]byte(`"`+inner+`"`), &plain) != nil {
			return Marker
		}
	}
	if m.whole[plain] != 0 {
		return Marker
	}
	clean := m.replaceIn(inner, false)
	if mentionsAuthorization(name) && len(name) <= len("Proxy-Authorization") {
		const head = "Authorization: "
		clean = strings.TrimPrefix(replacePatterns(head+clean), head)
	}
	clean = replacePatterns(clean)
	if clean != inner && !json.Valid([]byte(`"`+clean+`"`)) {
		return Marker // the secret began or ended within an escape
	}
	return clean
}

// literalEnd is where the text in quotes ends that begins at i.
func literalEnd(text []byte, i int) int {
	for i++; text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// isName tells whether what ends here is the name of a member.
func isName(text []byte, end int) bool {
	for ; end < len(text); end++ {
		switch text[end] {
		case ' ', '\t', '\r', '\n':
			continue
		}
		return text[end] == ':'
	}
	return false
}
