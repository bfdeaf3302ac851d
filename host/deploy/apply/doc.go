// Package apply brings objects into a cluster by server-side apply, and back: everything is checked
// by the cluster before anything is changed ([Prepare]), differences are shown ([Plan.Diff]), what
// was there before is kept with each object ([Plan.Apply]) and can be restored ([PrepareRollback]),
// and the first run is followed to its end ([Runs]).
//
// Nothing is deleted and made anew: an object keeps its identity, and with it its history and its
// jobs. Only what a first deployment made is removed when that is rolled back. How a cluster is
// asked is the concern of host/deploy/cluster, which objects there are that of
// host/deploy/manifest.
package apply
