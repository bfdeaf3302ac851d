package http

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"carjs/bindings/args"
	"carjs/bindings/fetch"
	"carjs/bindings/web"
	"carjs/host/failure"

	"github.com/dop251/goja"
)

// requestOptions are the names of the options of a request. Those of a body are read by client.js,
// and so is the signal.
var requestOptions = []string{"query", "headers", "body", "json", "form", "timeout", "signal", "responseType", "retry", "accept",
	"encoding", "invalidBytes", "redirect", "rules"}

// request is one request with what its options say of it.
type request struct {
	fetch.Request
	timeout time.Duration
	as      string // "json", "text" or "bytes"
	repeat  repeat
	accept  []int
	rules   []rule // besides those of the client
	page    bool   // of a list
	// place tells the pages of a list apart whose places are known beforehand.
	place string
}

// repeat says which requests are repeated.
type repeat int

const (
	byMethod repeat = iota // those that do no harm when they arrive twice, and others when the server said that it did nothing
	always
	never
)

// newRequest makes a request without a body of method, path, options, and headers as client.js has
// made them.
func (c *client) newRequest(method string, path args.Arg, o args.Options, headers args.Arg) *request {
	r := &request{
		Request: fetch.Request{
			Method: method, URL: c.target(path), Trusted: c.trusted, Decoding: decoding(o, c.decode),
			Redirect: fetch.Redirect(o.Get("redirect").OneOf(string(fetch.Follow), string(fetch.Refuse), string(fetch.Manual))),
		},
		timeout: o.Get("timeout").DurationOr(c.timeout, time.Millisecond, fetch.MaxWait),
		as:      o.Get("responseType").OneOf("json", "text", "bytes"),
		accept:  o.Get("accept").Integers(100, 599),
		rules:   c.m.readRules(o.Get("rules")),
	}
	if again := o.Get("retry"); again.Given() {
		r.repeat = never
		if again.Bool() {
			r.repeat = always
		}
	}
	r.URL.RawQuery = web.EscapeQuery(joinQuery(r.URL.RawQuery, c.m.query(o.Get("query"))))
	r.Header = c.header.Clone()
	for name, values := range pairs(headers) {
		r.Header[name] = values
	}
	if r.as == "json" && r.Header.Get("Accept") == "" {
		r.Header.Set("Accept", "application/json")
	}
	r.Private = private(r.Header)
	return r
}

// decoding reads the options that say how a body becomes text.
func decoding(o args.Options, otherwise fetch.Decoding) fetch.Decoding {
	d := otherwise
	if label := o.Get("encoding"); label.Given() {
		if d.Encoding = label.Text(); !fetch.KnownEncoding(d.Encoding) {
			label.Misuse(`names no encoding: %q`, d.Encoding)
		}
	}
	if invalid := o.Get("invalidBytes"); invalid.Given() {
		d.Replace = invalid.OneOf("fail", "replace") == "replace"
	}
	return d
}

// setBody gives the request its body, a text or bytes, and says what type it is of unless the
// headers do.
func (r *request) setBody(vm *goja.Runtime, body, contentType goja.Value) {
	if args.Absent(body) {
		return
	}
	if data, ok := args.Bytes(vm, body); ok {
		r.Body = append([]byte{}, data...)
	} else {
		r.Body = []byte(body.String())
	}
	if !args.Absent(contentType) && r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", contentType.String())
	}
}

// private are the names of the headers that stay with the origin: all that a connector has set but
// those that say nothing.
func private(header http.Header) []string {
	var names []string
	for name := range header {
		switch name {
		case "Accept", "Accept-Language", "Content-Type", "User-Agent":
		default:
			names = append(names, name)
		}
	}
	return names
}

// target is the URL of a path, which is below the base's path, or of a URL at an origin that may
// have the credentials.
func (c *client) target(path args.Arg) *url.URL {
	if !path.IsText() && !c.m.isA("URL", path.Value()) {
		path.MustBe("a path or a URL")
	}
	u, err := c.resolve(path.Value().String())
	if err != nil {
		path.Misuse("%s", err)
	}
	if err := c.mayGo(u); err != nil {
		c.m.rt.Throw(err)
	}
	return u
}

