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
			"fix the code at the position given; the message lists what is allowed", checkConfig},
		{"language", "missing texts in configurations/lang_en.json, and texts that belong to no setting",
			"add a label for each setting, under the same path as in config.json", checkLanguage},
		{"build", "build errors, circular imports, and packages that import what throws when it is used",
			"fix the code at the position given; move what two files need from each other into a third; use a package that runs in browsers",
			checkBuild},
		{"types", "errors of the TypeScript compiler, with the typings of this carjs",
			"fix the code at the position given; run carjs types to update the typings in the folder", checkTypes},
		{"settings", "settings that the code uses but config.json does not declare, and vice versa",
			"declare used settings in config.json, and remove unused ones", checkSettings},
		{"extension", "a schema extension that does not fit CAR's data model, or a connector that does not start",
			"carjs describe model shows what CAR already has", checkExtension},
		{"practice", "common mistakes: exposed secrets, globals that are not there, local time, " +
			"a forgotten await, an incremental import that never removes anything",
			"each finding says what to do instead", checkPractice},
		{"secrets", "private keys and passwords in the folder: they are shared with the connector",
			"remove the file from the folder and its history, and replace the secret", checkSecrets},
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
