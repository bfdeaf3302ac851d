package car

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"carjs/host/esjson"
	"carjs/host/failure"
	"carjs/host/lazyregexp"
	"carjs/host/model"
)

// searchPage is how many objects a search asks for at once.
const searchPage = 1000

// name is a name in GraphQL.
var name = lazyregexp.New(`^[_A-Za-z][_0-9A-Za-z]*$`)

// ErrQueryRefused is in the chain of a failure by which CAR said what is wrong with a query.
var ErrQueryRefused = errors.New("query refused")

// ErrQueryInvalid is in the chain, too, when the query itself was wrong for this CAR: it names a
// collection or a field that CAR does not show. Any other refusal, such as a time-out of CAR's
// database, says nothing about what CAR has.
var ErrQueryInvalid = errors.New("query invalid")

// Query sends a GraphQL query and returns its data; nil when CAR has nothing (404).
func (c *Client) Query(ctx context.Context, graphql string, variables map[string]any) (json.RawMessage, error) {
	body := map[string]any{"query": graphql}
	if len(variables) > 0 {
		body["variables"] = variables
	}
	encoded, err := encode(body)
	if err != nil {
		return nil, err
	}
	var answer struct {
		Data   json.RawMessage `json:"data"`
		Errors []struct {
			Message    string `json:"message"`
			Extensions struct {
				Code string `json:"code"`
			} `json:"extensions"`
		} `json:"errors"`
	}
	status, err := c.send(ctx, request{call: PostQuery, method: http.MethodPost, url: c.v3 + "/query", body: encoded,
		takes: []int{http.StatusNotFound}, into: &answer, complete: func() bool { return answer.Errors != nil || isObject(answer.Data) }})
	if err != nil || status == http.StatusNotFound {
		return nil, err
	}
	if len(answer.Errors) > 0 {
		rule, cause := RuleFor(PostQuery, QueryRefused), ErrQueryRefused
		// With data beside it the response contradicts itself, so it proves nothing about names.
		if answer.Errors[0].Extensions.Code == "validation-failed" && !isObject(answer.Data) {
			cause = errors.Join(ErrQueryRefused, ErrQueryInvalid)
		}
		return nil, failure.New(rule.Kind, "CAR rejected a query: %s", answer.Errors[0].Message).
			WithFault(rule.Fault).WithHint("%s", rule.Hint).WithDetail(string(shorten([]byte(graphql)))).WithCause(cause)
	}
	return answer.Data, nil
}

func isObject(data json.RawMessage) bool {
	return len(bytes.TrimSpace(data)) > 0 && bytes.TrimSpace(data)[0] == '{'
}

// SearchCollection returns all objects of a collection that have a value in an attribute, with the
// fields that are named; nil when CAR has nothing to search in.
func (c *Client) SearchCollection(ctx context.Context, collection, attribute, value string, fields []string) ([]map[string]any, error) {
	for _, n := range append([]string{collection, attribute}, fields...) {
		if !name().MatchString(n) {
			return nil, mistake("%q is not the name of a collection or a field", n).
				WithHint("pass searchCollection a collection, an attribute, a value and a list of fields")
		}
	}
	if len(fields) == 0 {
		return nil, mistake("searchCollection in %s needs a list of the fields to return", collection)
	}
	rows := []map[string]any{}
	order := c.orderOf(collection)
	for {
		paging := ""
		if order != "" {
			paging = fmt.Sprintf(", order_by: [%s], limit: %d, offset: %d", order, searchPage, len(rows))
		}
		query := fmt.Sprintf("{ %s(where: {%s: {_eq: %s}}%s) { %s } }", collection, attribute, text(value), paging, strings.Join(fields, " "))
		data, err := c.Query(ctx, query, nil)
		if err != nil || data == nil {
			return nil, err
		}
		found, why := rowsOf(data, collection)
		if why != "" {
			return nil, c.unusable(collection, data, why)
		}
		for _, row := range found {
			for _, field := range fields {
				if _, there := row[field]; !there {
					return nil, c.unusable(collection, data, "it has rows without the field "+field)
				}
			}
		}
		rows = append(rows, found...)
		if order == "" || len(found) == 0 {
			return rows, nil
		}
	}
}

