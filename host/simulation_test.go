package host_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/go-hclog"

	"carjs/host"
	"carjs/host/car"
	"carjs/host/carserver"
	"carjs/host/failure"
)

// TestSimulation runs imports of random sources over a network in random trouble, several runs of
// one source after one another or side by side, and checks after each what must never happen:
//
//   - A run that ends with exit code 0 leaves CAR equal to the source.
//   - After any failures, the next run without trouble succeeds, and leaves CAR equal to the source.
//   - No run takes away a vertex that the source has had all the time, whatever the network, a
//     crash or a hiccup of the source does.
//   - Every other run ends with a failure of a known kind that says whose fault it is, within its
//     time, and nothing that it says holds the password of CAR.
//
// Time, network, source and crashes follow from the seed: a failure names the seed, and CARJS_SEED
// repeats it. CARJS_SEEDS is how many seeds there are (make simulate).
func TestSimulation(t *testing.T) {
	if seed, err := strconv.ParseUint(os.Getenv("CARJS_SEED"), 10, 64); err == nil {
		simulate(t, seed, true)
		return
	}
	seeds := uint64(40)
	if n, err := strconv.ParseUint(os.Getenv("CARJS_SEEDS"), 10, 64); err == nil {
		seeds = n
	}
	var sum simCounts
	var mu sync.Mutex
	t.Run("seeds", func(t *testing.T) {
		for seed := range seeds {
			t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
				t.Parallel()
				counts := simulate(t, seed, false)
				mu.Lock()
				defer mu.Unlock()
				sum.add(counts)
			})
		}
	})
	t.Logf("%d seeds: %s", seeds, sum)
}

// simCounts is what happened in simulations.
type simCounts struct{ runs, failed, requests, troubled int }

func (c *simCounts) add(other simCounts) {
	c.runs += other.runs
	c.failed += other.failed
	c.requests += other.requests
	c.troubled += other.troubled
}

func (c simCounts) String() string {
	return fmt.Sprintf("%d runs, %d of them ended in a failure; %d requests, %d of them met trouble", c.runs, c.failed, c.requests, c.troubled)
}

// simulate plays one seed in a bubble of its own.
func simulate(t *testing.T, seed uint64, tell bool) (counts simCounts) {
	synctest.Test(t, func(t *testing.T) {
		random := rand.New(rand.NewPCG(seed, 1))
		service, err := carserver.Open(carserver.Config{
			Prepared: random.IntN(4) > 0, PlainAddressIDs: random.IntN(2) == 0, Key: "key", Password: simPassword,
			JobDelay: []time.Duration{0, time.Millisecond, 5 * time.Second}[random.IntN(3)],
		})
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := service.Close(); err != nil {
				t.Error(err)
			}
		}()
		w := &simWorld{t: t, seed: seed, random: random, car: service, tell: tell}
		w.play()
		counts = w.counts
	})
	return counts
}

const (
	simPassword = "correct-horse-battery"
	// simPanic is what a connector written in Go may do; it counts as a bug of the program.
	simPanic = "meant to panic"
)

// simWorld is a data source and a CAR in the course of a seed.
type simWorld struct {
	t      *testing.T
	seed   uint64
	random *rand.Rand
	car    *carserver.Server
	states []graph         // of the source, the last one is now
	twin   int             // the state that the graph below stands for, from 1
	whole  carserver.Graph // what a full import of that state gives
	trace  []string
	counts simCounts
	tell   bool
}

// play lets the source live for some runs, the last of which has no trouble.
func (w *simWorld) play() {
	start := office()
	for i := range w.random.IntN(2) * 60 {
		start.vertices["asset"][fmt.Sprintf("bulk-%d", i)] = object{"name": "bulk"}
	}
	w.states = []graph{start}
	for run := range 2 + w.random.IntN(5) {
		if run > 0 && w.random.IntN(4) > 0 {
			w.states = append(w.states, mutate(w.states[len(w.states)-1], w.random))
		}
		switch w.random.IntN(6) {
		case 0:
			w.clean()
		case 1:
			w.sideBySide()
		case 2:
			w.hiccup()
		default:
			w.troubled()
		}
		if w.t.Failed() {
			return
		}
	}
	w.clean()
}

// simRun is one run: its connector, its network and how it ended.
type simRun struct {
	connector *tabular
	network   *simNetwork
	options   host.Options
	log       syncBuffer
	report    *host.Report
}

