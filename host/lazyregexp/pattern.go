// Package lazyregexp has regular expressions that are compiled when they are first used. carjs has
// more than thirty of them, of which a run needs a few, and compiling all of them was a twentieth
// of the time up to a connector's first line.
//
// It knows nothing of what the patterns are for: each stands where it is used. It is a package
// because a dozen rooms on both sides of the engine need it.
package lazyregexp

import (
	"regexp"
	"sync"
)

// New returns a function that compiles a regular expression at its first call and gives the same
// one from then on, to any goroutine. It panics when the expression has a mistake, as
// [regexp.MustCompile] does.
func New(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
