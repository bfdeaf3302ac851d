package host_test

import (
	"context"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"carjs/host"
	"carjs/host/carserver"
	"carjs/host/model"
)

// After any sequence of changes CAR has what a full import gives: for random data of all
// collections, those of an extension among them, where every change comes over in another way,
// beside another source that has the same keys. CARJS_TEST_SEEDS=N tries the first N seeds,
// CARJS_TEST_SEED=N one.
func TestEverythingIncrementalEqualsFull(t *testing.T) {
	extension := extended()
	m, err := model.CAR().Extend(*extension)
	if err != nil {
		t.Fatal(err)
	}
	for _, seed := range seeds(t, 6) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 2))
			data := &everything{random: random, model: m, linked: seed%4 == 3, commas: seed%4 == 2}
			f := newFixture(t, carserver.Config{Prepared: true, PlainAddressIDs: seed%2 == 1, ObjectSearch: seed%3 == 1})
			other := data.begin()
			f.source = source + ":2"
			f.ok(&tabular{states: []graph{other}, extension: extension}, host.ModeFull)
			beside := f.graph()
			f.source = source
			c := &varied{tabular: &tabular{states: []graph{data.begin()}, extension: extension}, random: random, data: data}
			f.ok(c, host.ModeFull)
			f.sameAfterFull(c, 0)
			for step := range 8 {
				c.states = append(c.states, data.next(c.states[c.at]))
				c.at++
				options, mode := f.options(), host.ModeIncremental
				if options.Full = random.IntN(8) == 0; options.Full {
					mode = host.ModeFull
				}
				r := host.Import(context.Background(), c, options)
				if r.ExitCode != 0 {
					t.Fatalf("step %d: exit code %d: %+v", step+1, r.ExitCode, r.Failure)
				}
				if r.Mode != mode && !data.commas {
					t.Errorf("step %d: mode %q\n%s", step+1, r.Mode, f.log.String())
				}
				f.sameAfterFull(c, step+1)
			}
			if diff := beside.Diff(f.of(source + ":2")); len(diff) > 0 {
				t.Errorf("the other source has changed:\n%s", strings.Join(diff, "\n"))
			}
			f.nothingRefused()
		})
	}
}

// A unique value moves to another object while the one that had it goes: CAR refuses that in an
// incremental import, which deletes at its end, and takes it in the full one that follows.
func TestUniqueValueMoves(t *testing.T) {
	f := ready(t)
	racks := func(key string) graph {
		return graph{vertices: map[string]map[string]object{"rack": {key: {"unit": 7.0}}}}
	}
	c := &tabular{states: []graph{racks("old"), racks("new")}, extension: extended(), strategy: parts}
	f.ok(c, host.ModeFull)
	c.at = 1
	if r := f.run(c); r.ExitCode != 20 || r.Mode != host.ModeIncremental {
		t.Fatalf("exit code %d, mode %q: %+v", r.ExitCode, r.Mode, r.Failure)
	}
	f.ok(c, host.ModeFull)
	f.sameAsFull(c)
}

// seeds are the first n seeds of a property test, or what the environment asks for.
func seeds(t *testing.T, n uint64) []uint64 {
	t.Helper()
	number := func(name string, otherwise uint64) uint64 {
		text := os.Getenv(name)
		if text == "" {
			return otherwise
		}
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return n
	}
	if os.Getenv("CARJS_TEST_SEED") != "" {
		return []uint64{number("CARJS_TEST_SEED", 0)}
	}
	var some []uint64
	for seed := range number("CARJS_TEST_SEEDS", n) {
		some = append(some, seed)
	}
	return some
}

// sameAfterFull fails the test unless CAR has what a full import of the connector's present state
// gives a new CAR, which leaves out no object of it.
func (f *fixture) sameAfterFull(c *varied, step int) {
	f.t.Helper()
	fresh := ready(f.t)
	r := fresh.ok(&tabular{states: c.states, at: c.at, extension: c.extension}, host.ModeFull)
	for name, count := range r.Collections {
		if count.Skipped > 0 {
			f.t.Fatalf("%d of %s were left out:\n%s", count.Skipped, name, fresh.log.String())
		}
	}
	if diff := fresh.graph().Diff(f.graph()); len(diff) > 0 {
		f.t.Fatalf("step %d: CAR differs from a full import:\n%s\n%s", step, strings.Join(diff, "\n"), fresh.log.String())
	}
}

// of is the graph of a source.
func (f *fixture) of(source string) carserver.Graph {
	f.t.Helper()
	g, err := f.car.Graph(context.Background(), source)
	if err != nil {
		f.t.Fatal(err)
	}
	return g
}
