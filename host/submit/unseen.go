package submit

import (
	"slices"

	"carjs/host/model"
)

// saysLost reports whether the object has values that CAR accepts and does not show, and that it
// loses when the object is sent without them: the times of an edge, and properties that only CAR
// knows. Tags are not among them: CAR keeps those until they are taken away.
func (d *Draft) saysLost() bool {
	return d.state.model.Kind == model.Edge && d.saysUnseen() || d.saysMore()
}

// Unseen returns the collections with objects that were added with values that CAR does not show.
// It cannot be seen in CAR that an object has such values, so that one without them may differ from
// what CAR has: see [Config.Unseen].
func (s *Submission) Unseen() []string {
	var names []string
	for _, cs := range s.order {
		if cs.saidLost {
			names = append(names, cs.name)
		}
	}
	slices.Sort(names)
	return names
}
