// Package child measures what a process takes: the time on the clock, the time on the processors,
// and the peak of its memory.
// It is a package because two commands need it, the benchmark and the meter.
package child

import (
	"os/exec"
	"time"
)

// Usage is what a process took from its start to its end. It travels as JSON from the meter to the
// benchmark.
type Usage struct {
	// Wall is the time from before the process was started to after it ended.
	Wall time.Duration `json:"wall"`
	// CPU is the time that the threads of the process, and of its children, ran, in user mode and
	// in the kernel.
	CPU time.Duration `json:"cpu"`
	// Peak is the most memory that it had in RAM at once, in bytes; 0 where the system does not
	// tell.
	Peak int64 `json:"peak"`
}

// Measure runs a command to its end. An error means that it could not be started, or did not end
// with exit code 0.
func Measure(command *exec.Cmd) (Usage, error) {
	began := time.Now()
	err := command.Run()
	wall := time.Since(began)
	if command.ProcessState == nil {
		return Usage{}, err
	}
	state := command.ProcessState
	return Usage{Wall: wall, CPU: state.UserTime() + state.SystemTime(), Peak: peak(state)}, err
}
