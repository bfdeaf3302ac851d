package dev

import (
	"bytes"
	"encoding/json"
	"slices"

	"carjs/host/bundle"
	"carjs/host/redact"
)

// Cleaner takes secrets out of what is told and shown. It is the function of a redactor, and nil
// leaves all as it is.
type Cleaner func([]byte) []byte

// Bytes are without secrets.
func (c Cleaner) Bytes(b []byte) []byte {
	if c == nil {
		return b
	}
	return c(b)
}

// Text is without secrets.
func (c Cleaner) Text(s string) string { return string(c.Bytes([]byte(s))) }

// Value is a JSON value without secrets. It stays JSON of the same shape, whatever the secret.
func (c Cleaner) Value(value json.RawMessage) json.RawMessage {
	if len(value) == 0 {
		return value
	}
	// In a list it is known to be JSON, also when it is a number or a text.
	list := c.Bytes(slices.Concat([]byte("["), value, []byte("]")))
	if !json.Valid(list) {
		return json.RawMessage(`"` + redact.Marker + `"`)
	}
	return list[1 : len(list)-1]
}

func (c Cleaner) texts(list []string) []string {
	list = slices.Clone(list)
	for i := range list {
		list[i] = c.Text(list[i])
	}
	return list
}

// event is an event without secrets. What carjs says itself stays, also when it happens to look
// like one: times, numbers and kinds.
func (c Cleaner) event(e Event) Event {
	if c == nil {
		return e
	}
	if request := e.Request; request != nil {
		clean := *request
		clean.URL, clean.Error, clean.Type = c.Text(request.URL), c.Text(request.Error), c.Text(request.Type)
		clean.Sent, clean.Body = c.Bytes(redact.Tokens(request.Sent)), c.Bytes(redact.Tokens(request.Body))
		e.Request = &clean
		return e
	}
	// As a rule there is nothing to hide, which is seen fastest in one go.
	if text, err := json.Marshal(e); err == nil && bytes.Equal(c(text), text) {
		return e
	}
	switch {
	case e.Begin != nil:
		clean := *e.Begin
		clean.Files = c.texts(clean.Files)
		e.Begin = &clean
	case e.Log != nil:
		clean := *e.Log
		clean.Message, clean.Fields, clean.Pairs = c.Text(clean.Message), c.Value(clean.Fields), c.Text(clean.Pairs)
		e.Log = &clean
	case e.Skipped != nil:
		clean := *e.Skipped
		clean.Key, clean.Faults, clean.At, clean.Object = c.Text(clean.Key), c.texts(clean.Faults), c.Text(clean.At), c.Text(clean.Object)
		e.Skipped = &clean
	case e.End != nil:
		e.End = c.end(*e.End)
	}
	return e
}

func (c Cleaner) end(e End) *End {
	if e.Failure != nil {
		f := *e.Failure
		f.Message, f.Hint, f.At, f.Detail = c.Text(f.Message), c.Text(f.Hint), c.Text(f.At), c.Text(f.Detail)
		e.Failure = &f
	}
	e.Messages = slices.Clone(e.Messages)
	for i, m := range e.Messages {
		e.Messages[i] = bundle.Message{Text: c.Text(m.Text), File: c.Text(m.File), Line: m.Line, Column: m.Column, Frame: c.Text(m.Frame)}
	}
	e.SkippedReasons = slices.Clone(e.SkippedReasons)
	for i := range e.SkippedReasons {
		r := &e.SkippedReasons[i]
		r.Reason, r.FirstKey, r.At, r.Object = c.Text(r.Reason), c.Text(r.FirstKey), c.Text(r.At), c.Text(r.Object)
	}
	e.SavePoint = c.Text(e.SavePoint)
	e.Dangling = slices.Clone(e.Dangling)
	for i := range e.Dangling {
		d := &e.Dangling[i]
		d.FirstKey, d.FirstEdge, d.At = c.Text(d.FirstKey), c.Text(d.FirstEdge), c.Text(d.At)
	}
	e.Changes = slices.Clone(e.Changes)
	for i := range e.Changes {
		e.Changes[i] = c.change(e.Changes[i])
	}
	return &e
}

func (c Cleaner) change(changed Change) Change {
	changed.Key, changed.From, changed.To = c.Text(changed.Key), c.Text(changed.From), c.Text(changed.To)
	changed.Object = c.Value(changed.Object)
	changed.Fields = slices.Clone(changed.Fields)
	for i, field := range changed.Fields {
		changed.Fields[i].Before, changed.Fields[i].After = c.Value(field.Before), c.Value(field.After)
	}
	return changed
}
