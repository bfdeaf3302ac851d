package main

import (
	"context"
	"fmt"

	"carjs/bindings/harness"
	"carjs/host/author/acceptance"
	"carjs/host/author/testrun"
)

// accept runs the acceptance checks, and adds what came of them.
func (t *testSession) accept(ctx context.Context, options harness.Options, run *testrun.Result) error {
	accepted, err := t.Acceptance(ctx, options)
	if err != nil {
		return t.notRun(err)
	}
	if accepted == nil {
		t.printer.CheckHeading("skipped, because there is no recording: run carjs run CONNECTOR -record recordings/first")
		return nil
	}
	defer accepted.Close() //nolint:errcheck // it was in memory
	subject := accepted.Subject
	subject.Skip = map[string]string{}
	for _, file := range run.Files {
		for name, reason := range file.Skips {
			subject.Skip[name] = reason
		}
	}
	heading := false
	acceptance.Run(ctx, subject, t.Selected, func(r acceptance.Result) {
		if !heading {
			t.printer.CheckHeading(accepted.About)
			heading = true
		}
		check := checkOf(r)
		run.Checks = append(run.Checks, check)
		run.Took += r.Took
		t.printer.Check(check)
	})
	if heading {
		fmt.Fprintln(t.Stdout)
	}
	return nil
}

// checkOf is a result as it is printed.
func checkOf(r acceptance.Result) testrun.Check {
	c := testrun.Check{Name: r.Name, Explanation: r.Explains, Took: r.Took}
	switch r.Status {
	case acceptance.Passed:
		c.Outcome = testrun.Passed
	case acceptance.Skipped:
		c.Outcome, c.Reason = testrun.Skipped, r.Why
	case acceptance.Failed:
		c.Outcome = testrun.Failed
		c.Failures = []testrun.Reason{{Message: r.Why, At: r.At}}
	}
	return c
}
