package encoding

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"carjs/bindings/args/argstest"
	"carjs/host/script"

	"github.com/dop251/goja"
)

func TestExports(t *testing.T) {
	typings, err := os.ReadFile("../../typings/encoding.d.ts")
	if err != nil {
		t.Fatal(err)
	}
	argstest.New(t, Module()).Exports("encoding", string(typings))
}

func TestText(t *testing.T) {
	s := argstest.New(t, Module())
	// RFC 4648, section 10.
	for plain, want := range map[string][2]string{
		"": {"", ""}, "f": {"Zg==", "66"}, "fo": {"Zm8=", "666f"}, "foo": {"Zm9v", "666f6f"},
		"foob": {"Zm9vYg==", "666f6f62"}, "fooba": {"Zm9vYmE=", "666f6f6261"}, "foobar": {"Zm9vYmFy", "666f6f626172"},
	} {
		s.Equal(`encoding.base64Encode("`+plain+`")`, `"`+want[0]+`"`)
		s.Equal(`encoding.base64UrlEncode("`+plain+`")`, `"`+strings.TrimRight(want[0], "=")+`"`)
		s.Equal(`encoding.base64DecodeText("`+want[0]+`")`, `"`+plain+`"`)
		s.Equal(`encoding.base64DecodeText("`+strings.TrimRight(want[0], "=")+`")`, `"`+plain+`"`)
		s.Equal(`encoding.hexEncode("`+plain+`")`, `"`+want[1]+`"`)
		s.Equal(`encoding.hexDecodeText("`+want[1]+`")`, `"`+plain+`"`)
		s.Equal(`encoding.hexDecodeText("`+strings.ToUpper(want[1])+`")`, `"`+plain+`"`)
	}
	for expression, want := range map[string]string{
		`encoding.base64Encode(new Uint8Array([251, 255, 254]))`:      `"+//+"`,
		`encoding.base64UrlEncode(new Uint8Array([251, 255, 254]))`:   `"-__-"`,
		`encoding.base64Decode("-__-")`:                               `[251,255,254]`,
		`encoding.base64Decode(" +/\n/+\t")`:                          `[251,255,254]`,
		`encoding.base64Encode("ü")`:                                  `"w7w="`,
		`encoding.base64DecodeText("w7w=")`:                           `"ü"`,
		`encoding.base64Decode("77u/YQ==")`:                           `[239,187,191,97]`,
		`encoding.base64DecodeText("77u/YQ==")`:                       `"a"`,
		`encoding.hexDecode("00fF")`:                                  `[0,255]`,
		`encoding.hexDecode("00ff") instanceof Uint8Array`:            `true`,
		`encoding.utf8Encode("aü€😀")`:                                 `[97,195,188,226,130,172,240,159,152,128]`,
		`encoding.utf8Encode("\ud800")`:                               `[239,191,189]`,
		`encoding.utf8Decode(encoding.utf8Encode("aü€😀"))`:            `"aü€😀"`,
		`encoding.utf8Decode(new Uint8Array([239, 187, 191, 97]))`:    `"a"`,
		`encoding.utf8Decode(encoding.utf8Encode("abc").buffer)`:      `"abc"`,
		`encoding.utf8Decode(encoding.utf8Encode("abc").subarray(1))`: `"bc"`,
		`encoding.base64Encode.name`:                                  `"base64Encode"`,
	} {
		s.Equal(expression, want)
	}
	for expression, want := range map[string]string{
		`encoding.base64Decode("Zm9v!")`:                   "base64Decode: the text is not base64",
		`encoding.base64Decode("Z")`:                       "base64Decode: the text is not base64",
		`encoding.base64Decode("====")`:                    "base64Decode: the text is not base64",
		`encoding.base64DecodeText("/w==")`:                "base64DecodeText: the bytes are not UTF-8",
		`encoding.hexDecode("abc")`:                        "hexDecode: the text is not hexadecimal",
		`encoding.hexDecode("zz")`:                         "hexDecode: the text is not hexadecimal",
		`encoding.utf8Decode(new Uint8Array([0xff]))`:      "utf8Decode: the bytes are not UTF-8",
		`encoding.gunzip(new Uint8Array([1, 2, 3]))`:       "gunzip: the data is not gzip",
		`encoding.gunzip(new Uint8Array(0))`:               "gunzip: the data is not gzip",
		`encoding.inflate(encoding.gzip("x"))`:             "inflate: the data is not zlib",
		`encoding.gunzip(encoding.gzip("x").slice(0, -3))`: "gunzip: the gzip data is truncated",
		`encoding.gunzip(encoding.gzip("x").fill(0, -8))`:  "gunzip: the gzip data is damaged",
	} {
		s.Malformed(expression, want)
	}
	for expression, want := range map[string]string{
		`encoding.base64Encode(5)`:                              "base64Encode: data must be a text or bytes (ArrayBuffer, typed array), not a number",
		`encoding.base64Decode(new Uint8Array(1))`:              "base64Decode: the base64 text must be a text, not an object",
		`encoding.hexDecode(null)`:                              "hexDecode: the hexadecimal text must be a text, not null",
		`encoding.utf8Encode(true)`:                             "utf8Encode: text must be a text, not a boolean",
		`encoding.utf8Decode("x")`:                              "utf8Decode: data must be bytes (ArrayBuffer, typed array), not a text",
		`encoding.gunzip("x")`:                                  "gunzip: data must be bytes (ArrayBuffer, typed array), not a text",
		`encoding.gzip("x", { level: 10 })`:                     "gzip: the option level must be a whole number from 0 to 9, not 10",
		`encoding.gzip("x", 5)`:                                 "gzip: options must be an object, not a number",
		`encoding.gunzip(encoding.gzip("x"), { maxSize: "1" })`: "gunzip: the option maxSize must be a whole number from 1 to 2147483648, not a text",
	} {
		s.Throws(expression, "TypeError: "+want)
	}
}

