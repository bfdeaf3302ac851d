//go:build unix

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"carjs/host/author/dev"
)

// secretText is what no bundle, artifact or message may contain.
const secretText = "the-password-of-CAR"

// breakOut is one attempt of a connector to have its build read what is not its own.
type breakOut struct {
	name string
	make func(d *desk) // makes the connector in c, and what is around it
	want []string      // what the message says, besides what to do
	at   string        // the place that it names
	fine bool          // the build succeeds, without the secret
}

// outsider is the start of a connector that imports what is not its own.
func outsider(d *desk, main string) {
	d.write("c/src/main.ts", main+"\nexport class Main extends Connector {}\n")
	d.write("outside/secret.txt", secretText)
	d.write("outside/secret.json", `{"secret":"`+secretText+`"}`)
	d.write("outside/secret.ts", `export default "`+secretText+`";`)
}

// link makes a symbolic link.
func (d *desk) link(name, target string) {
	d.Helper()
	path := filepath.Join(d.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		d.Fatal(err)
	}
	if err := os.Symlink(target, path); err != nil {
		d.Fatal(err)
	}
}

// imports is the line that imports something under a name, with the loader of a type if one is given.
func importLine(from, loader string) string {
	if loader != "" {
		loader = fmt.Sprintf(" with { type: %q }", loader)
	}
	return fmt.Sprintf("import { Connector } from \"carjs\";\nimport x from %q%s;\nconsole.log(x);", from, loader)
}

