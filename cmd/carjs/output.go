package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/term"

	"carjs/cmd/carjs/internal/app"
	"carjs/cmd/carjs/internal/terminal"
	"carjs/host"
	"carjs/host/failure"
	"carjs/host/files"
	"carjs/host/logging"
	"carjs/host/model"
	"carjs/host/submit"
)

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}

// hasColour tells whether colours are written somewhere: to a terminal, unless NO_COLOR is set
// (no-color.org).
func hasColour(w io.Writer) bool { return isTerminal(w) && os.Getenv("NO_COLOR") == "" }

// unknownColumns is the width of a terminal that does not tell it.
const unknownColumns = 80

// columns returns a function for the width of a terminal, which may change.
func columns(w io.Writer) func() int {
	f, _ := w.(*os.File)
	return func() int {
		if f != nil {
			if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
				return width
			}
		}
		return unknownColumns
	}
}

// writeReport writes the report: its file whole or not at all.
func (r *run) writeReport(report *host.Report) error {
	path := r.Settings.Report
	if path == "" {
		return nil
	}
	data, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return err
	}
	data = append(r.Redactor.JSON(data, reportWords...), '\n')
	if path == app.StandardOutput {
		_, err = r.Stdout.Write(data)
		return err
	}
	return files.Write(path, data)
}

// reportWords are the members of a report whose values are words of carjs itself, or names, for
// programs to read.
var reportWords = []string{"source", "mode", "kind", "fault", "hint", "save_point", "collection", "result"}

// print tells how the run ended: to people, or, when the log is in JSON because that was asked for,
// in the log alone.
func (r *run) print(report *host.Report) {
	f := report.Failure
	if r.JSON {
		r.logEnd(report)
	} else if f != nil {
		r.printFailure(report)
	}
	if r.Settings.LogFormat == logging.JSON || r.Settings.Report == app.StandardOutput || report.Mode == "" && f != nil {
		return
	}
	if f == nil && r.Settings.ConnectionTest {
		fmt.Fprintln(r.Stdout, "The connection to the data source works.")
		return
	}
	var out bytes.Buffer
	r.summary(&out, report)
	r.say(r.Stdout, out.String())
}

// say writes what carjs says in its own words. What comes from elsewhere in it was redacted: a word
// of carjs that is somebody's password stays a word of carjs.
func (r *run) say(w io.Writer, text string) {
	_, _ = io.WriteString(w, r.Redactor.Name(text)) // a terminal that is gone cannot be told
}

// logEnd puts the end of the run into the log. The message of a failed run is that of its failure:
// viewers of the platform's logs show nothing else.
func (r *run) logEnd(report *host.Report) {
	for _, name := range slices.Sorted(maps.Keys(report.Collections)) {
		c := report.Collections[name]
		r.Log.Info("imported a collection", "collection", name,
			"sent", c.Sent, "unchanged", c.Unchanged, "deleted", c.Deleted, "duplicate", c.Duplicate, "differing", c.Differing,
			"skipped", c.Skipped, "retired", c.Retired, "dangling", c.Dangling)
	}
	f := report.Failure
	if f == nil {
		r.Log.Info("the run succeeded", "mode", string(report.Mode), "save_point", report.SavePoint, "seconds", report.Seconds)
		return
	}
	r.Log.Error(f.Message, "failure", string(f.Kind), "exit_code", f.Code, "fault", string(f.Fault), "at", f.At,
		"hint", f.Hint, "detail", f.Detail)
}

// printFailure tells a person why the run failed, whose fault it is, where, and what to do.
func (r *run) printFailure(report *host.Report) {
	f := report.Failure
	clean := r.Redactor.String
	var out bytes.Buffer
	message := f.Message
	if r.BuildError != nil { // all its messages follow
		message = strings.TrimSuffix(message, ": "+r.BuildError.Messages[0].Text)
	}
	fmt.Fprintf(&out, "carjs: %s\n", terminal.Safe(clean(message)))
	switch {
	case r.BuildError != nil:
		fmt.Fprintf(&out, "\n%s\n", strings.TrimSpace(clean(r.BuildError.Format(hasColour(r.Stderr)))))
	case f.Detail != "":
		fmt.Fprintf(&out, "\n%s\n", terminal.Safe(strings.TrimRight(clean(f.Detail), "\n")))
	}
	fmt.Fprintln(&out)
	facts := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(facts, "  %s\t%s\n", name, value)
		}
	}
	row("at", clean(f.At))
	row("fault of", string(f.Fault))
	row("failure", fmt.Sprintf("%s, exit code %d", f.Kind, f.Code))
	row("next step", f.Hint)
	row("next run", nextRun(report))
	facts.Flush() //nolint:errcheck // a buffer
	r.say(r.Stderr, out.String())
}

// nextRun says what a failure means for the next run.
func nextRun(report *host.Report) string {
	switch {
	case report.Mode == "":
		return failure.NextRunUnaffected
	case report.SavePoint == "":
		return "full, because there is no save point"
	}
	return "incremental, from save point " + report.SavePoint
}

