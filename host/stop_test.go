package host_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"carjs/host"
	"carjs/host/failure"
)

// stopsIn fails the test when the run does not stop by itself. A busy machine takes its time.
func stopsIn(t *testing.T, f *fixture, ctx context.Context, c host.Connector, options host.Options) *host.Report {
	t.Helper()
	began := time.Now()
	r := host.Import(ctx, c, options)
	if took := time.Since(began); took > time.Minute {
		t.Errorf("the run went on for %s", took)
	}
	if r.ExitCode != 10 || r.Failure.Kind != failure.Recoverable {
		t.Errorf("exit code %d: %+v", r.ExitCode, r.Failure)
	}
	if slices.ContainsFunc(f.sequence(), func(request string) bool {
		return strings.HasPrefix(request, "PATCH source") || request == "DELETE full-import"
	}) {
		t.Error("something was saved")
	}
	return r
}

func TestStopped(t *testing.T) {
	for _, step := range []string{"start", "save point", "vertices", "edges"} {
		t.Run(step, func(t *testing.T) {
			f := ready(t)
			ctx, cancel := context.WithCancelCause(context.Background())
			c := &tabular{states: []graph{office()}, hooks: map[string]hook{step: func(ctx context.Context, _ *host.Run) error {
				cancel(fmt.Errorf("interrupt signal received"))
				<-ctx.Done()
				return fmt.Errorf("the script: %w", ctx.Err())
			}}}
			r := stopsIn(t, f, ctx, c, f.options())
			if r.Failure.Message != "the run was stopped" || r.Failure.Detail != "interrupt signal received" {
				t.Errorf("%+v", r.Failure)
			}
			c.hooks = nil
			f.ok(c, host.ModeFull)
		})
	}
}

// A connector that hears of no stop is left behind, and what it does then does not reach CAR.
func TestStoppedWithoutTheConnector(t *testing.T) {
	f := ready(t)
	ctx, cancel := context.WithCancel(context.Background())
	leave, left := make(chan struct{}), make(chan struct{})
	c := &tabular{states: []graph{office()}, hooks: map[string]hook{
		"vertices": func(context.Context, *host.Run) error {
			cancel()
			<-leave
			return nil
		},
		"close": func(context.Context, *host.Run) error { close(left); return nil },
	}}
	stopsIn(t, f, ctx, c, f.options())
	close(leave)
	<-left
	if got := f.sequence(); len(got) > 0 {
		t.Errorf("CAR was asked after the end of the run: %q", got)
	}
}

func TestTimeout(t *testing.T) {
	f := ready(t)
	options := f.options()
	options.Timeout = 50 * time.Millisecond
	f.setFault(func(_ http.ResponseWriter, r *http.Request, request string) bool {
		if request != "GET importSchema" {
			return false
		}
		<-r.Context().Done() // hangs
		return true
	})
	r := stopsIn(t, f, context.Background(), &tabular{states: []graph{office()}}, options)
	if !strings.Contains(r.Failure.Message, "within 50ms") || !strings.Contains(r.Failure.Hint, "-timeout") {
		t.Errorf("%+v", r.Failure)
	}
}

func TestDeadlineOfTheCaller(t *testing.T) {
	f := ready(t)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	c := &tabular{states: []graph{office()}, hooks: map[string]hook{"start": func(ctx context.Context, _ *host.Run) error {
		<-ctx.Done()
		return ctx.Err()
	}}}
	stopsIn(t, f, ctx, c, f.options())
}

// Pages are sent beside the connector. When that fails, the connector is stopped at once, and the
// failure is CAR's.
func TestSenderFails(t *testing.T) {
	for status, code := range map[int]int{http.StatusForbidden: 10, http.StatusUnprocessableEntity: 20} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			f := ready(t)
			c := &tabular{states: []graph{office()}}
			f.ok(c, host.ModeFull)
			f.fail(status, "POST imports asset")
			c.hooks = map[string]hook{"vertices": func(ctx context.Context, run *host.Run) error {
				if err := addVertex(run, "asset", "3", object{"name": "x"}); err != nil {
					return err
				}
				select {
				case <-ctx.Done():
					return fmt.Errorf("interrupted: %w", ctx.Err())
				case <-time.After(time.Minute):
					return fmt.Errorf("the connector was not stopped")
				}
			}}
			options := f.options()
			options.PageSize = 1
			began := time.Now()
			r := host.Import(context.Background(), c, options)
			if r.ExitCode != code || r.Failure.Kind == failure.General {
				t.Errorf("exit code %d: %+v", r.ExitCode, r.Failure)
			}
			if time.Since(began) > 30*time.Second {
				t.Error("the connector was stopped late")
			}
			if want := map[int]string{10: "0", 20: ""}[code]; f.savePoint() != want {
				t.Errorf("save point %q, want %q", f.savePoint(), want)
			}
			f.heal()
			c.hooks = nil
			f.run(c)
			f.sameAsFull(c)
		})
	}
}

// A failure that says that CAR may have a gap is not hidden by the end of the run.
func TestUnrecoverableWhileStopped(t *testing.T) {
	f := ready(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c := &tabular{states: []graph{office()}}
	f.ok(c, host.ModeFull)
	c.hooks = map[string]hook{"vertices": func(context.Context, *host.Run) error {
		cancel()
		return failure.New(failure.Unrecoverable, "a gap")
	}}
	r := host.Import(ctx, c, f.options())
	if r.ExitCode != 20 || !strings.Contains(r.Failure.Hint, "-full") {
		t.Errorf("exit code %d: %+v", r.ExitCode, r.Failure)
	}
}
