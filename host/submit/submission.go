package submit

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/go-hclog"

	"carjs/host/failure"
	"carjs/host/meter"
	"carjs/host/model"
)

// Submission is what one run sends. Only one goroutine may call its methods, except Counts and
// AddDeleted.
type Submission struct {
	config      Config
	queue       *queue
	spill       *spill
	keys        stream // keys of objects, unless they are on disk anyway
	collections map[string]*collectionState
	order       []*collectionState // the model's order: vertices first
	draft       Draft
	closed      bool

	keeper   *keeper    // nil when pages are not kept
	mu       sync.Mutex // guards order, and collections where they are not the owner's to read
	dangling []*Dangling
	// danglingEdges are the first of them: see DanglingEdges.
	danglingEdges []DanglingEdge

	places   []int64 // for known, reused
	quoted   []byte  // for added
	scratch  []byte
	hashMask uint64 // all ones; tests make hashes collide with less
}

// New makes a submission, including the file for its edges, and starts its senders. It stops when
// the context ends. Close it when done.
func New(ctx context.Context, config Config) (*Submission, error) {
	if err := config.complete(); err != nil {
		return nil, fmt.Errorf("prepare the submission: %w", err)
	}
	if config.Dir != "" {
		if err := os.MkdirAll(config.Dir, 0o700); err != nil {
			return nil, diskFailure("cannot create the folder for pages", err)
		}
	}
	var keep func(*page) error
	var keeping *keeper
	if config.Keep {
		keeping = &keeper{dir: config.Dir, redact: config.Redact}
		if err := keeping.open(config.Model); err != nil {
			return nil, err
		}
		keep = keeping.keep
	}
	sp, err := newSpill(config.Dir)
	if err != nil {
		return nil, errors.Join(err, keeping.close())
	}
	s := &Submission{config: config, spill: sp, keys: stream{spill: sp}, collections: map[string]*collectionState{}, hashMask: ^uint64(0)}
	s.draft.s, s.keeper = s, keeping
	s.setModel(config.Model)
	s.queue = newQueue(ctx, config, keep)
	return s, nil
}

