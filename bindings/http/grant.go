package http

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"carjs/bindings/fetch"
	"carjs/host/failure"
	"carjs/host/httpx"
)

// fields are those of an answer, each as JSON: servers write them in many ways, and one that cannot
// be read says nothing of the others.
type fields map[string]json.RawMessage

// text is the value of the first field that has one: a text that is not empty, or a number.
func (f fields) text(names ...string) string {
	for _, name := range names {
		var value any
		decoder := json.NewDecoder(bytes.NewReader(f[name]))
		decoder.UseNumber()
		if decoder.Decode(&value) != nil {
			continue
		}
		if text, ok := scalarText(value); ok && text != "" {
			return text
		}
	}
	return ""
}

// under are the fields of a field that is an object.
func (f fields) under(name string) fields {
	var inner fields
	if json.Unmarshal(f[name], &inner) != nil {
		return nil
	}
	return inner
}

// first are the fields of the first item of a field that is a list of objects.
func (f fields) first(name string) fields {
	var items []fields
	if json.Unmarshal(f[name], &items) != nil || len(items) == 0 {
		return nil
	}
	return items[0]
}

// complaint is what an answer says is wrong: the words of RFC 6749, or of those who have their own;
// "" for nothing.
func (f fields) complaint() string {
	inner := f.under("error") // Google and Microsoft in some places
	words := cmp.Or(f.text("error_description"), inner.text("message"), f.text("errorSummary", "error_message", "errorMessage"))
	code := cmp.Or(f.text("error"), inner.text("code", "status"), f.text("errorCode", "error_code"))
	if words == "" && code == "" {
		words = cmp.Or(f.first("errors").text("message", "detail", "title"), f.text("message", "detail", "msg", "title", "reason"))
	}
	switch {
	case words != "" && code != "" && !strings.Contains(words, code):
		return words + " (" + code + ")"
	case words != "":
		return words
	case code != "":
		return code
	}
	return ""
}

// fieldsOf reads the answer of a token's server: JSON, or a form, as some have it.
func fieldsOf(answer *result) (fields, error) {
	text, err := answer.Source().Decode(answer.data)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(answer.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		form, err := url.ParseQuery(strings.TrimSpace(string(text)))
		if err != nil {
			return nil, err
		}
		read := fields{}
		for name := range form {
			read[name], _ = json.Marshal(form.Get(name)) // texts always encode
		}
		return read, nil
	}
	var read fields
	err = json.Unmarshal(text, &read)
	return read, err
}

// take reads the token off an answer and keeps it.
func (s *tokenSource) take(r *request, answer *result) error {
	read, err := fieldsOf(answer)
	token, complaint := read.text("access_token"), read.complaint()
	switch {
	case !good(answer.StatusCode), token == "" && complaint != "":
		return s.denied(r, answer, complaint)
	case err != nil:
		return unreadable(r, answer, err)
	case token == "":
		return failure.New(failure.Datasource, "%s %s: the response has no access_token", r.Method, fetch.SafeURL(s.url)).
			WithCode(failure.CodeDatasourceAuth).WithHint("check that tokenURL is the data source's token endpoint")
	case strings.ContainsAny(token, "\r\n\x00"):
		return failure.New(failure.Datasource, "%s %s: the access_token contains a line break", r.Method, fetch.SafeURL(s.url)).
			WithCode(failure.CodeDatasourceDataProcess).WithHint("ask the operator of the token endpoint")
	}
	s.m.deps.Secret(token)
	s.current, s.expires = token, s.expiry(read)
	if next := read.text("refresh_token"); next != "" && s.grant.renewable {
		s.m.deps.Secret(next)
		s.refresh = next
	}
	return nil
}

// expiry is when to get the next token: early, because clocks differ and a request takes its time.
// It is zero when the answer does not say, or says that the token has expired already: it counts
// until it is refused.
func (s *tokenSource) expiry(read fields) time.Time {
	now := s.m.now()
	lifetime, ok := httpx.ReadWait(read.text("expires_in", "expires_on", "expires_at"), 0, now)
	if !ok || lifetime <= 0 {
		return time.Time{}
	}
	lifetime = min(lifetime, fetch.MaxWait)
	return now.Add(lifetime - min(30*time.Second, lifetime/10))
}

var errNoJSON = errors.New("it holds no value")

// unreadable is the failure of an answer to a login that is no object of JSON.
func unreadable(r *request, answer *result, err error) error {
	text, undecodable := answer.Source().Decode(answer.data)
	if undecodable != nil {
		return fetch.Undecodable(r.Method, answer.Answer, undecodable)
	}
	if json.Valid(text) {
		return failure.New(failure.Datasource, "%s %s: the response (status %d) is JSON, but not an object", r.Method,
			fetch.SafeURL(answer.URL), answer.StatusCode).WithCode(failure.CodeDatasourceDataProcess).
			WithHint("check the URL of the login against the data source's documentation")
	}
	return fetch.NotJSON(r.Method, answer.Answer, text, err)
}

// denied is the failure of a server that gives no token. By the standard a wrong secret is a 400 or
// a 401; some say so with a 200.
func (s *tokenSource) denied(r *request, answer *result, complaint string) error {
	why := statusLine(answer)
	if complaint != "" {
		why += ": " + shortened([]byte(complaint))
	}
	means := meaningOf(answer.StatusCode)
	switch answer.StatusCode {
	case http.StatusForbidden:
		means.hint = s.grant.hint
	case http.StatusBadRequest, http.StatusUnauthorized:
		means = meaning{failure.CodeDatasourceAuth, s.grant.hint}
	default:
		if good(answer.StatusCode) {
			means = meaning{failure.CodeDatasourceAuth, s.grant.hint}
		}
	}
	f := failure.New(failure.Datasource, "%s %s: no token: %s", r.Method, fetch.SafeURL(s.url), why).
		WithCode(means.code).WithHint("%s", means.hint)
	return counted(f, answer.attempts)
}

// isDenied tells whether an error is the data source's refusal of a login.
func isDenied(err error) bool {
	var f *failure.Failure
	return errors.As(err, &f) && (f.Code == failure.CodeDatasourceAuth || f.Code == failure.CodeDatasourceForbidden)
}
