package carserver

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"carjs/host/model"
)

func (s *Server) getImportSchema(r *http.Request) (int, any, error) {
	if version := r.URL.Query().Get("version"); version != "" && version != "v2" {
		return 0, nil, badRequest("there is no import schema %q, only v2", version)
	}
	schema, err := s.catalog.Load().importSchema()
	return http.StatusOK, schema, err
}

// getExtensions handles GET carSchema: it lists all schema extensions, the core schema first.
func (s *Server) getExtensions(r *http.Request) (int, any, error) {
	core, err := json.Marshal(coreSchema())
	if err != nil {
		return 0, nil, err
	}
	all := []json.RawMessage{core}
	err = s.store.view(r.Context(), func(tx *sql.Tx) error {
		rows, err := tx.Query("SELECT doc FROM extensions ORDER BY n")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var doc []byte
			if err := rows.Scan(&doc); err != nil {
				return err
			}
			all = append(all, doc)
		}
		return rows.Err()
	})
	if err != nil {
		return 0, nil, fmt.Errorf("list schema extensions: %w", err)
	}
	return http.StatusOK, all, nil
}

// getExtension handles GET carSchema/{key}: it returns the extension as it was posted.
func (s *Server) getExtension(r *http.Request) (int, any, error) {
	if r.PathValue("key") == coreKey {
		return http.StatusOK, coreSchema(), nil
	}
	var doc []byte
	err := s.store.view(r.Context(), func(tx *sql.Tx) error {
		return tx.QueryRow("SELECT doc FROM extensions WHERE key = ?", r.PathValue("key")).Scan(&doc)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil, notFound("there is no schema extension %q", r.PathValue("key"))
	}
	return http.StatusOK, doc, err
}

// postExtension handles POST carSchema: it adds an extension to the model, or replaces it by a
// newer version. It needs no database, because clients call it first. The extension is stored as
// posted.
func (s *Server) postExtension(r *http.Request) (int, any, error) {
	body, err := s.readBody(r, s.maxBody)
	if err != nil {
		return 0, nil, err
	}
	e, err := model.ParseExtension(body)
	if err != nil {
		return 0, nil, badRequest("%v", err)
	}
	var posted bytes.Buffer
	if err := json.Compact(&posted, body); err != nil {
		return 0, nil, badRequest("the body is not JSON: %v", err)
	}
	s.extending.Lock() // a catalog must not be built on an outdated one
	defer s.extending.Unlock()
	status := http.StatusOK
	var next *catalog
	err = s.store.update(r.Context(), func(tx *sql.Tx) error {
		stored, err := loadExtensions(tx)
		if err != nil {
			return err
		}
		merged, place, err := replaceExtension(stored, e)
		if err != nil || merged == nil {
			return err
		}
		if place == len(stored) {
			status = http.StatusCreated
		}
		if next, err = newCatalog(merged, e, s.keys); err != nil {
			return badRequest("%v", err)
		}
		if _, err := next.graphql(); err != nil {
			return badRequest("schema extension %s: its names cannot be queried: %v", e.Key, err)
		}
		return s.storeExtension(tx, next, e.Key, posted.String())
	})
	if err != nil {
		return 0, nil, err
	}
	if next != nil {
		s.catalog.Store(next)
		s.log.Info("schema extension", "key", e.Key, "owner", e.Owner, "extension_version", e.Version)
	}
	return status, posted.Bytes(), nil
}

// replaceExtension replaces an extension in the list of those stored, or appends it. It returns nil
// if the same extension is stored already.
func replaceExtension(stored []*model.Extension, e *model.Extension) ([]*model.Extension, int, error) {
	for i, old := range stored {
		if old.Key != e.Key {
			continue
		}
		was, errOld := old.VersionNumber()
		is, errNew := e.VersionNumber()
		same, errSame := sameExtension(old, e)
		switch {
		case errors.Join(errOld, errNew, errSame) != nil:
			return nil, 0, errors.Join(errOld, errNew, errSame)
		case is == was && same:
			return nil, 0, nil
		case is == was:
			return nil, 0, refuse(http.StatusConflict,
				"schema extension %s: version %s is stored with another content: a change needs a higher version", e.Key, e.Version)
		case is < was:
			return nil, 0, refuse(http.StatusConflict,
				"schema extension %s: version %s is older than the stored version %s", e.Key, e.Version, old.Version)
		}
		merged := append([]*model.Extension{}, stored...)
		merged[i] = e
		return merged, i, nil
	}
	return append(append([]*model.Extension{}, stored...), e), len(stored), nil
}

func sameExtension(a, b *model.Extension) (bool, error) {
	left, err := json.Marshal(a)
	if err != nil {
		return false, err
	}
	right, err := json.Marshal(b)
	return bytes.Equal(left, right), err
}

// storeExtension stores an extension and creates the tables of its collections, with indexes if the
// other collections have them: an extension must not make a ready database unready.
func (s *Server) storeExtension(tx *sql.Tx, next *catalog, key, doc string) error {
	_, err := tx.Exec("INSERT INTO extensions (key, doc) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET doc = excluded.doc", key, doc)
	if err != nil {
		return fmt.Errorf("keep schema extension: %w", err)
	}
	before, err := readDatabase(tx, s.catalog.Load())
	if err != nil {
		return err
	}
	if err := next.create(tx); err != nil {
		return err
	}
	for _, t := range next.tables {
		if before.Created && len(before.unindexed) == 0 {
			if err := setIndexes(tx, t, true); err != nil {
				return err
			}
		}
	}
	return nil
}
