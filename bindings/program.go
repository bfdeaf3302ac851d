package bindings

import (
	"fmt"

	"carjs/bindings/carjs"
	carjshttp "carjs/bindings/http"
	"carjs/host/bundle"
	"carjs/host/model"
	"carjs/host/script"
)

// Program is a connector that is compiled, once for any number of runs.
type Program struct {
	bundle *bundle.Bundle
	script *script.Program
}

// Compile compiles the bundle of a connector. With a coverage, its statements are counted there.
func Compile(b *bundle.Bundle, coverage *script.Coverage) (*Program, error) {
	p := &Program{bundle: b}
	var err error
	if b.Map != nil {
		p.script, err = script.CompileMapped(b.Name, b.Code, b.Map, carjs.LiteralMethods()...)
	} else {
		p.script, err = script.CompileCovered(coverage, b.Name, b.Code, carjs.LiteralMethods()...)
	}
	if err != nil {
		return nil, fmt.Errorf("compile %s: %w", b.Name, err)
	}
	return p, nil
}

// Script is what a runtime loads.
func (p *Program) Script() *script.Program { return p.script }

// Open makes the connector's runtime, for one run.
func (p *Program) Open(opts Options) (*Connector, error) {
	c := &Connector{program: p, counter: &counter{}}
	if err := c.makeRuntime(opts); err != nil {
		return nil, err
	}
	return c, nil
}

// Open compiles a bundle and makes its runtime. Nothing of the connector runs before
// [Connector.Start].
func Open(b *bundle.Bundle, opts Options) (*Connector, error) {
	return Build(func() (*bundle.Bundle, error) { return b, nil }, func() (Options, error) { return opts, nil })
}

// Build is [Open] for a bundle that is still to be made. Beside that, the options are asked for,
// and the runtime is made of them. Errors of build and opts are returned as they are, that of build
// first: an author mends the code before the settings.
func Build(build func() (*bundle.Bundle, error), opts func() (Options, error)) (*Connector, error) {
	c := &Connector{counter: &counter{}}
	// Not the bundle: that takes longest, and a goroutine for which an idle processor must be woken
	// begins a millisecond later.
	made := make(chan error, 1)
	go func() {
		options, err := opts()
		if err == nil {
			err = c.makeRuntime(options)
		}
		made <- err
	}()
	b, err := build()
	if err == nil {
		c.program, err = Compile(b, nil)
	}
	if runtimeErr := <-made; err == nil {
		err = runtimeErr
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

// makeRuntime makes the world in which the connector runs.
func (c *Connector) makeRuntime(opts Options) error {
	c.module, c.began = carjs.New(opts.Args), opts.Began
	if opts.OnRead != nil {
		c.module.OnRead(opts.OnRead)
	}
	var err error
	observe := func(m script.Module) script.Module { return m }
	if opts.Clients {
		observe = c.observed
	}
	if c.runtime, err = newRuntime(c.module, opts, c.counter.add, observe); err != nil {
		return err
	}
	// Every connector needs the classes and the model, and nearly all of them the client. There is
	// time now: the bundle takes longer.
	if _, err = c.module.Exports(c.runtime); err != nil {
		return fmt.Errorf("make the runtime: %w", err)
	}
	carjshttp.Prepare()
	model.CAR()
	return nil
}

// NewRuntime makes a runtime with all modules and globals, for scripts that are no connector, such
// as tests. core is the module "carjs" of it.
func NewRuntime(core *carjs.Module, opts Options) (*script.Runtime, error) {
	return newRuntime(core, opts, nil, func(m script.Module) script.Module { return m })
}

// newRuntime makes a runtime; count is called for every request to the data source, and client makes
// the module carjs/http that scripts get of the one in the table.
func newRuntime(
	core *carjs.Module, opts Options, count func(), client func(script.Module) script.Module,
) (*script.Runtime, error) {
	deps := opts.deps(count)
	table := modules(core, deps)
	for i, m := range table {
		if m.Name == carjshttp.Name {
			table[i] = client(m)
		}
	}
	if err := addedTo(table, opts.Modules); err != nil {
		return nil, err
	}
	var end func(*script.Error, bool)
	if opts.End != nil {
		end = func(reason *script.Error, now bool) { opts.End(carjs.Limit(reason), now) }
	}
	rt, err := script.New(script.Options{
		Modules: append(table, opts.Modules...), Globals: globals(deps),
		MaxStack: opts.MaxStack, MaxTurn: opts.MaxTurn, MaxMemory: opts.MaxMemory, End: end,
		Wrap: core.Wrap, Clock: opts.Clock, Log: opts.Logger,
	})
	if err != nil {
		return nil, fmt.Errorf("make the runtime: %w", err)
	}
	return rt, nil
}