// rowsOf reads the rows of a collection in the data of an answer, or says why it cannot. Halves of
// surrogate pairs are kept: encoding/json makes U+FFFD of them, and of two rows one.
func rowsOf(data []byte, collection string) (rows []map[string]any, why string) {
	decoded, err := esjson.Decode(data)
	parts, ok := decoded.(map[string]any)
	if err != nil || !ok {
		return nil, "it is not a list of rows"
	}
	part, there := parts[collection]
	if !there {
		return nil, "it has no list of rows"
	}
	list, ok := part.([]any)
	if !ok && part != nil {
		return nil, "it is not a list of rows"
	}
	rows = make([]map[string]any, len(list))
	for i, row := range list {
		if rows[i], ok = row.(map[string]any); !ok {
			return nil, "it is not a list of rows"
		}
	}
	return rows, ""
}

// unusable is the failure of a search whose answer does not fit it.
func (c *Client) unusable(collection string, data []byte, why string) *failure.Failure {
	rule := RuleFor(PostQuery, Incomplete)
	return failure.New(rule.Kind, "CAR's response to a search in %s is unusable: %s", collection, why).
		WithFault(rule.Fault).WithHint("%s", rule.Hint).WithDetail(string(shorten(data)))
}

// orderOf is an order in which no two objects of a collection are the same, so that pages neither
// overlap nor leave gaps. It is "" for a collection of an extension, whose fields are not known
// here: that is asked for in one go.
func (c *Client) orderOf(collection string) string {
	known, ok := model.CAR().Collection(collection)
	switch {
	case !ok:
		return ""
	case known.Kind == model.Vertex:
		return "{id: asc}"
	}
	from, to := c.endsOf(collection)
	return "{" + from + ": asc}, {" + to + ": asc}"
}

// text writes a string in GraphQL, which writes them as JSON does.
func text(s string) string { return string(esjson.AppendString(nil, s)) }

// GraphAttributeSearch is the older search: the objects with a value in an attribute, as a JSON
// array; an empty one when CAR has nothing (404). An older service answers with an object that has
// the array in "result".
func (c *Client) GraphAttributeSearch(ctx context.Context, collection, attribute, value string) (json.RawMessage, error) {
	var raw, found json.RawMessage
	status, err := c.send(ctx, request{call: SearchAttribute, method: http.MethodGet, takes: []int{http.StatusNotFound},
		url:  c.v2 + "/" + url.PathEscape(collection) + "?" + url.QueryEscape(attribute) + "=" + url.QueryEscape(value),
		into: &raw, complete: func() bool {
			var older struct {
				Result json.RawMessage `json:"result"`
			}
			found = raw
			if json.Unmarshal(raw, &older) == nil && older.Result != nil {
				found = older.Result
			}
			return isArray(found)
		}})
	if found == nil && err == nil && (status == http.StatusNotFound || status == http.StatusNoContent) {
		found = json.RawMessage("[]")
	}
	return found, err
}

// Count returns how many objects of a collection the source has, by CAR's older search, which takes
// all of them to count them: it is for a CAR that does not answer queries. told is false where that
// search has no answer either, or one from which nothing can be concluded.
func (c *Client) Count(ctx context.Context, collection string) (n int, told bool, err error) {
	var rows []struct {
		Source *string `json:"source"`
	}
	var raw json.RawMessage
	status, err := c.send(ctx, request{call: SearchAttribute, method: http.MethodGet,
		url: c.v2 + "/" + url.PathEscape(collection) + "?source=" + url.QueryEscape(c.config.Source),
		takes: []int{http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed,
			http.StatusNotImplemented},
		into: &raw})
	if err != nil || status/100 != 2 || !isArray(raw) || json.Unmarshal(raw, &rows) != nil {
		return 0, false, err
	}
	for _, row := range rows {
		if row.Source == nil || *row.Source == c.config.Source {
			n++
		}
	}
	return n, true, nil
}

func isArray(data json.RawMessage) bool {
	return len(bytes.TrimSpace(data)) > 0 && bytes.TrimSpace(data)[0] == '['
}
