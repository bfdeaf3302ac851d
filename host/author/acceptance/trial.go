package acceptance

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/go-hclog"

	"carjs/host"
	"carjs/host/car"
	"carjs/host/carserver"
	"carjs/host/logging"
	"carjs/host/submit"
)

// patience is how long one import of a check may take: sample data are small.
const patience = 30 * time.Second

// trial is one check under way, with the embedded CAR services that it uses.
type trial struct {
	subject Subject
	result  Result
	said    map[string]bool
	open    []*carserver.Local
}

// sandbox is an embedded CAR service.
type sandbox struct {
	*carserver.Local
	trial *trial
}

// outcome is what came of an import.
type outcome struct {
	*host.Report
	skipped []skip
	log     []string // lines, secrets and all
}

type skip struct {
	submit.Skip
	at string
}

// fail notes what is wrong; several faults add up.
func (t *trial) fail(at, format string, args ...any) {
	t.result.Status = Failed
	why := fmt.Sprintf(format, args...)
	if t.result.Why != "" {
		why = t.result.Why + "\n" + why
	}
	t.result.Why = why
	if t.result.At == "" {
		t.result.At = at
	}
}

// skip ends a check that cannot be made.
func (t *trial) skip(format string, args ...any) {
	t.result.Status, t.result.Why = Skipped, fmt.Sprintf(format, args...)
}

// failed tells that an import failed that should not have; one that only lacks a recorded answer
// skips the check.
func (t *trial) failed(what string, o *outcome) bool {
	if o.Failure == nil {
		return false
	}
	why := fmt.Sprintf("%s failed: %s", what, o.Failure.Message)
	if missing, ok := notRecorded(o.Report); ok {
		t.skip("%v: record it to run this check", missing)
	} else if t.said[why] {
		t.skip("%s failed, see above", what)
	} else {
		t.fail(o.Failure.At, "%s", why)
		t.said[why] = true
	}
	return true
}

// sandbox starts a CAR service; nil when it does not start, which is no fault of the connector.
func (t *trial) sandbox() *sandbox {
	local, err := carserver.Start(carserver.Config{Prepared: true})
	if err != nil {
		t.skip("%v", err)
		return nil
	}
	t.open = append(t.open, local)
	return &sandbox{local, t}
}

func (t *trial) close() {
	for _, local := range t.open {
		_ = local.Close() // it was in memory: nothing is lost
	}
}

// imported runs the connector once.
func (s *sandbox) imported(ctx context.Context, transport http.RoundTripper, full bool) *outcome {
	return s.trial.run(ctx, transport, func(ctx context.Context, connector host.Connector, options host.Options) *host.Report {
		options.Full = full
		options.CAR = car.Config{URL: s.URL, Source: s.trial.subject.Name, PollWait: time.Millisecond, RetryWait: time.Millisecond}
		return host.Import(ctx, connector, options)
	})
}

// tested tests the connection once.
func (t *trial) tested(ctx context.Context, transport http.RoundTripper) *outcome {
	return t.run(ctx, transport, host.TestConnection)
}

func (t *trial) run(
	ctx context.Context, transport http.RoundTripper,
	work func(context.Context, host.Connector, host.Options) *host.Report,
) *outcome {
	o := &outcome{}
	log := logging.New(logging.Options{Level: hclog.Debug, Lines: func(line logging.Line) {
		o.log = append(o.log, line.Label+": "+line.Message+line.Pairs)
	}})
	connector, err := t.subject.Open(transport, log.Named("connector"))
	if err != nil {
		o.Report = host.Failed(err)
		return o
	}
	off := &host.Limit{Off: true} // a check of its own tells of invalid objects, and CAR is the trial's
	o.Report = work(ctx, connector, host.Options{Logger: log, Timeout: patience, MaxDeletions: off, MaxSkipped: off,
		Skipped: func(s submit.Skip, at string) { o.skipped = append(o.skipped, skip{s, at}) }})
	return o
}

// graph is what CAR has.
func (s *sandbox) graph(ctx context.Context) carserver.Graph {
	g, err := s.Graph(ctx, s.trial.subject.Name)
	if err != nil {
		s.trial.skip("%v", err)
	}
	return g
}

// few joins the first of many lines.
func few(lines []string) string {
	const most = 5
	if len(lines) > most {
		lines = append(lines[:most:most], fmt.Sprintf("and %d more", len(lines)-most))
	}
	return strings.Join(lines, "\n")
}
