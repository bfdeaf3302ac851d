package main

import (
	"encoding/json"
	"io"
)

// printJSON writes a value for people and programs: indented, and with the characters <, > and & as
// they are.
func printJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}
