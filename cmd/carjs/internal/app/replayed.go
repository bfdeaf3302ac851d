package app

import (
	"net/url"
	"os"
	"path/filepath"

	"carjs/host/settings"
)

// replayedMark is the file that says of a source in the embedded CAR service that what is there
// came from a recording. Its save point says nothing of the data source itself: a run that asks
// that must not go on from there, or it would take the rest for known.
func replayedMark(stateDir, source string) string {
	return filepath.Join(stateDir, "replayed", url.PathEscape(source))
}

// apart keeps imports from a recording and from the data source apart: it tells whether this one
// must be full, because the last one came from a recording.
func (r *Run) apart() (full bool, err error) {
	mark := replayedMark(r.Settings.StateDir, r.values.Text(settings.EnvSource))
	if r.values.Text(settings.EnvReplay) == "" {
		_, err := os.Stat(mark)
		if err == nil && !r.Settings.Full {
			r.Log.Info("this import is full, because the last one of this source came from a recording")
		}
		return err == nil, nil
	}
	if err := os.MkdirAll(filepath.Dir(mark), 0o700); err != nil {
		return false, err
	}
	return false, os.WriteFile(mark, nil, 0o600)
}

// Complete notes that the embedded CAR service has what the data source has, after a run that
// succeeded.
func (r *Run) Complete() {
	if r.Embedded && r.values.Text(settings.EnvReplay) == "" {
		_ = os.Remove(replayedMark(r.Settings.StateDir, r.values.Text(settings.EnvSource))) // as a rule there is none
	}
}
