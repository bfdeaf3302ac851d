package patterns

import (
	"slices"
)

// reader reads a pattern. Without the flags u and v it follows annex B of the standard, which takes
// much that makes no sense for what is meant.
type reader struct {
	in    []rune
	at    int
	flags Flags // those that hold where it reads: groups may change some
	full  bool  // the flag u or v

	groups []string // names by number
	named  bool
	total  int // how many groups there are in the whole pattern
	// branches are the alternatives that the reader is in, by numbers of choices, and places
	// those of the named groups that it has read.
	branches []branch
	choices  int
	places   []place
	// references are names that must be those of groups.
	references []*backReference
	wanted     []string
}

type branch struct{ choice, alternative int }

type place struct {
	name     string
	n        int
	branches []branch
}

func newReader(in []rune, flags Flags) *reader {
	r := &reader{in: in, flags: flags, full: flags.FullUnicode(), groups: []string{""}}
	r.count()
	return r
}

// count looks for groups, as \2 and \k mean what they mean by what comes behind.
func (r *reader) count() {
	depth := 0
	for i := 0; i < len(r.in); i++ {
		switch c := r.in[i]; {
		case c == '\\':
			i++
		case c == '[' && (depth == 0 || r.flags.UnicodeSets):
			depth++
		case c == ']' && depth > 0:
			depth--
		case c == '(' && depth == 0:
			if i+1 < len(r.in) && r.in[i+1] == '?' {
				if i+3 >= len(r.in) || r.in[i+2] != '<' || r.in[i+3] == '=' || r.in[i+3] == '!' {
					continue
				}
				r.named = true
			}
			r.total++
		}
	}
}

// pattern reads all.
func (r *reader) pattern() node {
	tree := r.disjunction()
	if r.at < len(r.in) {
		fail("Unmatched ')'")
	}
	for i, reference := range r.references {
		for _, p := range r.places {
			if p.name == r.wanted[i] {
				reference.groups = append(reference.groups, p.n)
			}
		}
		if len(reference.groups) == 0 {
			fail("Invalid named capture referenced")
		}
	}
	return tree
}

func (r *reader) more() bool { return r.at < len(r.in) }

// peek is the character n places on, -1 behind the end.
func (r *reader) peek(n int) rune {
	if r.at+n < len(r.in) {
		return r.in[r.at+n]
	}
	return -1
}

// take takes a text if it comes next.
func (r *reader) take(text string) bool {
	n := 0
	for _, c := range text {
		if r.peek(n) != c {
			return false
		}
		n++
	}
	r.at += n
	return true
}

func (r *reader) disjunction() node {
	r.choices++
	r.branches = append(r.branches, branch{choice: r.choices})
	var all choice
	for {
		all = append(all, r.alternative())
		if !r.take("|") {
			break
		}
		r.branches[len(r.branches)-1].alternative++
	}
	r.branches = r.branches[:len(r.branches)-1]
	if len(all) == 1 {
		return all[0]
	}
	return all
}

func (r *reader) alternative() node {
	var all sequence
	for r.more() && r.peek(0) != '|' && r.peek(0) != ')' {
		all = append(all, r.term())
	}
	return all
}

// term reads an assertion, or an atom with its quantifier.
func (r *reader) term() node {
	first := len(r.groups)
	switch c := r.peek(0); {
	case c == '^' || c == '$':
		r.at++
		return edge{kind: byte(c), multiline: r.flags.Multiline}
	case c == '\\' && (r.peek(1) == 'b' || r.peek(1) == 'B'):
		r.at += 2
		return edge{kind: byte(r.in[r.at-1]), folded: r.full && r.flags.IgnoreCase}
	case r.take("(?<="):
		return r.look(true, false)
	case r.take("(?<!"):
		return r.look(true, true)
	case r.take("(?="), r.take("(?!"):
		body := r.look(false, r.in[r.at-1] == '!')
		if r.full {
			return body
		}
		return r.quantified(body, first)
	}
	return r.quantified(r.atom(), first)
}

