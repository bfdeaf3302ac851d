package script

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// conformance is a folder of a checkout of test262, the tests of the language's standard.
type conformance struct {
	dir      string
	harness  map[string]string
	expected []expectation
}

// expectation is a line of testdata/test262.txt: tests that fail, or some of them, and why.
type expectation struct {
	name   *regexp.Regexp
	reason string
	partly bool
}

// conformanceTest is one file of test262.
type conformanceTest struct {
	name     string // below test/, without its ending
	code     string
	includes []string
	flags    []string
	features []string
	// negative is the class of the error that the file is to end with, empty for none.
	negative string
}

var frontMatter = regexp.MustCompile(`(?s)/\*---\n?(.*?)---\*/`)

// read reads a test with what its comment says of it.
func (c *conformance) read(file string) (conformanceTest, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return conformanceTest{}, err
	}
	name, err := filepath.Rel(filepath.Join(c.dir, "test"), strings.TrimSuffix(file, ".js"))
	test := conformanceTest{name: filepath.ToSlash(name), code: string(text)}
	found := frontMatter.FindStringSubmatch(test.code)
	if found == nil {
		return test, err
	}
	test.includes, test.flags, test.features = listed(found[1], "includes"), listed(found[1], "flags"), listed(found[1], "features")
	if _, negative, ok := strings.Cut(found[1], "negative:"); ok {
		_, class, _ := strings.Cut(negative, "type:")
		test.negative, _, _ = strings.Cut(strings.TrimSpace(class), "\n")
	}
	return test, err
}

// listed is a list of a test's comment, in either form of YAML.
func listed(front, name string) []string {
	_, rest, ok := strings.Cut("\n"+front, "\n"+name+":")
	if !ok {
		return nil
	}
	if inline, _, ok := strings.Cut(strings.TrimLeft(rest, " "), "]"); ok && strings.HasPrefix(inline, "[") {
		return strings.FieldsFunc(inline[1:], func(r rune) bool { return r == ',' || r == ' ' || r == '\n' })
	}
	var list []string
	for _, line := range strings.Split(rest, "\n")[1:] {
		item, ok := strings.CutPrefix(strings.TrimSpace(line), "- ")
		if !ok {
			break
		}
		list = append(list, strings.TrimSpace(item))
	}
	return list
}

// program is a test with the files of the harness that it needs, as one text.
func (c *conformance) program(test conformanceTest) string {
	var b strings.Builder
	if slices.Contains(test.flags, "onlyStrict") {
		b.WriteString("'use strict';\n")
	}
	for _, file := range append([]string{"assert.js", "sta.js"}, test.includes...) {
		b.WriteString(c.harness[file] + "\n")
	}
	b.WriteString(test.code)
	// Tests expect to stand in the global scope.
	if !slices.Contains(test.flags, "onlyStrict") {
		return "(function () {\n" + b.String() + "\n}).call(globalThis);"
	}
	return b.String()
}

// carjs runs a test in a runtime of carjs.
func (c *conformance) carjs(test conformanceTest) (err error) {
	program, err := Compile("test.js", c.program(test))
	if err != nil {
		return test.ended(err)
	}
	rt, err := New(Options{MaxTurn: 5 * time.Second})
	if err != nil {
		return err
	}
	defer rt.Close()
	_, err = rt.Load(context.Background(), program)
	return test.ended(err)
}

func (test conformanceTest) ended(err error) error {
	switch {
	case test.negative == "":
		if err != nil && strings.Contains(err.Error(), "unhandled promise rejection") {
			return nil // of no concern to the test, and an error in carjs alone
		}
		return err
	case err == nil:
		return fmt.Errorf("ends without a %s", test.negative)
	case strings.Contains(err.Error(), test.negative):
		return nil
	}
	return err
}

// conformanceSample is what is tested where nothing names folders: what carjs replaces.
const conformanceSample = "built-ins/RegExp,built-ins/RegExpStringIteratorPrototype,built-ins/String,built-ins/Number,built-ins/JSON," +
	"built-ins/BigInt,built-ins/Date,language/literals/regexp"

// TestConformance runs tests of the language's standard, test262, whose checkout CARJS_TEST262
// names, below the folders in CARJS_TEST262_FOLDERS. What is expected to fail is in
// testdata/test262.txt, with the reason.
func TestConformance(t *testing.T) {
	dir := os.Getenv("CARJS_TEST262")
	if dir == "" {
		t.Skip("CARJS_TEST262 names no checkout of github.com/tc39/test262")
	}
	c := newConformance(t, dir)
	folders := os.Getenv("CARJS_TEST262_FOLDERS")
	if folders == "" {
		folders = conformanceSample
	}
	for folder := range strings.SplitSeq(folders, ",") {
		t.Run(folder, func(t *testing.T) {
			passed, expected := 0, map[string]int{}
			for _, test := range c.below(t, folder) {
				err := c.carjs(test)
				reason := c.reason(test.name)
				switch {
				case err == nil && reason != "" && !c.partly(test.name):
					t.Errorf("%s passes, and testdata/test262.txt says: %s", test.name, reason)
				case err == nil:
					passed++
				case reason == "":
					t.Errorf("%s: %v", test.name, err)
				default:
					expected[reason]++
				}
			}
			t.Logf("%d pass", passed)
			for reason, n := range expected {
				t.Logf("%d fail: %s", n, reason)
			}
		})
	}
}

// newConformance reads the harness, and what is expected to fail.
func newConformance(t *testing.T, dir string) *conformance {
	t.Helper()
	c := &conformance{dir: dir, harness: map[string]string{}}
	files, err := filepath.Glob(filepath.Join(dir, "harness", "*.js"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s has no folder harness: %v", dir, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		c.harness[filepath.Base(file)] = string(text)
	}
	text, err := os.ReadFile("testdata/test262.txt")
	if err != nil {
		t.Fatal(err)
	}
	reason := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if heading, ok := strings.CutPrefix(line, "# "); ok {
			reason = heading
		} else if line != "" {
			pattern, partly := strings.CutSuffix(line, " *")
			c.expected = append(c.expected, expectation{regexp.MustCompile("^" + pattern + "$"), reason, partly})
		}
	}
	return c
}

// below are the tests of a folder that can be run: in one script, to the end of it.
func (c *conformance) below(t *testing.T, folder string) (tests []conformanceTest) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(c.dir, "test", folder), func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".js") || strings.Contains(path, "_FIXTURE") {
			return err
		}
		test, err := c.read(path)
		special := slices.ContainsFunc(test.flags, func(flag string) bool { return flag == "module" || flag == "async" || flag == "raw" })
		if !special && !strings.Contains(test.code, "$262") && !slices.ContainsFunc(test.features, isProposal) {
			tests = append(tests, test)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tests
}

// isProposal tells whether a feature is no part of what carjs says that it has.
func isProposal(feature string) bool {
	return slices.Contains([]string{
		"Temporal", "ShadowRealm", "legacy-regexp", "resizable-arraybuffer", "json-parse-with-source", "Float16Array", "Math.sumPrecise",
		"immutable-arraybuffer", "upsert", "cross-realm", "tail-call-optimization",
		"Array.fromAsync",
	}, feature)
}

// reason is why a test is expected to fail, empty if it is not.
func (c *conformance) reason(name string) string {
	for _, e := range c.expected {
		if e.name.MatchString(name) {
			return e.reason
		}
	}
	return ""
}

// partly tells whether some of the tests of an expectation pass.
func (c *conformance) partly(name string) bool {
	for _, e := range c.expected {
		if e.name.MatchString(name) {
			return e.partly
		}
	}
	return false
}
