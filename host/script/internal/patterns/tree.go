package patterns

// node is a part of a pattern. Its characters are sets already, with those of other case where the
// flag i holds.
type node interface{}

type (
	// char matches one of a set.
	char struct{ set set }
	// sequence matches all, one after the other, and choice the first that leads to a match.
	sequence []node
	choice   []node
	// group keeps what its body matched.
	group struct {
		body node
		n    int
	}
	// loop repeats its body. The groups in it, from the first and before the last, forget what
	// they kept each time.
	loop struct {
		body        node
		min, max    int
		lazy        bool
		first, last int
	}
	// look matches nothing, where its body would match or would not.
	look struct {
		body             node
		behind, negative bool
	}
	// edge is an assertion about a position: ^, $, \b or \B, for which folded has characters of
	// other case be those of words too.
	edge struct {
		kind              byte
		multiline, folded bool
	}
	// backReference matches what one of the groups matched, which have one name; folded is with
	// the flag i.
	backReference struct {
		groups []int
		folded bool
	}
)

// unbounded is how often a loop runs that has no bound.
const unbounded = 1<<31 - 1
