package http

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"carjs/bindings/args"
	"carjs/bindings/fetch"
	"carjs/host/failure"

	"github.com/dop251/goja"
)

// pager reads one list page by page. What is special to a style of paging is in its turn.
type pager struct {
	c     *client
	page  *request   // the next one to read; nil at the end, and while it is not known
	ahead []*fetched // the next ones, on their way, in their order
	// most is how many pages are on their way at once at the most.
	most  int
	items finder
	// turn says what comes after a page: it sets p.page, to nil when that was the last.
	turn func(p *pager, at *page) error
	// behind says what will come after a page that is still to be read, nil when that cannot be
	// said or it will be the last. A style whose pages form a chain has none.
	behind func(r *request) *request
	// seen are the places that were asked for, by what tells them apart.
	seen map[string]bool
	// tally compares the pages with one another and with the total. nil where pages need not differ.
	tally *tally
	// called is what messages call it. method is that of the list's requests, spot where the
	// parameters of a page go.
	called, method string
	spot           spot
	// check compares a page with those before, over a whole list with what it should be.
	check, over func(p *pager, at *page) error
	// known says that the places of all pages are known before the first one was read, and goesOn
	// that an answer without data is not the end.
	known, goesOn bool
	// end are the statuses that end the list once a page was asked for, and asked says that one
	// was.
	end   []int
	asked bool
}

// page is one answer, as the styles see it.
type page struct {
	*result
	request *request
	body    goja.Value // undefined when there is none
	list    *goja.Object
	items   int
	// rows tell the rows apart, as far as they can be: nil when they cannot.
	rows []uint64
}

// empty tells whether the answer is one without a body: the end of a list.
func (at *page) empty() bool { return goja.IsUndefined(at.body) }

// style is a way to page: its options besides those of a request, and what it makes of them.
type style struct {
	options []string
	begin   func(p *pager, o args.Options)
}

// styles is the table of the ways to page.
var styles = map[string]style{
	"offset":  {append([]string{"limitParam", "offsetParam", "limit", "ahead", "in"}, listOptions...), byOffset},
	"page":    {append([]string{"pageParam", "first", "sizeParam", "size", "pages", "ahead", "in"}, listOptions...), byPage},
	"cursor":  {append([]string{"cursorParam", "next", "in"}, listOptions...), byCursor},
	"link":    {listOptions, byLink},
	"nextURL": {append([]string{"next"}, listOptions...), byNextURL},
}

// listOptions are the options of every style.
var listOptions = []string{"items", "total", "key", "changes", "endStatus"}

// bodyOptions are those of the method and of the body, which client.js has read.
var bodyOptions = []string{"method", "json", "form"}

// pageOptions are the options of a request that make sense for all pages of a list.
var pageOptions = []string{"query", "headers", "timeout", "signal", "retry", "encoding", "invalidBytes", "rules"}

// pages is the native behind paginate and batches: (style, path, options, headers, body, type of
// content) to {next, stop}.
func (c *client) pages(call goja.FunctionCall) goja.Value {
	name := call.Argument(0).String()
	is, called := styles[name], "paginate."+name
	if name == "batches" {
		is, called = batches, name
	}
	in := args.Of(c.m.rt, call, called)
	o := in.Options(2, slices.Concat(is.options, bodyOptions, pageOptions)...)
	p := &pager{
		c: c, page: c.listRequest(in, o, call.Argument(4), call.Argument(5)), most: 1,
		items: c.m.finderOf(o.Get("items")), seen: map[string]bool{}, tally: c.m.newTally(o), end: o.Get("endStatus").Integers(400, 499),
	}
	p.called, _, _ = strings.Cut(called, ".")
	p.method, p.check, p.over = p.page.Method, p.tally.add, p.tally.close
	p.spot = spotOf(p.page, o)
	is.begin(p, o)
	object := c.m.rt.VM().NewObject()
	err := errors.Join(
		object.Set("next", func(goja.FunctionCall) goja.Value { return p.next() }),
		object.Set("stop", func(goja.FunctionCall) goja.Value {
			p.stop()
			return goja.Undefined()
		}),
	)
	if err != nil {
		c.m.rt.Throw(err)
	}
	return object
}

