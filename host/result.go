package host

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"carjs/host/failure"
	"carjs/host/submit"
)

// MaxResult is how many bytes Kubernetes keeps of the last word of a container.
const MaxResult = 4096

// Result is the outcome of a run in a few words: [Report.Result].
type Result struct {
	// Result is "success" or "failure".
	Result   string `json:"result"`
	ExitCode int    `json:"exit_code"`
	// Source and Mode are empty when the run ended before they were known.
	Source  string  `json:"source"`
	Mode    Mode    `json:"mode"`
	Seconds float64 `json:"seconds"`
	// SavePoint is where the next run continues; "" means that it is a full import.
	SavePoint string `json:"save_point"`
	// Counts is the sum over all collections.
	Counts   submit.Count `json:"counts"`
	Requests Requests     `json:"requests"`
	// Lost tells that counts and requests are not known: see [Report.Lost].
	Lost bool `json:"lost,omitempty"`
	// Failure is nil when all went well.
	Failure *ResultFailure `json:"failure"`
}

// ResultFailure is a failure in few words.
type ResultFailure struct {
	Kind    failure.Kind  `json:"kind"`
	Fault   failure.Fault `json:"fault"`
	Message string        `json:"message"`
	Hint    string        `json:"hint"`
	At      string        `json:"at"`
	Detail  string        `json:"detail"`
}

// The values of Result.Result.
const (
	resultSuccess = "success"
	resultFailure = "failure"
)

// Result is the report in few words.
func (r *Report) Result() Result {
	out := Result{
		Result: resultSuccess, ExitCode: r.ExitCode, Source: r.Source, Mode: r.Mode, Seconds: r.Seconds, SavePoint: r.SavePoint,
		Requests: r.Requests, Lost: r.Lost,
	}
	for _, count := range r.Collections {
		out.Counts = out.Counts.Plus(count)
	}
	if f := r.Failure; f != nil {
		out.Result = resultFailure
		out.Failure = &ResultFailure{Kind: f.Kind, Fault: f.Fault, Message: f.Message, Hint: f.Hint, At: f.At, Detail: f.Detail}
	}
	return out
}

// Line is the result as one line of JSON of at most some bytes, its end included. Where it would be
// longer, its longest text is cut at a character until it is not.
func (r Result) Line(most int) ([]byte, error) {
	texts := []*string{&r.SavePoint, &r.Source}
	if r.Failure != nil {
		f := *r.Failure // the caller's stays whole
		r.Failure = &f
		texts = append(texts, &f.Message, &f.Hint, &f.At, &f.Detail)
	}
	for {
		var out strings.Builder
		encoder := json.NewEncoder(&out)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(r); err != nil {
			return nil, err
		}
		longest := texts[0]
		for _, text := range texts {
			if len(*text) > len(*longest) {
				longest = text
			}
		}
		over := out.Len() - most
		if over <= 0 || *longest == "" {
			return []byte(out.String()), nil
		}
		*longest = cut(*longest, over)
	}
}

// cutMark ends a text that was cut.
const cutMark = "…"

// cut makes a text shorter by at least one byte, and by about as many as asked: escapes make it
// longer in JSON than it is.
func cut(text string, by int) string {
	text = strings.TrimSuffix(text, cutMark)
	keep := max(0, len(text)-max(1, min(by, len(text)/2))-len(cutMark))
	for keep > 0 && !utf8.RuneStart(text[keep]) {
		keep--
	}
	if keep == 0 {
		return ""
	}
	return text[:keep] + cutMark
}
