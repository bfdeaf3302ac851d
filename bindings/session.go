package bindings

import (
	"context"
	"time"

	"carjs/bindings/carjs"
	"carjs/host"
)

// session shows the host's run to the module "carjs", which knows it by an interface only.
type session struct {
	*host.Run
	// later is by how much the time that the script sees is after that of the run, in milliseconds.
	later int64
}

// newSession shows a run to a script for which it began at a time, zero for the run's own.
func newSession(run *host.Run, began time.Time) session {
	s := session{Run: run}
	if !began.IsZero() {
		s.later = began.UnixMilli() - run.Timestamp()
	}
	return s
}

// Timestamp is when the run began, as the script sees it.
func (s session) Timestamp() int64 { return s.Run.Timestamp() + s.later }

// Service returns the calls to CAR.
func (s session) Service() carjs.Service { return s.Run.Service() }

// ReadExisting begins to report a collection anew.
func (s session) ReadExisting(ctx context.Context, collection string, scope carjs.Scope) (func() error, error) {
	return s.Run.ReadExisting(ctx, collection, host.Scope{Keys: scope.Keys, From: scope.From, To: scope.To, Orphans: scope.Orphans})
}
