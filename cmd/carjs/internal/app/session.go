package app

import (
	"errors"
	"io/fs"
	"os"
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
func (r *Run) session(connector *bindings.Connector) (host.Options, error) {
	options := host.Options{
		Full: r.Settings.Full, PageSize: r.Settings.PageSize, InFlight: r.Settings.PagesInFlight,
		ExportDir: r.Settings.ExportDataDir, KeepExport: r.Settings.KeepExportData, Redact: r.Redactor.Bytes,
		KeepDangling: r.Settings.KeepDangling, Timeout: r.Settings.Timeout, Logger: r.Log, DatasourceRequests: connector.DatasourceRequests,
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
		full, err := r.apart()
		if err != nil {
			return options, failure.Usage("cannot write to the state folder: %v", err).WithCause(err).
				WithHint("set another with -state-dir")
		}
		options.Full = options.Full || full
		_, err = os.Stat(filepath.Join(r.Settings.StateDir, "car.db"))
		options.Empty = errors.Is(err, fs.ErrNotExist)
		return options, r.embedCAR(&options.CAR)
	}
	return options, nil
}

// embeddedPollWait is short, because the embedded service does a job in milliseconds.
const embeddedPollWait = 5 * time.Millisecond

// embedCAR starts the embedded CAR service.
func (r *Run) embedCAR(config *car.Config) error {
	s, err := embedded.OpenCAR(r.Settings.StateDir, carserver.Config{Logger: r.Log.Named("car")})
	if err != nil {
		return err
	}
	running, err := embedded.Start(s)
	if err != nil {
		return err
	}
	r.stopAfter = append(r.stopAfter, running.Stop)
	config.URL = running.URL + "/api/car/v2"
	config.PollWait = embeddedPollWait
	return nil
}
