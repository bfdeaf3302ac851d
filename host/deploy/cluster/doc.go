// Package cluster is a small client of the Kubernetes API over plain REST: it reads kubeconfig
// files and service accounts, logs in, and gets, applies, creates and deletes objects. Every error
// is a [*failure.Failure] that says whose fault it is and what to do.
//
// Objects are what JSON makes of them ([Object]), so that any kind can be handled. What is applied,
// in which order, and what becomes of it is the concern of host/deploy/apply.
package cluster
