package control

import (
	"context"
	"sync"
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/tools/cache"
	"k8s.io/kubernetes/pkg/apis/batch"
	"k8s.io/kubernetes/pkg/controller/cronjob"
	"k8s.io/kubernetes/pkg/controller/job"

	"k8s.io/apimachinery/pkg/runtime"
)

// short makes the controllers' waits short, once for all tests: they are variables of theirs.
var short = sync.OnceFunc(func() {
	job.SyncJobBatchPeriod = 20 * time.Millisecond
	job.DefaultJobApiBackOff = 20 * time.Millisecond
	job.DefaultJobPodFailureBackOff = 50 * time.Millisecond
	job.MaxJobPodFailureBackOff = 200 * time.Millisecond
})

// Control starts the controllers of Jobs and CronJobs, and what removes the objects of an owner
// that is gone. They end with the test.
func (c *Cluster) Control(t testing.TB) {
	t.Helper()
	short()
	ctx, cancel := context.WithCancel(context.Background())
	factory := informers.NewSharedInformerFactory(c.Client, 0)
	jobs, cronJobs, pods := factory.Batch().V1().Jobs(), factory.Batch().V1().CronJobs(), factory.Core().V1().Pods()
	scheduling := factory.Scheduling().V1alpha2()
	jobController, err := job.NewController(ctx, c.Client, pods, jobs, scheduling.Workloads(), scheduling.PodGroups())
	if err != nil {
		t.Fatal(err)
	}
	cronJobController, err := cronjob.NewControllerV2(ctx, jobs, cronJobs, c.Client)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.collect(ctx, cronJobs.Informer(), jobs.Informer()); err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	factory.Start(ctx.Done())
	running.Go(func() { jobController.Run(ctx, 2) })
	running.Go(func() { cronJobController.Run(ctx, 2) })
	t.Cleanup(func() {
		cancel()
		running.Wait()
		factory.Shutdown()
	})
}

// collect removes the Jobs of a CronJob that is gone and the pods of a Job that is, as the garbage
// collector does in the background.
func (c *Cluster) collect(ctx context.Context, cronJobs, jobs cache.SharedInformer) error {
	background := metav1.DeletePropagationBackground
	options := metav1.DeleteOptions{PropagationPolicy: &background}
	_, err := cronJobs.AddEventHandler(cache.ResourceEventHandlerFuncs{DeleteFunc: func(object any) {
		owner, ok := object.(metav1.Object)
		if !ok {
			return
		}
		list, err := c.Client.BatchV1().Jobs(owner.GetNamespace()).List(ctx, metav1.ListOptions{})
		if err != nil {
			return
		}
		for i := range list.Items {
			if j := &list.Items[i]; metav1.IsControlledBy(j, owner) {
				_ = c.Client.BatchV1().Jobs(j.Namespace).Delete(ctx, j.Name, options) // or somebody else has
			}
		}
	}})
	if err != nil {
		return err
	}
	_, err = jobs.AddEventHandler(cache.ResourceEventHandlerFuncs{DeleteFunc: func(object any) {
		owner, ok := object.(metav1.Object)
		if !ok {
			return
		}
		list, err := c.Client.CoreV1().Pods(owner.GetNamespace()).List(ctx, metav1.ListOptions{})
		if err != nil {
			return
		}
		for i := range list.Items {
			if p := &list.Items[i]; metav1.IsControlledBy(p, owner) {
				_ = c.Client.CoreV1().Pods(p.Namespace).Delete(ctx, p.Name, metav1.DeleteOptions{})
			}
		}
	}})
	return err
}

// Due makes a CronJob older than it is, so that its schedule is due at once. Its schedule must be
// every minute or so.
func (c *Cluster) Due(t testing.TB, namespace, name string) {
	t.Helper()
	err := c.memory.update("/cronjobs/"+namespace+"/"+name, func(object runtime.Object) {
		o := object.(*batch.CronJob)
		o.CreationTimestamp = metav1.NewTime(o.CreationTimestamp.Add(-2 * time.Minute))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Condition tells whether a Job has a condition.
func Condition(j *batchv1.Job, kind batchv1.JobConditionType) bool {
	for _, c := range j.Status.Conditions {
		if c.Type == kind && c.Status == "True" {
			return true
		}
	}
	return false
}
