package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"carjs/cmd/bench/internal/child"
	"carjs/host/usage"
)

// sample is one run of a variant.
type sample struct {
	child.Usage
	traffic
	usage.Used       // zero where the variant does not say
	asked      int64 // requests to the data source
}

// result is what the runs of one variant on one size came to: every figure is a median of its own.
type result struct {
	variant    string
	size, runs int
	// least and most are the range of the time on the clock.
	wall, least, most time.Duration
	cpu               time.Duration
	cpus              []int64 // of each run, in nanoseconds
	peak              int64
	allocated         int64 // bytes
	allocations       int64
	toCAR, toSource   int64 // requests
	sent              int64 // bytes to CAR
}

// perElement is the time on the processors for each vertex and edge.
func (r result) perElement() time.Duration { return r.cpu / time.Duration(elements(r.size)) }

// perSecond is how many vertices and edges went through in a second.
func (r result) perSecond() float64 { return float64(elements(r.size)) / r.wall.Seconds() }

// manyRows is the size from which on fewer runs do.
const manyRows, fewRuns = 100_000, 3

// compare measures variants on a model of a size. In every round each runs once, so that what
// disturbs the machine for a while disturbs all of them. A slow one runs in the first round alone,
// and is looked at there.
func compare(
	ctx context.Context, variants []variant, size, runs int, delay time.Duration, progress func(string, ...any),
) ([]result, error) {
	if size >= manyRows {
		runs = min(runs, fewRuns)
	}
	variants = slices.DeleteFunc(slices.Clone(variants), func(v variant) bool { return v.most > 0 && size > v.most || delay > 0 && v.slow })
	progress("size %d: rendering the data source", size)
	r, err := newRig(size)
	if err != nil {
		return nil, err
	}
	defer r.close() // nothing is left to lose when it ends
	for _, v := range variants {
		if v.slow {
			continue
		}
		progress("size %d: checking what %s sends", size, v.name)
		if _, err := r.check(ctx, v, size, nil); err != nil {
			return nil, err
		}
	}
	r.delay.Store(int64(delay))
	samples := map[string][]sample{}
	for round := range runs {
		progress("size %d: round %d of %d", size, round+1, runs)
		for _, v := range variants {
			if v.slow && round > 0 {
				continue
			}
			take := func() (sample, error) { return r.sample(ctx, v, nil) }
			if v.slow {
				take = func() (sample, error) { return r.check(ctx, v, size, nil) }
			}
			s, err := take()
			if err != nil {
				return nil, err
			}
			samples[v.name] = append(samples[v.name], s)
		}
	}
	var results []result
	for _, v := range variants {
		results = append(results, summarize(v.name, size, samples[v.name]))
	}
	return results, nil
}

// summarize takes the medians of the runs of a variant.
func summarize(name string, size int, samples []sample) result {
	wall := func(s sample) int64 { return int64(s.Wall) }
	least := slices.MinFunc(samples, func(a, b sample) int { return int(a.Wall - b.Wall) })
	most := slices.MaxFunc(samples, func(a, b sample) int { return int(a.Wall - b.Wall) })
	var cpus []int64
	for _, s := range samples {
		cpus = append(cpus, int64(s.CPU))
	}
	return result{
		variant: name, size: size, runs: len(samples), cpus: cpus,
		wall: time.Duration(median(samples, wall)), least: least.Wall, most: most.Wall,
		cpu:         time.Duration(median(samples, func(s sample) int64 { return int64(s.CPU) })),
		peak:        median(samples, func(s sample) int64 { return s.Peak }),
		allocated:   median(samples, func(s sample) int64 { return int64(s.AllocatedBytes) }),
		allocations: median(samples, func(s sample) int64 { return int64(s.AllocatedObjects) }),
		toCAR:       median(samples, func(s sample) int64 { return s.Requests }),
		toSource:    median(samples, func(s sample) int64 { return s.asked }),
		sent:        median(samples, func(s sample) int64 { return s.Bytes }),
	}
}

// median is the middle one of the figures, or the mean of the two in the middle.
func median[T any](list []T, figure func(T) int64) int64 {
	figures := make([]int64, len(list))
	for i, v := range list {
		figures[i] = figure(v)
	}
	slices.Sort(figures)
	middle := len(figures) / 2
	if len(figures)%2 == 0 {
		return (figures[middle-1] + figures[middle]) / 2
	}
	return figures[middle]
}

// startRuns is how often the start is measured.
const startRuns = 15

// start is how soon a variant gets going.
type start struct {
	variant string
	// asked is from the start of the process to its first request to the data source, whole to its
	// end.
	asked, whole time.Duration
}

// measureStart tests the connection with each variant: it starts, builds and runs the connector,
// and the first thing that the connector does is a request to the data source.
func measureStart(ctx context.Context, variants []variant, progress func(string, ...any)) ([]start, error) {
	r, err := newRig(1)
	if err != nil {
		return nil, err
	}
	defer r.close() // as above
	asked, whole := map[string][]int64{}, map[string][]int64{}
	variants = withForgetful(variants)
	for round := range startRuns {
		progress("start: round %d of %d", round+1, startRuns)
		for _, v := range variants {
			a, w, err := v.start(ctx, r)
			if err != nil {
				return nil, err
			}
			asked[v.name], whole[v.name] = append(asked[v.name], a), append(whole[v.name], w)
		}
	}
	same := func(n int64) int64 { return n }
	var starts []start
	for _, v := range variants {
		starts = append(starts, start{v.name, time.Duration(median(asked[v.name], same)), time.Duration(median(whole[v.name], same))})
	}
	return starts, nil
}

// withForgetful puts a second variant behind each that keeps something: one that starts without it
// every time.
func withForgetful(variants []variant) []variant {
	var all []variant
	for _, v := range variants {
		all = append(all, v)
		if v.keeps != "" {
			v.name, v.forgets = v.name+", bundling", true
			all = append(all, v)
		}
	}
	return all
}

// start runs a connection test and returns the nanoseconds to its first request and to its end.
func (v variant) start(ctx context.Context, r *rig) (asked, whole int64, err error) {
	r.source.reset()
	if v.forgets {
		if err := os.RemoveAll(v.keeps); err != nil {
			return 0, 0, err
		}
	}
	argv := append(append(append([]string{}, v.argv...), r.flags()...), v.more...)
	command, err := v.bench.command(ctx, append(argv, v.test...))
	if err != nil {
		return 0, 0, err
	}
	began := time.Now()
	output, err := command.CombinedOutput()
	whole = int64(time.Since(began))
	first := r.source.first.Load()
	if err != nil || first == 0 {
		return 0, 0, fmt.Errorf("test the connection with %s: %v: %s", v.name, err, tail(string(output)))
	}
	return first - began.UnixNano(), whole, nil
}
