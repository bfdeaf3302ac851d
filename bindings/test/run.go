package test

import (
	"context"
	"errors"
	"time"

	"carjs/host/author/testrun"
	"carjs/host/failure"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// sweepTime is how long what a stopped test has left running may take to end; an import ends within
// two seconds.
const sweepTime = 3 * time.Second

// Run loads the file and runs its tests. What ends all of it is ctx alone; everything else is in
// the result.
func (s *Suite) Run(ctx context.Context, rt *script.Runtime, program *script.Program) testrun.File {
	s.rt = rt
	began := time.Now()
	file := testrun.File{Name: s.options.File, Skips: s.skips}
	s.logTo(&file.Log)
	err := s.bounded(ctx, s.options.Timeout, "the file", func(ctx context.Context) error {
		_, err := rt.Load(ctx, program)
		return err
	})
	s.at = nil
	switch {
	case err != nil:
		file.Failures = append(file.Failures, s.failure(err, script.Position{}))
	case s.root.count() == 0:
		file.Failures = append(file.Failures, testrun.Reason{
			Message: "the file declares no test", Hint: `write test("what holds", () => { ... }), imported from "carjs/test"`,
		})
	default:
		s.group(ctx, s.root, nil, &file)
	}
	s.logTo(&file.Log)
	for _, subject := range s.subjects {
		if err := subject.Close(); err != nil {
			s.Log("the CAR service of a test did not shut down cleanly: "+err.Error(), true)
		}
	}
	s.logTo(nil)
	file.Took = time.Since(began)
	return file
}

// group runs a group. before are the failures of hooks around it, which its tests fail with.
func (s *Suite) group(ctx context.Context, g *group, before []testrun.Reason, file *testrun.File) {
	runs := s.runs(g)
	if runs && len(before) == 0 {
		before = s.hooks(ctx, g.hooks["beforeAll"])
	}
	for _, m := range g.members {
		if ctx.Err() != nil {
			return
		}
		if m.group != nil {
			s.group(ctx, m.group, before, file)
		} else if s.wanted(m.test) {
			file.Tests = append(file.Tests, s.test(ctx, m.test, before))
		}
	}
	if !runs {
		return
	}
	if failures := s.hooks(ctx, g.hooks["afterAll"]); len(failures) > 0 {
		last := lastRun(file.Tests)
		last.Outcome = testrun.Failed
		last.Failures = append(last.Failures, failures...)
	}
}

// lastRun is the test that was run last; there is one.
func lastRun(tests []testrun.Test) *testrun.Test {
	for i := len(tests) - 1; i > 0; i-- {
		if o := tests[i].Outcome; o == testrun.Passed || o == testrun.Failed {
			return &tests[i]
		}
	}
	return &tests[0]
}

func (t *testCase) result() testrun.Test {
	return testrun.Test{Groups: t.group.names(), Name: t.name}
}

// test runs one test with its hooks.
func (s *Suite) test(ctx context.Context, t *testCase, before []testrun.Reason) testrun.Test {
	result := t.result()
	switch {
	case t.mode == modeTodo:
		result.Outcome = testrun.Todo
		return result
	case s.skipped(t):
		result.Outcome = testrun.Skipped
		return result
	}
	s.logTo(&result.Log)
	began := time.Now()
	result.Failures = append(result.Failures, before...)
	if len(before) == 0 {
		result.Failures = s.withHooks(ctx, t)
	}
	result.Took = time.Since(began)
	s.rt.DropTimers()
	s.options.Clock.Restore()
	s.logTo(nil)
	result.Outcome = testrun.Passed
	if len(result.Failures) > 0 {
		result.Outcome = testrun.Failed
	}
	return result
}

func (s *Suite) withHooks(ctx context.Context, t *testCase) []testrun.Reason {
	around := append([]*group{s.root}, t.group.path()...)
	var failures []testrun.Reason
	for _, g := range around {
		if failures = s.hooks(ctx, g.hooks["beforeEach"]); len(failures) > 0 {
			break
		}
	}
	if len(failures) == 0 {
		timeout := t.timeout
		if timeout <= 0 {
			timeout = s.options.Timeout
		}
		failures = s.call(ctx, timeout, "the test", t.body, t.at)
	}
	for i := len(around) - 1; i >= 0; i-- {
		failures = append(failures, s.hooks(ctx, around[i].hooks["afterEach"])...)
	}
	return failures
}

// hooks runs hooks until one fails.
func (s *Suite) hooks(ctx context.Context, hooks []hook) []testrun.Reason {
	for _, h := range hooks {
		if failures := s.call(ctx, s.options.Timeout, h.kind, h.body, h.at); len(failures) > 0 {
			failures[0].Message = h.kind + " failed: " + failures[0].Message
			return failures
		}
	}
	return nil
}

// call runs a body to its end, and what it has begun without waiting for it. at is where it was
// declared.
func (s *Suite) call(ctx context.Context, timeout time.Duration, what string, body goja.Callable, at script.Position) []testrun.Reason {
	s.broken = nil
	err := s.bounded(ctx, timeout, what, func(ctx context.Context) error {
		if _, err := s.rt.Call(ctx, body, goja.Undefined()); err != nil {
			return err
		}
		return s.rt.Finish(ctx)
	})
	var failures []testrun.Reason
	if err != nil {
		failures = append(failures, s.failure(err, at))
	}
	for _, broken := range s.broken {
		if !errors.Is(err, broken) {
			failures = append(failures, s.failure(broken, at))
		}
	}
	return failures
}

// bounded runs part of the script within a time. What is left running when it fails is ended before
// anything else runs.
func (s *Suite) bounded(ctx context.Context, timeout time.Duration, what string, run func(context.Context) error) error {
	bounded, cancel := context.WithTimeoutCause(ctx, timeout, &timeoutError{what, timeout})
	err := run(bounded)
	cancel()
	if err != nil {
		s.rt.DropTimers()
		sweep, done := context.WithTimeout(ctx, sweepTime)
		defer done()
		if late := s.rt.Finish(sweep); late != nil {
			s.Log("after it had failed: "+late.Error(), true)
		}
	}
	return err
}

// failure describes what went wrong for the author. at is used where the error knows no place.
func (s *Suite) failure(err error, at script.Position) testrun.Reason {
	f := testrun.Reason{Message: err.Error()}
	var known *failure.Failure
	if errors.As(err, &known) {
		f.Hint = known.Hint
	}
	var thrown *script.Error
	if errors.As(err, &thrown) {
		if thrown.Name == "AssertionError" && !thrown.Unhandled {
			f.Message = thrown.Message
		}
		for _, frame := range thrown.Stack {
			f.Stack = append(f.Stack, frame.String())
		}
		f.CodeFrame = thrown.CodeFrame
		f.At = thrown.At().String()
		f.Hint = hint(thrown, f.Hint)
	}
	if f.At == "" {
		f.At, f.CodeFrame = at.String(), s.rt.CodeFrame(at)
	}
	return f
}

// hint is what to do about an error that the author did not throw.
func hint(thrown *script.Error, known string) string {
	var late *timeoutError
	switch {
	case errors.As(thrown.Cause, &late):
		return "check what it waits for; if it has to take long, set { timeout: milliseconds } or raise -test-timeout"
	case errors.Is(thrown.Cause, script.ErrNeverSettled):
		return "look for a promise whose resolve is never called"
	}
	return known
}

// logTo says where lines go from now on; nil is nowhere.
func (s *Suite) logTo(lines *[]testrun.Line) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = lines
}

// Log takes a line that was logged while the suite runs. It may be called from any goroutine.
func (s *Suite) Log(text string, detail bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.log != nil {
		*s.log = append(*s.log, testrun.Line{Text: text, Detail: detail})
	}
}
