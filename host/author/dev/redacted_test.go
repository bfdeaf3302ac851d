package dev

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"carjs/host"
	"carjs/host/bundle"
	"carjs/host/redact"
	"carjs/host/submit"
)

// Whatever is secret, an event stays one: its times, kinds and numbers are carjs's own.
func TestEventsAreRedacted(t *testing.T) {
	at := time.Date(2026, 11, 28, 20, 26, 20, 262026, time.UTC)
	for _, secret := range []string{"2026", "good", "full", "save", "info", "requests", `with "quotes"`, "back\\slash", "Grüße"} {
		clean := Cleaner(redact.New(secret).Bytes)
		quoted, err := json.Marshal("a " + secret)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range []Event{
			{Kind: Started, Start: &Start{Connector: "mine", Page: "http://127.0.0.1:20265/"}},
			{Kind: RunBegins, Begin: &Begin{Cause: CauseSave, Files: []string{"src/" + secret + ".ts"}, Mode: host.ModeFull}},
			{Kind: Logged, Log: &LogLine{Level: "info", Label: "connector", Message: "it is " + secret,
				Fields: json.RawMessage(`{"error":` + string(quoted) + `,"done":true}`), Pairs: " error=" + string(quoted) + " x=" + secret}},
			{
				Kind: Requested,
				Request: &Exchange{
					Number: 2026, Method: "GET", URL: "http://x/?key=" + secret, Status: 200, Error: secret,
					Bytes: 2026, Body: []byte("so " + secret), Sent: []byte(secret),
				},
			},
			{
				Kind: Skipped,
				Skipped: &Skip{
					Collection: "asset", Key: secret, Faults: []string{"not " + secret}, At: "src/a.ts:2026:1",
					Object: string(quoted),
				},
			},
			{Kind: RunEnds, End: &End{Outcome: Good, Milliseconds: 2026.2026, Mode: host.ModeFull,
				Dangling:  []submit.Dangling{{FirstKey: "k " + secret, FirstEdge: secret + " → 1", At: secret}},
				SavePoint: "at " + secret, Requests: host.Requests{CAR: 2026},
				SkippedReasons: []host.SkippedReason{{Collection: "asset", Reason: "not " + secret, Count: 2026,
					FirstKey: secret, Object: string(quoted)}},
				Failure:  &host.ReportedFailure{Message: secret, Hint: secret, Detail: secret},
				Messages: []bundle.Message{{Text: secret, Frame: "x " + secret, Line: 2026}},
				Changes: []Change{{Kind: Added, Collection: "asset", Key: secret, Object: quoted}, {Kind: Changed, Collection: "asset", Key: "1",
					Fields: []Field{{Name: "name", Before: json.RawMessage(`{"a":[7,` + string(quoted) + `]}`), After: json.RawMessage("true")}}}}}},
		} {
			e.Time, e.Run = at, 2026
			before, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			told := clean.event(e)
			if told.Kind != e.Kind || !told.Time.Equal(at) || told.Run != 2026 ||
				(told.Begin == nil) != (e.Begin == nil) || (told.Log == nil) != (e.Log == nil) ||
				(told.Request == nil) != (e.Request == nil) || (told.Skipped == nil) != (e.Skipped == nil) || (told.End == nil) != (e.End == nil) {
				t.Fatalf("%q: %+v became %+v", secret, e, told)
			}
			texts := strings.Join(textsOf(told), "\n")
			if e.Begin != nil && !strings.ContainsAny(secret, `"\`) {
				// A word in a path is no secret.
				if texts != "src/"+secret+".ts" {
					t.Errorf("%q: the file is %s", secret, texts)
				}
				continue
			}
			if strings.Contains(texts, secret) {
				t.Errorf("%q: %s tells %s", secret, e.Kind, texts)
			}
			if e.Kind != Started && !strings.Contains(texts, redact.Marker) {
				t.Errorf("%q: %s hides nothing: %s", secret, e.Kind, texts)
			}
			if told.End != nil &&
				(told.End.Outcome != Good || told.End.Milliseconds != 2026.2026 || told.End.Requests.CAR != 2026 ||
					told.End.Mode != host.ModeFull) {
				t.Errorf("%q: %+v", secret, told.End)
			}
			if _, err := json.Marshal(told); err != nil {
				t.Errorf("%q: %s: %v", secret, e.Kind, err)
			}
			if after, err := json.Marshal(e); err != nil || string(after) != string(before) {
				t.Errorf("%q: the event itself was changed: %s", secret, after)
			}
		}
	}
}

// textsOf are the texts of an event that come from an author, a data source or the settings.
func textsOf(e Event) []string {
	var texts []string
	switch {
	case e.Begin != nil:
		texts = e.Begin.Files
	case e.Log != nil:
		texts = []string{e.Log.Message, string(e.Log.Fields), e.Log.Text()}
	case e.Request != nil:
		texts = []string{e.Request.URL, e.Request.Error, string(e.Request.Body), string(e.Request.Sent)}
	case e.Skipped != nil:
		texts = append([]string{e.Skipped.Key, e.Skipped.Object}, e.Skipped.Faults...)
	case e.End != nil:
		f, m := e.End.Failure, e.End.Messages[0]
		d := e.End.Dangling[0]
		texts = []string{d.FirstKey, d.FirstEdge, d.At, e.End.SavePoint, f.Message, f.Hint, f.Detail, m.Text, m.Frame}
		for _, r := range e.End.SkippedReasons {
			texts = append(texts, r.Reason, r.FirstKey, r.Object)
		}
		for _, c := range e.End.Changes {
			texts = append(texts, c.Key, string(c.Object))
			for _, field := range c.Fields {
				texts = append(texts, string(field.Before), string(field.After))
			}
		}
	}
	return texts
}

func TestBodiesHideTokens(t *testing.T) {
	told := Cleaner(redact.New().Bytes).event(Event{
		Kind: Requested, Request: &Exchange{Body: []byte(`{"data":{"access_token":"nobody-knew"}}`)},
	})
	if strings.Contains(string(told.Request.Body), "nobody-knew") {
		t.Errorf("%s", told.Request.Body)
	}
}
