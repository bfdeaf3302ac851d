// Command bench measures full imports with carjs, and with programs that do the same without it,
// side by side: the same data source, the same CAR, the same vertices and edges.
//
//	carjs  the binary of this module, with the reference connector
//	go     a Go program without a script, see baseline/: the limit
//	node   the reference connector's TypeScript in Node, with small modules in place of carjs's, see node/
//	python the same connector for the connector framework in Python, see python/; it is slow, so that one run of it must do
//
// The data source and CAR are part of this process and do next to nothing, so that what is measured
// is the program in between. Everything is on loopback. Before anything is measured, every variant
// runs once with each page looked at, and the benchmark fails when an object is missing.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

// options are the flags.
type options struct {
	sizes    []int
	runs     int
	variants []string
	latency  time.Duration
	python   int
	output   string
	// short leaves out what takes minutes. save and against are files of runs, and release is the
	// version whose line is written.
	short         bool
	save, against string
	release       string
	// changes are the sizes at which incremental imports are measured.
	changes []int
}

func readOptions(args []string, usage io.Writer) (options, error) {
	o := options{sizes: []int{1000, 10_000, 100_000}, changes: []int{10_000}, variants: names()}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(usage)
	flags.Func("sizes", "`SIZES` of the model, with commas between them (default 1000,10000,100000)", func(text string) (err error) {
		o.sizes, err = readSizes(text)
		return err
	})
	changes := "`SIZES` at which imports after single changes are measured; none for no such measurement (default 10000)"
	flags.Func("changes", changes, func(text string) (err error) {
		if o.changes = nil; text != "none" {
			o.changes, err = readSizes(text)
		}
		return err
	})
	flags.IntVar(&o.runs, "runs", 5, "how often each variant runs on each size; 100000 and more at most three times")
	flags.Func("variants", "`NAMES` of the variants, with commas between them (default carjs,go,node,python)", func(text string) error {
		o.variants = strings.Split(text, ",")
		return nil
	})
	flags.DurationVar(&o.latency, "latency", 0, "also measure with every response delayed by this much, at sizes below 100000")
	flags.IntVar(&o.python, "python", 1000, "the largest `SIZE` on which the variant python runs; it takes minutes on 10000")
	flags.StringVar(&o.output, "o", "", "write the tables to `FILE` as well")
	flags.BoolVar(&o.short, "short", false, "measure for seconds only: size 1000, carjs and go, three runs, changes at 1000")
	flags.StringVar(&o.save, "save", "", "write the figures to `FILE`, for -against of a later run")
	flags.StringVar(&o.against, "against", "", "compare with the run that was saved in `FILE`, and say what is slower than noise")
	flags.StringVar(&o.release, "release", "", "write the line of `VERSION` for docs/bench/README.md as well")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if o.short {
		o.sizes, o.changes, o.variants, o.runs = []int{1000}, []int{1000}, []string{"carjs", "go"}, 3
	}
	switch {
	case flags.NArg() > 0:
		return o, fmt.Errorf("there is an argument too many: %s", flags.Arg(0))
	case o.runs < 1:
		return o, errors.New("at least one run is needed")
	case o.python < 1:
		return o, errors.New("a size for python is at least 1; -variants leaves it out")
	}
	for _, name := range o.variants {
		if !slices.Contains(names(), name) {
			return o, fmt.Errorf("there is no variant %q; there are %s", name, strings.Join(names(), ", "))
		}
	}
	return o, nil
}

func readSizes(text string) ([]int, error) {
	var sizes []int
	for _, part := range strings.Split(text, ",") {
		size, err := strconv.Atoi(part)
		if err != nil || size < 1 || size > 1_000_000 {
			return nil, fmt.Errorf("%q is no size from 1 to 1000000", part)
		}
		sizes = append(sizes, size)
	}
	return sizes, nil
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := readOptions(args, stderr)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "carjs-bench-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) // a temporary folder
	flags, err := buildFlags(ctx)
	if err != nil {
		return err
	}
	b := &bench{
		dir: dir, buildFlags: append(flags, "-ldflags", "-s -w"),
		buildEnv: []string{"CGO_ENABLED=0"}, install: true, pythonMost: o.python,
	}
	progress := func(format string, args ...any) { fmt.Fprintf(stderr, format+"\n", args...) }
	progress("building")
	if err := b.build(ctx); err != nil {
		return err
	}
	var ready, missing []variant
	for _, name := range o.variants {
		v, err := b.variant(ctx, name)
		if err != nil {
			return err
		}
		if v.missing != "" {
			missing = append(missing, v)
			continue
		}
		ready = append(ready, v)
	}
	found, err := measure(ctx, o, ready, progress)
	if err != nil {
		return err
	}
	found.missing = missing
	text, err := found.report(o, machine(ctx))
	if err != nil {
		return err
	}
	if _, err := io.WriteString(stdout, text); err != nil {
		return err
	}
	if o.output == "" {
		return nil
	}
	return os.WriteFile(o.output, []byte(text), 0o644)
}

// measure does all measurements.
func measure(ctx context.Context, o options, variants []variant, progress func(string, ...any)) (findings, error) {
	found := findings{latency: o.latency}
	var err error
	starting := variants
	if o.short {
		starting = nil
	} else if len(variants) > 0 {
		floor, err := variants[0].bench.floor()
		if err != nil {
			return found, fmt.Errorf("prepare the smallest start: %w", err)
		}
		starting = append(slices.Clone(variants), floor)
	}
	if len(starting) > 0 {
		if found.starts, err = measureStart(ctx, starting, progress); err != nil {
			return found, err
		}
	}
	if i := slices.IndexFunc(variants, func(v variant) bool { return v.name == "carjs" }); i >= 0 {
		for _, size := range o.changes {
			results, err := measureChanges(ctx, variants[i], size, min(o.runs, changeRuns), progress)
			if err != nil {
				return found, err
			}
			found.changes = append(found.changes, results...)
		}
	}
	for _, size := range o.sizes {
		results, err := compare(ctx, variants, size, o.runs, 0, progress)
		if err != nil {
			return found, err
		}
		found.results = append(found.results, results...)
	}
	for _, size := range o.sizes {
		if o.latency <= 0 || size >= manyRows {
			continue
		}
		results, err := compare(ctx, variants, size, o.runs, o.latency, progress)
		if err != nil {
			return found, err
		}
		found.late = append(found.late, results...)
	}
	return found, nil
}
