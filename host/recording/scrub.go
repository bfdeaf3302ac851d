package recording

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// private are the headers that are never written: an answer does not depend on what they say, once
// it is recorded.
var private = []string{
	"Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key", "Api-Key", "X-Auth-Token",
	"X-Csrf-Token", "X-Amz-Security-Token",
}

// passing are the headers that belong to a connection or to a moment, and would only be different
// each time.
var passing = []string{"Date", "Connection", "Keep-Alive", "Content-Length", "Transfer-Encoding", "Age", "User-Agent", "Accept-Encoding"}

// scrubber takes the secrets out of what is written, and out of what is compared with it.
type scrubber struct {
	redact func([]byte) []byte
}

func (s scrubber) bytes(b []byte) []byte {
	if s.redact == nil {
		return b
	}
	return s.redact(b)
}

func (s scrubber) text(text string) string { return string(s.bytes([]byte(text))) }

// headers returns those that are worth keeping, each as one line.
func (s scrubber) headers(all http.Header) map[string]string {
	kept := map[string]string{}
	for name, values := range all {
		if !slices.Contains(passing, name) && !slices.Contains(private, name) {
			kept[name] = s.text(strings.Join(values, ", "))
		}
	}
	return kept
}

// exchange takes out of an exchange what was not known to be secret when it was written.
func (s scrubber) exchange(e exchange) exchange {
	e.Request.URL = s.text(e.Request.URL)
	e.Request.body, e.Response.body = s.body(e.Request.bytes()), s.body(e.Response.bytes())
	for _, headers := range []map[string]string{e.Request.Headers, e.Response.Headers} {
		for name, value := range headers {
			headers[name] = s.text(value)
		}
	}
	return e
}

// body puts bytes in the form that people read best.
func (s scrubber) body(data []byte) body {
	if len(data) == 0 {
		return body{}
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

// roundTrips tells whether JSON stands in a file as such. A scalar would be told from a text by its
// quotes only, and null from nothing not at all.
func roundTrips(text []byte) bool { return text[0] == '{' || text[0] == '[' }
