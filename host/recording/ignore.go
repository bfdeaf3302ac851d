package recording

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// Ignore says what of a request is not compared with what is recorded, such as a random number that
// every request has. An author writes it into [ManifestFile].
type Ignore struct {
	// Query are names of parameters in the query.
	Query []string `json:"query,omitempty"`
	// Body are fields of a body: paths in JSON such as "variables.since", in which * stands for every
	// element of a list, or names of a form.
	Body []string `json:"body,omitempty"`
}

// query is a URL's query without what is not compared.
func (i Ignore) query(at *url.URL) url.Values {
	query := at.Query()
	for _, name := range i.Query {
		query.Del(name)
	}
	return query
}

// body is a body, in the form in which bodies are compared, without what is not.
func (i Ignore) body(canonical string) string {
	if len(i.Body) == 0 || canonical == "" {
		return canonical
	}
	decoder := json.NewDecoder(strings.NewReader(canonical))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) == nil && !decoder.More() {
		for _, path := range i.Body {
			remove(value, strings.Split(path, "."))
		}
		var out bytes.Buffer
		encoder := json.NewEncoder(&out)
		encoder.SetEscapeHTML(false)
		if encoder.Encode(value) == nil {
			return strings.TrimSuffix(out.String(), "\n")
		}
		return canonical
	}
	if form, ok := formOf(canonical); ok {
		for _, name := range i.Body {
			form.Del(name)
		}
		return form.Encode()
	}
	return canonical
}

// remove removes what a path leads to.
func remove(value any, path []string) {
	switch v := value.(type) {
	case map[string]any:
		if len(path) == 1 {
			delete(v, path[0])
		} else if below, ok := v[path[0]]; ok {
			remove(below, path[1:])
		}
	case []any:
		if path[0] == "*" && len(path) > 1 {
			for _, element := range v {
				remove(element, path[1:])
			}
		}
	}
}

// same tells whether two say the same.
func (i Ignore) same(other Ignore) bool {
	return slices.Equal(i.Query, other.Query) && slices.Equal(i.Body, other.Body)
}

// formOf reads a body as a form.
func formOf(text string) (url.Values, bool) {
	if strings.IndexByte(text, '=') <= 0 || strings.ContainsAny(text, " \t\r\n\"<>{}") {
		return nil, false
	}
	form, err := url.ParseQuery(text)
	return form, err == nil
}
