package app

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"carjs/bindings"
	"carjs/cmd/carjs/internal/embedded"
	"carjs/host"
	"carjs/host/car"
	"carjs/host/carserver"
	"carjs/host/failure"
)

// session are the options of the host, with the embedded CAR service started when that is the one
// to use.
func (r *Run) session(ctx context.Context, connector *bindings.Connector) (host.Options, error) {
	options := host.Options{
		Full: r.Settings.Full, PageSize: r.Settings.PageSize, InFlight: r.Settings.PagesInFlight,
		ExportDir: r.Settings.ExportDataDir, KeepExport: r.Settings.KeepExportData, Redact: r.Redactor.Bytes,
		KeepDangling: r.Settings.KeepDangling, Timeout: r.Settings.Timeout, Logger: r.Log, Meter: r.meter,
		Standing: r.notes.keep, DatasourceRequests: connector.DatasourceRequests,
	}
	deletions, skipped := host.Limit(r.Settings.MaxDeletions), host.Limit(r.Settings.MaxSkipped)
	options.MaxDeletions, options.MaxSkipped = &deletions, &skipped
	if options.KeepExport && options.ExportDir == "" {
		options.ExportDir = filepath.Join(r.Settings.StateDir, "export")
	}
	if r.Settings.ConnectionTest {
		return options, nil
	}
	settings, err := r.values.CAR()
	if err != nil {
		return options, err
	}
	options.CAR = car.Config{
		URL: settings.URL, Key: settings.Key.Reveal(), Password: settings.Password.Reveal(), Token: settings.Token.Reveal(),
		Source: settings.Source, RetryWait: r.Settings.CARRetryWait, PollWait: r.Settings.CARRetryWait / 10,
		RequestTimeout: r.Settings.RequestTimeout, JobTimeout: r.Settings.JobTimeout,
		Compress: r.Settings.Compress,
	}
	if r.Embedded {
		if err := r.embedCAR(ctx, &options.CAR); err != nil {
			return options, err
		}
		// Only now: another run may have been there until a moment ago.
		full, err := r.apart()
		if err != nil {
			return options, embedded.Broken(r.Settings.StateDir, err)
		}
		options.Full = options.Full || full
		options.Empty = r.emptyCAR
	}
	return options, nil
}

// embeddedPollWait is short, because the embedded service does a job in milliseconds.
const embeddedPollWait = 5 * time.Millisecond

// lockWait is how long a run waits for another one that has the embedded CAR service of the same
// state folder. Few imports into it take longer; what holds it longer is carjs car.
const lockWait = 30 * time.Second

// embedCAR starts the embedded CAR service.
func (r *Run) embedCAR(ctx context.Context, config *car.Config) error {
	s, err := r.openCAR(ctx)
	if err != nil {
		return err
	}
	r.emptyCAR = s.New()
	running, err := embedded.Start(s)
	if err != nil {
		return err
	}
	r.stopAfter = append(r.stopAfter, running.Stop)
	config.URL = running.URL + "/api/car/v2"
	r.traffic.forbid("the embedded CAR service", config.URL)
	config.PollWait = embeddedPollWait
	return nil
}

// broken ends the import when an embedded service cannot use its files any more.
func (r *Run) broken(err error) { r.stop(embedded.Broken(r.Settings.StateDir, err)) }

// openCAR opens the embedded CAR service, when another carjs has it, after a while.
func (r *Run) openCAR(ctx context.Context) (*carserver.Server, error) {
	config := carserver.Config{
		Logger: r.Log.Named("car"),
		Broken: r.broken,
	}
	for began := time.Now(); ; {
		s, err := embedded.OpenCAR(r.Settings.StateDir, config) // waits a moment itself
		if !errors.Is(err, embedded.ErrInUse) || time.Since(began) > lockWait {
			return s, err
		}
		if ctx.Err() != nil {
			return nil, failure.From(context.Canceled)
		}
		if !r.waited {
			r.waited = true
			r.Log.Info("another carjs uses the embedded CAR service of this state folder: waiting until it has ended",
				"kept_in", r.Settings.StateDir, "at_most", lockWait)
			defer r.meter.Wait("another carjs that uses the embedded CAR service", 0)()
		}
	}
}
