package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func checkNPM(t *testing.T, r *release) {
	node := "linux-" + nodeArch[here.arch]
	packages := map[string]string{
		"carjs":            "npm/carjs-1.2.3-rc.1.tgz",
		"@carjs/" + node:   "npm/carjs-" + node + "-1.2.3-rc.1.tgz",
		"@carjs/win32-x64": "npm/carjs-win32-x64-1.2.3-rc.1.tgz",
	}
	for name, file := range packages {
		files, headers := untar(t, r.read(t, file))
		var m manifest
		if err := json.Unmarshal(files["package/package.json"], &m); err != nil || m.Name != name || m.Version != testVersion {
			t.Errorf("%s: %v %+v", file, err, m)
		}
		for path := range files {
			if !strings.HasPrefix(path, "package/") {
				t.Errorf("%s has %s", file, path)
			}
		}
		switch name {
		case "carjs":
			if len(m.Optional) != 2 || m.Optional["@carjs/"+node] != testVersion || headers["package/"+m.Bin["carjs"]] == nil {
				t.Errorf("%+v", m)
			}
		case "@carjs/win32-x64":
			if headers["package/bin/carjs.exe"] == nil || m.OS[0] != "win32" || m.CPU[0] != "x64" {
				t.Errorf("%+v", m)
			}
		default:
			if headers["package/bin/carjs"].Mode != 0o755 {
				t.Errorf("%+v", headers)
			}
		}
	}
	t.Run("install", func(t *testing.T) { installNPM(t, r, node) })
}

// installNPM installs the packages as npm does, and runs carjs through the one that people install.
func installNPM(t *testing.T, r *release, node string) {
	for _, name := range []string{"npm", "node"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skip(name + " is not installed")
		}
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "package.json"), []byte(`{"private": true}`), 0o644); err != nil {
		t.Fatal(err)
	}
	install := exec.Command("npm", "install", "--offline", "--no-audit", "--no-fund", "--cache", filepath.Join(dir, "cache"),
		filepath.Join(r.out, "npm", "carjs-"+node+"-1.2.3-rc.1.tgz"), filepath.Join(r.out, "npm", "carjs-1.2.3-rc.1.tgz"))
	install.Dir = dir
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	carjs := filepath.Join(dir, "node_modules", ".bin", "carjs")
	run := func(code int, says string, args ...string) {
		t.Helper()
		c := exec.Command(carjs, args...)
		c.Dir = dir
		out, err := c.CombinedOutput()
		if c.ProcessState == nil || c.ProcessState.ExitCode() != code || !strings.Contains(string(out), says) {
			t.Errorf("%v: %v, want exit code %d and %q\n%s", args, err, code, says, out)
		}
	}
	run(0, "carjs version 1.2.3-rc.1", "-version")
	run(2, `unknown connector "nowhere"`, "run", "nowhere")

	// What stops the shim stops carjs, and the exit code is that of carjs.
	served := exec.Command(carjs, "car", "-addr", "127.0.0.1:0")
	out := &firstLine{seen: make(chan struct{})}
	served.Dir, served.Stdout = dir, out
	if err := served.Start(); err != nil {
		t.Fatal(err)
	}
	<-out.seen
	if err := served.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	alone := exec.Command(filepath.Join(dir, "node_modules", "@carjs", node, "bin", "carjs"), "car", "-addr", "127.0.0.1:0")
	direct := &firstLine{seen: make(chan struct{})}
	alone.Dir, alone.Stdout = dir, direct
	if err := alone.Start(); err != nil {
		t.Fatal(err)
	}
	<-direct.seen
	if err := alone.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = served.Wait() // the codes are looked at
	_ = alone.Wait()
	if served.ProcessState.ExitCode() != alone.ProcessState.ExitCode() {
		t.Errorf("%s through npm, %s without", served.ProcessState, alone.ProcessState)
	}

	if err := os.RemoveAll(filepath.Join(dir, "node_modules", "@carjs")); err != nil {
		t.Fatal(err)
	}
	run(2, "the package @carjs/"+node+" is not installed", "-version")
}

// firstLine tells when a program has printed a line.
type firstLine struct {
	text bytes.Buffer
	seen chan struct{}
	done bool
}

// Write takes what is printed.
func (l *firstLine) Write(p []byte) (int, error) {
	l.text.Write(p)
	if !l.done && bytes.ContainsRune(l.text.Bytes(), '\n') {
		l.done = true
		close(l.seen)
	}
	return len(p), nil
}
