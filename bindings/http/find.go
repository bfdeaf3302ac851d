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

// finder finds a value in a page: by a path such as "meta.next", or by a function of the
// connector's. Without either it finds the page itself.
type finder struct {
	path string
	f    goja.Callable
}

// finderOf reads an option that is a path or a function.
func finderOf(option args.Arg) finder {
	switch {
	case !option.Given():
		return finder{}
	case option.IsFunction():
		return finder{f: option.Function()}
	case !option.IsText() || option.Text() == "":
		option.Misuse("must be the path of a value in the page, or a function, not %s", args.Describe(option.Value()))
	}
	return finder{path: option.Text()}
}

func (f finder) given() bool { return f.path != "" || f.f != nil }

// find returns the value, nil when it is not there. Its error is what the function threw.
func (f finder) find(body goja.Value) (goja.Value, error) {
	switch {
	case f.f != nil:
		return f.f(goja.Undefined(), body)
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

var errNoText = errors.New("expected a text, a number or nothing")

// text is the value as a cursor or URL; "" when there is none, which null, false and the empty text
// say as well.
func (f finder) text(body goja.Value) (string, error) {
	v, err := f.find(body)
	if err != nil || args.Absent(v) {
		return "", err
	}
	switch value := v.Export().(type) {
	case bool:
		if !value {
			return "", nil
		}
	case string, int64, float64, *big.Int:
		return v.String(), nil
	}
	return "", fmt.Errorf("%w at %s", errNoText, f.describe(body))
}

// count is the value as a number of rows. Nothing, null and a number below 0, by which some servers
// say that they have not counted, are -1; ok is false for what is no such number.
func (f finder) count(body goja.Value) (n int, ok bool, err error) {
	v, err := f.find(body)
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

// lacks tells whether a path leads nowhere, not even to null.
func (f finder) lacks(body goja.Value) bool { return f.f == nil && walk(body, f.path) == nil }

// maxCount is the largest number of rows: up to there a number of JavaScript is exact.
const maxCount = 1<<53 - 1

// describe names the place, with what is there instead where that helps.
func (f finder) describe(body goja.Value) string {
	switch object, ok := body.(*goja.Object); {
	case f.f != nil:
		return "what the function found"
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
