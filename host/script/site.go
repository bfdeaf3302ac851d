package script

import "github.com/dop251/goja"

// sites number the places in a script from which natives are called for every record: looking a
// position up takes longer than the rest of such a call, a number is an index.
type sites struct {
	// at are the places, by number less one. Those of literals are looked up at their first call.
	at []Position
	// frames are the numbers of calls without a literal.
	frames map[goja.StackFrame]int
	stack  []goja.StackFrame
}

// siteDepth is how many calls above a native are searched for one of the author's.
const siteDepth = 6

// reserve makes room for n numbers, of which base+1 is the first.
func (s *sites) reserve(n int) (base int) {
	base = len(s.at)
	s.at = append(s.at, make([]Position, n)...)
	return base
}

// literalSite is the number of a call with a literal, the i-th of its program.
func (rt *Runtime) literalSite(base, i int) int {
	if at := &rt.sites.at[base+i]; at.Line == 0 {
		*at = rt.Caller()
	}
	return base + i + 1
}

// Site numbers the place where the running native was called, for [Runtime.SiteAt]; 0 for none. It
// is for natives that are called for every record, and is not called for one that takes a literal
// by its values: [LiteralCall.Site] says it.
func (rt *Runtime) Site() int {
	s := &rt.sites
	s.stack = rt.vm.CaptureCallStack(siteDepth, s.stack[:0])
	for _, frame := range s.stack {
		if site, known := s.frames[frame]; known {
			if site == 0 {
				continue // not the author's
			}
			return site
		}
		site := 0
		if own, ok := authorFrame(&frame); ok {
			s.at = append(s.at, own.Position)
			site = len(s.at)
		}
		if s.frames == nil {
			s.frames = map[goja.StackFrame]int{}
		}
		s.frames[frame] = site
		if site > 0 {
			return site
		}
	}
	return 0
}

// SiteAt is the place of a number.
func (rt *Runtime) SiteAt(site int) Position {
	if site < 1 || site > len(rt.sites.at) {
		return Position{}
	}
	return rt.sites.at[site-1]
}
