package main

import (
	"encoding/json"
	"fmt"

	"carjs/host/model"
)

// pageSize is the most objects that CAR takes in one page.
const pageSize = 2000

// tally looks at the pages of a run and counts the objects in them.
type tally struct {
	model *model.Model
	// Objects is the number of objects of each collection.
	Objects map[string]int
	// each, when set, is given every object.
	each  func(collection string, object json.RawMessage) error
	edges string // the first edge collection that came
}

func newTally() *tally { return &tally{model: model.CAR(), Objects: map[string]int{}} }

// total is the number of all objects.
func (t *tally) total() int {
	total := 0
	for _, n := range t.Objects {
		total += n
	}
	return total
}

// page looks at one page. It minds what no import may do: pages that are too large, and vertices
// behind edges.
func (t *tally) page(body []byte) error {
	var envelope map[string]json.RawMessage
	if err := json.Unmarshal(body, &envelope); err != nil {
		return fmt.Errorf("a page is not JSON: %w", err)
	}
	if len(envelope["source"]) == 0 || len(envelope["report"]) == 0 {
		return fmt.Errorf("a page has no source or no report")
	}
	delete(envelope, "source")
	delete(envelope, "report")
	for name, list := range envelope {
		var objects []json.RawMessage
		if err := json.Unmarshal(list, &objects); err != nil {
			return fmt.Errorf("%s in a page: %w", name, err)
		}
		if err := t.collection(name, objects); err != nil {
			return err
		}
	}
	return nil
}

func (t *tally) collection(name string, objects []json.RawMessage) error {
	switch {
	case len(objects) > pageSize:
		return fmt.Errorf("a page has %d objects of %s, more than %d", len(objects), name, pageSize)
	case t.isEdge(name):
		t.edges = name
	case t.edges != "":
		return fmt.Errorf("%s came after the edges %s", name, t.edges)
	}
	t.Objects[name] += len(objects)
	if t.each == nil {
		return nil
	}
	for _, object := range objects {
		if err := t.each(name, object); err != nil {
			return err
		}
	}
	return nil
}

// isEdge tells edges from vertices; site_asset is the edge that the reference connector adds to the
// model.
func (t *tally) isEdge(name string) bool {
	c, known := t.model.Collection(name)
	return known && c.Kind == model.Edge || name == "site_asset"
}

// elements is how many vertices and edges a model of a size has in CAR.
func elements(size int) int { return 25*size + 3 }