func (r *reader) look(behind, negative bool) node {
	body := r.disjunction()
	r.closing()
	return look{body, behind, negative}
}

func (r *reader) closing() {
	if !r.take(")") {
		fail("Unterminated group")
	}
}

func (r *reader) quantified(body node, first int) node {
	low, high, ok := r.quantifier()
	if !ok {
		return body
	}
	if low > high {
		fail("numbers out of order in {} quantifier")
	}
	return loop{body: body, min: low, max: high, lazy: r.take("?"), first: first, last: len(r.groups)}
}

func (r *reader) quantifier() (low, high int, ok bool) {
	switch {
	case r.take("*"):
		return 0, unbounded, true
	case r.take("+"):
		return 1, unbounded, true
	case r.take("?"):
		return 0, 1, true
	case r.peek(0) != '{':
		return 0, 0, false
	}
	start := r.at
	r.at++
	low, ok = r.number()
	high = low
	if ok && r.take(",") {
		var bounded bool
		if high, bounded = r.number(); !bounded {
			high = unbounded
		}
	}
	if ok && r.take("}") {
		return low, high, true
	}
	if r.full {
		fail("Incomplete quantifier")
	}
	r.at = start
	return 0, 0, false
}

// number reads digits; what is too large is as good as unbounded.
func (r *reader) number() (n int, ok bool) {
	for c := r.peek(0); c >= '0' && c <= '9'; c = r.peek(0) {
		n, ok = min(10*n+int(c-'0'), unbounded), true
		r.at++
	}
	return n, ok
}

func (r *reader) atom() node {
	c := r.peek(0)
	switch c {
	case '.':
		r.at++
		if r.flags.DotAll {
			return char{everything}
		}
		return char{noLineEnd}
	case '(':
		r.at++
		return r.group()
	case '[':
		r.at++
		return r.class()
	case '\\':
		r.at++
		return r.atomEscape()
	case '*', '+', '?':
		fail("Nothing to repeat")
	case '{':
		if r.full {
			fail("Nothing to repeat")
		}
		if _, _, ok := r.quantifier(); ok {
			fail("Nothing to repeat")
		}
	case '}', ']':
		if r.full {
			fail("Lone quantifier brackets")
		}
	}
	r.at++
	return r.char(c)
}

// char is one character, in any case where the flag i holds.
func (r *reader) char(c rune) node { return char{r.folded(set{{c, c}})} }

func (r *reader) folded(s set) set {
	if !r.flags.IgnoreCase {
		return s
	}
	return closed(s, r.full)
}

// group reads what is behind an opening parenthesis.
func (r *reader) group() node {
	switch {
	case r.take("?<"):
		return r.capture(r.groupName())
	case r.take("?"):
		return r.modified()
	}
	return r.capture("")
}

func (r *reader) capture(name string) node {
	n := len(r.groups)
	if name != "" {
		for _, other := range r.places {
			if other.name == name && !apart(other.branches, r.branches) {
				fail("Duplicate capture group name")
			}
		}
		r.places = append(r.places, place{name, n, slices.Clone(r.branches)})
	}
	r.groups = append(r.groups, name)
	body := r.disjunction()
	r.closing()
	return group{body, n}
}

// apart tells whether two places are in different alternatives of one choice.
func apart(a, b []branch) bool {
	for i := 0; i < len(a) && i < len(b) && a[i].choice == b[i].choice; i++ {
		if a[i].alternative != b[i].alternative {
			return true
		}
	}
	return false
}

// modified reads a group without number, which may have flags of its own.
func (r *reader) modified() node {
	before := r.flags
	var seen []rune
	on := true
	for !r.take(":") {
		c := r.peek(0)
		r.at++
		switch {
		case c == '-' && on:
			on = false
			continue
		case slices.Contains(seen, c) || c != 'i' && c != 'm' && c != 's':
			fail("Invalid group")
		}
		seen = append(seen, c)
		*r.flags.named(c) = on
	}
	if !on && len(seen) == 0 {
		fail("Invalid flag group")
	}
	body := r.disjunction()
	r.closing()
	r.flags = before
	return body
}
