package host

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"

	"carjs/host/failure"
	"carjs/host/model"
)

// complete fills in what the connector left out, and returns the key of the report too.
func (h Head) complete(source string, timestamp int64) (full Head, report string, err error) {
	full = Head{Source: maps.Clone(h.Source), Report: maps.Clone(h.Report)}
	if full.Source == nil {
		full.Source = map[string]any{}
	}
	if full.Report == nil {
		full.Report = map[string]any{}
	}
	full.Source["_key"] = source
	if missing(full.Source, "name") {
		full.Source["name"] = source
	}
	if missing(full.Report, "timestamp") {
		full.Report["timestamp"] = timestamp
	}
	if missing(full.Report, "_key") {
		// Runs on different machines may begin in the same millisecond.
		full.Report["_key"] = fmt.Sprintf("%d-%s", timestamp, rand.Text()[:8])
	}
	report, ok := full.Report["_key"].(string)
	if !ok {
		return full, "", failure.New(failure.General, "the key of the report must be a string, not %v", full.Report["_key"]).
			WithHint("return a string in createSourceReportObject, or leave the key out")
	}
	if err := model.CheckKey(report); err != nil {
		return full, "", failure.New(failure.General, "invalid report key: %v", err).
			WithHint("fix it in createSourceReportObject, or leave it out")
	}
	return full, report, nil
}

// json is the head as a page has it.
func (h Head) json() ([]byte, error) {
	data, err := json.Marshal(h)
	if err != nil {
		return nil, failure.New(failure.General, "cannot write source and report as JSON: %v", err).WithCause(err)
	}
	return data, nil
}

func missing(object map[string]any, name string) bool {
	v, there := object[name]
	return !there || v == nil || v == ""
}