// resolve makes a URL of a path below the base's path, or of a URL. What is escaped stays as it is
// written. The error says what the path must be, or cannot be.
func (c *client) resolve(text string) (*url.URL, error) {
	if hasScheme(text) {
		u, err := fetch.ParseURL(text)
		switch {
		case err != nil:
			return nil, fmt.Errorf("must be a path or a URL: %w", err)
		case u.User != nil:
			return nil, errors.New("must not contain user and password: use auth: basic(user, password)")
		}
		return u, nil
	}
	if c.base == nil {
		return nil, errors.New("must be an absolute URL, because HttpClient has no baseURL")
	}
	path, query, _ := strings.Cut(text, "?")
	base := *c.base
	base.RawQuery = ""
	joined := base.String()
	if path != "" {
		joined = strings.TrimRight(joined, "/") + "/" + strings.TrimLeft(path, "/")
	}
	u, err := fetch.ParseURL(joined)
	if err != nil {
		return nil, errors.New("cannot be part of a URL: escape it with encodeURIComponent")
	}
	query, _, _ = strings.Cut(query, "#")
	u.RawQuery = joinQuery(c.base.RawQuery, query)
	return u, nil
}

func hasScheme(text string) bool {
	lower := strings.ToLower(text)
	return strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://")
}

// mayGo is the failure of a URL that leads elsewhere.
func (c *client) mayGo(u *url.URL) error {
	if c.trusted(u) {
		return nil
	}
	home := strings.Join(c.origins, ", ")
	if c.base != nil {
		home = fetch.Origin(c.base)
	}
	return failure.New(failure.Datasource, "%s is not at %s, where the credentials of this client belong", fetch.SafeURL(u), home).
		WithCode(failure.CodeDatasourceDataProcess).
		WithHint("to send them there too, add %q to allowOrigins of HttpClient; behind a proxy, set baseURL "+
			"to the data source's own address", fetch.Origin(u))
}

func joinQuery(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "&" + b
}

// query makes a query of an object, of URLSearchParams or of a text.
func (m *module) query(given args.Arg) string {
	switch {
	case !given.Given():
		return ""
	case given.IsText():
		return strings.TrimPrefix(given.Text(), "?")
	case m.isA("URLSearchParams", given.Value()):
		return given.Value().String()
	}
	object, ok := given.Value().(*goja.Object)
	if !ok {
		given.MustBe("an object, URLSearchParams or a text")
	}
	var pairs []string
	for _, key := range object.Keys() {
		value := object.Get(key)
		if list, ok := value.(*goja.Object); ok && list.ClassName() == "Array" {
			m.rt.VM().ForOf(list, func(item goja.Value) bool {
				pairs = m.appendPair(pairs, given, key, item)
				return true
			})
			continue
		}
		pairs = m.appendPair(pairs, given, key, value)
	}
	return strings.Join(pairs, "&")
}

// isA tells whether a value is an object of a global class.
func (m *module) isA(class string, v goja.Value) bool {
	object, isObject := v.(*goja.Object)
	global, isClass := m.rt.VM().Get(class).(*goja.Object)
	return isObject && isClass && m.rt.VM().InstanceOf(object, global)
}

func (m *module) appendPair(pairs []string, query args.Arg, key string, value goja.Value) []string {
	if args.Absent(value) {
		return pairs
	}
	text := ""
	if object, ok := value.(*goja.Object); ok {
		iso, isFunction := goja.AssertFunction(object.Get("toISOString"))
		if object.ClassName() != "Date" || !isFunction {
			query.Misuse("has an object as the value of %s: it can be a text, a number, a boolean, a Date, or an array of those", key)
		}
		date, err := iso(object)
		if err != nil {
			m.rt.Throw(err)
		}
		text = date.String()
	} else {
		text = value.String()
	}
	return append(pairs, escape(key)+"="+escape(text))
}

// escape writes blanks as %20, which every server understands, and not as +, which some take for a
// plus.
func escape(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }
