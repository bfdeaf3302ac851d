package main

import (
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// The table "Where is …?" of CONTRIBUTING.md leads to files that are there, and to what it says is in
// them.
func TestMapLeadsThere(t *testing.T) {
	there := func(name string) bool {
		_, err := os.Stat(path.Join("..", "..", name))
		return err == nil
	}
	function := regexp.MustCompile("`([\\w./]+)` \\(`(\\w+)`\\)")
	rows := 0
	for line := range strings.Lines(section(t, "Where is …?")) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || strings.HasPrefix(cells[1], "---") || strings.Contains(cells[2], "first hop") {
			continue
		}
		rows++
		first := inBackquotes.FindStringSubmatch(cells[2])
		if first == nil || !there(first[1]) {
			t.Errorf("the first hop is not there: %s", line)
			continue
		}
		names := map[string]string{} // as they stand there, and where they are
		for _, m := range inBackquotes.FindAllStringSubmatch(cells[3], -1) {
			for _, name := range []string{m[1], path.Join(first[1], m[1])} {
				if there(name) {
					names[m[1]] = name
				}
			}
			if names[m[1]] == "" && strings.ContainsAny(m[1], "./") {
				t.Errorf("%s is not there: %s", m[1], line)
			}
		}
		for _, m := range function.FindAllStringSubmatch(cells[3], -1) {
			text, err := os.ReadFile(path.Join("..", "..", names[m[1]]))
			if err != nil || !regexp.MustCompile(`func (\([^)]+\) )?`+m[2]+`\(`).Match(text) {
				t.Errorf("%s has no function %s: %s", m[1], m[2], line)
			}
		}
	}
	if rows < 10 {
		t.Errorf("%d rows", rows)
	}
}

// The pictures of CONTRIBUTING.md, and docs/design.md, name packages and files that are there.
func TestPicturesAreTrue(t *testing.T) {
	named := regexp.MustCompile(`\b(?:host|bindings|cmd|connectors|typings|examples|docs)/[\w./]*\w`)
	pictures := regexp.MustCompile("(?s)```mermaid.*?```")
	for name, only := range map[string]*regexp.Regexp{"CONTRIBUTING.md": pictures, "docs/design.md": nil} {
		text, err := os.ReadFile(path.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		parts := []string{string(text)}
		if only != nil {
			if parts = only.FindAllString(string(text), -1); len(parts) != 3 {
				t.Errorf("%s has %d pictures, want those of an object, a failure and a setting", name, len(parts))
			}
		}
		for _, part := range parts {
			for _, place := range named.FindAllString(part, -1) {
				if _, err := os.Stat(path.Join("..", "..", place)); err != nil {
					t.Errorf("%s names %s, which is not there", name, place)
				}
			}
		}
	}
}
