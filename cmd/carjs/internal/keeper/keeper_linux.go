//go:build amd64 || arm64

package keeper

import (
	"encoding/json"
	"os"
	"os/signal"
	"syscall"
	"time"

	"carjs/cmd/carjs/internal/role"
)

// The descriptors of the working process.
const (
	fdBoard  = 3 // what the two share
	fdStderr = 4 // the standard error of the keeper
)

// Begun tells that this is not a process that is kept, or that it is and all is set up for it; the
// keeper itself does not get that far.
var Begun = begin()

// kept is what a working process shares with its keeper; nil in a process that is not kept.
var kept *board

func begin() bool {
	switch {
	case len(os.Args) < 2 || os.Args[1] != role.Command || os.Getenv(role.Ended) != "":
	case os.Getenv(role.Working) != "":
		beKept()
	default:
		keep()
	}
	return true
}

// keep starts the working process, waits for it, and ends as it does. It returns when none can be
// started.
func keep() {
	if fewDescriptors() {
		return
	}
	shared, err := newBoard()
	if err != nil {
		return
	}
	crash, err := memoryFile("carjs-crash", 0)
	if err != nil {
		shared.close()
		return
	}
	began := time.Now()
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, passed()...)
	pid, err := syscall.ForkExec(self(), os.Args, &syscall.ProcAttr{
		Env:   append(os.Environ(), role.Working+"=1"),
		Files: []uintptr{0, 1, crash, shared.fd, 2},
		// A session of its own: a terminal tells everybody in one of Ctrl-C, and it would come twice.
		Sys: &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setsid: true},
	})
	if err != nil {
		signal.Reset(passed()...)
		shared.close()
		_ = syscall.Close(int(crash))
		return
	}
	status, memory := wait(pid, shared, signals)
	trace := contents(crash)
	if status.Exited() && shared.done() {
		// What the runtime had to say on its way: the race detector does, and GODEBUG.
		_, _ = os.Stderr.Write(trace)
		os.Exit(status.ExitStatus())
	}
	switch status.Signal() {
	case syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP: // asked for twice
		endBy(status.Signal())
	}
	death := Death{Memory: memory, Seconds: time.Since(began).Seconds(), Notes: shared.notes()}
	death.Trace = string(trace[:min(len(trace), maxTrace)])
	if status.Signaled() {
		death.Signal = int(status.Signal())
	} else {
		death.Code = status.ExitStatus()
	}
	become(&death)
}

// fewDescriptors tells whether a process may open so few files that the runtime of one with a
// keeper might end for want of them, instead of the run that says so.
func fewDescriptors() bool {
	const enough = 64
	var limit syscall.Rlimit
	return syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) == nil && limit.Cur < enough
}

// maxTrace is how much of a trace is handed over, in a variable of the environment.
const maxTrace = 8 << 10

// passed are the signals that are passed on.
func passed() []os.Signal {
	all := []os.Signal{
		syscall.SIGINT, syscall.SIGTERM, syscall.SIGQUIT, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGTSTP, syscall.SIGCONT,
	}
	if !signal.Ignored(syscall.SIGHUP) { // as under nohup
		all = append(all, syscall.SIGHUP)
	}
	return all
}

// watchEvery is how often the memory of the working process is looked at, hurryEvery how often when
// it comes near its limit.
const (
	watchEvery = 20 * time.Millisecond
	hurryEvery = 4 * time.Millisecond
)

// wait returns when the working process has ended, and tells whether that was because of its memory.
// Other children are those that a container leaves to its first process.
func wait(pid int, shared *board, signals <-chan os.Signal) (status syscall.WaitStatus, memory bool) {
	ended := make(chan syscall.WaitStatus, 1)
	go func() {
		for {
			var s syscall.WaitStatus
			if p, _ := syscall.Wait4(-1, &s, 0, nil); p == pid {
				ended <- s
				return
			}
		}
	}()
	size := sizeOf(pid)
	ticks := time.NewTicker(watchEvery)
	for hurried := false; ; {
		select {
		case status = <-ended:
			return status, memory
		case sent := <-signals:
			pass(pid, sent)
		case <-ticks.C:
			most := shared.limit()
			if most == 0 {
				continue
			}
			now := size()
			if now > most {
				memory = true
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
			if near := now > most/4*3; near != hurried {
				hurried = near
				ticks.Reset(map[bool]time.Duration{false: watchEvery, true: hurryEvery}[near])
			}
		}
	}
}

// pass passes a signal on. Both stop at Ctrl-Z, and go on together.
func pass(pid int, sent os.Signal) {
	number, _ := sent.(syscall.Signal)
	if number == syscall.SIGTSTP {
		_ = syscall.Kill(pid, syscall.SIGSTOP)
		_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
		return
	}
	_ = syscall.Kill(pid, number)
}

// endBy ends this process as a signal does.
func endBy(number syscall.Signal) {
	signal.Reset(number)
	_ = syscall.Kill(os.Getpid(), number)
	// The first process of a container does not die of its own signals.
	time.Sleep(time.Second)
	os.Exit(128 + int(number))
}

// become makes a carjs of this process that reports.
func become(death *Death) {
	text, err := json.Marshal(death)
	if err == nil {
		signal.Reset(passed()...)
		err = syscall.Exec(self(), os.Args, append(os.Environ(), role.Ended+"="+string(text)))
	}
	_, _ = os.Stderr.WriteString("carjs: the run ended without a report, and none can be written: " + err.Error() + "\n")
	os.Exit(1)
}

// Ended returns how the process that this one reports for ended; nil in all others.
func Ended() *Death {
	text := os.Getenv(role.Ended)
	death := &Death{}
	if text == "" || json.Unmarshal([]byte(text), death) != nil {
		return nil
	}
	return death
}

// beKept sets the working process up. What the runtime writes to descriptor 2 goes to the keeper;
// what carjs writes goes where it always does.
func beKept() {
	_ = os.Unsetenv(role.Working)
	syscall.CloseOnExec(fdBoard)
	syscall.CloseOnExec(fdStderr)
	os.Stderr = os.NewFile(fdStderr, "/dev/stderr")
	kept = openBoard(fdBoard)
}

// Note leaves the notes for a report, in place of earlier ones.
func Note(notes []byte) {
	if kept != nil {
		kept.note(notes)
	}
}

// Limit has the keeper end the process when it takes more memory than this.
func Limit(most uint64) {
	if kept != nil {
		kept.setLimit(most)
	}
}

// Die ends the process at once, for the keeper to report with these notes. It returns where nobody
// keeps the process.
func Die(notes []byte) {
	if kept != nil {
		kept.note(notes)
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	}
}

// Done says that the process ends with its last word said.
func Done() {
	if kept != nil {
		kept.setDone()
	}
}
