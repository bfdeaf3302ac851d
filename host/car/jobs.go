package car

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"carjs/host/failure"
)

const (
	// jobBatch is how many imports are asked for at once.
	jobBatch = 20
	// longestPoll is the longest wait between two looks at a job, in units of PollWait.
	longestPoll = 60
)

// start makes a call that starts a job, and waits until that is done.
func (c *Client) start(ctx context.Context, r request) error {
	var answer started
	r.into, r.complete = &answer, func() bool { return answer.job() != "" || answer.ended() }
	if _, err := c.send(ctx, r); err != nil || answer.job() == "" {
		return err
	}
	return c.await(ctx, r.call, answer.job())
}

// await waits until a job that a call has started is done.
func (c *Client) await(ctx context.Context, call Call, job string) error {
	poll := c.newPoll(call)
	for look := 1; ; {
		var answer json.RawMessage
		var all statements
		r := request{call: JobStatus, method: http.MethodGet, url: c.v2 + "/jobstatus/" + url.PathEscape(job),
			into: &answer, complete: func() bool {
				return json.Unmarshal(answer, &all) == nil && all.about(job).said != unnamed
			}}
		status, err := c.send(ctx, r)
		if err != nil {
			return err
		}
		switch of := all.about(job); of.said {
		case done:
			return nil
		case failed:
			return c.jobFailed(call, of.why)
		case lost:
			if err := c.again(ctx, r, reply{answer: notFoundJob, status: status, body: shorten(answer)}, look, ""); err != nil {
				return err
			}
			look++
			continue
		}
		if err := poll.wait(ctx); err != nil {
			return err
		}
	}
}

func (c *Client) jobFailed(call Call, why reason) error {
	rule := RuleFor(call, JobFailed)
	return failure.New(rule.Kind, "CAR's job for %s failed", call).
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

// wait waits until it is time for another look, or fails when the time for the job is over.
func (p *poll) wait(ctx context.Context) error {
	wait := min(p.next, time.Until(p.end))
	if wait <= 0 {
		rule := RuleFor(p.call, JobLate)
		return failure.New(rule.Kind, "CAR's job for %s did not end within %s", p.call, p.client.config.JobTimeout).
			WithFault(rule.Fault).WithHint("%s", rule.Hint)
	}
	p.next = min(2*p.next, longestPoll*p.client.config.PollWait)
	why := "CAR's job for " + string(p.call)
	if p.call == PostImport {
		why = "CAR's job queue"
	}
	return p.client.pause(ctx, why, wait)
}

// Pause waits after the n-th look, from 1, at something that CAR may not show yet: as long as
// between two looks at a job.
func (c *Client) Pause(ctx context.Context, look int) error {
	return c.pause(ctx, "CAR to show what it has accepted", time.Duration(min(longestPoll, 1<<min(look-1, 30)))*c.config.PollWait)
}

// Import posts a page. CAR has not taken it in before [Client.AwaitImports] says so.
func (c *Client) Import(ctx context.Context, body []byte) (job string, err error) {
	var answer struct {
		ID    id `json:"id"`
		JobID id `json:"job_id"`
	}
	_, err = c.send(ctx, request{call: PostImport, method: http.MethodPost, url: c.v2 + "/imports", body: body,
		into: &answer, complete: func() bool { return answer.ID != "" || answer.JobID != "" }})
	if answer.ID == "" {
		answer.ID = answer.JobID
	}
	return string(answer.ID), err
}
