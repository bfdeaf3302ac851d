package app

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"carjs/cmd/carjs/internal/embedded"
	"carjs/connectors"
	"carjs/connectors/reference/server"
	"carjs/host/httpx"
	"carjs/host/recording"
	"carjs/host/redact"
	"carjs/host/script"
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
	// clock is the time of what was recorded, of the folder that was asked for last; nil is the
	// machine's.
	clock *script.Clock
	close func() error
}

// findDataSources finds data sources for the checks: recordings in the connector's folder, or the
// embedded one of the reference connector. nil when there is none.
func findDataSources(c connectors.Connector, hide *redact.Redactor) (*dataSources, error) {
	if c.Dir != "" {
		if _, err := os.Stat(filepath.Join(c.Dir, sampleFolder, recording.ManifestFile)); err == nil {
			return recordedSources(c.Dir, hide)
		}
	}
	if c.Name == embedded.Connector {
		return referenceSources()
	}
	return nil, nil
}

func recordedSources(dir string, hide *redact.Redactor) (*dataSources, error) {
	first, err := recording.OpenIn(dir, sampleFolder)
	if err != nil {
		return nil, recordingFailure(err)
	}
	sources := &dataSources{
		clock: script.NewClock(),
		about: "on what is recorded in " + filepath.ToSlash(sampleFolder), settings: first.Settings,
		close: func() error { return nil },
	}
	sources.clock.SkipWaits()
	replay := func(recorded *recording.Recording) func() http.RoundTripper {
		return func() http.RoundTripper {
			sources.clock.MoveTo(recorded.Recorded)
			replayer := recorded.Replay(nil, hide)
			replayer.Clock = sources.clock
			return replayer
		}
	}
	sources.source = replay(first)
	if _, err := os.Stat(filepath.Join(dir, changedFolder, recording.ManifestFile)); err == nil {
		changed, err := recording.OpenIn(dir, changedFolder)
		if err != nil {
			return nil, recordingFailure(err)
		}
		if changed.Sample && !first.Sample {
			sources.about += "; " + filepath.ToSlash(changedFolder) + " is still the template's: record a change there, too"
			return sources, nil
		}
		sources.changed = replay(changed)
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
	answer, err := httpx.Transport(source).RoundTrip(request)
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
	var open []*embedded.Running
	serve := func() (*server.Server, string, error) {
		s, err := embedded.OpenSource("", server.Config{Size: checkedSize})
		if err != nil {
			return nil, "", err
		}
		r, err := embedded.Start(s)
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
		settings: embedded.SourceSettings(now),
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