// prepare makes a run that has no trouble yet.
func (w *simWorld) prepare(kind string) *simRun {
	r := &simRun{
		connector: &tabular{states: w.states, at: len(w.states) - 1, strategy: strategy(w.random.IntN(3)),
			hooks: map[string]func(context.Context, *host.Run) error{}},
		network: &simNetwork{seed: w.random.Uint64(), car: w.car.Handler(), seen: map[string]int{}},
	}
	r.options = host.Options{
		CAR: car.Config{
			URL: "http://car.test/api/car/v2", Key: "key", Password: simPassword, Source: source,
			Transport: r.network, Compress: w.random.IntN(2) == 0,
		},
		Full: w.random.IntN(5) == 0, PageSize: 1 + w.random.IntN(20), InFlight: 1 + w.random.IntN(4),
		MaxSkipped: &host.Limit{Off: true},
		Logger:     hclog.New(&hclog.LoggerOptions{Output: &r.log, Level: hclog.Debug}),
	}
	w.counts.runs++
	w.trace = append(w.trace, fmt.Sprintf("--- run %d of state %d: %s", w.counts.runs, len(w.states)-1, kind))
	return r
}

// start does the run, and returns when nothing of it is under way any more.
func (w *simWorld) start(r *simRun) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	r.network.die = cancel
	begun := time.Now()
	r.report = host.Import(ctx, r.connector, r.options)
	if took := time.Since(begun); took > 24*time.Hour {
		w.t.Errorf("seed %d: a run took %s", w.seed, took)
	}
	r.network.waiting.Wait()
	time.Sleep(time.Minute) // CAR has done what came late
}

// record writes down how the run ended, and checks what holds for every run.
func (w *simWorld) record(r *simRun) {
	w.t.Helper()
	w.trace = append(w.trace, r.network.trace...)
	w.trace = append(w.trace, fmt.Sprintf("    %s import, exit code %d, save point %q: %v",
		r.report.Mode, r.report.ExitCode, r.report.SavePoint, r.report.Err()))
	w.counts.requests += len(r.network.trace)
	for _, line := range r.network.trace {
		if strings.Contains(line, ": ") {
			w.counts.troubled++
		}
	}
	if w.tell {
		w.t.Logf("%s\n%s", strings.Join(w.trace, "\n"), r.log.String())
		w.trace = nil
	}
	if strings.Contains(r.log.String(), simPassword) {
		w.wrong("the log holds the password")
	}
	f := r.report.Failure
	if (f == nil) != (r.report.ExitCode == 0) {
		w.wrong("exit code %d and failure %+v", r.report.ExitCode, f)
	}
	if f == nil {
		return
	}
	w.counts.failed++
	known := slices.ContainsFunc(failure.Kinds(), func(rule failure.KindRule) bool { return rule.Kind == f.Kind })
	stopped := r.network.dead || r.options.Timeout > 0
	if !known || f.Code == 0 || f.Message == "" || f.Fault == "" && !stopped ||
		f.Fault == failure.FaultCarjs && !strings.HasSuffix(f.Message, simPanic) {
		w.wrong("the failure is not typed: %+v", f)
	}
}

// wrong reports that a promise is broken, and how it came to that.
func (w *simWorld) wrong(format string, args ...any) {
	w.t.Helper()
	w.t.Errorf("seed %d: %s\n%s\nrepeat it with CARJS_SEED=%d", w.seed, fmt.Sprintf(format, args...), strings.Join(w.trace, "\n"), w.seed)
}

// clean is a run without trouble: it succeeds, and CAR has what the source has.
func (w *simWorld) clean() {
	w.t.Helper()
	r := w.prepare("no trouble")
	w.start(r)
	w.record(r)
	if r.report.ExitCode != 0 {
		w.wrong("a run without trouble failed: %v\n%s", r.report.Err(), r.log.String())
		return
	}
	w.equal()
}

// equal checks that CAR has what the source has: the same as another source with the same content
// that is imported fully, at once and without trouble.
func (w *simWorld) equal() {
	w.t.Helper()
	if w.twin != len(w.states) {
		w.twin = len(w.states)
		network := &simNetwork{car: w.car.Handler(), seen: map[string]int{}}
		report := host.Import(context.Background(), &tabular{states: w.states, at: w.twin - 1}, host.Options{
			Full: true, MaxDeletions: &host.Limit{Off: true}, MaxSkipped: &host.Limit{Off: true}, CAR: car.Config{
				URL: "http://car.test/api/car/v2", Key: "key", Password: simPassword, Source: "twin", Transport: network,
			}})
		if report.ExitCode != 0 {
			w.wrong("the import of the twin failed: %v", report.Err())
			return
		}
		w.whole = w.graph("twin")
	}
	if diff := w.whole.Diff(w.graph(source)); len(diff) > 0 {
		w.wrong("CAR differs from the source:\n%s", strings.Join(diff, "\n"))
	}
}

