package bundle

import (
	"strings"
	"testing"
)

func TestPatternBeginnings(t *testing.T) {
	for code, want := range map[string]string{
		"import(`./x/${name}.json`)":                                    "./x/",
		`import("./x/" + name + ".ts")`:                                 "./x/",
		`import("../x" + name)`:                                         "../x",
		`require("../" + name)`:                                         "../",
		`import(/* a */ "../" /* b */ + name)`:                          "../",
		"import // a\n ( // b\n \"../\" // c\n + name)":                 "../",
		`import(/* webpackMode: "lazy" */ ` + "`../${name}`)":           "../",
		`import(("../") + name)`:                                        "../",
		`import("." + ("./../" + name))`:                                "../../",
		`import("." + "./" + "../" + name)`:                             "../../",
		`import("\x2e\u002e/" + name)`:                                  "../",
		"import(`.${\".\"}/${name}`)":                                   "../",
		"import(`${\"../\"}x${\"/\"}` + name)":                          "../x/",
		`enum E { Up = "../" } import(E.Up + name)`:                     "../",
		`const enum E { Up = "../../" } require(E.Up + name)`:           "../../",
		`import(f(1) ? "./a/" + name : "../b/" + name)`:                 "./a/ ../b/",
		"import(c ? `./${a}` : d ? `../${b}` : '../../' + e)":           "./ ../ ../../",
		`import("../" + name, { with: { type: "json" } })`:              "../",
		`import("../" + name as string)`:                                "../",
		`requir\u0065("../" + name)`:                                    "../",
		`if (false) import("../" + name);`:                              "../",
		`function never() { return import("../" + name) }`:              "../",
		`class A { static x = () => import("../" + name) }`:             "../",
		`import("./x.ts"); require('./y'); import(` + "`./z`" + `)`:     "",
		`import(name); require(name); import(name + "/x"); import(f())`: "",
		`import("package/" + name)`:                                     "",
		`import x from "./x"; import type { y } from "../y"`:            "",
		`// import("../" + name)`:                                       "",
		`/* require("../" + name) */ import("./x")`:                     "",
		`import("../" +`:                                                "", // no code
		"import(`${name}`)":                                             "",
	} {
		if got := strings.Join(patternBeginnings("src/main.ts", []byte(code)), " "); got != want {
			t.Errorf("%s\ngot  %q\nwant %q", code, got, want)
		}
	}
	if got := patternBeginnings("x.js", []byte(`const f = require(name); import(name)`)); got != nil {
		t.Errorf("%q", got)
	}
}

// FuzzPatternBeginnings looks for code that the reader of such calls does not come to an end with.
func FuzzPatternBeginnings(f *testing.F) {
	for _, code := range []string{
		`import(/* a */ "../" + name)`, "import(`${`${\"../\"}`}x${{}}`)", "require('\\'+\"(\")", `import(a?"../"+b:c)`, "import(`", `requir\u0065("" + /"/)`,
	} {
		f.Add(code)
	}
	f.Fuzz(func(t *testing.T, code string) {
		for _, beginning := range patternBeginnings("src/main.ts", []byte(code)) {
			if !strings.HasPrefix(beginning, "./") && !strings.HasPrefix(beginning, "../") {
				t.Errorf("%q begins with %q", code, beginning)
			}
		}
	})
}
