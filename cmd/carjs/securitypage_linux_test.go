package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// securityPage is the page that shows what was tried. Its tables stand between comments; -update
// writes those that come from tables of tests, and make attacks with it the one that is measured.
var securityPage = filepath.Join("..", "..", "docs", "security.md")

// pageTable finds one of its tables.
func pageTable(name string) *regexp.Regexp {
	return regexp.MustCompile(`(?s)(<!-- ` + name + ` -->\n)(.*?)(<!-- end -->)`)
}

func readPage(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(securityPage)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// writeTable replaces a table of the page.
func writeTable(t *testing.T, name string, rows []string) {
	t.Helper()
	text, found := readPage(t), pageTable(name)
	if !found.MatchString(text) {
		t.Fatalf("docs/security.md has no table %q", name)
	}
	text = found.ReplaceAllStringFunc(text, func(old string) string {
		parts := found.FindStringSubmatch(old)
		return parts[1] + strings.Join(rows, "\n") + "\n" + parts[3]
	})
	if err := os.WriteFile(securityPage, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// row is a line of a table.
func row(cells ...string) string {
	for i, cell := range cells {
		cells[i] = strings.ReplaceAll(strings.Join(strings.Fields(cell), " "), "|", `\|`)
	}
	return "| " + strings.Join(cells, " | ") + " |"
}

// code is text that Markdown leaves as it is.
func code(text string) string {
	if strings.Contains(text, "`") {
		return "`` " + text + " ``"
	}
	return "`" + text + "`"
}

// attempts are the tables that the tests hold, with what they want of each attempt.
func attempts(t *testing.T) map[string][]string {
	tables := map[string][]string{
		"build":    {"| attempt | result |", "|---|---|"},
		"escapes":  {"| attempt | code | gives |", "|---|---|---|"},
		"network":  {"| attempt | exit code | the message has |", "|---|---|---|"},
		"loopback": {"| request | answer |", "|---|---|"},
	}
	for _, b := range breakOuts() {
		result := "refused"
		switch {
		case b.fine:
			result = "builds, without anything from outside"
		case b.at != "":
			result += ", at " + code(b.at)
		}
		tables["build"] = append(tables["build"], row(b.name, result))
	}
	for _, e := range engineEscapes {
		gives := code(e.gives)
		if e.gives == "" {
			gives = "nothing of use"
		}
		tables["escapes"] = append(tables["escapes"], row(e.name, code(e.code), gives))
	}
	for _, c := range literals(t, "network_test.go", "TestNetworkPolicy") {
		exit, says := c["code"], c["says"]
		if exit == "" {
			exit = "0"
		}
		if says != "" {
			says = code(says)
		}
		tables["network"] = append(tables["network"], row(c["name"], exit, says))
	}
	for _, c := range literals(t, "loopback_test.go", "TestLoopbackServices") {
		answer := "answered"
		if c["4"] == "true" {
			answer = "refused: " + code(c["5"])
		}
		tables["loopback"] = append(tables["loopback"], row(c["0"], answer))
	}
	return tables
}

// literals reads the rows of the largest table in a test: fields by name, or by their place.
func literals(t *testing.T, file, function string) (rows []map[string]string) {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var table *ast.CompositeLit
	ast.Inspect(tree, func(n ast.Node) bool {
		if f, ok := n.(*ast.FuncDecl); ok && f.Name.Name != function {
			return false
		}
		if l, ok := n.(*ast.CompositeLit); ok && (table == nil || len(l.Elts) > len(table.Elts)) {
			table = l
		}
		return true
	})
	for _, element := range table.Elts {
		fields := map[string]string{}
		for i, e := range element.(*ast.CompositeLit).Elts {
			name, value := strconv.Itoa(i), e
			if pair, ok := e.(*ast.KeyValueExpr); ok {
				name, value = pair.Key.(*ast.Ident).Name, pair.Value
			}
			fields[name] = firstText(value)
		}
		rows = append(rows, fields)
	}
	return rows
}

// firstText is the value of a literal, or of the first in a list.
func firstText(e ast.Expr) (text string) {
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if text == "" {
				text = n.Value
				if value, err := strconv.Unquote(n.Value); err == nil {
					text = value
				}
			}
		case *ast.Ident:
			if text == "" && (n.Name == "true" || n.Name == "false") {
				text = n.Name
			}
		}
		return text == ""
	})
	return text
}

// TestSecurityPage has the page show what the tests try, with their numbers, and name tests that exist.
func TestSecurityPage(t *testing.T) {
	tables := attempts(t)
	if *update {
		for name, rows := range tables {
			writeTable(t, name, rows)
		}
	}
	text := readPage(t)
	for name, rows := range tables {
		got := pageTable(name).FindStringSubmatch(text)
		if got == nil || got[2] != strings.Join(rows, "\n")+"\n" {
			t.Errorf("the table %q of docs/security.md is not what the tests try: go test ./cmd/carjs -run TestSecurityPage -update", name)
		}
	}
	measured := pageTable("limits").FindStringSubmatch(text)
	if measured == nil {
		t.Fatal("docs/security.md has no table of limits")
	}
	var names []string
	for line := range strings.Lines(measured[2]) {
		if cells := strings.Split(line, " | "); len(cells) > 4 && cells[1] != "exit code" {
			names = append(names, strings.TrimPrefix(cells[0], "| "))
		}
	}
	var want []string
	for _, a := range attacks {
		want = append(want, a.name)
	}
	if !slices.Equal(names, want) {
		t.Errorf("the table of limits has %d rows, and %d attacks there are: make attacks writes it with UPDATE=1", len(names), len(want))
	}
	sums := map[string]int{"limits": len(attacks)}
	sum := len(attacks)
	for name, rows := range tables {
		sums[name] = len(rows) - 2
		sum += len(rows) - 2
	}
	for name, n := range sums {
		if says := fmt.Sprintf("%d attempts <!-- sum of %s -->", n, name); !strings.Contains(text, says) {
			t.Errorf("docs/security.md must say %q", says)
		}
	}
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	if says := fmt.Sprintf("%d attempts", sum); !strings.Contains(string(readme), says) {
		t.Errorf("the README must say %q", says)
	}
	testsNamed(t, text)
}

// testsNamed finds tests that the page names and nobody has.
func testsNamed(t *testing.T, text string) {
	t.Helper()
	for _, m := range regexp.MustCompile("`(Test\\w+)` in `([a-z/]+)`").FindAllStringSubmatch(text, -1) {
		files, err := filepath.Glob(filepath.Join("..", "..", m[2], "*_test.go"))
		if err != nil || !slices.ContainsFunc(files, func(file string) bool {
			source, _ := os.ReadFile(file)
			return strings.Contains(string(source), "\nfunc "+m[1]+"(")
		}) {
			t.Errorf("docs/security.md names %s in %s, which does not exist", m[1], m[2])
		}
	}
}
