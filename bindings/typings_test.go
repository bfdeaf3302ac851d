package bindings

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/dop251/goja"

	"carjs/bindings/carjs"
	"carjs/bindings/fetch"
	"carjs/bindings/node"
	"carjs/host/script"
)

var (
	moduleStart = regexp.MustCompile(`(?m)^declare module "([^"]+)" \{$`)
	exported    = regexp.MustCompile(`(?m)^  export (?:abstract )?(?:class|function|const) (\w+)`)
	// globally declares a name for everybody: a file without a module around it.
	globally = regexp.MustCompile(`(?m)^declare (?:abstract )?(?:class|function|const|var|let) (\w+)`)
	// augmenting files add types to a module and no values.
	blockEnd = regexp.MustCompile(`(?m)^\}$`)
)

// declared reads the values that the typings declare, by module; those of everybody are under "".
func declared(t *testing.T) map[string]map[string]bool {
	t.Helper()
	files, err := filepath.Glob("../typings/*.d.ts")
	if err != nil || len(files) == 0 {
		t.Fatal("no typings", err)
	}
	names := map[string]map[string]bool{"": {}}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		for _, m := range globally.FindAllStringSubmatch(text, -1) {
			names[""][m[1]] = true
		}
		for _, at := range moduleStart.FindAllStringSubmatchIndex(text, -1) {
			module, body := text[at[2]:at[3]], text[at[1]:]
			if end := blockEnd.FindStringIndex(body); end != nil {
				body = body[:end[0]]
			}
			if names[module] == nil {
				names[module] = map[string]bool{}
			}
			for _, m := range exported.FindAllStringSubmatch(body, -1) {
				names[module][m[1]] = true
			}
		}
	}
	return names
}

// tableRuntime makes a runtime with all modules and globals, or with none.
func tableRuntime(t *testing.T, all bool) *script.Runtime {
	t.Helper()
	core := carjs.New(nil)
	options := script.Options{}
	if all {
		options = script.Options{Modules: modules(core, fetch.Deps{}), Globals: globals(fetch.Deps{}), Wrap: core.Wrap}
	}
	rt, err := script.New(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(rt.Close)
	return rt
}

// keys runs an expression that evaluates to an array of names.
func keys(t *testing.T, rt *script.Runtime, expression string) map[string]bool {
	t.Helper()
	program, err := script.Compile("keys.js", "exports.keys = "+expression)
	if err != nil {
		t.Fatal(err)
	}
	exports, err := rt.Load(context.Background(), program)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	rt.VM().ForOf(exports.Get("keys"), func(v goja.Value) bool {
		names[v.String()] = true
		return true
	})
	return names
}

// Every value that a module exports is in the typings, and the other way round.
func TestTypingsOfModules(t *testing.T) {
	declared := declared(t)
	for _, module := range Modules() {
		if strings.HasPrefix(module, node.Prefix) {
			continue // packages import them, and bring @types/node with them where they need types
		}
		compare(t, module, keys(t, tableRuntime(t, true), `Object.keys(require("`+module+`"))`), declared[module])
		delete(declared, module)
	}
	delete(declared, "")
	delete(declared, "carjs/test") // which no connector has
	if len(declared) > 0 {
		t.Errorf("typings of modules that do not exist: %v", slices.Sorted(maps.Keys(declared)))
	}
}

// Every global that carjs adds to the engine's is in the typings, and the other way round.
func TestTypingsOfGlobals(t *testing.T) {
	bare := goja.New()
	added := keys(t, tableRuntime(t, true), `Object.getOwnPropertyNames(globalThis)`)
	for _, name := range bare.GlobalObject().GetOwnPropertyNames() {
		delete(added, name)
	}
	for _, name := range []string{"Intl", "SharedArrayBuffer"} { // TypeScript's own library declares them
		delete(added, name)
	}
	compare(t, "the globals", added, declared(t)[""])
}

func compare(t *testing.T, of string, there, declared map[string]bool) {
	t.Helper()
	for name := range there {
		if !declared[name] {
			t.Errorf("%s: %s is there and not in the typings", of, name)
		}
	}
	for name := range declared {
		if !there[name] {
			t.Errorf("%s: %s is in the typings and not there", of, name)
		}
	}
}
