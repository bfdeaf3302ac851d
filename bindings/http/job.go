package http

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"carjs/bindings/args"
	"carjs/bindings/fetch"
	"carjs/host/failure"
	"carjs/host/httpx"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// Defaults of a job.
const (
	defaultPollWait = 5 * time.Second
	defaultDeadline = time.Hour
)

// What data sources call a job that is over. They differ in the case of letters.
var (
	doneStates   = []string{"done", "complete", "completed", "finished", "succeeded", "success", "ready"}
	failedStates = []string{"failed", "failure", "error", "cancelled", "canceled", "aborted", "expired", "timeout", "timedout"}
)

// job is an export that the data source makes beside: it is started, asked for until it is ready, and
// downloaded. Requests are sent beside the loop, and functions of the connector are called on it.
type job struct {
	c     *client
	start goja.Value // {path, method, ...} as client.js has made it
	// poll and files are functions of an answer: to {path, ...} of the request that asks for the
	// state, and to an array of those for the files. nil has the data source say.
	poll, files  goja.Callable
	fileAt       finder // in the last answer, where files are named by their place in it
	state        finder // not given: the status says so
	done, failed []string
	wait         time.Duration
	deadline     time.Duration
	form         form
}

// stepOptions are the options of a request of a job.
var stepOptions = append([]string{"method", "path", "body", "type", "responseType"}, pageOptions...)

// job is the native behind HttpClient.job: (options as client.js has made them) to {iterator, abort}.
func (c *client) job(call goja.FunctionCall) goja.Value {
	o := args.Of(c.m.rt, call, "job").Options(0, slices.Concat(
		[]string{"start", "poll", "state", "done", "failed", "wait", "deadline", "files", "file"}, recordOptions)...)
	j := &job{
		c: c, start: o.Get("start").Value(), state: c.m.headFinderOf(o.Get("state")), done: doneStates, failed: failedStates,
		wait:     o.Get("wait").DurationOr(defaultPollWait, 0, fetch.MaxWait),
		deadline: o.Get("deadline").DurationOr(defaultDeadline, 0, 365*fetch.MaxWait),
		form:     readForm(o),
	}
	if given := o.Get("done"); given.Given() {
		j.done = lowered(given.TextOrTexts())
	}
	if given := o.Get("failed"); given.Given() {
		j.failed = lowered(given.TextOrTexts())
	}
	if given := o.Get("poll"); given.Given() {
		j.poll = given.Function()
	}
	if given := o.Get("files"); given.Given() {
		j.files = given.Function()
	}
	j.fileAt = c.m.headFinderOf(o.Get("file"))
	return c.m.iterate(func() func(context.Context, *script.Records) error {
		first := j.request(j.start, "start", http.MethodPost)
		return func(ctx context.Context, out *script.Records) error { return j.run(ctx, first, out) }
	})
}

func lowered(texts []string) []string {
	lower := make([]string, len(texts))
	for i, text := range texts {
		lower[i] = strings.ToLower(text)
	}
	return lower
}

// run does the job from its start to its last record.
func (j *job) run(ctx context.Context, first *prepared, out *script.Records) error {
	started, err := first.send(ctx, j.c.attempt)
	if err != nil {
		return err
	}
	asks, err := onLoop(ctx, j.c.m.rt, func(vm *goja.Runtime) (*prepared, error) { return j.polls(vm, first.r, started) })
	if err != nil {
		return err
	}
	files, err := j.follow(ctx, asks)
	if err != nil {
		return err
	}
	for i, file := range files {
		s := &stream{c: file.c, r: file.r, form: j.form, out: out}
		out.Begin()
		if i > 0 {
			if file, err = onLoop(ctx, j.c.m.rt, func(*goja.Runtime) (*prepared, error) { return file.again(), nil }); err != nil {
				return err
			}
		}
		if _, err := file.send(ctx, s.attempt); err != nil {
			return err
		}
	}
	return nil
}

// byStatus tells whether nothing but the status of an answer says whether the job is done, so that
// the answer to a job that is done can be the file itself, which is not to be kept in memory.
func (j *job) byStatus() bool { return !j.state.given() && j.files == nil && !j.fileAt.given() }

