package node

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"

	"carjs/bindings/args"
	"carjs/host/script"

	"github.com/dop251/goja"
	"github.com/dop251/goja_nodejs/buffer"
	"github.com/dop251/goja_nodejs/util"
)

// bufferNatives has the class Buffer of goja_nodejs, which buffer.js completes.
func bufferNatives(rt *script.Runtime) (*goja.Object, error) {
	return loaded(rt, "buffer", buffer.Require)
}

// utilNatives has the function format of goja_nodejs, which util.js asks where it agrees with Node.
func utilNatives(rt *script.Runtime) (*goja.Object, error) {
	module, err := loaded(rt, "util", util.Require)
	if err != nil {
		return nil, err
	}
	return module, module.Set("settled", func(call goja.FunctionCall) goja.Value {
		promise, ok := call.Argument(0).Export().(*goja.Promise)
		if !ok {
			return goja.Undefined()
		}
		state := map[goja.PromiseState]string{goja.PromiseStateFulfilled: "fulfilled", goja.PromiseStateRejected: "rejected"}[promise.State()]
		result := rt.VM().NewObject()
		if state == "" {
			state = "pending"
		}
		if err := errors.Join(result.Set("state", state), result.Set("value", promise.Result())); err != nil {
			rt.Throw(err)
		}
		return result
	})
}

// codecs turn texts into bytes and back, in the encodings of Node.
var codecs = []args.Function{
	{Name: "encode", Run: func(c *args.Call) goja.Value {
		text, name := c.Arg(0, "the text").Text(), c.Arg(1, "the encoding").Text()
		return c.VM().ToValue(c.VM().NewArrayBuffer(bytesOf(c.Value(0), text, name)))
	}},
	{Name: "decode", Run: func(c *args.Call) goja.Value {
		data, name := c.Arg(0, "the bytes").Buffer(), c.Arg(1, "the encoding").Text()
		if name == "utf16le" {
			units := make([]uint16, len(data)/2)
			for i := range units {
				units[i] = uint16(data[2*i]) | uint16(data[2*i+1])<<8
			}
			return goja.StringFromUTF16(units)
		}
		return c.VM().ToValue(textOf(data, name))
	}},
}

// bytesOf encodes a text. text has no lone surrogates, which are those of value.
func bytesOf(value goja.Value, text, encoding string) []byte {
	switch encoding {
	case "utf8":
		return []byte(text)
	case "hex":
		data, _ := hex.DecodeString(text[:len(text)&^1]) // up to the first that is no digit, as Node
		return data
	case "base64", "base64url":
		return lenientBase64(text)
	}
	units := unitsOf(value, text)
	if encoding == "utf16le" {
		data := make([]byte, 2*len(units))
		for i, unit := range units {
			data[2*i], data[2*i+1] = byte(unit), byte(unit>>8)
		}
		return data
	}
	data := make([]byte, len(units)) // latin1 and ascii
	for i, unit := range units {
		data[i] = byte(unit)
	}
	return data
}

// unitsOf are the UTF-16 units of a text.
func unitsOf(value goja.Value, text string) []uint16 {
	if s, ok := value.(goja.String); ok {
		units := make([]uint16, s.Length())
		for i := range units {
			units[i] = s.CharAt(i)
		}
		return units
	}
	return utf16.Encode([]rune(text))
}

// lenientBase64 reads both alphabets and skips whatever is of neither, as Node does. The first
// padding ends the text.
func lenientBase64(text string) []byte {
	if end := strings.IndexByte(text, '='); end >= 0 {
		text = text[:end]
	}
	clean := make([]byte, 0, len(text))
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9', c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c == '+', c == '/':
			clean = append(clean, c)
		case c == '-':
			clean = append(clean, '+')
		case c == '_':
			clean = append(clean, '/')
		}
	}
	if len(clean)%4 == 1 {
		clean = clean[:len(clean)-1]
	}
	data := make([]byte, base64.RawStdEncoding.DecodedLen(len(clean)))
	n, _ := base64.RawStdEncoding.Decode(data, clean) // every character is of the alphabet
	return data[:n]
}

// textOf decodes bytes.
func textOf(data []byte, encoding string) string {
	switch encoding {
	case "hex":
		return hex.EncodeToString(data)
	case "base64":
		return base64.StdEncoding.EncodeToString(data)
	case "base64url":
		return base64.RawURLEncoding.EncodeToString(data)
	case "utf8":
		return buffer.StringCodecByName("utf8").Encode(data)
	}
	mask := byte(0xff)
	if encoding == "ascii" {
		mask = 0x7f
	}
	runes := make([]rune, len(data))
	for i, b := range data {
		runes[i] = rune(b & mask)
	}
	return string(runes)
}

// loaded is what a module that is written for goja_nodejs exports.
func loaded(rt *script.Runtime, name string, load func(*goja.Runtime, *goja.Object)) (*goja.Object, error) {
	exports, err := Loader(name, load).New(rt)
	if err != nil {
		return nil, err
	}
	object, ok := exports.(*goja.Object)
	if !ok {
		return nil, fmt.Errorf("%s exports no object", name)
	}
	return object, nil
}
