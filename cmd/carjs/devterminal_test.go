//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
)

// screen is carjs on a pseudo-terminal.
type screen struct {
	testing.TB
	process *exec.Cmd
	tty     *os.File
	mu      sync.Mutex
	text    string
	seen    int           // what was waited for
	more    chan struct{} // closed and made anew when text comes
	over    chan struct{} // closed when no more comes
}

// screen runs carjs on a pseudo-terminal of 160 columns.
func (d *desk) screen(args ...string) *screen {
	d.Helper()
	return d.screenOf(160, args...)
}

// screenOf runs carjs on a pseudo-terminal of some columns.
func (d *desk) screenOf(columns uint16, args ...string) *screen {
	d.Helper()
	x := &screen{TB: d.TB, process: d.command(context.Background(), args...), more: make(chan struct{}), over: make(chan struct{})}
	x.process.Env = append([]string{"TERM=xterm"}, x.process.Env...)
	tty, err := pty.StartWithSize(x.process, &pty.Winsize{Rows: 50, Cols: columns})
	if err != nil {
		d.Skipf("no pseudo-terminal here: %v", err)
	}
	x.tty = tty
	go func() {
		for buf := make([]byte, 4096); ; {
			n, err := tty.Read(buf)
			x.mu.Lock()
			x.text += string(buf[:n])
			close(x.more)
			x.more = make(chan struct{})
			x.mu.Unlock()
			if err != nil {
				close(x.over)
				return
			}
		}
	}()
	d.Cleanup(func() {
		x.process.Process.Kill() //nolint:errcheck // it has ended, as a rule
		x.process.Wait()         //nolint:errcheck // the test has looked at it
		tty.Close()
	})
	return x
}

var escapes = regexp.MustCompile("\x1b\\[[0-9;]*m")

// shows waits until the screen shows texts, one after the other, behind all that was waited for
// before.
func (x *screen) shows(texts ...string) {
	x.Helper()
	deadline := time.After(30 * time.Second)
	for _, text := range texts {
		for {
			x.mu.Lock()
			plain, more := escapes.ReplaceAllString(x.text, ""), x.more
			x.mu.Unlock()
			if i := strings.Index(plain[x.seen:], text); i >= 0 {
				x.seen += i + len(text)
				break
			}
			select {
			case <-more:
			case <-deadline:
				x.Fatalf("the screen does not show %q after\n%s\nbut\n%s", text, plain[:x.seen], plain[x.seen:])
			}
		}
	}
}

func (x *screen) press(keys string) {
	x.Helper()
	if _, err := io.WriteString(x.tty, keys); err != nil {
		x.Fatal(err)
	}
}

// ends waits for the end of the process and of what it shows, and returns the exit code.
func (x *screen) ends() int {
	x.Helper()
	err := x.process.Wait()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		x.Fatal(err)
	}
	<-x.over
	return x.process.ProcessState.ExitCode()
}

func TestDevOnATerminal(t *testing.T) {
	a := newAuthor(t)
	x := a.screen(a.flags()...)
	x.shows("page  http://127.0.0.1:", "keys  r live", "run 1 full import · start", "application_vulnerability   +60",
		"93 vertices, 160 edges, 0 skipped")
	a.edit("src/dataHandler.ts", siteName, `name: row.name + "!", address: row.address`)
	x.shows("run 2 full import · src/dataHandler.ts saved", `~ 1  name: "site 0" → "site 0!"`)
	x.press("i")
	x.shows("run 3 incremental import · by key", "nothing changed")
	x.press("f")
	x.shows("run 4 full import · by key", "nothing changed")
	x.press("r")
	x.shows("run 5 full import, live · by key", "nothing changed")
	x.press("?")
	x.shows("i  incremental: run now")
	a.edit("src/dataHandler.ts", `row.name + "!"`, "row.nowhere.name")
	x.shows("TypeError", fmt.Sprintf("> %d |", siteLine(t)), "at         "+siteAt(t), "the graph is unchanged since the last good run")
	x.press("q")
	if code := x.ends(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	for line := range strings.SplitSeq(x.text, "\n") {
		if line != "" && !strings.HasSuffix(line, "\r") {
			t.Errorf("a line that does not go back to the margin: %q", line)
		}
	}
}

// The key r asks for the data source: a run that cannot have it says why.
func TestDevLiveWithoutSettings(t *testing.T) {
	for _, test := range []struct {
		name, says string
		flags      []string
	}{
		{"settings are missing", `cannot query the data source why="missing settings: -url`, nil},
		{"a recording is set", "not querying the data source, because -replay is set", []string{"-replay", "mine/recordings/first"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := &author{desk: newDesk(t)}
			if r := a.run("init", "mine"); r.code != 0 {
				t.Fatal(r)
			}
			x := a.screen(append([]string{"dev", "./mine"}, test.flags...)...)
			x.shows("run 1 full import · start", "6 vertices")
			x.press("r")
			x.shows("run 2 full import, live · by key", test.says, "nothing changed")
			x.press("q")
			if code := x.ends(); code != 0 {
				t.Errorf("exit code %d", code)
			}
		})
	}
}

func TestDevEndsAtCtrlC(t *testing.T) {
	a := newAuthor(t)
	x := a.screen(a.flags()...)
	x.shows("93 vertices")
	x.press("\x03")
	if code := x.ends(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func TestTestWatches(t *testing.T) {
	d := tester(t, map[string]string{"a.test.ts": `import { expect, test } from "carjs/test"; test("one", () => expect(1).toBe(1));`})
	a := &author{desk: d}
	x := a.screen("test", "mine", "-watch", "-filter", "one")
	x.shows("✓ one", "waiting for a save in mine")
	d.write("mine/tests/a.test.ts", `import { expect, test } from "carjs/test"; test("one", () => expect(1).toBe(2));`)
	x.shows("a.test.ts saved", "✗ one", "tests   1 failed", "waiting for a save")
	if err := x.process.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	ended := make(chan int, 1)
	go func() { ended <- x.ends() }()
	select {
	case code := <-ended:
		if code != 0 {
			t.Errorf("exit code %d", code)
		}
	case <-time.After(10 * time.Second):
		t.Error("it does not end")
	}
}
