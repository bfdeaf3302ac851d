package console

import (
	"fmt"
	"math"
	"strings"

	"github.com/dop251/goja"
)

// primitive shows a value that is no object, as it stands in source text.
func primitive(v goja.Value) string {
	switch {
	case v == nil:
		return "undefined"
	case goja.IsString(v):
		text := v.String()
		if len(text) > maxText {
			return quote(strings.ToValidUTF8(text[:maxText], "")) + fmt.Sprintf("... %d more bytes", len(text)-maxText)
		}
		return quote(text)
	case isBigInt(v):
		return v.String() + "n"
	}
	if symbol, ok := v.(*goja.Symbol); ok {
		return "Symbol(" + symbol.String() + ")"
	}
	if f, ok := v.Export().(float64); ok && f == 0 && math.Signbit(f) {
		return "-0"
	}
	return v.String()
}

func isBigInt(v goja.Value) bool {
	t := v.ExportType()
	return t != nil && t.String() == "*big.Int"
}

// quote puts a text in those quotes that it does not contain itself.
func quote(text string) string {
	mark := "'"
	for _, candidate := range []string{"'", `"`, "`"} {
		if !strings.Contains(text, candidate) {
			mark = candidate
			break
		}
	}
	var b strings.Builder
	b.WriteString(mark)
	for _, r := range text {
		switch {
		case string(r) == mark || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x20 || r == 0x7f:
			fmt.Fprintf(&b, `\x%02X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteString(mark)
	return b.String()
}
