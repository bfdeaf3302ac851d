package control

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/tools/cache"
	api "k8s.io/kubernetes/pkg/apis/core"
	"k8s.io/kubernetes/third_party/forked/golang/expansion"
)

// Node is the name of the one node.
const Node = "node-1"

// Kubelet runs pods as processes of this machine: it pulls the image, unpacks it, makes the
// volumes, and reports what becomes of the container in the words of a kubelet. It is the scheduler
// as well.
type Kubelet struct {
	cluster *Cluster
	dir     string
	memory  resource.Quantity
	env     map[string]string

	mu      sync.Mutex
	started map[string]context.CancelFunc
	running sync.WaitGroup
}

// Kubelet starts one that ends with the test. Env are variables that every container gets, unless
// its pod sets them.
func (c *Cluster) Kubelet(t testing.TB, env map[string]string) *Kubelet {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	k := &Kubelet{cluster: c, dir: t.TempDir(), memory: resource.MustParse("4Gi"), env: env, started: map[string]context.CancelFunc{}}
	factory := informers.NewSharedInformerFactory(c.Client, 0)
	_, err := factory.Core().V1().Pods().Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(object any) { k.see(ctx, object.(*corev1.Pod)) },
		UpdateFunc: func(_, object any) { k.see(ctx, object.(*corev1.Pod)) },
	})
	if err != nil {
		t.Fatal(err)
	}
	factory.Start(ctx.Done())
	t.Cleanup(func() {
		cancel()
		factory.Shutdown()
		k.running.Wait()
	})
	return k
}

// see starts a pod that is new, and ends one that is being deleted.
func (k *Kubelet) see(ctx context.Context, pod *corev1.Pod) {
	k.mu.Lock()
	defer k.mu.Unlock()
	end, known := k.started[string(pod.UID)]
	switch {
	case pod.DeletionTimestamp != nil:
		if known {
			end()
		}
		now := int64(0)
		_ = k.cluster.Client.CoreV1().Pods(pod.Namespace).Delete(ctx, pod.Name, metav1.DeleteOptions{GracePeriodSeconds: &now}) // or it is gone
	case !known && pod.Status.Phase == corev1.PodPending:
		own, cancel := context.WithCancel(ctx)
		k.started[string(pod.UID)] = cancel
		k.running.Go(func() { k.run(own, pod.DeepCopy()) })
	}
}

// run takes a pod from its binding to its end.
func (k *Kubelet) run(ctx context.Context, pod *corev1.Pod) {
	if !k.bind(ctx, pod) {
		return
	}
	c := pod.Spec.Containers[0]
	k.waiting(ctx, pod, "ContainerCreating", "")
	image, err := k.pull(c.Image)
	if err != nil {
		k.waiting(ctx, pod, "ErrImagePull", fmt.Sprintf("failed to pull and unpack image %q: %v", c.Image, err))
		k.waiting(ctx, pod, "ImagePullBackOff", fmt.Sprintf("Back-off pulling image %q: %v", c.Image, err))
		return
	}
	env, err := k.environment(ctx, pod)
	if err != nil {
		k.waiting(ctx, pod, "CreateContainerConfigError", err.Error())
		return
	}
	box, err := k.box(ctx, pod, image)
	if err != nil {
		k.waiting(ctx, pod, "CreateContainerError", err.Error())
		return
	}
	command := box.command(ctx, env)
	var log tail
	command.Stdout, command.Stderr = &log, &log
	command.WaitDelay = 5 * time.Second
	if err := command.Start(); err != nil {
		k.ended(ctx, pod, corev1.ContainerStateTerminated{ExitCode: 128, Reason: "StartError",
			Message: "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: " +
				"unable to start container process: " + strings.TrimPrefix(err.Error(), "fork/")})
		return
	}
	started := metav1.Now()
	k.status(ctx, pod, corev1.PodRunning, corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: started}})
	_ = command.Wait() // the code says it
	state := corev1.ContainerStateTerminated{ExitCode: int32(command.ProcessState.ExitCode()), Reason: "Completed", StartedAt: started}
	if state.ExitCode < 0 {
		state.ExitCode = 137
	}
	if state.ExitCode != 0 {
		state.Reason = "Error"
	}
	if state.Message = box.message(); state.Message == "" && state.ExitCode != 0 &&
		c.TerminationMessagePolicy == corev1.TerminationMessageFallbackToLogsOnError {
		state.Message = log.end()
	}
	k.ended(ctx, pod, state)
}

