//go:build linux

package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"carjs/host"
	"carjs/host/carserver"
)

// A run that meets another one on its state folder waits, says so, and goes on when that has ended.
func TestTwoRunsAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	held, err := carserver.Open(carserver.Config{Path: filepath.Join(d.dir, ".carjs", "car.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if held != nil {
			held.Close()
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c := d.command(ctx, "run", "reference", "-log-format", "text", "-report", "report.json")
	stderr, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		said.WriteString(lines.Text() + "\n")
		if held != nil && strings.Contains(lines.Text(), "another carjs uses the embedded CAR service of this state folder: waiting") {
			if err := held.Close(); err != nil {
				t.Fatal(err)
			}
			held = nil
		}
	}
	if err := c.Wait(); err != nil || held != nil {
		t.Fatalf("%v\n%s", err, said.String())
	}
	// Both at the same moment: one after the other, whichever comes first.
	var both sync.WaitGroup
	for i := range 2 {
		both.Go(func() {
			if r := d.run("run", "reference", "-report", fmt.Sprintf("report%d.json", i)); r.code != 0 {
				t.Errorf("%s", r)
			}
		})
	}
	both.Wait()
}

// Two runs that record into one folder at the same time leave the requests of both.
func TestTwoRunsRecordIntoOneFolder(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.small(`
  const { url, half } = context().args as Record<string, string>;
  for (let page = 1; page <= 20; page++) await (await fetch(url + "/page?n=" + half + page)).text();
`)
	d.write("connectors/small/configurations/config.json",
		`{"configuration":{"auth":{"type":"fields","url":{"type":"text"},"half":{"type":"text"}}}}`)
	source := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.URL) }))
	defer source.Close()
	var both sync.WaitGroup
	for _, half := range []string{"a", "b"} {
		both.Go(func() {
			if r := d.run("run", "small", "-url", source.URL, "-half", half, "-record", "traffic", "-state-dir", half); r.code != 0 {
				t.Errorf("%s", r)
			}
		})
	}
	both.Wait()
	source.Close()
	for _, half := range []string{"a", "b"} {
		if r := d.run("run", "small", "-half", half, "-replay", "traffic", "-full"); r.code != 0 {
			t.Errorf("%s: %s", half, r)
		}
	}
}

// limited runs carjs under a limit of the shell: "ulimit -n 12".
func (d *desk) limited(limit string, args ...string) result {
	d.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c := d.command(ctx, args...)
	shell := exec.CommandContext(ctx, "/bin/sh", append([]string{"-c", limit + `; exec "$0" "$@"`}, c.Args...)...)
	shell.Dir, shell.Env, shell.WaitDelay = c.Dir, append(c.Env, "SSL_CERT_FILE="), c.WaitDelay
	var stdout, stderr bytes.Buffer
	shell.Stdout, shell.Stderr = &stdout, &stderr
	_ = shell.Run() // the code says it
	r := result{code: shell.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String()}
	d.noGoStack(r)
	return r
}

// ofTheMachine fails the test unless a run ended with exit code 10 because of the machine, and said
// so.
func (d *desk) ofTheMachine(r result, reason string, parts ...string) {
	d.Helper()
	if r.code != 10 {
		d.Errorf("exit code %d, want 10\n%s", r.code, r)
	}
	contains(d, r.stderr, append(parts, reason, "fault of   settings")...)
	for _, wrong := range []string{"in use", "fault of   data source", "fault of   carjs", "fault of   CAR"} {
		if strings.Contains(r.stderr, wrong) {
			d.Errorf("%q in\n%s", wrong, r)
		}
	}
}

// Whatever the place at which the file descriptors run out, it is that what is said.
func TestTooFewFileDescriptors(t *testing.T) {
	t.Parallel()
	for _, limit := range []int{8, 9, 10, 11, 12, 14, 16, 18} {
		d := newDesk(t)
		r := d.limited(fmt.Sprintf("ulimit -n %d", limit), "run", "reference", "-log-format", "text", "-timeout", "20s")
		d.ofTheMachine(r, "too many files are open", "raise the limit of open files")
	}
}

// Whatever the file and the moment at which it would grow too large, it is that what is said.
func TestLimitOfFileSize(t *testing.T) {
	t.Parallel()
	for _, blocks := range []int{4, 100, 400, 800, 1500} {
		d := newDesk(t)
		d.small(`for (let n = 0; n < 5000; n++) handler.addCollection("asset", { external_id: String(n), name: "a host with a long name " + n });`)
		r := d.limited(fmt.Sprintf("ulimit -f %d", blocks), "run", "small", "-log-format", "text", "-timeout", "20s")
		d.ofTheMachine(r, "the file would be larger than this user's files may be", "raise the limit of the size of files")
	}
}

// disk is a small file system of its own below the desk.
func (d *desk) disk(size string) string {
	d.Helper()
	dir := filepath.Join(d.dir, "disk")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		d.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		d.Skipf("no file system can be mounted here: %v", err)
	}
	d.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			d.Errorf("unmount: %v", err)
		}
	})
	return dir
}

func TestFullDisk(t *testing.T) {
	for _, size := range []string{"4k", "100k", "300k", "1m"} {
		d := newDesk(t)
		d.disk(size)
		d.ofTheMachine(d.run("run", "reference", "-state-dir", "disk/state", "-log-format", "text"), "the disk is full", "make room on the disk")
	}
	d := newDesk(t)
	dir := d.disk("64k")
	if err := os.WriteFile(filepath.Join(dir, "file"), make([]byte, 64<<10), 0o644); err != nil {
		t.Fatal(err)
	}
	d.ok(host.ModeFull, "reference")
	r := d.run("run", "reference", "-report", "disk/report.json", "-log-format", "text")
	d.ofTheMachine(r, "no space left on device", "the report")
	r = d.run("run", "reference", "-full", "-record", "disk/traffic", "-log-format", "text")
	d.ofTheMachine(r, "no space left on device", "record")
}

func TestReadOnlyDisk(t *testing.T) {
	d := newDesk(t)
	dir := d.disk("20m")
	if r := d.run("run", "reference", "-state-dir", "disk/state"); r.code != 0 {
		t.Fatal(r)
	}
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Skipf("no file system can be made read-only here: %v", err)
	}
	for _, state := range []string{"disk/state", "disk/other"} {
		d.ofTheMachine(d.run("run", "reference", "-state-dir", state, "-log-format", "text"), "the file system is read-only", "-state-dir")
	}
	d.ofTheMachine(d.run("run", "reference", "-export-data-dir", "disk", "-log-format", "text"), "read-only file system", "-export-data-dir")
	r := d.run("run", "reference", "-report", "disk/report.json", "-log-format", "text")
	if r.code != 2 {
		t.Error(r)
	}
	contains(t, r.stderr, "cannot write the report", "read-only", "not affected: this run imported nothing")
}

// A file in the way, and a folder in which nothing can be made.
func TestNoStateFolder(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.write("file", "text")
	d.ofTheMachine(d.run("run", "reference", "-state-dir", "file/state", "-log-format", "text"), "a file is where a folder should be")
	r := d.run("run", "reference", "-state-dir", "/proc/nowhere", "-log-format", "text")
	if r.code != 2 {
		t.Error(r)
	}
	contains(t, r.stderr, "cannot keep data in /proc/nowhere", "fault of   settings", "-state-dir")
}
