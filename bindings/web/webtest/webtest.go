// Package webtest runs TypeScript for the tests of the bindings: bundled, compiled and run as a
// connector is, with the globals and modules that a test names.
package webtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"testing"
	"testing/fstest"
	"time"

	"carjs/bindings/carjs"
	"carjs/host/bundle"
	"carjs/host/failure"
	"carjs/host/script"

	"github.com/dop251/goja"
	"github.com/hashicorp/go-hclog"
)

// World is what a script finds.
type World struct {
	Globals []script.Global
	Modules []script.Module
	Log     hclog.Logger
	// Context ends the run; nil is the test's.
	Context context.Context
	// MaxMemory is that of [script.Options].
	MaxMemory uint64
}

// Run calls the default export of some TypeScript with the arguments and returns what came of it: a
// text as it is, anything else as JSON. The module "carjs" is always there.
func (w World) Run(t testing.TB, source string, args ...any) (string, error) {
	t.Helper()
	ctx := w.Context
	if ctx == nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
	}
	built, err := bundle.Build(ctx, bundle.Source{FS: fstest.MapFS{"src/main.ts": &fstest.MapFile{Data: []byte(source)}}, Name: "demo"})
	if err != nil {
		t.Fatal(err)
	}
	program, err := script.Compile(built.Name, built.Code)
	if err != nil {
		t.Fatal(err)
	}
	core := carjs.New(nil)
	rt, err := script.New(script.Options{
		Globals: w.Globals, Modules: append([]script.Module{core.Script()}, w.Modules...),
		Wrap: core.Wrap, Log: w.Log, MaxMemory: w.MaxMemory,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	// The classes must exist before anything is thrown, whether the script imports them or not.
	if _, err := core.Exports(rt); err != nil {
		t.Fatal(err)
	}
	text, err := run(ctx, rt, program, args)
	if err != nil {
		return "", core.Failure(err)
	}
	return text, nil
}

func run(ctx context.Context, rt *script.Runtime, program *script.Program, args []any) (string, error) {
	exports, err := rt.Load(ctx, program)
	if err != nil {
		return "", err
	}
	main, ok := goja.AssertFunction(exports.Get("default"))
	if !ok {
		return "", errors.New("the script has no function as its default export")
	}
	values := make([]goja.Value, len(args))
	for i, arg := range args {
		values[i] = rt.VM().ToValue(arg)
	}
	value, err := rt.Call(ctx, main, goja.Undefined(), values...)
	if err == nil {
		err = rt.Drain(ctx)
	}
	if err != nil {
		return "", err
	}
	if object, ok := value.(*goja.Object); ok {
		encoded, err := object.MarshalJSON()
		return string(encoded), err
	}
	return value.String(), nil
}

// Main makes a script of the body of its function, whose arguments are a and b.
func Main(body string) string {
	return "import * as carjs from \"carjs\";\nexport default async function main(a?: any, b?: any) {\n" + body + "\n}\nvoid carjs;\n"
}

// Text is the outcome of Run as one text: an error with its code, message and place.
func Text(value string, err error) string {
	if err == nil {
		return value
	}
	var f *failure.Failure
	if !errors.As(err, &f) {
		return fmt.Sprintf("error %v", err)
	}
	return fmt.Sprintf("failure %d: %s (at %s)", f.Code, f.Message, f.At)
}

// Refused is the URL of a port where nobody listens.
func Refused(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String()
}