// bind is the scheduler: it gives a pod the node, if that has the memory.
func (k *Kubelet) bind(ctx context.Context, pod *corev1.Pod) bool {
	if asked := pod.Spec.Containers[0].Resources.Requests.Memory(); asked.Cmp(k.memory) > 0 {
		pod.Status.Conditions = append(pod.Status.Conditions, corev1.PodCondition{Type: corev1.PodScheduled, Status: corev1.ConditionFalse,
			Reason: corev1.PodReasonUnschedulable, Message: "0/1 nodes are available: 1 Insufficient memory."})
		_, _ = k.cluster.Client.CoreV1().Pods(pod.Namespace).UpdateStatus(ctx, pod, metav1.UpdateOptions{}) // it may be gone
		return false
	}
	err := k.cluster.memory.update("/pods/"+pod.Namespace+"/"+pod.Name, func(object runtime.Object) {
		object.(*api.Pod).Spec.NodeName = Node
	})
	return err == nil
}

func (k *Kubelet) waiting(ctx context.Context, pod *corev1.Pod, reason, message string) {
	k.status(ctx, pod, corev1.PodPending, corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: reason, Message: message}})
}

func (k *Kubelet) ended(ctx context.Context, pod *corev1.Pod, state corev1.ContainerStateTerminated) {
	phase := corev1.PodSucceeded
	if state.ExitCode != 0 {
		phase = corev1.PodFailed
	}
	if state.StartedAt.IsZero() {
		state.StartedAt = metav1.Now()
	}
	state.FinishedAt = metav1.Now()
	k.status(ctx, pod, phase, corev1.ContainerState{Terminated: &state})
}

// status reports the one container, on top of whatever the pod has become.
func (k *Kubelet) status(ctx context.Context, pod *corev1.Pod, phase corev1.PodPhase, state corev1.ContainerState) {
	for ctx.Err() == nil {
		now, err := k.cluster.Client.CoreV1().Pods(pod.Namespace).Get(ctx, pod.Name, metav1.GetOptions{})
		if err != nil {
			return // it is gone
		}
		started := metav1.Now()
		now.Status.Phase = phase
		if now.Status.StartTime == nil {
			now.Status.StartTime = &started
		}
		now.Status.ContainerStatuses = []corev1.ContainerStatus{{
			Name: pod.Spec.Containers[0].Name, Image: pod.Spec.Containers[0].Image, State: state, Ready: state.Running != nil,
		}}
		if _, err = k.cluster.Client.CoreV1().Pods(pod.Namespace).UpdateStatus(ctx, now, metav1.UpdateOptions{}); err == nil {
			return
		}
	}
}

// environment is that of the container: values and Secrets, with $(NAME) replaced as Kubernetes
// does.
func (k *Kubelet) environment(ctx context.Context, pod *corev1.Pod) (map[string]string, error) {
	env := map[string]string{}
	for _, v := range pod.Spec.Containers[0].Env {
		if v.ValueFrom == nil {
			env[v.Name] = expansion.Expand(v.Value, expansion.MappingFuncFor(env))
			continue
		}
		from := v.ValueFrom.SecretKeyRef
		optional := from.Optional != nil && *from.Optional
		secret, err := k.cluster.Client.CoreV1().Secrets(pod.Namespace).Get(ctx, from.Name, metav1.GetOptions{})
		if err != nil {
			if optional {
				continue
			}
			return nil, err // `secrets "x" not found`
		}
		value, has := secret.Data[from.Key]
		switch {
		case has:
			env[v.Name] = string(value)
		case !optional:
			return nil, fmt.Errorf("couldn't find key %s in Secret %s/%s", from.Key, pod.Namespace, from.Name)
		}
	}
	all := maps.Clone(k.env)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, env)
	return all, nil
}

// tail keeps the end of a log.
type tail struct {
	mu   sync.Mutex
	text []byte
}

// Write keeps what it is given.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	return len(p), nil
}

// end is what a kubelet takes of a log: 80 lines or 2 KiB, whatever is less.
func (t *tail) end() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := strings.SplitAfter(string(t.text), "\n")
	text := strings.Join(lines[max(0, len(lines)-80):], "")
	return text[max(0, len(text)-2048):]
}

// podDir is the folder of a pod on this machine.
func (k *Kubelet) podDir(pod *corev1.Pod) string { return filepath.Join(k.dir, string(pod.UID)) }
