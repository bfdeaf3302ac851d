//go:build linux && (amd64 || arm64)

package main

import (
	"bytes"
	"encoding/json"
	"syscall"
	"testing"
	"time"

	"carjs/host"
)

// The kernel kills the process that has most of the memory: the one that works. Its keeper reports.
func TestKilledFromOutside(t *testing.T) {
	for _, test := range []struct {
		signal syscall.Signal
		code   int
		says   string
	}{
		{syscall.SIGKILL, 10, "killed (SIGKILL)"},
		{syscall.SIGABRT, 1, "a bug in carjs"},
		{syscall.SIGSEGV, 1, "a bug in carjs"},
	} {
		t.Run(test.signal.String(), func(t *testing.T) {
			d := withTermination(t)
			d.small(`handler.addCollection("asset", { external_id: "1", name: "one" }); console.log("now"); await new Promise((r) => setTimeout(r, 60000));`)
			c := d.command(t.Context(), "run", "small", "-report", "report.json")
			var stdout, stderr bytes.Buffer
			seen := newWatcher(&stderr, "now")
			c.Stdout, c.Stderr = &stdout, seen
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			select {
			case <-seen.found:
			case <-time.After(30 * time.Second):
				t.Error("the connector did not begin")
			}
			pid := c.Process.Pid
			if err := syscall.Kill(worker(t, pid), test.signal); err != nil {
				t.Error(err)
				_ = c.Process.Kill()
			}
			_ = c.Wait() // the exit code is looked at
			r := result{code: c.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String()}
			d.noGoStack(r)
			var report host.Report
			if err := json.Unmarshal([]byte(d.read("report.json")), &report); err != nil {
				t.Fatal(err)
			}
			if r.code != test.code || report.ExitCode != test.code || report.Mode != host.ModeFull || report.SavePoint != "" || !report.Lost {
				t.Errorf("%+v\n%s", report, r)
			}
			contains(t, report.Failure.Message, test.says)
			if got := d.lastWord(); got.ExitCode != test.code || got.Failure == nil || got.Source != "small" || !got.Lost {
				t.Errorf("%+v", got)
			}
		})
	}
}
