package script

import (
	"errors"
	"fmt"
	"strings"

	"carjs/host/script/internal/source"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"
)

// Parse parses a bundle for the engine, and returns its syntax tree with the text that this is of:
// the given one, but for what the engine's parser does not take and carjs can say in another way, at
// the same places. The parser also panics at some texts that it should take.
func Parse(file, code string) (tree *ast.Program, read string, err error) {
	defer func() {
		if problem := recover(); problem != nil {
			tree, err = nil, fmt.Errorf("the engine cannot read the code: %v", problem)
		}
	}()
	read = code
	for {
		// A source map is not left to the parser, which would read it off any path that a comment names.
		tree, err = parser.ParseFile(nil, file, read, 0, parser.WithDisableSourceMaps)
		next, ok := quoteField(read, err)
		if !ok {
			return tree, read, err
		}
		read = next
	}
}

// quoteField quotes the name of the field that the parser stumbled over, and tells whether it did over
// one: it takes the names get, set and async for the beginning of a method, even before an "=". The
// bundler prints blanks round that, of which the quotes take the room, so no place in the code moves.
func quoteField(code string, err error) (string, bool) {
	var list parser.ErrorList
	if !errors.As(err, &list) || len(list) == 0 {
		return code, false
	}
	at, ok := source.Offset(code, list[0].Position) // of what follows the "="
	if !ok {
		return code, false
	}
	for _, name := range [...]string{"get", "set", "async"} {
		before, is := strings.CutSuffix(code[:at], name+" = ")
		if is && strings.HasSuffix(before, " ") {
			return before + "'" + name + "'=" + code[at:], true
		}
	}
	return code, false
}
