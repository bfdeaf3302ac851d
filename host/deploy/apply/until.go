package apply

import (
	"context"
	"time"

	"carjs/host/deploy/cluster"
	"carjs/host/httpx"
)

// waitForOthers waits while the schedule of a CronJob runs it: two imports of one source at a time
// would get in each other's way.
func (r *run) waitForOthers(ctx context.Context) error {
	told := ""
	return r.until(ctx, func() (bool, error) {
		jobs, err := r.client.List(ctx, r.jobs, r.step.Namespace, "")
		if cluster.IsForbidden(err) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		for _, job := range jobs {
			if !ownedBy(job, r.step.Result.UID()) || condition(job, "Complete") != nil || condition(job, "Failed") != nil {
				continue
			}
			if told != job.Name() {
				told = job.Name()
				r.tell("waiting for Job %s, which runs already", told)
			}
			return false, nil
		}
		return true, nil
	})
}

// waitForOperator waits for a Job with the image of a custom resource.
func (r *run) waitForOperator(ctx context.Context) error {
	image := imageOf(r.step.Result)
	r.tell("waiting for the operator to run %s; Ctrl-C ends only the wait", image)
	return r.until(ctx, func() (bool, error) {
		jobs, err := r.client.List(ctx, r.jobs, r.step.Namespace, "")
		if err != nil {
			return false, err
		}
		for _, job := range jobs {
			if imageOf(job) == image && !r.step.before[job.UID()] {
				r.job = job
				r.tell("Job %s is the operator's", job.Name())
				return true, nil
			}
		}
		return false, nil
	})
}

func ownedBy(o cluster.Object, uid string) bool {
	for _, owner := range o.List("metadata", "ownerReferences") {
		if owner.Text("uid") == uid {
			return true
		}
	}
	return false
}

// patient is how long a cluster may be unreachable in the middle of a run.
const patient = 2 * time.Minute

// until asks again and again, seldom when it takes long. It bears a cluster that cannot be reached
// for a while.
func (r *run) until(ctx context.Context, ask func() (bool, error)) error {
	lost := time.Time{}
	for wait := 100 * time.Millisecond; ; wait = min(wait*3/2, time.Second) {
		done, err := ask()
		switch {
		case err == nil && done:
			return nil
		case err == nil:
			lost = time.Time{}
		case ctx.Err() != nil || !cluster.IsPassing(err):
			return err
		case lost.IsZero():
			lost = time.Now()
		case time.Since(lost) > patient:
			return err
		}
		if err := httpx.Wait(ctx, wait); err != nil {
			return err
		}
	}
}
