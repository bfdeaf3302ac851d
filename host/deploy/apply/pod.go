package apply

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"carjs/host/deploy/cluster"
	"carjs/host/failure"
)

// look reads the pods of the Job, tells what is new, and fails when none of them can start.
func (r *run) look(ctx context.Context) error {
	r.looks++
	selector := "batch.kubernetes.io/controller-uid=" + r.job.UID()
	if labels, ok := r.job.At("spec", "selector", "matchLabels").(map[string]any); ok {
		var parts []string
		for key, value := range labels {
			parts = append(parts, fmt.Sprintf("%s=%v", key, value))
		}
		slices.Sort(parts)
		selector = strings.Join(parts, ",")
	}
	pods, err := r.client.List(ctx, r.pods, r.step.Namespace, selector)
	if cluster.IsForbidden(err) {
		return nil // the Job alone says enough in the end
	}
	if err != nil {
		return err
	}
	slices.SortStableFunc(pods, byAge)
	for _, pod := range pods {
		before := r.seen[pod.UID()]
		r.seen[pod.UID()] = pod
		if terminated(pod) != nil && terminated(before) == nil {
			r.attempt(pod)
		}
	}
	if len(pods) == 0 {
		return r.noPods(ctx)
	}
	return r.judge(pods[len(pods)-1])
}

func byAge(a, b cluster.Object) int {
	return cmp.Or(strings.Compare(a.Text("metadata", "creationTimestamp"), b.Text("metadata", "creationTimestamp")),
		strings.Compare(a.Text("status", "startTime"), b.Text("status", "startTime")))
}

// say tells a line once.
func (r *run) say(line string) {
	if line != r.said {
		r.said = line
		r.tell("%s", line)
	}
}

// attempt tells how an attempt ended, unless it is the one that counts.
func (r *run) attempt(pod cluster.Object) {
	state := terminated(pod)
	if state.Int("exitCode") == 0 || broken(state) != "" {
		return
	}
	line := fmt.Sprintf("pod %s ended with exit code %d", pod.Name(), state.Int("exitCode"))
	if text := readResult(state.Text("message")).Message; text != "" {
		line += ": " + text
	}
	r.say(line)
}

// noPods asks why a Job has no pods, when that takes longer than usual.
func (r *run) noPods(ctx context.Context) error {
	if r.looks < 5 || len(r.seen) > 0 || condition(r.job, "Failed") != nil {
		return nil
	}
	events, err := r.client.Do(ctx, cluster.Request{Doing: "list events", Method: "GET", Path: r.events.Path(r.step.Namespace, ""),
		Query: url.Values{"fieldSelector": {"involvedObject.uid=" + r.job.UID()}}})
	if err != nil {
		return nil //nolint:nilerr // who may not read events waits on
	}
	for _, event := range events.List("items") {
		if event.Text("type") == "Warning" && event.Text("reason") == "FailedCreate" {
			return r.hopeless(failure.Usage("the cluster makes no pod for %s: %s", r.job.Name(), event.Text("message")).
				WithHint("change what the cluster refuses, or ask its administrator to allow it"))
		}
	}
	return nil
}

// judge looks at a pod that has not ended.
func (r *run) judge(pod cluster.Object) error {
	if state := terminated(pod); state != nil {
		if why := broken(state); why != "" {
			return r.cannotStart(pod, why)
		}
		return nil
	}
	for _, c := range pod.List("status", "conditions") {
		if c.Text("type") == "PodScheduled" && c.Text("status") == "False" && c.Text("reason") == "Unschedulable" {
			return r.unschedulable(pod, c.Text("message"))
		}
	}
	r.stuck = time.Time{}
	for _, status := range append(pod.List("status", "initContainerStatuses"), pod.List("status", "containerStatuses")...) {
		reason, message := status.Text("state", "waiting", "reason"), status.Text("state", "waiting", "message")
		if err := r.waiting(pod, status.Text("image"), reason, message); err != nil {
			return err
		}
	}
	switch pod.Text("status", "phase") {
	case "Running":
		r.say(fmt.Sprintf("pod %s is running%s", pod.Name(), onNode(pod)))
	case "Pending":
		r.say(fmt.Sprintf("pod %s is starting%s", pod.Name(), onNode(pod)))
	}
	return nil
}

func onNode(pod cluster.Object) string {
	if node := pod.Text("spec", "nodeName"); node != "" {
		return " on " + node
	}
	return ""
}

func (r *run) unschedulable(pod cluster.Object, message string) error {
	r.say(fmt.Sprintf("pod %s finds no node: %s", pod.Name(), message))
	if r.stuck.IsZero() {
		r.stuck = time.Now()
	}
	if time.Since(r.stuck) < r.follow.Unschedulable {
		return nil
	}
	return r.hopeless(failure.New(failure.Recoverable, "no node of the cluster can run %s: %s", r.step.Object.Name(), message).
		WithFault(failure.FaultNobody).WithHint("free or add a node, or ask for less with -memory"))
}

