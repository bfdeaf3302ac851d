package httpx

import (
	"mime"
	"net/http"
	"strings"
)

// Foreign keeps the pages of other sites from using a service through the browser of somebody who
// is on its machine. Programs that are no browsers are not concerned.
type Foreign struct {
	// Local has the service answer as localhost, 127.0.0.0/8 and ::1 alone: a name of somebody else
	// may lead here, too (DNS rebinding). It is for a service that everybody may use who reaches it.
	Local bool
	// Forms takes bodies of the types that the forms of pages have, from pages of the service
	// itself. Without it such a body is refused when a browser says that a page sent it.
	Forms bool
	// Hint says what to do instead of using another name, as an order.
	Hint string
	// Refuse answers a request that is refused.
	Refuse func(w http.ResponseWriter, r *http.Request, status int, message string)
}

// Handler is next for the requests that are not refused.
func (f Foreign) Handler(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case f.Local && !Loopback(r.Host):
			f.Refuse(w, r, http.StatusForbidden, "only this machine may use this service, by the name localhost or 127.0.0.1: "+f.Hint)
		case fromDesktop(r):
			next.ServeHTTP(w, r)
		case protection.Check(r) != nil:
			f.Refuse(w, r, http.StatusForbidden, "requests from pages of other sites cannot change anything here")
		case !f.Forms && r.Header.Get("Origin") != "" && isForm(r):
			f.Refuse(w, r, http.StatusUnsupportedMediaType, "a page must send application/json")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// fromDesktop tells whether a request comes from a program on the desktop that is made like a
// browser, as GraphiQL is: its pages come from no site. A page that wants to pass for one cannot
// send JSON, for which its browser would ask first, and nobody here agrees.
func fromDesktop(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	scheme, _, ok := strings.Cut(origin, "://")
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return ok && scheme != "http" && scheme != "https" && media == "application/json"
}

// isForm tells whether a body has a type that any page may send anywhere without being asked.
func isForm(r *http.Request) bool {
	if r.ContentLength == 0 {
		return false
	}
	given := r.Header.Get("Content-Type")
	media, _, err := mime.ParseMediaType(given)
	switch media {
	case "application/x-www-form-urlencoded", "multipart/form-data", "text/plain":
		return true
	}
	return given != "" && err != nil
}
