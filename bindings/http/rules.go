package http

import (
	"net/http"
	"slices"
	"time"

	"carjs/host/failure"
	"carjs/host/httpx"
)

// action is what an answer means for what happens next.
type action string

// The actions. A rule of a connector has one of the last five.
const (
	stand  action = ""       // the answer counts as it is
	refuse action = "refuse" // it is the failure that its status means
	wait   action = "wait"   // the data source has done nothing: wait, and send the request again
	login  action = "login"  // renew the login, and send the request again
	retry  action = "retry"  // send the request again if it does no harm when it arrives twice
	fail   action = "fail"   // it is a failure
	ignore action = "ignore" // it is an answer without data
)

// span is a range of statuses.
type span struct{ low, high int }

func (s span) has(status int) bool { return status >= s.low && status <= s.high }

// rule says what answers of a kind mean: all that it names must fit.
type rule struct {
	statuses []span                 // nil for any
	when     func(http.Header) bool // nil for any
	header   *headerMatch           // nil for any
	body     *bodyMatch             // nil for any
	then     action
	// wait says how long to wait; the zero value is what the headers say.
	wait waitFrom
	// passing says that the data source is overloaded for a moment and has no limit to be kept.
	passing bool
	// code, message and hint are those of the failure, where they are not those of the status.
	code          int
	message, hint string
}

// defaults is the table of what answers mean that are neither good nor accepted, after the rules of
// the connector. The first row that fits counts; when none does, the status is a failure.
func defaults() []rule {
	only := func(statuses ...int) (spans []span) {
		for _, status := range statuses {
			spans = append(spans, span{status, status})
		}
		return spans
	}
	exhausted := func(header http.Header) bool {
		_, none := httpx.Exhausted(header)
		return none
	}
	has := func(name string) func(http.Header) bool {
		return func(header http.Header) bool { return header.Get(name) != "" }
	}
	return []rule{
		{statuses: only(http.StatusUnauthorized), then: login},
		{statuses: only(http.StatusTooManyRequests, 420), then: wait, code: failure.CodeDatasourceConnect, hint: hintThrottled},
		// GitHub and others that have no 429.
		{statuses: only(http.StatusForbidden), when: exhausted, then: wait, code: failure.CodeDatasourceConnect, hint: hintThrottled},
		// It may be the account as well: the failure stays that of the status.
		{statuses: only(http.StatusForbidden), when: has("Retry-After"), then: wait},
		// Qualys.
		{
			statuses: only(http.StatusConflict), when: has("X-Ratelimit-Towait-Sec"), then: wait,
			code: failure.CodeDatasourceConnect, hint: hintThrottled,
		},
		{statuses: only(http.StatusServiceUnavailable), then: wait, passing: true},
		{statuses: only(http.StatusRequestTimeout, http.StatusTooEarly), then: retry},
		{statuses: only(http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout), then: retry},
		{statuses: []span{{520, 530}, {598, 599}}, then: retry}, // of proxies and content networks
	}
}

// verdict is what an answer means.
type verdict struct {
	then action
	rule *rule // nil where no rule says so
}

// judge says what an answer means: by the rules of the request, of the client and of its login, by
// what the request accepts, and by the defaults.
func (c *client) judge(r *request, answer *result) verdict {
	a := judged{result: answer}
	for _, rules := range [][]rule{r.rules, c.rules} {
		if v, ok := a.by(rules); ok {
			return v
		}
	}
	if good(answer.StatusCode) || slices.Contains(r.accept, answer.StatusCode) ||
		r.Redirect == "manual" && answer.StatusCode >= 300 && answer.StatusCode <= 399 {
		return verdict{}
	}
	for _, rules := range [][]rule{c.auth.rules(), c.m.defaults} {
		if v, ok := a.by(rules); ok {
			return v
		}
	}
	return verdict{then: refuse}
}

// by looks for the first rule that fits.
func (a *judged) by(rules []rule) (verdict, bool) {
	for i := range rules {
		if rules[i].fits(a) {
			return verdict{rules[i].then, &rules[i]}, true
		}
	}
	return verdict{}, false
}

// fits tells whether a rule is about an answer. The body comes last, as it takes the longest.
func (r *rule) fits(a *judged) bool {
	return r.fitsHead(a.StatusCode, a.Header) && (r.body == nil || r.body.fits(a))
}

func (r *rule) fitsHead(status int, header http.Header) bool {
	return (r.statuses == nil || slices.ContainsFunc(r.statuses, func(s span) bool { return s.has(status) })) &&
		(r.when == nil || r.when(header)) && (r.header == nil || r.header.fits(header))
}

// headSays tells whether a rule of the connector takes a good answer for something else by its head
// alone.
func (c *client) headSays(r *request, status int, header http.Header) bool {
	for _, rules := range [][]rule{r.rules, c.rules} {
		for i := range rules {
			if rules[i].body == nil && rules[i].fitsHead(status, header) {
				return true
			}
		}
	}
	return false
}

// throttled tells whether the data source has a limit that is to be kept.
func (v verdict) throttled() bool { return v.then == wait && !v.rule.passing }

// asked is the wait that an answer asks for; false when it names none.
func (v verdict) asked(answer *result, now time.Time) (httpx.AskedWait, bool) {
	if v.rule.wait.given() {
		return v.rule.wait.of(answer, now)
	}
	return httpx.WaitAsked(answer.Header, v.throttled(), now)
}

// why says in a log why there is a wait.
func (v verdict) why(answer *result) string {
	switch {
	case v.throttled():
		return "the data source limits requests"
	case answer.StatusCode == http.StatusServiceUnavailable:
		return "the data source is overloaded"
	}
	return "the data source asks for it"
}
