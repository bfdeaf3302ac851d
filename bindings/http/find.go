package http

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"carjs/bindings/args"

	"github.com/dop251/goja"
)

// finder finds a value in a page: by a path such as "meta.next", by a function of the connector's, or
// in the head of the answer. Without any it finds the page itself.
type finder struct {
	path string
	f    goja.Callable
	// headed tells that f looks at more than the body.
	headed bool
	// header is a header of the answer, link the relation of a target in its Link headers.
	header, link string
	vm           *goja.Runtime
}

// finderOf reads an option that is a path or a function.
func (m *module) finderOf(option args.Arg) finder {
	switch {
	case !option.Given():
		return finder{}
	case option.IsFunction():
		length := option.Value().(*goja.Object).Get("length").ToInteger()
		return finder{f: option.Function(), headed: length != 1, vm: m.rt.VM()}
	case !option.IsText() || option.Text() == "":
		option.Misuse("must be the path of a value in the page, or a function, not %s", args.Describe(option.Value()))
	}
	return finder{path: option.Text()}
}

// headFinderOf is finderOf for an option that may also be { header: name } or { link: relation }.
func (m *module) headFinderOf(option args.Arg) finder {
	if !args.IsRecord(option.Value()) {
		return m.finderOf(option)
	}
	o := option.Fields("header", "link")
	f := finder{header: o.Get("header").TextOr(""), link: strings.ToLower(o.Get("link").TextOr("")), vm: m.rt.VM()}
	if (f.header == "") == (f.link == "") {
		option.Misuse("must name a header or a link")
	}
	return f
}

func (f finder) given() bool { return f.path != "" || f.f != nil || f.ofHead() }

// ofHead tells whether the value is in the head of the answer.
func (f finder) ofHead() bool { return f.header != "" || f.link != "" }

// find returns the value, nil when it is not there. Its error is what the function threw. answer may
// be nil where a row is looked at.
func (f finder) find(body goja.Value, answer *result) (goja.Value, error) {
	switch {
	case f.f != nil && f.headed && answer != nil:
		response, err := headOf(f.vm, answer)
		if err != nil {
			return nil, err
		}
		return f.f(goja.Undefined(), body, response)
	case f.f != nil:
		return f.f(goja.Undefined(), body)
	case f.link != "":
		target, err := linkOf(answer, f.link)
		return f.vm.ToValue(target), err
	case f.header != "":
		if value := answer.Header.Get(f.header); value != "" {
			return f.vm.ToValue(value), nil
		}
		return nil, nil
	case f.path == "":
		return body, nil
	}
	return walk(body, f.path), nil
}

// walk follows a path. A name may hold dots itself, as "@odata.nextLink" does: longer names come
// first.
func walk(v goja.Value, path string) goja.Value {
	object, ok := v.(*goja.Object)
	if !ok {
		return nil
	}
	for end := len(path); end > 0; end = strings.LastIndexByte(path[:end], '.') {
		value := object.Get(path[:end])
		if value == nil || goja.IsUndefined(value) {
			continue
		}
		if end == len(path) {
			return value
		}
		if found := walk(value, path[end+1:]); found != nil {
			return found
		}
	}
	return nil
}

var errNoText = errors.New("instead of a text or a number")

// text is the value as a cursor or URL; "" when there is none, which null, false and the empty text
// say as well. number tells that it is one.
func (f finder) text(at *page) (text string, number bool, err error) {
	v, err := f.find(at.body, at.result)
	if err != nil || args.Absent(v) {
		return "", false, err
	}
	switch value := v.Export().(type) {
	case bool:
		if !value {
			return "", false, nil
		}
	case string:
		return v.String(), false, nil
	case int64, float64, *big.Int:
		return v.String(), true, nil
	}
	return "", false, fmt.Errorf("found %s %w at %s", args.Describe(v), errNoText, f.describe(at.body))
}

// count is the value as a number of rows. Nothing, null and a number below 0, by which some servers
// say that they have not counted, are -1; ok is false for what is no such number.
func (f finder) count(at *page) (n int, ok bool, err error) {
	v, err := f.find(at.body, at.result)
	if err != nil || args.Absent(v) {
		return -1, true, err
	}
	number, err := strconv.ParseFloat(v.String(), 64)
	switch v.Export().(type) {
	case int64, float64:
	case string: // some servers quote their numbers
	default:
		return 0, false, nil
	}
	if err != nil || number != math.Trunc(number) || number > maxCount {
		return 0, false, nil
	}
	return int(max(number, -1)), true, nil
}

// lacks tells whether a path leads nowhere, not even to null, or a header is not there.
func (f finder) lacks(at *page) bool {
	if f.header != "" {
		return at.Header.Get(f.header) == ""
	}
	return f.path != "" && walk(at.body, f.path) == nil
}

// maxCount is the largest number of rows: up to there a number of JavaScript is exact.
const maxCount = 1<<53 - 1

// describe names the place, with what is there instead where that helps.
func (f finder) describe(body goja.Value) string {
	switch object, ok := body.(*goja.Object); {
	case f.f != nil:
		return "what the function found"
	case f.header != "":
		return fmt.Sprintf("the header %q", f.header)
	case f.link != "":
		return fmt.Sprintf("the Link header with rel=%q", f.link)
	case !ok || object.ClassName() == "Array":
		if f.path == "" {
			return "the top of the page"
		}
		return strconv.Quote(f.path)
	case f.path == "":
		return fmt.Sprintf("the top of the page, which is an object of %s", names(object))
	default:
		return fmt.Sprintf("%q; the page is an object of %s", f.path, names(object))
	}
}

// names are the first keys of an object.
func names(object *goja.Object) string {
	keys := object.Keys()
	const most = 10
	if len(keys) > most {
		return strings.Join(keys[:most], ", ") + ", …"
	}
	if len(keys) == 0 {
		return "nothing"
	}
	return strings.Join(keys, ", ")
}
