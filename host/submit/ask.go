package submit

import (
	"context"
	"slices"

	"carjs/host/esjson"
	"carjs/host/model"
)

// MaxAsked is the maximum number of keys in a call of InCAR.
const MaxAsked = 200

// ask asks CAR for the vertices at the ends of edges that were not added, each once.
func (s *Submission) ask(ctx context.Context, cs *collectionState, edges []doubtfulEdge) error {
	if s.config.InCAR == nil || !s.config.CheckEnds || len(edges) == 0 {
		return nil
	}
	for i := range cs.checks {
		vertices := cs.checks[i].vertices
		if vertices == nil {
			continue
		}
		var keys []string
		wanted := map[string]bool{}
		for n := range edges {
			text := edges[n].ends[i]
			if len(text) == 0 || wanted[string(text)] {
				continue
			}
			asked, err := s.answered(vertices, text)
			if err != nil {
				return err
			}
			if !asked {
				wanted[string(text)] = true
				keys = append(keys, plain(text))
			}
		}
		for batch := range slices.Chunk(keys, MaxAsked) {
			if err := s.askFor(ctx, vertices, batch); err != nil {
				return err
			}
		}
	}
	return nil
}

// answered tells whether CAR need not be asked for a vertex: it was added, CAR was asked before, or
// it was given to [Submission.Replace], so that CAR loses it unless it is added.
func (s *Submission) answered(vertices *collectionState, text []byte) (bool, error) {
	if added, err := s.added(vertices, text); added || err != nil {
		return added, err
	}
	if vertices.existing.has(vertices.model, plain(text)) {
		return true, nil
	}
	if vertices.around == nil {
		return false, nil
	}
	for _, keys := range [...]*keySet{&vertices.around.there, &vertices.around.absent} {
		if found, err := s.noted(vertices, keys, text); found || err != nil {
			return found, err
		}
	}
	return false, nil
}

// askFor asks CAR for vertices and notes the results.
func (s *Submission) askFor(ctx context.Context, vertices *collectionState, keys []string) error {
	found, err := s.config.InCAR(ctx, vertices.model, keys)
	if err != nil {
		return err
	}
	there := make(map[string]bool, len(found))
	for _, key := range found {
		there[model.SameKey(vertices.model.Name, key)] = true
	}
	around := vertices.surroundings()
	for _, key := range keys {
		set := &around.absent
		if there[model.SameKey(vertices.model.Name, key)] {
			set = &around.there
		}
		if err := s.note(vertices, set, esjson.AppendString(nil, key)); err != nil {
			return err
		}
	}
	return nil
}
