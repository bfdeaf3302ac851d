// Package encoding is the module "carjs/encoding": bytes as text (base64, hex, UTF-8), and smaller
// (gzip, deflate).
//
// Decoding is exact: what is not wholly in the form is a failure of the data source, from where
// such data comes. Lenient decoding of texts is the platform's TextDecoder.
package encoding

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"carjs/bindings/args"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// Module is the package's row in the table of modules.
func Module() script.Module {
	return args.Module("carjs/encoding", []args.Function{
		{Name: "base64Encode", Run: encodeAs(base64.StdEncoding.EncodeToString)},
		{Name: "base64UrlEncode", Run: encodeAs(base64.RawURLEncoding.EncodeToString)},
		{Name: "base64Decode", Run: decodeFrom(base64Bytes)},
		{Name: "base64DecodeText", Run: decodeTextFrom(base64Bytes)},
		{Name: "hexEncode", Run: encodeAs(hex.EncodeToString)},
		{Name: "hexDecode", Run: decodeFrom(hexBytes)},
		{Name: "hexDecodeText", Run: decodeTextFrom(hexBytes)},
		{Name: "utf8Encode", Run: utf8Encode},
		{Name: "utf8Decode", Run: utf8Decode},
		{Name: "gzip", Run: compressAs(gzipFormat())},
		{Name: "gunzip", Run: expandFrom(gzipFormat())},
		{Name: "deflate", Run: compressAs(zlibFormat())},
		{Name: "inflate", Run: expandFrom(zlibFormat())},
	})
}

// encodeAs makes the native encode(data) → text.
func encodeAs(encode func([]byte) string) func(*args.Call) goja.Value {
	return func(c *args.Call) goja.Value { return c.VM().ToValue(encode(c.Arg(0, "data").Data())) }
}

// decodeFrom makes the native decode(text) → bytes.
func decodeFrom(decode func(*args.Call) []byte) func(*args.Call) goja.Value {
	return func(c *args.Call) goja.Value { return c.Bytes(decode(c)) }
}

// decodeTextFrom makes the native decode(text) → text.
func decodeTextFrom(decode func(*args.Call) []byte) func(*args.Call) goja.Value {
	return func(c *args.Call) goja.Value { return c.VM().ToValue(text(c, decode(c))) }
}

// base64Bytes reads the first argument as base64, in either alphabet, with padding or without, in
// lines or not: APIs have them all.
func base64Bytes(c *args.Call) []byte {
	encoded := strings.Map(func(r rune) rune {
		switch r {
		case '-':
			return '+'
		case '_':
			return '/'
		case ' ', '\t', '\r', '\n':
			return -1
		}
		return r
	}, c.Arg(0, "the base64 text").Text())
	if len(encoded)%4 == 0 {
		encoded = strings.TrimSuffix(strings.TrimSuffix(encoded, "="), "=")
	}
	data, err := base64.RawStdEncoding.DecodeString(encoded)
	if err != nil {
		c.Malformed(err, "the text is not base64")
	}
	return data
}

// hexBytes reads the first argument as hexadecimal digits of either case.
func hexBytes(c *args.Call) []byte {
	data, err := hex.DecodeString(c.Arg(0, "the hexadecimal text").Text())
	if err != nil {
		c.Malformed(err, "the text is not hexadecimal")
	}
	return data
}

func utf8Encode(c *args.Call) goja.Value { return c.Bytes([]byte(c.Arg(0, "text").Text())) }

func utf8Decode(c *args.Call) goja.Value { return c.VM().ToValue(text(c, c.Arg(0, "data").Buffer())) }

// text makes a text of UTF-8.
func text(c *args.Call, data []byte) string {
	if !utf8.Valid(data) {
		c.Malformed(nil, "the bytes are not UTF-8")
	}
	return strings.TrimPrefix(string(data), "\ufeff")
}
