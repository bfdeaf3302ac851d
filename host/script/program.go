package script

import (
	"errors"
	"sync"
	"sync/atomic"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"
	"github.com/dop251/goja/unistring"
	"github.com/go-sourcemap/sourcemap"

	"carjs/host/script/internal/cover"
	"carjs/host/script/internal/lower"
	"carjs/host/script/internal/source"
)

// Program is a compiled bundle; it is safe to share between runtimes.
type Program struct {
	prg *goja.Program
	// name is the file that unmapped code is in, code the text of it.
	name, code string
	// shapes are the object literals that are passed by their values.
	shapes []lower.Shape
	// counters are those of the statements that are counted; nil when none are.
	counters []*atomic.Int64
	// sources are the texts behind the source map, read when the first error wants to show a line.
	sources func() map[string]string
	// places is the source map, read when the place of a function is wanted; nil when there is none.
	places func() *sourcemap.Consumer
}

// InternalPrefix starts the file name of every script that belongs to carjs and not to the author.
// Frames in such files are left out of stacks, and a native called from one is taken to be called
// by whoever called it.
const InternalPrefix = "carjs:"

// bundleName is the file name of code that has a source map. What no mapping covers are the helpers
// that the bundler adds, and an author need not see those; hence the prefix. It has no slash in it,
// or sources would be resolved relative to it.
const bundleName = InternalPrefix + "bundle"

// Compile compiles a bundle: CommonJS, which sees module, exports and require, with an inline
// source map or none. The name stands for the file in positions when there is no map. An error is
// an [*Error] of the name "SyntaxError" with its place.
//
// What is slow in the engine is rewritten to what means the same and is faster (see package lower);
// literals are the names of the methods to which object literals go by their values, where
// [Runtime.TakeLiterals] has one that takes them so.
func Compile(name, code string, literals ...string) (*Program, error) {
	script, sourceMap := source.Apart(code)
	return CompileMapped(name, script, sourceMap, literals...)
}

// CompileMapped is [Compile] for a bundle whose source map is apart: the map's JSON, empty for
// none.
func CompileMapped(name, code string, sourceMap []byte, literals ...string) (*Program, error) {
	return compileWith(name, code, sourceMap,
		func(_ *Program, tree *ast.Program, _ func()) ([]lower.Shape, error) {
			return lower.Program(tree, literals...)
		})
}

// rewriter changes a syntax tree before it is compiled. Positions in the tree are those in the
// bundle until it calls mapped.
type rewriter func(p *Program, tree *ast.Program, mapped func()) ([]lower.Shape, error)

func compileWith(name, code string, sourceMap []byte, rewrite rewriter) (*Program, error) {
	p := &Program{name: name, code: code}
	file := name
	if len(sourceMap) > 0 {
		file = bundleName
	}
	p.sources = sync.OnceValue(func() map[string]string {
		if len(sourceMap) == 0 {
			return map[string]string{name: code}
		}
		return source.Texts(sourceMap)
	})
	p.places = sync.OnceValue(func() *sourcemap.Consumer {
		if len(sourceMap) == 0 {
			return nil
		}
		return source.Map(sourceMap)
	})
	// Beside the compiler, because it takes a fifth of the time and is wanted only afterwards.
	positions := make(chan *sourcemap.Consumer, 1)
	go func() { positions <- source.Map(sourceMap) }()
	// The map is not left to the parser, which would read it off any path that a comment names.
	tree, code, err := Parse(file, code)
	p.code = code
	mapped := sync.OnceFunc(func() {
		if consumer := <-positions; tree != nil && consumer != nil {
			tree.File.SetSourceMap(consumer)
		}
	})
	if err == nil {
		p.shapes, err = rewrite(p, tree, mapped)
	}
	if err == nil {
		p.prg, err = goja.CompileAST(asModule(tree), false)
	}
	mapped()
	if err != nil {
		return nil, p.syntaxError(tree, err)
	}
	return p, nil
}

// moduleParameters are what a CommonJS module sees besides the globals.
var moduleParameters = [...]unistring.String{"module", "exports", "require"}

// asModule makes a script into one that evaluates to a function of a CommonJS module. It is done in
// the syntax tree, because words put round the text would shift the columns that the source map
// counts.
func asModule(tree *ast.Program) *ast.Program {
	start, end := tree.Idx0(), tree.Idx1()
	parameters := &ast.ParameterList{Opening: start, Closing: start}
	for _, name := range append(append(moduleParameters[:], lower.Parameters()...), cover.Count) {
		parameters.List = append(parameters.List, &ast.Binding{Target: &ast.Identifier{Name: name, Idx: start}})
	}
	function := &ast.FunctionLiteral{
		Function:        start,
		ParameterList:   parameters,
		Body:            &ast.BlockStatement{LeftBrace: start, List: tree.Body, RightBrace: end},
		DeclarationList: tree.DeclarationList,
	}
	return &ast.Program{Body: []ast.Statement{&ast.ExpressionStatement{Expression: function}}, File: tree.File}
}

// syntaxError describes code that the engine does not take. A bundler has parsed it before, so this
// is rare: syntax that is newer than the engine, in a package.
func (p *Program) syntaxError(tree *ast.Program, err error) *Error {
	e := &Error{Name: "SyntaxError", Message: err.Error(), Cause: err}
	var list parser.ErrorList
	var early *goja.CompilerSyntaxError
	var wrong *lower.Error
	switch {
	case errors.As(err, &list) && len(list) > 0:
		e.Message = list[0].Message
		// The parser's place is in the bundle; asked again it goes through the map.
		if offset, ok := source.Offset(p.code, list[0].Position); ok && tree != nil {
			e.Stack = []Frame{{Position: position(tree.File.Position(offset))}}
		}
	case errors.As(err, &wrong):
		e.Stack = []Frame{{Position: position(tree.File.Position(int(wrong.At) - tree.File.Base()))}}
	case errors.As(err, &early):
		e.Message = early.Message
		if early.File != nil {
			e.Stack = []Frame{{Position: position(early.File.Position(early.Offset))}}
		}
	}
	if len(e.Stack) > 0 {
		e.CodeFrame = source.Frame(p.sources()[e.At().File], e.At().Line, e.At().Column)
	}
	return e
}
