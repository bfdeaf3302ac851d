package bundle

import (
	"context"
	"fmt"

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
	canceled := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(canceled)
		b.esbuild.Cancel()
	})
	result := b.esbuild.Rebuild()
	if !stop() {
		<-canceled // or it would end the next build
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("bundle %s: %w", b.job.name, context.Cause(ctx))
	}
	return b.job.finish(result)
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
