package inventory

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"carjs/host/model"
)

const (
	// looksAtOnce is how many looks are in one request.
	looksAtOnce = 20
	// probes are the looks in one request of a search.
	probes = 8
	// rounds is how many pages of rows are counted before a size is searched for.
	rounds = 2
)

// Least is a collection of which the source has some objects at least.
type Least struct {
	Collection *model.Collection
	Objects    int
}

// Sizes returns how many objects the source has of each collection. CAR's queries have no
// aggregates, but a row behind an offset tells that there are more than that: where there are no
// more than is known already, that takes one look, twenty of them in a request. Up to some hundreds
// more are counted with one look more; then a size is searched for, with a few requests for every
// power of ten.
func (i *Inventory) Sizes(ctx context.Context, known []Least) ([]int, error) {
	sizes := make([]int, len(known))
	var open []int
	for n, k := range known {
		sizes[n], open = k.Objects, append(open, n)
	}
	for round := 0; len(open) > 0; round++ {
		if round == rounds {
			for _, n := range open {
				size, err := i.search(ctx, Least{known[n].Collection, sizes[n]})
				if err != nil {
					return nil, err
				}
				sizes[n] = size
			}
			return sizes, nil
		}
		var more []int
		for batch := range slices.Chunk(open, looksAtOnce) {
			looks := make([]Least, len(batch))
			for at, n := range batch {
				looks[at] = Least{known[n].Collection, sizes[n]}
			}
			rows, err := i.behind(ctx, looks, rowPage)
			if err != nil {
				return nil, err
			}
			for at, n := range batch {
				// A page that is short may be all that the service gives at once.
				if sizes[n] += rows[at]; rows[at] > 0 {
					more = append(more, n)
				}
			}
		}
		open = more
	}
	return sizes, nil
}

// search finds a size between what is known and what is not: first by doubling, then by division.
func (i *Inventory) search(ctx context.Context, known Least) (int, error) {
	least, beyond := known.Objects, 0 // there are fewer than beyond objects, once that is known
	for step := rowPage; beyond == 0 || least+1 < beyond; step <<= probes {
		var looks []Least
		for n := range probes {
			offset := least + step<<n
			if beyond > 0 {
				offset = least + (beyond-1-least)*n/probes
			}
			if last := len(looks) - 1; last < 0 || looks[last].Objects < offset {
				looks = append(looks, Least{known.Collection, offset})
			}
		}
		rows, err := i.behind(ctx, looks, 1)
		if err != nil {
			return 0, err
		}
		for n, look := range looks {
			if rows[n] == 0 {
				beyond = look.Objects + 1
				break
			}
			least = look.Objects + 1
		}
	}
	return least, nil
}

// behind returns how many rows there are behind what is known, limit at most, in one request.
func (i *Inventory) behind(ctx context.Context, known []Least, limit int) ([]int, error) {
	var query strings.Builder
	query.WriteString("{")
	for n, k := range known {
		s := i.shapeOf(k.Collection)
		fmt.Fprintf(&query, " w%d: %s(where: {_and: [%s]}, limit: %d, offset: %d) { %s }", n, k.Collection.Name,
			strings.Join(s.current(), ", "), limit, k.Objects, s.order()[0])
	}
	query.WriteString(" }")
	answer, err := i.ask(ctx, query.String(), known[0].Collection.Name)
	if err != nil {
		return nil, err
	}
	counts := make([]int, len(known))
	for n, k := range known {
		rows, ok := answer[fmt.Sprintf("w%d", n)]
		if !ok {
			return nil, unusable(k.Collection.Name, errNoList)
		}
		counts[n] = len(rows)
	}
	return counts, nil
}
