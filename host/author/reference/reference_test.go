package reference_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"carjs/host/author/reference"
)

var update = flag.Bool("update", false, "write docs/reference anew")

const folder = "../../../docs/reference"

// The pages in docs/reference are those of the typings as they are.
func TestPages(t *testing.T) {
	modules, err := reference.Modules()
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]string{"README.md": reference.Index(modules)}
	for _, m := range modules {
		pages[m.File()] = m.Markdown(modules)
	}
	if *update {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range pages {
			if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if _, ok := pages[file.Name()]; !ok {
			t.Errorf("docs/reference/%s is of no module", file.Name())
		}
	}
	for name, want := range pages {
		got, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil || string(got) != want {
			t.Errorf("docs/reference/%s is not what the typings say (%v): run this test with -update", name, err)
		}
	}
}

// Everything that is declared is on its page, with a name and a text.
func TestNothingIsLost(t *testing.T) {
	modules, err := reference.Modules()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range modules {
		text, err := os.ReadFile("../../../typings/" + strings.TrimSuffix(m.File(), ".md") + ".d.ts")
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, d := range m.Declarations {
			names = append(names, d.Name)
			if d.Doc == "" && !slices.Contains(names[:len(names)-1], d.Name) {
				t.Errorf("%s: %s has no text", m.Name, d.Name)
			}
			for _, member := range d.Members {
				if strings.Count(member.Signature, "{") != strings.Count(member.Signature, "}") {
					t.Errorf("%s: %s.%s is cut: %s", m.Name, d.Name, member.Name, member.Signature)
				}
			}
		}
		for _, match := range regexp.MustCompile(`(?m)^ *(?:export |declare )+(?:abstract )?(?:class|interface|function|type|const|var|enum) (\w+)`).FindAllStringSubmatch(string(text), -1) {
			if !slices.Contains(names, match[1]) {
				t.Errorf("%s: %s is not found", m.Name, match[1])
			}
		}
	}
}

// Every link leads to a heading, and no heading is there twice.
func TestLinks(t *testing.T) {
	modules, err := reference.Modules()
	if err != nil {
		t.Fatal(err)
	}
	anchors := map[string]bool{}
	texts := map[string]string{}
	for _, m := range modules {
		text := m.Markdown(modules)
		texts[m.File()] = text
		seen := map[string]int{}
		for _, match := range regexp.MustCompile(`(?m)^## (.*)$`).FindAllStringSubmatch(text, -1) {
			anchor := strings.ToLower(match[1])
			if n := seen[anchor]; n > 0 {
				anchors[fmt.Sprintf("%s#%s-%d", m.File(), anchor, n)] = true
			} else {
				anchors[m.File()+"#"+anchor] = true
			}
			seen[anchor]++
			if strings.Count(text, "\n## "+match[1]+"\n") != 1 {
				t.Errorf("%s: %s has several headings", m.Name, match[1])
			}
		}
		if strings.Contains(text, "{@link") {
			t.Errorf("%s: a link is left as it was", m.Name)
		}
	}
	for file, text := range texts {
		for _, match := range regexp.MustCompile(`\]\(([\w-]*\.md)?#([\w-]+)\)`).FindAllStringSubmatch(text, -1) {
			to := match[1]
			if to == "" {
				to = file
			}
			if !anchors[to+"#"+match[2]] {
				t.Errorf("%s: a link to %s#%s leads nowhere", file, to, match[2])
			}
		}
	}
}
