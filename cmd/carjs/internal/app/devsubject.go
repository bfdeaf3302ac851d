package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"carjs/bindings"
	"carjs/cmd/carjs/internal/embedded"
	"carjs/host"
	"carjs/host/author/dev"
	"carjs/host/bundle"
	"carjs/host/car"
	"carjs/host/recording"
	"carjs/host/redact"
	"carjs/host/settings"
)

// devSubject makes the connector for each run of the reload loop, with the settings as they are
// then.
type devSubject struct {
	line     *Line
	redactor *redact.Redactor
	builder  *bundle.Builder
	source   *embedded.Running // the embedded data source, once it is needed
	traffic  devTraffic
	replay   string // folder of recorded answers that stand in; empty when there is none
}

var _ dev.Subject = (*devSubject)(nil)

// newDevSubject makes the subject of the connector that a line names. The redactor gets to know the
// secrets of all settings, and those obtained with them.
func newDevSubject(line *Line, redactor *redact.Redactor) *devSubject {
	return &devSubject{
		line: line, redactor: redactor, builder: bundle.NewBuilder(sourceOf(line.Connector)),
		traffic: devTraffic{redactor: redactor, recorded: map[string]*recording.Recording{}},
	}
}

// Build bundles the connector.
func (s *devSubject) Build(ctx context.Context) (*bundle.Bundle, error) { return s.builder.Build(ctx) }

// sampleFolder is where a connector has recorded answers to begin with.
var sampleFolder = filepath.Join("recordings", "first")

// Files are those of the settings, and recorded answers that are not written by the loop itself.
func (s *devSubject) Files() []string {
	dir := s.line.Connector.Dir
	if dir == "" {
		return nil
	}
	files := []string{
		filepath.Join(dir, "configurations", "config.json"),
		filepath.Join(dir, "configurations", "lang_en.json"),
	}
	folders := []string{filepath.Join(dir, sampleFolder)}
	if replay, err := filepath.Abs(s.replay); err == nil && s.replay != "" {
		folders = append(folders, replay)
	}
	for _, folder := range folders {
		found, _ := filepath.Glob(filepath.Join(folder, "*.json")) // the pattern is a good one
		files = append(files, found...)
	}
	return files
}

// Open reads the settings anew, because config.json may have changed, and makes the connector.
func (s *devSubject) Open(
	ctx context.Context, build func() (*bundle.Bundle, error), opening dev.Opening,
) (dev.Opened, error) {
	var run settings.RunOptions
	var datasource *traffic
	connector, err := bindings.Build(build, func() (bindings.Options, error) {
		values, err := s.read(opening)
		if err != nil {
			return bindings.Options{}, err
		}
		run = values.Run()
		dir := filepath.Join(run.StateDir, "dev", s.line.Connector.Name)
		if datasource, err = s.traffic.open(ctx, s.line, values, dir, opening.Live); err != nil {
			return bindings.Options{}, err
		}
		return scriptOptions(values, access{
			transport: opening.Requests.Watch(datasource.transport, recording.Replayed), clock: datasource.clock,
			log: opening.Log, secret: s.redactor.Add, hides: hiding(s.redactor),
		}), nil
	})
	if err != nil {
		if datasource != nil {
			err = errors.Join(err, datasource.done(false))
		}
		return dev.Opened{}, err
	}
	skipped := host.Limit(run.MaxSkipped)
	options := host.Options{
		KeepDangling: run.KeepDangling,
		MaxDeletions: &host.Limit{Off: true}, // the graph is made anew with every full import
		MaxSkipped:   &skipped,
		Logger:       opening.Log, Timeout: run.Timeout, PageSize: run.PageSize, DatasourceRequests: connector.DatasourceRequests,
		CAR: car.Config{Source: run.Source, RequestTimeout: run.RequestTimeout},
	}
	return dev.Opened{Connector: connector, Options: options, Done: datasource.done}, nil
}

// read gathers and checks the settings, and starts the embedded data source when that stands in.
func (s *devSubject) read(opening dev.Opening) (settings.Values, error) {
	line, err := s.line.again()
	if err != nil {
		return settings.Values{}, err
	}
	values, err := line.Gather()
	if err != nil {
		return values, err
	}
	values.Redact(s.redactor)
	if embedded.StandsIn(line.Connector.Name, values) {
		if s.source == nil {
			if s.source, err = embedded.StartSource(values.Run().StateDir, opening.Log, nil); err != nil {
				return values, err
			}
		}
		values = values.WithDefaults(embedded.SourceSettings(s.source.URL))
	}
	values = values.WithDefaults(map[string]string{settings.EnvSource: line.Connector.Name})
	values, err = s.sampled(line, values, opening)
	values.Redact(s.redactor)
	return values, err
}

// sampled checks the settings. When some are missing and the connector has sample data, those stand
// in, for a live run, too: its log says so.
func (s *devSubject) sampled(line *Line, values settings.Values, opening dev.Opening) (settings.Values, error) {
	replay := values.Text(settings.EnvReplay)
	missing := values.Check()
	if missing != nil && replay == "" && line.Connector.Dir != "" {
		sample := filepath.Join(line.Connector.Dir, sampleFolder)
		if _, err := os.Stat(filepath.Join(sample, recording.ManifestFile)); err == nil {
			if err := recording.Within(line.Connector.Dir, sampleFolder); err != nil {
				return values, recordingFailure(err)
			}
			replay = sample
		}
	}
	if replay == "" {
		return values, missing
	}
	recorded, err := s.traffic.read(replay)
	if err != nil {
		return values, recordingFailure(err)
	}
	log := opening.Log.Named(ConnectorLabel)
	switch {
	case !opening.Live:
	case values.Text(settings.EnvReplay) != "":
		log.Warn("not querying the data source, because -replay is set", "using", replay)
	default:
		log.Warn("cannot query the data source", "why", missing.Error(), "using", replay)
	}
	if s.replay != replay {
		log.Info("using recorded responses instead of the data source", "folder", replay)
		s.replay = replay
	}
	values = values.WithDefaults(map[string]string{settings.EnvReplay: replay}).WithStandIns(recorded.Settings)
	return values, values.Check()
}

// close ends what was started for the runs.
func (s *devSubject) close() error {
	s.builder.Close()
	if s.source != nil {
		return s.source.Stop()
	}
	return nil
}
