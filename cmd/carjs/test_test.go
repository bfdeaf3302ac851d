package main

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"carjs/host/author/scaffold"
)

// tester is a desk with a connector from a template, whose tests are these.
func tester(t *testing.T, files map[string]string) *desk {
	t.Helper()
	d := newDesk(t)
	if r := d.run("init", "-template", "minimal", "mine"); r.code != 0 {
		t.Fatal(r)
	}
	if err := os.RemoveAll(filepath.Join(d.dir, "mine", "tests")); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		d.write("mine/tests/"+name, text)
	}
	return d
}

var durations = regexp.MustCompile(` \(\d+ ms\)|\d+\.\d s`)

// What tests come to, and how it is told: each kind of end, in one file.
func TestTestOutput(t *testing.T) {
	d := tester(t, map[string]string{"ends.test.ts": `import { afterEach, beforeAll, describe, expect, test } from "carjs/test";

describe("values", () => {
  test("are equal", () => expect({ a: [1, { b: 2 }] }).toEqual({ a: [1, { b: 2 }] }));
  test("are not equal", () => expect({ a: 1, list: ["x", "y"] }).toEqual({ a: 1, list: ["x", "z"] }));
  test.each([[1, 2], [2, 5]])("%d doubled is %d", (n, doubled) => expect(2 * n).toBe(doubled));
});

describe("ends", () => {
  test("throws", () => { throw new TypeError("on purpose"); });
  test("rejects", async () => { await null; throw new Error("later"); });
  test("leaves a rejection behind", () => { void Promise.reject(new Error("nobody awaits me")); });
  test("hangs", async () => { await new Promise((resolve) => setTimeout(resolve, 600_000)); }, { timeout: 50 });
  test("never settles", async () => { await new Promise(() => {}); });
  test("loops", () => { for (;;); }, { timeout: 50 });
  test("is fine after all of that", () => { console.log("still here"); });
  test.skip("is skipped", () => { throw new Error("it ran"); });
  test.todo("is still to be written");
});

describe("a hook", () => {
  beforeAll(() => { throw new Error("no database"); });
  test("fails its tests", () => {});
});
`})
	r := d.run("test", "mine", "-filter", "e") // not the checks that have none; all tests have one
	if r.code != 1 {
		t.Errorf("exit code %d\n%s", r.code, r)
	}
	out, _, _ := strings.Cut(r.stdout, "acceptance checks")
	golden(t, "testdata/test-output.golden", durations.ReplaceAllString(out, ""))
}

// golden compares a text with a file, or writes it with -update.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil || string(want) != got {
		t.Errorf("%s (%v) is another one now; run the test with -update and look at the difference\n%s", file, err, got)
	}
}

