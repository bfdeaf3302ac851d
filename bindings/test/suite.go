package test

import (
	"fmt"
	"time"

	"carjs/host/script"

	"github.com/dop251/goja"
)

// mode is how something was declared.
type mode string

const (
	modeRun  mode = ""
	modeSkip mode = "skip"
	modeOnly mode = "only"
	modeTodo mode = "todo"
)

// group is a describe, or the whole file.
type group struct {
	parent *group
	name   string
	mode   mode
	// members are groups and tests in the order in which they were declared.
	members []member
	hooks   map[string][]hook
}

// member is a group or a test: the other one is nil.
type member struct {
	group *group
	test  *testCase
}

type hook struct {
	kind string
	body goja.Callable
	at   script.Position
}

type testCase struct {
	group   *group
	name    string
	mode    mode
	body    goja.Callable
	timeout time.Duration // 0 is the suite's
	at      script.Position
}

// declaring returns the group that is being declared. Tests that are declared while others run
// would not be run.
func (s *Suite) declaring(what string) *group {
	if s.at == nil {
		panic(s.rt.VM().NewTypeError("%s was called while tests run: declare tests and hooks at the top level or in a describe", what))
	}
	return s.at
}

// declareTest is the native behind test: (mode, name, body, timeout in ms).
func (s *Suite) declareTest(call goja.FunctionCall) goja.Value {
	g := s.declaring("test")
	t := &testCase{
		group: g, mode: mode(call.Argument(0).String()), name: call.Argument(1).String(), at: s.rt.Caller(),
		timeout: time.Duration(call.Argument(3).ToFloat() * float64(time.Millisecond)),
	}
	t.body, _ = goja.AssertFunction(call.Argument(2))
	s.hasOnly = s.hasOnly || t.mode == modeOnly
	g.members = append(g.members, member{test: t})
	return goja.Undefined()
}

// declareGroup is the native behind describe: (mode, name, body). The body declares what is in the
// group.
func (s *Suite) declareGroup(call goja.FunctionCall) goja.Value {
	parent := s.declaring("describe")
	g := &group{parent: parent, mode: mode(call.Argument(0).String()), name: call.Argument(1).String()}
	s.hasOnly = s.hasOnly || g.mode == modeOnly
	parent.members = append(parent.members, member{group: g})
	body, _ := goja.AssertFunction(call.Argument(2))
	s.at = g
	_, err := body(goja.Undefined())
	s.at = parent
	if err != nil {
		s.rt.Throw(err)
	}
	return goja.Undefined()
}

// declareHook is the native behind beforeAll and so on: (kind, body).
func (s *Suite) declareHook(call goja.FunctionCall) goja.Value {
	kind := call.Argument(0).String()
	g := s.declaring(kind)
	body, _ := goja.AssertFunction(call.Argument(1))
	if g.hooks == nil {
		g.hooks = map[string][]hook{}
	}
	g.hooks[kind] = append(g.hooks[kind], hook{kind, body, s.rt.Caller()})
	return goja.Undefined()
}

// path is the group and those around it, the outermost first, without the file.
func (g *group) path() []*group {
	var path []*group
	for ; g.parent != nil; g = g.parent {
		path = append([]*group{g}, path...)
	}
	return path
}

func (g *group) names() []string {
	var names []string
	for _, outer := range g.path() {
		names = append(names, outer.name)
	}
	return names
}

// hasOnly tells whether something in the group is declared with only.
func (g *group) hasOnly() bool {
	for _, m := range g.members {
		if m.test != nil && m.test.mode == modeOnly || m.group != nil && (m.group.mode == modeOnly || m.group.hasOnly()) {
			return true
		}
	}
	return false
}

// skipped tells whether a test is left out for how it, or something around it, was declared.
func (s *Suite) skipped(t *testCase) bool {
	if t.mode == modeSkip {
		return true
	}
	chosen := !s.hasOnly || t.mode == modeOnly
	for _, g := range t.group.path() {
		if g.mode == modeSkip {
			return true
		}
		// Of a group with only in which there is another only, that one counts.
		chosen = chosen || g.mode == modeOnly && !g.hasOnly()
	}
	return !chosen
}

// runs tells whether any test of a group is run.
func (s *Suite) runs(g *group) bool {
	for _, m := range g.members {
		if m.group != nil && s.runs(m.group) || m.test != nil && m.test.mode != modeTodo && s.wanted(m.test) && !s.skipped(m.test) {
			return true
		}
	}
	return false
}

// wanted tells whether a test is among those that were asked for.
func (s *Suite) wanted(t *testCase) bool {
	return s.options.Selected == nil || s.options.Selected(t.result().FullName())
}

func (g *group) count() int {
	n := 0
	for _, m := range g.members {
		if m.test != nil {
			n++
		} else {
			n += m.group.count()
		}
	}
	return n
}

// timeoutError is why a test or a hook was stopped.
type timeoutError struct {
	what  string
	after time.Duration
}

func (e *timeoutError) Error() string {
	return fmt.Sprintf("%s did not end within %s", e.what, e.after)
}
