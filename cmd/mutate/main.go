// Command mutate finds out which mistakes the tests of a package would not notice: it makes them, one
// at a time. A condition is always true, a comparison is one value off, a statement is left out, an
// error is not returned, a number is one more. A mutant that no test fails for has survived: it lacks
// a test, or it changes nothing and is argued in a file, with the reason.
//
// All mutants of a package are written into one binary, which an environment variable tells the one
// to take; files reach the compiler as an overlay, and nothing in the module's folders is touched.
// Each test is run once to see which mutants it reaches, and a mutant then has to pass those tests
// alone. Declared constants take a binary each. What is said to a logger, the text of messages and
// how much room is made beforehand are not changed.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// options are the flags.
type options struct {
	short, list      bool
	sample, parallel int
	least            float64
	seed, file       string
	argued, with     string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, ".", os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1) //nolint:gocritic // what is deferred has nothing left to do
	}
}

func run(ctx context.Context, out io.Writer, dir string, args []string) error {
	var o options
	flags := flag.NewFlagSet("mutate", flag.ContinueOnError)
	flags.BoolVar(&o.short, "short", true, "tell the tests to be quick")
	flags.BoolVar(&o.list, "list", false, "list the mutants and run none")
	flags.IntVar(&o.sample, "sample", 0, "take only so many mutants of each package")
	flags.IntVar(&o.parallel, "p", runtime.NumCPU(), "how many run at a time")
	flags.Float64Var(&o.least, "least", 0, "fail if less than this share, in percent, of a package's mutants is killed or argued")
	flags.StringVar(&o.seed, "seed", "1", "which ones a sample takes")
	flags.StringVar(&o.file, "file", "", "take only mutants of files whose name contains this")
	flags.StringVar(&o.argued, "argued", filepath.Join("cmd", "mutate", "argued.txt"), "the file of mutants that change nothing, with reasons")
	flags.StringVar(&o.with, "with", "", "more packages, separated by commas, whose tests are to notice")
	if err := flags.Parse(args); err != nil {
		return err
	}
	argued, err := readArgued(filepath.Join(dir, o.argued))
	if err != nil {
		return err
	}
	packages, err := load(ctx, dir, flags.Args())
	if err != nil {
		return err
	}
	var failed []string
	for _, c := range packages {
		share, err := o.mutate(ctx, out, c, argued)
		if err != nil {
			return fmt.Errorf("%s: %w", c.path, err)
		}
		if share < o.least {
			failed = append(failed, fmt.Sprintf("%s: %.1f %% of the mutants are killed or argued, which is less than %g %%", c.path, share, o.least))
		}
	}
	if len(failed) > 0 {
		return fmt.Errorf("%s", strings.Join(failed, "\n"))
	}
	return nil
}

// mutate runs the mutants of one package and writes which ones survive.
func (o *options) mutate(ctx context.Context, out io.Writer, c *code, argued map[string]string) (share float64, err error) {
	began := time.Now()
	p := &program{code: c, mutants: o.choose(c.mutants())}
	if o.list {
		for _, m := range p.mutants {
			fmt.Fprintf(out, "%s:%d %s\n", m.file.name, m.line, m.key())
		}
		return 100, nil
	}
	if p.dir, err = os.MkdirTemp("", "mutate"); err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(p.dir) }()
	overlay, err := p.build(ctx)
	if err != nil {
		return 0, err
	}
	suites, paths, err := o.suites(ctx, p, overlay)
	if err != nil {
		return 0, err
	}
	for i, s := range suites {
		if len(s.left) > 0 {
			fmt.Fprintf(out, "%s: these tests fail beside mutants and are left out: %s\n", paths[i], strings.Join(s.left, ", "))
		}
	}
	verdicts := p.judge(ctx, suites, paths, o.parallel)
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	return o.report(out, p, verdicts, argued, time.Since(began)), nil
}

// suites builds and traces the tests that are to notice: those of the package, then others.
func (o *options) suites(ctx context.Context, p *program, overlay string) (suites []*suite, paths []string, err error) {
	packages := []*code{p.code}
	if o.with != "" {
		more, err := load(ctx, p.root, strings.Split(o.with, ","))
		if err != nil {
			return nil, nil, err
		}
		packages = append(packages, more...)
	}
	for i, c := range packages {
		binary, err := p.binary(ctx, overlay, c.path, fmt.Sprint(i))
		if err != nil {
			return nil, nil, err
		}
		if _, err := os.Stat(binary); err != nil {
			continue // it has no tests
		}
		s, err := newSuite(ctx, binary, c.dir, o.short)
		if err != nil {
			return nil, nil, err
		}
		suites, paths = append(suites, s), append(paths, c.path)
	}
	return suites, paths, nil
}

// choose takes those that the flags name.
func (o *options) choose(all []*mutant) []*mutant {
	all = slices.DeleteFunc(all, func(m *mutant) bool { return !strings.Contains(m.file.name, o.file) })
	if o.sample == 0 || o.sample >= len(all) {
		return all
	}
	slices.SortStableFunc(all, func(a, b *mutant) int { return cmp.Compare(a.rank(o.seed), b.rank(o.seed)) })
	all = all[:o.sample]
	slices.SortFunc(all, func(a, b *mutant) int { return cmp.Compare(a.id, b.id) })
	return all
}

// report writes the survivors and the sums, and returns the share that is killed or argued.
func (o *options) report(out io.Writer, p *program, verdicts []verdict, argued map[string]string, took time.Duration) float64 {
	var killed, survived, reasoned, count int
	for _, v := range verdicts {
		if p.invalid[v.id] {
			continue
		}
		count++
		switch {
		case !v.survived:
			killed++
		case argued[v.key()] != "":
			reasoned++
		default:
			survived++
			note := ""
			if !v.reached {
				note = " (no test reaches it)"
			}
			fmt.Fprintf(out, "%s:%d survived%s\t%s\n", v.file.name, v.line, note, v.key())
		}
	}
	percent := func(n int) float64 { return 100 * float64(n) / float64(max(count, 1)) }
	fmt.Fprintf(out, "%s: %d mutants, %d killed (%.1f %%), %d argued, %d survived; %d do not compile; %s\n",
		p.path, count, killed, percent(killed), reasoned, survived, len(p.invalid), took.Round(time.Second))
	return percent(killed + reasoned)
}
