package http

import (
	"strings"

	"carjs/bindings/fetch"
	"carjs/host/failure"
)

// linkOf is the target with a relation such as "next" among the Link headers of an answer, "" when
// there is none. Its error is the failure of a header that cannot be read: the list may go on.
func linkOf(answer *result, wanted string) (string, error) {
	target, broken := linkIn(answer.Header.Values("Link"), wanted)
	if broken == "" {
		return target, nil
	}
	return "", failure.New(failure.Datasource, "%s: the header Link cannot be read, so what comes next is not known: %s",
		fetch.SafeURL(answer.URL), broken).
		WithCode(failure.CodeDatasourceDataProcess).WithHint("ask the operator of the data source, or read the list in another way")
}

// linkIn is the target with a relation such as "next" among the values of Link headers (RFC 8288),
// "" when there is none. broken is a value that could not be read to its end and may name one: a
// list that goes on there is not at its end.
func linkIn(values []string, wanted string) (target, broken string) {
	for _, value := range values {
		for rest := value; strings.TrimLeft(rest, " \t,") != ""; {
			start, end := strings.IndexByte(rest, '<'), strings.IndexByte(rest, '>')
			if start < 0 || end < start {
				if broken == "" && strings.Contains(strings.ToLower(rest), wanted) {
					broken = value
				}
				break
			}
			target := rest[start+1 : end]
			var relations string
			relations, rest = parameters(rest[end+1:])
			for relation := range strings.FieldsSeq(strings.ToLower(relations)) {
				if relation == wanted {
					return strings.TrimSpace(target), ""
				}
			}
		}
	}
	return "", broken
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

// parameterValue reads a token or a quoted text. Some servers quote with apostrophes, against the
// standard: if those counted as part of the relation, the list would end without a word.
func parameterValue(text string) (value, rest string) {
	if inner, quoted := strings.CutPrefix(text, "'"); quoted {
		if end := strings.IndexByte(inner, '\''); end >= 0 {
			return inner[:end], inner[end+1:]
		}
	}
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
