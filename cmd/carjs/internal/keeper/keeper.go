// Package keeper keeps a run from ending without a word. `carjs run` is two processes: the one that
// was started, the keeper, starts another one for the work and waits for it. When that ends with
// its last word said, so does the keeper, with the same exit code. When it ends without one, by an
// error that the Go runtime does not let anybody catch (out of memory, a stack that overflows) or
// by SIGKILL, as the kernel does when memory runs out, the keeper becomes carjs once more, to write
// the report: see [Ended]. It also ends a run that takes far more memory than it may, and does not
// notice itself.
//
// A child that watches its parent, as [runtime/debug.SetCrashOutput] is made for, would cost as
// much at a start and could not change the exit code: the runtime's own, 2, tells the platform that
// nothing was imported.
//
// The keeper lives inside the initialization of this package, which comes before nearly all others:
// it costs 2 to 3 ms of a start and 3 MiB of memory. It passes signals on, reaps what is left to it
// as the first process of a container, and takes the working process with it when it is killed. It
// exists on Linux; on other systems, and where a process cannot be started, carjs works alone.
//
// What a report says is not here: the working process leaves notes, which are bytes to this package.
package keeper

// Death is how the working process ended.
type Death struct {
	// Signal is the number of the signal that ended it, 0 when there was none.
	Signal int `json:"signal,omitempty"`
	// Code is its exit code, that of the Go runtime.
	Code int `json:"code,omitempty"`
	// Memory tells that the keeper ended it because of its memory.
	Memory bool `json:"memory,omitempty"`
	// Seconds is how long it ran.
	Seconds float64 `json:"seconds"`
	// Notes are the last that it left, nil when it left none.
	Notes []byte `json:"notes,omitempty"`
	// Trace is the beginning of what the Go runtime had to say.
	Trace string `json:"trace,omitempty"`
}
