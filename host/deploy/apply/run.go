package apply

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"carjs/host/deploy/cluster"
	"carjs/host/failure"
)

// Follow says how first runs are followed.
type Follow struct {
	// Timeout bounds the whole wait for a run.
	Timeout time.Duration
	// Unschedulable is how long a pod may find no node before the wait ends: a cluster may be about
	// to get one. 0 is two minutes.
	Unschedulable time.Duration
	// Tell is told what happens, a line at a time. Several runs tell one after the other.
	Tell func(line string)
}

// Outcome is the end of a first run.
type Outcome struct {
	// Object is what was deployed; Job and Namespace what ran it.
	Object    cluster.Object
	Job       string
	Namespace string
	// Code is the exit code of the run, or that of the failure that kept it from an end.
	Code int
	// Result is what the run says of itself, in its last attempt.
	Result Result
	// Err is a [*failure.Failure] when there is no end of a run to tell.
	Err error
}

// runs are the steps that a deployment runs: what changes, or everything when nothing does. What
// nobody can run is not among them.
func (p *Plan) runs() []*Step {
	var all []*Step
	for i := range p.Steps {
		s := &p.Steps[i]
		if s.Action == Unchanged && p.Changes() {
			continue
		}
		switch s.Object.Kind() {
		case "CronJob", "Job", "Connector":
			all = append(all, s)
		}
	}
	return all
}

// Run makes the first runs of what was deployed and follows them to their ends, all at a time: a
// Job of each CronJob, a Job itself, and of a custom resource the next Job with its image, which
// the operator makes.
func (p *Plan) Run(ctx context.Context, follow Follow) []Outcome {
	if follow.Unschedulable == 0 {
		follow.Unschedulable = 2 * time.Minute
	}
	steps := p.runs()
	outcomes := make([]Outcome, len(steps))
	var mu sync.Mutex
	var all sync.WaitGroup
	for i, s := range steps {
		all.Go(func() {
			r := &run{client: p.client, step: s, follow: follow, tell: func(format string, args ...any) {
				mu.Lock()
				defer mu.Unlock()
				follow.Tell(fmt.Sprintf(format, args...))
			}}
			outcomes[i] = r.do(ctx)
		})
	}
	all.Wait()
	return outcomes
}

// run is one run that is followed.
type run struct {
	client *cluster.Client
	step   *Step
	follow Follow
	tell   func(format string, args ...any)

	jobs, pods, events cluster.Resource
	job                cluster.Object
	made               bool // the Job is ours
	seen               map[string]cluster.Object
	said               string
	stuck              time.Time // when the pod was first seen without a node
	looks              int
}

func (r *run) do(ctx context.Context) Outcome {
	bounded, cancel := context.WithTimeoutCause(ctx, r.follow.Timeout, errTooLong)
	defer cancel()
	o := Outcome{Object: r.step.Object, Namespace: r.step.Namespace}
	err := r.start(bounded)
	if r.job != nil {
		o.Job = r.job.Name()
	}
	if err == nil {
		err = r.toEnd(bounded, &o)
	}
	if err == nil {
		return o
	}
	if context.Cause(bounded) == errTooLong {
		err = r.tooLong()
	} else if ctx.Err() != nil {
		err = r.left(context.Cause(ctx))
	}
	o.Err, o.Code = err, failure.From(err).Code
	return o
}

// errTooLong is the cause of the end of a wait that took too long.
var errTooLong = fmt.Errorf("the wait took too long: %w", context.DeadlineExceeded)

// start finds or makes the Job.
func (r *run) start(ctx context.Context) (err error) {
	for _, kind := range []struct {
		at            *cluster.Resource
		version, name string
	}{{&r.jobs, "batch/v1", "Job"}, {&r.pods, "v1", "Pod"}, {&r.events, "v1", "Event"}} {
		if *kind.at, err = r.client.Resource(ctx, kind.version, kind.name); err != nil {
			return err
		}
	}
	switch r.step.Object.Kind() {
	case "Job":
		r.job = r.step.Result
		return nil
	case "CronJob":
		if err := r.waitForOthers(ctx); err != nil {
			return err
		}
		job := jobOf(r.step.Result, r.step.Namespace, suffix())
		if r.job, err = r.client.Create(ctx, r.jobs, r.step.Namespace, job, false); err != nil {
			return err
		}
		r.made = true
		r.tell("Job %s is started", r.job.Name())
		return nil
	}
	return r.waitForOperator(ctx)
}

// toEnd follows the Job to its end.
func (r *run) toEnd(ctx context.Context, o *Outcome) error {
	r.seen = map[string]cluster.Object{}
	return r.until(ctx, func() (bool, error) {
		job, err := r.client.Get(ctx, r.jobs, r.step.Namespace, r.job.Name())
		if err != nil {
			return false, err
		}
		if job == nil {
			return false, failure.New(failure.Recoverable, "the Job %s was removed while it ran", r.job.Name()).
				WithFault(failure.FaultNobody).WithHint("deploy again to run it")
		}
		r.job = job
		// The pods after the Job: those of a Job that has ended are all there.
		if err := r.look(ctx); err != nil {
			return false, err
		}
		return r.ended(o)
	})
}

// ended tells whether the Job has ended, and reads the outcome then.
func (r *run) ended(o *Outcome) (bool, error) {
	failed := condition(r.job, "Failed")
	if failed == nil && condition(r.job, "Complete") == nil {
		return false, nil
	}
	pod, state := r.last()
	switch {
	case state != nil && broken(state) != "":
		return true, r.cannotStart(pod, broken(state))
	case state != nil:
		o.Code, o.Result = state.Int("exitCode"), readResult(state.Text("message"))
		if failed != nil && o.Code == 0 {
			break
		}
		if o.Code != 0 && o.Result.Message == "" {
			o.Result.Message = state.Text("reason")
		}
		return true, nil
	case failed == nil:
		return true, nil // the pods are gone, or cannot be read
	}
	words := failed.Text("message")
	if words == "" {
		words = failed.Text("reason")
	}
	return true, failure.New(failure.Recoverable, "the Job %s failed: %s", r.job.Name(), strings.TrimSuffix(words, ".")).
		WithFault(failure.FaultNobody).WithHint("kubectl describe job/%s -n %s says more", r.job.Name(), r.step.Namespace)
}

// condition returns a condition of an object that holds, nil when it does not.
func condition(o cluster.Object, kind string) cluster.Object {
	for _, c := range o.List("status", "conditions") {
		if c.Text("type") == kind && c.Text("status") == "True" {
			return c
		}
	}
	return nil
}

// tooLong is the failure of a wait that took too long; left that of one that was interrupted.
func (r *run) tooLong() error {
	f := failure.New(failure.Recoverable, "the run of %s has not ended after %s", r.step.Object.Name(), r.follow.Timeout).
		WithFault(failure.FaultNobody)
	if r.said != "" {
		f.Message += ": " + r.said
	}
	return f.WithHint("%s", r.goesOn())
}

func (r *run) left(cause error) error {
	return failure.New(failure.Recoverable, "no longer waiting for the run of %s: %v", r.step.Object.Name(), cause).
		WithFault(failure.FaultNobody).WithCause(cause).WithHint("%s", r.goesOn())
}

func (r *run) goesOn() string {
	if r.job == nil {
		return "what was deployed stays; run it with kubectl create job --from"
	}
	return fmt.Sprintf("it goes on in the cluster: kubectl logs -f job/%s -n %s", r.job.Name(), r.step.Namespace)
}
