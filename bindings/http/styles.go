package http

import (
	"hash/maphash"
	"math"
	"net/url"
	"strconv"

	"carjs/bindings/args"
	"carjs/bindings/fetch"
)

// defaultAhead is how many pages are on their way at once where they are known: with an answer that
// takes 20 ms, more made an import of a hundred pages no faster.
const defaultAhead = 4

// byOffset asks for limit items from an offset on, which grows by what came, until an empty page or
// the total says that this was all. A page that is not full does not: servers cap the limit without
// a word.
func byOffset(p *pager, o args.Options) {
	offsetParam := o.Get("offsetParam").TextOr("offset")
	total := finderOf(o.Get("total"))
	first := setQuery(p.page.URL, o.Get("limitParam").TextOr("limit"), strconv.Itoa(int(o.Get("limit").IntegerOr(100, 1, math.MaxInt32))))
	p.page = p.page.with(setQuery(first, offsetParam, "0"))
	p.most = int(o.Get("ahead").IntegerOr(defaultAhead, 1, math.MaxInt32))
	offset := 0
	seed := maphash.MakeSeed()
	var last uint64
	p.turn = func(p *pager, at *page) error {
		offset += at.items
		all, known, err := total.number(at.body)
		switch {
		case err != nil:
			return err
		case !total.given() || at.items == 0 && !known:
		case !known:
			return p.mistake(at.result, "there is no number at %s", total.describe(at.body))
		case offset >= all:
			p.page = nil
			return nil
		case at.items == 0:
			return p.mistake(at.result, "the total is %d, but after %d there are no more", all, offset)
		}
		if at.items == 0 {
			p.page = nil
			return nil
		}
		hash := maphash.Bytes(seed, at.data)
		if hash == last && offset > at.items {
			return p.mistake(at.result, "the page is the same as the one before, so %s has no effect and the list would never end", offsetParam)
		}
		last = hash
		p.page = p.page.with(setQuery(first, offsetParam, strconv.Itoa(offset)))
		if p.behind = nil; known {
			p.behind = following(first, offsetParam, at.items, all)
		}
		return nil
	}
}

// following says which page comes after another, when each is as full as the last one that was read
// and there are all items.
func following(first *url.URL, offsetParam string, step, all int) func(*request) *request {
	return func(r *request) *request {
		offset, err := strconv.Atoi(r.URL.Query().Get(offsetParam))
		if err != nil || offset+step >= all {
			return nil
		}
		return r.with(setQuery(first, offsetParam, strconv.Itoa(offset+step)))
	}
}

// byCursor sends back what each page names.
func byCursor(p *pager, o args.Options) {
	param := o.Get("cursorParam").TextOr("cursor")
	place := o.Get("next")
	next := finderOf(place)
	if !next.given() {
		place.Misuse("must say where in a page the next cursor stands")
	}
	first := p.page.URL
	p.turn = func(p *pager, at *page) error {
		cursor, err := p.text(at, next)
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
		p.page = p.page.with(setQuery(first, param, cursor))
		return nil
	}
}

// byNextURL goes where each page says.
func byNextURL(p *pager, o args.Options) {
	next := finderOf(o.Get("next"))
	if !next.given() {
		next = finder{path: "next"}
	}
	p.seen[p.page.URL.String()] = true
	p.turn = func(p *pager, at *page) error {
		text, err := p.text(at, next)
		if err != nil {
			return err
		}
		return p.goTo(at, text)
	}
}

// byLink goes where the Link header says.
func byLink(p *pager, _ args.Options) {
	p.seen[p.page.URL.String()] = true
	p.turn = func(p *pager, at *page) error { return p.goTo(at, nextLink(at.Header.Values("Link"))) }
}

// goTo makes a URL, relative to the page, the next page; "" is the end.
func (p *pager) goTo(at *page, text string) error {
	if text == "" {
		p.page = nil
		return nil
	}
	reference, err := url.Parse(text)
	if err != nil {
		return p.mistake(at.result, "the page names a next URL that is no URL")
	}
	u, err := fetch.ParseURL(at.URL.ResolveReference(reference).String())
	if err != nil {
		return p.mistake(at.result, "the page names a next URL that cannot be used: %s", err)
	}
	u.User = nil
	if err := p.mayGo(at, u); err != nil {
		return err
	}
	if err := p.visit(at, u.String(), "URL"); err != nil {
		return err
	}
	p.page = p.page.with(u)
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
