package examples

import (
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"carjs/bindings"
	"carjs/host"
	"carjs/host/httpx"
	"carjs/host/recording"
	"carjs/host/redact"
	"carjs/host/script"
)

// What was recorded of an example before and after a change, in two folders as authors do it, gives
// the same graphs a year later, by the clock of the machine that replays it.
func TestRecordingsReplayAYearLater(t *testing.T) {
	later := func() time.Time { return time.Now().AddDate(1, 0, 0) }
	steps := []struct {
		folder string
		mode   host.Mode
	}{{"first", host.ModeFull}, {"first", host.ModeIncremental}, {"changed", host.ModeIncremental}}
	for name, open := range sources {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data, dir, hidden := open(), t.TempDir(), redact.New()
			server := httptest.NewServer(data)
			defer server.Close()
			flags, live := data.flags(server.URL), newTenant(t)
			for _, step := range steps {
				if step.folder == "changed" {
					data.change(0)
				}
				recorder, err := recording.Record(filepath.Join(dir, step.folder), httpx.New(), hidden, recording.Manifest{Recorded: time.Now()})
				if err != nil {
					t.Fatal(err)
				}
				r := importWith(t, name, flags, live, func(o *bindings.Options) { o.Transport, o.Secret = recorder, hidden.Add })
				if r.ExitCode != 0 || r.Mode != step.mode {
					t.Fatalf("exit code %d, mode %q, want %q: %+v", r.ExitCode, r.Mode, step.mode, r.Failure)
				}
				recorder.Imported(string(r.Mode))
				if err := recorder.Close(); err != nil {
					t.Fatal(err)
				}
			}
			server.Close()
			replayed := newTenant(t)
			for _, step := range steps {
				recorded, err := recording.Open(filepath.Join(dir, step.folder))
				if err != nil {
					t.Fatal(err)
				}
				clock := script.NewClockOf(later)
				clock.MoveTo(recorded.Recorded)
				replayer := recorded.Replay(nil, hidden)
				replayer.Clock = clock
				r := importWith(t, name, flags, replayed, func(o *bindings.Options) {
					o.Transport, o.Secret, o.Clock, o.Began = replayer, hidden.Add, clock, clock.Now()
				})
				if r.ExitCode != 0 || r.Mode != step.mode {
					t.Fatalf("replay of %s: exit code %d, mode %q, want %q: %+v", step.folder, r.ExitCode, r.Mode, step.mode, r.Failure)
				}
			}
			if diff := graph(t, live).Diff(graph(t, replayed)); len(diff) > 0 {
				t.Errorf("the replay gives another graph:\n%s", strings.Join(diff, "\n"))
			}
		})
	}
}
