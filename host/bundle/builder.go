package bundle

import (
	"context"
	"fmt"
	"time"

	"github.com/evanw/esbuild/pkg/api"
)

// Builder bundles one connector again and again. What it has read and parsed once it does not parse
// again while a file stays as it is. It is for one goroutine.
type Builder struct {
	source  Source
	job     *job
	esbuild api.BuildContext // nil before the first build and after one that found no entry file
}

// NewBuilder makes a builder of a connector, which need not build yet.
func NewBuilder(src Source) *Builder { return &Builder{source: src} }

// Build bundles what the files are now. Its errors are those of [Build].
func (b *Builder) Build(ctx context.Context) (*Bundle, error) {
	if err := b.open(); err != nil {
		return nil, err
	}
	if err := b.survey(ctx); err != nil {
		return nil, err
	}
	result, err := b.rebuild(ctx)
	if err != nil {
		return nil, err
	}
	return b.job.finish(result)
}

// buildTime is the longest that a build may take, for one that searches the whole disk.
const buildTime = 5 * time.Minute

// rebuild has esbuild bundle what the files are now. When ctx ends first it does not wait: esbuild
// may be reading what never ends, and is left to itself.
func (b *Builder) rebuild(ctx context.Context) (api.BuildResult, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, buildTime,
		fmt.Errorf("the build took longer than %v: import fewer files", buildTime))
	defer cancel()
	over := func() error { return fmt.Errorf("bundle %s: %w", b.job.name, context.Cause(ctx)) }
	if ctx.Err() != nil {
		return api.BuildResult{}, over()
	}
	esbuild := b.esbuild
	ended := make(chan api.BuildResult, 1)
	go func() { ended <- esbuild.Rebuild() }()
	select {
	case result := <-ended:
		if ctx.Err() != nil { // both came at once
			return api.BuildResult{}, over()
		}
		return result, nil
	case <-ctx.Done():
	}
	b.esbuild = nil // the next build begins with another, which nothing can cancel by then
	go func() {
		esbuild.Cancel()
		<-ended
		esbuild.Dispose()
	}()
	return api.BuildResult{}, over()
}

// survey looks at what esbuild is going to read on its own account.
func (b *Builder) survey(ctx context.Context) error {
	b.job.guard.begin()
	if b.job.FS != nil && b.job.Dir == "" {
		return nil
	}
	file, err := b.job.guard.survey(ctx)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("bundle %s: %w", b.job.name, context.Cause(ctx))
	}
	failures := []api.Message{{Text: err.Error(), Location: &api.Location{File: file, Line: 1}}}
	return newBuildError(b.job, failures)
}

// open looks for the entry file until there is one, and again when it is gone: it may have got
// another name.
func (b *Builder) open() error {
	if b.esbuild != nil {
		if b.job.hasEntry() {
			return nil
		}
		b.Close()
	}
	job, err := newJob(b.source)
	if err != nil {
		return err
	}
	esbuild, optionsErr := api.Context(job.options())
	if optionsErr != nil {
		return fmt.Errorf("bundle %s: %w", job.name, optionsErr)
	}
	b.job, b.esbuild = job, esbuild
	return nil
}

// Close frees what the builder keeps.
func (b *Builder) Close() {
	if b.esbuild != nil {
		b.esbuild.Dispose()
		b.esbuild = nil
	}
}