// waiting judges why a container is not running yet.
func (r *run) waiting(pod cluster.Object, image, reason, message string) error {
	missing := strings.Contains(message, "not found") || strings.Contains(message, "manifest unknown")
	denied := strings.Contains(message, "unauthorized") || strings.Contains(message, "denied") || strings.Contains(message, "orbidden")
	if image == "" {
		image = imageOf(r.job)
	}
	switch reason {
	case "ErrImagePull", "ImagePullBackOff":
		f := failure.Usage("the cluster cannot pull the image %s: %s", image, orReason(message, reason))
		switch {
		case strings.Contains(message, "no match for platform"):
			return r.otherArchitecture(pod, message)
		case denied:
			return r.hopeless(f.WithHint("set -pull-secret to a Secret with a login for the registry"))
		case missing:
			return r.hopeless(f.WithHint("push the image with carjs image -push, and deploy the digest that it prints"))
		case reason == "ImagePullBackOff":
			f = failure.New(failure.Recoverable, "%s", f.Message).WithFault(failure.FaultNobody)
			return r.hopeless(f.WithHint("check that the nodes of the cluster can reach the registry"))
		}
	case "InvalidImageName", "ErrImageNeverPull":
		return r.hopeless(failure.Usage("the cluster cannot pull the image %s: %s", image, orReason(message, reason)).
			WithHint("deploy the digest that carjs image -push prints"))
	case "CreateContainerConfigError":
		hint := "correct what the message names and deploy again"
		if strings.Contains(message, "secret") {
			hint = "create the Secret with the keys that carjs manifest lists, and deploy again"
		}
		return r.hopeless(failure.Usage("the pod of %s cannot start: %s", r.step.Object.Name(), orReason(message, reason)).WithHint("%s", hint))
	case "CreateContainerError", "RunContainerError", "StartError":
		if strings.Contains(message, formatError) {
			return r.otherArchitecture(pod, message)
		}
		return r.hopeless(failure.Usage("the pod of %s cannot start: %s", r.step.Object.Name(), orReason(message, reason)).
			WithHint("kubectl describe pod %s -n %s says more", pod.Name(), r.step.Namespace))
	}
	return nil
}

func orReason(message, reason string) string {
	if message == "" {
		return reason
	}
	return message
}

// formatError is how Linux refuses the program of another processor.
const formatError = "exec format error"

// terminated is how the connector's container of a pod ended, nil while it has not.
func terminated(pod cluster.Object) cluster.Object {
	statuses := pod.List("status", "containerStatuses")
	if len(statuses) == 0 {
		return nil
	}
	state, _ := statuses[0].At("state", "terminated").(map[string]any)
	return state
}

// broken says why a container ended that never ran, "" for one that did.
func broken(state cluster.Object) string {
	message, reason := state.Text("message"), state.Text("reason")
	if strings.Contains(message, formatError) || reason == "StartError" || reason == "ContainerCannotRun" {
		return orReason(strings.Join(strings.Fields(message), " "), reason)
	}
	return ""
}

func (r *run) cannotStart(pod cluster.Object, why string) error {
	if strings.Contains(why, formatError) {
		return r.otherArchitecture(pod, why)
	}
	return r.hopeless(failure.Usage("the pod of %s cannot start: %s", r.step.Object.Name(), why).
		WithHint("kubectl describe pod %s -n %s says more", pod.Name(), r.step.Namespace))
}

func (r *run) otherArchitecture(pod cluster.Object, why string) error {
	node := "the node"
	if name := pod.Text("spec", "nodeName"); name != "" {
		node += " " + name
	}
	return r.hopeless(failure.Usage("the image of %s is for another processor than that of %s: %s", r.step.Object.Name(), node, why).
		WithHint("make the image for the platform of the nodes, with carjs image -platform, and deploy its digest"))
}

// hopeless ends the wait for a run that will not come, and takes its Job away: it would try on for
// hours.
func (r *run) hopeless(f *failure.Failure) error {
	if r.made {
		// Without a right to remove it, it fails by itself in the end.
		_ = r.client.Delete(context.Background(), r.jobs, r.step.Namespace, r.job, false)
	}
	return f
}

// last is the newest pod that has ended, and how.
func (r *run) last() (pod, state cluster.Object) {
	var ended []cluster.Object
	for _, pod := range r.seen {
		if terminated(pod) != nil {
			ended = append(ended, pod)
		}
	}
	if len(ended) == 0 {
		return nil, nil
	}
	slices.SortFunc(ended, func(a, b cluster.Object) int {
		// Times have whole seconds.
		return cmp.Or(strings.Compare(terminated(a).Text("finishedAt"), terminated(b).Text("finishedAt")), byAge(a, b),
			strings.Compare(a.Name(), b.Name()))
	})
	pod = ended[len(ended)-1]
	return pod, terminated(pod)
}
