package car

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"carjs/host/esjson"
	"carjs/host/failure"
	"carjs/host/httpx"
)

const (
	// tries is how often a request is sent at most.
	tries = 4
	// maxAnswer bounds a response in bytes: CAR has none that is longer.
	maxAnswer = 256 << 20
	// shownAnswer is how much of an answer a failure shows.
	shownAnswer = 500
	// longestWait is the most that Retry-After can ask for, in units of RetryWait.
	longestWait = 60
)

// request is one call.
type request struct {
	call   Call
	method string
	url    string
	body   []byte // JSON; sent again as it is when the request is repeated, which is harmless: every object has a key
	// into takes the decoded body of a success; nil when nothing is expected of it but that it is
	// JSON.
	into any
	// complete tells whether into has what the call is made for; nil needs nothing.
	complete func() bool
	// judge, when set, reads the body of a success instead; it returns "" for a valid one.
	judge func(body []byte) Answer
	// repeated, when set, is set to true when the request is sent again.
	repeated *bool
	// takes are statuses besides 2xx that are not failures; into is not set then.
	takes []int
}

// reply is what came of a request.
type reply struct {
	answer Answer
	status int
	err    error  // why there is no status, or no body that can be used
	body   []byte // shortened
	wait   time.Duration
	// kind is the kind of err when err is a connection error.
	kind httpx.Kind
}

// send makes a call, repeating it as the rules say, and returns the status.
func (c *Client) send(ctx context.Context, r request) (int, error) {
	for try := 1; ; try++ {
		answer := c.once(ctx, r)
		if answer.answer == "" {
			return answer.status, nil
		}
		if ctx.Err() != nil {
			return 0, context.Cause(ctx)
		}
		if err := c.again(ctx, r, answer, try, ""); err != nil {
			return answer.status, err
		}
		if r.repeated != nil {
			*r.repeated = true
		}
	}
}

// again waits before a request is repeated after its n-th try. It returns the failure of a request
// that must not be repeated. more is what is to be logged besides what came of the request.
func (c *Client) again(ctx context.Context, r request, answer reply, try int, more string) error {
	rule := RuleFor(r.call, answer.answer)
	if !rule.Retry || try == tries {
		return c.failed(r, answer, rule, try)
	}
	wait := c.waitBefore(try, answer.wait)
	why := answer.what(r.call) + more
	c.log.Warn("retrying a request to CAR", "why", why, "call", string(r.call), "tries", try, "wait", wait)
	if answer.wait > 0 {
		why += ", Retry-After"
	}
	return c.pause(ctx, why, wait)
}

// waitBefore is the wait after the n-th try.
func (c *Client) waitBefore(try int, asked time.Duration) time.Duration {
	unit := c.config.RetryWait
	own := unit * time.Duration(2*(try-1))
	return max(own, min(asked, longestWait*unit))
}

