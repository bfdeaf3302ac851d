package main

import (
	"fmt"
	"io"
	"strings"

	"carjs/cmd/carjs/internal/app"
	"carjs/cmd/carjs/internal/terminal"
	"carjs/host"
	"carjs/host/author/dev"
	"carjs/host/submit"
)

// What the terminal shows of a run at most; the page has the rest.
const (
	shownChanges = 8 // of a collection
	shownSkips   = 5
)

// devPrinter tells what happens to a person.
type devPrinter struct {
	out    io.Writer
	colour bool
	debug  bool // every request and every line of the log
	keys   bool // keys are read
	skips  int  // of the present run
}

func (p *devPrinter) paint(colour terminal.Colour, text string) string {
	return terminal.Text(p.colour, colour, text)
}

func (p *devPrinter) printf(format string, args ...any) {
	fmt.Fprint(p.out, terminal.Safe(fmt.Sprintf(format, args...)))
}

// print shows one event.
func (p *devPrinter) print(e dev.Event) {
	switch e.Kind {
	case dev.Started:
		p.start(e.Start)
	case dev.RunBegins:
		p.begin(e)
	case dev.Logged:
		p.log(e.Log)
	case dev.Requested:
		p.request(e.Request)
	case dev.Skipped:
		p.skipped(e.Skipped)
	case dev.RunEnds:
		p.end(e)
	}
}

func (p *devPrinter) start(s *dev.Start) {
	p.printf("carjs dev %s: uses an embedded CAR in memory, emptied before every full import\n", p.paint(terminal.Bold, s.Connector))
	p.printf("  page  %s\n", s.Page)
	if p.keys {
		p.help()
	}
}

// help lists the keys.
func (p *devPrinter) help() {
	p.printf("  keys  r live   f full   i incremental   q quit   ? help\n")
}

// longHelp says what the keys do.
func (p *devPrinter) longHelp() {
	p.printf("\n  r  run live: query the data source and record its responses\n" +
		"  f  full: run now, and import everything on every save\n" +
		"  i  incremental: run now, and on every save import what changed since the last run\n" +
		"  q  quit\n\n" +
		"Saving a file also starts a run. The first run records the data source's responses; later runs replay them.\n")
}

func (p *devPrinter) begin(e dev.Event) {
	p.skips = 0
	cause := map[string]string{dev.CauseStart: "start", dev.CauseCommand: "by key"}[e.Begin.Cause]
	if e.Begin.Cause == dev.CauseSave {
		cause = strings.Join(e.Begin.Files, ", ") + " saved"
	}
	live := ""
	if e.Begin.Live {
		live = ", live"
	}
	p.printf("\n%s %s\n", p.paint(terminal.Bold, fmt.Sprintf("run %d", e.Run)),
		p.paint(terminal.Dim, fmt.Sprintf("%s import%s · %s · %s", e.Begin.Mode, live, cause, e.Time.Format("15:04:05"))))
}

// log shows what the connector says, and what is wrong; what carjs has to say besides is for those
// who look for details.
func (p *devPrinter) log(l *dev.LogLine) {
	said := l.Label == app.ConnectorLabel || strings.HasPrefix(l.Label, app.ConnectorLabel+".")
	colours := map[string]terminal.Colour{"warn": terminal.Yellow, "error": terminal.Red}
	if !p.debug && !said && colours[l.Level] == "" {
		return
	}
	p.printf("  %s %s\n", p.paint(colours[l.Level], l.Level), strings.ReplaceAll(strings.TrimRight(l.Text(), "\n"), "\n", "\n  "))
}

func (p *devPrinter) request(r *dev.Exchange) {
	if r.Error != "" {
		p.printf("  %s %s %s: %s\n", p.paint(terminal.Red, "request"), r.Method, r.URL, r.Error)
	} else if p.debug {
		p.printf("  request %s %s: %d, %d bytes\n", r.Method, r.URL, r.Status, r.Bytes)
	}
}

func (p *devPrinter) skipped(s *dev.Skip) {
	p.skips++
	switch {
	case p.skips <= shownSkips:
		p.printf("  %s %s %s: %s\n", p.paint(terminal.Yellow, "skipped"), s.Collection, s.Key, strings.Join(s.Faults, "; "))
		if s.At != "" {
			p.printf("          at %s\n", s.At)
		}
	case p.skips == shownSkips+1:
		p.printf("  %s for more reasons: see the page\n", p.paint(terminal.Yellow, "skipped"))
	}
}

// skippedReasons tells how many objects were left out for the reasons of which the first object was
// told.
func (p *devPrinter) skippedReasons(reasons []host.SkippedReason) {
	shown := 0
	for _, reason := range reasons {
		if reason.Count > 1 && shown < shownSkips {
			shown++
			p.printf("  %s %s: %d × %s\n", p.paint(terminal.Yellow, "skipped"), reason.Collection, reason.Count, reason.Reason)
		}
	}
}

