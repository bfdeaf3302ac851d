package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"carjs/cmd/bench/internal/child"
	"carjs/connectors"
	"carjs/host/usage"
)

// variant is one way to do the import: a program that takes the flags of carjs.
type variant struct {
	name string
	// argv is the program and what comes before the flags.
	argv []string
	// more comes behind the flags.
	more []string
	// missing says why the variant cannot run here; empty when it can.
	missing string
	// report is where it writes what it allocated; empty for one that does not.
	report string
	// test makes it try the connection to the data source, and no more.
	test []string
	// most is the largest size on which it runs, 0 for any, and slow says that once must do there,
	// and not with latency.
	most int
	slow bool
	// keeps is a folder in which it keeps what makes the next start faster; empty when there is
	// none. forgets tells that this is removed before a start.
	keeps   string
	forgets bool
	bench   *bench
}

// bench is what all measurements need: the programs, and a folder for what they write.
type bench struct {
	dir string // temporary
	// buildFlags and buildEnv are the flags of go build, and what its environment has besides this
	// one's.
	buildFlags, buildEnv []string
	// install allows packages to be installed for the variants that need some.
	install bool
	// pythonMost is the largest size on which the variant python runs.
	pythonMost int
}

// names are the variants there are, in the order in which they are shown.
func names() []string { return []string{"carjs", "go", "node", "python"} }

// variant makes a variant ready to run.
func (b *bench) variant(ctx context.Context, name string) (variant, error) {
	v := variant{name: name, bench: b, test: []string{"-connection-test"}}
	var err error
	switch name {
	case "carjs":
		v.argv = []string{b.program("carjs"), "run", "reference"}
		v.report = filepath.Join(b.dir, "carjs.json")
		state := filepath.Join(b.dir, "state")
		v.keeps = filepath.Join(state, "bundles")
		v.more = []string{"-state-dir", state, "-log-format", "json", "-report", v.report}
	case "go":
		v.argv = []string{b.program("baseline")}
		v.report = filepath.Join(b.dir, "baseline.json")
		v.more = []string{"-report", v.report}
	case "node":
		var script string
		script, err = b.nodeScript(ctx)
		v.argv = []string{"node", script}
	case "python":
		var script string
		script, err = b.pythonScript(ctx)
		v.argv = []string{"python3", script}
		v.more = []string{"-export-data-dir", filepath.Join(b.dir, "python-export")}
		v.test = []string{"-connection-test", "1"}
		v.most, v.slow = b.pythonMost, true
	default:
		return v, fmt.Errorf("there is no variant %q; there are %s", name, strings.Join(names(), ", "))
	}
	var missing missingError
	if errors.As(err, &missing) {
		v.missing, err = string(missing), nil
	}
	if err != nil {
		return v, fmt.Errorf("prepare the variant %s: %w", name, err)
	}
	return v, nil
}

// floor is the variant of which only the start is measured: what no start of carjs can do without.
func (b *bench) floor() (variant, error) {
	reference, err := connectors.Find(b.dir, "reference")
	if err != nil {
		return variant{}, err
	}
	folder := filepath.Join(b.dir, "floor")
	if err := os.CopyFS(folder, reference.FS); err != nil {
		return variant{}, err
	}
	return variant{name: "process and bundler alone", argv: []string{b.program("floor")},
		more: []string{"-connector", folder}, bench: b}, nil
}

// missingError is why a variant cannot run on this machine.
type missingError string

func (e missingError) Error() string { return string(e) }

// program is where a program lies that build has built.
func (b *bench) program(name string) string {
	path := filepath.Join(b.dir, "bin", name)
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	return path
}

// buildFlags are the flags that carjs is built with everywhere: those of cmd/carjs/build.flags.
func buildFlags(ctx context.Context) ([]string, error) {
	dir, err := exec.CommandContext(ctx, "go", "list", "-f", "{{.Dir}}", "carjs/cmd/carjs").Output()
	if err != nil {
		return nil, fmt.Errorf("find carjs: %w", err)
	}
	data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "build.flags"))
	return strings.Fields(string(data)), err
}

// build builds the programs.
func (b *bench) build(ctx context.Context) error {
	bin := filepath.Join(b.dir, "bin")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return err
	}
	args := append([]string{"build", "-o", bin + string(filepath.Separator)}, b.buildFlags...)
	build := exec.CommandContext(ctx, "go",
		append(args, "carjs/cmd/carjs", "carjs/cmd/bench/baseline", "carjs/cmd/bench/floor", "carjs/cmd/bench/meter")...)
	build.Stderr = os.Stderr
	build.Env = append(os.Environ(), b.buildEnv...)
	if err := build.Run(); err != nil {
		return fmt.Errorf("build the programs: %w", err)
	}
	return nil
}

// command prepares a program that runs in a folder of its own, with nothing of the caller's
// settings but those of the runtimes.
func (b *bench) command(ctx context.Context, argv []string) (*exec.Cmd, error) {
	work := filepath.Join(b.dir, "work")
	if err := os.MkdirAll(work, 0o755); err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, argv[0], argv[1:]...)
	command.Dir = work
	command.Env = []string{"HOME=" + work, "CARJS_SECRETS_DIR=" + filepath.Join(work, "none")}
	for _, name := range []string{
		"PATH", "TMPDIR", "SystemRoot", "GOGC", "GOMEMLIMIT", "GOMAXPROCS", "GODEBUG", "NODE_OPTIONS", "PYTHONPATH",
	} {
		if value, there := os.LookupEnv(name); there {
			command.Env = append(command.Env, name+"="+value)
		}
	}
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.WaitDelay = 5 * time.Second
	return command, nil
}

// longestRun bounds one run of a variant.
const longestRun = 15 * time.Minute

// measure runs the variant to its end, which must be a good one.
func (v variant) measure(ctx context.Context, flags []string) (child.Usage, error) {
	ctx, cancel := context.WithTimeout(ctx, longestRun)
	defer cancel()
	argv := append([]string{v.bench.program("meter")}, v.argv...)
	command, err := v.bench.command(ctx, append(append(argv, flags...), v.more...))
	if err != nil {
		return child.Usage{}, err
	}
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	var used child.Usage
	if err := command.Run(); err != nil {
		return used, fmt.Errorf("%s: %w: %s", v.name, err, tail(stderr.String()))
	}
	if err := json.Unmarshal(stdout.Bytes(), &used); err != nil {
		return used, fmt.Errorf("%s: read what the meter says: %w", v.name, err)
	}
	return used, nil
}

// report is what a variant says about its last run.
type report struct {
	Mode      string
	Resources usage.Used
}

// reported is what the variant says about its last run; nothing of one that does not.
func (v variant) reported() (report, error) {
	var r report
	if v.report == "" {
		return r, nil
	}
	text, err := os.ReadFile(v.report)
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	return r, err
}

// allocated is what the variant allocated in its last run, nothing for one that does not say.
func (v variant) allocated() (usage.Used, error) {
	r, err := v.reported()
	return r.Resources, err
}

// tail is the end of what a program said.
func tail(text string) string {
	const most = 2000
	text = strings.TrimSpace(text)
	if len(text) > most {
		text = "…" + strings.ToValidUTF8(text[len(text)-most:], "")
	}
	return text
}
