package script

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"carjs/host/lazyregexp"
	"carjs/host/script/internal/cover"
	"carjs/host/script/internal/lower"
	"carjs/host/script/internal/source"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
)

// Coverage counts which statements run, of all programs that were compiled with it, in all their
// runtimes. A file that is part of several programs is counted once. It is safe for use by several
// goroutines.
type Coverage struct {
	counts func(file string) bool

	mu    sync.Mutex
	hits  map[Position]*atomic.Int64
	texts map[string]string
}

// FileCoverage is how often the lines of one file ran.
type FileCoverage struct {
	// File is its name, as positions have it, Text its source.
	File, Text string
	// Lines has the lines on which a statement begins, by their numbers from 1: how often the one
	// ran that ran most.
	Lines map[int]int64
}

// Covered returns how many of the lines ran, and how many there are.
func (f FileCoverage) Covered() (ran, all int) {
	for _, n := range f.Lines {
		if n > 0 {
			ran++
		}
	}
	return ran, len(f.Lines)
}

// NewCoverage makes a count of the files that counts says yes to; files of npm packages and of
// carjs are never asked for.
func NewCoverage(counts func(file string) bool) *Coverage {
	return &Coverage{counts: counts, hits: map[Position]*atomic.Int64{}, texts: map[string]string{}}
}

// Files returns the files, sorted by their names.
func (c *Coverage) Files() []FileCoverage {
	c.mu.Lock()
	defer c.mu.Unlock()
	lines := map[string]map[int]int64{}
	for at, n := range c.hits {
		if lines[at.File] == nil {
			lines[at.File] = map[int]int64{}
		}
		lines[at.File][at.Line] = max(lines[at.File][at.Line], n.Load())
	}
	var files []FileCoverage
	for _, name := range slices.Sorted(maps.Keys(lines)) {
		files = append(files, FileCoverage{File: name, Text: c.texts[name], Lines: lines[name]})
	}
	return files
}

// counter returns the counter of a statement, nil when its file is not counted.
func (c *Coverage) counter(at Position, texts func() map[string]string) *atomic.Int64 {
	if at.File == "" || strings.HasPrefix(at.File, InternalPrefix) || strings.Contains("/"+at.File, "/node_modules/") || !c.counts(at.File) {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := c.hits[at]; n != nil {
		return n
	}
	text := texts()[at.File]
	if notRun().MatchString(source.At(text, at.Line, at.Column)) {
		return nil
	}
	n := &atomic.Int64{}
	c.hits[at], c.texts[at.File] = n, text
	return n
}

// notRun is what a place that is no statement begins with: the bundler maps what it adds, such as
// the getters of exports, to the beginning of the file.
var notRun = lazyregexp.New(`^(import\b|export\b|//|/\*|\s*$)`)

// CompileCovered is [Compile] for a program whose statements are counted; a nil coverage counts
// none.
func CompileCovered(coverage *Coverage, name, code string, literals ...string) (*Program, error) {
	if coverage == nil {
		return Compile(name, code, literals...)
	}
	script, sourceMap := source.Apart(code)
	return compileWith(name, script, sourceMap, func(p *Program, tree *ast.Program, mapped func()) ([]lower.Shape, error) {
		mapped()
		coverage.rewrite(p, tree)
		return lower.Program(tree, literals...)
	})
}

// rewrite makes a program count its statements.
func (c *Coverage) rewrite(p *Program, tree *ast.Program) {
	cover.Program(tree, func(at file.Idx) (int, bool) {
		n := c.counter(position(tree.File.Position(int(at)-tree.File.Base())), p.sources)
		if n == nil {
			return 0, false
		}
		p.counters = append(p.counters, n)
		return len(p.counters) - 1, true
	})
}

// count is the native that a program's code calls before each statement that is counted.
func (p *Program) count(call goja.FunctionCall) goja.Value {
	p.counters[call.Arguments[0].ToInteger()].Add(1)
	return goja.Undefined()
}
