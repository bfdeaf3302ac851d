// Package source has what the author wrote and where: the source map of a bundle, in the form in
// which the engine asks it for positions, the texts in it, and the lines round a position as an
// error shows them. It knows the engine's positions and nothing else of it.
package source

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/dop251/goja/file"
	"github.com/go-sourcemap/sourcemap"
)

// Apart parts a script from the source map at its end, which the parser need not read as a
// comment. The map's JSON is nil when there is none that can be read.
func Apart(code string) (script string, sourceMap []byte) {
	const mark = "//# sourceMappingURL=data:application/json"
	last := strings.LastIndexByte(strings.TrimRight(code, " \t\r\n"), '\n') + 1
	line, isMap := strings.CutPrefix(code[last:], mark)
	options, encoded, _ := strings.Cut(line, ",")
	if !isMap || !strings.HasSuffix(options, ";base64") {
		return code, nil
	}
	data, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
	if err != nil {
		return code, nil
	}
	return code[:last], data
}

// Map makes the map that the engine asks for positions, nil when data is not a map.
//
// The engine asks for columns that count from 1 and passes the answer on as it is, while a source
// map counts from 0: every position would be a column short, and a token of one character would get
// its neighbour's. So the map is shifted by one on both sides, and then a question from 1 gets an
// answer from 1, in stacks that scripts print too.
func Map(data []byte) *sourcemap.Consumer {
	var fields struct {
		Version  int      `json:"version"`
		Sources  []string `json:"sources"`
		Mappings string   `json:"mappings"`
	}
	if json.Unmarshal(data, &fields) != nil {
		return nil
	}
	var ok bool
	if fields.Mappings, ok = shiftColumns(fields.Mappings, len(fields.Sources)); !ok {
		return nil
	}
	// Without the sources' texts, which need not be read twice.
	shifted, err := json.Marshal(fields)
	if err != nil {
		return nil
	}
	consumer, err := sourcemap.Parse("", shifted)
	if err != nil {
		return nil
	}
	return consumer
}

// Texts returns the texts in a map by the names that positions have.
func Texts(data []byte) map[string]string {
	var fields struct {
		Sources        []string `json:"sources"`
		SourcesContent []string `json:"sourcesContent"`
	}
	texts := map[string]string{}
	if json.Unmarshal(data, &fields) != nil {
		return texts
	}
	for i, name := range fields.Sources {
		if i < len(fields.SourcesContent) {
			texts[name] = fields.SourcesContent[i]
		}
	}
	return texts
}

// shiftColumns adds one to every column of a source map's mappings, generated and original. Columns
// are differences: the generated one starts anew on every line, the original one runs through, so
// one in the right places shifts them all. It is not ok when the mappings are none, or lead to a
// source that is not there: the engine would panic over it, much later.
func shiftColumns(mappings string, sources int) (shifted string, ok bool) {
	var out strings.Builder
	out.Grow(len(mappings) + len(mappings)/8)
	lineStarts, originalShifted, source := true, false, 0
	for rest := mappings; rest != ""; {
		if c := rest[0]; c == ';' || c == ',' {
			lineStarts = lineStarts || c == ';'
			out.WriteByte(c)
			rest = rest[1:]
			continue
		}
		field := 0
		for ; rest != "" && rest[0] != ';' && rest[0] != ','; field++ {
			value, size, ok := readVLQ(rest)
			if !ok {
				return "", false
			}
			rest = rest[size:]
			switch {
			case field == 0 && lineStarts:
				value++
				lineStarts = false
			case field == 1:
				source += value
				if source < 0 || source >= sources {
					return "", false
				}
			case field == 3 && !originalShifted:
				value++
				originalShifted = true
			}
			writeVLQ(&out, value)
		}
		if field != 1 && field != 4 && field != 5 {
			return "", false
		}
	}
	return out.String(), true
}

const vlqDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// readVLQ reads one number of a source map: five bits a digit, the lowest first, a sixth for "more
// follows", the sign in the number's lowest bit.
func readVLQ(s string) (value, size int, ok bool) {
	n := 0
	for shift := 0; size < len(s) && shift <= 25; shift += 5 {
		digit := strings.IndexByte(vlqDigits, s[size])
		if digit < 0 {
			return 0, 0, false
		}
		size++
		n |= digit & 31 << shift
		if digit&32 != 0 {
			continue
		}
		if n&1 != 0 {
			return -(n >> 1), size, true
		}
		return n >> 1, size, true
	}
	return 0, 0, false
}

func writeVLQ(out *strings.Builder, value int) {
	n := value << 1
	if value < 0 {
		n = -value<<1 | 1
	}
	for {
		digit := n & 31
		if n >>= 5; n > 0 {
			digit |= 32
		}
		out.WriteByte(vlqDigits[digit])
		if n == 0 {
			return
		}
	}
}

// Offset returns where in the text a position is; columns count characters.
func Offset(text string, at file.Position) (int, bool) {
	offset := 0
	for line := 1; line < at.Line; line++ {
		next := strings.IndexByte(text[offset:], '\n')
		if next < 0 {
			return 0, false
		}
		offset += next + 1
	}
	return min(offset+max(at.Column-1, 0), len(text)), true
}
