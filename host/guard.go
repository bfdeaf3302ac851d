package host

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"carjs/host/failure"
	"carjs/host/internal/inventory"
	"carjs/host/model"
)

// fewDeletions is how many objects of a collection a run may always remove if the limit is a
// percentage: losing half of a small source is no catastrophe.
const fewDeletions = 25

// Edges are removed with their vertices, and one change of a vertex with many edges may end all
// edges of a small collection: neither is a sign of an incomplete response. So under any limit a
// run may remove fewEdges edges of a collection, and mostEdges percent of them.
const (
	fewEdges  = 250
	mostEdges = 90
)

// guard ends a run before it removes too much: a response of the data source that is empty by
// mistake must not empty CAR. It compares what a run removes from each collection with what CAR
// has, which it queries once. What follows from a removal, such as the edges of a vertex and the
// orphans of an edge, does not count. Any goroutine may call its methods.
type guard struct {
	limit Limit
	sizes func(context.Context, []inventory.Least) ([]int, error)

	mu      sync.Mutex
	removed map[string]int // of the whole run, by collection
	size    map[string]int // what CAR had before
	// planned are the keys of vertices that are counted in removed and not removed yet.
	planned map[string]map[string]bool
	// pending is how many objects in removed are only planned.
	pending map[string]int
	// refused is the first failure that this guard returned in this import.
	refused error
}

func newGuard(limit *Limit, sizes func(context.Context, []inventory.Least) ([]int, error)) *guard {
	g := &guard{limit: Limit{Percent: 50}, sizes: sizes, removed: map[string]int{}, size: map[string]int{}}
	if limit != nil {
		g.limit = *limit
	}
	return g
}

// limitOf returns the limit for a collection, and how many objects a percentage always allows.
func (g *guard) limitOf(c *model.Collection) (limit Limit, few int) {
	if c.Kind == model.Edge && !g.limit.Off {
		return Limit{Percent: max(g.limit.Percent, mostEdges)}, fewEdges
	}
	return g.limit, fewDeletions
}

func (g *guard) reached(c *model.Collection, n int) bool {
	limit, few := g.limitOf(c)
	return limit.reached(n, few)
}

func (g *guard) exceeded(c *model.Collection, n, of int) bool {
	limit, few := g.limitOf(c)
	return limit.exceeded(n, of, few)
}

// removal is what a run is about to remove from a collection.
type removal struct {
	collection *model.Collection
	objects    int
	keys       []string // of vertices that are removed later; nil where nobody else can name them
}

// plan counts what will be removed at the end of an incremental import. The error is the failure
// that ends the run because that is too much; nothing may be removed then.
func (g *guard) plan(ctx context.Context, removals []removal) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.planned, g.pending = map[string]map[string]bool{}, map[string]int{}
	for _, r := range removals {
		set := make(map[string]bool, len(r.keys))
		for _, key := range r.keys {
			set[key] = true
		}
		g.planned[r.collection.Name] = set
	}
	if err := g.noted(g.admit(ctx, removals)); err != nil {
		return err
	}
	for _, r := range removals {
		g.pending[r.collection.Name] = r.objects
	}
	return nil
}

// begin counts the vertices of a collection that are about to be deleted, and returns a function
// for the number that really existed. there tells how many of them CAR has; it is called when
// deleting all of them would exceed the limit.
func (g *guard) begin(
	ctx context.Context, c *model.Collection, keys []string, there func() (int, error),
) (done func(deleted int), err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	known := 0
	for _, key := range keys {
		if g.planned[c.Name][key] {
			known++
		}
	}
	counted := len(keys) - known
	err = g.admit(ctx, []removal{{collection: c, objects: counted}})
	if errors.Is(err, errTooMuch) {
		n, failed := there()
		if failed != nil {
			return nil, failed
		}
		counted = max(0, n-known)
		err = g.admit(ctx, []removal{{collection: c, objects: counted}})
	}
	if err != nil {
		return nil, g.noted(err)
	}
	return func(deleted int) {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.removed[c.Name] -= max(0, counted-max(0, deleted-known))
	}, nil
}

// one counts one object that is about to be removed.
func (g *guard) one(ctx context.Context, c *model.Collection) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.noted(g.admit(ctx, []removal{{collection: c, objects: 1}}))
}

// admit counts what is about to be removed. When that exceeds the limit of a collection, nothing is
// counted and an error is returned.
func (g *guard) admit(ctx context.Context, removals []removal) error {
	var ask []inventory.Least
	var near []removal
	for _, r := range removals {
		if !g.reached(r.collection, g.removed[r.collection.Name]+r.objects) {
			continue
		}
		near = append(near, r)
		if _, known := g.size[r.collection.Name]; !known {
			ask = append(ask, inventory.Least{Collection: r.collection})
		}
	}
	if len(ask) > 0 {
		sizes, err := g.sizes(ctx, ask)
		if err != nil {
			return err
		}
		for i, asked := range ask {
			name := asked.Collection.Name
			g.size[name] = sizes[i] + g.removed[name] - g.pending[name]
		}
	}
	var too []excess
	for _, r := range near {
		name := r.collection.Name
		if n := g.removed[name] + r.objects; g.exceeded(r.collection, n, g.size[name]) {
			too = append(too, excess{r.collection, n, g.size[name]})
		}
	}
	if len(too) > 0 {
		return g.refuse(too)
	}
	for _, r := range removals {
		g.removed[r.collection.Name] += r.objects
	}
	return nil
}

// retiring returns the failure of a full import whose end would retire too much; sizes are the
// numbers of objects that CAR has of the collections, kept those that this import reported.
func (g *guard) retiring(collections []*model.Collection, kept, sizes []int) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	var too []excess
	for i, c := range collections {
		if gone := sizes[i] - kept[i]; g.exceeded(c, gone, sizes[i]) {
			too = append(too, excess{c, gone, sizes[i]})
		}
	}
	if len(too) > 0 {
		return g.refuse(too)
	}
	return nil
}

// errTooMuch is the cause of the failure with which a guard ends a run.
var errTooMuch = errors.New("too many objects would be removed")

// excess is a collection from which too much would be removed.
type excess struct {
	collection *model.Collection
	n, of      int
}

func (g *guard) refuse(too []excess) error {
	parts := make([]string, len(too))
	for i, e := range too {
		parts[i] = fmt.Sprintf("%s: %s of %s", e.collection.Name, grouped(e.n), grouped(max(e.n, e.of)))
	}
	limit, _ := g.limitOf(too[0].collection)
	return failure.New(failure.Recoverable, "%s would be deleted, and the limit is %s", strings.Join(parts, ", "), limit).
		WithFault(failure.FaultDatasource).WithCause(errTooMuch).
		WithHint("check what the data source returned; if these objects are really gone, run once with -allow-deletions")
}

// noted returns an error that a method returns, and keeps the first that refuses a removal.
func (g *guard) noted(err error) error {
	if g.refused == nil && errors.Is(err, errTooMuch) {
		g.refused = err
	}
	return err
}

// refusal returns the failure with which the guard refused a removal of this import, nil if it
// refused none. A connector that catches the failure must not end the import as a success: CAR
// would keep what is gone, and no later incremental import would be told of it again.
func (g *guard) refusal() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.refused
}

// forget forgets refusals: a full import that takes the place of an incremental one removes what
// that could not.
func (g *guard) forget() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.refused = nil
}