// peek sends the request that asks for the state, and reads the body of an answer unless that is the
// file.
func (j *job) peek(ctx context.Context, r *request, p pass) (*result, *noAnswer) {
	if !j.byStatus() {
		return j.c.attempt(ctx, r, p)
	}
	ctx, cancel := fetch.WithTimeout(ctx, r.timeout)
	defer cancel()
	failed := func(err error) *noAnswer {
		return &noAnswer{explained: fetch.Explain(ctx, r.Method, r.URL, err), transient: ctx.Err() == nil && fetch.Transient(err)}
	}
	answer, err := j.c.wire.Send(ctx, r.hop(p))
	if err != nil {
		return nil, failed(err)
	}
	if good(answer.StatusCode) && answer.StatusCode != http.StatusAccepted && !j.c.headSays(r, answer.StatusCode, answer.Header) {
		_ = answer.Body.Close() // it is read as records, with a request of its own
		return &result{Answer: answer}, nil
	}
	data, err := fetch.ReadBody(answer)
	if err != nil {
		return nil, failed(err)
	}
	return &result{Answer: answer, data: data}, nil
}

// next is what is to be done after an answer to the question for the state.
type next struct {
	files []*prepared
	asks  *prepared // once more; nil when the job is done
	state string
	wait  time.Duration
}

// follow asks for the state until the job is done, and returns the requests for its files.
func (j *job) follow(ctx context.Context, asks *prepared) ([]*prepared, error) {
	begun, waited := j.c.m.now(), time.Duration(0)
	for {
		answer, err := asks.send(ctx, j.peek)
		if err != nil {
			return nil, err
		}
		n, err := onLoop(ctx, j.c.m.rt, func(vm *goja.Runtime) (next, error) { return j.look(vm, asks, answer) })
		if err != nil || n.asks == nil {
			return n.files, err
		}
		// By the clock, or by the waits where that stands still.
		if took := max(j.c.m.now().Sub(begun), waited); took+n.wait > j.deadline {
			what := "the job was not done within " + j.deadline.String()
			if n.state != "" {
				what += ", at last in the state " + strconv.Quote(n.state)
			}
			return nil, j.fault(asks.r, answer, failure.CodeDatasourceConnect, what).
				WithHint("run it again later, request less at once, or raise deadline of job")
		}
		waited += n.wait
		if err := j.c.wire.Pause(ctx, j.c.m.bounded(n.wait), "the job of "+asks.r.URL.Host); err != nil {
			return nil, err
		}
		asks = n.asks
	}
}

// look says what an answer to the question for the state means; on the loop.
func (j *job) look(vm *goja.Runtime, asks *prepared, answer *result) (next, error) {
	state, done, err := j.stateOf(vm, asks.r, answer)
	if err != nil {
		return next{}, err
	}
	if done {
		files, err := j.filesOf(vm, asks, answer)
		return next{files: files}, err
	}
	n := next{asks: asks.again(), state: state, wait: j.wait}
	if asked, ok := httpx.RetryAfter(answer.Header, j.c.m.now()); ok {
		n.wait = asked
	}
	return n, nil
}

// stateOf reads the state of the job, and fails when it is one of failure.
func (j *job) stateOf(vm *goja.Runtime, r *request, answer *result) (state string, done bool, err error) {
	if !j.state.given() {
		return "", answer.StatusCode != http.StatusAccepted, nil
	}
	at := &page{result: answer, body: goja.Undefined()}
	if !answer.blank() && len(answer.data) > 0 {
		if r.as == "json" {
			at.body, err = fetch.ParseJSON(j.c.m.rt, answer.data, r.Method, answer.Answer)
		} else { // for a function of the connector
			at.body, err = j.c.data(vm, r, answer)
		}
		if err != nil {
			return "", false, err
		}
	}
	value, err := j.state.find(at.body, answer)
	if err != nil {
		return "", false, err
	}
	if _, composed := value.(*goja.Object); composed || args.Absent(value) {
		return "", false, j.fault(r, answer, failure.CodeDatasourceDataProcess, "there is no state at "+j.state.describe(at.body)).
			WithHint("check the option state of job against the data source's documentation")
	}
	state = value.String()
	switch lower := strings.ToLower(state); {
	case slices.Contains(j.done, lower):
		return state, true, nil
	case slices.Contains(j.failed, lower):
		return state, false, j.fault(r, answer, failure.CodeDatasource, "the job ended in the state "+strconv.Quote(state)).
			WithHint("see the data source's response in the details")
	}
	return state, false, nil
}

// fault is a failure of a job, with the answer that says so.
func (j *job) fault(r *request, answer *result, code int, what string) *failure.Failure {
	return failure.New(failure.Datasource, "%s %s: %s", r.Method, fetch.SafeURL(answer.URL), what).
		WithCode(code).WithDetail(shortened(answer.data))
}
