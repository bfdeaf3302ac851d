package http

import "testing"

func TestLastSegment(t *testing.T) {
	for url, want := range map[string]string{
		"https://h/assets/17/":      "17",
		"https://h/assets/17":       "17",
		"https://h/a/17//?x=/9/#/8": "17",
		"/assets/a%20b/":            "a%20b",
		"17":                        "17",
		"https://h":                 "",
		"https://h/":                "",
		"https://h?x=1":             "",
		"":                          "",
		"///":                       "",
		"urn:uuid:5":                "urn:uuid:5",
	} {
		if got := lastSegment(url); got != want {
			t.Errorf("%q: %q, want %q", url, got, want)
		}
	}
}
