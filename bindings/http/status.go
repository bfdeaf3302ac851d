package http

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"carjs/bindings/fetch"
	"carjs/host/failure"
	"carjs/host/httpx"
)

// meanings is the table of what a status means for the run: the failure's code, and what to do.
// Other statuses have the general code of a data source's failure.
var meanings = map[int]meaning{
	http.StatusBadRequest: {failure.CodeDatasourceInvalidParameter, hintParameter},
	http.StatusUnauthorized: {
		failure.CodeDatasourceAuth,
		"check user, password, key or token in the connector's settings, and whether they have expired",
	},
	http.StatusForbidden: {
		failure.CodeDatasourceForbidden,
		"the account may not read this: grant it the permission in the data source",
	},
	http.StatusNotFound: {
		failure.CodeDatasourceInvalidParameter,
		"check the URL in the connector's settings, and whether the data source's version supports this",
	},
	http.StatusMethodNotAllowed: {
		failure.CodeDatasourceInvalidParameter,
		"the data source does not support this method here: check the URL in the connector's settings",
	},
	http.StatusUnprocessableEntity: {failure.CodeDatasourceInvalidParameter, hintParameter},
	http.StatusRequestTimeout:      {failure.CodeDatasourceConnect, hintLater},
	http.StatusTooManyRequests:     {failure.CodeDatasourceConnect, hintThrottled},
}

const (
	hintParameter = "the data source rejected the request: see its response in the details, and check the connector's settings"
	hintThrottled = "the data source limits requests: set rateLimit of HttpClient, or run it at another time"
	hintRule      = "see the data source's response in the details"
	hintLater     = "run it again later; if the error persists, ask the operator of the data source"
)

type meaning struct {
	code int
	hint string
}

func meaningOf(status int) meaning {
	if m, ok := meanings[status]; ok {
		return m
	}
	if status >= 500 {
		return meaning{failure.CodeDatasourceConnect, hintLater}
	}
	return meaning{failure.CodeDatasource, "see the data source's response in the details"}
}

// refused is the failure of an answer that is none of those asked for.
func refused(r *request, answer *result, v verdict) error {
	means, what := meaningOf(answer.StatusCode), statusLine(answer)
	if v.rule != nil {
		if good(answer.StatusCode) {
			means = meaning{failure.CodeDatasourceDataProcess, hintRule}
			what += ", which a rule of the connector takes for a failure"
		}
		means = meaning{cmp.Or(v.rule.code, means.code), cmp.Or(v.rule.hint, means.hint)}
		what = cmp.Or(v.rule.message, what)
	}
	f := failure.New(failure.Datasource, "%s %s: %s", r.Method, fetch.SafeURL(answer.URL), what).
		WithCode(means.code).WithHint("%s", means.hint).WithDetail(shortened([]byte(readable(answer))))
	return counted(f, answer.attempts)
}

// busy is the failure of a server that wants to be left alone for longer than the client waits.
func busy(r *request, answer *result, asked httpx.AskedWait, most time.Duration) error {
	by := "it"
	if asked.Header != "" {
		by = asked.Header
	}
	return failure.New(failure.Datasource, "%s %s: %s, and %s asks to wait for %s",
		r.Method, fetch.SafeURL(answer.URL), statusLine(answer), by, waitText(asked.Wait)).
		WithCode(failure.CodeDatasourceConnect).
		WithHint("run it again after that time, set rateLimit of HttpClient, or raise its maxWait, which is %s", most).
		WithDetail(shortened([]byte(readable(answer))))
}

// waitText is a wait for people.
func waitText(d time.Duration) string {
	switch {
	case d >= httpx.MaxWait:
		return "more than 100 years"
	case d >= time.Second:
		return d.Round(time.Second).String()
	}
	return d.String()
}

func statusLine(answer *result) string {
	text := fetch.StatusText(answer.Response)
	if text == "" {
		text = http.StatusText(answer.StatusCode)
	}
	return strings.TrimSpace("status " + strconv.Itoa(answer.StatusCode) + " " + text)
}

// shortened is the beginning of a body, for people.
func shortened(data []byte) string {
	const most = 2000
	cut := len(data) > most
	if cut {
		data = data[:most]
	}
	if !utf8.Valid(data) {
		data = []byte(strings.ToValidUTF8(string(data), "\ufffd"))
	}
	text := strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.TrimSpace(string(data)))
	if cut {
		text += " …"
	}
	return text
}
