package submit

import (
	"slices"
	"strings"

	"carjs/host/esjson"
	"carjs/host/model"
)

// reject notes the identity of an invalid object that CAR may have from an earlier import, in
// imports where CAR keeps what is not added.
func (d *Draft) reject() {
	cs := d.state
	if d.s.config.InCAR == nil {
		return
	}
	var o Existing
	switch {
	case cs.model.Kind == model.Vertex && d.key != "":
		o.Key = model.RegionalKey(d.region(), d.key)
	case cs.model.Kind == model.Edge && d.ends[0] != "" && d.ends[1] != "":
		o.From, o.To = strings.TrimPrefix(d.ends[0], cs.ends[0].prefix), strings.TrimPrefix(d.ends[1], cs.ends[1].prefix)
	default:
		return // it cannot be identified
	}
	if cs.rejected == nil {
		cs.rejected = map[identity]Existing{}
	}
	cs.rejected[existingIdentity(cs.model, o)] = o
}

func existingIdentity(c *model.Collection, o Existing) identity {
	if c.Kind == model.Edge {
		return edgeIdentity(c, o.From, o.To)
	}
	return identity{key: model.SameKey(c.Name, o.Key)}
}

// RejectedVertex tells whether a vertex was skipped as invalid in an incremental import.
func (s *Submission) RejectedVertex(collection, key string) bool {
	cs, ok := s.collections[collection]
	if !ok {
		return false
	}
	_, rejected := cs.rejected[identity{key: model.SameKey(collection, key)}]
	return rejected
}

// Rejected returns which objects of a collection were skipped as invalid and not added in another
// form, by their keys or their ends: a full import would not report them. Those given to
// [Submission.Replace] are among the leftovers and not here. It is for the end of an incremental
// import; without [Config.InCAR] it returns none.
func (s *Submission) Rejected(collection string) ([]Existing, error) {
	cs, ok := s.collections[collection]
	if !ok || len(cs.rejected) == 0 {
		return nil, nil
	}
	var left []Existing
	for id, o := range cs.rejected {
		if cs.existing != nil {
			if _, there := cs.existing.index[id]; there {
				continue
			}
		}
		if cs.model.Kind == model.Vertex {
			added, err := s.added(cs, esjson.AppendText(nil, id.key))
			if err != nil {
				return nil, err
			}
			if added {
				continue
			}
		}
		left = append(left, o)
	}
	if cs.model.Kind == model.Edge && len(left) > 0 {
		var err error
		if left, err = s.withoutAdded(cs, left); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(left, func(a, b Existing) int {
		return strings.Compare(a.Key+"\x00"+a.From+"\x00"+a.To, b.Key+"\x00"+b.From+"\x00"+b.To)
	})
	return left, nil
}

// withoutAdded takes away the edges between whose ends another edge was added. Edges are known by
// all that they say, so that all that were added are read again; it is seldom necessary.
func (s *Submission) withoutAdded(cs *collectionState, edges []Existing) ([]Existing, error) {
	added := map[identity]bool{}
	for i := range cs.keys.shards {
		for _, slot := range cs.keys.shards[i].slots {
			if slot == 0 {
				continue
			}
			text, err := s.whole(cs, int64(slot&maxPlace))
			if err != nil {
				return nil, err
			}
			v, _ := esjson.Decode(text)
			object, _ := v.(map[string]any)
			from, _ := object[cs.fields[cs.ends[0].field].name].(string)
			to, _ := object[cs.fields[cs.ends[1].field].name].(string)
			id := edgeIdentity(cs.model, strings.TrimPrefix(from, cs.ends[0].prefix), strings.TrimPrefix(to, cs.ends[1].prefix))
			if _, rejected := cs.rejected[id]; rejected {
				added[id] = true
			}
		}
	}
	return slices.DeleteFunc(edges, func(o Existing) bool { return added[existingIdentity(cs.model, o)] }), nil
}
