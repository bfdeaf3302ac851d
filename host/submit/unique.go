package submit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/maphash"

	"carjs/host/esjson"
	"carjs/host/model"
)

// uniqueProperty is a property of an extension whose values must be unique within a run. Its values
// are written to the spill file like keys, each with the object that has it.
type uniqueProperty struct {
	name string
	keys keySet
}

func uniqueProperties(c *model.Collection) []uniqueProperty {
	var found []uniqueProperty
	for i := range c.Properties {
		if p := &c.Properties[i]; p.Unique {
			found = append(found, uniqueProperty{name: p.Name})
		}
	}
	return found
}

// claim registers an object's values of unique properties. It returns the faults if another object
// has one of them, and then registers none. Objects that were added before are left to the check
// for duplicates.
func (s *Submission) claim(d *Draft) ([]model.Fault, error) {
	cs := d.state
	if known, err := s.repeats(d); err != nil || known {
		return nil, err
	}
	type entry struct {
		keys *keySet
		hash uint64
		text []byte
	}
	var faults []model.Fault
	var entries []entry
	own := esjson.AppendString(nil, d.shown())
	for i := range cs.uniques {
		u := &cs.uniques[i]
		value, ok := d.value(u.name)
		if !ok {
			continue
		}
		hash := maphash.Bytes(cs.seed, value) & s.hashMask
		owner, err := s.owner(cs, u, hash, value)
		switch {
		case err != nil:
			return nil, err
		case owner == nil:
			text := append(append(append([]byte{'['}, value...), ','), own...)
			entries = append(entries, entry{&u.keys, hash, append(text, ']')})
		case !bytes.Equal(owner, own): // an edge may be reported anew
			message := fmt.Sprintf("must be unique: %s has %s already", owner, shorten(string(value)))
			faults = append(faults, model.Fault{Property: u.name, Message: message})
		}
	}
	if len(faults) > 0 {
		return faults, nil
	}
	for _, e := range entries {
		place, err := s.log(e.text)
		if err != nil {
			return nil, err
		}
		e.keys.put(e.hash, place)
	}
	return nil, nil
}

// owner returns the object that has a value, as a JSON string; nil if there is none.
func (s *Submission) owner(cs *collectionState, u *uniqueProperty, hash uint64, value []byte) ([]byte, error) {
	for _, place := range u.keys.find(hash, nil) {
		text, err := s.whole(cs, place)
		if err != nil {
			return nil, err
		}
		var there [2]json.RawMessage
		if err := json.Unmarshal(text, &there); err != nil {
			return nil, diskFailure("cannot read back the spill file", err)
		}
		if bytes.Equal(there[0], value) {
			return there[1], nil
		}
	}
	return nil, nil
}
