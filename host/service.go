package host

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/go-hclog"
	"golang.org/x/sync/errgroup"

	"carjs/host/car"
	"carjs/host/failure"
	"carjs/host/internal/inventory"
	"carjs/host/model"
	"carjs/host/submit"
)

const (
	// patches is how many edges are deactivated at the same time.
	patches = 4
	// shownIDs is how many ids a log line names.
	shownIDs = 10
)

// Service are the calls to CAR that a connector may make. Any goroutine may call its methods. Every
// error is a [*failure.Failure], a [*failure.NotPossible], or that of the context.
type Service struct {
	client   *car.Client
	invalid  error // why there is no client
	source   string
	log      hclog.Logger
	progress *progress
	point    *savePoint
	guard    *guard
	// deletions are those that wait for the end of an incremental import.
	deletions deletions
	// shown is what the run has learned of CAR's queries.
	shown inventory.Shown
	mu    sync.Mutex
	none  map[string]bool // by collection: see hasNone

	deprecated sync.Once
}

// ready returns why no call can be made; nil when calls can be made.
func (s *Service) ready() error {
	if s.client == nil {
		return s.invalid
	}
	return nil
}

// Delete deletes vertices of this source by their keys: external ids, or the _key in collections
// that have one. The source's edges at them are deactivated first, because an edge must not point
// at a vertex that is gone. The error is a [*failure.NotPossible] if an id contains a comma: the
// run then continues as a full import. During an import, vertices are deleted at its end, when it
// is known that everything that the run removes is within Options.MaxDeletions, and those that the
// import added are not deleted.
func (s *Service) Delete(ctx context.Context, collection string, ids []string) error {
	return s.DeleteAt(ctx, collection, ids, "")
}

// DeleteAt is Delete for a caller that knows its line in the connector, which warnings name.
func (s *Service) DeleteAt(ctx context.Context, collection string, ids []string, at string) error {
	if err := s.ready(); err != nil {
		return err
	}
	c, err := s.vertices(collection)
	if err != nil {
		return err
	}
	if err := s.progress.mayDelete(collection); err != nil {
		return err
	}
	ids = inventory.Distinct(ids)
	if err := deletable(c, ids); err != nil {
		return err
	}
	if s.deletions.add(c, ids, at) {
		return nil
	}
	done, err := s.admit(ctx, c, ids)
	if err != nil {
		return err
	}
	there, err := s.remove(ctx, c, ids)
	if err == nil {
		done(there)
	}
	return err
}

// admit counts vertices that are about to be deleted, and returns a function for the number that
// CAR had. The error is the failure that ends the run because that is too much.
func (s *Service) admit(ctx context.Context, c *model.Collection, ids []string) (done func(there int), err error) {
	return s.guard.begin(ctx, c, ids, func() (int, error) {
		found, err := s.existing(ctx, c, inventory.Part{Keys: ids})
		return len(found), err
	})
}

// deletable returns an error for ids that CAR cannot delete.
func deletable(c *model.Collection, ids []string) error {
	if i := slices.IndexFunc(ids, func(id string) bool { return strings.Contains(id, ",") }); i >= 0 {
		// CAR splits the list of ids at commas. A full import retires the vertex instead.
		return &failure.NotPossible{Reason: fmt.Sprintf("CAR cannot delete %s %q: the id has a comma", c.Name, ids[i])}
	}
	return nil
}

// remove deletes vertices whatever the limit, and returns how many of them CAR had. Keys are
// distinct and not empty.
func (s *Service) remove(ctx context.Context, c *model.Collection, ids []string) (there int, err error) {
	if err := deletable(c, ids); err != nil {
		return 0, err
	}
	asShown := slices.Clone(ids)
	for batch := range slices.Chunk(asShown, inventory.MaxKeys) {
		around, err := s.edgesAt(ctx, c, batch)
		if err != nil {
			return 0, err
		}
		if model.Regional(c.Name) {
			spellAs(c, batch, around.Keys)
		}
		there += len(around.Keys)
		for _, at := range around.Edges {
			if err := s.deactivateEdges(ctx, at.Collection, at.Edges); err != nil {
				return 0, err
			}
		}
	}
	if len(ids) == 0 {
		return 0, nil
	}
	if err := s.client.Delete(ctx, c.Name, asShown); err != nil {
		return 0, err
	}
	s.progress.countDeleted(c.Name, there)
	if there < len(ids) {
		s.log.Info("some of the vertices to delete are not in CAR: check that their ids are the keys of the collection",
			"collection", c.Name, "asked", len(ids), "there", there, "ids", ids[:min(len(ids), shownIDs)])
	}
	return there, nil
}

// spellAs replaces keys by those of the same vertices as CAR shows them.
func spellAs(c *model.Collection, keys, shown []string) {
	for i, key := range keys {
		same := model.SameKey(c.Name, key)
		if same == key {
			continue
		}
		if n := slices.IndexFunc(shown, func(s string) bool { return model.SameKey(c.Name, s) == same }); n >= 0 {
			keys[i] = shown[n]
		}
	}
}

// vertices returns the vertex collection of a name.
func (s *Service) vertices(collection string) (*model.Collection, error) {
	c, ok := s.progress.currentModel().Collection(collection)
	if !ok {
		return nil, failure.New(failure.General, "cannot delete from %q: the data model has no such vertex collection", collection)
	}
	if c.Kind != model.Vertex {
		return nil, failure.New(failure.General, "cannot delete from %s: it is an edge collection", collection).
			WithHint(`set "active" to false with edgePatch, or call replaces(%q)`, collection)
	}
	return c, nil
}

