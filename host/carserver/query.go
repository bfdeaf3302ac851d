package carserver

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"

	"carjs/host/carserver/internal/graphql"
)

// query answers POST v3/query. A query that is wrong is answered with status 400 and the list of
// errors under "errors", in GraphQL's form.
func (s *Server) query(r *http.Request) (int, any, error) {
	body, err := s.readBody(r, s.maxBody)
	if err != nil {
		return 0, nil, err
	}
	var request graphql.Request
	if err := decode(body, &request); err != nil {
		return 0, nil, badRequest("the body is not a query: %v", err)
	}
	if request.Query == "" {
		return 0, nil, badRequest("the body needs a query")
	}
	schema, err := s.catalog.Load().graphql()
	if err != nil {
		return 0, nil, err
	}
	fields, errs := schema.Compile(request)
	if len(errs) > 0 {
		return http.StatusBadRequest, map[string]any{"errors": errs}, nil
	}
	var answer bytes.Buffer
	err = s.store.view(r.Context(), func(tx *sql.Tx) error {
		if d, err := readDatabase(tx, s.catalog.Load()); err != nil {
			return err
		} else if !d.Created {
			return notFound("the database is not created yet")
		}
		return runQuery(r.Context(), tx, fields, &answer)
	})
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, answer.Bytes(), nil
}

// runQuery writes {"data": {...}}. The whole answer is gathered before it is sent, so that an error
// in the middle is not a cut-off answer with status 200.
func runQuery(ctx context.Context, tx *sql.Tx, fields []graphql.Field, answer *bytes.Buffer) error {
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
		if f.SQL == "" {
			answer.WriteString(f.Constant)
			continue
		}
		if err := runField(ctx, tx, f, answer); err != nil {
			return fmt.Errorf("query %s: %w", f.Key, err)
		}
	}
	answer.WriteString("}}\n")
	return nil
}

func runField(ctx context.Context, tx *sql.Tx, f graphql.Field, answer *bytes.Buffer) error {
	rows, err := tx.QueryContext(ctx, f.SQL, f.Args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	if f.List {
		answer.WriteByte('[')
	}
	for first := true; rows.Next(); first = false {
		if !first {
			answer.WriteByte(',')
		}
		var object sql.RawBytes
		if err := rows.Scan(&object); err != nil {
			return err
		}
		answer.Write(object)
	}
	if f.List {
		answer.WriteByte(']')
	}
	return rows.Err()
}
