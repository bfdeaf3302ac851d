package imagetest

import (
	"net/http"
	"slices"
	"strings"
)

// allowed answers a request that its sender may not make, and tells whether it may be made.
func (r *Registry) allowed(w http.ResponseWriter, q *http.Request) bool {
	if r.options.Users == nil {
		return true
	}
	name, known := r.sender(q)
	switch {
	case !known && r.options.Tokens:
		w.Header().Set("WWW-Authenticate", `Bearer realm="`+r.Server.URL+`/token",service="test"`)
		refuse(w, http.StatusUnauthorized, "UNAUTHORIZED", "authentication required")
	case !known:
		w.Header().Set("WWW-Authenticate", `Basic realm="test"`)
		refuse(w, http.StatusUnauthorized, "UNAUTHORIZED", "authentication required")
	case slices.Contains(r.options.Readers, name) && q.Method != http.MethodGet && q.Method != http.MethodHead:
		refuse(w, http.StatusForbidden, "DENIED", "requested access to the resource is denied")
	default:
		return true
	}
	return false
}

func (r *Registry) sender(q *http.Request) (name string, known bool) {
	if r.options.Tokens {
		name, known = strings.CutPrefix(q.Header.Get("Authorization"), "Bearer token-of-")
		return name, known
	}
	name, password, _ := q.BasicAuth()
	want, known := r.options.Users[name]
	return name, known && password == want
}

// token hands out a token for a login.
func (r *Registry) token(w http.ResponseWriter, q *http.Request) {
	name, password, _ := q.BasicAuth()
	if want, known := r.options.Users[name]; !known || password != want {
		refuse(w, http.StatusUnauthorized, "UNAUTHORIZED", "wrong user name or password")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write([]byte(`{"token":"token-of-` + name + `"}`)) //nolint:errcheck // a client that is gone is the test's
}
