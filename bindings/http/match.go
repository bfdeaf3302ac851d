package http

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"strconv"
	"strings"
	"time"

	"carjs/bindings/args"
	"carjs/host/httpx"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// judged is an answer that rules look at, with what they have made of its body.
type judged struct {
	*result
	text   *string
	parsed bool
	value  any // of a body that is JSON, nil for another
}

// matchedText is the longest text that rules look at.
const matchedText = 1 << 20

// readText is the beginning of the body as text.
func (a *judged) readText() string {
	if a.text == nil {
		text := readable(a.result)
		text = text[:min(len(text), matchedText)]
		a.text = &text
	}
	return *a.text
}

// json is the body's value.
func (a *judged) json() any {
	if !a.parsed {
		a.parsed, a.value = true, jsonOf(a.result)
	}
	return a.value
}

// jsonOf is the value of a body that is JSON, nil for another.
func jsonOf(answer *result) any {
	text, err := answer.Source().Decode(answer.data)
	if err != nil {
		return nil
	}
	var value any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if decoder.Decode(&value) != nil {
		return nil
	}
	return value
}

// at follows a path as [walk] does.
func at(v any, path string) (any, bool) {
	for end := len(path); end > 0; end = strings.LastIndexByte(path[:end], '.') {
		value, found := child(v, path[:end])
		if !found {
			continue
		}
		if end == len(path) {
			return value, true
		}
		if value, found = at(value, path[end+1:]); found {
			return value, true
		}
	}
	return nil, false
}

func child(v any, name string) (any, bool) {
	switch v := v.(type) {
	case map[string]any:
		value, found := v[name]
		return value, found
	case []any:
		if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < len(v) {
			return v[i], true
		}
	}
	return nil, false
}

// scalarText is a text, number or boolean of JSON as text.
func scalarText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// headerMatch fits answers that have a header.
type headerMatch struct {
	name string
	text func(string) bool // nil for any
}

func (m *headerMatch) fits(header http.Header) bool {
	values, ok := header[m.name]
	return ok && (m.text == nil || m.text(strings.Join(values, ", ")))
}

// bodyMatch fits answers by their body.
type bodyMatch struct {
	text  func(string) bool // of the whole body; nil when path says where to look
	path  string
	value func(any) bool // nil for anything that is there and not null
}

func (m *bodyMatch) fits(a *judged) bool {
	if m.text != nil {
		return m.text(a.readText())
	}
	value, found := at(a.json(), m.path)
	if m.value == nil {
		return found && value != nil
	}
	return found && m.value(value)
}

// textMatch reads a text that is looked for, or a RegExp; whole says that the text must be all there
// is.
func (m *module) textMatch(given args.Arg, whole bool) func(string) bool {
	if object, ok := given.Value().(*goja.Object); ok && object.ClassName() == "RegExp" {
		match, err := script.CompileRegExp(object.Get("source").String(), object.Get("flags").String(), matchTime)
		if err != nil {
			given.Misuse("is a regular expression that rules do not support: %s", err)
		}
		return match
	}
	if !given.IsText() {
		given.MustBe("a text or a regular expression")
	}
	if text := given.Text(); whole {
		return func(s string) bool { return s == text }
	}
	text := given.Filled()
	return func(s string) bool { return strings.Contains(s, text) }
}

// valueMatch reads what a value of JSON is compared with.
func (m *module) valueMatch(given args.Arg) func(any) bool {
	if goja.IsNull(given.Value()) {
		return func(v any) bool { return v == nil }
	}
	if _, isObject := given.Value().(*goja.Object); isObject || given.IsText() {
		match := m.textMatch(given, true)
		return func(v any) bool {
			text, ok := scalarText(v)
			return ok && match(text)
		}
	}
	switch want := given.Value().Export().(type) {
	case bool:
		return func(v any) bool { return v == want }
	case int64, float64, *big.Int:
		number, err := strconv.ParseFloat(fmt.Sprint(want), 64)
		return func(v any) bool {
			text, isNumber := v.(json.Number)
			n, wrong := text.Float64()
			return isNumber && err == nil && wrong == nil && n == number
		}
	}
	given.MustBe("a text, a number, true, false, null or a regular expression")
	return nil
}

// matchTime is how long a regular expression may look at a text: one that goes back and forth could
// do so for ever.
const matchTime = time.Second

// waitFrom says where an answer says how long to wait.
type waitFrom struct {
	header string
	path   string // in a body that is JSON
	unit   time.Duration
	fixed  time.Duration
}

func (w waitFrom) given() bool { return w != waitFrom{} }

// of reads the wait of an answer.
func (w waitFrom) of(answer *result, now time.Time) (httpx.AskedWait, bool) {
	text, by := "", w.header
	switch {
	case w.fixed > 0:
		return httpx.AskedWait{Wait: w.fixed}, true
	case w.path != "":
		value, _ := at(jsonOf(answer), w.path)
		text, _ = scalarText(value)
	default:
		text = answer.Header.Get(w.header)
	}
	d, ok := httpx.ReadWait(text, w.unit, now)
	return httpx.AskedWait{Header: by, Wait: max(d, 0)}, ok
}
