package main

import (
	"encoding/json"
	"errors"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The rooms of CONTRIBUTING.md: who may import whom is read from its table and compared with the
// code, and a package that is very small says in its doc comment why it is one.
func TestRooms(t *testing.T) {
	rules := importRules(t)
	used := map[string]bool{}
	for _, p := range listPackages(t) {
		room := strings.TrimPrefix(p.ImportPath, "carjs/")
		rule, pattern := ruleFor(rules, room)
		if pattern == "" {
			t.Errorf("%s is in no row of the table in CONTRIBUTING.md", room)
			continue
		}
		used[pattern] = true
		for _, path := range p.Imports {
			imported, ours := strings.CutPrefix(path, "carjs/")
			if ours && !mayImport(rule, room, imported) {
				t.Errorf("%s imports %s, which its row in CONTRIBUTING.md (%s) does not allow", room, imported, pattern)
			}
		}
		if lines, doc := p.read(t); lines > 0 && lines < 60 && !reason.MatchString(doc) {
			t.Errorf("%s has %d lines: say in its doc comment why it is a package", room, lines)
		}
	}
	for _, r := range rules {
		if !used[r.pattern] {
			t.Errorf("no package is in the row %s of CONTRIBUTING.md", r.pattern)
		}
	}
}

// reason is what a doc comment says when it gives one.
var reason = regexp.MustCompile(`(?i)\b(because|so that|which is why)\b`)

type importRule struct {
	pattern string
	allowed []string
}

var inBackquotes = regexp.MustCompile("`([^`]+)`")

// section reads the text under a heading of CONTRIBUTING.md.
func section(t *testing.T, heading string) string {
	text, err := os.ReadFile(filepath.Join("..", "..", "CONTRIBUTING.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), "### "+heading+"\n")
	if !found {
		t.Fatalf("CONTRIBUTING.md has no section %q", heading)
	}
	section, _, _ = strings.Cut(section, "\n### ")
	return section
}

// importRules reads the table under the heading "Who may import whom".
func importRules(t *testing.T) []importRule {
	var rules []importRule
	for line := range strings.Lines(section(t, "Who may import whom")) {
		cells := strings.Split(line, "|")
		if len(cells) < 4 || !inBackquotes.MatchString(cells[1]) {
			continue
		}
		rule := importRule{pattern: inBackquotes.FindStringSubmatch(cells[1])[1]}
		for _, m := range inBackquotes.FindAllStringSubmatch(cells[2], -1) {
			rule.allowed = append(rule.allowed, m[1])
		}
		rules = append(rules, rule)
	}
	return rules
}

// ruleFor is the row with the longest pattern that a room matches. What is in an internal folder of
// a room is part of the room.
func ruleFor(rules []importRule, room string) (rule importRule, pattern string) {
	owner, _, _ := strings.Cut(room, "/internal/")
	for _, name := range []string{room, owner} {
		for _, r := range rules {
			exact := r.pattern == name
			if (exact || matches(r.pattern, name)) && (exact || len(r.pattern) > len(pattern)) {
				rule, pattern = r, r.pattern
				if exact {
					return rule, pattern
				}
			}
		}
	}
	return rule, pattern
}

func mayImport(rule importRule, room, imported string) bool {
	owner, _, internal := strings.Cut(imported, "/internal/")
	if internal && (room == owner || strings.HasPrefix(room, owner+"/")) {
		return true
	}
	for _, pattern := range rule.allowed {
		if pattern == imported || matches(pattern, imported) {
			return true
		}
	}
	return false
}

// matches tells whether a pattern such as "host/..." covers a room.
func matches(pattern, room string) bool {
	prefix, open := strings.CutSuffix(pattern, "/...")
	return open && (room == prefix || strings.HasPrefix(room, prefix+"/"))
}

type goPackage struct {
	ImportPath, Dir  string
	GoFiles, Imports []string
}

// read returns how many lines a package has, and its doc comment.
func (p goPackage) read(t *testing.T) (lines int, doc string) {
	for _, name := range p.GoFiles {
		path := filepath.Join(p.Dir, name)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lines += strings.Count(string(text), "\n")
		file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		doc += " " + file.Doc.Text()
	}
	return lines, strings.Join(strings.Fields(doc), " ")
}

func listPackages(t *testing.T) []goPackage {
	list := exec.Command("go", "list", "-json=ImportPath,Dir,GoFiles,Imports", "./...")
	list.Dir = filepath.Join("..", "..")
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var packages []goPackage
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}
