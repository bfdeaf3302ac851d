package web

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/dop251/goja"
)

// maxDepth bounds how deep elements nest.
const maxDepth = 1000

// xmlTokens is the native behind DOMParser: the tokens of an XML document, or a text that says what
// is wrong with it. A token is ["<", name, attribute, value, …] for the start of an element, ["/"] for
// its end, and ["#", text], ["!", comment] and ["?", target, data].
func xmlTokens(vm *goja.Runtime) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		tokens, err := readTokens(call.Argument(0).String(), func(parts ...any) any { return vm.NewArray(parts...) })
		if err != nil {
			return vm.ToValue(err.Error())
		}
		return vm.NewArray(tokens...)
	}
}

func readTokens(text string, token func(parts ...any) any) (tokens []any, err error) {
	d := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	// It is text, whatever encoding it had.
	d.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	var open []string
	roots := 0
	for {
		next, err := d.RawToken()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		switch next := next.(type) {
		case xml.StartElement:
			if len(open) == 0 {
				roots++
			}
			if roots > 1 || len(open) == maxDepth {
				return nil, fmt.Errorf("line %d: <%s> is too much", line(d), qualified(next.Name))
			}
			parts := []any{"<", qualified(next.Name)}
			for _, attribute := range next.Attr {
				parts = append(parts, qualified(attribute.Name), attribute.Value)
			}
			open = append(open, qualified(next.Name))
			tokens = append(tokens, token(parts...))
		case xml.EndElement:
			if len(open) == 0 || open[len(open)-1] != qualified(next.Name) {
				return nil, fmt.Errorf("line %d: </%s> closes no open element", line(d), qualified(next.Name))
			}
			open = open[:len(open)-1]
			tokens = append(tokens, token("/"))
		case xml.CharData:
			if len(open) > 0 {
				tokens = append(tokens, token("#", string(next)))
			} else if strings.Trim(string(next), " \t\r\n") != "" {
				return nil, fmt.Errorf("line %d: there is text outside of the root element", line(d))
			}
		case xml.Comment:
			tokens = append(tokens, token("!", string(next)))
		case xml.ProcInst:
			if next.Target != "xml" {
				tokens = append(tokens, token("?", next.Target, string(next.Inst)))
			}
		}
	}
	if len(open) > 0 {
		return nil, fmt.Errorf("<%s> is not closed", open[len(open)-1])
	}
	if roots == 0 {
		return nil, errors.New("there is no root element")
	}
	return tokens, nil
}

func line(d *xml.Decoder) int {
	line, _ := d.InputPos()
	return line
}

func qualified(name xml.Name) string {
	if name.Space == "" {
		return name.Local
	}
	return name.Space + ":" + name.Local
}
