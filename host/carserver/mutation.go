package carserver

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"carjs/host/carserver/internal/graphql"
	"carjs/host/carserver/internal/tables"
	"carjs/host/model"
)

// runChange runs one field of a mutation and writes its response.
func (s *Server) runChange(ctx context.Context, tx *sql.Tx, change *graphql.Change, answer *bytes.Buffer) error {
	var numbers []int64
	affected, err := 0, error(nil)
	switch {
	case change.Delete:
		numbers, err = deleteRows(tx, change)
		affected = len(numbers)
	case change.Apply != nil:
		numbers, err = updateRows(tx, change)
		affected = len(numbers)
	default:
		numbers, affected, err = s.insertRows(tx, change)
	}
	if err != nil {
		return err
	}
	field, err := change.Answer(numbers, affected)
	if err != nil {
		return err
	}
	return runField(ctx, tx, field, answer)
}

// updateRows updates the documents of the rows that an update selects. A row whose document changes
// gets a new version. It returns the numbers of the rows that are current afterwards.
func updateRows(tx *sql.Tx, change *graphql.Change) ([]int64, error) {
	versions, err := foundVersions(tx, change)
	if err != nil {
		return nil, err
	}
	var numbers []int64
	for _, v := range versions {
		n, err := edited(tx, change.Table, v, change.Apply)
		if err != nil {
			return nil, err
		}
		numbers = append(numbers, n)
	}
	return numbers, nil
}

// deleteRows ends the rows that a deletion selects, and returns their numbers.
func deleteRows(tx *sql.Tx, change *graphql.Change) ([]int64, error) {
	versions, err := foundVersions(tx, change)
	if err != nil {
		return nil, err
	}
	numbers := make([]int64, len(versions))
	for i, v := range versions {
		numbers[i] = v.n
		if err := replaceVersion(tx, change.Table, v, v.doc, true); err != nil {
			return nil, err
		}
	}
	return numbers, nil
}

func foundVersions(tx *sql.Tx, change *graphql.Change) ([]*version, error) {
	rows, err := tx.Query(change.Find, change.FindArgs...)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", change.Table.Collection.Name, err)
	}
	defer rows.Close()
	var versions []*version
	for rows.Next() {
		v := &version{}
		if err := rows.Scan(&v.n, &v.doc); err != nil {
			return nil, fmt.Errorf("find %s: %w", change.Table.Collection.Name, err)
		}
		versions = append(versions, v)
	}
	return versions, errors.Join(rows.Err(), rows.Close())
}

// edited changes the document of an object and returns the number of its current version.
func edited(tx *sql.Tx, t *tables.Table, v *version, apply func(map[string]any) error) (int64, error) {
	var object map[string]any
	if err := decode(v.doc, &object); err != nil {
		return 0, fmt.Errorf("read %s: %w", t.Collection.Name, err)
	}
	if err := apply(object); err != nil {
		return 0, err
	}
	if faults := patchFaults(t, object); len(faults) > 0 {
		return 0, graphql.Violation("Check constraint violation. %s would not be valid: %s", t.Collection.Name, model.Faults(faults))
	}
	t.Spell(object)
	doc := tables.AppendCanonical(nil, object)
	if err := replaceVersion(tx, t, v, doc, false); err != nil {
		return 0, err
	}
	if bytes.Equal(doc, v.doc) {
		return v.n, nil
	}
	var n int64
	var source string
	if err := tx.QueryRow(fmt.Sprintf(`SELECT n, source FROM "%s" WHERE n = last_insert_rowid()`, t.Name)).Scan(&n, &source); err != nil {
		return 0, fmt.Errorf("change %s: %w", t.Collection.Name, err)
	}
	shared, err := sharedValues(tx, t, source, string(doc))
	if err == nil && shared != "" {
		err = graphql.Violation("Uniqueness violation. %s", shared)
	}
	return n, err
}

