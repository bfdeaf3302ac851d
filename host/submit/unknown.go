package submit

// maxUnknown is how many unknown properties of a collection are reported: a connector that uses
// data as property names would have one in every object.
const maxUnknown = 20

// Unknown is a property that neither the data model nor CAR's import schema has. CAR accepts it and
// does not keep it, so a misspelled name would go unnoticed.
type Unknown struct {
	// Collection and Property name it.
	Collection, Property string
	// At is where in the connector's source the first object with it was added; "" if that is
	// unknown.
	At string
}

// unknownProperty reports an unknown property, once for each collection and name.
func (s *Submission) unknownProperty(cs *collectionState, name string) {
	if s.config.Unknown == nil || cs.unknown[name] || len(cs.unknown) == maxUnknown {
		return
	}
	if cs.unknown == nil {
		cs.unknown = map[string]bool{}
	}
	cs.unknown[name] = true
	told := Unknown{Collection: cs.model.Name, Property: name}
	if s.config.Place != nil {
		told.At = s.config.Place()
	}
	s.config.Unknown(told)
}
