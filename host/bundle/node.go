package bundle

import "strings"

// What to do instead of a Node built-in, in the words of an error message.
const (
	useFetch    = "use fetch or carjs/http instead"
	useGlobals  = "remove the import and use the global"
	noFiles     = "a connector has no files; import JSON at build time, and take settings from context().args"
	noProcesses = "a connector cannot start processes or threads"
	noSockets   = "a connector cannot open sockets; use fetch or carjs/http instead"
	noInsides   = "carjs has no equivalent"
	useStreams  = "carjs has no streams; fetch and its modules return whole values"
	useTest     = "write tests with carjs/test in .test.ts files, and run them with carjs test"
	useNpm      = "use the npm package of the same name if it is pure JavaScript"
)

// nodeBuiltins is every module built into Node, without the prefix "node:", with the alternative
// that carjs offers.
var nodeBuiltins = map[string]string{
	"_http_agent":         useFetch,
	"_http_client":        useFetch,
	"_http_common":        useFetch,
	"_http_incoming":      useFetch,
	"_http_outgoing":      useFetch,
	"_http_server":        "a connector cannot be a server",
	"_stream_duplex":      useStreams,
	"_stream_passthrough": useStreams,
	"_stream_readable":    useStreams,
	"_stream_transform":   useStreams,
	"_stream_wrap":        useStreams,
	"_stream_writable":    useStreams,
	"_tls_common":         noSockets,
	"_tls_wrap":           noSockets,
	"assert":              "throw an Error instead",
	"assert/strict":       "throw an Error instead",
	"async_hooks":         noInsides,
	"buffer":              "use carjs/encoding and Uint8Array instead",
	"child_process":       noProcesses,
	"cluster":             noProcesses,
	"console":             useGlobals,
	"constants":           noInsides,
	"crypto":              "use carjs/crypto instead",
	"dgram":               noSockets,
	"diagnostics_channel": noInsides,
	"dns":                 noSockets,
	"dns/promises":        noSockets,
	"domain":              noInsides,
	"events":              useNpm,
	"fs":                  noFiles,
	"fs/promises":         noFiles,
	"http":                useFetch,
	"http2":               useFetch,
	"https":               useFetch,
	"inspector":           noInsides,
	"inspector/promises":  noInsides,
	"module":              noInsides,
	"net":                 noSockets,
	"os":                  noInsides,
	"path":                noFiles,
	"path/posix":          noFiles,
	"path/win32":          noFiles,
	"perf_hooks":          "use Date.now() instead",
	"process":             "take settings from context().args instead",
	"punycode":            useNpm,
	"querystring":         "use the global URLSearchParams instead",
	"readline":            noInsides,
	"readline/promises":   noInsides,
	"repl":                noInsides,
	"sea":                 noInsides,
	"sqlite":              noFiles,
	"stream":              useStreams,
	"stream/consumers":    useStreams,
	"stream/promises":     useStreams,
	"stream/web":          useStreams,
	"string_decoder":      "use the global TextDecoder instead",
	"sys":                 noInsides,
	"test":                useTest,
	"test/reporters":      useTest,
	"timers":              useGlobals,
	"timers/promises":     "use setTimeout in a Promise instead",
	"tls":                 noSockets,
	"trace_events":        noInsides,
	"tty":                 noInsides,
	"url":                 "use the globals URL and URLSearchParams instead",
	"util":                "use console to show values, structuredClone to copy them and TextEncoder to encode them instead",
	"util/types":          "use instanceof and Array.isArray instead",
	"v8":                  noInsides,
	"vm":                  noInsides,
	"wasi":                noInsides,
	"worker_threads":      noProcesses,
	"zlib":                "use gzip and gunzip of carjs/encoding instead",
}

// nodeAlternative tells whether an import is of a Node built-in, and what to do instead.
func nodeAlternative(path string) (string, bool) {
	name, prefixed := strings.CutPrefix(path, "node:")
	alternative, known := nodeBuiltins[name]
	if !known && prefixed {
		return noInsides, true
	}
	return alternative, known
}
