package http

import (
	"errors"
	"hash/maphash"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"carjs/bindings/fetch"
	"carjs/host/failure"

	"github.com/dop251/goja"
)

// pager reads one list page by page. What is special to a style of paging is in its turn.
type pager struct {
	c     *client
	page  *request // the next one to read; nil at the end
	items finder
	// turn says what comes after a page: it sets p.page, to nil when that was the last.
	turn func(p *pager, at *page) error
	// seen are the places that were asked for, by what tells them apart.
	seen map[string]bool
}

// page is one answer, as the styles see it.
type page struct {
	*result
	body  goja.Value
	items int
}

// styles is the table of the ways to page: the options that each has besides those of a request, and what it makes of them.
var styles = map[string]struct {
	options []string
	begin   func(p *pager, o options)
}{
	"offset":  {[]string{"items", "limitParam", "offsetParam", "limit", "total"}, byOffset},
	"cursor":  {[]string{"items", "cursorParam", "next"}, byCursor},
	"link":    {[]string{"items"}, byLink},
	"nextURL": {[]string{"items", "next"}, byNextURL},
}

// pageOptions are the options of a request that make sense for all pages of a list.
var pageOptions = []string{"query", "headers", "timeout", "signal", "retry"}

// pages is the native behind paginate: (style, path, options, headers) to {next, stop}.
func (c *client) pages(call goja.FunctionCall) goja.Value {
	name := call.Argument(0).String()
	style := styles[name]
	o := c.m.optionsOf("paginate."+name, call.Argument(2), append(slices.Clone(style.options), pageOptions...)...)
	p := &pager{c: c, page: c.newRequest(http.MethodGet, call.Argument(1), o, call.Argument(3)), items: o.finder("items"), seen: map[string]bool{}}
	style.begin(p, o)
	object := c.m.rt.VM().NewObject()
	err := errors.Join(
		object.Set("next", func(goja.FunctionCall) goja.Value { return p.next() }),
		object.Set("stop", func(goja.FunctionCall) goja.Value {
			p.page = nil
			return goja.Undefined()
		}),
	)
	if err != nil {
		c.m.rt.Throw(err)
	}
	return object
}

// next starts to read the next page: {promise, cancel} of an iterator's result, or undefined when there is none. client.js sees
// to it that one page is read at a time.
func (p *pager) next() goja.Value {
	if p.page == nil {
		return goja.Undefined()
	}
	reading := p.page
	// What goes wrong ends the list: asked again, it must not start in the middle.
	p.page = nil
	return p.c.start(reading, func(vm *goja.Runtime, answer *result) (goja.Value, error) {
		p.page = reading
		step, err := p.read(vm, answer)
		if err != nil {
			p.page = nil
		}
		return step, err
	})
}

func (p *pager) read(vm *goja.Runtime, answer *result) (goja.Value, error) {
	body, err := p.c.body(vm, p.page, answer)
	if err != nil {
		return nil, err
	}
	list, count, err := p.list(body, answer)
	if err != nil {
		return nil, err
	}
	if err := p.turn(p, &page{result: answer, body: body, items: count}); err != nil {
		return nil, err
	}
	step := vm.NewObject()
	return step, errors.Join(step.Set("value", list), step.Set("done", false))
}

// list finds the items of a page. null is an empty list, as some servers write it; nothing at all is a mistake.
func (p *pager) list(body goja.Value, answer *result) (goja.Value, int, error) {
	found, err := p.items.find(body)
	if err != nil {
		return nil, 0, err
	}
	if found != nil && goja.IsNull(found) {
		return p.c.m.rt.VM().NewArray(), 0, nil
	}
	object, ok := found.(*goja.Object)
	if !ok || object.ClassName() != "Array" {
		return nil, 0, p.mistake(answer, "there is no list at %s", p.items.describe(body))
	}
	return object, int(object.Get("length").ToInteger()), nil
}

// mistake is the failure of a page that cannot be what the connector takes it for.
func (p *pager) mistake(answer *result, format string, args ...any) error {
	return failure.New(failure.Datasource, "%s %s: "+format, append([]any{http.MethodGet, fetch.SafeURL(answer.URL)}, args...)...).
		WithCode(failure.CodeDatasourceDataProcess).WithDetail(shortened(answer.data)).
		WithHint("check the options of paginate against the data source's documentation")
}

// text is a finder's text in a page.
func (p *pager) text(at *page, f finder) (string, error) {
	text, err := f.text(at.body)
	if errors.Is(err, errNoText) {
		return "", p.mistake(at.result, "%s", err)
	}
	return text, err
}

// visit notes a place, or fails when it was asked for before: a list that leads back into itself would never end.
func (p *pager) visit(at *page, place, what string) error {
	if p.seen[place] {
		return p.mistake(at.result, "the page names a next %s that was read before, so the list would never end", what)
	}
	p.seen[place] = true
	return nil
}

// with is the request for another page of the same list.
func (r *request) with(u *url.URL) *request {
	other := *r
	other.URL = u
	return &other
}

// setQuery is a URL with a parameter set.
func setQuery(u *url.URL, name, value string) *url.URL {
	other := *u
	kept := ""
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		key, _, _ := strings.Cut(pair, "=")
		if unescaped, err := url.QueryUnescape(key); err != nil || unescaped != name {
			kept = joinQuery(kept, pair)
		}
	}
	other.RawQuery = joinQuery(kept, escape(name)+"="+escape(value))
	return &other
}

// byOffset asks for limit items from an offset on, which grows by what came, until an empty page or the total says that this was all.
// A page that is not full does not: servers cap the limit without a word.
func byOffset(p *pager, o options) {
	offsetParam := o.text("offsetParam", "offset")
	total := o.finder("total")
	first := setQuery(p.page.URL, o.text("limitParam", "limit"), strconv.Itoa(int(o.number("limit", 100, 1))))
	p.page = p.page.with(setQuery(first, offsetParam, "0"))
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
		return nil
	}
}

// byCursor sends back what each page names.
func byCursor(p *pager, o options) {
	param := o.text("cursorParam", "cursor")
	next := o.finder("next")
	if !next.given() {
		o.m.misuse("paginate.cursor needs next: where in a page the next cursor stands")
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
func byNextURL(p *pager, o options) {
	next := o.finder("next")
	if !next.given() {
		next = finder{m: o.m, path: "next"}
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
func byLink(p *pager, _ options) {
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

// mayGo keeps a list at its origin: the credentials, and whatever else the headers hold, are not for others.
func (p *pager) mayGo(at *page, u *url.URL) error {
	if p.c.base == nil && len(p.c.origins) == 0 && !fetch.SameOrigin(p.page.URL, u) {
		return p.mistake(at.result, "the page names a next URL at %s, another origin", fetch.Origin(u))
	}
	return p.c.mayGo(u)
}