func breakOuts() []breakOut {
	const allow = "-allow-read"
	importing := func(from, loader string) func(*desk) {
		return func(d *desk) { outsider(d, importLine(from, loader)) }
	}
	withPackage := func(about string) func(*desk) {
		return func(d *desk) {
			outsider(d, importLine("evil", ""))
			d.write("c/node_modules/evil/package.json", about)
		}
	}
	searching := func(expression string) func(*desk) {
		return func(d *desk) {
			outsider(d, "import { Connector } from \"carjs\";\nconst enum E { Up = \"../../../../\" }\n"+
				"const name = String(Connector), f = Number;\nconsole.log(f, E.Up, "+expression+");")
			d.write("c/src/data/x.json", "1")
		}
	}
	var all []breakOut
	for _, loader := range []string{"text", "binary", "base64", "bytes", "dataurl", "file", "copy", "json"} {
		all = append(all, breakOut{"absolute path as " + loader, func(d *desk) {
			outsider(d, importLine(filepath.Join(d.dir, "outside/secret.txt"), loader))
		}, nil, "", false})
	}
	return append(all, []breakOut{
		{"environment as text", importing("/proc/self/environ", "text"), []string{allow}, "src/main.ts:2", false},
		{"parent folders as text", importing("../../outside/secret.txt", "text"), []string{allow, "secret.txt"}, "src/main.ts:2", false},
		{"parent folders as TypeScript", importing("../../outside/secret", ""), []string{allow, "secret.ts"}, "src/main.ts:2", false},
		{"parent folders as JSON", importing("../../outside/secret.json", ""), []string{allow, "secret.json"}, "src/main.ts:2", false},
		{"etc", importing("../../../../../../../../../../../../../../etc/passwd", "text"),
			[]string{allow, "/etc/passwd"}, "src/main.ts:2", false},
		{"link in src", func(d *desk) {
			outsider(d, importLine("./innocent.txt", "text"))
			d.link("c/src/innocent.txt", "../../outside/secret.txt")
		}, []string{allow}, "src/main.ts:2", false},
		{"linked folder in src", func(d *desk) {
			outsider(d, importLine("./innocent/secret.txt", "text"))
			d.link("c/src/innocent", "../../outside")
		}, []string{allow}, "src/main.ts:2", false},
		{"chain of links", func(d *desk) {
			outsider(d, importLine("./one.txt", "text"))
			d.link("c/src/one.txt", "two.txt")
			d.link("c/src/two.txt", filepath.Join(d.dir, "outside/secret.txt"))
		}, []string{allow}, "src/main.ts:2", false},
		{"linked package", func(d *desk) {
			outsider(d, importLine("evil/secret.txt", "text"))
			d.link("c/node_modules/evil", "../../outside")
		}, []string{allow, "node_modules/evil"}, "src/main.ts:2", false},
		{"link in a package", func(d *desk) {
			outsider(d, importLine("evil/x.txt", "text"))
			d.write("c/node_modules/evil/package.json", `{"name":"evil"}`)
			d.link("c/node_modules/evil/x.txt", "../../../outside/secret.txt")
		}, []string{allow}, "src/main.ts:2", false},
		{"linked node_modules", func(d *desk) {
			outsider(d, importLine("evil/secret.txt", "text"))
			d.write("elsewhere/evil/secret.txt", secretText)
			d.link("c/node_modules", "../elsewhere")
		}, []string{allow, "node_modules"}, "", false},
		{"main", withPackage(`{"name":"evil","main":"../../../outside/secret.ts"}`), []string{allow}, "src/main.ts:2", false},
		{"browser", withPackage(`{"name":"evil","browser":"../../../outside/secret.ts","main":"../../../outside/secret.ts"}`),
			[]string{allow}, "src/main.ts:2", false},
		{"exports", withPackage(`{"name":"evil","exports":"./../../../outside/secret.ts"}`), nil, "src/main.ts:2", false},
		{"imports", func(d *desk) {
			outsider(d, importLine("#x", ""))
			d.write("c/package.json", `{"name":"c","imports":{"#x":"./../outside/secret.ts"}}`)
		}, nil, "src/main.ts:2", false},
		{"tsconfig extends the environment", func(d *desk) {
			outsider(d, `import { Connector } from "carjs";`)
			d.write("c/tsconfig.json", `{"extends":"/proc/self/environ"}`)
		}, []string{"extends", allow}, "tsconfig.json", false},
		{"tsconfig extends a secret", func(d *desk) {
			outsider(d, `import { Connector } from "carjs";`)
			d.write("c/tsconfig.json", `{"extends":["../outside/secret.txt"]}`)
		}, []string{"extends", allow}, "tsconfig.json", false},
		{"tsconfig extends a link named like a tsconfig", func(d *desk) {
			outsider(d, `import { Connector } from "carjs";`)
			d.write("c/tsconfig.json", `{"extends":"./tsconfig.base.json"}`)
			d.link("c/tsconfig.base.json", "../outside/secret.txt")
		}, []string{"extends", allow}, "tsconfig", false},
		{"tsconfig extends a device", func(d *desk) {
			outsider(d, `import { Connector } from "carjs";`)
			d.write("c/tsconfig.json", `{"extends":"/dev/zero"}`)
		}, []string{"extends"}, "tsconfig.json", false},
		{"tsconfig paths", func(d *desk) {
			outsider(d, importLine("inside/secret", ""))
			d.write("c/tsconfig.json", `{"compilerOptions":{"paths":{"inside/*":["../outside/*"]}}}`)
		}, []string{allow}, "src/main.ts:2", false},
		{"file URL", func(d *desk) {
			outsider(d, importLine("file://"+filepath.Join(d.dir, "outside/secret.txt"), "text"))
		}, nil, "src/main.ts:2", false},
		{"data URL", importing("data:application/json,{}", ""), nil, "", true},
		{"data URL that imports", importing(`data:text/javascript,import x from "/etc/passwd";export default x`, ""), nil, "", false},
		{"source map beside a script", func(d *desk) {
			outsider(d, importLine("./x.js", ""))
			d.write("c/src/x.js", "export default 1;\n//# sourceMappingURL=x.js.map\n")
			d.write("c/src/x.js.map", `{"version":3,"sources":["../../outside/secret.txt"],"names":[],"mappings":"AAAA"}`)
		}, []string{"source map", allow}, "src/main.ts:2", false},
		{"source map with a root", func(d *desk) {
			outsider(d, importLine("./x.js", ""))
			d.write("c/src/x.js", "export default 1;\n//# sourceMappingURL=x.js.map\n")
			d.write("c/src/x.js.map", `{"version":3,"sourceRoot":"file:///proc/","sources":["self/environ"],"names":[],"mappings":"AAAA"}`)
		}, []string{"source map", allow}, "src/main.ts:2", false},
		{"source map in a script", func(d *desk) {
			outsider(d, importLine("./x.js", ""))
			d.write("c/src/x.js", "export default 1;\n//# sourceMappingURL=data:application/json,"+
				`{"version":3,"sources":["/proc/self/environ"],"sourcesContent":[null],"names":[],"mappings":"AAAA"}`+"\n")
		}, []string{"source map", allow}, "src/main.ts:2", false},
		{"source map elsewhere", func(d *desk) {
			outsider(d, importLine("./x.js", ""))
			d.write("c/src/x.js", "export default 1;\n//# sourceMappingURL=../../outside/secret.json\n")
		}, []string{"source map", allow}, "src/main.ts:2", false},
		{"search of the disk", func(d *desk) {
			outsider(d, "import { Connector } from \"carjs\";\nconst name = \"x\";\nconsole.log(import(`../../../../${name}.json`));")
			d.write("c/src/other.ts", "")
		}, []string{allow}, "", false},
		{"search with a comment", searching(`import(/* webpackMode: "lazy" */ "../../../../" /* all */ + name + ".json")`), []string{allow}, "", false},
		{"search over lines", searching("import // one\n(\n\t`../../../../${name}.json`)"), []string{allow}, "", false},
		{"search in escapes", searching(`require("\x2e\u002e/../../../" + name)`), []string{allow}, "", false},
		{"search from an enum", searching(`import(E.Up + name)`), []string{allow}, "", false},
		{"search in parts", searching(`import("." + ("./../" + ("../../" + name)))`), []string{allow}, "", false},
		{"search on the other side", searching("import(f(1) ? `./${name}.json` : `../../../../${name}.json`)"), []string{allow}, "", false},
		{"search that never runs", searching(`(() => { if (false) return import("../../../../" + name) })()`), []string{allow}, "", false},
		{"search at home", searching("import(/* one of ours */ `./data/${name}.json`)"), nil, "", true},
		{"pipe", func(d *desk) {
			outsider(d, importLine("./pipe.txt", "text"))
			if err := syscall.Mkfifo(filepath.Join(d.dir, "c/src/pipe.txt"), 0o644); err != nil {
				d.Fatal(err)
			}
		}, []string{"named pipe"}, "src/main.ts:2", false},
		{"package.json that is a pipe", func(d *desk) {
			outsider(d, importLine("evil", ""))
			d.write("c/node_modules/evil/index.js", "")
			if err := syscall.Mkfifo(filepath.Join(d.dir, "c/node_modules/evil/package.json"), 0o644); err != nil {
				d.Fatal(err)
			}
		}, []string{"named pipe"}, "src/main.ts:2", false},
		{"device", importing("/dev/zero", "text"), nil, "src/main.ts:2", false},
		{"link to a device", func(d *desk) {
			outsider(d, importLine("./zero.txt", "text"))
			d.link("c/src/zero.txt", "/dev/zero")
		}, nil, "src/main.ts:2", false},
		{"file of a gigabyte", func(d *desk) {
			outsider(d, importLine("./large.txt", "text"))
			d.write("c/src/large.txt", "")
			if err := os.Truncate(filepath.Join(d.dir, "c/src/large.txt"), 1<<30); err != nil {
				d.Fatal(err)
			}
		}, []string{"64 MB"}, "src/main.ts:2", false},
		{"100,000 files", func(d *desk) {
			outsider(d, "import { Connector } from \"carjs\";\nconst name = \"x\";\nconsole.log(import(`./many/${name}.json`));")
			for i := range 100_000 {
				first := fmt.Sprintf("c/src/many/%d.json", i/20_000) // a file has a bounded number of names
				if i%20_000 == 0 {
					d.write(first, "1")
				}
				if err := os.Link(filepath.Join(d.dir, first), filepath.Join(d.dir, fmt.Sprintf("c/src/many/a%d.json", i))); err != nil {
					d.Fatal(err)
				}
			}
		}, []string{"50000 files"}, "", false},
		{"configuration behind a link", func(d *desk) {
			outsider(d, `import { Connector } from "carjs";`)
			d.link("c/configurations/config.json", "../../outside/secret.json")
		}, []string{"config.json", "outside"}, "", false},
	}...)
}

