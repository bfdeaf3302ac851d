package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

// block is a piece of a page between two lines of backticks.
type block struct {
	language, text string
	line           int
}

var fence = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")

func blocks(t *testing.T, page string) []block {
	t.Helper()
	data, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var found []block
	for _, at := range fence.FindAllStringSubmatchIndex(string(data), -1) {
		found = append(found, block{string(data[at[2]:at[3]]), string(data[at[4]:at[5]]), strings.Count(string(data[:at[0]]), "\n") + 1})
	}
	if len(found) == 0 {
		t.Fatalf("%s has no blocks", page)
	}
	return found
}

// The guide can be followed: its files are written in their order, its commands run, and what they print is what it shows.
func TestGuide(t *testing.T) {
	d := newDesk(t)
	files, commands := 0, 0
	for _, b := range blocks(t, "../../docs/guide.md") {
		first, rest, _ := strings.Cut(b.text, "\n")
		if name, ok := strings.CutPrefix(first, "// "); ok && (b.language == "ts" || b.language == "json") {
			d.write("inventory/"+name, rest)
			files++
		}
		if b.language == "console" {
			commands += d.follow(b)
		}
	}
	if files != 6 || commands != 7 {
		t.Errorf("%d files and %d commands: is the page read as it is meant?", files, commands)
	}
}

// follow runs the commands of a block, and looks for the lines that are shown below each.
func (d *desk) follow(b block) int {
	d.Helper()
	n := 0
	var out string
	for line := range strings.Lines(b.text) {
		line = strings.TrimRight(line, "\n")
		if command, ok := strings.CutPrefix(line, "$ carjs "); ok {
			r := d.run(strings.Fields(command)...)
			if r.code != 0 {
				d.Fatalf("docs/guide.md:%d: carjs %s\n%s", b.line, command, r)
			}
			out = durations.ReplaceAllString(r.stdout, "")
			n++
			continue
		}
		if line != "" && !strings.Contains(out, line) {
			d.Errorf("docs/guide.md:%d shows a line that is not printed: %q\n%s", b.line, line, out)
		}
	}
	return n
}

// Every piece of TypeScript in the pages is TypeScript, and what is imported of carjs exists.
func TestPagesCompile(t *testing.T) {
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil || len(pages) < 3 {
		t.Fatal(pages, err)
	}
	imported := regexp.MustCompile(`(?s)import (?:type )?\{([^}]*)\} from "(carjs[a-z/]*)"`)
	d := newDesk(t)
	for _, page := range pages {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(data), "```ts") {
			continue
		}
		for _, b := range blocks(t, page) {
			if b.language != "ts" {
				continue
			}
			where := fmt.Sprintf("%s:%d", filepath.Base(page), b.line)
			// A piece may be the body of a method, or the members of a class.
			var messages []api.Message
			for _, form := range []string{"%s", "async function f(this: any) {\n%s\n}", "class C {\n%s\n}"} {
				result := api.Transform(fmt.Sprintf(form, b.text), api.TransformOptions{Loader: api.LoaderTS})
				if messages = result.Errors; len(messages) == 0 {
					break
				}
			}
			for _, m := range messages {
				t.Errorf("%s: %s in\n%s", where, m.Text, b.text)
			}
			for _, match := range imported.FindAllStringSubmatch(b.text, -1) {
				described := d.run("describe", "modules", match[2]).stdout
				for name := range strings.SplitSeq(match[1], ",") {
					name, _, _ = strings.Cut(strings.TrimPrefix(strings.TrimSpace(name), "type "), " as ")
					if name != "" && !strings.Contains(described, "## "+name+"\n") && !strings.Contains(d.modelTypes(), " "+name+" ") {
						t.Errorf("%s: %s has no %s", where, match[2], name)
					}
				}
			}
		}
	}
}

// modelTypes are the names that the typings of the data model add to the module carjs.
func (d *desk) modelTypes() string {
	data, err := os.ReadFile("../../typings/model.d.ts")
	if err != nil {
		d.Fatal(err)
	}
	return string(data)
}
