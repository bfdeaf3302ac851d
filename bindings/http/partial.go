package http

import (
	"net/http"
	"slices"
	"strings"

	"carjs/bindings/fetch"
	"carjs/host/failure"
)

// partial tells whether an answer is a part (status 206) of what nobody wanted in parts: such an
// answer is never taken for the whole. A connector that sends Range, or accepts the status, does. A
// page of a list is a part of it by right, when it says so in another unit than bytes, as some data
// sources do: "Content-Range: items 0-99/1234".
func partial(r *request, answer *http.Response) bool {
	if answer.StatusCode != http.StatusPartialContent || r.Header.Get("Range") != "" || slices.Contains(r.accept, answer.StatusCode) {
		return false
	}
	unit := strings.TrimSpace(answer.Header.Get("Content-Range"))
	return !r.page || unit == "" || strings.HasPrefix(strings.ToLower(unit), "bytes")
}

// inPart is the failure of an answer that is partial.
func inPart(r *request, answer *result) error {
	f := failure.New(failure.Datasource, "%s %s: %s: the data source returned a part of the answer, though all of it was requested",
		r.Method, fetch.SafeURL(answer.URL), statusLine(answer)).
		WithCode(failure.CodeDatasourceDataProcess).
		WithHint("check the data source and what is between it and carjs; if it answers so on purpose, set accept: [206] of the request")
	if covers := answer.Header.Get("Content-Range"); covers != "" {
		f = f.WithDetail("Content-Range: " + covers)
	}
	return counted(f, answer.attempts)
}
