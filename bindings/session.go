package bindings

import (
	"context"

	"carjs/bindings/carjs"
	"carjs/host"
)

// session shows the host's run to the module "carjs", which knows it by an interface only.
type session struct{ *host.Run }

// Service returns the calls to CAR.
func (s session) Service() carjs.Service { return s.Run.Service() }

// ReadExisting begins to report a collection anew.
func (s session) ReadExisting(ctx context.Context, collection string, scope carjs.Scope) (func() error, error) {
	return s.Run.ReadExisting(ctx, collection, host.Scope{Keys: scope.Keys, From: scope.From, To: scope.To, Orphans: scope.Orphans})
}
