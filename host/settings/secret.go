package settings

import (
	"fmt"
	"io"
	"log/slog"

	"carjs/host/redact"
)

// Secret is a text that shows itself only when asked to. It prints as [redacted] whatever the verb,
// in a struct too, where fmt reads fields without asking their methods: that is why the text stands
// behind a pointer.
type Secret struct{ text *string }

// NewSecret hides a text.
func NewSecret(text string) Secret { return Secret{text: &text} }

// Reveal returns the text.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// Empty tells whether there is no text.
func (s Secret) Empty() bool { return s.Reveal() == "" }

// String returns the marker, or nothing for an empty secret.
func (s Secret) String() string {
	if s.Empty() {
		return ""
	}
	return redact.Marker
}

// Format prints as [Secret.String] does.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// MarshalText writes as [Secret.String] does.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue logs as [Secret.String] does.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
