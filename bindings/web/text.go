package web

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"carjs/bindings/args"

	"github.com/dop251/goja"
)

// encodings maps the labels of the Encoding standard to the encodings that are here.
var encodings = map[string]string{
	"unicode-1-1-utf-8": "utf-8", "unicode11utf8": "utf-8", "unicode20utf8": "utf-8", "utf-8": "utf-8", "utf8": "utf-8",
	"x-unicode20utf8": "utf-8",
	"utf-16":          "utf-16le", "utf-16le": "utf-16le", "ucs-2": "utf-16le", "unicode": "utf-16le",
	"iso-10646-ucs-2": "utf-16le", "csunicode": "utf-16le",
	"utf-16be": "utf-16be", "unicodefffe": "utf-16be",
	"latin1": "windows-1252", "iso-8859-1": "windows-1252", "iso8859-1": "windows-1252", "iso_8859-1": "windows-1252", "l1": "windows-1252",
	"ascii": "windows-1252", "us-ascii": "windows-1252", "cp1252": "windows-1252", "windows-1252": "windows-1252", "x-cp1252": "windows-1252",
}

// windows1252 are the characters of the bytes 0x80 to 0x9F; all others of "latin1" are their own
// code points.
var windows1252 = [32]rune{
	0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F,
	0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
}

// encode is the native behind TextEncoder: a text to the ArrayBuffer of its UTF-8.
func encode(vm *goja.Runtime) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		// The conversion replaces halves of surrogate pairs by U+FFFD, as the standard wants.
		return vm.ToValue(vm.NewArrayBuffer([]byte(strings.ToValidUTF8(call.Argument(0).String(), "\ufffd"))))
	}
}

// encodingOf is the native that turns a label into the name of an encoding, or undefined.
func encodingOf(vm *goja.Runtime) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		if name, ok := encodings[strings.ToLower(strings.Trim(call.Argument(0).String(), "\t\n\f\r "))]; ok {
			return vm.ToValue(name)
		}
		return goja.Undefined()
	}
}

// decode is the native behind TextDecoder: (encoding, bytes, fatal, ignoreBOM, stream) to [text,
// bytes held back], or undefined when fatal forbids the bytes.
func decode(vm *goja.Runtime) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		data, ok := args.Bytes(vm, call.Argument(1))
		if !ok {
			panic(vm.NewTypeError("TextDecoder.decode takes an ArrayBuffer, a typed array or a DataView"))
		}
		fatal, stream := call.Argument(2).ToBoolean(), call.Argument(3).ToBoolean()
		held := 0
		if stream {
			held = unfinished(call.Argument(0).String(), data)
		}
		text, ok := decodeText(call.Argument(0).String(), data[:len(data)-held], fatal)
		if !ok {
			return goja.Undefined()
		}
		return vm.NewArray(text, vm.NewArrayBuffer(append([]byte(nil), data[len(data)-held:]...)))
	}
}

// decodeText decodes all of data. It is not ok when there are bytes that are none of the encoding
// and fatal is set.
func decodeText(encoding string, data []byte, fatal bool) (string, bool) {
	switch encoding {
	case "utf-16le", "utf-16be":
		return decodeUTF16(data, encoding == "utf-16be", fatal)
	case "windows-1252":
		runes := make([]rune, len(data))
		for i, b := range data {
			runes[i] = rune(b)
			if b >= 0x80 && b < 0xA0 {
				runes[i] = windows1252[b-0x80]
			}
		}
		return string(runes), true
	}
	if utf8.Valid(data) {
		return string(data), true
	}
	return replaceInvalid(data), !fatal
}

// replaceInvalid puts one U+FFFD for each maximal part of a broken sequence, which is how the
// standard counts; Go's own conversion puts one for each byte.
func replaceInvalid(data []byte) string {
	var b strings.Builder
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r != utf8.RuneError || size > 1 {
			b.WriteRune(r)
			data = data[size:]
			continue
		}
		b.WriteRune(utf8.RuneError)
		data = data[brokenPart(data):]
	}
	return b.String()
}

