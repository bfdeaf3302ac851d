package apply

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"carjs/host/deploy/cluster"
)

// Result is what a run says of itself at its end.
type Result struct {
	// Line is the message of the container: a line of JSON when carjs wrote it, else the end of the
	// log.
	Line string
	// Message is what failed, in a sentence, Hint what to do; empty for a run that succeeded.
	Message, Hint, At string
	// Summary says what the run did; empty when it is not known.
	Summary string
}

// readResult reads the message of a container. A line of an older or a newer carjs, with other
// members, still gives what is known of it.
func readResult(message string) Result {
	message = strings.TrimSpace(message)
	r := Result{Line: message}
	if message == "" {
		return r
	}
	lines := strings.Split(message, "\n")
	// The end of a log has the failure in its last line that is an error, or else in the last one.
	for _, line := range slices.Backward(lines) {
		var o map[string]any
		if !decodeJSON(line, &o) {
			continue
		}
		read(cluster.Object(o), &r)
		if r.Message != "" || r.Summary != "" {
			r.Line = line
			return r
		}
	}
	r.Message = lines[len(lines)-1]
	return r
}

func read(o cluster.Object, r *Result) {
	switch f := o.At("failure").(type) {
	case map[string]any:
		failed := cluster.Object(f)
		r.Message, r.Hint, r.At = failed.Text("message"), failed.Text("hint"), failed.Text("at")
		return
	case string: // a line of the log names the kind there
		r.Message, r.Hint, r.At = first(o, "message", "msg", "failure"), o.Text("hint"), o.Text("at")
		return
	}
	if level := strings.ToLower(first(o, "level", "@level", "levelname")); level == "error" {
		r.Message, r.Hint, r.At = first(o, "message", "msg", "@message"), o.Text("hint"), o.Text("at")
		return
	}
	if mode := o.Text("mode"); mode != "" {
		r.Summary = summary(o, mode)
	}
}

func first(o cluster.Object, names ...string) string {
	for _, name := range names {
		if text := o.Text(name); text != "" {
			return text
		}
	}
	return ""
}

// counts are what is told of the objects of a run, in the order in which it is told.
var counts = []string{"sent", "unchanged", "deleted", "retired", "duplicate", "skipped", "dangling"}

// summary is the result line of carjs run.
func summary(o cluster.Object, mode string) string {
	text := fmt.Sprintf("The %s import", mode)
	if source := o.Text("source"); source != "" {
		text += " of " + source
	}
	text += " is complete"
	if seconds, ok := o.At("seconds").(json.Number); ok {
		if s, err := seconds.Float64(); err == nil {
			text += fmt.Sprintf(": it took %.1f s", s)
		}
	}
	total := map[string]int{}
	gather(map[string]any(o), total)
	var parts []string
	for _, name := range counts {
		if total[name] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", total[name], name))
		}
	}
	if len(parts) > 0 {
		text += ". Objects: " + strings.Join(parts, ", ")
	}
	return text + "."
}

// gather adds up counts wherever they stand: of the run, or of its collections.
func gather(m map[string]any, total map[string]int) {
	own := false
	for _, name := range counts {
		if n, ok := m[name].(json.Number); ok {
			i, _ := n.Int64()
			total[name] += int(i)
			own = true
		}
	}
	if own {
		return // what stands below is a part of it
	}
	for _, below := range m {
		if object, ok := below.(map[string]any); ok {
			gather(object, total)
		}
	}
}
