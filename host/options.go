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

// Options are the settings of a run. Only CAR is required, and not for a connection test.
type Options struct {
	// CAR is the address of the service and the credentials. CAR.Source is the name of the
	// connection. Without a CAR.Logger, Logger is used.
	CAR car.Config
	// Full forces a full import.
	Full bool
	// PageSize is the maximum number of objects in a page; 0 means submit.DefaultPageSize.
	PageSize int
	// InFlight is the maximum number of pages posted at the same time; 0 means
	// submit.DefaultInFlight.
	InFlight int
	// ExportDir is the folder for waiting pages; "" means the system's temporary folder.
	ExportDir string
	// KeepExport keeps a copy of every sent page in ExportDir.
	KeepExport bool
	// Redact, when set, removes secrets from the pages that KeepExport keeps. It may be called from
	// several goroutines.
	Redact func([]byte) []byte
	// KeepDangling sends edges although a vertex at one of their ends was not reported and is not
	// in CAR.
	KeepDangling bool
	// Timeout limits the whole run; 0 means no limit.
	Timeout time.Duration
	// Now is the clock for the timestamps of imports; nil means the system clock.
	Now func() time.Time
	// Logger receives the log for the operator; nil discards it.
	Logger hclog.Logger
	// Meter is told how far the run is, for those who show it while it goes on; nil when nobody looks.
	Meter *meter.Meter
	// Standing, when set, is called when the mode or the save point changes.
	Standing func(Standing)
	// DatasourceRequests, when set, says how many requests the connector made of the data source.
	DatasourceRequests func() int64
	// MaxDeletions limits how much of a collection a run may delete, deactivate or retire; nil
	// means 50 %. A percentage always allows fewer than 25 objects. A run that would remove more
	// ends with a recoverable failure before it removes what the import did not report; the
	// connector's own deletions before DeleteVertices stop at the limit. Of edges, any limit allows
	// fewer than 250, and 90 % of a collection. Edges of deleted vertices and orphans do not count.
	MaxDeletions *Limit
	// MaxSkipped limits how many objects of a collection may be invalid and left out; nil means 10
	// %. A percentage always allows fewer than 10, unless all objects are invalid. A run that
	// leaves out more ends as a failure of the connector before it removes anything and before it
	// stores the save point.
	MaxSkipped *Limit
	// Empty says that CAR has no objects of this source: a full import can retire nothing, and CAR
	// is not queried.
	Empty bool
	// Dangling, when set, is called with the edges that were left out because a vertex at one of
	// their ends is missing, once all edges were sent. If it is nil, they are logged.
	Dangling func([]submit.Dangling)
	// Skipped, when set, is called with every invalid object, which is left out, and the position
	// in the connector's source that added it ("" if the connector is not [Placed]).
	Skipped func(skip submit.Skip, at string)
	// SkippedFor, when set, is called with the first object for each reason; Report.SkippedReasons
	// has the numbers. If neither it nor Skipped is set, the log has both.
	SkippedFor func(reason SkippedReason)
}

// check returns what is wrong with the options of an import.
func (o Options) check() error {
	if o.CAR.Source == "" {
		return failure.New(failure.InvalidParameter, "no connection name is set").WithHint("set -source or CONNECTION_NAME")
	}
	if err := model.CheckKey(o.CAR.Source); err != nil {
		return failure.New(failure.InvalidParameter, "invalid connection name: %v", err).
			WithHint("change -source or CONNECTION_NAME")
	}
	if o.KeepExport && o.ExportDir == "" {
		return failure.New(failure.InvalidParameter, "no folder is set for the pages to keep").
			WithHint("set one with -export-data-dir")
	}
	return nil
}
