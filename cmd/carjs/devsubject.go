package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/hashicorp/go-hclog"

	"carjs/bindings"
	"carjs/host"
	"carjs/host/author/dev"
	"carjs/host/bundle"
	"carjs/host/car"
	"carjs/host/recording"
	"carjs/host/settings"
)

// devSubject makes the connector for each run, with the settings as they are then.
type devSubject struct {
	session *devSession
	builder *bundle.Builder
	source  *running // the embedded data source, once it is needed
	traffic devTraffic
}

func newDevSubject(d *devSession) *devSubject {
	source := d.command.connector.Source()
	source.Modules = bindings.Modules()
	return &devSubject{
		session: d, builder: bundle.NewBuilder(source),
		traffic: devTraffic{redactor: d.redactor, recorded: map[string]*recording.Recording{}},
	}
}

// Build bundles the connector, unless it is built.
func (s *devSubject) Build(ctx context.Context) (*bundle.Bundle, error) {
	if s.session.command.connector.Built() {
		return s.session.command.connector.Build(ctx, nil, bundle.Cache{})
	}
	return s.builder.Build(ctx)
}

// sampleFolder is where a connector has recorded answers to begin with.
var sampleFolder = filepath.Join("recordings", "first")

// Files are those of the settings, and recorded answers that are not written by the loop itself.
func (s *devSubject) Files() []string {
	dir := s.session.command.connector.Dir
	if dir == "" {
		return nil
	}
	files := []string{
		filepath.Join(dir, "configurations", "config.json"),
		filepath.Join(dir, "configurations", "lang_en.json"),
	}
	folders := []string{filepath.Join(dir, sampleFolder)}
	if replay, err := filepath.Abs(s.session.replay); err == nil && s.session.replay != "" {
		folders = append(folders, replay)
	}
	for _, folder := range folders {
		found, _ := filepath.Glob(filepath.Join(folder, "*.json")) // the pattern is a good one
		files = append(files, found...)
	}
	return files
}

// Open reads the settings anew, because config.json may have changed, and makes the connector.
func (s *devSubject) Open(build func() (*bundle.Bundle, error), opening dev.Opening) (dev.Opened, error) {
	var run settings.RunOptions
	var datasource *traffic
	connector, err := bindings.Build(build, func() (bindings.Options, error) {
		values, err := s.read(opening.Log)
		if err != nil {
			return bindings.Options{}, err
		}
		run = values.Run()
		dir := filepath.Join(run.StateDir, "dev", s.session.command.connector.Name)
		if datasource, err = s.traffic.open(s.session.command, values, dir, opening.Live); err != nil {
			return bindings.Options{}, err
		}
		return bindings.Options{
			Args: values.Connector(), Logger: opening.Log.Named(connectorLabel), Secret: s.session.redactor.Add,
			Transport:      opening.Requests.Watch(datasource, recording.Replayed),
			RequestTimeout: run.RequestTimeout, RetryWait: run.RetryWait,
			MaxStack: run.MaxStack, MaxTurn: run.MaxTurn, MaxMemory: run.MaxMemory,
		}, nil
	})
	if err != nil {
		if datasource != nil {
			err = errors.Join(err, datasource.done(false))
		}
		return dev.Opened{}, err
	}
	options := host.Options{
		Logger: opening.Log, Timeout: run.Timeout, PageSize: run.PageSize, DatasourceRequests: connector.DatasourceRequests,
		CAR: car.Config{Source: run.Source, RequestTimeout: run.RequestTimeout},
	}
	return dev.Opened{Connector: connector, Options: options, Done: datasource.done}, nil
}

// read gathers and checks the settings, and starts the embedded data source when that stands in.
func (s *devSubject) read(log hclog.Logger) (settings.Values, error) {
	command, err := readCommand("dev", settings.DevTable(), s.session.args)
	if err != nil {
		return settings.Values{}, err
	}
	values, err := command.gather()
	if err != nil {
		return values, err
	}
	values.Redact(s.session.redactor)
	if standsIn(command, values) {
		if s.source == nil {
			if s.source, err = startSource(values.Run().StateDir, log); err != nil {
				return values, err
			}
		}
		values = withSource(values, s.source.URL)
	}
	values = values.WithDefaults(map[string]string{settings.EnvSource: command.connector.Name})
	values, err = s.sampled(command, values, log)
	values.Redact(s.session.redactor)
	return values, err
}

// sampled checks the settings. When some are missing and the connector has sample data, those stand
// in.
func (s *devSubject) sampled(command *command, values settings.Values, log hclog.Logger) (settings.Values, error) {
	replay := values.Text(settings.EnvReplay)
	missing := values.Check()
	if missing != nil && replay == "" && command.connector.Dir != "" {
		sample := filepath.Join(command.connector.Dir, sampleFolder)
		if _, err := os.Stat(filepath.Join(sample, recording.ManifestFile)); err == nil {
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
	if s.session.replay != replay {
		log.Named(connectorLabel).Info("recorded answers stand in for the data source", "folder", replay)
		s.session.replay = replay
	}
	values = values.WithDefaults(map[string]string{settings.EnvReplay: replay}).WithStandIns(recorded.Settings)
	return values, values.Check()
}

func (s *devSubject) close() error {
	s.builder.Close()
	if s.source != nil {
		return s.source.Stop()
	}
	return nil
}
