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
	// candidates are keys by collection; a collection that is there is watched.
	candidates map[string]map[string]bool
}

// forget makes it the zero value again.
func (o *orphans) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.candidates = nil
}

// watch collects from now on which vertices of a collection lose edges.
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

// add makes the ends of edges that are deactivated candidates.
func (o *orphans) add(c *model.Collection, edges []submit.Existing) {
	o.mu.Lock()
	defer o.mu.Unlock()
	from, to := o.candidates[c.From], o.candidates[c.To]
	for _, e := range edges {
		if from != nil {
			from[e.From] = true
		}
		if to != nil {
			to[e.To] = true
		}
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
