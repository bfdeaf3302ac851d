package http

import (
	"math"
	"net/http"
	"net/url"
	"strconv"

	"carjs/bindings/args"
	"carjs/bindings/fetch"

	"github.com/dop251/goja"
)

// defaultAhead is how many pages are on their way at once where they are known: with an answer that
// takes 20 ms, more made an import of a hundred pages no faster.
const defaultAhead = 4

// aheadOf reads how many pages may be on their way at once. asked tells that the connector has said
// so, and wants pages ahead also while nobody knows how many there are.
func aheadOf(o args.Options) (most int, asked bool) {
	given := o.Get("ahead")
	return int(given.IntegerOr(defaultAhead, 1, math.MaxInt32)), given.Given()
}

// byOffset asks for limit items from an offset on, which grows by what came, until an empty page or
// the total says that this was all. A page that is not full does not: servers cap the limit without
// a word.
func byOffset(p *pager, o args.Options) {
	offsetParam := o.Get("offsetParam").TextOr("offset")
	limit := int(o.Get("limit").IntegerOr(100, 1, math.MaxInt32))
	first := p.spot.with(p.page, "", o.Get("limitParam").TextOr("limit"), numberField(limit))
	from := func(offset int) *request {
		return p.spot.with(first, strconv.Itoa(offset), offsetParam, numberField(offset))
	}
	p.page = from(0)
	var asked bool
	p.most, asked = aheadOf(o)
	t := p.tally
	t.counted, t.param = true, offsetParam
	p.turn = func(p *pager, at *page) error {
		t.doubted = t.known && t.total == limit && t.rows == limit && at.items == limit
		if at.items == 0 || t.known && t.rows >= t.total && !t.doubted {
			p.page = nil
			return nil
		}
		p.page = from(t.rows)
		switch p.behind = nil; {
		case t.known:
			p.behind = following(from, at.items, t.total)
		case asked:
			p.behind = following(from, at.items, math.MaxInt)
		}
		return nil
	}
}

// pastTheEnd are the statuses by which data sources say that there is no such page.
var pastTheEnd = []int{
	http.StatusBadRequest, http.StatusNotFound, http.StatusRequestedRangeNotSatisfiable, http.StatusUnprocessableEntity,
}

// doubt ends a list of which the first page had as many rows as were asked for, and as the total
// says. Some data sources give the number of rows of the page where others give that of the list,
// and all but that page would be missing. So another page is asked for, and must have no further
// rows; whether it is a good answer does not matter, as it was asked for behind the end.
func (p *pager) doubt(vm *goja.Runtime, at *page, err error) (goja.Value, error) {
	t := p.tally
	p.page = nil
	if err == nil && at.items > 0 {
		if _, same := t.pages[t.sum(at)]; !same {
			t.rows += at.items
			return nil, t.contradicts(p, at, t.total)
		}
	}
	if at == nil { // not a list
		return stepOf(vm, vm.NewArray())
	}
	if err := p.over(p, at); err != nil {
		return nil, err
	}
	return stepOf(vm, vm.NewArray())
}

// following says which page comes after another, when places are step apart and end at all.
func following(from func(int) *request, step, all int) func(*request) *request {
	return func(r *request) *request {
		place, err := strconv.Atoi(r.place)
		if err != nil || place >= all-step {
			return nil
		}
		return from(place + step)
	}
}

// byCursor sends back what each page names.
func byCursor(p *pager, o args.Options) {
	param := o.Get("cursorParam").TextOr("cursor")
	place := o.Get("next")
	next := p.c.m.headFinderOf(place)
	if !next.given() {
		place.Misuse("must say where in a page the next cursor is")
	}
	first := p.page
	p.tally.param = param
	p.turn = func(p *pager, at *page) error {
		cursor, number, err := p.text(at, next)
		if err != nil {
			return err
		}
		if cursor == "" {
			p.page = nil
			return nil
		}
		if err := p.visit(at, cursor, "cursor"); err != nil {
			return err
		}
		p.page = p.spot.with(first, cursor, param, textField(cursor, number))
		return nil
	}
}

// byNextURL goes where each page says.
func byNextURL(p *pager, o args.Options) {
	next := p.c.m.headFinderOf(o.Get("next"))
	if !next.given() {
		next = finder{path: "next"}
	}
	p.seen[p.page.URL.String()] = true
	p.turn = func(p *pager, at *page) error {
		text, _, err := p.text(at, next)
		if err != nil {
			return err
		}
		return p.goTo(at, text)
	}
}

// byLink goes where the Link header says.
func byLink(p *pager, _ args.Options) {
	p.seen[p.page.URL.String()] = true
	p.turn = func(p *pager, at *page) error {
		next, err := linkOf(at.result, "next")
		if err != nil {
			return err
		}
		return p.goTo(at, next)
	}
}

// goTo makes a URL, relative to the page, the next page; "" is the end.
func (p *pager) goTo(at *page, text string) error {
	if text == "" {
		p.page = nil
		return nil
	}
	u, err := fetch.ResolveURL(at.URL, text)
	if err != nil {
		return p.mistake(at.result, "the page names an unusable next URL: %s", err)
	}
	u.User = nil
	if err := p.mayGo(at, u); err != nil {
		return err
	}
	if err := p.visit(at, u.String(), "URL"); err != nil {
		return err
	}
	p.page = p.page.at(u)
	return nil
}

// mayGo keeps a list at its origin: the credentials, and whatever else the headers hold, are not
// for others.
func (p *pager) mayGo(at *page, u *url.URL) error {
	if p.c.base == nil && len(p.c.origins) == 0 && !fetch.SameOrigin(p.page.URL, u) {
		return p.mistake(at.result, "the page names a next URL at %s, another origin", fetch.Origin(u))
	}
	return p.c.mayGo(u)
}
