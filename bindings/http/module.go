// Package http is the module "carjs/http": a client for the API of a data source, with
// authentication, repetition of what failed for a moment, a rate limit, time-outs, and pagination.
//
// What a script sees is made in client.js, and in job.js when it has a job. Go reads the options
// (client.go, request.go) and sends on a goroutine of its own until there is an answer that counts
// (send.go). Rules say what an answer means (rules.go; match.go finds what they are about,
// readrules.go reads those of connectors), and status.go what one that does not count means for the
// run. The ways to log in have one interface (auth.go) and a file each. Lists are read page by page
// (pages.go, styles.go, bypage.go, spot.go, ahead.go) or by their ids (batches.go), and whole or
// not at all (tally.go, repeats.go). Records are read while they arrive (records.go), also of
// tables (table.go), packed files (unpack.go, unzip.go) and exports (job.go, jobsteps.go). All
// requests go over the wire of bindings/fetch. typings/http.d.ts says what each option does.
package http

import (
	_ "embed"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"carjs/bindings/args"
	"carjs/bindings/fetch"
	"carjs/bindings/web"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// Name is what a connector imports.
const Name = "carjs/http"

//go:embed client.js
var source string

//go:embed job.js
var jobSource string

// later are the programs that are compiled when a script first asks for what they have.
var later = map[string]func() *goja.Program{"job.js": web.Program("job.js", &jobSource)}

// program is compiled once a process: programs are read-only.
var program = sync.OnceValue(func() *goja.Program { return goja.MustCompile(script.InternalPrefix+"http.js", source, true) })

// Prepare does what the first runtime of a process that imports the module would do: it compiles
// client.js.
func Prepare() { program() }

// Module is the row of "carjs/http" in the table of modules. It builds on the globals of
// bindings/web and bindings/fetch.
func Module(deps fetch.Deps) script.Module {
	if deps.Secret == nil {
		deps.Secret = func(...string) {}
	}
	return script.Module{Name: Name, New: func(rt *script.Runtime) (goja.Value, error) {
		m := &module{rt: rt, deps: deps, wire: fetch.NewWire(deps), defaults: defaults(), programs: map[string]goja.Value{}}
		natives := rt.VM().NewObject()
		err := errors.Join(
			natives.Set("client", m.newClient),
			natives.Set("basic", m.basic),
			natives.Set("bearer", m.bearer),
			natives.Set("apiKey", m.apiKey),
			natives.Set("oauth2", m.oauth2),
			natives.Set("session", m.session),
			natives.Set("aws", m.aws),
			natives.Set("hmac", m.hmac),
			natives.Set("digest", m.digest),
			natives.Set("lastSegment", m.lastSegment),
			natives.Set("bytes", m.bytes),
			natives.Set("later", m.later),
			natives.Set("stringify", rt.Stringify),
			natives.Set("hidden", web.Hidden),
		)
		if err != nil {
			return nil, err
		}
		value, err := rt.VM().RunProgram(program())
		if err != nil {
			return nil, err
		}
		body, ok := goja.AssertFunction(value)
		if !ok {
			return nil, errors.New("client.js is not a function")
		}
		return body(goja.Undefined(), natives)
	}}
}

// module is the module of one runtime.
type module struct {
	rt   *script.Runtime
	deps fetch.Deps
	wire *fetch.Wire
	// programs are the functions of those that were made later.
	programs map[string]goja.Value
	// defaults are the rules that hold for every client.
	defaults []rule
}

// later is the native that gives the function of a program, which it makes once.
func (m *module) later(call goja.FunctionCall) goja.Value {
	name := call.Argument(0).String()
	if made, ok := m.programs[name]; ok {
		return made
	}
	value, err := m.rt.VM().RunProgram(later[name]())
	if err != nil {
		m.rt.Throw(err)
	}
	body, ok := goja.AssertFunction(value)
	if !ok {
		m.rt.Throw(errors.New(name + " is not a function"))
	}
	made, err := body(goja.Undefined())
	if err != nil {
		m.rt.Throw(err)
	}
	m.programs[name] = made
	return made
}

func (m *module) now() time.Time {
	if m.deps.Now != nil {
		return m.deps.Now()
	}
	return time.Now()
}

func (m *module) random() float64 {
	if m.deps.Random != nil {
		return m.deps.Random()
	}
	return rand.Float64()
}

// bounded cuts a wait to what the run allows.
func (m *module) bounded(d time.Duration) time.Duration {
	if most := m.deps.MaxWait; most > 0 {
		return min(d, most)
	}
	return d
}

// retryWait is the first wait before a request is repeated by a client that names none.
func (m *module) retryWait() time.Duration {
	if m.deps.RetryWait > 0 {
		return m.deps.RetryWait
	}
	return defaultRetryWait
}

// bytes is the native that tells whether a value is a buffer or a view of one, which can be a body.
func (m *module) bytes(call goja.FunctionCall) goja.Value {
	_, ok := args.Bytes(m.rt.VM(), call.Argument(0))
	return m.rt.VM().ToValue(ok)
}
