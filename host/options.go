package host

import (
	"time"

	"github.com/hashicorp/go-hclog"

	"carjs/host/car"
	"carjs/host/failure"
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
	// Timeout bounds the whole run; 0 is unbounded.
	Timeout time.Duration
	// Now is the clock by which imports are dated; nil is the machine's.
	Now func() time.Time
	// Logger takes what the operator reads; nil is nowhere.
	Logger hclog.Logger
	// DatasourceRequests, when set, says how many requests the connector made of the data source.
	DatasourceRequests func() int64
	// Skipped, when set, is told of every object that is left out because it is not valid, and
	// where in the connector's source that was ("" when the connector is not [Placed]). nil logs
	// the first of each collection.
	Skipped func(skip submit.Skip, at string)
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
		return failure.New(failure.InvalidParameter, "pages are to be kept, and no folder is set for them").
			WithHint("set one with -export-data-dir")
	}
	return nil
}