func (p *devPrinter) end(e dev.Event) {
	end := e.End
	p.skippedReasons(end.SkippedReasons)
	switch end.Outcome {
	case dev.Superseded:
		p.printf("  %s\n", p.paint(terminal.Dim, "stopped: superseded by a later run"))
	case dev.Stopped:
		p.printf("  %s\n", p.paint(terminal.Dim, "stopped"))
	case dev.BuildFailed:
		for _, message := range end.Messages {
			p.printf("\n%s\n", indented(message.Frame))
		}
		p.stays(e)
	case dev.Failed:
		p.failure(end)
		p.stays(e)
	case dev.Good:
		p.dangling(end)
		p.changes(end)
		p.facts(e)
	}
}

// failure tells why a run failed, as carjs run does.
func (p *devPrinter) failure(end *dev.End) {
	f := end.Failure
	p.printf("\n  %s\n", p.paint(terminal.Red, f.Message))
	if f.Detail != "" {
		p.printf("\n%s\n\n", indented(f.Detail))
	}
	for _, row := range [][2]string{
		{"at", f.At}, {"fault of", string(f.Fault)}, {"failure", fmt.Sprintf("%s, exit code %d", f.Kind, f.Code)},
		{"next step", f.Hint},
	} {
		if row[1] != "" {
			p.printf("  %-11s%s\n", row[0], row[1])
		}
	}
}

// stays says what a failed run leaves behind.
func (p *devPrinter) stays(e dev.Event) {
	p.printf("  %s\n", p.paint(terminal.Dim, fmt.Sprintf("%.0f ms · the graph is unchanged since the last good run", e.End.Milliseconds)))
}

// dangling says which edges were left out because of their ends.
func (p *devPrinter) dangling(end *dev.End) {
	for _, d := range end.Dangling {
		p.printf("  %s %s of %s: %s\n", p.paint(terminal.Yellow, "left out"), d.Edges(), d.Collection, d.Why())
		if d.At != "" {
			p.printf("           at %s\n", d.At)
		}
	}
}

// changes lists what is different in the graph, collection by collection.
func (p *devPrinter) changes(end *dev.End) {
	if len(end.Changes) == 0 {
		p.printf("  nothing changed\n")
		return
	}
	for start := 0; start < len(end.Changes); {
		stop := start
		for stop < len(end.Changes) && end.Changes[stop].Collection == end.Changes[start].Collection {
			stop++
		}
		p.collection(end.Changes[start:stop], len(end.Changes) == end.Vertices+end.Edges)
		start = stop
	}
}

// collection lists the changes of one collection; when everything is new, only how much.
func (p *devPrinter) collection(changes []dev.Change, everything bool) {
	counts := map[string]int{}
	for _, c := range changes {
		counts[c.Kind]++
	}
	p.printf("  %-26s", changes[0].Collection)
	for _, part := range []struct {
		kind, sign string
		colour     terminal.Colour
	}{{dev.Added, "+", terminal.Green}, {dev.Changed, "~", terminal.Yellow}, {dev.Gone, "-", terminal.Red}} {
		if n := counts[part.kind]; n > 0 {
			p.printf("  %s", p.paint(part.colour, fmt.Sprintf("%s%d", part.sign, n)))
		}
	}
	p.printf("\n")
	if everything {
		return
	}
	for i, c := range changes {
		if i == shownChanges {
			p.printf("    … and %d more: see the page\n", len(changes)-i)
			return
		}
		p.change(c)
	}
}

func (p *devPrinter) change(c dev.Change) {
	switch c.Kind {
	case dev.Added:
		p.printf("    %s %s  %s\n", p.paint(terminal.Green, "+"), c.Name(), p.paint(terminal.Dim, short(string(c.Object))))
	case dev.Gone:
		p.printf("    %s %s\n", p.paint(terminal.Red, "-"), c.Name())
	case dev.Changed:
		for _, f := range c.Fields {
			p.printf("    %s %s  %s: %s → %s\n", p.paint(terminal.Yellow, "~"), c.Name(), f.Name,
				p.paint(terminal.Red, value(f.Before)), p.paint(terminal.Green, value(f.After)))
		}
	}
}

// value is a property's value on the terminal.
func value(json []byte) string {
	if json == nil {
		return "(none)"
	}
	return short(string(json))
}

// short cuts what would fill the terminal.
func short(text string) string {
	const most = 100
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// facts is the last line of a good run.
func (p *devPrinter) facts(e dev.Event) {
	end := e.End
	var total submit.Count
	for _, count := range end.Collections {
		total = total.Plus(count)
	}
	answered := ""
	if end.Recorded > 0 {
		answered = fmt.Sprintf(" (%d from the recording)", end.Recorded)
	}
	leftOut := fmt.Sprintf("%d skipped", total.Skipped)
	if total.Dangling > 0 {
		leftOut += fmt.Sprintf(", %d dangling", total.Dangling)
	}
	p.printf("  %s\n", p.paint(terminal.Dim, fmt.Sprintf("%d vertices, %d edges, %s · %d requests%s · %.0f ms",
		end.Vertices, end.Edges, leftOut, end.Requests.Datasource, answered, end.Milliseconds)))
}

// indented puts a block of text in from the margin.
func indented(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimRight(text, "\n "), "\n", "\n  ")
}