// insertRows inserts tags, or links between tags and vertices, creating missing tags. It returns
// the numbers of the rows that exist afterwards, and how many it wrote.
func (s *Server) insertRows(tx *sql.Tx, change *graphql.Change) (numbers []int64, affected int, err error) {
	tags := s.catalog.Load().byName[tables.TagCollection]
	for i := range change.Insertions {
		row := &change.Insertions[i]
		in := &inserter{tx: tx, row: row, now: time.Now().UnixMilli()}
		if err := tx.QueryRow("SELECT generation FROM sources WHERE key = ?", row.Source).Scan(&in.generation); err != nil {
			if errors.Is(err, sql.ErrNoRows) {
				return nil, 0, graphql.Violation("Foreign key violation. there is no source %q", row.Source)
			}
			return nil, 0, fmt.Errorf("find source: %w", err)
		}
		identity := []any{row.Source, row.Tag}
		if change.Table != tags {
			vertices := s.catalog.Load().byName[change.Table.To]
			if there, err := in.current(vertices, []any{row.Source, row.Vertex}); err != nil {
				return nil, 0, err
			} else if there == nil {
				return nil, 0, graphql.Violation("Foreign key violation. there is no %s %q", vertices.Collection.Name, row.Source+"/"+row.Vertex)
			}
			if err := in.makeTag(tags); err != nil {
				return nil, 0, err
			}
			identity = append(identity, row.Vertex)
		}
		n, written, err := in.insert(change.Table, identity)
		if err != nil {
			return nil, 0, err
		}
		if written {
			affected++
			numbers = append(numbers, n)
		}
	}
	return numbers, affected, nil
}

// inserter inserts one row.
type inserter struct {
	tx              *sql.Tx
	row             *graphql.Insertion
	generation, now int64
}

// current returns the current version of an object; nil if there is none.
func (in *inserter) current(t *tables.Table, identity []any) (*version, error) {
	where := ""
	for _, column := range t.Identity {
		where += column + " = ? AND "
	}
	found, err := findVersions(in.tx, t, where+"_t2 IS NULL", identity)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", t.Collection.Name, err)
	}
	if len(found) == 0 {
		return nil, nil
	}
	return found[0], nil
}

// makeTag creates the tag of a link if it does not exist.
func (in *inserter) makeTag(tags *tables.Table) error {
	identity := []any{in.row.Source, in.row.Tag}
	there, err := in.current(tags, identity)
	if err != nil || there != nil {
		return err
	}
	_, err = in.write(tags, identity, tagDocument(in.row.Tag), in.now)
	return err
}

// insert writes the row, or updates an existing one, and reports whether it did.
func (in *inserter) insert(t *tables.Table, identity []any) (n int64, written bool, err error) {
	there, err := in.current(t, identity)
	switch {
	case err != nil:
		return 0, false, err
	case there == nil:
		at := in.now
		if in.row.ReportedAt != nil {
			at = *in.row.ReportedAt
		}
		n, err = in.write(t, identity, string(tables.AppendCanonical(nil, in.row.Document)), at)
		return n, true, err
	case in.row.Skip:
		return 0, false, nil
	case len(in.row.Replace) == 0:
		return 0, false, graphql.Violation("Uniqueness violation. duplicate key value violates unique constraint %q", t.Collection.Name+"_id_t2")
	}
	n, err = edited(in.tx, t, there, func(object map[string]any) error {
		for _, property := range in.row.Replace {
			object[property] = in.row.Document[property]
			if object[property] == nil {
				delete(object, property)
			}
		}
		return nil
	})
	return n, true, err
}

func (in *inserter) write(t *tables.Table, identity []any, doc string, reportedAt int64) (int64, error) {
	result, err := in.tx.Exec(t.Insert(), append(identity[:len(identity):len(identity)], doc, nil, reportedAt, in.generation, in.now)...)
	if err != nil {
		return 0, fmt.Errorf("insert %s: %w", t.Collection.Name, err)
	}
	return result.LastInsertId()
}
