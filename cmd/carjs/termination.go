package main

import (
	"cmp"
	"encoding/json"
	"os"

	"carjs/host"
	"carjs/host/settings"
)

// writeTermination puts the outcome of the run where Kubernetes shows it as the container's last
// word (kubectl describe, status.containerStatuses[].state.terminated.message). Where the file is
// not there, nobody asks for it; where it cannot be written, the report and the log have the same.
func (r *run) writeTermination(report *host.Report) {
	// A command line that cannot be read has no settings.
	path := cmp.Or(r.Settings.TerminationLog, os.Getenv(settings.EnvTerminationLog), settings.TerminationLog)
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return
	}
	line, err := r.resultLine(report)
	if err != nil {
		return
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return
	}
	_, _ = f.Write(line)
	_ = f.Close()
}

// resultLine is the outcome without secrets, on one line. The secrets go first: half of one could
// not be found any more.
func (r *run) resultLine(report *host.Report) ([]byte, error) {
	data, err := json.Marshal(report.Result())
	if err != nil {
		return nil, err
	}
	var clean host.Result
	if err := json.Unmarshal(r.Redactor.JSON(data, reportWords...), &clean); err != nil {
		return nil, err
	}
	return clean.Line(host.MaxResult)
}
