package testrun

import (
	"carjs/host/paint"
	"fmt"
	"io"
	"strings"
	"time"
)

// slow is the time from which a test's duration is shown.
const slow = 100 * time.Millisecond

// Printer writes for people, file by file as they end.
type Printer struct {
	Out io.Writer
	// Colour uses the colours of a terminal.
	Colour bool
}

func (p *Printer) paint(colour paint.Colour, text string) string {
	return paint.Text(p.Colour, colour, text)
}

func (p *Printer) printf(format string, args ...any) { fmt.Fprintf(p.Out, format, args...) }

// signs are what outcomes look like.
var signs = map[Outcome]struct {
	sign   string
	colour paint.Colour
}{
	Passed: {"✓", paint.Green}, Failed: {"✗", paint.Red}, Skipped: {"-", paint.Yellow}, Todo: {"…", paint.Yellow},
}

func (p *Printer) sign(o Outcome) string { return p.paint(signs[o].colour, signs[o].sign) }

// File writes what a file's tests came to.
func (p *Printer) File(f File) {
	p.printf("%s\n", p.paint(paint.Bold, f.Name))
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
			took = p.paint(paint.Dim, fmt.Sprintf(" (%d ms)", t.Took.Milliseconds()))
		}
		note := map[Outcome]string{Skipped: p.paint(paint.Dim, " skipped"), Todo: p.paint(paint.Dim, " to do")}[t.Outcome]
		p.printf("%s%s %s%s%s\n", margin, p.sign(t.Outcome), t.Name, note, took)
		p.log(t.Log, margin+"    ", t.Outcome == Failed)
		for _, failure := range t.Failures {
			p.failure(failure, margin+"    ")
		}
	}
	p.printf("\n")
}

// groups writes the groups that begin, and returns those that are open.
func (p *Printer) groups(before, now []string) []string {
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
func (p *Printer) log(lines []Line, margin string, failed bool) {
	for _, line := range lines {
		if !line.Detail || failed {
			p.printf("%s\n", p.paint(paint.Dim, indent(line.Text, margin+"| ")))
		}
	}
}

// failure writes why something failed and where.
func (p *Printer) failure(f Failure, margin string) {
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
func (p *Printer) difference(message string) string {
	if !p.Colour {
		return message
	}
	lines := strings.Split(message, "\n")
	for i, line := range lines {
		switch {
		case strings.HasPrefix(line, "-"):
			lines[i] = p.paint(paint.Red, line)
		case strings.HasPrefix(line, "+"):
			lines[i] = p.paint(paint.Green, line)
		}
	}
	return strings.Join(lines, "\n")
}

// CheckHeading comes before the first check.
func (p *Printer) CheckHeading(source string) {
	p.printf("%s %s\n", p.paint(paint.Bold, "acceptance checks"), p.paint(paint.Dim, source))
}

// Check writes what a check came to.
func (p *Printer) Check(c Check) {
	took := ""
	if c.Took >= slow {
		took = p.paint(paint.Dim, fmt.Sprintf(" (%d ms)", c.Took.Milliseconds()))
	}
	p.printf("  %s %s%s\n", p.sign(c.Outcome), c.Name, took)
	if c.Outcome == Skipped {
		p.printf("%s\n", p.paint(paint.Dim, indent("skipped: "+c.Reason, "      ")))
	}
	if c.Outcome == Failed {
		p.printf("%s\n", p.paint(paint.Dim, indent(c.Explanation, "      ")))
	}
	for _, failure := range c.Failures {
		p.failure(failure, "      ")
	}
}

// Summary writes what all came to.
func (p *Printer) Summary(r *Run) {
	counts := r.Counts()
	p.printf("%s", p.tally("tests", counts, len(r.Files)))
	if len(r.Checks) > 0 {
		checks := map[Outcome]int{}
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
		p.printf("files   %s\n", p.paint(paint.Red, fmt.Sprintf("%d did not load", broken)))
	}
	p.printf("time    %.1f s\n", r.Took.Seconds())
}

// tally is a line of the summary.
func (p *Printer) tally(what string, counts map[Outcome]int, files int) string {
	var parts []string
	for _, o := range []Outcome{Failed, Passed, Skipped, Todo} {
		if n := counts[o]; n > 0 || o == Passed {
			name := string(o)
			if o == Todo {
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
