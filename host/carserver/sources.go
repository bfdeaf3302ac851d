package carserver

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"time"

	"carjs/host/carserver/internal/tables"
	"carjs/host/model"
)

// readSource reads the document of a source; nil if there is none.
func readSource(tx *sql.Tx, key string) (map[string]any, int64, error) {
	var doc []byte
	var generation int64
	err := tx.QueryRow("SELECT doc, generation FROM sources WHERE key = ?", key).Scan(&doc, &generation)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, 0, nil
	}
	var source map[string]any
	if err == nil {
		err = decode(doc, &source)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read source: %w", err)
	}
	return source, generation, nil
}

// mergeSource merges fields into the document of a source, creating it if necessary, and returns
// the source's full-import generation. null removes a field.
func mergeSource(tx *sql.Tx, key string, fields map[string]any) (int64, error) {
	source, generation, err := readSource(tx, key)
	if err != nil {
		return 0, err
	}
	if source == nil {
		source = map[string]any{}
	}
	maps.Copy(source, fields)
	maps.DeleteFunc(source, func(_ string, v any) bool { return v == nil })
	source["_key"] = key
	_, err = tx.Exec(`INSERT INTO sources (key, doc) VALUES (?1, ?2)
		ON CONFLICT (key) DO UPDATE SET doc = excluded.doc WHERE doc <> excluded.doc`, key, string(tables.AppendCanonical(nil, source)))
	if err != nil {
		return 0, fmt.Errorf("keep source: %w", err)
	}
	return generation, nil
}

// getSource returns the document of a source, including its save point.
func (s *Server) getSource(r *http.Request) (int, any, error) {
	var source map[string]any
	err := s.store.view(r.Context(), func(tx *sql.Tx) error {
		var err error
		source, _, err = readSource(tx, r.PathValue("source"))
		return err
	})
	if err != nil {
		return 0, nil, err
	}
	if source == nil {
		return 0, nil, notFound("there is no source %q", r.PathValue("source"))
	}
	return http.StatusOK, source, nil
}

func (s *Server) patchSourceByQuery(r *http.Request) (int, any, error) {
	key := r.URL.Query().Get("key")
	if key == "" {
		return 0, nil, badRequest("the query needs key=, the key of the source")
	}
	return s.patchSource(r, key)
}

func (s *Server) patchSourceByPath(r *http.Request) (int, any, error) {
	return s.patchSource(r, r.PathValue("source"))
}

// patchSource changes fields of a source, usually its save point, creating the source if necessary.
// The fields are the body itself, or its member "source".
func (s *Server) patchSource(r *http.Request, key string) (int, any, error) {
	fields, err := s.readObject(r)
	if err != nil {
		return 0, nil, err
	}
	if inner, ok := fields["source"]; ok {
		if fields, ok = inner.(map[string]any); !ok {
			return 0, nil, badRequest("source must be an object, not %s", kindOf(inner))
		}
	}
	c := s.catalog.Load()
	checked := maps.Clone(fields)
	maps.DeleteFunc(checked, func(_ string, v any) bool { return v == nil })
	checked["_key"] = key
	if named, there := fields["_key"]; there && named != key {
		return 0, nil, badRequest("the key of a source cannot be changed")
	}
	if faults := append(model.Source().Validate(checked), depthFaults(checked)...); len(faults) > 0 {
		return 0, nil, badRequest("the source is not valid: %s", model.Faults(faults))
	}
	if id, there := checked["model_state_id"]; there {
		if _, ok := id.(string); !ok {
			return 0, nil, badRequest("model_state_id must be a string, not %s", kindOf(id))
		}
	}
	err = s.store.update(r.Context(), func(tx *sql.Tx) error {
		if err := mustBeCreated(tx, c); err != nil {
			return err
		}
		_, err := mergeSource(tx, key, fields)
		return err
	})
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, map[string]any{"result": "OK"}, nil
}

// deleteSource handles DELETE /source/{source}: it ends everything of the source and forgets its
// document, including the save point, since an incremental import would have nothing to build on.
func (s *Server) deleteSource(r *http.Request) (int, any, error) {
	c, key := s.catalog.Load(), r.PathValue("source")
	err := s.store.update(r.Context(), func(tx *sql.Tx) error {
		if err := mustBeReady(tx, c); err != nil {
			return err
		}
		now := time.Now().UnixMilli()
		for _, t := range c.tables {
			if _, err := tx.Exec(t.EndAll(), now, key); err != nil {
				return fmt.Errorf("end %s: %w", t.Collection.Name, err)
			}
		}
		_, err := tx.Exec("DELETE FROM sources WHERE key = ?", key)
		return err
	})
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, map[string]any{"result": "OK"}, nil
}

// kindOf names the kind of a JSON value.
func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "a string"
	case bool:
		return "a boolean"
	case json.Number:
		return "a number"
	case []any:
		return "an array"
	}
	return "an object"
}
