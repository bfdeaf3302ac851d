//go:build unix

package child

import (
	"syscall"
	"time"
)

// Own is the time on the processors that this process has taken so far, without its children; 0
// where the system does not tell.
func Own() time.Duration {
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &used) != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
