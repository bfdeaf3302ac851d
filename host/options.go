package host

import (
	"time"

	"github.com/hashicorp/go-hclog"

	"carjs/host/car"
	"carjs/host/failure"
	"carjs/host/meter"
	"carjs/host/model"
	"carjs/host/submit"
)

// Options are the settings of a run. Only CAR must be given, and not for a connection test.
type Options struct {
	// CAR says where the service is and who asks. CAR.Source is the name of the connection. A nil
	// CAR.Logger is Logger.
	CAR car.Config
	// Full forces a full import.
	Full bool
	// PageSize is the most objects that go into one page; 0 is submit.DefaultPageSize.
	PageSize int
	// InFlight is the most pages that are posted at the same time; 0 is submit.DefaultInFlight.
	InFlight int
	// ExportDir is where pages wait; "" is the system's temporary folder.
	ExportDir string
	// KeepExport leaves every page that was sent in ExportDir.
	KeepExport bool
	// Redact, when set, takes the secrets out of the pages that KeepExport leaves. It may be called
	// from several goroutines.
	Redact func([]byte) []byte
	// KeepDangling sends edges although a vertex at one of their ends was not reported and is not
	// in CAR.
	KeepDangling bool
	// Timeout bounds the whole run; 0 is unbounded.
	Timeout time.Duration
	// Now is the clock by which imports are dated; nil is the machine's.
	Now func() time.Time
	// Logger takes what the operator reads; nil is nowhere.
	Logger hclog.Logger
	// Meter is told how far the run is, for those who show it while it goes on; nil when nobody looks.
	Meter *meter.Meter
	// DatasourceRequests, when set, says how many requests the connector made of the data source.
	DatasourceRequests func() int64
	// MaxDeletions is the most of a collection that a run may delete, deactivate or retire; nil is
	// 50 %. With a percentage, fewer than 25 objects always pass. A run that would remove more ends
	// with a recoverable failure, before it removes what it found gone by itself; what the
	// connector deletes call by call stops at the limit. Of edges, at least 250 and more than 90 %
	// of a collection are too many, unless the limit is off. Edges at vertices that are deleted and
	// orphans follow without counting.
	MaxDeletions *Limit
	// MaxSkipped is the most of a collection's objects that may be left out because they are not
	// valid; nil is 10 %. With a percentage, fewer than 10 objects pass unless they are all that
	// there are. A run that leaves out more ends as a failure of the connector before anything is
	// removed and before the save point moves.
	MaxSkipped *Limit
	// Empty says that CAR has nothing of this source before a full import, so that nothing can be
	// retired: CAR is not asked.
	Empty bool
	// Dangling, when set, is called with the edges that were left out because a vertex at one of
	// their ends is missing, once all edges were sent. nil logs them.
	Dangling func([]submit.Dangling)
	// Skipped, when set, is called with every object that is left out because it is invalid, and
	// the place in the connector's source that added it ("" when the connector is not [Placed]).
	Skipped func(skip submit.Skip, at string)
	// SkippedFor, when set, is called with the first object for each reason; Report.SkippedReasons
	// has the numbers. Where neither it nor Skipped is set, the log has both.
	SkippedFor func(reason SkippedReason)
}

// check says what is wrong with the options of an import.
func (o Options) check() error {
	if o.CAR.Source == "" {
		return failure.New(failure.InvalidParameter, "no connection name is set").WithHint("set -source or CONNECTION_NAME")
	}
	if err := model.CheckKey(o.CAR.Source); err != nil {
		return failure.New(failure.InvalidParameter, "invalid connection name: %v", err).
			WithHint("set another one with -source or CONNECTION_NAME")
	}
	if o.KeepExport && o.ExportDir == "" {
		return failure.New(failure.InvalidParameter, "no folder is set for the pages to keep").
			WithHint("set one with -export-data-dir")
	}
	return nil
}
