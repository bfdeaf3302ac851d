// Package bindings puts the TypeScript side of carjs together: the one table of the modules that a
// connector can import, the table of its globals, and what makes a [host.Connector] of a folder or
// a bundle.
//
// A Go program runs a connector with this package and host: [Load] makes the connector, with
// modules of the program's own where it has some ([NewModule]), and host.Import imports. The
// examples are such programs. [Open], [Build] and [Compile] are for those that bundle themselves.
//
// Each module is a package of its own below this one. This package holds no module's code; it says
// which there are, gives them what they share (the transport to the data source, the settings), and
// checks once that what the bundle exports is a connector.
package bindings

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"carjs/bindings/carjs"
	"carjs/bindings/console"
	"carjs/bindings/crypto"
	"carjs/bindings/csv"
	"carjs/bindings/encoding"
	"carjs/bindings/fetch"
	carjshttp "carjs/bindings/http"
	"carjs/bindings/internal/webcrypto"
	"carjs/bindings/intl"
	"carjs/bindings/node"
	"carjs/bindings/web"
	"carjs/bindings/xml"
	"carjs/host/bundle"
	"carjs/host/failure"
	"carjs/host/script"

	"github.com/hashicorp/go-hclog"
)

// Options are what a connector's script is given.
type Options struct {
	// Args is what context().args shows. [Load] adds defaults to it.
	Args map[string]any
	// OnRead, when set, is called with the name of each setting that the script reads.
	OnRead func(name string)
	// Transport carries every request to the data source; nil makes one with sensible time-outs,
	// which leads to no link-local or cloud metadata address.
	Transport http.RoundTripper
	// RequestTimeout bounds a request that the connector gives no time of its own; 0 is a minute.
	// RetryWait is the first wait before a client of carjs/http repeats a request; 0 is a second.
	RequestTimeout, RetryWait time.Duration
	// MaxWait cuts every wait before a repetition, for tests; 0 cuts none.
	MaxWait time.Duration
	// Clock is what Date and timers go by; nil is the machine's. With one that skips waits, as in a
	// replay, requests are not waited with either, and rate limits do not count.
	Clock *script.Clock
	// Began is what BaseDataHandler.timestamp tells in a replay; zero is the start of the run.
	Began time.Time
	// MaxStack, MaxTurn and MaxMemory are the script's limits, as in [script.Options].
	MaxStack  int
	MaxTurn   time.Duration
	MaxMemory uint64
	// End, when set, ends a run whose script cannot be stopped at a limit, with the failure; with
	// now, at once, because memory runs out. It is called from any goroutine.
	End func(f *failure.Failure, now bool)
	// Secret, when set, is told of every secret that the script obtains, such as a token, so that
	// no log shows it.
	Secret func(secrets ...string)
	// Waiting, when set, is called when the script begins to wait for its data source, with the reason
	// and the time that it will wait (0 when that is up to the data source), and what it returns when
	// the wait is over. It is called from several goroutines; see Meter in package host/meter.
	Waiting func(why string, planned time.Duration) (over func())
	// Hides, when set, tells whether a text has a secret that is known, so that fetch does not carry
	// it to another origin.
	Hides func(text string) bool
	// Clients has the connector remember the instances of HttpClient, for [Connector.Clients].
	Clients bool
	// Logger receives the connector's log; nil is nowhere.
	Logger hclog.Logger
	// Modules are those that a connector can import besides the ones of carjs; see [NewModule]. The
	// bundler must know their names: [Load] tells it, others use [Modules].
	Modules []Module

	// base is [fetch.Deps.Base].
	base string
}

// deps are what the modules that talk HTTP share.
func (o Options) deps(count func()) fetch.Deps {
	deps := fetch.Deps{
		Transport: o.Transport, Count: count, Secret: o.Secret, Hides: o.Hides, Timeout: o.RequestTimeout, RetryWait: o.RetryWait,
		MaxWait: o.MaxWait, MaxMemory: o.MaxMemory, Now: o.Clock.Now, Logger: o.Logger, Waiting: o.Waiting, Base: o.base,
	}
	if o.Clock.SkipsWaits() {
		deps.Unlimited = true
		deps.Pause = func(ctx context.Context, d time.Duration) error {
			o.Clock.Skip(d)
			return context.Cause(ctx)
		}
	}
	return deps
}

// Modules returns the names of the modules that a connector can import: those of carjs, those of Node
// ("node:events"), and those that are added to them. They are the Modules of a [bundle.Source].
func Modules(added ...Module) []string {
	var names []string
	for _, m := range append(modules(carjs.New(nil), fetch.Deps{}), added...) {
		names = append(names, m.Name)
	}
	return names
}

// modules is the table of modules.
func modules(core *carjs.Module, deps fetch.Deps) []script.Module {
	return append([]script.Module{
		core.Script(),
		carjshttp.Module(deps),
		crypto.Module(),
		csv.Module(),
		encoding.Module(),
		xml.Module(),
	}, nodeModules()...)
}

// nodeModules are those of Node, for packages of npm.
var nodeModules = sync.OnceValue(func() []script.Module { return node.Modules(bundle.Absent()) })

// globals is the table of globals, in the order in which they are installed.
func globals(deps fetch.Deps) []script.Global {
	return []script.Global{
		console.Global(),
		web.Global(),
		intl.Global(),
		fetch.Global(deps),
		webcrypto.Global(),
	}
}

// counter counts the requests to the data source.
type counter struct{ n atomic.Int64 }

func (c *counter) add() { c.n.Add(1) }