// next gives the next page: {promise, cancel} of an iterator's result, or undefined when there is
// none. client.js sees to it that one page is read at a time. While the script has a page, the one
// behind it is fetched and read already, and more where it is known which they will be.
func (p *pager) next() goja.Value {
	if len(p.ahead) == 0 {
		if p.page == nil {
			return goja.Undefined()
		}
		p.begin(p.page)
		if p.known {
			p.fill()
		}
	}
	from := p.ahead[0]
	p.ahead, p.page = p.ahead[1:], nil
	rt := p.c.m.rt
	promise := rt.Async(func(work context.Context) (func(*goja.Runtime) (goja.Value, error), error) {
		defer context.AfterFunc(work, from.cancel)()
		<-from.done
		if from.err != nil && !notRecorded(from.err) {
			return nil, from.err
		}
		return func(vm *goja.Runtime) (goja.Value, error) {
			if from.err != nil && !p.doubted() {
				return nil, from.err
			}
			if from.err != nil {
				// The recording is older than the request behind the last page, and was whole then.
				p.stop()
				return stepOf(vm, vm.NewArray())
			}
			p.page = from.request
			step, err := p.read(vm, from)
			if err != nil || p.page == nil {
				p.stop()
				return step, err
			}
			p.fill()
			return step, nil
		}, nil
	})
	return cancellable(rt.VM(), promise, from.cancel)
}

// stop ends the list.
func (p *pager) stop() {
	p.page = nil
	p.giveUp()
}

func (p *pager) giveUp() {
	for _, f := range p.ahead {
		f.cancel()
	}
	p.ahead = nil
}

// read makes the page's value, compares it with those before, and finds out what comes next.
func (p *pager) read(vm *goja.Runtime, from *fetched) (goja.Value, error) {
	at, list, err := p.rows(vm, from)
	if p.doubted() {
		return p.doubt(vm, at, err)
	}
	if err != nil {
		return nil, err
	}
	if at.StatusCode == http.StatusAccepted && at.items == 0 {
		return nil, unready(p.method, at.Answer)
	}
	if err := p.check(p, at); err != nil {
		return nil, err
	}
	if at.blank() && !p.goesOn {
		p.page = nil
	} else if err := p.turn(p, at); err != nil {
		return nil, err
	}
	if p.page == nil {
		if err := p.over(p, at); err != nil {
			return nil, err
		}
	}
	return stepOf(vm, list)
}

// notRecorded tells whether a request failed because a recording, which stands in for the data
// source, does not have it.
func notRecorded(err error) bool {
	var missing interface{ NotRecorded() bool }
	return errors.As(err, &missing) && missing.NotRecorded()
}

func stepOf(vm *goja.Runtime, list goja.Value) (goja.Value, error) {
	step := vm.NewObject()
	return step, errors.Join(step.Set("value", list), step.Set("done", false))
}

// rows finds the rows of an answer: none where it has no body.
func (p *pager) rows(vm *goja.Runtime, from *fetched) (*page, goja.Value, error) {
	at := &page{result: from.answer, request: from.request, body: goja.Undefined()}
	if from.body == nil {
		return at, vm.NewArray(), nil
	}
	fetch.WarnLosses(p.c.m.rt, from.request.Method, from.answer.Answer, from.body.Losses)
	at.body = from.body.Value()
	list, err := p.list(at.body, from.answer)
	if err != nil {
		return nil, nil, err
	}
	at.list, at.items = list, int(list.Get("length").ToInteger())
	if p.tally != nil {
		at.rows, err = p.tally.tell(p, at, list, from.body)
	}
	return at, list, err
}

// list finds the items of a page. null is an empty list, as some servers write it; nothing at all
// is a mistake.
func (p *pager) list(body goja.Value, answer *result) (*goja.Object, error) {
	found, err := p.items.find(body, answer)
	if err != nil {
		return nil, err
	}
	if found != nil && goja.IsNull(found) {
		return p.c.m.rt.VM().NewArray(), nil
	}
	object, ok := found.(*goja.Object)
	switch {
	case !ok:
		return nil, p.mistake(answer, "found no list at %s", p.items.describe(body))
	case object.ClassName() != "Array":
		return nil, p.mistake(answer, "found an object instead of a list at %s", p.items.describe(body))
	}
	return object, nil
}

// mistake is the failure of a page that cannot be what the connector takes it for.
func (p *pager) mistake(answer *result, format string, args ...any) *failure.Failure {
	return failure.New(failure.Datasource, "%s %s: "+format, append([]any{p.method, fetch.SafeURL(answer.URL)}, args...)...).
		WithCode(failure.CodeDatasourceDataProcess).WithDetail(shortened(answer.data)).
		WithHint("check the options of %s against the data source's documentation", p.called)
}

// doubted tells whether the page under way is one behind the end that a total has named.
func (p *pager) doubted() bool { return p.tally != nil && p.tally.doubted }

// text is a finder's text in a page.
func (p *pager) text(at *page, f finder) (text string, number bool, err error) {
	text, number, err = f.text(at)
	if errors.Is(err, errNoText) {
		return "", false, p.mistake(at.result, "%s", err)
	}
	return text, number, err
}

// visit notes a place, or fails when it was asked for before: a list that leads back into itself
// would never end.
func (p *pager) visit(at *page, place, what string) error {
	if p.seen[place] {
		return p.mistake(at.result, "the page repeats the next %s of an earlier page, so the list would never end", what)
	}
	p.seen[place] = true
	return nil
}
