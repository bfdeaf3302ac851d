// Package settings turns flags, environment variables, mounted secrets and a connector's
// configurations/config.json into one typed value that never prints a secret.
//
// Two kinds of settings are treated alike. carjs's own stand in one table ([RunTable]), a
// connector's in its declaration ([ReadDeclaration]). A command takes its line apart in two steps,
// because a connector's flags are known only when the connector is: [Table.Split] finds its name,
// [Table.Parse] reads the flags. [Gather] then looks every setting up, in this order: mounted
// secret, flag, environment variable, environment variable of an older name, default.
// [Values.Check] tells all that is missing or malformed in one sentence.
//
// The package neither prints, nor knows what the settings do: which commands exist, how CAR is
// called, how a connector runs is decided elsewhere.
package settings

import (
	"slices"
	"strings"
)

// Type says what a setting holds, and so which texts are valid for it.
type Type string

// The types of a connector's settings, as config.json names them.
const (
	Text     Type = "text"
	Password Type = "password" // text that is never shown
	Number   Type = "number"   // a decimal number; a connector sees a number
	Boolean  Type = "boolean"  // a connector sees true or false
	Cron     Type = "cron"     // five fields; read by the platform that starts the connector
	Link     Type = "link"     // a URL
)

// The types that only carjs's own settings use.
const (
	Integer  Type = "integer"
	Duration Type = "duration" // as in 1h30m, a bare number counts seconds
	Size     Type = "size"     // bytes, as in 512MB; units are powers of 1024
	Path     Type = "path"
	Bound    Type = "limit" // a percentage such as 50%, a number, or off: see [Limit]
	Hosts    Type = "hosts" // hosts separated by commas: see [netpolicy.Rules]
)

// Setting is one row of the table of carjs's own settings.
type Setting struct {
	// Flag is the name on the command line, without a dash; empty when there is only the
	// environment variable.
	Flag string `json:"flag,omitempty"`
	// Aliases are further names of the flag.
	Aliases []string `json:"aliases,omitempty"`
	// Env is the environment variable, which is also the name of a mounted secret. Every setting
	// has one.
	Env  string `json:"env"`
	Type Type   `json:"type"`
	// Default is the text that counts when nothing is given; empty when there is none.
	Default string `json:"default,omitempty"`
	// Options are the only values allowed, when there are any.
	Options []string `json:"options,omitempty"`
	// Min is the least value of a number, in seconds for a duration; nil for none.
	Min *float64 `json:"min,omitempty"`
	// Repeated lets the flag be given several times: the texts are joined by line breaks.
	Repeated bool `json:"repeated,omitempty"`
	// AnyValue makes every value of the environment variable that does not spell "false" switch a
	// boolean on, as deployments of the existing connectors expect.
	AnyValue bool `json:"any_value,omitempty"`
	// Help is one sentence without its full stop, lower case, as help shows it.
	Help string `json:"help"`
	// Group is the heading under which help shows the setting.
	Group string `json:"group"`
}

// Secret tells whether the value must never be shown.
func (s Setting) Secret() bool { return s.Type == Password }

// Names returns all names of the flag, the main one first.
func (s Setting) Names() []string {
	if s.Flag == "" {
		return nil
	}
	return append([]string{s.Flag}, s.Aliases...)
}

// Table is a list of settings that a command accepts, in the order in which help shows them.
type Table []Setting

// With returns the table with more rows at its end; a command adds its own that way.
func (t Table) With(more ...Setting) Table { return append(slices.Clip(t), more...) }

// Groups returns the rows of some groups, for commands that need no more of the table.
func (t Table) Groups(groups ...string) Table {
	var out Table
	for _, s := range t {
		if slices.Contains(groups, s.Group) {
			out = append(out, s)
		}
	}
	return out
}

// Lookup returns the row with a flag, in any spelling that the command line accepts, or with an
// environment variable.
func (t Table) Lookup(name string) (Setting, bool) {
	for _, s := range t {
		if s.Env == name {
			return s, true
		}
		for _, flag := range s.Names() {
			if canonical(flag) == canonical(name) {
				return s, true
			}
		}
	}
	return Setting{}, false
}

// canonical is the form in which flags are compared: case does not count, nor whether words are
// joined by _ or by -.
func canonical(flag string) string {
	return strings.ToLower(strings.ReplaceAll(flag, "_", "-"))
}

// optionKey is the form under which a table knows the name of a flag: a single capital, as in -H, is
// another flag than the small letter.
func optionKey(flag string) string {
	if len(flag) == 1 {
		return flag
	}
	return canonical(flag)
}

// optionOf finds a flag as it is written on a command line.
func optionOf(options map[string]option, flag string) (option, bool) {
	found, ok := options[optionKey(flag)]
	if !ok {
		found, ok = options[canonical(flag)]
	}
	return found, ok
}

// helpFlags are understood everywhere and belong to no setting.
var helpFlags = []string{"h", "help"}