// TestBreakOuts has connectors try to get at files that are not theirs while they are built.
func TestBreakOuts(t *testing.T) {
	for _, attempt := range breakOuts() {
		t.Run(attempt.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.env = append(d.env, "CAR_SERVICE_PASSWORD="+secretText)
			attempt.make(d)
			r := d.run("build", "c", "-o", "c.carjs")
			if attempt.fine != (r.code == 0) {
				t.Fatalf("want fine: %t; %v", attempt.fine, r)
			}
			if strings.Contains(r.stdout+r.stderr, secretText) {
				t.Errorf("the message tells the secret: %v", r)
			}
			if data, err := os.ReadFile(filepath.Join(d.dir, "c.carjs")); err == nil && !attempt.fine {
				t.Errorf("there is an artifact of %d bytes", len(data))
			}
			contains(t, r.stderr, append(attempt.want, attempt.at)...)
			if r.took > time.Minute {
				t.Errorf("took %v", r.took)
			}
		})
	}
}

// TestWallsOfCommands has each command that builds a connector meet the same wall.
func TestWallsOfCommands(t *testing.T) {
	d := newDesk(t)
	outsider(d, importLine("../../outside/secret.txt", "text"))
	d.write("c/a.test.ts", `import { test } from "carjs/test"; test("x", () => {});`)
	for _, line := range [][]string{
		{"run", "c", "-source", "s"}, {"test", "c"}, {"check", "c"}, {"types", "c"}, {"build", "c"},
		{"image", "c", "-o", "c.tar"}, {"request", "c", "/"},
		{"publish", "c", "-to", "127.0.0.1:1/c", "-version", "1.0.0"},
	} {
		r := d.run(line...)
		if r.code == 0 && line[0] != "types" { // which writes what it can
			t.Errorf("carjs %s let it through: %v", line[0], r)
		}
		contains(t, r.stdout+r.stderr, "-allow-read")
		allowed := d.run(append(line, "-allow-read", "elsewhere, outside")...)
		if text := allowed.stdout + allowed.stderr; strings.Contains(text, "-allow-read DIR") || strings.Contains(text, "or allow its folder") {
			t.Errorf("carjs %s -allow-read: %v", line[0], allowed)
		}
	}
}

