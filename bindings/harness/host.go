package harness

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"carjs/bindings"
	"carjs/bindings/carjs"
	"carjs/bindings/test"
	"carjs/host/carserver"
	"carjs/host/failure"
	"carjs/host/recording"
	"carjs/host/redact"
	"carjs/host/script"
	"carjs/host/settings"

	"github.com/hashicorp/go-hclog"
)

const (
	// retryWait is the wait before a request is repeated in a test.
	retryWait = time.Millisecond
	// sourceName is the name of the connection in tests.
	sourceName = "test"
)

// testHost is what one file of tests has besides its runtime.
type testHost struct {
	options   *Options
	ctx       context.Context // of the run of all tests
	connector *bindings.Program
	clock     *script.Clock
	core      *carjs.Module
	own       map[string]string // what settings() was given so far
	log       func(text string, detail bool)
	// redactor knows the secrets of all settings that tests gave, and those obtained with them:
	// what is asked is compared with what is recorded without secrets.
	redactor *redact.Redactor
}

var _ test.Host = (*testHost)(nil)

// Configure gives context().args of the file the defaults of the declaration and what settings()
// was given.
func (h *testHost) Configure(given map[string]string) error {
	own := map[string]string{}
	for _, more := range []map[string]string{h.own, given} {
		for name, value := range more {
			own[name] = value
		}
	}
	values, err := h.values(own)
	if err != nil {
		return err
	}
	if fault := values.Malformed(); fault != nil {
		return fault
	}
	h.own = own
	h.core.SetArgs(values.Connector())
	return nil
}

// Subject makes a connector to test, and its CAR service.
func (h *testHost) Subject(source http.RoundTripper, given, recorded map[string]string) (test.Subject, error) {
	values, err := h.values(given)
	if err != nil {
		return nil, err
	}
	if recorded != nil {
		values = values.WithStandIns(recorded)
	}
	if err := values.Check(); err != nil {
		f := failure.From(err)
		return nil, failure.New(f.Kind, "%s", f.Message).WithHint("set them in connector({ settings: { ... } })")
	}
	values.Redact(h.redactor)
	service, err := carserver.Open(carserver.Config{Prepared: true})
	if err != nil {
		return nil, fmt.Errorf("open the CAR service of the test: %w", err)
	}
	return &testSubject{host: h, source: source, args: values.Connector(), service: service}, nil
}

// Recording opens a recording.
func (h *testHost) Recording(folder string) (http.RoundTripper, map[string]string, error) {
	if h.options.Source.Dir == "" {
		return nil, nil, errors.New("a built-in connector has no recordings")
	}
	recorded, err := recording.OpenIn(h.options.Source.Dir, folder)
	if err != nil {
		return nil, nil, failure.New(failure.InvalidParameter, "%v", err).
			WithCause(err).WithHint("record it: carjs run CONNECTOR -record %s", folder)
	}
	replayer := recorded.Replay(nil, h.redactor)
	replayer.Clock = h.clock
	return recordedSource{replayer, recorded.Recorded}, recorded.Settings, nil
}

// recordedSource is a data source that was recorded at a time.
type recordedSource struct {
	*recording.Replayer
	began time.Time
}

// values looks settings up as a run does, but in nothing besides what the test says: no
// environment, no mounted secrets.
func (h *testHost) values(given map[string]string) (settings.Values, error) {
	texts := map[string]string{settings.EnvSource: sourceName}
	for name, value := range given {
		field, ok := h.options.Declaration.Field(name)
		switch {
		case ok:
			texts[field.Env] = value
		case name == "source" || name == settings.EnvSource:
			texts[settings.EnvSource] = value
		default:
			return settings.Values{}, failure.New(failure.InvalidParameter, "the connector has no setting %q", name).
				WithHint("%s has these: %s", settings.ConfigFile, strings.Join(h.fieldNames(), ", "))
		}
	}
	return settings.GatherTexts(h.options.Declaration, texts)
}

func (h *testHost) fieldNames() []string {
	var names []string
	for _, f := range h.options.Declaration.Fields {
		name := f.Env
		if f.Short != "" {
			name = f.Short
		}
		names = append(names, name)
	}
	return names
}

// testLogger is a logger whose lines go to the log of the test under way. detail marks what only
// matters when the test fails.
func testLogger(log func(text string, detail bool), detail bool) hclog.Logger {
	logger := hclog.NewInterceptLogger(&hclog.LoggerOptions{
		Level: hclog.Debug, Output: io.Discard, Exclude: func(hclog.Level, string, ...any) bool { return true },
	})
	logger.RegisterSink(&lineSink{log, detail})
	return logger
}

// lineSink makes lines of what is logged.
type lineSink struct {
	log    func(text string, detail bool)
	detail bool
}

// Accept takes one line.
func (s *lineSink) Accept(_ string, level hclog.Level, message string, args ...any) {
	if s.detail && level < hclog.Info {
		return
	}
	text := message
	if level != hclog.Info {
		text = level.String() + " " + text
	}
	for i := 0; i+1 < len(args); i += 2 {
		text += fmt.Sprintf(" %v=%v", args[i], args[i+1])
	}
	s.log(text, s.detail)
}
