// Package kubetest holds the manifests that carjs writes against Kubernetes' own rules: strict
// decoding, defaulting, validation, and the restricted Pod Security Standard. It runs carjs deploy
// against a cluster of Kubernetes' REST handlers and controllers, which is in package control. It
// is a Go module of its own, so that neither carjs nor its ordinary tests need Kubernetes' code:
// run its tests in this folder.
package kubetest
