package app

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"syscall"

	"carjs/cmd/carjs/internal/keeper"
	"carjs/cmd/carjs/internal/terminal"
	"carjs/host"
	"carjs/host/failure"
	"carjs/host/settings"
)

// notes are what a run leaves for its report, should it end without one.
type notes struct {
	mu    sync.Mutex
	known host.Standing
}

// left is their form.
type left struct {
	host.Standing
	Failure *leftFailure `json:"failure,omitempty"`
}

// leftFailure is a failure without its cause.
type leftFailure struct {
	Kind                      failure.Kind
	Code                      int
	Fault                     failure.Fault
	Message, Detail, Hint, At string
}

// keep notes where the run stands.
func (n *notes) keep(known host.Standing) {
	n.mu.Lock()
	n.known = known
	n.mu.Unlock()
	keeper.Note(n.with(nil))
}

// with are the notes with a failure.
func (n *notes) with(f *failure.Failure) []byte {
	n.mu.Lock()
	l := left{Standing: n.known}
	n.mu.Unlock()
	if f != nil {
		l.Failure = &leftFailure{f.Kind, f.Code, f.Fault, f.Message, f.Detail, f.Hint, f.At}
	}
	data, err := json.Marshal(l)
	if err != nil {
		return nil
	}
	return data
}

// Lost is the report of a run whose process ended without one. The run is made up to its log, so
// that its end is told as any other.
func (r *Run) Lost(death *keeper.Death, args []string) *host.Report {
	var err error
	if r.Line, err = ReadLine("run", settings.RunTable(), args); err != nil {
		r.Settings.Report = reportIn(args)
		return host.Failed(err)
	}
	if r.values, err = r.Line.Gather(); err != nil {
		return host.Failed(err)
	}
	r.Settings = r.values.Run()
	r.values.Redact(r.Redactor)
	r.Redactor.Public(publicWords(r.Line.Connector.Name, r.Settings.Source)...)
	if err := r.clearReport(); err != nil {
		return host.Failed(err)
	}
	r.makeLog(false)
	if r.Terminal {
		terminal.Clear(r.Output)
	}
	for _, line := range strings.Split(death.Trace, "\n") {
		r.Log.Debug("the Go runtime", "says", line)
	}
	var l left
	_ = json.Unmarshal(death.Notes, &l) // no notes are none
	return host.Lost(l.Standing, death.Seconds, r.causeOf(death, l.Failure))
}

// causeOf is the failure of a process that ended without a word: the one that it left, or what can
// be told of its end.
func (r *Run) causeOf(death *keeper.Death, noted *leftFailure) *failure.Failure {
	first, _, _ := strings.Cut(death.Trace, "\n")
	switch {
	case noted != nil:
		f := *noted
		return &failure.Failure{Kind: f.Kind, Code: f.Code, Fault: f.Fault, Message: f.Message, Detail: f.Detail, Hint: f.Hint, At: f.At}
	case death.Memory, strings.Contains(death.Trace, "out of memory"), strings.Contains(death.Trace, "cannot allocate memory"):
		return failure.New(failure.General, "the run needs more than %d MiB of memory (-max-memory)", r.Settings.MaxMemory>>20).
			WithHint("add objects as they arrive instead of collecting them; or raise -max-memory")
	case strings.Contains(death.Trace, "stack overflow"), strings.Contains(death.Trace, "stack exceeds"):
		return failure.New(failure.General, "the connector overflowed the stack of the engine").
			WithHint("look for values that are nested without end: proxies of proxies, functions bound again and again, deep prototype chains")
	case death.Signal == int(syscall.SIGKILL):
		return failure.New(failure.Recoverable, "the run was killed (SIGKILL), by the system if it was out of memory").
			WithFault(failure.FaultSettings).
			WithHint("if it was, set -max-memory to 128MB less than the machine or the container has")
	}
	said := first
	if said == "" {
		said = fmt.Sprintf("exit code %d, signal %d", death.Code, death.Signal)
	}
	return failure.New(failure.General, "a bug in carjs, not in the connector: %s", said).WithFault(failure.FaultCarjs).
		WithHint("report it, with the log of a run with -debug")
}
