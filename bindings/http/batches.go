package http

import (
	"encoding/json"
	"errors"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"carjs/bindings/args"
	"carjs/bindings/fetch"

	"github.com/dop251/goja"
)

// batches is the way to read what is behind a list of ids: so many of them a request.
var batches = style{[]string{"ids", "param", "size", "value", "maxURL", "in", "ahead", "items", "key", "missing"}, byBatch}

var errNoValue = errors.New("batches: the function value must return what is sent for the ids")

const (
	defaultBatch = 100
	// defaultMaxURL is how long a URL may get: IIS refuses a longer query, others take four times
	// that.
	defaultMaxURL = 2000
)

// id is an id that is asked for.
type id struct {
	text   string
	number bool
	value  goja.Value
	tries  int // how many answers did not have it
}

// batching is a list of ids that is read batch by batch.
type batching struct {
	p     *pager
	first *request
	param string
	size  int
	// maxURL bounds the URL where the ids are in it.
	maxURL int
	// write makes the value of the parameter; nil for the ids as they are.
	write goja.Callable
	vm    *goja.Runtime

	left []*id // not asked for yet
	// again are ids that an answer did not have, to be asked for once more: some data sources return
	// fewer rows than they were asked for.
	again []*id
	gone  []*id // those that do not come
	made  int   // how many batches were made
	asked map[string][]*id
	// missing says what to do about those: "fail", "warn" or "ignore".
	missing string
	key     finder
}

// byBatch asks for what is behind ids. A row that was asked for and does not come is asked for again,
// as long as others come then.
func byBatch(p *pager, o args.Options) {
	b := &batching{
		p: p, vm: p.c.m.rt.VM(), first: p.page, param: o.Get("param").TextOr("ids"),
		size:   int(o.Get("size").IntegerOr(defaultBatch, 1, math.MaxInt32)),
		maxURL: int(o.Get("maxURL").IntegerOr(defaultMaxURL, 1, math.MaxInt32)),
		left:   readIDs(o.Get("ids")), asked: map[string][]*id{},
		missing: o.Get("missing").OneOf("fail", "warn", "ignore"), key: p.tally.key,
	}
	if given := o.Get("value"); given.Given() {
		b.write = given.Function()
	}
	if !b.key.given() {
		b.key = finder{path: "id"}
	}
	p.most, _ = aheadOf(o)
	p.tally, p.known, p.goesOn = nil, true, true
	p.check, p.over = b.check, b.over
	p.behind = func(*request) *request { return b.next() }
	p.turn = func(p *pager, _ *page) error {
		if len(p.ahead) > 0 {
			p.page = p.ahead[0].request
		} else {
			p.page = b.next()
		}
		return nil
	}
	p.page = b.next()
}

// readIDs reads an iterable of texts and numbers.
func readIDs(given args.Arg) []*id {
	if !given.Given() {
		given.Misuse("is required: the ids to fetch")
	}
	var ids []*id
	given.Items(func(item args.Arg) {
		ids = append(ids, &id{text: item.Scalar(), number: !item.IsText(), value: item.Value()})
	})
	return ids
}

// next makes the request for the next batch, nil when there is none.
func (b *batching) next() *request {
	from := &b.left
	if len(*from) == 0 {
		from = &b.again
	}
	var ids []*id
	taken, known := 0, map[string]bool{}
	for _, one := range *from {
		if taken++; !known[one.text] {
			known[one.text], ids = true, append(ids, one)
		}
		if len(ids) == b.size {
			break
		}
	}
	if len(ids) == 0 {
		return nil
	}
	r := b.request(ids)
	for len(ids) > 1 && b.p.spot == "query" && len(r.URL.String()) > b.maxURL {
		base := len(b.first.URL.String())
		fit := len(ids) * max(b.maxURL-base, 1) / max(len(r.URL.String())-base, 1)
		ids = ids[:min(max(fit, 1), len(ids)-1)]
		last := slices.Index(*from, ids[len(ids)-1])
		taken = last + 1
		r = b.request(ids)
	}
	*from = (*from)[taken:]
	b.asked[r.place] = ids
	return r
}

// request is the request for some ids.
func (b *batching) request(ids []*id) *request {
	b.made++
	return b.p.spot.with(b.first, strconv.Itoa(b.made), b.param, b.field(ids))
}

// field is the value of the parameter: the ids, or what the connector makes of them.
func (b *batching) field(ids []*id) field {
	if b.write == nil {
		f := field{}
		var list []json.RawMessage
		for _, one := range ids {
			f.texts = append(f.texts, one.text)
			list = append(list, textField(one.text, one.number).json)
		}
		f.json, _ = json.Marshal(list) // numbers and texts, which are JSON already
		return f
	}
	values := make([]any, len(ids))
	for i, one := range ids {
		values[i] = one.value
	}
	written, err := b.write(goja.Undefined(), b.vm.NewArray(values...))
	if err != nil {
		b.p.c.m.rt.Throw(err)
	}
	text, err := b.p.c.m.rt.JSON(written)
	if err != nil {
		b.p.c.m.rt.Throw(err)
	}
	if text == nil {
		b.p.c.m.rt.ThrowTypeError(errNoValue)
	}
	f := field{texts: []string{written.String()}, json: text}
	if list, ok := written.(*goja.Object); ok && list.ClassName() == "Array" {
		f.texts = nil
		args.Each(list, func(item goja.Value) { f.texts = append(f.texts, item.String()) })
	}
	return f
}

// check compares the rows of a batch with its ids.
func (b *batching) check(p *pager, at *page) error {
	ids := b.asked[at.request.place]
	delete(b.asked, at.request.place)
	if b.missing == "ignore" {
		return nil
	}
	wanted := make(map[string]*id, len(ids))
	for _, one := range ids {
		wanted[one.text] = one
	}
	open := maps.Clone(wanted)
	for i := range at.items {
		value, err := b.key.find(at.list.Get(strconv.Itoa(i)), nil)
		if err != nil {
			return err
		}
		if _, composed := value.(*goja.Object); composed || args.Absent(value) {
			return p.mistake(at.result, "the id of row %d is not text or a number", i+1).
				WithHint("set the option key of batches to the field that has the id")
		}
		if wanted[value.String()] == nil {
			return p.mistake(at.result, "the data source returned a row with the id %q, which was not requested", value.String()).
				WithHint("check that the data source supports the parameter %q; if rows have another id, set key, or missing: %q",
					b.param, "ignore")
		}
		delete(open, value.String())
	}
	for _, one := range ids {
		if open[one.text] == nil {
			continue
		}
		if one.tries++; one.tries == 1 || len(open) < len(wanted) {
			b.again = append(b.again, one)
		} else {
			b.gone = append(b.gone, one)
		}
	}
	return nil
}

// over tells of the ids of which nothing came.
func (b *batching) over(p *pager, at *page) error {
	if len(b.gone) == 0 {
		return nil
	}
	const most = 5
	names := make([]string, min(len(b.gone), most))
	for i := range names {
		names[i] = b.gone[i].text
	}
	if len(b.gone) > most {
		names = append(names, "…")
	}
	few := strings.Join(names, ", ")
	if b.missing == "warn" {
		p.c.m.rt.Logger().Warn("the data source returned nothing for some of the ids", "ids", few, "missing", len(b.gone),
			"url", fetch.SafeURL(at.URL))
		return nil
	}
	return p.mistake(at.result, "the data source returned nothing for %d of the ids: %s", len(b.gone), few).
		WithHint(`if objects may be deleted between listing and fetching them, set missing: "warn" of batches`)
}
