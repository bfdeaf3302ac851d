package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// suite is the tests of one package, in a binary that has all mutants.
type suite struct {
	binary, dir string
	short       bool
	tests       []*test
	// left are tests that fail although no mutant is active: those that count allocations, for one.
	left []string
}

// test is one test function and what it reaches.
type test struct {
	name    string
	took    time.Duration
	reaches map[int]bool
}

// newSuite runs each test by itself, without a mutant, and notes which ones it reaches: others it
// cannot notice.
func newSuite(ctx context.Context, binary, dir string, short bool) (*suite, error) {
	s := &suite{binary: binary, dir: dir, short: short}
	out, err := command(ctx, dir, nil, binary, "-test.list", "^(Test|Example|Fuzz)")
	if err != nil {
		return nil, err
	}
	for name := range strings.FieldsSeq(string(out)) {
		t := &test{name: name, reaches: map[int]bool{}}
		trace := filepath.Join(filepath.Dir(binary), "trace")
		began := time.Now()
		for tries := 1; ; tries++ {
			if ok, _ := s.run(ctx, []*test{t}, 10*time.Minute, "MUTANT_TRACE="+trace); ok {
				break
			}
			if tries == 3 || ctx.Err() != nil {
				t = nil
				break
			}
		}
		if t == nil {
			s.left = append(s.left, name)
			_ = os.Remove(trace)
			continue
		}
		t.took = time.Since(began)
		data, _ := os.ReadFile(trace) // there is none if it reaches nothing
		_ = os.Remove(trace)
		for id := range strings.FieldsSeq(string(data)) {
			n, _ := strconv.Atoi(id)
			t.reaches[n] = true
		}
		s.tests = append(s.tests, t)
	}
	slices.SortStableFunc(s.tests, func(a, b *test) int { return cmp.Compare(a.took, b.took) })
	return s, ctx.Err()
}

// run tells whether tests pass.
func (s *suite) run(ctx context.Context, tests []*test, limit time.Duration, env ...string) (bool, string) {
	names := make([]string, len(tests))
	for i, t := range tests {
		names[i] = t.name
	}
	return s.start(ctx, s.binary, "^("+strings.Join(names, "|")+")$", limit, env...)
}

// start runs a binary within its own folder for files, which is gone afterwards.
func (s *suite) start(ctx context.Context, binary, pattern string, limit time.Duration, env ...string) (bool, string) {
	ctx, cancel := context.WithTimeout(ctx, limit+5*time.Second)
	defer cancel()
	temp, err := os.MkdirTemp(filepath.Dir(binary), "run")
	if err != nil {
		return false, err.Error()
	}
	defer func() { _ = os.RemoveAll(temp) }()
	c := exec.CommandContext(ctx, binary, "-test.run", pattern, "-test.failfast", fmt.Sprintf("-test.timeout=%s", limit),
		fmt.Sprintf("-test.short=%t", s.short))
	c.Dir, c.WaitDelay = s.dir, time.Second
	c.Env = append(append(os.Environ(), "TMPDIR="+temp, "GOMEMLIMIT=2GiB"), env...)
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	err = c.Run()
	return err == nil, out.String()
}

// quick is how long the tests that run first may take together. Most mutants end there.
const quick = time.Second

// survives runs the tests that reach a mutant, quick ones first. reached tells whether there are any.
func (s *suite) survives(ctx context.Context, m *mutant) (survived, reached bool) {
	var first, rest []*test
	var sum time.Duration
	for _, t := range s.tests {
		if !t.reaches[m.id] {
			continue
		}
		reached = true
		if sum += t.took; sum <= quick || len(first) == 0 {
			first = append(first, t)
		} else {
			rest = append(rest, t)
		}
	}
	for _, tests := range [][]*test{first, rest} {
		if len(tests) == 0 {
			continue
		}
		if ok, _ := s.run(ctx, tests, limitOf(tests), "MUTANT="+strconv.Itoa(m.id)); !ok {
			return false, true
		}
	}
	return true, reached
}

// limitOf is how long tests may take with a mutant: some never end.
func limitOf(tests []*test) time.Duration {
	limit := 10 * time.Second
	for _, t := range tests {
		limit += 4 * t.took
	}
	return limit
}

// verdict is what became of a mutant.
type verdict struct {
	*mutant
	survived, reached bool
}

// judge runs all mutants, several at a time.
func (p *program) judge(ctx context.Context, suites []*suite, paths []string, parallel int) []verdict {
	verdicts := make([]verdict, len(p.mutants))
	var group sync.WaitGroup
	room := make(chan struct{}, parallel)
	for i, m := range p.mutants {
		verdicts[i] = verdict{mutant: m}
		if p.invalid[m.id] || m.form == declaration {
			continue
		}
		room <- struct{}{}
		group.Go(func() {
			defer func() { <-room }()
			v := &verdicts[i]
			v.survived = true
			for _, s := range suites {
				survived, reached := s.survives(ctx, m)
				v.reached = v.reached || reached
				if v.survived = survived; !survived {
					break
				}
			}
		})
	}
	group.Wait()
	for i, m := range p.mutants {
		if m.form == declaration && ctx.Err() == nil {
			verdicts[i].survived, verdicts[i].reached = p.judgeDeclared(ctx, m, suites, paths), true
		}
	}
	return verdicts
}

func (p *program) judgeDeclared(ctx context.Context, m *mutant, suites []*suite, paths []string) (survived bool) {
	for i, s := range suites {
		binary, err := p.declared(ctx, m, paths[i])
		if err != nil {
			p.invalid[m.id] = true
			return false
		}
		ok, _ := s.start(ctx, binary, ".", limitOf(s.tests))
		_ = os.Remove(binary)
		if !ok {
			return false
		}
	}
	return true
}
