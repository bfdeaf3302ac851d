//go:build unix

package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/creack/pty"
)

// gate is a data source that answers when it is opened.
type gate struct {
	url  string
	open func()
}

func newGate(t *testing.T) *gate {
	opened := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-opened:
			fmt.Fprint(w, "{}")
		case <-r.Context().Done():
		}
	}))
	g := &gate{url: s.URL, open: sync.OnceFunc(func() { close(opened) })}
	t.Cleanup(func() {
		g.open()
		s.Close()
	})
	return g
}

// fiveThousand adds 5000 assets, and waits for the gate.
const fiveThousand = `for (let n = 0; n < 5000; n++) handler.addCollection("asset", { external_id: String(n), name: "n" });
	console.log("all added");
	await client.get("/");`

// clears is what takes the line away.
const clears = "\r\x1b[J"

// drawn are the lines that were drawn so far, without colours.
func (x *screen) drawn() []string {
	x.mu.Lock()
	defer x.mu.Unlock()
	var lines []string
	for part := range strings.SplitSeq(escapes.ReplaceAllString(x.text, ""), clears) {
		// After a log line the line is drawn again; what comes first is no drawing.
		if i := strings.LastIndexByte(part, '\n'); i >= 0 {
			part = part[i+1:]
		}
		// What was typed stands behind it.
		if line, _, whole := strings.Cut(part, "\r"); whole && line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// draws waits until a line is drawn that meets a condition.
func (x *screen) draws(what string, condition func(line string) bool) {
	x.Helper()
	for deadline := time.After(30 * time.Second); ; {
		x.mu.Lock()
		more := x.more
		x.mu.Unlock()
		if slices.ContainsFunc(x.drawn(), condition) {
			return
		}
		select {
		case <-more:
		case <-deadline:
			x.Fatalf("no line %s in %q", what, x.text)
		}
	}
}

// glass is what a terminal of some columns shows of a text: enough of one for a log and a line that
// is drawn anew.
func glass(text string, columns int) []string {
	rows := [][]rune{nil}
	row, column := 0, 0
	text = escapes.ReplaceAllString(text, "")
	for text != "" {
		if rest, ok := strings.CutPrefix(text, "\x1b[J"); ok {
			rows = rows[:row+1]
			rows[row] = rows[row][:min(column, len(rows[row]))]
			text = rest
			continue
		}
		r, size := utf8.DecodeRuneInString(text)
		text = text[size:]
		switch {
		case r == '\r':
			column = 0
			continue
		case r == '\n' || column == columns:
			if row++; row == len(rows) {
				rows = append(rows, nil)
			}
			if r == '\n' {
				continue
			}
			column = 0
		}
		for len(rows[row]) <= column {
			rows[row] = append(rows[row], ' ')
		}
		rows[row][column] = r
		column++
	}
	var lines []string
	for _, r := range rows {
		lines = append(lines, strings.TrimRight(string(r), " "))
	}
	return lines
}

// nothingLeft fails the test when something of the line is there at the end, or the line was ever
// as wide as the window.
func (x *screen) nothingLeft(columns int) {
	x.Helper()
	if x.drawn() == nil {
		x.Error("no line was drawn")
	}
	for _, line := range x.drawn() {
		if utf8.RuneCountInString(line) >= columns {
			x.Errorf("a line of %d columns: %q", utf8.RuneCountInString(line), line)
		}
	}
	for _, line := range glass(x.text, columns) {
		for _, phase := range []string{"build", "check", "read", "vertices", "edges", "wait for jobs", "leave", "save"} {
			if strings.HasPrefix(line, " "+phase+" 0:") {
				x.Errorf("%q is left over in\n%s", line, strings.Join(glass(x.text, columns), "\n"))
			}
		}
	}
}

// On a terminal a line shows how far the run is. It fits, leaves the log alone, and is gone at the
// end.
func TestProgressOnATerminal(t *testing.T) {
	for columns, shows := range map[int]string{160: " · 5,000 objects", 40: " · 5,000 objects", 16: " vertices 0:0"} {
		t.Run(fmt.Sprint(columns), func(t *testing.T) {
			t.Parallel()
			g, d := newGate(t), newDesk(t)
			d.reads(g.url, fiveThousand)
			x := d.screenOf(uint16(columns), "run", "small")
			x.draws("with the objects", func(line string) bool { return strings.Contains(line, shows) })
			if columns == 160 {
				x.draws("with the wait", func(line string) bool { return strings.Contains(line, "s for the response of 127.0.0.1") })
			}
			g.open()
			if code := x.ends(); code != 0 {
				t.Errorf("exit code %d", code)
			}
			x.nothingLeft(columns)
			text := strings.Join(glass(x.text, columns), "") // broken in lines, and cut where there were spaces
			contains(t, strings.ReplaceAll(text, " ", ""), "connector:alladded", "CARhasallvertices", "Thefullimportofsmalliscomplete")
		})
	}
}

func TestProgressFollowsTheWindow(t *testing.T) {
	g, d := newGate(t), newDesk(t)
	d.reads(g.url, fiveThousand)
	x := d.screenOf(120, "run", "small")
	x.draws("with the objects", func(line string) bool { return strings.Contains(line, "5,000 objects") })
	if err := pty.Setsize(x.tty, &pty.Winsize{Rows: 50, Cols: 14}); err != nil {
		t.Fatal(err)
	}
	x.draws("that fits", func(line string) bool { return strings.HasSuffix(line, "…") && utf8.RuneCountInString(line) == 13 })
	g.open()
	if code := x.ends(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	x.nothingLeft(120)
}

// Ctrl-C in the middle of a wait: the wait and its reason were shown, the line goes, the result is
// printed.
func TestProgressEndsAtCtrlC(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "100")
		w.WriteHeader(http.StatusTooManyRequests)
	}))
	defer s.Close()
	d := newDesk(t)
	d.reads(s.URL, `handler.addCollection("asset", { external_id: "1", name: "n" }); await client.get("/");`)
	x := d.screen("run", "small")
	x.draws("with the wait", func(line string) bool {
		return strings.Contains(line, " · 1 object ·") && strings.Contains(line, "s: 429 of 127.0.0.1:") &&
			strings.HasSuffix(line, ", Retry-After")
	})
	x.press("\x03")
	if code := x.ends(); code != 10 {
		t.Errorf("exit code %d", code)
	}
	x.nothingLeft(160)
	contains(t, strings.Join(glass(x.text, 160), "\n"), "carjs: the run was stopped", "The full import of small stopped after")
}

