package car

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"carjs/host/failure"
	"carjs/host/httpx"
)

const (
	// jobBatch is how many imports are asked for at once.
	jobBatch = 20
	// longestPoll is the longest wait between two looks at a job, in units of PollWait.
	longestPoll = 60
)

// job reads the answer to a call that starts a job.
type job struct {
	ID id `json:"job_id"`
}

// start makes a call that starts a job, and waits until that is done.
func (c *Client) start(ctx context.Context, r request) error {
	var started job
	r.into, r.complete = &started, func() bool { return started.ID != "" }
	if _, err := c.send(ctx, r); err != nil {
		return err
	}
	poll := c.newPoll(r.call)
	for {
		var status struct {
			Status string `json:"status"`
			Error  reason `json:"error"`
		}
		_, err := c.send(ctx, request{call: JobStatus, method: http.MethodGet, url: c.v2 + "/jobstatus/" + url.PathEscape(string(started.ID)),
			into: &status, complete: func() bool { return status.Status != "" }})
		if err != nil {
			return err
		}
		switch status.Status {
		case "COMPLETE":
			return nil
		case "ERROR":
			return c.jobFailed(r.call, status.Error)
		}
		if err := poll.wait(ctx); err != nil {
			return err
		}
	}
}

func (c *Client) jobFailed(call Call, why reason) error {
	rule := RuleFor(call, JobFailed)
	return failure.New(rule.Kind, "the job that CAR started for %s ended in an error", call).
		WithFault(rule.Fault).WithHint("%s", rule.Hint).WithDetail(why.detail())
}

// poll spaces out the looks at a job.
type poll struct {
	client *Client
	call   Call
	next   time.Duration
	end    time.Time
}

func (c *Client) newPoll(call Call) *poll {
	return &poll{client: c, call: call, next: c.config.PollWait, end: time.Now().Add(c.config.JobTimeout)}
}

// wait waits until it is time for another look, or fails when there is none left.
func (p *poll) wait(ctx context.Context) error {
	wait := min(p.next, time.Until(p.end))
	if wait <= 0 {
		rule := RuleFor(p.call, JobLate)
		return failure.New(rule.Kind, "the job that CAR started for %s did not end within %s", p.call, p.client.config.JobTimeout).
			WithFault(rule.Fault).WithHint("%s", rule.Hint)
	}
	p.next = min(2*p.next, longestPoll*p.client.config.PollWait)
	return httpx.Wait(ctx, wait)
}

// Import posts a page. CAR has not taken it in before [Client.AwaitImports] says so.
func (c *Client) Import(ctx context.Context, body []byte) (job string, err error) {
	var answer struct {
		ID id `json:"id"`
	}
	_, err = c.send(ctx, request{call: PostImport, method: http.MethodPost, url: c.v2 + "/imports", body: body,
		into: &answer, complete: func() bool { return answer.ID != "" }})
	return string(answer.ID), err
}

// importStatus is CAR's answer on imports.
type importStatus struct {
	Incomplete *[]struct {
		ID id `json:"id"`
	} `json:"incomplete_imports"`
	Errors *[]importError `json:"error_imports"`
	// NotFound are imports that CAR has forgotten; what became of them nobody knows.
	NotFound []any `json:"notfound_imports"`
}

type importError struct {
	ID         id     `json:"id"`
	Error      reason `json:"error"`
	StatusCode int    `json:"statusCode"`
}

// AwaitImports returns when CAR has taken in the pages of all the jobs. An error means that it may
// not have.
func (c *Client) AwaitImports(ctx context.Context, jobs []string) error {
	poll := c.newPoll(PostImport)
	for left := slices.Clone(jobs); ; {
		var still []string
		for batch := range slices.Chunk(left, jobBatch) {
			unfinished, err := c.importsOf(ctx, batch)
			if err != nil {
				return err
			}
			still = append(still, unfinished...)
		}
		if len(still) == 0 {
			return nil
		}
		left = still
		if err := poll.wait(ctx); err != nil {
			return err
		}
	}
}

// importsOf looks at some imports and returns those that are not done.
func (c *Client) importsOf(ctx context.Context, ids []string) ([]string, error) {
	escaped := make([]string, len(ids))
	for i, id := range ids {
		escaped[i] = url.QueryEscape(id)
	}
	var answer importStatus
	r := request{call: ImportStatus, method: http.MethodGet, url: c.v2 + "/importstatus?ids=" + strings.Join(escaped, ","), into: &answer,
		// A field that is missing would otherwise read as a list with nothing in it, and that as
		// success.
		complete: func() bool { return answer.Incomplete != nil && answer.Errors != nil && len(answer.NotFound) == 0 }}
	if _, err := c.send(ctx, r); err != nil {
		return nil, err
	}
	if len(*answer.Errors) > 0 {
		return nil, importFailed((*answer.Errors)[0], len(*answer.Errors))
	}
	var left []string
	for _, i := range *answer.Incomplete {
		left = append(left, string(i.ID))
	}
	return left, nil
}

// importFailed is the failure for an import that ended in an error.
func importFailed(first importError, n int) error {
	answer := ImportFailed
	if first.StatusCode != http.StatusBadRequest && first.StatusCode/100 == 4 {
		answer = ImportRefused
	}
	rule := RuleFor(PostImport, answer)
	more := ""
	if n > 1 {
		more = fmt.Sprintf(", and %d others", n-1)
	}
	return failure.New(rule.Kind, "CAR did not take in a page: the import %s ended with status %d%s", first.ID, first.StatusCode, more).
		WithFault(rule.Fault).WithHint("%s", rule.Hint).WithDetail(first.Error.detail())
}