func TestCompress(t *testing.T) {
	s := argstest.New(t, Module())
	for _, pair := range [][2]string{{"gzip", "gunzip"}, {"deflate", "inflate"}} {
		for _, text := range []string{`""`, `"a"`, `"ü".repeat(1_000_000)`} {
			for _, level := range []string{"", ", { level: 0 }", ", { level: 1 }", ", { level: 9 }"} {
				s.Equal(`encoding.utf8Decode(encoding.`+pair[1]+`(encoding.`+pair[0]+`(`+text+level+`))) === `+text, "true")
			}
		}
		s.Equal(`encoding.`+pair[1]+`(encoding.`+pair[0]+`("x".repeat(1000)), { maxSize: 1000 }).length`, "1000")
		s.Malformed(`encoding.`+pair[1]+`(encoding.`+pair[0]+`("x".repeat(1001)), { maxSize: 1000 })`,
			pair[1]+": the data expands to more than 1000 bytes: raise the option maxSize if this is expected")
	}
	s.Equal(`encoding.gzip("x".repeat(100_000)).length < 1000`, "true")
	s.Equal(`encoding.hexEncode(encoding.gzip("a")) === encoding.hexEncode(encoding.gzip("a"))`, "true")

	// Two members, as logs that are appended to have them.
	var members bytes.Buffer
	for _, part := range []string{"one ", "two"} {
		w := gzip.NewWriter(&members)
		if _, err := w.Write([]byte(part)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	s.Buffer("members", members.Bytes())
	s.Equal(`encoding.utf8Decode(encoding.gunzip(members))`, `"one two"`)
}

// A native that works for long looks whether the run is over: an interrupt does not reach it.
func TestStopped(t *testing.T) {
	rt, err := script.New(script.Options{Modules: []script.Module{Module()}})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	var cancel context.CancelFunc
	thrown := ""
	err = errors.Join(
		rt.VM().Set("cancel", func(goja.FunctionCall) goja.Value { cancel(); return nil }),
		rt.VM().Set("note", func(call goja.FunctionCall) goja.Value { thrown = call.Argument(0).String(); return nil }),
	)
	if err != nil {
		t.Fatal(err)
	}
	program, err := script.Compile("test.js", `const { gunzip, gzip } = require("carjs/encoding");
const data = gzip("x".repeat(1000));
exports.run = () => { cancel(); try { gunzip(data) } catch (e) { note(e.message) } for (;;); };`)
	if err != nil {
		t.Fatal(err)
	}
	// The interrupt comes from elsewhere, and now and then before gunzip is called.
	for range 1000 {
		ctx, stop := context.WithCancel(t.Context())
		cancel = stop
		defer stop()
		exports, err := rt.Load(ctx, program)
		if err != nil {
			t.Fatal(err)
		}
		run, _ := goja.AssertFunction(exports.Get("run"))
		if _, err := rt.Call(ctx, run, goja.Undefined()); !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v", err)
		}
		if thrown != "" {
			break
		}
	}
	if thrown != "gunzip: stopped: context canceled" {
		t.Errorf("gunzip threw %q", thrown)
	}
}