// slowly takes half a second, so that a line would be drawn.
const slowly = `for (let n = 0; n < 5; n++) { handler.addCollection("asset", { external_id: String(n), name: "n" }); await new Promise((done) => setTimeout(done, 100)); }`

// Where no line is wanted none is drawn, and the log has the progress unless that is off, too.
func TestProgressWithoutALine(t *testing.T) {
	for _, test := range []struct {
		name, env string
		args      []string
		logged    string
	}{
		{"off", "", []string{"-progress", "off"}, ""},
		{"log", "", []string{"-progress", "log"}, "progress phase=vertices objects="},
		{"JSON", "", []string{"-log-format", "json"}, `"message":"progress"`},
		{"CI", "CI=true", nil, "progress phase=vertices objects="},
		{"dumb", "TERM=dumb", []string{"-log-format", "text"}, "progress phase=vertices objects="},
		{"setting", "CARJS_PROGRESS=off", nil, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.small(slowly)
			if test.env != "" {
				d.env = append(d.env, test.env)
			}
			x := d.screen(append([]string{"run", "small", "-progress-interval", "20ms"}, test.args...)...)
			if code := x.ends(); code != 0 {
				t.Errorf("exit code %d", code)
			}
			if strings.Contains(x.text, "\x1b[J") {
				t.Errorf("a line was drawn:\n%q", x.text)
			}
			plain := escapes.ReplaceAllString(x.text, "")
			if logged := strings.Contains(plain, "progress"); logged != (test.logged != "") || !strings.Contains(plain, test.logged) {
				t.Errorf("the log has no %q, or has progress:\n%s", test.logged, plain)
			}
		})
	}
}

func TestProgressWithoutColour(t *testing.T) {
	d := newDesk(t)
	d.small(slowly)
	d.env = append(d.env, "NO_COLOR=1")
	x := d.screen("run", "small")
	if code := x.ends(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	x.nothingLeft(160)
	if escapes.MatchString(x.text) {
		t.Errorf("there are colours in %q", x.text)
	}
}

// What is piped has no code of a terminal, and the progress as fields.
func TestProgressInTheLog(t *testing.T) {
	d := newDesk(t)
	d.small(slowly)
	r := d.run("run", "small", "-progress-interval", "20ms")
	if r.code != 0 || strings.ContainsAny(r.stdout+r.stderr, "\x1b\r") {
		t.Error(r)
	}
	found := 0
	for _, line := range logLines(t, r.stderr) {
		if line["message"] != "progress" {
			continue
		}
		found++
		for _, name := range []string{"objects", "per_second", "sent", "pages_in_flight", "jobs", "elapsed_seconds"} {
			if _, ok := line[name].(float64); !ok {
				t.Errorf("%s is %v in %v", name, line[name], line)
			}
		}
	}
	if found < 5 {
		t.Errorf("%d lines of progress in\n%s", found, r.stderr)
	}
	if r := d.run("run", "small"); r.code != 0 || strings.Contains(r.stderr, "progress") {
		t.Errorf("half a second is too short to tell of progress: %s", r)
	}
	if r := d.run("run", "small", "-progress", "sometimes"); r.code != 2 || !strings.Contains(r.stderr, "-progress") {
		t.Errorf("a progress that does not exist: %s", r)
	}
}
