package host

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/go-hclog"
	"golang.org/x/sync/errgroup"

	"carjs/host/car"
	"carjs/host/failure"
	"carjs/host/model"
	"carjs/host/submit"
)

const (
	// patches is how many edges are switched off at the same time.
	patches = 4
	// shownIDs is how many ids a log line names.
	shownIDs = 10
)

// Service are the calls to CAR that a connector may make. Any goroutine may call its methods. Every
// error is a [*failure.Failure], a [*failure.NotPossible], or that of the context.
type Service struct {
	client  *car.Client
	without error // why there is no client
	log     hclog.Logger
	run     *Run
	reset   func(context.Context) error // the session's, which knows what CAR has

	deprecated sync.Once
	mu         sync.Mutex
	deleted    map[string]int
}

func (s *Service) ready() error {
	if s.client == nil {
		return s.without
	}
	return nil
}

// Delete deletes vertices of this source by their keys: external ids, or the _key in collections
// that have one. The source's edges at them are switched off first, because an edge must not point
// at a vertex that is gone. The error is a [*failure.NotPossible] when an id has a comma: the run
// is a full one then.
func (s *Service) Delete(ctx context.Context, collection string, ids []string) error {
	if err := s.ready(); err != nil {
		return err
	}
	c, err := s.vertices(collection)
	if err != nil {
		return err
	}
	if err := s.run.mayDelete(collection); err != nil {
		return err
	}
	ids = distinct(ids)
	if i := slices.IndexFunc(ids, func(id string) bool { return strings.Contains(id, ",") }); i >= 0 {
		// CAR takes a list of ids and splits it at commas. A full import retires what cannot be
		// named.
		return &failure.NotPossible{Reason: fmt.Sprintf("CAR cannot delete the %s %q, whose id has a comma", collection, ids[i])}
	}
	there := 0
	for batch := range slices.Chunk(ids, idBatch) {
		n, edges, err := s.touched(ctx, c, batch)
		if err != nil {
			return err
		}
		there += len(n)
		for _, e := range edges {
			if err := s.switchOff(ctx, e.collection, e.edges); err != nil {
				return err
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	if err := s.client.Delete(ctx, collection, ids); err != nil {
		return err
	}
	s.count(collection, there)
	if there < len(ids) {
		s.log.Info("CAR does not have all vertices that are to be deleted; are the ids their keys?",
			"collection", collection, "asked", len(ids), "there", there, "ids", ids[:min(len(ids), shownIDs)])
	}
	return nil
}

func (s *Service) vertices(collection string) (*model.Collection, error) {
	c, ok := s.run.Model().Collection(collection)
	if !ok {
		return nil, failure.New(failure.General, "the data model has no vertex collection %q", collection)
	}
	if c.Kind != model.Vertex {
		return nil, failure.New(failure.General, "%s is an edge collection: its edges are not deleted but switched off", collection).
			WithHint(`set "active" to false with edgePatch, or report the collection anew`)
	}
	return c, nil
}

// distinct returns the ids without those that are empty or there before, in their order.
func distinct(ids []string) []string {
	seen := make(map[string]bool, len(ids))
	var kept []string
	for _, id := range ids {
		if id != "" && !seen[id] {
			seen[id] = true
			kept = append(kept, id)
		}
	}
	return kept
}

// switchOff ends edges of this source.
func (s *Service) switchOff(ctx context.Context, collection string, edges []submit.Existing) error {
	s.run.lost(collection, edges)
	group, together := errgroup.WithContext(ctx)
	group.SetLimit(patches)
	for _, edge := range edges {
		group.Go(func() error {
			return s.PatchEdge(together, collection, edge.From, edge.To, map[string]any{"active": false})
		})
	}
	return group.Wait()
}

// PatchEdge changes fields of the edges of this source between two vertices, which are named by
// their keys.
func (s *Service) PatchEdge(ctx context.Context, collection, from, to string, fields map[string]any) error {
	if err := s.ready(); err != nil {
		return err
	}
	if err := s.client.PatchEdge(ctx, collection, from, to, fields); err != nil {
		return err
	}
	if fields["active"] == false {
		s.count(collection, 1)
	}
	return nil
}

// PatchVertex changes fields of one vertex.
func (s *Service) PatchVertex(ctx context.Context, collection, externalID string, fields map[string]any) error {
	if err := s.ready(); err != nil {
		return err
	}
	return s.client.PatchVertex(ctx, collection, externalID, fields)
}

// SearchCollection returns the objects of a collection that have a value in an attribute, with the
// fields that are named.
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

// GraphAttributeSearch is CAR's older search. CAR means to drop it: the log says so once.
func (s *Service) GraphAttributeSearch(ctx context.Context, collection, attribute, value string) (json.RawMessage, error) {
	if err := s.ready(); err != nil {
		return nil, err
	}
	s.deprecated.Do(func() {
		s.log.Warn("graphAttributeSearch is deprecated: use searchCollection or queryGraphql", "collection", collection)
	})
	return s.client.GraphAttributeSearch(ctx, collection, attribute, value)
}

// ImportSchema returns the JSON Schema of what CAR takes.
func (s *Service) ImportSchema(ctx context.Context) (json.RawMessage, error) {
	if err := s.ready(); err != nil {
		return nil, err
	}
	return s.client.ImportSchema(ctx)
}

// SavePoint returns the save point that CAR has; "" is none.
func (s *Service) SavePoint(ctx context.Context) (string, error) {
	if err := s.ready(); err != nil {
		return "", err
	}
	return s.client.SavePoint(ctx)
}

func (s *Service) count(collection string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n > 0 {
		s.deleted[collection] += n
	}
}

// deletions returns how many objects of each collection were deleted or switched off.
func (s *Service) deletions() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.deleted)
}

// requests returns how many requests CAR was sent.
func (s *Service) requests() int64 {
	if s.client == nil {
		return 0
	}
	return s.client.Requests()
}
