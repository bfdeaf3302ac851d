package web

// Names are the globals of the package, part by part.
func Names() (names [][]string) {
	for _, part := range source.Parts {
		names = append(names, part.Globals)
	}
	return names
}

// NormalURL is the href of a URL.
func NormalURL(text string) (string, bool) {
	u, ok := parseURL(text, nil)
	if !ok {
		return "", false
	}
	authority := ""
	if u.hasHost {
		user := u.username
		if u.password != "" {
			user += ":" + u.password
		}
		if user != "" {
			user += "@"
		}
		authority = "//" + user + u.host
		if u.port != "" {
			authority += ":" + u.port
		}
	} else if !u.opaque && len(u.path) > 1 && u.path[:2] == "//" {
		authority = "/."
	}
	return u.scheme + ":" + authority + u.path + u.query + u.fragment, true
}
