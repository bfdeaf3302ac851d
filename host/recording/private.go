package recording

import (
	"net/http"
	"slices"
)

// Private tells whether a header carries credentials, so that its value is never shown.
func Private(name string) bool { return slices.Contains(private, http.CanonicalHeaderKey(name)) }
