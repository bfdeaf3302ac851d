package crypto

import (
	"encoding/base64"
	"encoding/hex"
	"strings"

	"carjs/bindings/args"

	"github.com/dop251/goja"
)

// outputs are the forms in which digests and signatures are given out, and signatures taken in.
var outputs = []struct {
	name   string
	encode func([]byte) string
	decode func(string) ([]byte, error)
}{
	{"hex", hex.EncodeToString, hex.DecodeString},
	{"base64", base64.StdEncoding.EncodeToString, base64.StdEncoding.DecodeString},
	{"base64url", base64.RawURLEncoding.EncodeToString, base64.RawURLEncoding.DecodeString},
	{"bytes", nil, nil},
}

// output reads an argument that names one of them, the first by default, and returns its place in
// the table.
func output(c *args.Call, i int) int {
	given := c.Arg(i, "the encoding")
	if !given.Given() {
		return 0
	}
	name := given.Text()
	known := make([]string, len(outputs))
	for row, o := range outputs {
		if o.name == name {
			return row
		}
		known[row] = o.name
	}
	c.Misuse("unknown encoding %q: the encodings are %s", name, list(known))
	return 0
}

// encoded makes the value of bytes in the encoding that an argument names.
func encoded(c *args.Call, i int, data []byte) goja.Value {
	if encode := outputs[output(c, i)].encode; encode != nil {
		return c.VM().ToValue(encode(data))
	}
	return c.Bytes(data)
}

// decoded reads an argument that encoded has made; it is not ok when the text is none of the
// encoding.
func decoded(c *args.Call, i, encoding int, what string) (data []byte, ok bool) {
	decode := outputs[output(c, encoding)].decode
	given := c.Arg(i, what)
	if decode == nil || !given.IsText() {
		return given.Buffer(), true
	}
	data, err := decode(given.Text())
	return data, err == nil
}

// list joins the names of a table for a message.
func list(names []string) string {
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
