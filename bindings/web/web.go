// Package web installs what scripts expect of any JavaScript platform and what needs neither the
// network nor the log: URL, events and abort signals, text encodings, base64, structuredClone with
// the platform's error class, streams, Blob, File and FormData, and a clock.
//
// What is JavaScript's own affair is in events.js, url.js, platform.js, streams.js and blob.js; Go
// does what has to look at bytes. The timers are the event loop's and live with it in host/script,
// fetch has a package of its own.
package web

import (
	"embed"
	"fmt"
	"time"

	"carjs/host/script"

	"github.com/dop251/goja"
)

//go:embed *.js streams/*.js
var files embed.FS

// source is the table of what is installed.
var source = &Source{Files: files, Parts: []Part{
	{"idl", nil},
	{"exception", []string{"DOMException", "QuotaExceededError"}},
	{"events", []string{"Event", "EventTarget", "reportError"}},
	{"kinds", []string{"CustomEvent", "ErrorEvent", "MessageEvent", "PromiseRejectionEvent"}},
	{"abort", []string{"AbortSignal", "AbortController"}},
	{"url", []string{"URL", "URLSearchParams"}},
	{"encoding", []string{"TextEncoder", "TextDecoder", "atob", "btoa"}},
	{"clone", []string{"structuredClone"}},
	{"messages", []string{"MessageChannel", "MessagePort"}},
	{"performance", []string{"performance", "Performance", "PerformanceEntry", "PerformanceMark", "PerformanceMeasure"}},
	{"navigator", []string{"navigator", "Navigator"}},
	{"weak", []string{"WeakRef", "FinalizationRegistry"}},
	{"shared", []string{"SharedArrayBuffer"}},
	{"dom", []string{"DOMParser", "XMLSerializer", "Node"}},
	{"blob", []string{"Blob", "File"}},
	{"form", []string{"FormData"}},
	{"streams/common", []string{"CountQueuingStrategy", "ByteLengthQueuingStrategy"}},
	{"streams/readable", []string{"ReadableStream", "ReadableStreamDefaultReader", "ReadableStreamDefaultController"}},
	{"streams/bytes", []string{"ReadableByteStreamController", "ReadableStreamBYOBReader", "ReadableStreamBYOBRequest"}},
	{"streams/tee", nil},
	{"streams/pipe", nil},
	{"streams/writable", []string{"WritableStream", "WritableStreamDefaultWriter", "WritableStreamDefaultController"}},
	{"streams/transform", []string{"TransformStream", "TransformStreamDefaultController"}},
	{"streams/coding", []string{"TextEncoderStream", "TextDecoderStream", "CompressionStream", "DecompressionStream"}},
}}

// Global is the package's row in the table of globals.
func Global() script.Global { return script.Global{Name: "web", Install: install} }

func install(rt *script.Runtime) error {
	vm := rt.VM()
	start := time.Now()
	// What a script could change before the programs run.
	timers := map[string]goja.Value{}
	for _, name := range []string{"setInterval", "clearInterval", "setImmediate", "queueMicrotask"} {
		timers[name] = vm.Get(name)
	}
	library := Of(rt)
	capture := func(call goja.FunctionCall) goja.Value {
		if f, ok := goja.AssertFunction(library.mustGet("weak").Get("captureStackTrace")); ok {
			if _, err := f(goja.Undefined(), call.Arguments...); err != nil {
				panic(err) // the script's own
			}
		}
		return goja.Undefined()
	}
	err := vm.Get("Error").ToObject(vm).DefineDataProperty("captureStackTrace", vm.ToValue(capture), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	if err != nil {
		return fmt.Errorf("set Error.captureStackTrace: %w", err)
	}
	return library.Add(source, func() (map[string]any, error) {
		natives := map[string]any{
			"parseURL":   parseURLNative(vm),
			"setURL":     setURLNative(vm),
			"encodeForm": func(call goja.FunctionCall) goja.Value { return vm.ToValue(encodeForm(call.Argument(0).String())) },
			"decodeForm": func(call goja.FunctionCall) goja.Value { return vm.ToValue(decodeForm(call.Argument(0).String())) },
			"now": func(goja.FunctionCall) goja.Value {
				return vm.ToValue(float64(time.Since(start)) / float64(time.Millisecond))
			},
			"timeOrigin": float64(start.UnixMicro()) / 1000,
			"encode":     Encode(vm),
			"decoder":    decoder(vm),
			"multipart":  encodeMultipart(vm),
			"parseForm":  parseForm(vm),
			"hidden":     Hidden,
			"toBase64":   toBase64(vm),
			"fromBase64": fromBase64(vm),
			"cloning":    Cloning,
			"alias":      alias(vm),
			"detach":     detach(vm),
			"transfer":   transfer(vm),
			"detached":   detached(vm),
			"classOf":    classOf(vm),
			"wellFormed": wellFormed(vm),
			"xmlTokens":  xmlTokens(vm),
			"compressor": compressor(rt),
			"expander":   expander(rt),
		}
		for name, timer := range timers {
			natives[name] = timer
		}
		return natives, nil
	})
}

// Cloning names the method by which objects of the platform make the copies of structuredClone.
var Cloning = goja.NewSymbol("carjs")
