package settings

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// attribute is one key that a setting may have in config.json.
type attribute struct {
	types []Type // the types of settings that may have it, nil for all
	about string // one sentence without its full stop, lower case
	read  func(f *Field, n node) error
}

// attributes is the table of the keys of a setting, beside its type. An error of read says what the
// value must be.
var attributes = map[string]attribute{
	"default": {nil, "value that counts when none is given; of the type of the setting",
		func(f *Field, n node) (err error) { f.Default, err = defaultOf(f.Type, n); return err }},
	"min":      {[]Type{Number}, "least value", func(f *Field, n node) (err error) { f.Min, err = numberOf(n); return err }},
	"max":      {[]Type{Number}, "greatest value", func(f *Field, n node) (err error) { f.Max, err = numberOf(n); return err }},
	"regex":    {[]Type{Text, Password, Link}, "regular expression that must fit the whole value", readRegex},
	"optional": {nil, "true: no value is needed", readOptional},
	"hidden":   {nil, "true: help leaves the setting out", func(f *Field, n node) (err error) { f.Hidden, err = booleanOf(n); return err }},
	"previous": {nil, "older names of the setting, which still count", readPrevious},
	"options": {[]Type{Text, Number, Cron}, "the only values allowed; of a cron, suggestions",
		func(f *Field, n node) (err error) { f.Options, err = textsOf(n); return err }},
}

func readOptional(f *Field, n node) (err error) {
	f.Optional, err = booleanOf(n)
	f.demanded = err == nil && !f.Optional
	return err
}

func attributeNames() []string {
	var names []string
	for name := range attributes {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func defaultOf(kind Type, n node) (any, error) {
	switch kind {
	case Number:
		number, err := numberOf(n)
		if err != nil {
			return nil, err
		}
		return *number, nil
	case Boolean:
		return booleanOf(n)
	}
	text, ok := n.value.(string)
	switch {
	case !ok:
		return nil, fmt.Errorf("must be text")
	case kind == Cron && len(strings.Fields(text)) != 5:
		return nil, fmt.Errorf("must be a cron schedule of five fields")
	}
	return text, nil
}

func numberOf(n node) (*float64, error) {
	if number, ok := n.value.(json.Number); ok {
		if f, err := strconv.ParseFloat(number.String(), 64); err == nil {
			return &f, nil
		}
	}
	return nil, fmt.Errorf("must be a number")
}

func booleanOf(n node) (bool, error) {
	b, ok := n.value.(bool)
	if !ok {
		return false, fmt.Errorf("must be true or false")
	}
	return b, nil
}

// textsOf reads a list of texts or numbers; a single one stands for a list of one.
func textsOf(n node) ([]string, error) {
	items, ok := n.value.([]node)
	if !ok {
		items = []node{n}
	}
	var out []string
	for _, item := range items {
		switch v := item.value.(type) {
		case string:
			out = append(out, v)
		case json.Number:
			out = append(out, v.String())
		default:
			return nil, fmt.Errorf("must be a list of strings")
		}
	}
	return out, nil
}

func readPrevious(f *Field, n node) error {
	names, err := textsOf(n)
	for _, name := range names {
		f.Previous = append(f.Previous, previousEnv(f.Path, name))
	}
	return err
}

func readRegex(f *Field, n node) error {
	text, ok := n.value.(string)
	if !ok {
		return fmt.Errorf("must be text")
	}
	fits, err := compilePattern(text)
	if err != nil {
		return fmt.Errorf("is not a regular expression: %w", err)
	}
	f.Regex, f.fits = text, fits
	return nil
}
