package carserver

import (
	"database/sql"
	"fmt"
	"net/http"
	"slices"
	"time"

	"carjs/host/model"
)

// deleteExtension handles DELETE carSchema/{key}: it removes the extension's collections and
// properties from the model. Objects in these collections end; the tables stay and keep their
// history.
func (s *Server) deleteExtension(r *http.Request) (int, any, error) {
	key := r.PathValue("key")
	if key == coreKey {
		return 0, nil, badRequest("the core schema cannot be deleted")
	}
	s.extending.Lock()
	defer s.extending.Unlock()
	var next *catalog
	err := s.store.update(r.Context(), func(tx *sql.Tx) error {
		stored, err := loadExtensions(tx)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(stored, func(e *model.Extension) bool { return e.Key == key })
		if i < 0 {
			return notFound("there is no schema extension %q", key)
		}
		if next, err = newCatalog(slices.Delete(stored, i, i+1), nil, s.keys); err != nil {
			return refuse(http.StatusConflict, "another schema extension builds on %s: %v", key, err)
		}
		if err := s.endDropped(tx, next); err != nil {
			return err
		}
		_, err = tx.Exec("DELETE FROM extensions WHERE key = ?", key)
		return err
	})
	if err != nil {
		return 0, nil, err
	}
	s.catalog.Store(next)
	s.log.Info("schema extension deleted", "key", key)
	return http.StatusNoContent, nil, nil
}

// endDropped ends the objects of the collections that are not in the next catalog.
func (s *Server) endDropped(tx *sql.Tx, next *catalog) error {
	now := time.Now().UnixMilli()
	for _, t := range s.catalog.Load().tables {
		if _, stays := next.byName[t.Collection.Name]; stays {
			continue
		}
		if _, err := tx.Exec(fmt.Sprintf(`UPDATE "%s" SET _t2 = ? WHERE _t2 IS NULL`, t.Name), now); err != nil {
			return fmt.Errorf("end %s: %w", t.Collection.Name, err)
		}
	}
	return nil
}
