package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"strings"

	"carjs/bindings/args"

	"github.com/dop251/goja"
)

// Hidden names the method by which Blob, FormData and ReadableStream tell the other modules of
// carjs what they hold: {kind, bytes, type} of the first two, {kind, disturbed, spend(), bytes()}
// of a stream. That of the class FormData makes one of bytes and their type of content. An object
// that has none is of no such class, which can be told before any of the classes is made.
var Hidden = goja.NewSymbol("carjs")

// quotedName is a name in Content-Disposition, as the HTML Standard has it.
var quotedName = strings.NewReplacer("\r\n", "%0D%0A", "\r", "%0D", "\n", "%0A", `"`, "%22")

// encodeMultipart is the native that makes {data, boundary} of [name, bytes, file name, type], the last
// two for files alone. Equal fields make equal bodies, so that a recording has the answer to them:
// the boundary is a hash of what it stands between.
func encodeMultipart(vm *goja.Runtime) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		var parts [][]byte
		sum := sha256.New()
		args.Each(call.Argument(0).ToObject(vm), func(v goja.Value) {
			part := v.ToObject(vm)
			head := fmt.Sprintf(`Content-Disposition: form-data; name="%s"`, quotedName.Replace(part.Get("0").String()))
			if file := part.Get("2"); !args.Absent(file) {
				kind := part.Get("3").String()
				if kind == "" {
					kind = "application/octet-stream"
				}
				head += fmt.Sprintf("; filename=\"%s\"\r\nContent-Type: %s", quotedName.Replace(file.String()), kind)
			}
			data, _ := args.Bytes(vm, part.Get("1"))
			whole := append([]byte(head+"\r\n\r\n"), data...)
			parts = append(parts, whole)
			fmt.Fprintf(sum, "%d\n", len(whole))
			_, _ = sum.Write(whole) // never fails
		})
		boundary := "carjs-" + hex.EncodeToString(sum.Sum(nil)[:16])
		var body bytes.Buffer
		for _, part := range parts {
			fmt.Fprintf(&body, "--%s\r\n%s\r\n", boundary, part)
		}
		fmt.Fprintf(&body, "--%s--\r\n", boundary)
		object := vm.NewObject()
		if err := errors.Join(object.Set("data", vm.NewArrayBuffer(body.Bytes())), object.Set("boundary", boundary)); err != nil {
			panic(vm.NewGoError(err))
		}
		return object
	}
}

// parseForm is the native that makes [name, value] and [name, bytes, file name, type] of the bytes
// of a form and their type of content.
func parseForm(vm *goja.Runtime) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		data, _ := args.Bytes(vm, call.Argument(0))
		fields, err := formFields(vm, data, call.Argument(1).String())
		if err != nil {
			panic(vm.NewTypeError("the body is not a form: %s", err))
		}
		return vm.NewArray(fields...)
	}
}

func formFields(vm *goja.Runtime, data []byte, contentType string) ([]any, error) {
	kind, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		return nil, fmt.Errorf("its Content-Type is %q", contentType)
	}
	var fields []any
	switch kind {
	case "application/x-www-form-urlencoded":
		for pair := range strings.SplitSeq(string(data), "&") {
			if pair == "" {
				continue
			}
			name, value, _ := strings.Cut(pair, "=")
			fields = append(fields, vm.NewArray(decodeForm(name), decodeForm(value)))
		}
		return fields, nil
	case "multipart/form-data":
	default:
		return nil, fmt.Errorf("its Content-Type is %q", contentType)
	}
	if parameters["boundary"] == "" {
		return nil, errors.New("its Content-Type has no boundary")
	}
	r := multipart.NewReader(bytes.NewReader(data), parameters["boundary"])
	for {
		part, err := r.NextRawPart()
		if err == io.EOF {
			return fields, nil
		}
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return nil, err
		}
		_, disposition, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
		if err != nil {
			return nil, errors.New("a part has no Content-Disposition")
		}
		name := unquotedName.Replace(disposition["name"])
		filename, isFile := disposition["filename"]
		if !isFile {
			fields = append(fields, vm.NewArray(name, strings.ToValidUTF8(string(content), "\ufffd")))
			continue
		}
		kind := part.Header.Get("Content-Type")
		if kind == "" {
			kind = "text/plain"
		}
		fields = append(fields, vm.NewArray(name, vm.NewArrayBuffer(content), unquotedName.Replace(filename), kind))
	}
}

var unquotedName = strings.NewReplacer("%0D", "\r", "%0A", "\n", "%22", `"`)
