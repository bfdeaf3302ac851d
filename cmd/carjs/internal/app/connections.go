package app

import (
	"strings"

	"carjs/host/failure"
	"carjs/host/httpx"
)

// checkConnections says before anything is asked what the environment names for connections and
// cannot be used: a proxy, or a file of certificate authorities.
func checkConnections() error {
	err := httpx.CheckEnvironment(nil)
	if err == nil {
		return nil
	}
	return failure.Usage("%s", strings.ReplaceAll(err.Error(), "\n", "; ")).WithCause(err).
		WithHint("fix or unset the environment variable")
}
