package fetch

import (
	"net/http"
	"slices"
	"strings"
)

// telling are parts of the names of headers that carry credentials. The standard keeps Authorization
// at home alone; APIs have X-Api-Key, X-Auth-Token, Private-Token, Ocp-Apim-Subscription-Key,
// X-Goog-Api-Key, X-Amz-Security-Token, X-Csrf-Token and many more.
var telling = []string{
	"auth", "token", "secret", "key", "cookie", "session", "passw", "credential", "signature", "csrf", "xsrf", "jwt", "assertion",
}

// private are the names of the headers that must not be carried to another origin: those whose name
// tells of credentials, and those whose value has a secret.
func private(header http.Header, hides func(string) bool) []string {
	var names []string
	for name, values := range header {
		lower := strings.ToLower(name)
		if slices.ContainsFunc(telling, func(part string) bool { return strings.Contains(lower, part) }) ||
			slices.ContainsFunc(values, hides) {
			names = append(names, name)
		}
	}
	return names
}