// summary tells a person what the run did.
func (r *run) summary(out io.Writer, report *host.Report) {
	took := shown(time.Duration(report.Seconds * float64(time.Second)))
	nothing := "  nothing was added, changed or removed"
	switch {
	case report.Lost:
		fmt.Fprintf(out, "\nThe %s import of %s stopped after %s.\n\n", report.Mode, report.Source, took)
		nothing = "  what was sent up to then is not known"
	case report.Failure != nil:
		fmt.Fprintf(out, "\nThe %s import of %s stopped after %s. Up to then:\n\n", report.Mode, report.Source, took)
		nothing = "  nothing was sent"
	default:
		fmt.Fprintf(out, "\nThe %s import of %s is complete: it took %s.\n\n", report.Mode, report.Source, took)
	}
	var total submit.Count
	if len(report.Collections) == 0 {
		fmt.Fprintln(out, nothing)
	} else {
		total = table(out, report)
	}
	fmt.Fprintf(out, "\n  save point  %s\n", orNone(report.SavePoint))
	if !report.Lost {
		fmt.Fprintf(out, "  requests    %d to CAR, %d to the data source\n", report.Requests.CAR, report.Requests.Datasource)
	}
	if r.Embedded {
		fmt.Fprintf(out, "  graph       in %s; carjs car -data %s serves it\n",
			filepath.Join(r.Settings.StateDir, "car.db"), r.Settings.StateDir)
	}
	retired(out, report, total.Retired)
	r.printDangling(out, report)
	r.skipped(out, report.SkippedReasons)
	r.outdated(out, report.Outdated)
}

// outdated tells which of the invalid objects CAR keeps.
func (r *run) outdated(out io.Writer, outdated []host.Outdated) {
	if len(outdated) == 0 {
		return
	}
	fmt.Fprintln(out, "\n  CAR keeps invalid objects as an earlier import reported them; a full import retires them:")
	for _, o := range outdated {
		fmt.Fprintf(out, "  %-28s%9d  first: %s\n", "  "+o.Collection, o.Count, terminal.Safe(r.Redactor.String(o.FirstKey)))
	}
}

// retired tells how much a full import did not report.
func retired(out io.Writer, report *host.Report, total int) {
	if total == 0 {
		return
	}
	var parts []string
	for _, c := range append(report.Model.Vertices(), report.Model.Edges()...) {
		if n := report.Collections[c.Name].Retired; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", c.Name, n))
		}
	}
	fmt.Fprintf(out, "  retired     %d objects that this import did not report: %s\n", total, strings.Join(parts, ", "))
}

// shownReasons is how many reasons for skipped objects the summary lists; the report has all.
const shownReasons = 20

// skipped tells why objects were left out, each reason once.
func (r *run) skipped(out io.Writer, reasons []host.SkippedReason) {
	if len(reasons) == 0 {
		return
	}
	fmt.Fprint(out, "\n  Invalid objects were skipped:\n\n")
	for i, reason := range reasons {
		if i == shownReasons {
			fmt.Fprintf(out, "    … and %d more reasons: the report has them (-report)\n", len(reasons)-i)
			return
		}
		fmt.Fprintf(out, "    %s\n", terminal.Safe(r.told(reason)))
	}
}

// told is a reason for skipped objects in a line.
func (r *run) told(reason host.SkippedReason) string {
	first := fmt.Sprintf("first %q", r.Redactor.String(reason.FirstKey))
	if reason.At != "" {
		first += " at " + reason.At
	}
	return fmt.Sprintf("%s: %d × %s (%s)", reason.Collection, reason.Count, r.Redactor.String(reason.Reason), first)
}

// table prints what became of the objects of each collection, in the order of the model, and
// returns the sum.
func table(out io.Writer, report *host.Report) submit.Count {
	var total submit.Count
	fmt.Fprintf(out, "  %-28s%9s%11s%9s%11s%9s\n", "", "sent", "unchanged", "deleted", "duplicate", "skipped")
	row := func(name string, c submit.Count) {
		fmt.Fprintf(out, "  %-28s%9d%11d%9d%11d%9d\n", name, c.Sent, c.Unchanged, c.Deleted, c.Duplicate, c.Skipped)
	}
	for _, part := range []struct {
		heading     string
		collections []*model.Collection
	}{{"vertices", report.Model.Vertices()}, {"edges", report.Model.Edges()}} {
		heading := part.heading
		for _, c := range part.collections {
			count, ok := report.Collections[c.Name]
			if !ok {
				continue
			}
			if heading != "" {
				fmt.Fprintf(out, "  %s\n", heading)
				heading = ""
			}
			row("  "+c.Name, count)
			total = total.Plus(count)
		}
	}
	row("all", total)
	return total
}

// printDangling says which edges were left out because of their ends.
func (r *run) printDangling(out io.Writer, report *host.Report) {
	if len(report.Dangling) == 0 {
		return
	}
	fmt.Fprintln(out, "\n  Edges were left out because a vertex at one of their ends is not there:")
	for _, d := range report.Dangling {
		fmt.Fprintf(out, "  %-28s%9d  first: %s%s\n", "  "+d.Collection, d.Count,
			terminal.Safe(r.Redactor.String(d.Why())), at(d.At))
	}
}

// at is a place, where it is known.
func at(place string) string {
	if place == "" {
		return ""
	}
	return ", at " + place
}

func orNone(s string) string {
	if s == "" {
		return "none: the next import is full"
	}
	return s
}

// shown is a duration for people.
func shown(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
