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
	return u.href(), true
}
