package terminal

import (
	"fmt"
	"io"
	"strings"
	"time"

	"carjs/host/author/testrun"
)

// slow is the time from which a test's duration is shown.
const slow = 100 * time.Millisecond

// TestPrinter writes what tests came to for people, file by file as they end.
type TestPrinter struct {
	Out io.Writer
	// Colour uses the colours of a terminal.
	Colour bool
}

func (p *TestPrinter) paint(colour Colour, text string) string {
	return Text(p.Colour, colour, text)
}

func (p *TestPrinter) printf(format string, args ...any) { fmt.Fprintf(p.Out, format, args...) }

// signs are what outcomes look like.
var signs = map[testrun.Outcome]struct {
	sign   string
	colour Colour
}{
	testrun.Passed: {"✓", Green}, testrun.Failed: {"✗", Red}, testrun.Skipped: {"-", Yellow}, testrun.Todo: {"…", Yellow},
}

func (p *TestPrinter) sign(o testrun.Outcome) string { return p.paint(signs[o].colour, signs[o].sign) }

// File writes what a file's tests came to.
func (p *TestPrinter) File(f testrun.File) {
	p.printf("%s\n", p.paint(Bold, f.Name))
	p.log(f.Log, "  ", !f.OK())
	for _, failure := range f.Failures {
		p.failure(failure, "  ")
	}
	var before []string
	for _, t := range f.Tests {
		before = p.groups(before, t.Groups)
		margin := strings.Repeat("  ", len(t.Groups)+1)
		took := ""
		if t.Took >= slow {
			took = p.paint(Dim, fmt.Sprintf(" (%d ms)", t.Took.Milliseconds()))
		}
		note := map[testrun.Outcome]string{testrun.Skipped: p.paint(Dim, " skipped"), testrun.Todo: p.paint(Dim, " to do")}[t.Outcome]
		p.printf("%s%s %s%s%s\n", margin, p.sign(t.Outcome), t.Name, note, took)
		p.log(t.Log, margin+"    ", t.Outcome == testrun.Failed)
		for _, failure := range t.Failures {
			p.failure(failure, margin+"    ")
		}
	}
	p.printf("\n")
}

// groups writes the groups that begin, and returns those that are open.
func (p *TestPrinter) groups(before, now []string) []string {
	same := 0
	for same < len(before) && same < len(now) && before[same] == now[same] {
		same++
	}
	for depth := same; depth < len(now); depth++ {
		p.printf("%s%s\n", strings.Repeat("  ", depth+1), now[depth])
	}
	return now
}

// log writes what a test logged; details only when it failed.
func (p *TestPrinter) log(lines []testrun.Line, margin string, failed bool) {
	for _, line := range lines {
		if !line.Detail || failed {
			p.printf("%s\n", p.paint(Dim, indent(line.Text, margin+"| ")))
		}
	}
}

// failure writes why something failed and where.
func (p *TestPrinter) failure(f testrun.Reason, margin string) {
	p.printf("%s\n", indent(p.difference(f.Message), margin))
	if f.CodeFrame != "" {
		p.printf("\n%s\n", indent(strings.TrimRight(f.CodeFrame, "\n"), margin))
	}
	if len(f.Stack) > 0 {
		for _, call := range f.Stack {
			p.printf("%s  at %s\n", margin, call)
		}
	} else if f.At != "" {
		p.printf("%s  at %s\n", margin, f.At)
	}
	if f.Hint != "" {
		p.printf("%s%s\n", margin, f.Hint)
	}
	p.printf("\n")
}

// difference colours the lines of a message that show a difference.
func (p *TestPrinter) difference(message string) string {
	if !p.Colour {
		return message
	}
	lines := strings.Split(message, "\n")
	for i, line := range lines {
		switch {
		case strings.HasPrefix(line, "-"):
			lines[i] = p.paint(Red, line)
		case strings.HasPrefix(line, "+"):
			lines[i] = p.paint(Green, line)
		}
	}
	return strings.Join(lines, "\n")
}

// CheckHeading comes before the first check.
func (p *TestPrinter) CheckHeading(source string) {
	p.printf("%s %s\n", p.paint(Bold, "acceptance checks"), p.paint(Dim, source))
}

// Check writes what a check came to.
func (p *TestPrinter) Check(c testrun.Check) {
	took := ""
	if c.Took >= slow {
		took = p.paint(Dim, fmt.Sprintf(" (%d ms)", c.Took.Milliseconds()))
	}
	p.printf("  %s %s%s\n", p.sign(c.Outcome), c.Name, took)
	if c.Outcome == testrun.Skipped {
		p.printf("%s\n", p.paint(Dim, indent("skipped: "+c.Reason, "      ")))
	}
	if c.Outcome == testrun.Failed {
		p.printf("%s\n", p.paint(Dim, indent(c.Explanation, "      ")))
	}
	for _, failure := range c.Failures {
		p.failure(failure, "      ")
	}
}

// Summary writes what all came to.
func (p *TestPrinter) Summary(r *testrun.Result) {
	counts := r.Counts()
	p.printf("%s", p.tally("tests", counts, len(r.Files)))
	if len(r.Checks) > 0 {
		checks := map[testrun.Outcome]int{}
		for _, c := range r.Checks {
			checks[c.Outcome]++
		}
		p.printf("%s", p.tally("checks", checks, 0))
	}
	broken := 0
	for _, f := range r.Files {
		if len(f.Failures) > 0 {
			broken++
		}
	}
	if broken > 0 {
		p.printf("files   %s\n", p.paint(Red, fmt.Sprintf("%d did not load", broken)))
	}
	p.printf("time    %.1f s\n", r.Took.Seconds())
}

// tally is a line of the summary.
func (p *TestPrinter) tally(what string, counts map[testrun.Outcome]int, files int) string {
	var parts []string
	for _, o := range []testrun.Outcome{testrun.Failed, testrun.Passed, testrun.Skipped, testrun.Todo} {
		if n := counts[o]; n > 0 || o == testrun.Passed {
			name := string(o)
			if o == testrun.Todo {
				name = "to do"
			}
			parts = append(parts, p.paint(signs[o].colour, fmt.Sprintf("%d %s", n, name)))
		}
	}
	in := ""
	if files > 1 {
		in = fmt.Sprintf(" in %d files", files)
	}
	return fmt.Sprintf("%-8s%s%s\n", what, strings.Join(parts, ", "), in)
}

// indent puts a margin before every line that has something on it.
func indent(text, margin string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = margin + line
		}
	}
	return strings.Join(lines, "\n")
}