// once sends a request once. The answer is empty for a success.
func (c *Client) once(ctx context.Context, r request) reply {
	limited, cancel := context.WithTimeoutCause(ctx, c.config.RequestTimeout, errTooLong)
	defer cancel()
	body, encoding := c.compress.body(r.body)
	hr, err := http.NewRequestWithContext(limited, r.method, r.url, bytes.NewReader(body))
	if err != nil {
		return reply{answer: CannotConnect, err: err, kind: httpx.Malformed}
	}
	c.sign(hr, r)
	if encoding != "" {
		hr.Header.Set("Content-Encoding", encoding)
	}
	c.requests.Add(1)
	if r.call != PostImport { // the pages that are posted are counted
		defer c.config.Waiting("CAR's answer to "+string(r.call), 0)()
	}
	began := time.Now()
	response, err := c.http.Do(hr)
	if err != nil {
		return broken(limited, hr.URL.Host, err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	c.log.Debug("request", "method", r.method, "call", string(r.call), "status", response.StatusCode, "took", time.Since(began))
	if err != nil {
		return broken(limited, hr.URL.Host, err)
	}
	data = plain(response.Header, data)
	if c.compress.refused(encoding, response.StatusCode) {
		c.log.Warn("CAR rejects compressed pages: sending them uncompressed")
		return c.once(ctx, r)
	}
	return r.read(response, data)
}

// sign puts the headers on a request.
func (c *Client) sign(hr *http.Request, r request) {
	hr.Header.Set("Accept", "application/json")
	if r.body != nil {
		hr.Header.Set("Content-Type", "application/json")
	}
	if c.authorization != "" {
		hr.Header.Set("Authorization", c.authorization)
	}
}

// read judges an answer.
func (r *request) read(response *http.Response, data []byte) reply {
	out := reply{status: response.StatusCode, body: shorten(data)}
	out.wait, _ = httpx.RetryAfter(response.Header, time.Now())
	for _, status := range r.takes {
		if response.StatusCode == status {
			return out
		}
	}
	switch {
	case response.StatusCode/100 != 2, response.StatusCode == http.StatusPartialContent: // which nobody asked for
		out.answer = answered(response.StatusCode)
	case r.judge != nil:
		out.answer = r.judge(data)
	case r.into == nil && (response.StatusCode == http.StatusNoContent || json.Valid(data)):
	case r.into == nil:
		out.answer = Garbage
	case len(data) > maxAnswer:
		out.answer, out.err = Garbage, fmt.Errorf("the response is longer than %d bytes", maxAnswer)
	case response.StatusCode == http.StatusNoContent || len(bytes.TrimSpace(data)) == 0 && r.complete == nil:
		// The body is empty: the caller knows what that means.
	default:
		if out.err = json.Unmarshal(data, r.into); out.err != nil {
			out.answer = Garbage
		} else if r.complete != nil && !r.complete() {
			out.answer = Incomplete
		}
	}
	return out
}

// what says what came of a call.
func (r reply) what(call Call) string {
	switch r.answer {
	case "":
		return fmt.Sprintf("CAR did %s", call)
	case Garbage:
		return fmt.Sprintf("CAR's answer to %s is not JSON", call)
	case Incomplete:
		return fmt.Sprintf("CAR's response to %s is incomplete", call)
	case Refused:
		return fmt.Sprintf("CAR answered %s with the status of a success and an error in the body", call)
	case notFoundJob:
		return fmt.Sprintf("CAR does not know an import or a job that it accepted (%s)", call)
	case NoConnection, CannotConnect:
		return fmt.Sprintf("cannot connect to CAR for %s: %v", call, r.err)
	case Dropped:
		return fmt.Sprintf("the connection to CAR broke during %s", call)
	case TimedOut:
		return fmt.Sprintf("CAR did not answer %s in time", call)
	}
	return fmt.Sprintf("CAR answered %s to %s", strings.TrimSpace(string(r.answer)+" "+http.StatusText(r.status)), call)
}

// failed is the failure of a call by its rule.
func (c *Client) failed(r request, answer reply, rule Rule, tries int) error {
	times := ""
	if tries > 1 {
		times = fmt.Sprintf(", %d times", tries)
	}
	return failure.New(rule.Kind, "%s%s", answer.what(r.call), times).
		WithFault(rule.Fault).WithHint("%s", hintFor(answer.kind, rule.Hint)).WithDetail(string(answer.body)).WithCause(answer.err)
}

// shorten is as much of an answer as a failure shows.
func shorten(data []byte) []byte {
	data = bytes.ToValidUTF8(bytes.TrimSpace(data), []byte("?"))
	if len(data) > shownAnswer {
		data = append(bytes.ToValidUTF8(data[:shownAnswer:shownAnswer], nil), "…"...)
	}
	return data
}

// encode makes a body.
func encode(v any) ([]byte, error) {
	body, err := esjson.AppendValue(nil, v)
	if err != nil {
		return nil, failure.New(failure.Recoverable, "make a request to CAR: %v", err).WithFault(failure.FaultConnector).WithCause(err)
	}
	return body, nil
}
