package host

import (
	"maps"
	"slices"
	"sync"

	"carjs/host/model"
	"carjs/host/submit"
)

// orphans collects the orphan candidates of an import: the vertices of watched collections that
// lost an edge. Any goroutine may call its methods; the zero value watches nothing.
type orphans struct {
	mu sync.Mutex
	// candidates are keys by collection; a collection in the map is watched.
	candidates map[string]map[string]bool
}

// forget resets it to the zero value.
func (o *orphans) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.candidates = nil
}

// watch starts to collect the vertices of a collection that lose edges.
func (o *orphans) watch(collection string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.candidates == nil {
		o.candidates = map[string]map[string]bool{}
	}
	if o.candidates[collection] == nil {
		o.candidates[collection] = map[string]bool{}
	}
}

// add makes the ends of deactivated edges candidates.
func (o *orphans) add(c *model.Collection, edges []submit.Existing) {
	for _, e := range edges {
		o.addEdge(c, e.From, e.To)
	}
}

// addEdge makes the ends of a deactivated edge candidates.
func (o *orphans) addEdge(c *model.Collection, from, to string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if candidates := o.candidates[c.From]; candidates != nil {
		candidates[from] = true
	}
	if candidates := o.candidates[c.To]; candidates != nil {
		candidates[to] = true
	}
}

// take returns the candidates of a collection and forgets them.
func (o *orphans) take(collection string) []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	keys := slices.Sorted(maps.Keys(o.candidates[collection]))
	clear(o.candidates[collection])
	return keys
}
