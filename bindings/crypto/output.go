package crypto

import (
	"encoding/base64"
	"encoding/hex"
	"strings"

	"carjs/bindings/internal/native"

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
func output(c *native.Call, i int) int {
	if native.Absent(c.Value(i)) {
		return 0
	}
	name := c.Text(i, "the encoding")
	known := make([]string, len(outputs))
	for row, o := range outputs {
		if o.name == name {
			return row
		}
		known[row] = o.name
	}
	c.Misuse("there is no encoding %q: there are %s", name, list(known))
	return 0
}

// encoded makes the value of bytes in the encoding that an argument names.
func encoded(c *native.Call, i int, data []byte) goja.Value {
	if encode := outputs[output(c, i)].encode; encode != nil {
		return c.VM().ToValue(encode(data))
	}
	return c.Bytes(data)
}

// decoded reads an argument that encoded has made; it is not ok when the text is none of the
// encoding.
func decoded(c *native.Call, i, encoding int, what string) (data []byte, ok bool) {
	decode := outputs[output(c, encoding)].decode
	if decode == nil || !c.IsText(i) {
		return c.Buffer(i, what), true
	}
	data, err := decode(c.Text(i, what))
	return data, err == nil
}

// list joins the names of a table for a message.
func list(names []string) string {
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
