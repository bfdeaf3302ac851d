package carserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"carjs/host/carserver/internal/tables"
	"carjs/host/model"
)

// mostFaulty is the maximum number of objects that an error names.
const mostFaulty = 10

// batch is a checked import, ready to be written.
type batch struct {
	source     map[string]any // the envelope's source, as posted
	sourceKey  string
	report     string
	reportedAt int64 // epoch milliseconds
	parts      []part
	// refused has the errors of the collections that failed. The others are in parts.
	refused []string
}

// failure returns the error for the collections that failed, nil if none did. kept is the number of
// the others.
func (b *batch) failure(kept int) error {
	switch {
	case len(b.refused) == 0:
		return nil
	case kept == 0:
		return invalid("%s", strings.Join(b.refused, "; "))
	}
	return invalid("%s; the other collections were imported", strings.Join(b.refused, "; "))
}

// part is the objects of one collection.
type part struct {
	table *tables.Table
	rows  []row
}

// row is one object, ready to be written.
type row struct {
	key    [2]string // a vertex's key, or the keys of an edge's ends
	own    string    // an edge's own key
	doc    string
	off    bool // an edge that is switched off
	report string
	tag    []any
	untag  []any
	// object is the source of doc, set if unnumbered names properties that still need numbers.
	object     map[string]any
	unnumbered []*model.Property
}

// parseEnvelope checks an envelope against the model. Every error is the client's. An error about a
// collection, which names the objects at fault, fails that collection only and is recorded in the
// batch.
func parseEnvelope(c *catalog, body []byte) (*batch, error) {
	names, values, err := splitEnvelope(body)
	if err != nil {
		return nil, invalid("the import is not an envelope: %v", err)
	}
	b := &batch{}
	if err := b.readHeads(values); err != nil {
		return nil, err
	}
	for _, name := range names {
		if name == "source" || name == "report" {
			continue
		}
		p, err := b.collection(c, name, values[name])
		if err != nil {
			b.refused = append(b.refused, err.Error())
			continue
		}
		b.parts = append(b.parts, p)
	}
	return b, nil
}

// collection checks the objects of one collection.
func (b *batch) collection(c *catalog, name string, value []byte) (part, error) {
	t, err := c.table(name)
	if err != nil {
		return part{}, err
	}
	var objects []map[string]any
	if err := decode(value, &objects); err != nil {
		return part{}, fmt.Errorf("%s must be an array of objects: %w", name, err)
	}
	check := &checker{catalog: c, batch: b}
	rows, err := check.rows(t, objects)
	return part{t, rows}, err
}

// splitEnvelope returns the members of the envelope in their order. A duplicate name is an error:
// the objects under one of the two would be lost. The values are slices of body.
func splitEnvelope(body []byte) ([]string, map[string][]byte, error) {
	decoder := jsontext.NewDecoder(bytes.NewReader(body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if token, err := decoder.ReadToken(); err != nil || token.Kind() != jsontext.KindBeginObject {
		return nil, nil, errors.Join(errors.New("it is not a JSON object"), err)
	}
	var names []string
	values := map[string][]byte{}
	for decoder.PeekKind() != jsontext.KindEndObject {
		token, err := decoder.ReadToken()
		if err != nil {
			return nil, nil, err
		}
		name := token.String()
		if _, twice := values[name]; twice {
			return nil, nil, fmt.Errorf("%q is there twice", name)
		}
		value, err := decoder.ReadValue()
		if err != nil {
			return nil, nil, err
		}
		end := decoder.InputOffset()
		names, values[name] = append(names, name), body[end-int64(len(value)):end]
	}
	if _, err := decoder.ReadToken(); err != nil {
		return nil, nil, err
	}
	if _, err := decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, nil, errors.New("unexpected data after the object")
	}
	return names, values, nil
}

// readHeads reads the source and report of an envelope.
func (b *batch) readHeads(values map[string][]byte) error {
	report := map[string]any{}
	for _, head := range []struct {
		*model.Collection
		into *map[string]any
	}{{model.Source(), &b.source}, {model.Report(), &report}} {
		value, ok := values[head.Name]
		if !ok {
			return invalid("%s is missing", head.Name)
		}
		if err := decode(value, head.into); err != nil || *head.into == nil {
			return invalid("%s must be an object", head.Name)
		}
		if faults := append(head.Validate(*head.into), depthFaults(*head.into)...); len(faults) > 0 {
			return invalid("%s is not valid: %s", head.Name, model.Faults(faults))
		}
	}
	b.sourceKey, _ = b.source["_key"].(string)
	b.report, _ = report["_key"].(string)
	b.reportedAt = time.Now().UnixMilli()
	if at, ok := report["timestamp"].(json.Number); ok {
		if ms, err := at.Float64(); err == nil && ms > 0 && ms < 1<<53 {
			b.reportedAt = int64(ms)
		}
	}
	return nil
}
