package http

import (
	"hash/maphash"
	"strconv"

	"carjs/bindings/args"
	"carjs/bindings/fetch"
)

// tally counts the rows of a list and compares its pages: an incomplete list must fail, because CAR
// would retire the missing objects.
type tally struct {
	finder  finder // of the total
	key     finder
	changes changes
	// counted says that the paging style counts rows: a page's total and position are those of the
	// list at that moment.
	counted bool
	// param is the parameter by which the data source knows the page, "" when it names a URL.
	param string

	rows int // that came
	// first and total are what the data source announced at first and at last, once known.
	first, total int
	known        bool
	moved        bool // the total did
	// reach is how far the last page with rows came.
	reach reach
	// doubted says that the total may count the page only: see [pager.doubt].
	doubted bool

	seed maphash.Seed
	// seen are the rows of all pages but the last one, whose rows are in last: equal rows within
	// one page are not a fault of paging, and most lists have one page.
	seen map[uint64]struct{}
	last []uint64
	// pages are the pages that came, by their rows.
	pages map[uint64]struct{}
	// again counts the rows that came on an earlier page already.
	again int
	blank int // the empty pages since the last one with rows
}

// changes says what may happen to a list while it is read.
type changes string

const (
	noChanges  changes = "none"
	rowsAdded  changes = "added"
	anyChanges changes = "any"
)

func (m *module) newTally(o args.Options) *tally {
	option := o.Get("changes")
	t := &tally{
		finder: m.headFinderOf(o.Get("total")), key: m.finderOf(o.Get("key")), changes: changes(option.TextOr(string(rowsAdded))),
		seed: maphash.MakeSeed(), pages: map[uint64]struct{}{},
	}
	switch t.changes {
	case noChanges, rowsAdded, anyChanges:
	default:
		option.Misuse(`must be "none", "added" or "any", not %q`, string(t.changes))
	}
	return t
}

// add counts a page.
func (t *tally) add(p *pager, at *page) error {
	t.rows += at.items
	if at.items > 0 {
		t.blank, t.reach = 0, reachOf(at.Header)
		if err := t.repeats(p, at); err != nil {
			return err
		}
	} else if t.blank++; t.blank > maxBlank {
		return p.mistake(at.result, "%d pages in a row are empty, so the list would never end", t.blank).WithHint("%s", t.advice())
	}
	if at.empty() || !t.finder.given() {
		return nil
	}
	n, ok, err := t.finder.count(at)
	switch {
	case err != nil:
		return err
	case !ok:
		return p.mistake(at.result, "there is no number of rows at %s", t.finder.describe(at.body))
	case n >= 0:
		return t.announced(p, at, n)
	case t.known && at.items > 0:
		return p.mistake(at.result, "the total is missing at %s, but an earlier page had it", t.finder.describe(at.body))
	case !t.known && t.rows == at.items && at.items > 0 && t.finder.lacks(at):
		p.c.m.rt.Logger().Warn("the page has no total where the connector expects one: reading the list to its end without it",
			"url", fetch.SafeURL(at.URL), "total", t.finder.path+t.finder.header)
	}
	return nil
}

// maxBlank is how many pages may be empty one after the other: a data source that filters behind
// its paging has some, and one that names a new place for ever has no other.
const maxBlank = 1000

// announced takes the total of a page.
func (t *tally) announced(p *pager, at *page, n int) error {
	before := t.total
	if !t.known {
		t.first, before = n, n
	}
	t.known, t.total, t.moved = true, n, t.moved || n != before
	switch {
	case n < before && t.changes != anyChanges:
		return p.mistake(at.result, "the total fell from %d to %d while the list was read, so rows may have been skipped", before, n).
			WithHint(`run the import again, or set changes: "any" if rows may be missing`)
	case n > before && t.changes == noChanges:
		return p.mistake(at.result, "the total rose from %d to %d while the list was read", before, n).
			WithHint(`run the import again, or set changes: "added" if rows may be added meanwhile`)
	case at.items > 0 && n < t.rows && (t.counted || !t.tolerant()):
		return t.contradicts(p, at, n)
	}
	return nil
}

// tolerant tells whether rows that came and went explain that the figures do not match.
func (t *tally) tolerant() bool { return t.changes == anyChanges && t.moved }

// contradicts is the failure of a total that is not the number of rows.
func (t *tally) contradicts(p *pager, at *page, total int) error {
	return p.mistake(at.result, "the data source announced %s and returned %d", rows(total), t.rows).
		WithHint("run the import again; if this repeats, check that the option total of paginate is the number of all rows, " +
			"or remove the option")
}

// close compares what came with what was announced, once the list is over.
func (t *tally) close(p *pager, at *page) error {
	if t.known && (!t.tolerant() || t.counted && !at.empty()) {
		// Rows that were added to a chain of pages may stand where it has been.
		due := t.first
		if t.counted {
			due = t.total
		}
		if t.rows < due {
			return t.contradicts(p, at, due)
		}
	}
	if !t.known && t.changes != anyChanges && t.reach.short() {
		return p.mistake(at.result, "the list ends at a page that is not its last one: Content-Range: %s", t.reach.covers).
			WithHint("check how the data source names the next page; if it means something else by Content-Range, " +
				"set the option total of paginate to where it has the number of rows")
	}
	if err := t.distinct(p, at); err != nil {
		return err
	}
	if t.again == 0 {
		return nil
	}
	p.c.m.rt.Logger().Warn("some rows came on more than one page: the list changed while it was read or has no fixed order, "+
		"and other rows may be missing",
		"rows", t.again, "of", t.rows, "url", fetch.SafeURL(at.URL), "hint", t.repeatedHint())
	return nil
}

// rows is a number of rows.
func rows(n int) string {
	if n == 1 {
		return "1 row"
	}
	return strconv.Itoa(n) + " rows"
}
