package carserver

import (
	"encoding/json"
	"fmt"
	"strings"

	"carjs/host/carserver/internal/tables"
	"carjs/host/model"
)

// checker validates the objects of one collection and collects their faults.
type checker struct {
	catalog *catalog
	batch   *batch
	faulty  int
	texts   []string // the first mostFaulty
	buf     []byte
}

// rows checks the objects of a collection. One invalid object fails the collection, so that a
// client that gets no error knows that every object was imported.
func (k *checker) rows(t *tables.Table, objects []map[string]any) ([]row, error) {
	rows := make([]row, 0, len(objects))
	for i, object := range objects {
		r, faults := k.row(t, object)
		if len(faults) == 0 {
			rows = append(rows, r)
			continue
		}
		if k.faulty++; k.faulty <= mostFaulty {
			k.texts = append(k.texts, named(t, object, i)+": "+model.Faults(faults))
		}
	}
	if k.faulty == 0 {
		return rows, nil
	}
	text := strings.Join(k.texts, "; ")
	if more := k.faulty - len(k.texts); more > 0 {
		text += fmt.Sprintf("; and %d more", more)
	}
	return nil, fmt.Errorf("%s was not imported: %d of %d objects are invalid: %s", t.Collection.Name, k.faulty, len(objects), text)
}

func (k *checker) row(t *tables.Table, object map[string]any) (row, []model.Fault) {
	if object == nil {
		return row{}, []model.Fault{{Message: "must be an object, not null"}}
	}
	settle(t, object)
	faults := t.Validate(object)
	if len(faults) > 0 && lenient(t, object, faults) {
		settle(t, object)
		faults = t.Validate(object)
	}
	if source, ok := object["source"].(string); ok && source != k.batch.sourceKey {
		faults = append(faults, model.Fault{Property: "source", Message: fmt.Sprintf("must be that of the envelope, %q", k.batch.sourceKey)})
	}
	r := row{report: k.batch.report}
	if t.Kind == model.Edge {
		faults = append(faults, r.readEdge(t, object, k.catalog)...)
	} else {
		faults = append(faults, r.readVertex(t, object, k.catalog.keys)...)
	}
	faults = append(faults, depthFaults(object)...)
	if len(faults) == 0 {
		t.Fill(object)
		t.Spell(object)
		if r.unnumbered = t.Unnumbered(object); len(r.unnumbered) > 0 {
			r.object = object
		}
		k.buf = t.AppendDocument(k.buf[:0], object)
		r.doc = string(k.buf)
	}
	return r, faults
}

// depthFaults rejects values that are nested too deep for SQLite to read back.
func depthFaults(object map[string]any) []model.Fault {
	if name, found := tables.TooDeep(object); found {
		return []model.Fault{{Property: name, Message: fmt.Sprintf("must not be nested more than %d deep", model.MaxNesting)}}
	}
	return nil
}

// settle sets the properties that the service derives from an object's key.
func settle(t *tables.Table, object map[string]any) {
	key, there := object[model.ByKey]
	if !there {
		return
	}
	for _, name := range model.Derived(t.Collection.Name) {
		if _, given := object[name]; !given {
			object[name] = key
		}
	}
}

// readVertex reads the columns of a vertex and aligns the properties that follow from its key: the
// name of an address is the address, and every address has a region.
func (r *row) readVertex(t *tables.Table, object map[string]any, keys tables.Keys) []model.Fault {
	key := vertexKey(t, object)
	r.key[0] = key
	var faults []model.Fault
	switch t.Collection.Name {
	case "ipaddress":
		region, _ := object["region_id"].(string)
		if region == "" {
			region = tables.DefaultRegion
		}
		if object["name"] != key { // otherwise the name, which is the address, was checked
			if p, ok := t.Property("name"); ok {
				if message := p.CheckString(key); message != "" {
					faults = append(faults, model.Fault{Property: t.KeyedBy, Message: message})
				}
			}
		}
		object["name"], object["region_id"] = key, region
		if key != "" {
			r.key[0] = keys.Address(region, key)
		}
	case "macaddress":
		object["name"] = key
	}
	r.tag, _ = object["tag"].([]any)
	r.untag, _ = object["untag"].([]any)
	if r.key[0] == "" {
		faults = append(faults, model.Fault{Property: t.KeyedBy, Message: "must name the object"})
	}
	return faults
}

// vertexKey returns the property that the collection is keyed by or, if the object lacks it, the
// other key property.
func vertexKey(t *tables.Table, object map[string]any) string {
	for _, name := range []string{t.KeyedBy, model.ByExternalID, model.ByKey} {
		if key, _ := object[name].(string); key != "" {
			return key
		}
	}
	return ""
}

// readEdge reads the columns of an edge. The import schema names one property for each end, but
// either property is accepted, in either form.
func (r *row) readEdge(t *tables.Table, object map[string]any, c *catalog) []model.Fault {
	var faults []model.Fault
	for i, end := range []struct{ property, other, vertex string }{
		{t.FromProperty(), otherEnd(t.FromProperty()), t.From}, {t.ToProperty(), otherEnd(t.ToProperty()), t.To},
	} {
		key, ok := c.endKey(end.property, end.vertex, object[end.property])
		if !ok && object[end.property] == nil {
			key, ok = c.endKey(end.other, end.vertex, object[end.other])
		}
		if !ok {
			want := "the external id of the " + end.vertex
			if !strings.HasSuffix(end.property, model.ByExternalID) {
				want = end.vertex + "/KEY"
			}
			faults = append(faults, model.Fault{Property: end.property, Message: "must name an end of the edge as " + want})
		}
		r.key[i] = key
	}
	if active, ok := object["active"].(bool); ok {
		r.off = !active
	}
	if report, ok := object["report"].(string); ok {
		r.report = report
	}
	r.own, _ = object[model.ByExternalID].(string)
	return faults
}

// otherEnd returns the other property that may name the same end.
func otherEnd(property string) string {
	if short, ok := strings.CutSuffix(property, "_"+model.ByExternalID); ok {
		return short
	}
	return property + "_" + model.ByExternalID
}

// endKey returns the key of the vertex that an edge names in a property: an external id, or, in
// _from and _to, collection/key or the key alone.
func (c *catalog) endKey(property, vertex string, value any) (string, bool) {
	key, ok := value.(string)
	if number, isNumber := value.(json.Number); isNumber {
		key, ok = idText(number), true
	}
	if !ok || key == "" {
		return "", false
	}
	if !strings.HasSuffix(property, model.ByExternalID) {
		collection, rest, found := strings.Cut(key, "/")
		if _, known := c.byName[collection]; found && known {
			if key = rest; collection != vertex || rest == "" {
				return "", false
			}
		}
	}
	return c.keys.Of(vertex, key), true
}

// named names an object as the data source does, for error messages.
func named(t *tables.Table, object map[string]any, i int) string {
	key := vertexKey(t, object)
	if t.Kind == model.Edge {
		key = fmt.Sprintf("%v -> %v", object[t.FromProperty()], object[t.ToProperty()])
	}
	if key == "" {
		return fmt.Sprintf("%s number %d", t.Collection.Name, i+1)
	}
	const most = 200
	if len(key) > most {
		key = strings.ToValidUTF8(key[:most], "") + "…"
	}
	return fmt.Sprintf("%s %q", t.Collection.Name, key)
}
