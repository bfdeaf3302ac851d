package bundle

import (
	"bytes"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"carjs/host/lazyregexp"
)

// patterns looks at imports of names that are partly made up at run time: esbuild then searches the
// folder that the beginning names, with all that is in it.
func (g *guard) patterns(path string, text []byte) error {
	for _, beginning := range patternBeginnings(path, text) {
		folder := filepath.FromSlash(beginning[:strings.LastIndexByte(beginning, '/')+1])
		if _, err := g.walls.check(filepath.Join(filepath.Dir(path), folder)); refused(err) {
			return err
		}
	}
	return nil
}

// patternBeginnings finds calls such as import("../" + name) and require(`../${name}`), and returns
// what their names begin with. The bundler itself brings the text into one form first: without
// comments and line breaks, with enums replaced by their values and all names spelled out.
func patternBeginnings(path string, text []byte) []string {
	if !mayHavePatterns(path, text) {
		return nil
	}
	result := api.Transform(string(text), api.TransformOptions{
		Loader: scriptLoader(path), MinifyWhitespace: true, Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsNone,
		LogLevel: api.LogLevelSilent,
	})
	if len(result.Errors) > 0 {
		return nil // it does not build, and is searched for nothing
	}
	var found []string
	for rest := result.Code; ; {
		at := callOfModule().FindIndex(rest)
		if at == nil {
			return found
		}
		rest = rest[at[1]:]
		for _, beginning := range beginnings(string(rest)) {
			if strings.HasPrefix(beginning, "./") || strings.HasPrefix(beginning, "../") {
				found = append(found, beginning)
			}
		}
	}
}

func scriptLoader(path string) api.Loader {
	switch filepath.Ext(path) {
	case ".ts", ".mts", ".cts":
		return api.LoaderTS
	case ".tsx":
		return api.LoaderTSX
	}
	return api.LoaderJSX
}

var (
	// callOfModule is a call that imports, as the bundler writes it.
	callOfModule = lazyregexp.New(`\b(import(\.defer|\.source)?|require)\(`)
	// anyCall is such a call as people write it, with what may stand before the argument.
	anyCall = lazyregexp.New(`(import|require)` + blank + `(\.` + blank + `(defer|source))?` + blank + `\(` + blank)
	// plainArgument is an argument that is one text.
	plainArgument = lazyregexp.New(`^("[^"\\\n]*"|'[^'\\\n]*'|` + "`[^`\\\\$]*`)" + blank + `[,)]`)
	// spelled is a letter of require in the form of an escape.
	spelled = lazyregexp.New(`\\u(00(72|65|71|75|69)|\{)`)
)

// blank is white space and comments.
const blank = `(?:\s|/\*(?:[^*]|\*[^/])*\*+/|//[^\n]*\n)*`

// mayHavePatterns tells of a text whether it is worth a closer look: nearly all calls of require and
// import have one text as their argument.
func mayHavePatterns(path string, text []byte) bool {
	typed := strings.Contains(filepath.Ext(path), "ts")
	if spelled().Match(text) && bytes.Contains(text, []byte(`\u`)) {
		return true
	}
	for rest := text; ; {
		at := anyCall().FindIndex(rest)
		if at == nil {
			return false
		}
		rest = rest[at[1]:]
		if plainArgument().Match(rest) {
			continue
		}
		end := bytes.IndexByte(rest, ')')
		if end < 0 {
			end = len(rest)
		}
		// In TypeScript a name may be a text as well: that of an enum.
		if typed || bytes.ContainsAny(rest[:end], "\"'`") {
			return true
		}
	}
}

// beginnings are the texts in the arguments of a call with which something begins that goes on with
// what is not known before it runs.
func beginnings(arguments string) []string {
	var found []string
	joined := false // to what came before
	for depth := 1; arguments != ""; {
		c := arguments[0]
		switch c {
		case '"', '\'', '`':
			if text, open := constant(arguments); open && !joined {
				found = append(found, text)
			}
			arguments, joined = behindText(arguments), false
			continue
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth == 0 {
				return found
			}
		}
		arguments, joined = arguments[1:], c == '+' || joined && c == '('
	}
	return found
}

// constant joins the texts at the beginning of an expression. open tells that something else is
// joined to them.
func constant(expression string) (text string, open bool) {
	var b strings.Builder
	for expression != "" {
		switch c := expression[0]; c {
		case '(', '+':
			expression = expression[1:]
		case '"', '\'':
			part, rest, _ := cutText(expression[1:], string(c))
			b.WriteString(part)
			expression = rest
		case '`':
			part, rest, end := cutText(expression[1:], "`", "${")
			b.WriteString(part)
			for ; end == "${"; b.WriteString(part) {
				inner, open := constant(rest)
				b.WriteString(inner)
				if rest = behindCode(rest); open || inner == "" {
					return b.String(), true
				}
				part, rest, end = cutText(rest, "`", "${")
			}
			expression = rest
		case ')', '}', ',', ';', '?', ':':
			return b.String(), false
		default:
			return b.String(), true
		}
	}
	return b.String(), false
}

// cutText reads a text up to one of its ends, and returns what is behind that. Escapes are those
// that the bundler writes.
func cutText(text string, ends ...string) (content, rest, end string) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		for _, end := range ends {
			if strings.HasPrefix(text[i:], end) {
				return b.String(), text[i+len(end):], end
			}
		}
		if text[i] != '\\' || i+1 == len(text) {
			b.WriteByte(text[i])
			continue
		}
		if r, _, tail, err := strconv.UnquoteChar(text[i:], 0); err == nil {
			b.WriteRune(r)
			i = len(text) - len(tail) - 1
			continue
		}
		i++
		b.WriteByte(text[i])
	}
	return b.String(), "", ""
}

// behindText is what comes behind the text at the beginning of code.
func behindText(code string) string {
	if code[0] != '`' {
		_, rest, _ := cutText(code[1:], code[:1])
		return rest
	}
	_, rest, end := cutText(code[1:], "`", "${")
	for end == "${" {
		_, rest, end = cutText(behindCode(rest), "`", "${")
	}
	return rest
}

// behindCode is what comes behind the brace that ends the code.
func behindCode(code string) string {
	for depth := 1; code != ""; {
		switch code[0] {
		case '"', '\'', '`':
			code = behindText(code)
			continue
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return code[1:]
			}
		}
		code = code[1:]
	}
	return ""
}
