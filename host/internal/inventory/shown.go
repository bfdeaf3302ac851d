package inventory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"carjs/host/car"
	"carjs/host/model"
)

// Shown is what CAR's queries show of the collections that it was asked about because it refused a
// query: those that only its import schema knows may not be there, and properties of an extension
// may not be there yet. It is for one run; the zero value is ready. Any goroutine may use it.
type Shown struct {
	mu sync.Mutex
	// fields are those of a collection's type; nil for one that is not shown, or not so that its
	// objects can be told apart. A collection that CAR was not asked about is not there.
	fields map[string]map[string]bool
}

// of returns the fields that are shown of a collection; asked is false where nobody asked yet.
func (s *Shown) of(collection string) (fields map[string]bool, asked bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fields, asked = s.fields[collection]
	return fields, asked
}

func (s *Shown) set(collection string, fields map[string]bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fields == nil {
		s.fields = map[string]map[string]bool{}
	}
	s.fields[collection] = fields
}

// lacks returns the first of some collections that CAR is known not to show; nil is none.
func (i *Inventory) lacks(collections ...*model.Collection) error {
	for _, c := range collections {
		if fields, asked := i.shown.of(c.Name); asked && fields == nil {
			return &NoAnswerError{Collection: c.Name, Unshown: true}
		}
	}
	return nil
}

// involved are the collections that a query about one of them names.
func (i *Inventory) involved(c *model.Collection) []*model.Collection {
	if c.Kind == model.Vertex {
		return []*model.Collection{c}
	}
	from, _ := i.model.Collection(c.From) // the model has the ends of its edges
	to, _ := i.model.Collection(c.To)
	return []*model.Collection{c, from, to}
}

// adapting makes queries, and once more when CAR refuses one because it does not show all that the
// query names.
func (i *Inventory) adapting(ctx context.Context, involved []*model.Collection, query func() error) error {
	err := query()
	if !errors.Is(err, car.ErrQueryInvalid) {
		return err
	}
	var open []*model.Collection
	for _, c := range involved {
		if _, asked := i.shown.of(c.Name); !asked {
			open = append(open, c)
		}
	}
	if len(open) == 0 {
		return err // it is something else that CAR does not take
	}
	if learned := i.learn(ctx, open); learned != nil {
		return learned
	}
	return query()
}

// learn asks CAR what it shows of collections: the types of its queries, or each collection where
// it does not tell those.
func (i *Inventory) learn(ctx context.Context, collections []*model.Collection) error {
	var query strings.Builder
	query.WriteString("{")
	for n, c := range collections {
		fmt.Fprintf(&query, " t%d: __type(name: %s) { name fields { name } }", n, literal(c.Name))
	}
	query.WriteString(" }")
	data, err := i.car.Query(ctx, query.String(), nil)
	if data == nil && err == nil || errors.Is(err, car.ErrQueryRefused) {
		return i.try(ctx, collections)
	}
	var types map[string]*struct{ Fields []struct{ Name string } }
	if err == nil {
		err = json.Unmarshal(data, &types)
	}
	if err != nil {
		return unusable("its types", err)
	}
	for n, c := range collections {
		fields := map[string]bool{}
		if t := types[fmt.Sprintf("t%d", n)]; t != nil {
			for _, f := range t.Fields {
				fields[f.Name] = true
			}
		}
		for _, needed := range i.shapeOf(c).needed() {
			if !fields[needed] {
				fields = nil
				break
			}
		}
		i.shown.set(c.Name, fields)
	}
	return nil
}

// published is a collection that every CAR shows.
const published = "asset"

// try finds out what CAR shows of collections by asking for a row of each. A CAR that refuses to
// show even what is published has another trouble, which is the error.
func (i *Inventory) try(ctx context.Context, collections []*model.Collection) error {
	if _, err := i.car.Query(ctx, "{ "+published+"(limit: 1) { id } }", nil); err != nil {
		return err
	}
	for _, c := range collections {
		s := i.shapeOf(c)
		least := newWalk(s)
		takes, err := i.takes(ctx, least)
		if err != nil {
			return err
		}
		if !takes {
			i.shown.set(c.Name, nil)
			continue
		}
		fields := map[string]bool{}
		for _, name := range s.needed() {
			fields[name] = true
		}
		all := newWalk(s)
		all.fields = append(all.fields, s.contents()...)
		if takes, err = i.takes(ctx, all); err != nil {
			return err
		}
		for _, f := range s.contents() {
			fields[f.name] = takes
		}
		i.shown.set(c.Name, fields)
	}
	return nil
}

// takes tells whether CAR takes the query of a walk.
func (i *Inventory) takes(ctx context.Context, w *walk) (bool, error) {
	_, err := i.ask(ctx, "{ w0: "+w.next(1)+" }", w.collection)
	var noAnswer *NoAnswerError
	if errors.Is(err, car.ErrQueryInvalid) {
		return false, nil
	}
	if errors.As(err, &noAnswer) {
		return true, nil // a query that was wrong would have been refused
	}
	return err == nil, err
}

// needed are the fields without which objects cannot be told apart.
func (s *shape) needed() []string {
	needed := append(s.order(), "source")
	for _, f := range s.identities() {
		needed = append(needed, f.name)
	}
	return needed
}
