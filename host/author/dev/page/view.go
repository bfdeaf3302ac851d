package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"strings"
	"unicode/utf8"

	"carjs/host"
	"carjs/host/author/dev"
)

// shownChanges is how many changes of a run one page lists.
const shownChanges = 500

// runView is a run as its page shows it.
type runView struct {
	dev.Entry
	Groups []group
	// Reasons say why objects were left out: with their numbers once the run has ended.
	Reasons []host.SkippedReason
	// More is how many changes are not listed.
	More int
}

// group is what changed in one collection.
type group struct {
	Collection string
	Edges      bool
	// Added, Changed and Gone count all changes, Changes are those that are listed.
	Added, Changed, Gone int
	Changes              []dev.Change
}

func newRunView(entry dev.Entry) runView {
	view := runView{Entry: entry}
	if entry.End == nil {
		for _, s := range entry.Skipped {
			view.Reasons = append(view.Reasons, host.SkippedReason{
				Collection: s.Collection, Reason: strings.Join(s.Faults, "; "), FirstKey: s.Key, At: s.At, Object: s.Object,
			})
		}
		return view
	}
	view.Reasons = entry.End.SkippedReasons
	for i, change := range entry.End.Changes {
		last := len(view.Groups) - 1
		if last < 0 || view.Groups[last].Collection != change.Collection {
			view.Groups = append(view.Groups, group{Collection: change.Collection, Edges: change.IsEdge()})
			last++
		}
		g := &view.Groups[last]
		switch change.Kind {
		case dev.Added:
			g.Added++
		case dev.Changed:
			g.Changed++
		case dev.Gone:
			g.Gone++
		}
		if i < shownChanges {
			g.Changes = append(g.Changes, change)
		} else {
			view.More++
		}
	}
	return view
}

// requestView is a request as its page shows it.
type requestView struct {
	dev.Exchange
	Run          int
	Sent, Answer string
}

// readable is a body for people: JSON indented, text as it is, of anything else its size.
func readable(body []byte) string {
	var out bytes.Buffer
	switch {
	case json.Indent(&out, body, "", "  ") == nil:
		return out.String()
	case utf8.Valid(body), utf8.Valid(bytes.TrimRight(body, "\x80\xbf\xc2\xe0\xf0")):
		return strings.ToValidUTF8(string(body), "\uFFFD")
	}
	return fmt.Sprintf("%d bytes of binary data", len(body))
}

// functions are those of the templates.
func functions() template.FuncMap {
	return template.FuncMap{
		"json": func(text json.RawMessage) string {
			if text == nil {
				return "(none)"
			}
			return string(text)
		},
		"properties": properties,
		"status":     status,
		"ms":         func(ms float64) string { return fmt.Sprintf("%.0f ms", ms) },
		"words":      func(names []string) string { return strings.Join(names, ", ") },
		"sign": func(kind string) string {
			return map[string]string{dev.Added: "+", dev.Changed: "~", dev.Gone: "−"}[kind]
		},
	}
}

// property is one property of an object.
type property struct{ Name, Value string }

// properties lists those of an object, in its order.
func properties(object json.RawMessage) []property {
	decoder := json.NewDecoder(bytes.NewReader(object))
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return nil
	}
	var list []property
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return list
		}
		var value json.RawMessage
		if decoder.Decode(&value) != nil {
			return list
		}
		list = append(list, property{fmt.Sprint(name), string(value)})
	}
	return list
}

// status is how a run is doing, in a word that is a class in the style sheet, too.
func status(end *dev.End) string {
	if end == nil {
		return "running"
	}
	return strings.ReplaceAll(string(end.Outcome), " ", "-")
}
