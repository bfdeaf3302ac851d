package main

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"carjs/host/failure"
	"carjs/host/recording"
	"carjs/host/redact"
	"carjs/host/settings"
	"carjs/host/transport"
)

// traffic is the way to the data source: the data source itself, written down or not, or a recording in its place.
type traffic struct {
	http.RoundTripper
	// done ends it, told whether the run succeeded; what was written down is complete then.
	done func(good bool) error
}

// openTraffic opens what -record and -replay ask for. values are those of the run.
func openTraffic(c *command, values settings.Values, redactor *redact.Redactor) (*traffic, error) {
	record, replay := values.Text(settings.EnvRecord), values.Text(settings.EnvReplay)
	switch {
	case replay != "":
		recorded, err := openRecording(replay)
		if err != nil {
			return nil, err
		}
		return &traffic{recorded.Replay(nil, redactor.Bytes), nothingToDo}, nil
	case record != "":
		recorder, err := recording.Record(record, transport.New(), redactor.Bytes, manifest(c, values))
		if err != nil {
			return nil, recordFailure(err)
		}
		return &traffic{recorder, func(bool) error { return recorder.Close() }}, nil
	}
	return &traffic{transport.New(), nothingToDo}, nil
}

func nothingToDo(bool) error { return nil }

// openTrafficAgain is the traffic of the reload loop: the first run, and one that is to be live, asks the data source and writes down
// what it answers, in the folder dir; every other run gets those answers again, and asks only for what is not among them.
func openTrafficAgain(c *command, values settings.Values, redactor *redact.Redactor, dir string, first, live bool) (*traffic, error) {
	if values.Text(settings.EnvReplay) != "" {
		return openTraffic(c, values, redactor)
	}
	if first || live {
		recorder, err := recording.Record(dir, transport.New(), redactor.Bytes, manifest(c, values))
		if err != nil {
			return nil, err
		}
		return &traffic{recorder, func(good bool) error {
			if good || first {
				return recorder.Close()
			}
			return recorder.Discard()
		}}, nil
	}
	recorder, err := recording.Extend(dir, transport.New(), redactor.Bytes, manifest(c, values))
	if err != nil {
		return nil, err
	}
	recorded, err := recording.Open(dir)
	if errors.Is(err, recording.ErrEmpty) {
		return &traffic{recorder, func(bool) error { return recorder.Close() }}, nil
	}
	if err != nil {
		return nil, err
	}
	return &traffic{recorded.Replay(recorder, redactor.Bytes), func(bool) error { return recorder.Close() }}, nil
}

// openRecording reads a recording, all of which must be in order.
func openRecording(dir string) (*recording.Recording, error) {
	recorded, err := recording.Open(dir)
	if err == nil {
		return recorded, nil
	}
	f := usage("%v", err).WithCause(err).WithHint("name a folder that carjs run CONNECTOR -record DIR wrote, and correct what was changed in it by hand")
	var mistake *recording.Mistake
	if errors.As(err, &mistake) {
		f.At = mistake.At()
	}
	return nil, f
}

// recordFailure says why a recording cannot be written.
func recordFailure(err error) *failure.Failure {
	f := usage("%v", err).WithCause(err)
	var other *recording.NotOursError
	if errors.As(err, &other) {
		return f.WithHint("choose an empty folder, or one that does not exist, with -record")
	}
	return f.WithHint("choose another folder with -record")
}

// manifest says what is recorded, with the settings that are no secrets.
func manifest(c *command, values settings.Values) recording.Manifest {
	m := recording.Manifest{Connector: c.connector.Name, Recorded: time.Now().UTC().Truncate(time.Second), Settings: map[string]string{}}
	for _, field := range c.declaration.Fields {
		if value := values.Value(field.Env); value != nil && !field.Secret() && values.Origin(field.Env) != settings.FromDefault {
			m.Settings[field.Env] = fmt.Sprint(value)
		}
	}
	return m
}

// withRecorded fills in settings of the data source that are missing: from the recording, and where it says nothing, because it
// is a secret, with something that nobody looks at.
func withRecorded(c *command, values settings.Values, recorded *recording.Recording) settings.Values {
	defaults := map[string]string{}
	for _, field := range c.declaration.Fields {
		value, known := recorded.Settings[field.Env]
		if known && value != redact.Marker {
			defaults[field.Env] = value
		} else if field.Required() {
			defaults[field.Env] = placeholder(field)
		}
	}
	return values.WithDefaults(defaults)
}

// placeholder is a value that a setting may have, as a flag would give it.
func placeholder(field settings.Field) string {
	switch {
	case field.Default != nil:
		return fmt.Sprint(field.Default)
	case field.Type == settings.Number && field.Min != nil:
		return fmt.Sprint(*field.Min)
	case field.Type == settings.Number:
		return "1"
	case field.Type == settings.Boolean:
		return "false"
	case len(field.Options) > 0:
		return field.Options[0]
	}
	const address, text = "http://replayed.invalid", "replayed"
	pattern, err := regexp.Compile("^(?:" + field.Regex + ")$")
	switch {
	case field.Regex != "" && err == nil && !pattern.MatchString(text):
		return address
	case field.Type == settings.Link || addressName.MatchString(field.Path):
		return address
	}
	return text
}

// addressName is what settings are called that hold a URL.
var addressName = regexp.MustCompile(`(?i)(url|uri|endpoint)$`)

// typedPlaceholder is a placeholder as a connector sees it.
func typedPlaceholder(field settings.Field) any {
	text := placeholder(field)
	switch field.Type {
	case settings.Number:
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			return n
		}
	case settings.Boolean:
		return text == "true"
	}
	return text
}

// nobody is a data source that is not asked: a command that only looks at a connector must not reach anything.
type nobody struct{}

// RoundTrip refuses.
func (nobody) RoundTrip(q *http.Request) (*http.Response, error) {
	return nil, failure.New(failure.Datasource, "%s %s: this command asks no data source", q.Method, q.URL.Redacted()).
		WithFault(failure.FaultConnector).WithHint("ask the data source in an import or in testConnection(), not while the connector is made")
}
