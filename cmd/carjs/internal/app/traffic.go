package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"carjs/host/failure"
	"carjs/host/httpx"
	"carjs/host/netpolicy"
	"carjs/host/recording"
	"carjs/host/redact"
	"carjs/host/script"
	"carjs/host/settings"
)

// traffic is the way to the data source: the data source itself, written down or not, or a
// recording in its place.
type traffic struct {
	transport http.RoundTripper
	// done ends it, told whether the run succeeded; what was written down is complete then.
	done func(good bool) error
	// clock is what the connector goes by: in a replay, the time of the recording. nil is the
	// machine's.
	clock *script.Clock
	// recorder is nil unless the traffic is recorded by carjs run.
	recorder *recording.Recorder
	// policy is where connections may lead; nil in a replay, which makes none.
	policy *netpolicy.Policy
}

// forbid keeps the connector from a service of this run.
func (t *traffic) forbid(what, url string) {
	if t.policy != nil {
		t.policy.Forbid(what, url)
	}
}

// openTraffic opens what -record and -replay ask for. values are those of the run.
func openTraffic(ctx context.Context, l *Line, values settings.Values, redactor *redact.Redactor) (*traffic, error) {
	record, replay := values.Text(settings.EnvRecord), values.Text(settings.EnvReplay)
	if replay != "" {
		recorded, err := openRecording(replay)
		if err != nil {
			return nil, err
		}
		return replayed(recorded, redactor), nil
	}
	policy, err := networkPolicy(ctx, l, values)
	if err != nil {
		return nil, err
	}
	if record == "" {
		return &traffic{transport: httpx.Within(policy), done: nothingToDo, policy: policy}, nil
	}
	recorder, err := recording.Record(record, httpx.Within(policy), redactor, manifest(l, values))
	if err != nil {
		return nil, recordFailure(err)
	}
	return &traffic{
		transport: recorder, done: func(bool) error { return recorder.Close() }, recorder: recorder, policy: policy,
	}, nil
}

// replayed is traffic that does not go beyond a recording.
func replayed(recorded *recording.Recording, redactor *redact.Redactor) *traffic {
	clock := clockOf(recorded)
	clock.SkipWaits()
	replayer := recorded.Replay(nil, redactor)
	replayer.Clock = clock
	return &traffic{transport: replayer, done: nothingToDo, clock: clock}
}

// clockOf is a clock that runs from the time at which a recording was made.
func clockOf(recorded *recording.Recording) *script.Clock {
	clock := script.NewClock()
	clock.MoveTo(recorded.Recorded)
	return clock
}

func nothingToDo(bool) error { return nil }

// openRecording reads a recording, all of which must be in order.
func openRecording(dir string) (*recording.Recording, error) {
	recorded, err := recording.Open(dir)
	if err != nil {
		return nil, recordingFailure(err)
	}
	return recorded, nil
}

// recordingFailure says what is wrong with a recording.
func recordingFailure(err error) *failure.Failure {
	f := failure.Usage("%v", err).WithCause(err).
		WithHint("use a folder written by carjs run CONNECTOR -record DIR, and undo manual changes in it")
	var mistake *recording.Mistake
	if errors.As(err, &mistake) {
		f.At = mistake.At()
	}
	return f
}

// recordFailure says why a recording cannot be written.
func recordFailure(err error) *failure.Failure {
	f := failure.Usage("%v", err).WithCause(err)
	var other *recording.NotOursError
	if errors.As(err, &other) {
		return f.WithHint("set -record to an empty or new folder")
	}
	return f.WithHint("set another folder with -record")
}

// manifest says what is recorded, with the settings that are no secrets. Of an optional secret it
// says that there was one: a connector may send other requests without it.
func manifest(l *Line, values settings.Values) recording.Manifest {
	m := recording.Manifest{Connector: l.Connector.Name, Recorded: time.Now().UTC().Truncate(time.Millisecond), Settings: map[string]string{}}
	for _, field := range l.Declaration.Fields {
		value := values.Value(field.Env)
		switch {
		case value == nil || values.Origin(field.Env) == settings.FromDefault:
		case !field.Secret():
			m.Settings[field.Env] = fmt.Sprint(value)
		case strings.TrimSpace(fmt.Sprint(value)) == "": // it is not hidden in requests, as it hides nothing
			m.Settings[field.Env] = fmt.Sprint(value)
		case !field.Required():
			m.Settings[field.Env] = redact.Marker
		}
	}
	return m
}
