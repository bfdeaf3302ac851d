// Package testrun holds what the tests of a connector came to, and writes it down: for people
// ([Printer]), for machines that read JUnit's XML ([WriteJUnit]), and which lines ran
// ([PrintCoverage], [WriteLCOV]).
//
// It runs nothing and knows no JavaScript. Who runs tests fills in a [Result], file by file.
package testrun

import (
	"strings"
	"time"
)

// Outcome is what a test came to.
type Outcome string

// The outcomes.
const (
	Passed  Outcome = "passed"
	Failed  Outcome = "failed"
	Skipped Outcome = "skipped"
	Todo    Outcome = "todo"
)

// Result is what all tests of a connector came to.
type Result struct {
	// Connector is its name.
	Connector string
	Files     []File
	Checks    []Check
	Took      time.Duration
}

// File is one file of tests.
type File struct {
	// Name is relative to the connector's folder.
	Name string
	// Tests are in the order in which they are declared.
	Tests []Test
	// Failures are those of the file itself: it did not load, or it declares no test.
	Failures []Reason
	// Log is what the file wrote outside of tests.
	Log  []Line
	Took time.Duration
	// Skips are the checks that the file leaves out, by their names, with the reasons.
	Skips map[string]string
}

// Test is one test.
type Test struct {
	// Groups are the names of the groups around it, the outermost first.
	Groups  []string
	Name    string
	Outcome Outcome
	Took    time.Duration
	// Failures are the test's own and those of its hooks; empty unless it failed.
	Failures []Reason
	Log      []Line
}

// FullName is the names of the groups and of the test.
func (t Test) FullName() string {
	return strings.Join(append(t.Groups[:len(t.Groups):len(t.Groups)], t.Name), " > ")
}

// Reason is one reason why a test failed.
type Reason struct {
	// Message may have several lines, and a difference in them: lines that begin with "- " and "+ "
	// below one that says which is which.
	Message string
	// At is where in the TypeScript, "src/main.test.ts:7:8"; "" when that is not known.
	At string
	// CodeFrame shows the lines round it; Stack has the calls that led to it, the innermost first.
	// Both may be empty.
	CodeFrame string
	Stack     []string
	// Hint is the next step; may be empty.
	Hint string
}

// Line is a line that was logged.
type Line struct {
	Text string
	// Detail is a line that only matters when the test failed: what an import logged.
	Detail bool
}

// Check is one of the checks that are made of every connector.
type Check struct {
	// Name is what it is skipped by, Explanation what it makes sure of.
	Name, Explanation string
	Outcome           Outcome
	// Reason is why it was skipped.
	Reason   string
	Failures []Reason
	Took     time.Duration
}

// Counts is how many tests came to what, checks not included.
func (r *Result) Counts() map[Outcome]int {
	counts := map[Outcome]int{}
	for _, file := range r.Files {
		for _, t := range file.Tests {
			counts[t.Outcome]++
		}
	}
	return counts
}

// OK tells whether nothing failed.
func (r *Result) OK() bool {
	for _, file := range r.Files {
		if !file.OK() {
			return false
		}
	}
	for _, c := range r.Checks {
		if c.Outcome == Failed {
			return false
		}
	}
	return true
}

// OK tells whether nothing in the file failed.
func (f *File) OK() bool {
	if len(f.Failures) > 0 {
		return false
	}
	for _, t := range f.Tests {
		if t.Outcome == Failed {
			return false
		}
	}
	return true
}
