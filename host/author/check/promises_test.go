package check

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// The methods that return a promise are those of the typings.
func TestPromisesAreThoseOfTheTypings(t *testing.T) {
	read := func(name string) string {
		t.Helper()
		text, err := os.ReadFile(filepath.Join("..", "..", "..", "typings", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	known := slices.Concat(servicePromises, importPromises)
	declared := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^    (\w+)\((?:.*|\n(?:      .*\n)+    )\): Promise<`).FindAllStringSubmatch(read("carjs.d.ts"), -1) {
		if declared[m[1]] = true; !slices.Contains(known, m[1]) {
			t.Errorf("%s() returns a promise, and is not in the table", m[1])
		}
	}
	for _, name := range known {
		if !declared[name] {
			t.Errorf("%s() is in the table, and returns no promise", name)
		}
	}
	client := read("http.d.ts")
	for _, name := range clientPromises {
		if !regexp.MustCompile(`(?m)^    (readonly )?` + name + `(: Method|[(<].*Promise<)`).MatchString(client) {
			t.Errorf("%s of HttpClient is in the table, and returns no promise", name)
		}
	}
}
