// Package webcrypto is the global crypto: random values, and the algorithms of the Web Cryptography
// API in crypto.subtle.
//
// What the standard says of arguments, usages and JSON Web Keys is in webcrypto.js. Go has the keys,
// which a script holds as values that it cannot look into, and does the work beside the event loop.
// Signatures and digests for connectors, which need no promises, are in bindings/crypto.
package webcrypto

import (
	"context"
	"crypto"
	"crypto/rand"
	_ "crypto/sha1" // the digests register themselves
	_ "crypto/sha256"
	_ "crypto/sha512"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"carjs/bindings/args"
	"carjs/bindings/web"
	"carjs/host/script"

	"github.com/dop251/goja"
)

//go:embed *.js
var files embed.FS

var source = &web.Source{Files: files, Parts: []web.Part{
	{Name: "algorithms"},
	{Name: "jwk"},
	{Name: "webcrypto", Globals: []string{"crypto", "Crypto", "CryptoKey", "SubtleCrypto"}},
}}

// Global is the package's row in the table of globals. It comes after that of bindings/web.
func Global() script.Global {
	return script.Global{Name: "crypto", Install: func(rt *script.Runtime) error {
		return web.Of(rt).Add(source, func() (map[string]any, error) { return natives(rt), nil })
	}}
}

// hashes are the digests by their names in the standard.
var hashes = map[string]crypto.Hash{"SHA-1": crypto.SHA1, "SHA-256": crypto.SHA256, "SHA-384": crypto.SHA384, "SHA-512": crypto.SHA512}

// fault is an error with the name of the DOMException that a script sees.
type fault struct{ name, message string }

func (f *fault) Error() string { return f.message }

func operation(format string, a ...any) error {
	return &fault{"OperationError", fmt.Sprintf(format, a...)}
}
func badData(format string, a ...any) error { return &fault{"DataError", fmt.Sprintf(format, a...)} }
func unsupported(format string, a ...any) error {
	return &fault{"NotSupportedError", fmt.Sprintf(format, a...)}
}

// call is what a native is called with: named parameters, whose bytes are copied before the work
// begins.
type call struct {
	texts   map[string]string
	numbers map[string]int
	bytes   map[string][]byte
	keys    map[string]any
}

func (c *call) hash() crypto.Hash { return hashes[c.texts["hash"]] }

// has tells whether bytes of that name were given.
func (c *call) has(name string) bool { _, ok := c.bytes[name]; return ok }

// key is a key in the hands of a script.
type key struct{ value any }

func readCall(vm *goja.Runtime, parameters goja.Value) *call {
	c := &call{map[string]string{}, map[string]int{}, map[string][]byte{}, map[string]any{}}
	object := parameters.ToObject(vm)
	for _, name := range object.Keys() {
		value := object.Get(name)
		if args.Absent(value) {
			continue
		}
		if data, ok := args.Bytes(vm, value); ok {
			c.bytes[name] = append([]byte{}, data...)
			continue
		}
		switch exported := value.Export().(type) {
		case *key:
			c.keys[name] = exported.value
		case string:
			c.texts[name] = exported
		case int64:
			c.numbers[name] = int(exported)
		case float64:
			c.numbers[name] = int(exported)
		}
	}
	return c
}

// work is what a native does beside the loop; see give for what it may return.
type work func(c *call) (any, error)

// jobs is the table of what can be done, by the names that webcrypto.js has for it.
var jobs = map[string]work{
	"digest":   func(c *call) (any, error) { return sum(c.hash(), c.bytes["data"]), nil },
	"generate": generate, "import": importKey, "parts": parts, "export": exportKey,
	"sign": sign, "verify": verify, "encrypt": encrypt, "decrypt": decrypt, "derive": derive,
	"wrap": wrap, "unwrap": unwrap,
}

func sum(hash crypto.Hash, data []byte) []byte {
	h := hash.New()
	h.Write(data)
	return h.Sum(nil)
}

func natives(rt *script.Runtime) map[string]any {
	vm := rt.VM()
	return map[string]any{
		// run(job, parameters) is a promise of what the job gives.
		"run": func(gc goja.FunctionCall) goja.Value {
			job, c := jobs[gc.Argument(0).String()], readCall(vm, gc.Argument(1))
			return rt.Async(func(context.Context) (func(*goja.Runtime) (goja.Value, error), error) {
				result, err := job(c)
				var f *fault
				if err != nil && !errors.As(err, &f) {
					f = &fault{"OperationError", err.Error()}
				}
				return func(vm *goja.Runtime) (goja.Value, error) {
					if f != nil {
						return give(vm, map[string]any{"fault": f.name, "message": f.message})
					}
					return give(vm, result)
				}, nil
			})
		},
		"random": func(gc goja.FunctionCall) goja.Value {
			data, _ := args.Bytes(vm, gc.Argument(0))
			_, _ = rand.Read(data) // never fails
			return gc.Argument(0)
		},
		"toBase64URL": func(gc goja.FunctionCall) goja.Value {
			data, _ := args.Bytes(vm, gc.Argument(0))
			return vm.ToValue(base64.RawURLEncoding.EncodeToString(data))
		},
		// fromBase64URL gives undefined for what is none.
		"fromBase64URL": func(gc goja.FunctionCall) goja.Value {
			data, err := base64.RawURLEncoding.DecodeString(gc.Argument(0).String())
			if err != nil {
				return goja.Undefined()
			}
			return vm.ToValue(vm.NewArrayBuffer(data))
		},
		"encode": web.Encode(vm),
		"decode": func(gc goja.FunctionCall) goja.Value {
			data, _ := args.Bytes(vm, gc.Argument(0))
			return vm.ToValue(strings.ToValidUTF8(string(data), "\ufffd"))
		},
		"cloning": web.Cloning,
	}
}

// give makes a value of a result: bytes become an ArrayBuffer, keys stay closed.
func give(vm *goja.Runtime, result any) (goja.Value, error) {
	switch result := result.(type) {
	case []byte:
		return vm.ToValue(vm.NewArrayBuffer(result)), nil
	case map[string]any:
		object := vm.NewObject()
		for name, member := range result {
			value, err := give(vm, member)
			if err == nil {
				err = object.Set(name, value)
			}
			if err != nil {
				return nil, err
			}
		}
		return object, nil
	}
	return vm.ToValue(result), nil
}
