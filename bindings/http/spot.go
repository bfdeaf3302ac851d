package http

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"carjs/bindings/args"
	"carjs/host/esjson"

	"github.com/dop251/goja"
)

// spot is where the parameters of a page go: "query", "json", "form" or "header".
type spot string

// listRequest makes the first request of a list, whose body client.js has made. A list is only read,
// so its requests may be repeated whatever their method.
func (c *client) listRequest(in *args.Call, o args.Options, body, contentType goja.Value) *request {
	method := http.MethodGet
	if given := o.Get("method"); given.Given() {
		method = given.OneOf(http.MethodGet, http.MethodPost)
	} else if !args.Absent(body) || o.Get("in").TextOr("") == "body" {
		method = http.MethodPost
	}
	r := c.newRequest(method, in.Arg(1, "the path"), o, in.Arg(3, "the headers"))
	r.setBody(c.m.rt.VM(), body, contentType)
	if r.repeat == byMethod {
		r.repeat = always
	}
	return r
}

// spotOf reads where the parameters go: into the body if there is one, else into the query, unless
// the option "in" says otherwise.
func spotOf(r *request, o args.Options) spot {
	in := "query"
	if given := o.Get("in"); given.Given() {
		in = given.OneOf("query", "body", "header")
	} else if r.Body != nil {
		in = "body"
	}
	switch {
	case in != "body":
		return spot(in)
	case o.Get("form").Given():
		return "form"
	case r.Body == nil:
		r.Body = []byte("{}")
		if r.Header.Get("Content-Type") == "" {
			r.Header.Set("Content-Type", "application/json")
		}
	case r.Body[0] != '{':
		o.Get("json").Misuse(`must be an object, because the parameters of each page go into it; set in: "query" to send them in the query`)
	}
	return "json"
}

// field is the value of a parameter: as texts, one for each time that its name is written, and as
// JSON.
type field struct {
	texts []string
	json  json.RawMessage
}

func numberField(n int) field {
	text := strconv.Itoa(n)
	return field{[]string{text}, json.RawMessage(text)}
}

// textField is a text, which may be that of a number.
func textField(text string, number bool) field {
	if number {
		return field{[]string{text}, json.RawMessage(text)}
	}
	return field{[]string{text}, quoted(text)}
}

func quoted(text string) json.RawMessage {
	return json.RawMessage(esjson.AppendString(nil, text))
}

// with is the request with parameters, names and values in turn, set at their spot. place tells it
// from the requests for other pages of the list.
func (s spot) with(r *request, place string, parameters ...any) *request {
	other := *r
	other.place = place
	for i := 0; i+1 < len(parameters); i += 2 {
		s.put(&other, parameters[i].(string), parameters[i+1].(field))
	}
	return &other
}

func (s spot) put(r *request, name string, value field) {
	switch s {
	case "header":
		r.Header = r.Header.Clone()
		r.Header[http.CanonicalHeaderKey(name)] = value.texts
		r.Private = append(slices.Clip(r.Private), http.CanonicalHeaderKey(name))
	case "form":
		r.Body = []byte(setPairs(string(r.Body), name, value.texts...))
	case "json":
		r.Body = setMember(r.Body, name, value.json)
	default:
		r.URL = setQuery(r.URL, name, value.texts...)
	}
}

// at is the same request at another URL.
func (r *request) at(u *url.URL) *request {
	other := *r
	other.URL = u
	return &other
}

// setMember is the text of an object with a value at a path such as "variables.after". A member that
// has the whole path for a name is meant first; objects on the way are made where there are none.
// Members keep their order.
func setMember(object []byte, path string, value json.RawMessage) json.RawMessage {
	members := membersOf(object)
	name, rest, below := path, "", false
	if _, whole := find(members, path); !whole {
		name, rest, below = strings.Cut(path, ".")
	}
	i, found := find(members, name)
	if !found {
		i = len(members)
		members = append(members, member{name: name, value: json.RawMessage("{}")})
	}
	if below {
		value = setMember(members[i].value, rest, value)
	}
	members[i].value = value
	var out bytes.Buffer
	out.WriteByte('{')
	for i, m := range members {
		if i > 0 {
			out.WriteByte(',')
		}
		out.Write(quoted(m.name))
		out.WriteByte(':')
		out.Write(m.value)
	}
	out.WriteByte('}')
	return out.Bytes()
}

type member struct {
	name  string
	value json.RawMessage
}

func find(members []member, name string) (int, bool) {
	i := slices.IndexFunc(members, func(m member) bool { return m.name == name })
	return i, i >= 0
}

// membersOf reads an object, whose text carjs has written; anything else has no members, and is
// replaced.
func membersOf(text []byte) []member {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return nil
	}
	var members []member
	for decoder.More() {
		name, err := decoder.Token()
		m := member{}
		if err != nil || decoder.Decode(&m.value) != nil {
			return nil
		}
		m.name, _ = name.(string)
		members = append(members, m)
	}
	return members
}

// setQuery is a URL with a parameter set, once for each value.
func setQuery(u *url.URL, name string, values ...string) *url.URL {
	other := *u
	other.RawQuery = setPairs(u.RawQuery, name, values...)
	return &other
}

// setPairs is setQuery for a query or a form.
func setPairs(query, name string, values ...string) string {
	kept := ""
	for pair := range strings.SplitSeq(query, "&") {
		key, _, _ := strings.Cut(pair, "=")
		if unescaped, err := url.QueryUnescape(key); err != nil || unescaped != name {
			kept = joinQuery(kept, pair)
		}
	}
	for _, value := range values {
		kept = joinQuery(kept, escape(name)+"="+escape(value))
	}
	return kept
}
