package carserver

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"carjs/host/carserver/internal/tables"
	"carjs/host/model"
)

// CAR takes some values that its import schema does not admit, and connectors in production send
// all of them. lenient brings an object with such values into the form of the schema, at the
// properties where it is at fault, and tells whether it changed anything:
//
//	null in an optional property         as if the property were not there
//	a number as an id                    its text
//	a date or a number as text, in a     epoch milliseconds
//	property that holds a time
//	a name of an address                 any text; the address itself is kept
func lenient(t *tables.Table, object map[string]any, faults []model.Fault) bool {
	changed := false
	for _, fault := range faults {
		p, ok := t.Property(fault.Property)
		if !ok {
			continue
		}
		if v, ok := admitted(t, p, object); ok {
			changed = true
			if object[p.Name] = v; v == nil {
				delete(object, p.Name)
			}
		}
	}
	return changed
}

// admitted returns what a value that is at fault is taken for; nil for nothing.
func admitted(t *tables.Table, p *model.Property, object map[string]any) (any, bool) {
	switch v := object[p.Name].(type) {
	case nil:
		_, there := object[p.Name]
		return nil, there && !p.Required
	case json.Number:
		return idText(v), slices.Contains(ids, p.Name)
	case string:
		if t.Collection.Name == "ipaddress" && p.Name == "name" {
			return object[model.ByKey], object[model.ByKey] != v
		}
		if p.Type == model.Number && slices.Contains(times, p.Name) {
			return epoch(v)
		}
	}
	return nil, false
}

// ids are the properties that hold ids of the data source.
var ids = []string{model.ByExternalID, "_from_external_id", "_to_external_id", "_from", "_to"}

// times are the properties that hold times, in epoch milliseconds.
var times = []string{
	"created", "modified", "first_occurrence", "last_occurrence", "last_access_time", "last_seen_at", "status_date",
	"disclosed_on", "published_on", "updated_on",
}

// idText is a number that stands for an id as text.
func idText(number json.Number) string { return string(tables.AppendCanonical(nil, number)) }

// dateLayouts are the forms of dates, each with or without a fraction of a second.
var dateLayouts = []string{
	time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05",
	"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05Z0700", "2006-01-02 15:04:05", time.DateOnly,
}

// epoch reads a date, or a number that is written as text. A date without a zone is in UTC.
func epoch(text string) (any, bool) {
	for _, layout := range dateLayouts {
		if at, err := time.Parse(layout, text); err == nil {
			return json.Number(strconv.FormatInt(at.UnixMilli(), 10)), true
		}
	}
	if json.Valid([]byte(text)) {
		if _, err := strconv.ParseFloat(text, 64); err == nil {
			return json.Number(text), true
		}
	}
	return nil, false
}
