package host

import (
	"context"
	"encoding/json"

	"carjs/host/failure"
	"carjs/host/internal/inventory"
	"carjs/host/model"
)

// EdgesBetween returns the keys of the ends of this source's edges in CAR that start at a vertex in
// from or end at one in to; nil limits nothing. An edge is returned once. If CAR does not answer,
// the error is a [*failure.NotPossible].
func (s *Service) EdgesBetween(ctx context.Context, collection string, from, to []string) ([][2]string, error) {
	c, ok := s.progress.currentModel().Collection(collection)
	if !ok || c.Kind != model.Edge {
		return nil, failure.New(failure.General, "cannot look for edges in %q: the data model has no such edge collection", collection)
	}
	found, err := s.existing(ctx, c, inventory.Part{From: from, To: to})
	if err != nil {
		return nil, err
	}
	seen := make(map[[2]string]bool, len(found))
	var edges [][2]string
	for _, edge := range found {
		if ends := [2]string{edge.From, edge.To}; !seen[ends] {
			seen[ends], edges = true, append(edges, ends)
		}
	}
	return edges, nil
}

// SearchCollection returns the objects of a collection that have a value in an attribute, with the
// fields named.
func (s *Service) SearchCollection(ctx context.Context, collection, attribute, value string, fields []string) ([]map[string]any, error) {
	if err := s.ready(); err != nil {
		return nil, err
	}
	return s.client.SearchCollection(ctx, collection, attribute, value, fields)
}

// QueryGraphQL returns the data of a query; nil when CAR has nothing.
func (s *Service) QueryGraphQL(ctx context.Context, query string, variables map[string]any) (json.RawMessage, error) {
	if err := s.ready(); err != nil {
		return nil, err
	}
	return s.client.Query(ctx, query, variables)
}

// GraphAttributeSearch is CAR's older search, which is deprecated: the log says so once.
func (s *Service) GraphAttributeSearch(ctx context.Context, collection, attribute, value string) (json.RawMessage, error) {
	if err := s.ready(); err != nil {
		return nil, err
	}
	s.deprecated.Do(func() {
		s.log.Warn("graphAttributeSearch is deprecated: use searchCollection or queryGraphql", "collection", collection)
	})
	return s.client.GraphAttributeSearch(ctx, collection, attribute, value)
}

// ImportSchema returns the JSON Schema of CAR's imports.
func (s *Service) ImportSchema(ctx context.Context) (json.RawMessage, error) {
	if err := s.ready(); err != nil {
		return nil, err
	}
	return s.client.ImportSchema(ctx)
}

// SavePoint returns CAR's save point; "" if there is none.
func (s *Service) SavePoint(ctx context.Context) (string, error) {
	if err := s.ready(); err != nil {
		return "", err
	}
	return s.client.SavePoint(ctx)
}
