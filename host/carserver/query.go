package carserver

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"carjs/host/carserver/internal/graphql"
	"carjs/host/carserver/internal/tables"
)

// timepointHeader is the header that asks for the graph at a past time, such as
// 2021-01-25T17:52:29.785304.
const timepointHeader = "x-hasura-car-timepoint"

// query handles POST v3/query. An invalid query gets Hasura's response: status 200 with the error
// under "errors".
func (s *Server) query(r *http.Request) (int, any, error) {
	body, err := s.readBody(r, s.maxBody)
	if err != nil {
		return 0, nil, err
	}
	request, err := readQuery(body, r.Header.Get(timepointHeader))
	if problem := (*graphql.Problem)(nil); errors.As(err, &problem) {
		return http.StatusOK, map[string]any{"errors": []any{problem}}, nil
	}
	if err != nil {
		return 0, nil, err
	}
	schema, err := s.catalog.Load().graphql()
	if err != nil {
		return 0, nil, err
	}
	fields, err := schema.Compile(request)
	var answer bytes.Buffer
	if err == nil && request.At != nil {
		err = s.indexPast(r.Context())
	}
	if err == nil {
		err = s.runOperation(r.Context(), fields, &answer)
	}
	if problem := (*graphql.Problem)(nil); errors.As(err, &problem) {
		return http.StatusOK, map[string]any{"errors": []any{problem}}, nil
	}
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, answer.Bytes(), nil
}

// readQuery reads a request. Its error is one of Hasura's, in Hasura's words.
func readQuery(body []byte, at string) (request graphql.Request, err error) {
	if err := decode(body, &request); err != nil {
		return request, malformed(body)
	}
	if len(request.Variables) > 0 { // with every unit of their texts
		var whole map[string]any
		if err := decode(body, &whole); err != nil {
			return request, malformed(body)
		}
		request.Variables, _ = whole["variables"].(map[string]any)
	}
	if request.Query == "" {
		return request, malformed(body)
	}
	request.At, err = timepoint(at)
	return request, err
}

// malformed is the error for a body that is not a query.
func malformed(body []byte) error {
	var whole any
	if decode(body, &whole) != nil {
		return graphql.NotJSON()
	}
	object, ok := whole.(map[string]any)
	if !ok {
		return graphql.Unexpected("$", "Object", whole)
	}
	query, there := object["query"]
	text, isText := query.(string)
	switch {
	case !there:
		return graphql.MissingKey("query")
	case !isText:
		return graphql.Unexpected("$.query", "Text", query)
	case text == "":
		return graphql.NotGraphQL()
	}
	for name, expected := range map[string]string{"variables": "Object", "operationName": "Text"} {
		switch object[name].(type) {
		case nil:
			continue
		case string:
			if expected == "Text" {
				continue
			}
		case map[string]any:
			if expected == "Object" {
				continue
			}
		}
		return graphql.Unexpected("$."+name, expected, object[name])
	}
	return graphql.NotJSON()
}

// timepoint parses the header into epoch milliseconds; nil if it is not set.
func timepoint(header string) (*int64, error) {
	if header == "" {
		return nil, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, header); err == nil {
			millis := t.UnixMilli()
			return &millis, nil
		}
	}
	return nil, graphql.NotTime(header)
}

// indexPast creates the indexes of ended versions on the first query of the past. Most services
// never see one and start faster without them.
func (s *Server) indexPast(ctx context.Context) error {
	c := s.catalog.Load()
	var wanted []tables.Part
	for _, t := range c.tables {
		wanted = append(wanted, t.Past()...)
	}
	there := map[string]string{}
	err := s.store.view(ctx, func(tx *sql.Tx) (err error) {
		there, err = schemaNames(tx, "index", "index")
		return err
	})
	wanted = slices.DeleteFunc(wanted, func(index tables.Part) bool { return there[index.Name] != "" })
	if err != nil || len(wanted) == 0 {
		return err
	}
	return s.store.update(ctx, func(tx *sql.Tx) error {
		for _, index := range wanted {
			if _, err := tx.ExecContext(ctx, index.Create); err != nil {
				return fmt.Errorf("make the index %s of the past: %w", index.Name, err)
			}
		}
		return nil
	})
}

// runOperation runs a query on one snapshot of the graph, or a mutation in one transaction.
func (s *Server) runOperation(ctx context.Context, fields []graphql.Field, answer *bytes.Buffer) error {
	run := func(tx *sql.Tx) error {
		var created bool
		if err := tx.QueryRow("SELECT value ->> 'created' FROM state WHERE name = 'database'").Scan(&created); err != nil {
			return fmt.Errorf("read the state of the database: %w", err)
		} else if !created {
			return notFound("the database is not created yet")
		}
		return s.runFields(ctx, tx, fields, answer)
	}
	for _, f := range fields {
		if f.Change != nil {
			return s.store.update(ctx, run)
		}
	}
	return s.store.view(ctx, run)
}

// runFields writes {"data": {...}}. The response is buffered, so that an error half-way does not
// become a truncated response with status 200.
func (s *Server) runFields(ctx context.Context, tx *sql.Tx, fields []graphql.Field, answer *bytes.Buffer) error {
	answer.WriteString(`{"data":{`)
	for i, f := range fields {
		if i > 0 {
			answer.WriteByte(',')
		}
		key, err := json.Marshal(f.Key)
		if err != nil {
			return err
		}
		answer.Write(key)
		answer.WriteByte(':')
		switch {
		case f.Change != nil:
			err = s.runChange(ctx, tx, f.Change, answer)
		case f.SQL == "":
			answer.WriteString(f.Constant)
		default:
			err = runField(ctx, tx, f, answer)
		}
		if err != nil {
			return fmt.Errorf("query %s: %w", f.Key, err)
		}
	}
	answer.WriteString("}}\n")
	return nil
}

// runField writes the rows of a statement.
func runField(ctx context.Context, tx *sql.Tx, f graphql.Field, answer *bytes.Buffer) error {
	rows, err := tx.QueryContext(ctx, f.SQL, f.Args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	if f.List {
		answer.WriteByte('[')
	}
	n := 1
	if f.Row != nil {
		n = f.Row.Columns
	}
	columns, into := make([]sql.RawBytes, n), make([]any, n)
	for i := range columns {
		into[i] = &columns[i]
	}
	var members [][]byte
	first := true
	for ; rows.Next(); first = false {
		if !first {
			answer.WriteByte(',')
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if f.Row == nil {
			answer.Write(columns[0])
			continue
		}
		answer.Write(f.Row.Append(answer.AvailableBuffer(), columns, &members))
	}
	switch {
	case f.List:
		answer.WriteByte(']')
	case first:
		answer.WriteString("null")
	}
	return rows.Err()
}
