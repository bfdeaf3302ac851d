package settings

import (
	"fmt"
	"regexp"
	"strconv"

	"carjs/host/lazyregexp"
	"carjs/host/redact"
)

// WithStandIns fills in required settings of the connector that are missing, for runs in which a
// recording stands in for the data source: by what was recorded of them, by their environment
// variables, and where that says nothing, because it is a secret, with something that nobody looks
// at. Settings that are not required get what was recorded, and a stand-in for a secret that was
// set.
func (v Values) WithStandIns(recorded map[string]string) Values {
	if v.state == nil || v.state.declaration == nil {
		return v
	}
	defaults := map[string]string{}
	for _, field := range v.state.declaration.Fields {
		value, known := recorded[field.Env]
		if known && value != redact.Marker {
			defaults[field.Env] = value
		} else if known || field.Required() {
			defaults[field.Env] = field.StandIn()
		}
	}
	return v.WithDefaults(defaults)
}

// StandIn is a value that the setting may have, as a flag would give it.
func (f Field) StandIn() string {
	switch {
	case f.Default != nil:
		return fmt.Sprint(f.Default)
	case f.Type == Number && f.Min != nil:
		return fmt.Sprint(*f.Min)
	case f.Type == Number:
		return "1"
	case f.Type == Boolean:
		return "false"
	case len(f.Options) > 0:
		return f.Options[0]
	}
	const address, text = "http://replayed.invalid", "replayed"
	pattern, err := regexp.Compile("^(?:" + f.Regex + ")$")
	switch {
	case f.Regex != "" && err == nil && !pattern.MatchString(text):
		return address
	case f.Type == Link || addressName().MatchString(f.Path):
		return address
	}
	return text
}

// addressName is what settings are called that hold a URL.
var addressName = lazyregexp.New(`(?i)(url|uri|endpoint)$`)

// TypedStandIn is [Field.StandIn] as a connector sees it.
func (f Field) TypedStandIn() any {
	text := f.StandIn()
	switch f.Type {
	case Number:
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			return n
		}
	case Boolean:
		return text == "true"
	}
	return text
}
