package testrun

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"carjs/host/script"
)

// PrintCoverage writes which lines of each file ran: how many, and those that did not.
func PrintCoverage(w io.Writer, files []script.FileCoverage) error {
	if len(files) == 0 {
		return nil
	}
	width := len("all")
	for _, f := range files {
		width = max(width, len(f.File))
	}
	if _, err := fmt.Fprintf(w, "\n%-*s  %7s  %s\n", width, "coverage", "lines", "lines that did not run"); err != nil {
		return err
	}
	var ran, all int
	for _, f := range files {
		r, a := f.Covered()
		ran, all = ran+r, all+a
		if _, err := fmt.Fprintf(w, "%-*s  %7s  %s\n", width, f.File, percent(r, a), missing(f.Lines)); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "%-*s  %7s\n", width, "all", percent(ran, all))
	return err
}

func percent(ran, all int) string {
	if all == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(ran)/float64(all))
}

// missing lists the lines that did not run, neighbours as one: "7, 12-15".
func missing(lines map[int]int64) string {
	var parts []string
	start, last := 0, 0
	end := func() {
		switch {
		case start == 0:
		case start == last:
			parts = append(parts, fmt.Sprint(start))
		default:
			parts = append(parts, fmt.Sprintf("%d-%d", start, last))
		}
	}
	for _, line := range slices.Sorted(maps.Keys(lines)) {
		if lines[line] > 0 {
			end()
			start = 0
			continue
		}
		if start == 0 {
			start = line
		}
		last = line
	}
	end()
	return strings.Join(parts, ", ")
}

// WriteLCOV writes the coverage in the form of lcov, which editors and build servers read.
func WriteLCOV(w io.Writer, files []script.FileCoverage) error {
	for _, f := range files {
		var b strings.Builder
		fmt.Fprintf(&b, "TN:\nSF:%s\n", f.File)
		for _, line := range slices.Sorted(maps.Keys(f.Lines)) {
			fmt.Fprintf(&b, "DA:%d,%d\n", line, f.Lines[line])
		}
		ran, all := f.Covered()
		fmt.Fprintf(&b, "LF:%d\nLH:%d\nend_of_record\n", all, ran)
		if _, err := io.WriteString(w, b.String()); err != nil {
			return err
		}
	}
	return nil
}
