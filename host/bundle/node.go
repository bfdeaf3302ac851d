package bundle

import (
	"maps"
	"strings"
)

// nodePrefix begins the names of the modules that are Node's own, as a bundle requires them.
const nodePrefix = "node:"

// What to do instead of a Node built-in, in the words of an error message.
const (
	useFetch    = "use fetch or carjs/http instead"
	noFiles     = "a connector has no files; import JSON at build time, and take settings from context().args"
	noProcesses = "a connector cannot start processes or threads"
	noServer    = "a connector cannot be a server"
	noSockets   = "a connector cannot open sockets; use fetch or carjs/http instead"
	noInsides   = "carjs has no equivalent"
	noTerminal  = "a connector has no terminal; use console to log"
	useStreams  = "use the globals ReadableStream, WritableStream and TransformStream"
	useTest     = "write tests with carjs/test in .test.ts files, and run them with carjs test"
	installWord = "npm install -D "
	addStreams  = installWord + "readable-stream"
)

// absent is every module built into Node that does nothing in carjs, without the prefix
// "node:", with the alternative that carjs offers. The connector's own files cannot import them.
// Packages can where the module is in [Source.Modules], because most carry such imports along for
// what a connector does not ask of them; what they use of it throws.
var absent = map[string]string{
	"_http_agent":         useFetch,
	"_http_client":        useFetch,
	"_http_common":        useFetch,
	"_http_incoming":      useFetch,
	"_http_outgoing":      useFetch,
	"_http_server":        noServer,
	"_stream_duplex":      addStreams,
	"_stream_passthrough": addStreams,
	"_stream_readable":    addStreams,
	"_stream_transform":   addStreams,
	"_stream_wrap":        addStreams,
	"_stream_writable":    addStreams,
	"_tls_common":         noSockets,
	"_tls_wrap":           noSockets,
	"async_hooks":         noInsides,
	"child_process":       noProcesses,
	"cluster":             noProcesses,
	"dgram":               noSockets,
	"diagnostics_channel": noInsides,
	"dns":                 noSockets,
	"dns/promises":        noSockets,
	"domain":              noInsides,
	"fs":                  noFiles,
	"fs/promises":         noFiles,
	"http":                useFetch,
	"http2":               useFetch,
	"https":               useFetch,
	"inspector":           noInsides,
	"inspector/promises":  noInsides,
	"module":              noInsides,
	"net":                 noSockets,
	"readline":            noTerminal,
	"readline/promises":   noTerminal,
	"repl":                noTerminal,
	"sea":                 noInsides,
	"sqlite":              noFiles,
	"stream":              addStreams,
	"stream/promises":     addStreams,
	"test":                useTest,
	"test/reporters":      useTest,
	"tls":                 noSockets,
	"trace_events":        noInsides,
	"tty":                 noTerminal,
	"v8":                  noInsides,
	"vm":                  noInsides,
	"wasi":                noInsides,
	"worker_threads":      noProcesses,
}

// Absent returns the modules of Node that do nothing in carjs, without the prefix "node:", each
// with what to do instead.
func Absent() map[string]string { return maps.Clone(absent) }

// nodeAlternative tells whether an import is of a Node built-in that is not there, and what to do
// instead.
func nodeAlternative(path string) (string, bool) {
	name, prefixed := strings.CutPrefix(path, nodePrefix)
	alternative, known := absent[name]
	if !known && prefixed {
		return noInsides, true
	}
	return alternative, known
}
