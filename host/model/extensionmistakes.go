package model

import (
	"fmt"
	"slices"
	"strings"
)

// ExtensionMistake is one thing that is wrong with a schema extension.
type ExtensionMistake struct {
	// Path leads to it through the extension's JSON: "schema", "vertices", "0", "name".
	Path []string
	// Message says what is wrong, with the names of vertex or edge and property.
	Message string
}

func (m *ExtensionMistake) Error() string { return m.Message }

// ExtensionMistakes is all that is wrong with a schema extension.
type ExtensionMistakes []*ExtensionMistake

func (m ExtensionMistakes) Error() string {
	texts := make([]string, len(m))
	for i, mistake := range m {
		texts[i] = mistake.Message
	}
	return strings.Join(texts, "; ")
}

// err returns the mistakes as an error about the extension with a key; nil when there is none.
func (m ExtensionMistakes) err(key string) error {
	switch {
	case len(m) == 0:
		return nil
	case key == "":
		return fmt.Errorf("schema extension: %w", m)
	}
	return fmt.Errorf("schema extension %s: %w", key, m)
}

// place is a place in an extension, in the JSON and in words.
type place struct {
	path  []string
	where string
}

func (p place) in(path ...string) place {
	return place{path: slices.Concat(p.path, path), where: p.where}
}

func (p place) property(name string) place {
	in := p.in("properties", name)
	in.where = fmt.Sprintf("%s: property %q", p.where, name)
	return in
}

func (p place) mistake(format string, args ...any) *ExtensionMistake {
	message := fmt.Sprintf(format, args...)
	if p.where != "" {
		message = p.where + ": " + message
	}
	return &ExtensionMistake{Path: p.path, Message: message}
}
