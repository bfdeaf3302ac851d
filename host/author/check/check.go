// Package check finds what is wrong with a connector without running an import: what does not
// build, what the type checker finds, settings that do not fit the code, texts that do not fit the
// settings, and habits that lead to trouble.
//
// The table of checks is in [Checks]. A finding has a place and says what to do. How findings are
// printed, and how a connector is built and asked for its extension, is for others.
package check

import (
	"cmp"
	"context"
	"slices"
)

// Severity says whether a connector can stay as it is.
type Severity string

// The severities. A note is about the check itself.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Note    Severity = "note"
)

// Finding is one thing that a check found.
type Finding struct {
	Check    string   `json:"check"`
	Severity Severity `json:"severity"`
	// File is relative to the connector's folder; empty when there is no place. Line and Column
	// count from 1.
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message"`
	// Hint is what to do.
	Hint string `json:"hint,omitempty"`
	// Hide tells that there is a secret on the line, which must not be shown.
	Hide bool `json:"-"`
}

// Check is one row of the table.
type Check struct {
	Name string `json:"name"`
	// Finds says what it looks for, in one sentence; Mend what to do about what it finds.
	Finds string `json:"finds"`
	Mend  string `json:"mend"`
	run   func(ctx context.Context, s *Subject) []Finding
}

// Checks returns the table of checks, in the order in which they run. Every call returns a table of
// its own.
func Checks() []Check {
	return []Check{
		{"config", "mistakes in configurations/config.json",
			"correct the place; the message says what there may be", checkConfig},
		{"language", "texts of configurations/lang_en.json that are missing, or that belong to no setting",
			"give each setting a label there, below the same path as in config.json", checkLanguage},
		{"build", "what does not bundle, and imports that go in a circle",
			"correct the place; move what two files need from each other into a third", checkBuild},
		{"types", "what the TypeScript compiler finds, with the typings of this carjs",
			"correct the place; carjs types brings the typings in the folder up to date", checkTypes},
		{"settings", "settings that the code uses and config.json does not declare, and the reverse",
			"declare in config.json what the code uses, and remove what it does not", checkSettings},
		{"extension", "a schema extension that does not fit CAR's data model, and a connector that does not start",
			"carjs describe model tells what there is already", checkExtension},
		{"practice", "habits that lead to trouble: secrets that are shown, local time, an incremental import that forgets what is gone",
			"each finding says what to do instead", checkPractice},
		{"secrets", "private keys and passwords in the files of the folder, which are shared with the connector",
			"take the file out of the folder and of its history, and replace what was in it", checkSecrets},
	}
}

// Run runs all checks and returns what they found, by file and line.
func Run(ctx context.Context, s *Subject) []Finding {
	findings := []Finding{}
	for _, check := range Checks() {
		for _, finding := range check.run(ctx, s) {
			finding.Check = check.Name
			findings = append(findings, finding)
		}
	}
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return findings
}

// Failed tells whether an error is among findings.
func Failed(findings []Finding) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return f.Severity == Error })
}
