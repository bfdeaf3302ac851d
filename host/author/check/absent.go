package check

import (
	"maps"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
)

// What to do instead of a global that carjs does not have.
const (
	useFetch     = "use fetch or carjs/http"
	usePolling   = "ask for what is new at every import, with fetch or carjs/http"
	useXML       = "read markup with carjs/xml"
	useSavePoint = "keep what the next import needs in the save point"
	oneThread    = "a connector runs on one thread: wait for several requests at once with Promise.all"
	useLog       = "write to the log with console"
	noFiles      = "a connector has no files: import JSON at build time, and take settings from context().args"
	noInsides    = "carjs has no equivalent"
)

// absentGlobals are globals of browsers and of Node that connectors do not have, with what to do
// instead.
var absentGlobals = map[string]string{
	"XMLHttpRequest": useFetch, "WebSocket": usePolling, "EventSource": usePolling, "RTCPeerConnection": noInsides,
	"document": useXML, "window": "use globalThis", "HTMLElement": useXML,
	"localStorage": useSavePoint, "sessionStorage": useSavePoint, "indexedDB": useSavePoint, "caches": useSavePoint,
	"Worker": oneThread, "SharedWorker": oneThread, "importScripts": oneThread, "Atomics": oneThread,
	"alert": useLog, "prompt": "take settings from context().args", "confirm": "take settings from context().args",
	"__dirname": noFiles, "__filename": noFiles, "WebAssembly": noInsides, "Deno": noInsides, "Bun": noInsides,
}

// AbsentGlobals returns the globals of browsers and of Node that checks tell of, with what to do
// instead of each.
func AbsentGlobals() map[string]string { return maps.Clone(absentGlobals) }

// globals is what the code names that may be a global.
type globals struct {
	uses []globalUse
	// declared are the names that anything in the program has, and asked those by the file that asks
	// for their type.
	declared map[string]bool
	asked    map[[2]string]bool
}

type globalUse struct {
	name string
	at   place
}

// global notes the uses of globals that are absent.
func (h *habits) global(n ast.Node) {
	g := &h.globals
	if g.declared == nil {
		g.declared, g.asked = map[string]bool{}, map[[2]string]bool{}
	}
	declare := func(name *ast.Identifier) {
		if name != nil {
			g.declared[name.Name.String()] = true
		}
	}
	switch n := n.(type) {
	case *ast.FunctionLiteral:
		declare(n.Name)
	case *ast.ClassLiteral:
		declare(n.Name)
	case *ast.UnaryExpression:
		if name, ok := n.Operand.(*ast.Identifier); ok && n.Operator == token.TYPEOF {
			g.asked[[2]string{name.Name.String(), h.at(n).file}] = true
		}
	case *ast.Identifier:
		if _, absent := absentGlobals[n.Name.String()]; absent {
			g.uses = append(g.uses, globalUse{n.Name.String(), h.at(n)})
		}
	}
}

// absent tells of globals that are not there. Code that asks for the type of one knows that it may
// not be there, and packages, which carry much along, are left alone.
func (h *habits) absent() {
	told := map[[2]string]bool{}
	for _, use := range h.globals.uses {
		key := [2]string{use.name, use.at.file}
		if told[key] || h.globals.asked[key] || h.globals.declared[use.name] || len(h.names[use.name]) > 0 {
			continue
		}
		told[key] = true
		h.add(use.at, absentGlobals[use.name], "%s is not available in carjs: this code throws when it runs", use.name)
	}
}

// required looks at a call of require, of which the bundler leaves those whose name it cannot know.
func (h *habits) required(n *ast.CallExpression) {
	callee, ok := n.Callee.(*ast.Identifier)
	if !ok || callee.Name != "require" || len(n.ArgumentList) != 1 {
		return
	}
	if _, known := n.ArgumentList[0].(*ast.StringLiteral); !known && len(h.names["require"]) == 0 {
		h.add(h.at(n), "import the module by its name, at the top of the file",
			"require() of a name that is made up at run time finds carjs's own modules only")
	}
}