// Amend sets the model against which objects are checked from now on. It must come from
// [model.Model.Amend] of the submission's model. Objects added before stay. No draft may be open.
func (s *Submission) Amend(m *model.Model) error {
	if s.keeper != nil {
		if err := s.keeper.clear(m, s.config.Model); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.setModel(m)
	return nil
}

// setModel brings the collections into the order of the model: vertices first.
func (s *Submission) setModel(m *model.Model) {
	s.config.Model, s.order = m, nil
	for _, collections := range [][]*model.Collection{m.Vertices(), m.Edges()} {
		for _, c := range collections {
			cs := s.collections[c.Name]
			switch {
			case cs == nil:
				cs = newCollectionState(c, &s.config, s.spill)
				s.collections[c.Name] = cs
			case cs.model != c:
				cs.amend(c)
			}
			s.order = append(s.order, cs)
		}
	}
	s.joinEnds()
}

// complete checks the configuration and sets defaults.
func (c *Config) complete() error {
	if c.Sender == nil {
		return errors.New("no sender is set")
	}
	if c.Keep && c.Dir == "" {
		return errors.New("no folder is set for the pages to keep")
	}
	if c.Model == nil {
		c.Model = model.CAR()
	}
	if c.PageSize <= 0 {
		c.PageSize = DefaultPageSize
	}
	if c.InFlight <= 0 {
		c.InFlight = DefaultInFlight
	}
	if c.Block == nil {
		c.Block = func(wait func()) { wait() }
	}
	if c.Logger == nil {
		c.Logger = hclog.NewNullLogger()
	}
	if c.Meter == nil {
		c.Meter = meter.New(nil)
	}
	head, ok := compactHead(c.Head)
	if !ok {
		return errors.New("source and report are not a JSON object")
	}
	c.Head = head
	return nil
}

// state returns what the submission knows of a collection, or nil. Objects come in runs of one
// collection, so the last one is tried first.
func (s *Submission) state(collection string) *collectionState {
	if cs := s.draft.state; cs != nil && cs.model.Name == collection {
		return cs
	}
	return s.collections[collection]
}

// Vertex begins an object of a vertex collection. A draft that was begun and not committed is
// dropped.
func (s *Submission) Vertex(collection string) (*Draft, error) {
	cs := s.state(collection)
	if cs == nil || cs.model.Kind != model.Vertex {
		return nil, s.unknown("vertex collection", collection, s.config.Model.Vertices())
	}
	s.draft.begin(cs)
	return &s.draft, nil
}

// Edge begins an edge whose ends are among the properties that are pushed. A draft that was begun
// and not committed is dropped.
func (s *Submission) Edge(collection string) (*Draft, error) {
	cs := s.state(collection)
	if cs == nil || cs.model.Kind != model.Edge {
		return nil, s.unknown("edge collection", collection, s.config.Model.Edges())
	}
	s.draft.begin(cs)
	return &s.draft, nil
}

// Link begins an edge between two vertices named by their keys; the model knows whether those are
// external ids or keys within the collection, and "collection/key" is taken too.
func (s *Submission) Link(collection, from, to string) (*Draft, error) {
	d, err := s.Edge(collection)
	if err != nil {
		return nil, err
	}
	d.end(0, from)
	d.end(1, to)
	return d, nil
}

// unknown is the failure of a connector that names an unknown collection.
func (s *Submission) unknown(what, name string, there ...[]*model.Collection) error {
	f := failure.New(failure.General, "the data model has no %s %q", what, name)
	if cs, ok := s.collections[name]; ok {
		if cs.model.Kind == model.Edge {
			return f.WithHint("%s is an edge collection: use addEdge", name)
		}
		return f.WithHint("%s is a vertex collection: use addCollection", name)
	}
	var names []string
	for _, collections := range there {
		for _, c := range collections {
			names = append(names, c.Name)
		}
	}
	return f.WithHint("use one of %s, or add it with a schema extension", strings.Join(names, ", "))
}

// SendVertices sends all vertices that were added and returns when CAR has imported them. Vertices
// may be added again afterwards.
func (s *Submission) SendVertices(ctx context.Context) error {
	for _, cs := range s.order {
		if cs.vertices.count == 0 {
			continue
		}
		if err := s.handBuffer(ctx, cs, &cs.vertices); err != nil {
			return err
		}
	}
	return s.queue.drain(ctx)
}

// handBuffer gives a collection's page to the senders.
func (s *Submission) handBuffer(ctx context.Context, cs *collectionState, buffer *pageBuffer) error {
	count := buffer.count
	if err := s.queue.put(ctx, cs.page(buffer.close(), count)); err != nil {
		buffer.reopen()
		return err
	}
	buffer.next()
	cs.handed++
	return nil
}

// SendEdges sends all edges that were added, the vertices before them, and returns when CAR has
// imported them. More may be added afterwards. With CheckEnds, an edge at an unknown vertex waits,
// because the vertex may still be added.
func (s *Submission) SendEdges(ctx context.Context) error { return s.sendEdges(ctx, false) }

// SendLast is SendEdges when all vertices have been added: with CheckEnds it leaves out the edges
// that wait for one.
func (s *Submission) SendLast(ctx context.Context) error { return s.sendEdges(ctx, true) }

func (s *Submission) sendEdges(ctx context.Context, last bool) error {
	if err := s.SendVertices(ctx); err != nil {
		return err
	}
	for _, cs := range s.order {
		if err := s.handEdges(ctx, cs); err != nil {
			return err
		}
		if last {
			if err := s.resend(ctx, cs); err != nil {
				return err
			}
		}
		if err := s.settle(ctx, cs, last); err != nil {
			return err
		}
	}
	return s.queue.drain(ctx)
}

// handEdges reads a collection's pages of edges back and gives them to the senders.
func (s *Submission) handEdges(ctx context.Context, cs *collectionState) error {
	cs.edges.endPage()
	if len(cs.edges.parts) == 0 {
		return nil
	}
	if err := cs.edges.stream.save(); err != nil {
		return err
	}
	for len(cs.edges.parts) > 0 {
		body, count, rest, err := cs.edges.first()
		if err != nil {
			return err
		}
		if err := s.queue.put(ctx, cs.page(body, count)); err != nil {
			return err
		}
		cs.edges.parts = rest
		cs.handed++
	}
	cs.edges.parts = nil
	return nil
}

// SendHead sends an envelope of source and report alone and returns when CAR has taken it in. head
// is its JSON; nil is the beginning of all pages.
func (s *Submission) SendHead(ctx context.Context, head []byte) error {
	if head == nil {
		head = s.config.Head
	}
	if err := s.queue.put(ctx, &page{body: slices.Clone(head)}); err != nil {
		return err
	}
	return s.queue.drain(ctx)
}

// Close stops the senders, waits for them and removes the files that need not be kept. What was not
// sent yet is dropped.
func (s *Submission) Close() error {
	if s.closed {
		return nil
	}
	s.closed = true
	s.queue.close()
	err := s.keeper.close()
	if spillErr := s.spill.close(); spillErr != nil {
		return diskFailure("cannot remove the spill file", spillErr)
	}
	return err
}

// Counts returns the counts so far of every collection with objects. Any goroutine may call it.
func (s *Submission) Counts() map[string]Count {
	counts := map[string]Count{}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, cs := range s.order {
		if c := cs.counts.count(); c != (Count{}) {
			counts[cs.name] = c
		}
	}
	return counts
}

// AddDeleted counts objects that were deleted from CAR; a collection that the model lacks is not
// counted. Any goroutine may call it.
func (s *Submission) AddDeleted(collection string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if cs, ok := s.collections[collection]; ok {
		cs.counts.deleted.Add(int64(n))
	}
}
