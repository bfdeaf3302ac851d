// Package control is a small cluster of real parts for tests: Kubernetes' own REST handlers with
// server-side apply, defaulting, validation, dry runs and watches, on loopback with TLS; its Job
// and CronJob controllers; and in place of a kubelet one that pulls an image from a registry,
// unpacks it and runs its program as a process. Only etcd, the scheduler, the kubelet and the
// garbage collector are not Kubernetes': objects are kept in memory.
package control
