package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/evanw/esbuild/pkg/api"
)

// block is a piece of a page between two lines of backticks.
type block struct {
	page, language, text string
	line                 int
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
		found = append(found, block{strings.TrimPrefix(page, "../../"), string(data[at[2]:at[3]]),
			string(data[at[4]:at[5]]), strings.Count(string(data[:at[0]]), "\n") + 1})
	}
	if len(found) == 0 {
		t.Fatalf("%s has no blocks", page)
	}
	return found
}

// The guide can be followed: its files are written in their order, its commands run, and what they
// print is what it shows.
func TestGuide(t *testing.T) {
	f := &follower{desk: newDesk(t)}
	f.env = []string{"CARJS_LOG_FORMAT=text"} // as on a terminal
	defer f.stop()
	files, commands := 0, 0
	for _, b := range blocks(t, "../../docs/guide.md") {
		first, rest, _ := strings.Cut(b.text, "\n")
		if name, ok := strings.CutPrefix(first, "// "); ok && (b.language == "ts" || b.language == "json") {
			f.write("inventory/"+name, rest)
			files++
		}
		if b.language == "console" {
			commands += f.follow(b)
		}
	}
	if files != 6 || commands != 9 {
		t.Errorf("%d files and %d commands: is the page read as it is meant?", files, commands)
	}
}

// follower does what the guide says.
type follower struct {
	*desk
	dev    *exec.Cmd // the reload loop, while it runs
	output *logged   // what it has printed
}

// logged is what a process that goes on has printed until now.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
	more chan struct{} // has something when more was printed
}

// Write takes what is printed.
func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case l.more <- struct{}{}:
	default:
	}
	return l.text.Write(p)
}

// String is all of it.
func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// expectedCode is the exit code that a block shows.
var expectedCode = regexp.MustCompile(`exit code (\d+)`)

// follow runs the commands of a block, and looks for the lines that are shown below each. A block
// without a command goes on with what the reload loop prints.
func (f *follower) follow(b block) int {
	f.Helper()
	n := 0
	var out string
	want := "0"
	if match := expectedCode.FindStringSubmatch(b.text); match != nil {
		want = match[1]
	}
	for line := range strings.Lines(b.text) {
		line = strings.TrimRight(line, "\n")
		command, isCommand := strings.CutPrefix(line, "$ carjs ")
		switch {
		case isCommand && strings.HasPrefix(command, "dev "):
			f.start(strings.Fields(command))
			n++
		case isCommand:
			f.stop()
			r := f.run(strings.Fields(command)...)
			if fmt.Sprint(r.code) != want {
				f.Fatalf("%s:%d: carjs %s\n%s", b.page, b.line, command, r)
			}
			out = durations.ReplaceAllString(r.stdout+r.stderr, "")
			n++
		case f.dev != nil:
			f.await(b, line)
		case line != "" && !strings.Contains(out, line):
			f.Errorf("%s:%d shows a line that is not printed: %q\n%s", b.page, b.line, line, out)
		}
	}
	return n
}

// start starts the reload loop.
func (f *follower) start(args []string) {
	f.Helper()
	f.dev, f.output = f.command(context.Background(), args...), &logged{more: make(chan struct{}, 1)}
	f.dev.Stdout, f.dev.Stderr = f.output, f.output
	if err := f.dev.Start(); err != nil {
		f.Fatal(err)
	}
}

// await waits until the reload loop has printed a line.
func (f *follower) await(b block, line string) {
	f.Helper()
	deadline := time.After(30 * time.Second)
	for !strings.Contains(f.output.String(), line) {
		select {
		case <-f.output.more:
		case <-deadline:
			f.Fatalf("%s:%d shows a line that is not printed: %q\n%s", b.page, b.line, line, f.output)
		}
	}
}

// stop ends the reload loop as Ctrl-C does.
func (f *follower) stop() {
	f.Helper()
	if f.dev == nil {
		return
	}
	if err := f.dev.Process.Signal(os.Interrupt); err != nil {
		f.Error(err)
	}
	if err := f.dev.Wait(); err != nil {
		f.Errorf("carjs dev ended with %v\n%s", err, f.output)
	}
	f.dev = nil
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