func TestTestExitCodes(t *testing.T) {
	const good = `import { expect, test } from "carjs/test"; test("one", () => expect(1).toBe(1)); test("two", () => expect(2).toBe(2));`
	for _, test := range []struct {
		name   string
		files  map[string]string
		args   []string
		code   int
		stdout []string
		stderr []string
	}{
		{"all is well", map[string]string{"a.test.ts": good}, nil, 0, []string{"✓ one", "tests   2 passed", "checks  8 passed"}, nil},
		{"a filter", map[string]string{"a.test.ts": good}, []string{"-filter", "ONE"}, 0, []string{"tests   1 passed"}, nil},
		{
			"a filter without a match", map[string]string{"a.test.ts": good}, []string{"-filter", "three"}, 2, nil,
			[]string{`no test or check has "three" in its name`},
		},
		{
			"it does not build",
			map[string]string{"a.test.ts": good + "\nconst x = ;", "b.test.ts": `import "./none";`}, nil, 2, nil,
			[]string{"tests/a.test.ts:2:11", `Could not resolve "./none"`},
		},
		{"no tests, but checks", nil, nil, 0, []string{"checks  8 passed"}, nil},
		{"a file without a test", map[string]string{"a.test.ts": `import "carjs/test";`}, nil, 1, []string{"the file declares no test"}, nil},
		{
			"only",
			map[string]string{"a.test.ts": `import { test } from "carjs/test"; test("one", () => { throw new Error("ran"); }); test.only("two", () => {});`},
			nil, 0, []string{"✓ two", "1 skipped"}, nil,
		},
		{
			"a check is skipped",
			map[string]string{"a.test.ts": good + ` import { acceptance } from "carjs/test"; acceptance.skip("save-point", "it has a clock");`},
			nil, 0, []string{"skipped: it has a clock", "checks  7 passed, 1 skipped"}, nil,
		},
		{
			"a check that does not exist",
			map[string]string{"a.test.ts": good + ` import { acceptance } from "carjs/test"; acceptance.skip("nonsense", "why not");`},
			nil, 1, []string{"acceptance.skip names an unknown check"}, nil,
		},
		{"a request without an answer", map[string]string{"a.test.ts": `import { connector, dataSource, test } from "carjs/test";
test("asks", async () => { const source = dataSource(); await connector({ source, settings: { url: source.url, token: "t" } }).import(); });`}, nil, 1,
			[]string{"the test's data source has no response for GET /hosts"}, nil},
		{"a setting that does not exist", map[string]string{"a.test.ts": `import { connector, dataSource, test } from "carjs/test";
test("asks", () => { connector({ source: dataSource(), settings: { ulr: "x" } }); });`}, nil, 1, []string{`the connector has no setting "ulr"`, "url, token"}, nil},
		{
			"no recording",
			map[string]string{"a.test.ts": `import { recorded, test } from "carjs/test"; test("r", () => { recorded("recordings/none"); });`},
			nil, 1, []string{"is not a recording"}, nil,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := tester(t, test.files).run(append([]string{"test", "mine"}, test.args...)...)
			if r.code != test.code {
				t.Errorf("exit code %d, want %d", r.code, test.code)
			}
			contains(t, r.stdout, test.stdout...)
			contains(t, r.stderr, test.stderr...)
		})
	}
	d := newDesk(t)
	d.small("")
	r := d.run("test", "small")
	if r.code != 2 {
		t.Error(r)
	}
	contains(t, r.stderr, "the connector small has no tests", ".test.ts")
}

// What tests are imported with, a connector cannot import.
func TestTestModuleIsForTests(t *testing.T) {
	d := newDesk(t)
	d.write("connectors/small/main.ts", `import { test } from "carjs/test"; test("x", () => {});`)
	r := d.imports("small")
	if r.code != 2 {
		t.Error(r)
	}
	contains(t, r.stderr, `is for tests: import it only in .test.ts files`)
}

func TestTestFiles(t *testing.T) {
	d := tester(t, map[string]string{"a.test.ts": `import { describe, expect, test } from "carjs/test";
import App from "../src/main";
describe("a group", () => { test("fails <&>", () => expect(typeof App).toBe("string")); test.skip("later"); });`})
	r := d.run("test", "mine", "-junit", "junit.xml", "-coverage", "-coverage-file", "lcov.info")
	if r.code != 1 {
		t.Error(r)
	}
	var suites struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Suites   []struct {
			Name  string `xml:"name,attr"`
			Cases []struct {
				Name    string `xml:"name,attr"`
				Failure *struct {
					Text string `xml:",chardata"`
				} `xml:"failure"`
				Skipped *struct{} `xml:"skipped"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(d.read("junit.xml")), &suites); err != nil {
		t.Fatal(err)
	}
	if suites.Tests != 10 || suites.Failures != 1 || len(suites.Suites) != 2 {
		t.Fatalf("%+v", suites)
	}
	first := suites.Suites[0].Cases[0]
	if first.Name != "a group > fails <&>" || first.Failure == nil ||
		!strings.Contains(first.Failure.Text, "at tests/a.test.ts:3:") || suites.Suites[0].Cases[1].Skipped == nil {
		t.Errorf("%+v", suites.Suites[0])
	}
	contains(t, r.stdout, "lines that did not run", "src/main.ts", "all ")
	contains(t, d.read("lcov.info"), "SF:src/main.ts\n", "\nend_of_record\n")
	if strings.Contains(d.read("lcov.info"), "a.test.ts") {
		t.Error("the tests themselves are covered")
	}
}

// The tests of what carjs brings along pass, and so do those of every new connector.
func TestTestsThatAreThere(t *testing.T) {
	d := newDesk(t)
	if r := d.run("test", "reference"); r.code != 0 {
		t.Error(r)
	}
	for _, template := range scaffold.Templates() {
		t.Run(template.Name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			if r := d.run("init", "-template", template.Name, "mine"); r.code != 0 {
				t.Fatal(r)
			}
			r := d.run("test", "mine")
			if r.code != 0 {
				t.Error(r)
			}
			contains(t, r.stdout, "checks  8 passed")
		})
	}
}
