package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/go-hclog"

	"carjs/bindings/harness"
	"carjs/connectors/reference/server"
	"carjs/host/author/acceptance"
	"carjs/host/author/testrun"
	hostserve "carjs/host/httpx"
	"carjs/host/recording"
	"carjs/host/redact"
	"carjs/host/settings"
)

// changedFolder is where a connector has recorded answers of its data source after a change.
var changedFolder = filepath.Join("recordings", "changed")

// dataSources are a data source as it is and after a change, for the acceptance checks.
type dataSources struct {
	// about says where they come from.
	about string
	// settings are those that the connector needs for them, by environment variable.
	settings        map[string]string
	source, changed func() http.RoundTripper
	close           func() error
}

// accept runs the acceptance checks, and adds what came of them.
func (t *testSession) accept(ctx context.Context, options harness.Options, run *testrun.Result) error {
	redactor := redact.New()
	sources, err := t.dataSources(redactor.Bytes)
	if err != nil {
		return err
	}
	if sources == nil {
		t.printer.CheckHeading("not made, because nothing is recorded: carjs run CONNECTOR -record recordings/first")
		return nil
	}
	defer sources.close() //nolint:errcheck // it was in memory
	args, secrets, err := t.acceptanceArgs(sources.settings, redactor)
	if err != nil {
		return err
	}
	subject, err := harness.Accept(ctx, options, args, redactor.Add)
	if err != nil {
		return t.notRun(err)
	}
	subject.Source, subject.Changed, subject.Secrets, subject.Skip = sources.source, sources.changed, secrets, map[string]string{}
	for _, file := range run.Files {
		for name, reason := range file.Skips {
			subject.Skip[name] = reason
		}
	}
	heading := false
	acceptance.Run(ctx, subject, t.selectedCheck, func(r acceptance.Result) {
		if !heading {
			t.printer.CheckHeading(sources.about)
			heading = true
		}
		check := checkOf(r)
		run.Checks = append(run.Checks, check)
		run.Took += r.Took
		t.printer.Check(check)
	})
	if heading {
		fmt.Fprintln(t.Stdout)
	}
	return nil
}

func (t *testSession) selectedCheck(name string) bool {
	return t.values.Text(settings.EnvTestFilter) == "" || t.selected(name)
}

// checkOf is a result as it is printed.
func checkOf(r acceptance.Result) testrun.Check {
	c := testrun.Check{Name: r.Name, Explanation: r.Explains, Took: r.Took}
	switch r.Status {
	case acceptance.Passed:
		c.Outcome = testrun.Passed
	case acceptance.Skipped:
		c.Outcome, c.Reason = testrun.Skipped, r.Why
	case acceptance.Failed:
		c.Outcome = testrun.Failed
		c.Failures = []testrun.Reason{{Message: r.Why, At: r.At}}
	}
	return c
}

// acceptanceArgs are the settings of the connector, with secrets that are told from anything else.
// The redactor gets to know them, because requests are recorded without secrets and compared so.
func (t *testSession) acceptanceArgs(
	given map[string]string, redactor *redact.Redactor,
) (args map[string]any, secrets []string, err error) {
	texts := map[string]string{}
	for _, field := range t.command.declaration.Fields {
		value, ok := given[field.Env]
		switch {
		case ok && value != redact.Marker:
			texts[field.Env] = value
		case field.Secret():
			texts[field.Env] = "never-shown-" + strings.ToLower(field.Env)
			secrets = append(secrets, texts[field.Env])
		case field.Required():
			texts[field.Env] = field.StandIn()
		}
	}
	texts[settings.EnvSource] = "acceptance"
	values, err := settings.GatherTexts(t.command.declaration, texts)
	if err == nil {
		err = values.Check()
	}
	values.Redact(redactor)
	return values.Connector(), secrets, err
}