// brokenPart is how many bytes at the start of data, which is no character, belong together.
func brokenPart(data []byte) int {
	for n := min(3, len(data)); n > 1; n-- {
		if isPrefix(data[:n]) {
			return n
		}
	}
	return 1
}

// isPrefix tells whether more bytes could make one character of data: whether the lowest or the
// highest ending does.
func isPrefix(data []byte) bool {
	for n := 1; n <= 3; n++ {
		for _, next := range []string{"\x80\x80\x80", "\xbf\xbf\xbf"} {
			if r, size := utf8.DecodeRune(append(append([]byte(nil), data...), next[:n]...)); r != utf8.RuneError && size == len(data)+n {
				return true
			}
		}
	}
	return false
}

func decodeUTF16(data []byte, bigEndian, fatal bool) (string, bool) {
	units := make([]uint16, 0, len(data)/2)
	low, high := 0, 1
	if bigEndian {
		low, high = 1, 0
	}
	for i := 0; i+1 < len(data); i += 2 {
		units = append(units, uint16(data[i+low])|uint16(data[i+high])<<8)
	}
	valid := len(data)%2 == 0
	text := string(utf16.Decode(units))
	if !valid {
		text += "\ufffd"
	}
	if fatal {
		valid = valid && !loneSurrogate(units)
	}
	return text, valid || !fatal
}

func loneSurrogate(units []uint16) bool {
	for i := 0; i < len(units); i++ {
		if !utf16.IsSurrogate(rune(units[i])) {
			continue
		}
		if i+1 == len(units) || utf16.DecodeRune(rune(units[i]), rune(units[i+1])) == utf8.RuneError {
			return true
		}
		i++
	}
	return false
}

// unfinished is how many bytes at the end may be the beginning of a character.
func unfinished(encoding string, data []byte) int {
	switch encoding {
	case "utf-16le", "utf-16be":
		odd := len(data) % 2
		if n := len(data) - odd; n >= 2 {
			last := data[n-1]
			if encoding == "utf-16be" {
				last = data[n-2]
			}
			if last >= 0xD8 && last <= 0xDB {
				return odd + 2
			}
		}
		return odd
	case "windows-1252":
		return 0
	}
	for n := min(3, len(data)); n > 0; n-- {
		if tail := data[len(data)-n:]; utf8.RuneStart(tail[0]) && isPrefix(tail) && !utf8.Valid(tail) {
			return n
		}
	}
	return 0
}

// toBase64 is the native behind btoa: undefined when the text has a character above U+00FF.
func toBase64(vm *goja.Runtime) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		text := call.Argument(0).String()
		data := make([]byte, 0, len(text))
		for _, r := range text {
			if r > 0xFF {
				return goja.Undefined()
			}
			data = append(data, byte(r))
		}
		return vm.ToValue(base64.StdEncoding.EncodeToString(data))
	}
}

// fromBase64 is the native behind atob: undefined when the text is no base64. Padding may be
// missing, white space stand anywhere.
func fromBase64(vm *goja.Runtime) func(goja.FunctionCall) goja.Value {
	drop := strings.NewReplacer("\t", "", "\n", "", "\f", "", "\r", "", " ", "")
	return func(call goja.FunctionCall) goja.Value {
		text := drop.Replace(call.Argument(0).String())
		if len(text)%4 == 0 {
			text = strings.TrimSuffix(strings.TrimSuffix(text, "="), "=")
		}
		data, err := base64.RawStdEncoding.DecodeString(text)
		if err != nil {
			return goja.Undefined()
		}
		runes := make([]rune, len(data))
		for i, b := range data {
			runes[i] = rune(b)
		}
		return vm.ToValue(string(runes))
	}
}

// DecodeUTF8 decodes a body the way the platform does: without a byte order mark, and with U+FFFD
// for what is no UTF-8.
func DecodeUTF8(data []byte) string {
	text, _ := decodeText("utf-8", data, false)
	return strings.TrimPrefix(text, "\ufeff")
}
