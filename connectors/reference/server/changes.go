package server

import (
	"database/sql/driver"
	"encoding/json"
	"slices"
)

// delta is what happened to the rows of one collection between two states, as /delta shows it.
type delta struct {
	Updates   []int64 `json:"updates"`
	Deletions []int64 `json:"deletions"`
}

// deltas reads what changed after the change from, up to and including the change to. A row that is
// gone at the end is only among the deletions, whatever happened to it before: its pk is never
// reused.
func (s *snapshot) deltas(from, to int64) (map[string]*delta, error) {
	found := make(map[string]*delta)
	err := s.each(func(row []driver.Value) error {
		model, uid := row[0].(string), row[1].(int64)
		d, ok := found[model]
		if !ok {
			d = &delta{Updates: []int64{}, Deletions: []int64{}}
			found[model] = d
		}
		if row[2].(int64) != 0 {
			d.Deletions = append(d.Deletions, uid)
		} else {
			d.Updates = append(d.Updates, uid)
		}
		return nil
	}, "SELECT model, uid, deleted FROM change WHERE id > ?1 AND id <= ?2", from, to)
	for _, d := range found {
		d.Deletions = sortedSet(d.Deletions)
		d.Updates = difference(sortedSet(d.Updates), d.Deletions)
	}
	return found, err
}

// deltaBody is the response of /delta.
func (s *snapshot) deltaBody(from, to int64) ([]byte, error) {
	if from == to {
		return []byte("{}"), nil
	}
	found, err := s.deltas(from, to)
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string]any{"delta": found})
}

// change is an entry of the change log.
type change struct {
	ID      int64
	Model   string
	UID     int64
	Deleted bool
}

// lastChanges returns the newest n changes before the change number before, newest first.
func (s *snapshot) lastChanges(before int64, n int) ([]change, error) {
	list := make([]change, 0, n)
	err := s.each(func(row []driver.Value) error {
		list = append(list, change{row[0].(int64), row[1].(string), row[2].(int64), row[3].(int64) != 0})
		return nil
	}, "SELECT id, model, uid, deleted FROM change WHERE id < ?1 ORDER BY id DESC LIMIT ?2", before, int64(n))
	return slices.Clip(list), err
}
