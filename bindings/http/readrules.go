package http

import (
	"net/http"
	"strconv"
	"time"

	"carjs/bindings/args"
	"carjs/bindings/fetch"
	"carjs/host/failure"

	"github.com/dop251/goja"
)

// readRules reads the option rules: an array of objects, of which each names at least a status, a
// header or a body.
func (m *module) readRules(given args.Arg) []rule {
	if !given.Given() {
		return nil
	}
	var rules []rule
	given.Items(func(item args.Arg) { rules = append(rules, m.readRule(item)) })
	return rules
}

func (m *module) readRule(given args.Arg) rule {
	o := given.Fields("status", "header", "body", "then", "wait", "code", "message", "hint")
	r := rule{
		statuses: readStatuses(o.Get("status")), header: m.readHeader(o.Get("header")), body: m.readBody(o.Get("body")),
		wait: readWait(o.Get("wait")), message: o.Get("message").TextOr(""), hint: o.Get("hint").TextOr(""),
		code: int(o.Get("code").IntegerOr(0, failure.CodeDatasource, failure.CodeDatasourceDataProcess)),
	}
	then := o.Get("then")
	if !then.Given() {
		then.MustBe(`"wait", "login", "retry", "fail" or "ignore"`)
	}
	r.then = action(then.OneOf(string(wait), string(login), string(retry), string(fail), string(ignore)))
	switch {
	case r.statuses == nil && r.header == nil && r.body == nil:
		given.Misuse("must name a status, a header or a body")
	case r.wait.given() && r.then != wait:
		o.Get("wait").Misuse(`goes with then: "wait", not with %q`, string(r.then))
	case (r.code != 0 || r.message != "" || r.hint != "") && r.then == ignore:
		given.Misuse(`has the text or code of a failure, but then: "ignore" makes none`)
	}
	return r
}

// readStatuses reads a status, a class of them such as "5xx", or an array of those.
func readStatuses(given args.Arg) []span {
	if !given.Given() {
		return nil
	}
	if !args.IsArray(given.Value()) {
		return []span{readStatus(given)}
	}
	var spans []span
	given.Items(func(item args.Arg) { spans = append(spans, readStatus(item)) })
	return spans
}

func readStatus(given args.Arg) span {
	if !given.IsText() {
		status := int(given.Integer(100, 599))
		return span{status, status}
	}
	text := given.Text()
	if len(text) == 3 && text[0] >= '1' && text[0] <= '5' && text[1:] == "xx" {
		class := int(text[0]-'0') * 100
		return span{class, class + 99}
	}
	given.Misuse(`must be a status or a class of them such as "5xx", not %q`, text)
	return span{}
}

func (m *module) readHeader(given args.Arg) *headerMatch {
	switch {
	case !given.Given():
		return nil
	case given.IsText():
		return &headerMatch{name: http.CanonicalHeaderKey(given.Filled())}
	}
	o := given.Fields("name", "value")
	match := &headerMatch{name: http.CanonicalHeaderKey(o.Get("name").Filled())}
	if value := o.Get("value"); value.Given() {
		match.text = m.textMatch(value, true)
	}
	return match
}

func (m *module) readBody(given args.Arg) *bodyMatch {
	if !given.Given() {
		return nil
	}
	object, isObject := given.Value().(*goja.Object)
	if !isObject || object.ClassName() == "RegExp" {
		return &bodyMatch{text: m.textMatch(given, false)}
	}
	o := given.Fields("path", "value")
	match := &bodyMatch{path: o.Get("path").Filled()}
	if value := o.Get("value"); !goja.IsUndefined(value.Value()) {
		match.value = m.valueMatch(value)
	}
	return match
}

func readWait(given args.Arg) waitFrom {
	if !given.Given() {
		return waitFrom{}
	}
	o := given.Fields("header", "path", "seconds", "unit")
	w := waitFrom{header: o.Get("header").TextOr(""), path: o.Get("path").TextOr("")}
	if seconds := o.Get("seconds"); seconds.Given() {
		w.fixed = max(fetch.Milliseconds(1000*seconds.NumberOr(0, 0)), time.Nanosecond)
	}
	named := 0
	for _, is := range []bool{w.header != "", w.path != "", w.fixed > 0} {
		if is {
			named++
		}
	}
	if named != 1 {
		given.Misuse("must name one of header, path and seconds, not %s", strconv.Itoa(named))
	}
	w.unit = time.Second
	if o.Get("unit").OneOf("seconds", "milliseconds") == "milliseconds" {
		w.unit = time.Millisecond
	}
	return w
}
