package settings

import (
	"fmt"
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
	for _, candidate := range f.plausible() {
		if f.takes(candidate) {
			return candidate
		}
	}
	if made, ok := matching(f.Regex); ok && f.takes(made) {
		return made
	}
	return "replayed"
}

// plausible are texts that a setting may be, those first that its name speaks for. The name of a
// host gets a URL: products write one into settings of either kind, and as the host of another URL
// it is a host still. Nothing has these addresses.
func (f Field) plausible() []string {
	const address, host, word = "http://replayed.invalid", "replayed.invalid", "replayed"
	const id = "00000000-0000-4000-8000-000000000000"
	switch {
	case f.Type == Link || addressName().MatchString(f.Path):
		return []string{address, "https://replayed.invalid", address + "/", host, word}
	case portName().MatchString(f.Path):
		return []string{"443"}
	case hostName().MatchString(f.Path):
		return []string{address, host, "192.0.2.1", word}
	case idName().MatchString(f.Path):
		return []string{id, word, "1"}
	}
	return []string{word, host, address, "1", id, "replayed@replayed.invalid", "2026-01-01", "2026-01-01T00:00:00Z"}
}

// takes tells whether a value fits the expression that a setting has.
func (f Field) takes(value string) bool {
	if f.Regex == "" {
		return true
	}
	fits := f.fits
	if fits == nil {
		var err error
		if fits, err = compilePattern(f.Regex); err != nil {
			return true // told when the declaration is read
		}
	}
	return fits(value)
}

// What settings are called that hold a URL, the name of a host, a port, or an id.
var (
	addressName = lazyregexp.New(`(?i)(url|uri|endpoint)$`)
	hostName    = lazyregexp.New(`(?i)(host|hostname|server|address|gateway|fqdn|base)$`)
	portName    = lazyregexp.New(`(?i)(^|[._-])port$`)
	idName      = lazyregexp.New(`(?i)(^|[._-])([ug]u)?id$`)
)

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

// StandInError is why a connector does not start with stand-ins of its settings: that may be their
// fault, because it read some of them.
type StandInError struct {
	Err error
	// Read are the environment variables of the settings that it read, in order.
	Read []string
}

func (e *StandInError) Error() string { return e.Err.Error() }
func (e *StandInError) Unwrap() error { return e.Err }
