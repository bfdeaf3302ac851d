package inventory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"carjs/host/model"
)

const (
	// looksAtOnce is how many lookups are in one request.
	looksAtOnce = 20
	// probes are the lookups in one request of a search.
	probes = 8
	// rounds is how many pages of rows are counted before a size is searched for.
	rounds = 2
)

// Least is a collection of which the source has at least some number of objects.
type Least struct {
	Collection *model.Collection
	Objects    int
}

// Beside is another list to read with the first request for sizes, so that it needs no extra
// request.
type Beside struct {
	// Field is the list in the form of a query, with its arguments and fields.
	Field string
	// Take receives the rows. It is not called if the response has no such list.
	Take func(rows []map[string]any)
}

// Sizes returns how many objects the source has of each collection. CAR's queries have no
// aggregates, but a row at an offset shows that there are more than that. If there are no more than
// known already, that takes one lookup, twenty of which fit in a request. Up to some hundreds more
// are counted with one more lookup; beyond that the size is searched for, with a few requests per
// power of ten. Without collections, only the lists beside them are read.
func (i *Inventory) Sizes(ctx context.Context, known []Least, beside ...Beside) ([]int, error) {
	if len(known) == 0 && len(beside) > 0 {
		_, err := i.behind(ctx, nil, 0, beside...)
		return nil, err
	}
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
			rows, err := i.behind(ctx, looks, rowPage, beside...)
			beside = nil
			if err != nil {
				return nil, err
			}
			for at, n := range batch {
				// A short page may be all that the service returns at once.
				if sizes[n] += rows[at]; rows[at] > 0 {
					more = append(more, n)
				}
			}
		}
		open = more
	}
	return sizes, nil
}

// Size is [Inventory.Sizes] for one collection of a CAR that responds with 404 if there is nothing.
func (i *Inventory) Size(ctx context.Context, known Least) (int, error) {
	sparing := *i
	sparing.silence = true
	sizes, err := sparing.Sizes(ctx, []Least{known})
	if err != nil {
		return 0, err
	}
	return sizes[0], nil
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

// behind returns how many rows there are beyond the known ones, at most limit, in one request.
func (i *Inventory) behind(ctx context.Context, known []Least, limit int, beside ...Beside) ([]int, error) {
	var query strings.Builder
	query.WriteString("{")
	for n, k := range known {
		s := i.shapeOf(k.Collection)
		fmt.Fprintf(&query, " w%d: %s(where: {_and: [%s]}, limit: %d, offset: %d) { %s }", n, k.Collection.Name,
			strings.Join(s.current(), ", "), limit, k.Objects, s.order()[0])
	}
	for n, b := range beside {
		fmt.Fprintf(&query, " b%d: %s", n, b.Field)
	}
	query.WriteString(" }")
	about := "the source"
	if len(known) > 0 {
		about = known[0].Collection.Name
	}
	answer, err := i.ask(ctx, query.String(), about)
	var noAnswer *NoAnswerError
	if i.silence && errors.As(err, &noAnswer) {
		return make([]int, len(known)), nil
	}
	if err != nil {
		return nil, err
	}
	for n, b := range beside {
		if rows, ok := answer[fmt.Sprintf("b%d", n)]; ok {
			b.Take(rows)
		}
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

// SourceProperties is the list, for [Inventory.Sizes], of the properties of the source itself. take
// is not called if CAR shows none.
func (i *Inventory) SourceProperties(take func(map[string]json.RawMessage)) Beside {
	return Beside{
		Field: "source(where: " + compare("id", "_eq", i.source) + ") { id properties }",
		Take: func(rows []map[string]any) {
			for _, row := range rows {
				text, err := json.Marshal(row["properties"])
				var properties map[string]json.RawMessage
				if row["id"] == i.source && err == nil && json.Unmarshal(text, &properties) == nil && properties != nil {
					take(properties)
				}
			}
		},
	}
}