// TestWallsOfDev has a save lead outside while carjs dev watches: the run tells of the wall, and the
// next save is imported.
func TestWallsOfDev(t *testing.T) {
	a := newAuthor(t)
	a.write("outside/secret.txt", secretText)
	l := a.loop()
	l.end(dev.Good)
	const outside = `import secret from "../../outside/secret.txt" with { type: "text" }; console.log(secret);` + "\n"
	a.edit("src/main.ts", "import", outside+"import")
	end := l.end(dev.BuildFailed)
	if said := fmt.Sprintf("%+v", end.Messages); !strings.Contains(said, "-allow-read") || strings.Contains(said, secretText) {
		t.Errorf("the loop says %s", said)
	}
	a.edit("src/main.ts", outside, "")
	l.end(dev.Good)

	if r := a.run("dev", "mine", "-allow-read"); r.code != 2 {
		t.Errorf("-allow-read without a folder: %v", r)
	}
	a.edit("src/main.ts", "import", outside+"import")
	allowed := a.loop("-allow-read", "outside", "-state-dir", "other")
	allowed.end(dev.Good)
}

// TestCheckNamesContents names the files that whoever gets an artifact can read.
func TestCheckNamesContents(t *testing.T) {
	d := newDesk(t)
	outsider(d, importLine("../../outside/secret.txt", "text")+"\nimport y from \"./table.json\"; console.log(y);")
	d.write("c/src/table.json", "[1]")
	r := d.run("check", "c", "-allow-read", "outside")
	contains(t, r.stdout+r.stderr, "src/table.json", "an artifact contains this file as it is",
		filepath.Join("outside", "secret.txt")+", which is outside the connector's folder")
}

// TestWorkspaces builds connectors of a monorepo as npm and pnpm lay it out.
func TestWorkspaces(t *testing.T) {
	for name, root := range map[string][2]string{
		"npm":  {"package.json", `{"workspaces":["connectors/*","packages/*"]}`},
		"yarn": {"package.json", `{"workspaces":{"packages":["packages/**"]}}`},
		"pnpm": {"pnpm-workspace.yaml", "packages:\n  - packages/*\n"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.write("connectors/c/src/main.ts", importLine("@acme/lib", "")+
				"\nimport y from \"hoisted\"; console.log(y);\nexport class Main extends Connector {}\n")
			d.write("packages/lib/package.json", `{"name":"@acme/lib","main":"index.ts"}`)
			d.write("packages/lib/index.ts", "export default 1;")
			d.write("node_modules/hoisted/index.js", "export default 2;")
			if name == "pnpm" {
				d.link("connectors/c/node_modules/@acme/lib", "../../../../packages/lib")
			} else {
				d.link("node_modules/@acme/lib", "../../packages/lib")
			}
			if r := d.run("build", "connectors/c"); r.code == 0 {
				t.Errorf("built without being named: %v", r)
			}
			d.write(root[0], root[1])
			if r := d.run("build", "connectors/c"); r.code != 0 {
				t.Error(r)
			}
		})
	}
}

// TestBuildEnds interrupts builds that would wait for a pipe for ever.
func TestBuildEnds(t *testing.T) {
	d := newDesk(t)
	outsider(d, `import { Connector } from "carjs";`)
	if err := syscall.Mkfifo(filepath.Join(d.dir, "package.json"), 0o644); err != nil { // in a folder above
		t.Fatal(err)
	}
	if r := d.run("run", "c", "-source", "s", "-timeout", "300ms", "-report", "report.json"); r.code == 0 || r.took > 20*time.Second {
		t.Errorf("-timeout: %v after %v", r, r.took)
	}
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		c := d.command(ctx, "build", "c")
		c.Cancel = func() error { return c.Process.Kill() }
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		pipe := waitForReader(t, filepath.Join(d.dir, "package.json"))
		if err := c.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		err := c.Wait()
		if _, ok := err.(*exec.ExitError); !ok || ctx.Err() != nil { //nolint:errorlint // of Wait itself
			t.Errorf("%v: %v, %v", signal, err, ctx.Err())
		}
		pipe.Close()
		cancel()
	}
}

// waitForReader opens a pipe for writing, which succeeds when somebody reads it.
func waitForReader(t *testing.T, path string) *os.File {
	t.Helper()
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return file
}
