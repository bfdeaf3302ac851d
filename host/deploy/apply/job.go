package apply

import (
	"context"
	"crypto/rand"
	"strings"

	"carjs/host/deploy/cluster"
)

// jobOf is a Job as the schedule of a CronJob would make it. The CronJob owns it, so that it goes
// with it and counts among the finished ones that are kept.
func jobOf(cronJob cluster.Object, namespace, suffix string) cluster.Object {
	template, _ := cronJob.At("spec", "jobTemplate").(map[string]any)
	from := cluster.Object(template).Clone()
	job := cluster.Object{"apiVersion": "batch/v1", "kind": "Job", "spec": from.At("spec")}
	metadata := map[string]any{
		"name": cronJob.Name() + "-" + suffix, "namespace": namespace,
		"ownerReferences": []any{map[string]any{
			"apiVersion": "batch/v1", "kind": "CronJob", "name": cronJob.Name(), "uid": cronJob.UID(), "controller": true,
		}},
	}
	annotations := map[string]any{}
	if given, ok := from.At("metadata", "annotations").(map[string]any); ok {
		annotations = given
	}
	// As kubectl create job --from marks one.
	annotations["cronjob.kubernetes.io/instantiate"] = "manual"
	metadata["annotations"] = annotations
	if labels, ok := from.At("metadata", "labels").(map[string]any); ok {
		metadata["labels"] = labels
	}
	job["metadata"] = metadata
	return job
}

// suffix is a new end for the name of a Job. With it the longest name of a CronJob has 62
// characters, of the 63 that a Job's may have.
func suffix() string { return "run-" + strings.ToLower(rand.Text()[:5]) }

// checkRuns lets the cluster check the Jobs of the first runs: a right that is missing is told
// before anything is changed. Of a custom resource it remembers the Jobs that its operator has made
// before.
func (p *Plan) checkRuns(ctx context.Context) error {
	if !p.options.Run {
		return nil
	}
	for _, s := range p.runs() {
		if s.Object.Kind() == "Job" {
			continue
		}
		jobs, err := p.client.Resource(ctx, "batch/v1", "Job")
		if err != nil {
			return err
		}
		if s.Object.Kind() == "CronJob" {
			if _, err := p.client.Create(ctx, jobs, s.Namespace, jobOf(s.Result, s.Namespace, suffix()), true); err != nil {
				return err
			}
			continue
		}
		before, err := p.client.List(ctx, jobs, s.Namespace, "")
		if err != nil {
			return err
		}
		s.before = map[string]bool{}
		for _, job := range before {
			s.before[job.UID()] = true
		}
	}
	return nil
}