// dataSources finds data sources for the checks: recordings in the connector's folder, or the
// embedded one of the reference connector. nil when there is none.
func (t *testSession) dataSources(hide func([]byte) []byte) (*dataSources, error) {
	c := t.command.connector
	if c.Dir != "" {
		if _, err := os.Stat(filepath.Join(c.Dir, sampleFolder, recording.ManifestFile)); err == nil {
			return recordedSources(c.Dir, hide)
		}
	}
	if c.Name == "reference" {
		return referenceSources()
	}
	return nil, nil
}

func recordedSources(dir string, hide func([]byte) []byte) (*dataSources, error) {
	first, err := openRecording(filepath.Join(dir, sampleFolder))
	if err != nil {
		return nil, err
	}
	sources := &dataSources{
		about: "on what is recorded in " + filepath.ToSlash(sampleFolder), settings: first.Settings,
		close: func() error { return nil },
	}
	sources.source = func() http.RoundTripper { return first.Replay(nil, hide) }
	if _, err := os.Stat(filepath.Join(dir, changedFolder, recording.ManifestFile)); err == nil {
		changed, err := openRecording(filepath.Join(dir, changedFolder))
		if err != nil {
			return nil, err
		}
		sources.changed = func() http.RoundTripper { return changed.Replay(nil, hide) }
		sources.about += " and " + filepath.ToSlash(changedFolder)
	}
	return sources, nil
}

// checkedSize is the size of the reference model on which the checks are made.
const checkedSize = 3

// rowChange is a change of the reference data source.
type rowChange struct{ method, path, body string }

// make makes the change.
func (c rowChange) make(source http.Handler) error {
	request, err := http.NewRequest(c.method, "http://source"+c.path, strings.NewReader(c.body))
	if err != nil {
		return err
	}
	request.SetBasicAuth("admin", "admin")
	request.Header.Set("Content-Type", "application/json")
	answer, err := hostserve.Transport(source).RoundTrip(request)
	if err == nil && answer.StatusCode/100 != 2 {
		err = fmt.Errorf("status %d", answer.StatusCode)
	}
	if err != nil {
		return fmt.Errorf("change the reference data source: %s %s: %w", c.method, c.path, err)
	}
	return nil
}

// referenceChanges are made in the reference data source between the imports of a check.
var referenceChanges = []rowChange{
	{http.MethodPatch, "/hosts/1/", `{"host": "renamed.example.com"}`},
	{http.MethodPatch, "/sites/1/", `{"name": "moved"}`},
	{http.MethodDelete, "/assets/2/", ""},
}

// referenceSources are two embedded data sources, one of them changed.
func referenceSources() (*dataSources, error) {
	var open []*running
	serve := func() (*server.Server, string, error) {
		s, err := openSource("", checkedSize, hclog.NewNullLogger())
		if err != nil {
			return nil, "", err
		}
		r, err := start(s)
		if err == nil {
			open = append(open, r)
			return s, r.URL, nil
		}
		return nil, "", err
	}
	_, now, err := serve()
	if err != nil {
		return nil, err
	}
	changed, later, err := serve()
	if err != nil {
		return nil, err
	}
	for _, c := range referenceChanges {
		if err := c.make(changed.Handler()); err != nil {
			return nil, err
		}
	}
	return &dataSources{
		about:    "on the embedded data source",
		settings: map[string]string{settingURL: now, "CONFIGURATION_AUTH_USERNAME": "admin", "CONFIGURATION_AUTH_PASSWORD": "admin"},
		source:   func() http.RoundTripper { return elsewhere{now} },
		changed:  func() http.RoundTripper { return elsewhere{later} },
		close: func() error {
			for _, r := range open {
				_ = r.Stop() // it was in memory
			}
			return nil
		},
	}, nil
}

// elsewhere sends requests to another address than they name.
type elsewhere struct{ url string }

// RoundTrip sends a request.
func (e elsewhere) RoundTrip(q *http.Request) (*http.Response, error) {
	q = q.Clone(q.Context())
	q.URL.Host = strings.TrimPrefix(e.url, "http://")
	return http.DefaultTransport.RoundTrip(q)
}

// WithTLS is the same: loopback is not encrypted.
func (e elsewhere) WithTLS(*tls.Config) http.RoundTripper { return e }
