package console

import (
	"strings"

	"carjs/host/lazyregexp"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// counter is what the engine writes after a place: where in its own code that is.
var counter = lazyregexp.New(`\(\d+\)(\)?)$`)

// err shows an error: name and message, the stack in the author's files, and what else it carries,
// its cause above all.
func (in *inspector) err(object *goja.Object) string {
	header := in.errorName(object)
	if message := object.Get("message"); message != nil && message.String() != "" {
		header += ": " + message.String()
	}
	if len(in.above) > in.depth {
		return "[" + header + "]"
	}
	in.above = append(in.above, object)
	defer func() { in.above = in.above[:len(in.above)-1] }()
	lines := []string{header}
	if stack := object.Get("stack"); stack != nil && goja.IsString(stack) {
		lines = append(lines, frames(stack.String())...)
	}
	text := strings.Join(lines, "\n")
	extra := in.properties(object, map[string]bool{"name": true, "message": true, "stack": true, "cause": true, "errors": true})
	if cause := object.Get("cause"); present(cause) {
		extra = append(extra, "[cause]: "+in.value(cause))
	}
	if several := object.Get("errors"); present(several) {
		extra = append(extra, "[errors]: "+in.value(several))
	}
	if len(extra) == 0 {
		if len(lines) == 1 {
			return "[" + text + "]"
		}
		return text
	}
	return text + " " + braces(extra, "{", "}")
}

// errorName is what an error says of itself or, because few classes bother to say, the name of its
// class.
func (in *inspector) errorName(object *goja.Object) string {
	if name := object.Get("name"); name != nil && goja.IsString(name) && name.String() != "Error" {
		return name.String()
	}
	return in.className(object)
}

// frames are the lines of a stack that are in the author's files.
func frames(stack string) []string {
	var lines []string
	for line := range strings.SplitSeq(stack, "\n") {
		place, isFrame := strings.CutPrefix(line, "\tat ")
		if !isFrame || strings.Contains(place, "(native)") || place == "native" || strings.Contains(place, script.InternalPrefix) {
			continue
		}
		lines = append(lines, "    at "+counter().ReplaceAllString(place, "$1"))
	}
	return lines
}
