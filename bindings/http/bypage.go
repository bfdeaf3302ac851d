package http

import (
	"math"
	"strconv"

	"carjs/bindings/args"
)

// numbered is a list whose pages have numbers.
type numbered struct {
	first int // the number of the first page
	size  int // that is asked for; 0 leaves it to the data source
	pages finder
	// all is how many pages there are, once known.
	all   int
	known bool
}

// byPage asks for one page number after the other, until the number of pages, the total or an empty
// page says that this was all. A page that is not full does not: servers cap the size.
func byPage(p *pager, o args.Options) {
	param := o.Get("pageParam").TextOr("page")
	n := &numbered{first: int(o.Get("first").IntegerOr(1, 0, math.MaxInt32)), pages: p.c.m.headFinderOf(o.Get("pages"))}
	first := p.page
	if o.Get("size").Given() || o.Get("sizeParam").Given() {
		n.size = int(o.Get("size").IntegerOr(100, 1, math.MaxInt32))
		first = p.spot.with(first, "", o.Get("sizeParam").TextOr("size"), numberField(n.size))
	}
	from := func(number int) *request {
		return p.spot.with(first, strconv.Itoa(number), param, numberField(number))
	}
	p.page = from(n.first)
	var asked bool
	p.most, asked = aheadOf(o)
	t := p.tally
	t.counted, t.param = true, param
	p.check = n.check
	p.over = n.over
	p.turn = func(p *pager, at *page) error {
		number, _ := strconv.Atoi(at.request.place) // ours
		t.doubted = !n.known && t.known && t.total == n.size && t.rows == n.size && at.items == n.size
		if n.ended(t, at, number) {
			p.page = nil
			return nil
		}
		p.page = from(number + 1)
		switch p.behind = nil; {
		case n.known:
			p.behind = following(from, 1, n.first+n.all)
		case t.known && at.items > 0:
			p.behind = following(from, 1, number+1+(t.total-t.rows+at.items-1)/at.items)
		case asked:
			p.behind = following(from, 1, math.MaxInt)
		}
		return nil
	}
}

// ended tells whether a page was the last one.
func (n *numbered) ended(t *tally, at *page, number int) bool {
	switch {
	case at.empty():
		return true
	case n.known:
		return number-n.first+1 >= n.all
	}
	return at.items == 0 || t.known && t.rows >= t.total && !t.doubted
}

// check compares a page with those before, in rows and in the number of pages.
func (n *numbered) check(p *pager, at *page) error {
	if err := p.tally.add(p, at); err != nil || at.empty() || !n.pages.given() {
		return err
	}
	all, ok, err := n.pages.count(at)
	switch {
	case err != nil:
		return err
	case !ok:
		return p.mistake(at.result, "there is no number of pages at %s", n.pages.describe(at.body))
	case all < 0 && n.known:
		return p.mistake(at.result, "the number of pages is missing at %s, but an earlier page had it", n.pages.describe(at.body))
	case all < 0:
		return nil
	case n.known && all < n.all && p.tally.changes != anyChanges:
		return p.mistake(at.result, "the number of pages fell from %d to %d while the list was read, so rows may have been skipped",
			n.all, all).
			WithHint(`run the import again, or set changes: "any" if rows may be missing`)
	case n.known && all > n.all && p.tally.changes == noChanges:
		return p.mistake(at.result, "the number of pages rose from %d to %d while the list was read", n.all, all).
			WithHint(`run the import again, or set changes: "added" if rows may be added meanwhile`)
	}
	n.all, n.known = all, true
	return nil
}

// over compares the whole list with what was announced.
func (n *numbered) over(p *pager, at *page) error {
	number, _ := strconv.Atoi(at.request.place)
	came := number - n.first + 1
	if at.blank() || at.empty() {
		came--
	}
	if n.known && came < n.all && p.tally.changes != anyChanges {
		return p.mistake(at.result, "the data source announced %d pages and returned %d", n.all, came).
			WithHint("run the import again; if this repeats, check that the option pages of paginate is the number of all pages")
	}
	if n.known && n.all == 0 && p.tally.rows > 0 {
		return p.mistake(at.result, "the data source announced 0 pages and returned %s", rows(at.items))
	}
	return p.tally.close(p, at)
}
