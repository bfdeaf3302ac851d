package host

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"carjs/host/failure"
	"carjs/host/submit"
)

func TestResult(t *testing.T) {
	r := &Report{
		Source: "demo", Mode: ModeFull, SavePoint: "7", Seconds: 1.5, Requests: Requests{CAR: 3, Datasource: 4},
		Collections: map[string]submit.Count{"asset": {Sent: 2, Skipped: 1}, "asset_user": {Sent: 3, Dangling: 4}},
	}
	for _, test := range []struct {
		name, want string
		fail       error
	}{
		{"success", `{"result":"success","exit_code":0,"source":"demo","mode":"full","seconds":1.5,"save_point":"7",` +
			`"counts":{"sent":5,"skipped":1,"duplicate":0,"differing":0,"unchanged":0,"deleted":0,"retired":0,"dangling":4},` +
			`"requests":{"car":3,"datasource":4},"failure":null}` + "\n", nil},
		{"failure", `{"result":"failure","exit_code":51,"source":"demo","mode":"full","seconds":1.5,"save_point":"7",` +
			`"counts":{"sent":5,"skipped":1,"duplicate":0,"differing":0,"unchanged":0,"deleted":0,"retired":0,"dangling":4},` +
			`"requests":{"car":3,"datasource":4},"failure":{"kind":"DatasourceFailure","fault":"data source","message":"GET <a>: \"no\"",` +
			`"hint":"wait","at":"","detail":""}}` + "\n",
			failure.New(failure.Datasource, `GET <a>: "no"`).WithCode(51).WithHint("wait")},
	} {
		t.Run(test.name, func(t *testing.T) {
			report := *r
			if test.fail != nil {
				report.fail(describe(test.fail))
			}
			got, err := report.Result().Line(MaxResult)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, string(got)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// Whatever is too long is cut at a character, and the line uses most of the room.
func TestResultIsCut(t *testing.T) {
	for name, text := range map[string]string{
		"ASCII":         "x",
		"two bytes":     "ä",
		"three bytes":   "漢",
		"four bytes":    "😀",
		"mixed":         "aä漢😀",
		"escapes":       "\x01\"",
		"invalid bytes": "\xff",
	} {
		t.Run(name, func(t *testing.T) {
			for _, most := range []int{700, 701, 702, 703, MaxResult} {
				long := strings.Repeat(text, 5000)
				r := Result{Result: resultFailure, Source: long, SavePoint: long,
					Failure: &ResultFailure{Message: long, Hint: long, At: long, Detail: long}}
				got, err := r.Line(most)
				if err != nil {
					t.Fatal(err)
				}
				if len(got) > most || len(got) < most/2 || !utf8.Valid(got) || strings.Count(string(got), "\n") != 1 || got[len(got)-1] != '\n' {
					t.Errorf("%d bytes of %d: %s", len(got), most, got)
				}
				var back Result
				if err := json.Unmarshal(got, &back); err != nil || back.Failure == nil || back.Failure.Message == "" {
					t.Errorf("%v in %s", err, got)
				}
				if name != "invalid bytes" && strings.ContainsRune(string(got), utf8.RuneError) {
					t.Errorf("a character was cut in two: %s", got)
				}
				if r.Failure.Message != long {
					t.Error("the result itself was changed")
				}
			}
		})
	}
}
