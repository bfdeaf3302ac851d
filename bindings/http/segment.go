package http

import (
	"strings"

	"carjs/bindings/args"

	"github.com/dop251/goja"
)

// lastSegment is lastSegment(url): what APIs that refer to other objects by their URLs have for an
// id. It runs for every record, and in a script it takes some microseconds.
func (m *module) lastSegment(call goja.FunctionCall) goja.Value {
	url, isText := call.Argument(0).(goja.String)
	if !isText {
		args.Of(m.rt, call, "lastSegment").Arg(0, "the URL").Text() // refuses it
	}
	return m.rt.VM().ToValue(lastSegment(url.String()))
}

func lastSegment(url string) string {
	for _, mark := range [...]byte{'?', '#'} { // a fifth of what IndexAny takes
		if end := strings.IndexByte(url, mark); end >= 0 {
			url = url[:end]
		}
	}
	if _, behind, found := strings.Cut(url, "://"); found {
		_, path, _ := strings.Cut(behind, "/")
		url = path
	}
	url = strings.TrimRight(url, "/")
	return url[strings.LastIndexByte(url, '/')+1:]
}
