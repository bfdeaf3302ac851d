package main

import (
	"bufio"
	"bytes"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// maxLine is how long a line of code may be; CONTRIBUTING.md says it, too.
const maxLine = 140

// maxComment is how long a line of a comment may be. They wrap at 100; the rest is room for the end
// of a word.
const maxComment = 104

// prose tells which lines are text of comments, and which are code, examples or tables in them.
type prose struct{ code bool }

var commented = regexp.MustCompile(`^\s*(?://|/?\*\*?) (.*)$`)

func (p *prose) has(line string) bool {
	m := commented.FindStringSubmatch(line)
	if m == nil {
		p.code = false
		return false
	}
	text := m[1]
	if strings.HasPrefix(text, "```") {
		p.code = !p.code
	}
	return !p.code && !strings.HasPrefix(text, " ") && !strings.HasPrefix(text, "\t") && !strings.HasPrefix(text, "|")
}

// longLines are folders and files in which lines may be longer, and why.
var longLines = map[string]string{
	"bindings/testdata":           "packages of npm, as they are published",
	"host/model/testdata":         "generated",
	"typings/model.d.ts":          "generated",
	"bindings/fetch/classes.js":   "follows the text of the standard, one line a method",
	"bindings/fetch/body.js":      "follows the text of the standard, one line a method",
	"bindings/internal/webcrypto": "follows the text of the standard, one line an algorithm",
	"bindings/node/js":            "follows Node's documentation, one line a method",
	"bindings/web":                "follows the text of the standards, one line a method",
	"bindings/intl/js":            "follows the text of the standard",
	"bindings/intl/testdata":      "generated cases, one a line",
}

// Code fits a screen: no line of it is longer than 140 characters. Tests may have longer ones, where
// a row of a table is one.
func TestLinesFitAScreen(t *testing.T) {
	root := os.DirFS("../..")
	used := map[string]bool{}
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case longLines[name] != "":
			used[name] = true
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") && name != "." ||
			entry.Name() == "node_modules" || name == "dist" || name == "bin"):
			return fs.SkipDir
		case entry.IsDir() || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		if end := path.Ext(name); end != ".go" && end != ".ts" && end != ".js" {
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		lines := bufio.NewScanner(bytes.NewReader(text))
		lines.Buffer(nil, 1<<20)
		var prose prose
		for n := 1; lines.Scan(); n++ {
			length := utf8.RuneCount(lines.Bytes())
			switch {
			case length > maxLine:
				t.Errorf("%s:%d has %d characters: break it, %d is the most", name, n, length, maxLine)
			case prose.has(lines.Text()) && length > maxComment:
				t.Errorf("%s:%d is a comment of %d characters: wrap it at 100", name, n, length)
			}
		}
		return lines.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range longLines {
		if !used[name] {
			t.Errorf("%s is not there any more: take it out of the list", name)
		}
	}
}
