package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"carjs/host/failure"
	"carjs/host/httpx"
	"carjs/host/recording"
	"carjs/host/redact"
	"carjs/host/settings"
)

// devTraffic makes the traffic of each run of the reload loop: the first run, and one that is to be
// live, asks the data source and writes down what it answers; every other run gets those answers
// again, and asks only for what is not among them.
//
// It keeps what it has read between the runs, because a save must not take the longer the more is
// recorded.
type devTraffic struct {
	redactor *redact.Redactor
	recorded map[string]*recording.Recording // by folder, as it was read last
	// originals are answers whose tokens are hidden in the recording: what is not recorded yet is
	// asked with them.
	originals recording.Originals
	later     bool // answers were recorded, or that was tried
	clean     int  // how many secrets were known when the whole recording was last looked through for them
}

// open opens the traffic of a run. Answers are written down in the folder dir.
func (d *devTraffic) open(ctx context.Context, l *Line, values settings.Values, dir string, live bool) (*traffic, error) {
	if replay := values.Text(settings.EnvReplay); replay != "" {
		recorded, err := d.read(replay)
		if err != nil {
			return nil, recordingFailure(err)
		}
		return replayed(recorded, d.redactor), nil
	}
	policy, err := networkPolicy(ctx, l, values)
	if err != nil {
		return nil, err
	}
	first := !d.later || !isRecording(dir)
	if first || live {
		recorder, err := recording.Record(dir, httpx.Within(policy), d.redactor, manifest(l, values))
		if err != nil {
			return nil, unusable(dir, err)
		}
		d.later, recorder.Originals, recorder.Apart = true, &d.originals, true
		return &traffic{transport: recorder, done: func(good bool) error {
			if good || first {
				return recorder.Close()
			}
			return recorder.Discard()
		}}, nil
	}
	recorder, err := recording.Extend(dir, httpx.Within(policy), d.redactor, manifest(l, values))
	if err != nil {
		return nil, unusable(dir, err)
	}
	recorder.Originals = &d.originals
	extended := &traffic{transport: recorder, done: func(bool) error { return d.close(recorder) }}
	recorded, err := d.read(dir)
	if err == nil {
		replayer := recorded.Replay(recorder, d.redactor)
		extended.clock = clockOf(recorded)
		replayer.Originals, replayer.Clock = &d.originals, extended.clock
		extended.transport = replayer
	} else if !errors.Is(err, recording.ErrEmpty) {
		return nil, unusable(dir, err)
	}
	return extended, nil
}

// isRecording tells whether there is a recording in a folder: somebody may have tidied up.
func isRecording(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, recording.ManifestFile))
	return err == nil
}

// unusable is the failure of answers that were recorded by the loop and cannot be used.
func unusable(dir string, err error) *failure.Failure {
	f := recordingFailure(err)
	f.Hint = fmt.Sprintf("fix it, or remove %s to record again", dir)
	return f
}

// close ends what was extended. All that is recorded is looked through again only when there are
// secrets that were not known before.
func (d *devTraffic) close(recorder *recording.Recorder) error {
	known := d.redactor.Known()
	if known == d.clean {
		return recorder.CloseAddition()
	}
	err := recorder.Close()
	if err == nil {
		d.clean = known
	}
	return err
}

// read reads a recording, of which only what has changed is read again.
func (d *devTraffic) read(dir string) (*recording.Recording, error) {
	var recorded *recording.Recording
	var err error
	if before := d.recorded[dir]; before != nil {
		recorded, err = before.Reopen()
	} else {
		recorded, err = recording.Open(dir)
	}
	if err != nil {
		return nil, err
	}
	d.recorded[dir] = recorded
	return recorded, nil
}
