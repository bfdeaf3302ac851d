package http

import (
	"net/http"
	"slices"
	"strconv"
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
	f := failure.New(failure.Datasource, "%s %s: %s: the data source returned a part of the response, though all of it was requested",
		r.Method, fetch.SafeURL(answer.URL), statusLine(answer)).
		WithCode(failure.CodeDatasourceDataProcess).
		WithHint("check the data source and what is between it and carjs; if it answers so on purpose, set accept: [206] of the request")
	if covers := answer.Header.Get("Content-Range"); covers != "" {
		f = f.WithDetail("Content-Range: " + covers)
	}
	return counted(f, answer.attempts)
}

// unready is the failure of a list without rows that comes with status 202: the data source has
// taken the request and not done yet what it asks for. That is no empty list.
func unready(method string, answer *fetch.Answer) error {
	return failure.New(failure.Datasource, "%s %s: status 202 Accepted and no rows: the data source has not finished the list yet",
		method, fetch.SafeURL(answer.URL)).
		WithCode(failure.CodeDatasourceDataProcess).WithHint(hintLater)
}

// reach is how far the pages of a list came by their own words, as "Content-Range: items 0-99/1234"
// says it. The zero value says nothing.
type reach struct {
	covers      string // the header
	last, total int    // the number of the last row, from 0, and of all rows
}

// reachOf reads the header of a page; a list of unknown length, and bytes, say nothing.
func reachOf(header http.Header) reach {
	covers := strings.TrimSpace(header.Get("Content-Range"))
	unit, places, _ := strings.Cut(covers, " ")
	part, all, _ := strings.Cut(places, "/")
	_, end, _ := strings.Cut(part, "-")
	last, errLast := strconv.Atoi(strings.TrimSpace(end))
	total, errTotal := strconv.Atoi(strings.TrimSpace(all))
	if errLast != nil || errTotal != nil || strings.EqualFold(unit, "bytes") {
		return reach{}
	}
	return reach{covers, last, total}
}

// short tells whether rows are behind the last one.
func (r reach) short() bool { return r.last+1 < r.total }
