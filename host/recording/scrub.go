package recording

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"carjs/host/redact"
)

// private are the headers whose values are never written: an answer does not depend on what they
// say, once it is recorded.
var private = []string{
	"Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key", "Api-Key", "X-Auth-Token",
	"X-Csrf-Token", "X-Amz-Security-Token",
}

// passing are the headers that belong to a connection or to a moment, and would only be different
// each time.
var passing = []string{"Date", "Connection", "Keep-Alive", "Content-Length", "Transfer-Encoding", "Age", "User-Agent", "Accept-Encoding"}

// scrubber takes the secrets out of what is written, and out of what is compared with it.
type scrubber struct {
	redactor *redact.Redactor // nil knows no secrets
}

func (s scrubber) bytes(b []byte) []byte { return s.redactor.Traffic(b) }

func (s scrubber) text(text string) string { return string(s.bytes([]byte(text))) }

// hidden stands for scheme and host of a URL that is a secret itself. What follows stays to be
// asked for.
const hidden = "http://redacted.invalid"

// url is a URL without secrets, which is still one.
func (s scrubber) url(text string) string {
	clean := s.text(text)
	rest, ok := strings.CutPrefix(clean, redact.Marker)
	if !ok {
		return clean
	}
	if rest != "" && rest[0] != '/' && rest[0] != '?' {
		rest = "/" + rest
	}
	return hidden + rest
}

// normal is a request as it is looked for when it is not recorded word for word: without what may
// be a secret on either side, a segment of the path or a parameter that happens to be one.
func (s scrubber) normal(ignore Ignore, method string, at *url.URL, body string) string {
	parts := segments(at)
	for i := range parts {
		parts[i] = s.text(parts[i])
	}
	query := ignore.query(at)
	for _, values := range query {
		for i := range values {
			values[i] = s.text(values[i])
		}
	}
	text := method + " " + strings.Join(parts, "/") + "?" + query.Encode() + "\n" +
		ignore.body(canonical(s.body(redact.Tokens([]byte(body)), "").bytes()))
	return strings.ReplaceAll(text, url.QueryEscape(redact.Marker), redact.Marker)
}

// headers returns those that are worth keeping, each as one line.
func (s scrubber) headers(all http.Header) map[string]string {
	kept := map[string]string{}
	for name, values := range all {
		if !slices.Contains(passing, name) && !slices.Contains(private, name) {
			kept[name] = s.header(name, strings.Join(values, ", "))
		}
	}
	return kept
}

// received returns the headers of a response that are worth keeping. A login is known by the cookies
// and tokens that it sets, so that it works in a replay as well: they are there, without values.
func (s scrubber) received(all http.Header) map[string]string {
	kept := s.headers(all)
	for _, name := range private {
		if all.Get(name) != "" {
			kept[name] = redact.Marker
		}
	}
	delete(kept, setCookie)
	var cookies []string
	for _, cookie := range (&http.Response{Header: all}).Cookies() {
		if cookie.Value != "" && cookie.MaxAge >= 0 { // others are removed
			hidden := http.Cookie{Name: cookie.Name, Value: redact.Marker, Path: cookie.Path, Domain: cookie.Domain}
			cookies = append(cookies, hidden.String())
		}
	}
	if len(cookies) > 0 {
		kept[setCookie] = s.text(strings.Join(cookies, "\n"))
	}
	return kept
}

// setCookie is the header of which several cannot be written in one line: they have a line each.
const setCookie = "Set-Cookie"

// header is the value of a header. Those that say what a body is are words of HTTP.
func (s scrubber) header(name, value string) string {
	if strings.HasPrefix(name, "Content-") {
		return s.redactor.Name(value)
	}
	return s.text(value)
}

// exchange takes out of an exchange what was not known to be secret when it was written.
func (s scrubber) exchange(e exchange) exchange {
	e.Request.URL = s.url(e.Request.URL)
	e.Request.body = s.body(e.Request.bytes(), e.Request.Headers[contentType])
	e.Response.body = s.body(e.Response.bytes(), e.Response.Headers[contentType])
	for _, headers := range []map[string]string{e.Request.Headers, e.Response.Headers} {
		for name, value := range headers {
			headers[name] = s.header(name, value)
		}
	}
	return e
}

const contentType = "Content-Type"

// body puts bytes in the form that people read best. kind is their content type, where it is known.
func (s scrubber) body(data []byte, kind string) body {
	if len(data) == 0 {
		return body{}
	}
	if strings.HasPrefix(kind, "text/csv") || strings.HasPrefix(kind, "text/tab-separated-values") {
		return s.table(data)
	}
	if !utf8.Valid(data) {
		// Secrets that stand in bytes as such are hidden, too; those inside of compressed data
		// cannot be seen.
		return body{Base64: s.bytes(data)}
	}
	clean := s.bytes(data)
	if trimmed := bytes.TrimSpace(clean); json.Valid(trimmed) && roundTrips(trimmed) {
		return body{JSON: trimmed}
	}
	text := string(clean)
	return body{Text: &text}
}

// table is the body of a table, whose first line has the names of its columns.
func (s scrubber) table(data []byte) body {
	end := bytes.IndexAny(data, "\r\n")
	if end < 0 {
		end = len(data)
	}
	clean := append([]byte(s.redactor.Name(string(data[:end]))), s.bytes(data[end:])...)
	if !utf8.Valid(data) {
		return body{Base64: clean}
	}
	text := string(clean)
	return body{Text: &text}
}

// roundTrips tells whether JSON stands in a file as such. A scalar would be told from a text by its
// quotes only, and null from nothing not at all.
func roundTrips(text []byte) bool { return text[0] == '{' || text[0] == '[' }