// deactivateEdges ends edges of this source, and makes their ends orphan candidates.
func (s *Service) deactivateEdges(ctx context.Context, c *model.Collection, edges []submit.Existing) error {
	s.progress.orphans.add(c, edges)
	between := map[[2]string]int{} // one call ends all edges between two vertices
	for _, edge := range edges {
		between[[2]string{edge.FromID, edge.ToID}]++
	}
	group, together := errgroup.WithContext(ctx)
	group.SetLimit(patches)
	for _, edge := range edges {
		ids := [2]string{edge.FromID, edge.ToID}
		n := between[ids]
		if n == 0 {
			continue
		}
		between[ids] = 0
		group.Go(func() error {
			if err := s.client.EndEdge(together, c.Name, edge.FromID, edge.ToID); err != nil {
				return err
			}
			s.progress.countDeleted(c.Name, n)
			return nil
		})
	}
	return group.Wait()
}

// PatchEdge changes fields of the edges of this source between two vertices, which are named by
// their keys or as in CAR's ids after the source: an address with or without its region.
// Deactivated edges count against the limit on deletions, and are deactivated at the end of an
// import, as Delete deletes, unless an edge between the two vertices was added since.
func (s *Service) PatchEdge(ctx context.Context, collection, from, to string, fields map[string]any) error {
	if err := s.ready(); err != nil {
		return err
	}
	c, known := s.progress.currentModel().Collection(collection)
	off := known && fields["active"] == false
	_, named := fields[model.ByExternalID]
	later := off && !named && c.Kind == model.Edge && s.deletions.waits()
	if off && !later {
		if err := s.guard.one(ctx, c); err != nil {
			return err
		}
	}
	fromID, toID, err := s.endsOf(ctx, collection, from, to)
	if err != nil {
		return err
	}
	from, to = s.endKeys(collection, from, to)
	if submission := s.progress.currentSubmission(); submission != nil {
		submission.PatchedEdge(collection, from, to)
		if named {
			submission.RenamedEdge(collection, submit.Existing{From: from, To: to, FromID: s.id(fromID), ToID: s.id(toID)})
		}
	}
	patch := switchOff{collection: c, from: from, to: to, fromID: fromID, toID: toID, fields: fields}
	if later && s.deletions.addEdge(patch) {
		return nil
	}
	if off {
		return s.switchOff(ctx, patch)
	}
	return s.client.PatchEdge(ctx, collection, fromID, toID, fields)
}

// switchOff ends the edges between two vertices whatever the limit.
func (s *Service) switchOff(ctx context.Context, o switchOff) error {
	if err := s.client.PatchEdge(ctx, o.collection.Name, o.fromID, o.toID, o.fields); err != nil {
		return err
	}
	s.progress.countDeleted(o.collection.Name, 1)
	if o.collection.Kind == model.Edge {
		s.progress.orphans.addEdge(o.collection, o.from, o.to)
	}
	return nil
}

// id is the id in CAR of an end as [Service.endsOf] returns it.
func (s *Service) id(end string) string { return s.source + "/" + end }

// endKeys returns the keys of the vertices at an edge's ends, in whatever form they are given.
func (s *Service) endKeys(collection, from, to string) (string, string) {
	m := s.progress.currentModel()
	c, ok := m.Collection(collection)
	if !ok || c.Kind != model.Edge {
		return from, to // CAR says what is wrong with it
	}
	begins, _ := m.Collection(c.From)
	ends, _ := m.Collection(c.To)
	return begins.VertexKey(from), ends.VertexKey(to)
}

// endsOf returns the ends of an edge as CAR has them in ids. It asks CAR for addresses of the
// default region, since most services put that before them, and for addresses in another spelling
// than CAR's.
func (s *Service) endsOf(ctx context.Context, collection, from, to string) (string, string, error) {
	m := s.progress.currentModel()
	c, ok := m.Collection(collection)
	if !ok || c.Kind != model.Edge {
		return from, to, nil // CAR says what is wrong with it
	}
	for _, end := range []struct {
		vertex string
		given  *string
	}{{c.From, &from}, {c.To, &to}} {
		vertices, _ := m.Collection(end.vertex)
		key := vertices.VertexKey(*end.given)
		if !model.Regional(end.vertex) || strings.Contains(key, "/") && model.SameKey(end.vertex, key) == key {
			*end.given = key
			continue
		}
		id, found, err := s.inventory().End(ctx, vertices, key)
		var noAnswer *inventory.NoAnswerError
		if err != nil && !errors.As(err, &noAnswer) {
			return from, to, err
		}
		if found {
			*end.given = id
		}
	}
	return from, to, nil
}

// PatchVertex changes fields of one vertex.
func (s *Service) PatchVertex(ctx context.Context, collection, externalID string, fields map[string]any) error {
	if err := s.ready(); err != nil {
		return err
	}
	if submission := s.progress.currentSubmission(); submission != nil {
		submission.PatchedVertex(collection, externalID)
	}
	return s.client.PatchVertex(ctx, collection, externalID, fields)
}

// requests returns how many requests were sent to CAR.
func (s *Service) requests() int64 {
	if s.client == nil {
		return 0
	}
	return s.client.Requests()
}
