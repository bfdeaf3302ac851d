// Package web installs what scripts expect of any JavaScript platform and what needs neither the
// network nor the log: URL, events and abort signals, text encodings, base64, structuredClone with
// the platform's error class, streams, Blob, File and FormData, and a clock.
//
// What is JavaScript's own affair is in events.js, url.js, platform.js, streams.js and blob.js; Go does what has to look
// at bytes. The timers are the event loop's and live with it in host/script, fetch has a package of
// its own.
package web

import (
	_ "embed"
	"errors"
	"time"

	"carjs/host/script"

	"github.com/dop251/goja"
)

//go:embed events.js
var eventsSource string

//go:embed url.js
var urlSource string

//go:embed platform.js
var platformSource string

//go:embed streams.js
var streamsSource string

//go:embed blob.js
var blobSource string

// parts is the table of what is installed: the globals, and the program that makes them of its
// natives. Programs are compiled once a process: they are read-only.
var parts = []struct {
	names   []string
	program func() *goja.Program
}{
	{[]string{"DOMException", "Event", "EventTarget", "AbortSignal", "AbortController"}, Program("events.js", &eventsSource)},
	{[]string{"URL", "URLSearchParams"}, Program("url.js", &urlSource)},
	{[]string{"TextEncoder", "TextDecoder", "atob", "btoa", "structuredClone", "performance"}, Program("platform.js", &platformSource)},
	{[]string{"ReadableStream", "ReadableStreamDefaultReader", "ReadableStreamDefaultController", "CountQueuingStrategy",
		"ByteLengthQueuingStrategy"}, Program("streams.js", &streamsSource)},
	{[]string{"Blob", "File", "FormData"}, Program("blob.js", &blobSource)},
}

// Global is the package's row in the table of globals.
func Global() script.Global { return script.Global{Name: "web", Install: install} }

func install(rt *script.Runtime) error {
	vm := rt.VM()
	start := time.Now()
	natives := vm.NewObject()
	err := errors.Join(
		natives.Set("parseURL", parseURLNative(vm)),
		natives.Set("encodePart", encodePartNative(vm)),
		natives.Set("encodeForm", func(call goja.FunctionCall) goja.Value { return vm.ToValue(encodeForm(call.Argument(0).String())) }),
		natives.Set("decodeForm", func(call goja.FunctionCall) goja.Value { return vm.ToValue(decodeForm(call.Argument(0).String())) }),
		natives.Set("now", func(goja.FunctionCall) goja.Value {
			return vm.ToValue(float64(time.Since(start)) / float64(time.Millisecond))
		}),
		natives.Set("timeOrigin", float64(start.UnixMicro())/1000),
		natives.Set("encode", encode(vm)),
		natives.Set("decoder", decoder(vm)),
		natives.Set("multipart", encodeMultipart(vm)),
		natives.Set("parseForm", parseForm(vm)),
		natives.Set("hidden", Hidden),
		natives.Set("toBase64", toBase64(vm)),
		natives.Set("fromBase64", fromBase64(vm)),
		// What a script could change before the programs run.
		natives.Set("clone", vm.Get("structuredClone")),
		natives.Set("setInterval", vm.Get("setInterval")),
		natives.Set("clearInterval", vm.Get("clearInterval")),
		natives.Set("queueMicrotask", vm.Get("queueMicrotask")),
	)
	if err != nil {
		return err
	}
	for _, part := range parts {
		if err := Install(rt, part.names, part.program, natives); err != nil {
			return err
		}
	}
	return nil
}
