package submit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"carjs/host/failure"
)

// broken is a spill file that is gone, as on a disk that fails.
func broken(t *testing.T) *spill {
	t.Helper()
	sp, err := newSpill(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := sp.file.Close(); err != nil {
		t.Fatal(err)
	}
	return sp
}

// diskFails checks that an error is one of the disk: the next run may try again.
func diskFails(t *testing.T, name string, err error) {
	t.Helper()
	var f *failure.Failure
	if !errors.As(err, &f) || f.Kind != failure.Recoverable || f.Fault != failure.FaultSettings || f.Hint == "" {
		t.Errorf("%s: %v", name, err)
	}
}

// No error of the spill file is lost: an edge that is not there is not sent.
func TestSpillFails(t *testing.T) {
	if _, err := newSpill(filepath.Join(t.TempDir(), "nowhere")); err == nil {
		t.Error("a spill file in no folder")
	} else {
		diskFails(t, "no folder", err)
	}
	_, err := broken(t).read(make([]byte, 10), 1)
	diskFails(t, "read", err)

	st := stream{spill: broken(t)}
	if _, err := st.accept([]byte("one")); err != nil {
		t.Fatal(err) // it is in memory
	}
	diskFails(t, "save", st.save())
	_, err = st.accept(append(bytes.Clone(st.buf), make([]byte, chunkSize)...))
	diskFails(t, "the next chunk", err)

	full := &spill{file: st.spill.file, end: maxPlace - chunkSize}
	st = stream{spill: full}
	if _, err := st.accept([]byte("one")); err != nil {
		t.Errorf("the last chunk: %v", err)
	}
	st = stream{spill: full}
	_, err = st.accept([]byte("one"))
	diskFails(t, "a terabyte", err)
}

// What a stream has in memory, and what it has not.
func TestStream(t *testing.T) {
	sp, err := newSpill(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer sp.close() //nolint:errcheck // it is a test's
	a, b := stream{spill: sp}, stream{spill: sp}
	if _, ok := a.holds(0, 1); ok {
		t.Error("an empty stream holds something")
	}
	var places []int64
	exact := chunkSize - 6
	for _, c := range []struct {
		st   *stream
		text string
	}{{&a, "one"}, {&b, "uno"}, {&a, "two"}, {&a, strings.Repeat("x", exact)}, {&a, "three"}, {&a, strings.Repeat("y", 3*chunkSize)}, {&a, "four"}, {&b, "due"}} {
		place, err := c.st.accept(append(c.st.buf, c.text...))
		if err != nil {
			t.Fatal(err)
		}
		places = append(places, place)
	}
	want := []int64{1, 1 + chunkSize, 4, 7, 1 + 2*chunkSize, 1 + 3*chunkSize, 1 + 6*chunkSize, 4 + chunkSize}
	if fmt.Sprint(places) != fmt.Sprint(want) {
		t.Errorf("%v instead of %v", places, want)
	}
	if cap(a.buf) > 2*chunkSize {
		t.Errorf("a large entry keeps %d bytes", cap(a.buf))
	}
	for place, want := range map[int64]string{1 + 6*chunkSize: "four", 3 + 6*chunkSize: "ur"} {
		if got, ok := a.holds(place, 10); !ok || string(got) != want {
			t.Errorf("%d: %q, %t", place, got, ok)
		}
	}
	if got, ok := a.holds(1+6*chunkSize, 2); !ok || string(got) != "fo" {
		t.Errorf("%q, %t", got, ok)
	}
	for _, place := range []int64{0, 6 * chunkSize, 5 + 6*chunkSize} {
		if got, ok := a.holds(place, 1); ok {
			t.Errorf("%d: %q", place, got)
		}
	}
	for range 2 { // saving twice is saving once
		if err := errors.Join(a.save(), b.save()); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []string{"one", "uno", "two", strings.Repeat("x", exact), "three", strings.Repeat("y", 3*chunkSize), "four", "due"} {
		got := make([]byte, len(want))
		if n, err := sp.read(got, places[i]); err != nil || n != len(want) || string(got) != want {
			t.Errorf("entry %d: %d bytes, %v", i, n, err)
		}
	}
	if n, err := sp.read(make([]byte, 10), places[6]); err != nil || n != 4 {
		t.Errorf("%d bytes at the end, %v", n, err)
	}
}

// Each trouble with the disk has a step that helps.
func TestDiskHints(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
		not  string
	}{
		{errors.New("odd"), "free disk space, or set another folder with -export-data-dir", "; -export"},
		{syscall.ENOSPC, "-export-data-dir sets another folder", "or set another folder"},
		{syscall.EMFILE, "open files", "-export-data-dir"},
	} {
		var f *failure.Failure
		err := diskFailure("cannot write", fmt.Errorf("x: %w", &os.PathError{Op: "write", Path: "p", Err: c.err}))
		if !errors.As(err, &f) || !strings.Contains(f.Hint, c.want) || strings.Contains(f.Hint, c.not) || !errors.Is(err, c.err) {
			t.Errorf("%v: %+v", c.err, f)
		}
	}
}

// A drain that is interrupted says so, and one that is not waits for the last job.
func TestDrainIsInterrupted(t *testing.T) {
	sender := newRecorder(t)
	sender.gate = make(chan struct{})
	config := testConfig(t, sender)
	config.PageSize, config.InFlight = 1, 1
	s := newSubmission(t, config)
	add(t, s, "asset", "external_id", "1", "name", "a")
	stopped := errors.New("stopped by the user")
	ctx, stop := context.WithCancelCause(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.queue.drain(ctx) }()
	waitFor(t, func() bool { s.queue.mu.Lock(); defer s.queue.mu.Unlock(); return s.queue.drains == 1 })
	stop(stopped)
	if err := <-done; err != stopped {
		t.Errorf("an interrupted drain gave %v", err)
	}
	if s.queue.drains != 0 {
		t.Errorf("%d drains are left", s.queue.drains)
	}
	if err := s.queue.drain(ctx); err != stopped {
		t.Errorf("a drain after the end gave %v", err)
	}
	close(sender.gate)
	if err := s.SendVertices(t.Context()); err != nil {
		t.Error(err)
	}
}
