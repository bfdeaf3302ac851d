package carserver

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"carjs/host/carserver/internal/tables"
	"carjs/host/model"
)

// lenient converts values that CAR accepts although its import schema does not, as production
// connectors send them, to what the schema expects. It looks at the properties with faults only,
// and reports whether it changed any:
//
//	null in an optional property      the property is removed
//	a number as an id                 its text
//	a date or number as text,         epoch milliseconds
//	in a property with a time
//	any text as an address's name     the address
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

// admitted returns what an invalid value is taken for; nil removes it.
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

// ids are the properties with ids of the data source.
var ids = []string{model.ByExternalID, "_from_external_id", "_to_external_id", "_from", "_to"}

// times are the properties with times, in epoch milliseconds.
var times = []string{
	"created", "modified", "first_occurrence", "last_occurrence", "last_access_time", "last_seen_at", "status_date",
	"disclosed_on", "published_on", "updated_on",
}

// idText returns the text of a numeric id.
func idText(number json.Number) string { return string(tables.AppendCanonical(nil, number)) }

// dateLayouts are the accepted formats of dates; each may have a fraction of a second.
var dateLayouts = []string{
	time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05",
	"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05Z0700", "2006-01-02 15:04:05", time.DateOnly,
}

// epoch reads a date, or a number written as text. A date without a zone is in UTC.
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