func (w *simWorld) graph(source string) carserver.Graph {
	w.t.Helper()
	g, err := w.car.Graph(context.Background(), source)
	if err != nil {
		w.t.Fatal(err)
	}
	return g
}

// kept checks that the vertices that CAR had and that the source has are still there.
func (w *simWorld) kept(before carserver.Graph) {
	w.t.Helper()
	after := w.graph(source)
	now := w.states[len(w.states)-1]
	for id := range before.Vertices {
		_, there := after.Vertices[id]
		_, wanted := now.vertices[id.Collection][id.Key]
		if wanted && !there {
			w.wrong("%s was taken away, and the source has it", id)
		}
	}
}

// troubled is a run over a bad network, with a source that may fail or change meanwhile.
func (w *simWorld) troubled() {
	w.t.Helper()
	r := w.prepare("bad network")
	r.network.percent = []uint64{2, 10, 40}[w.random.IntN(3)]
	r.network.crashes = w.random.IntN(2) == 0
	if w.random.IntN(4) == 0 {
		r.options.Timeout = time.Duration(w.random.IntN(int(3*time.Minute))) + 1
	}
	changes := w.disturb(r.connector)
	before := w.graph(source)
	w.start(r)
	w.record(r)
	if changes && len(r.connector.states) > len(w.states) {
		w.states = r.connector.states
	} else if r.report.ExitCode == 0 {
		w.equal()
	}
	w.kept(before)
}

// disturb lets a step of the connector fail or its source change; it reports the latter.
func (w *simWorld) disturb(c *tabular) (changes bool) {
	step := pick(w.random, []string{"start", "extension", "head", "save point", "delta", "vertices", "edges", "delete"})
	switch w.random.IntN(6) {
	case 0:
		err := pick(w.random, []error{
			errMeant, failure.New(failure.Datasource, "gone"), failure.New(failure.Recoverable, "later"),
			failure.New(failure.Unrecoverable, "never"),
		})
		c.hooks[step] = func(context.Context, *host.Run) error { return err }
	case 1:
		c.hooks[step] = func(context.Context, *host.Run) error { panic(simPanic) }
	case 2:
		next := mutate(w.states[len(w.states)-1], w.random)
		once := sync.OnceFunc(func() { c.states, c.at = append(c.states[:len(c.states):len(c.states)], next), c.at+1 })
		c.hooks[pick(w.random, []string{"vertices", "edges"})] = func(context.Context, *host.Run) error { once(); return nil }
		return true
	}
	return false
}

// sideBySide are two runs of one source at once. Each may fail or undo what the other did; neither
// may leave what the next run does not see.
func (w *simWorld) sideBySide() {
	w.t.Helper()
	before := w.graph(source)
	runs := []*simRun{w.prepare("beside another"), w.prepare("beside another")}
	runs[1].network.percent = uint64(w.random.IntN(2) * 5)
	wait := time.Duration(w.random.IntN(int(20 * time.Second)))
	var both sync.WaitGroup
	both.Go(func() { w.start(runs[0]) })
	both.Go(func() { time.Sleep(wait); w.start(runs[1]) })
	both.Wait()
	for _, r := range runs {
		w.record(r)
	}
	w.kept(before)
}

// hiccup is a run of a source that answers with no assets although it has them. Where it had many,
// none may go.
func (w *simWorld) hiccup() {
	w.t.Helper()
	now := w.states[len(w.states)-1]
	before := w.graph(source)
	had := 0
	for id := range before.Vertices {
		if id.Collection == "asset" {
			had++
		}
	}
	if had < 25 { // so few may always go
		w.clean()
		return
	}
	r := w.prepare("a source that hiccups")
	empty := changed(now, func(g graph) {
		for key := range maps.Clone(g.vertices["asset"]) {
			remove(g, "asset", key)
		}
	})
	r.connector.states = append(w.states[:len(w.states):len(w.states)], empty)
	r.connector.at++
	w.start(r)
	w.record(r)
	if r.report.ExitCode == 0 {
		w.wrong("a source that answers with none of its %d assets is a success", had)
	}
	w.kept(before)
}
