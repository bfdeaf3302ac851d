package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"hash/fnv"
	"slices"
	"strings"
)

// form is how a mutant is written beside what it replaces, so that one binary has all of them.
type form int

const (
	condition   form = iota // an expression whose type is bool
	expression              // another expression, of the type typed
	removal                 // a statement that is left out
	before                  // a statement that is done in place of the one that it precedes
	declaration             // a constant that is declared: a binary of its own
)

// mutant is one change of one place.
type mutant struct {
	id         int
	file       *source
	start, end int // offsets in the file
	line       int
	in         string // the function
	around     string // the line, where what changes is too short to tell where it is
	form       form
	from, to   string // as the report shows it
	text       string // what takes the place
	typed      string
}

// key names a mutant without the number of its line, which other changes move.
func (m *mutant) key() string {
	around := ""
	if m.around != "" {
		around = " in " + m.around
	}
	return fmt.Sprintf("%s %s: %s => %s%s", m.file.name, m.in, m.from, m.to, around)
}

// rank orders mutants as if by chance, but the same ones first after a change elsewhere.
func (m *mutant) rank(seed string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(seed + m.key()))
	return h.Sum64()
}

// finder walks a file and collects mutants.
type finder struct {
	*code
	file    *source
	in      string
	results []*types.Tuple // of the functions around
	found   []*mutant
}

// mutants finds those of a package, in the order of its text.
func (c *code) mutants() []*mutant {
	var all []*mutant
	for _, file := range c.files {
		f := &finder{code: c, file: file}
		for _, d := range file.tree.Decls {
			f.declaration(d)
		}
		slices.SortStableFunc(f.found, func(a, b *mutant) int { return cmp.Compare(a.start, b.start) })
		all = append(all, f.found...)
	}
	for i, m := range all {
		m.id = i + 1
	}
	return all
}

func (f *finder) declaration(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Body == nil {
			return
		}
		f.in = functionName(d)
		f.function(d.Type, d.Body)
	case *ast.GenDecl:
		f.in = "-"
		for _, s := range d.Specs {
			if v, ok := s.(*ast.ValueSpec); ok {
				f.values(v, d.Tok == token.CONST)
			}
		}
	}
}

// values are those of a declaration of constants or variables.
func (f *finder) values(v *ast.ValueSpec, constants bool) {
	if len(v.Names) > 0 && f.in == "-" {
		f.in = v.Names[0].Name
		defer func() { f.in = "-" }()
	}
	for _, value := range v.Values {
		if !constants {
			f.walk(value)
		} else if n, ok := f.number(value); ok && !f.usesIota(value) {
			f.add(value, declaration, "("+f.source(value)+") + 1", fmt.Sprintf("%s + 1", n), "")
		}
	}
}

func (f *finder) usesIota(e ast.Expr) (uses bool) {
	ast.Inspect(e, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		uses = uses || ok && id.Name == "iota"
		return true
	})
	return uses
}

func functionName(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return d.Name.Name
	}
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name + "." + d.Name.Name
		default:
			return d.Name.Name
		}
	}
}

func (f *finder) function(t *ast.FuncType, body *ast.BlockStmt) {
	var results *types.Tuple
	if t.Results != nil {
		var all []*types.Var
		for _, r := range t.Results.List {
			for range max(len(r.Names), 1) {
				all = append(all, types.NewVar(token.NoPos, nil, "", f.info.TypeOf(r.Type)))
			}
		}
		results = types.NewTuple(all...)
	}
	f.results = append(f.results, results)
	f.walk(body)
	f.results = f.results[:len(f.results)-1]
}

func (f *finder) offset(p token.Pos) int { return f.fset.Position(p).Offset }

func (f *finder) source(n ast.Node) string {
	return string(f.file.text[f.offset(n.Pos()):f.offset(n.End())])
}

// add keeps a mutant of a node: text takes its place, shown is how the report has it.
func (f *finder) add(n ast.Node, form form, text, shown, typed string) {
	m := &mutant{file: f.file, start: f.offset(n.Pos()), end: f.offset(n.End()), line: f.fset.Position(n.Pos()).Line,
		in: f.in, form: form, from: short(f.source(n)), to: short(shown), text: text, typed: typed}
	if len(m.from) < tooShort {
		m.around = short(f.line(m.start))
	}
	f.found = append(f.found, m)
}

// tooShort is the length up to which a piece of code stands in a function more than once.
const tooShort = 12

// line is that around a place.
func (f *finder) line(at int) string {
	start := strings.LastIndexByte(string(f.file.text[:at]), '\n') + 1
	line, _, _ := strings.Cut(string(f.file.text[start:]), "\n")
	return line
}

// short is code in one line.
func short(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > 90 {
		text = text[:70] + " … " + text[len(text)-15:]
	}
	return strings.ToValidUTF8(text, "")
}

// typeOf is a type as this file spells it, or empty. If the file does not import its package, the
// mutant does not compile, and is left out then.
func (f *finder) typeOf(e ast.Expr) string {
	t := f.info.TypeOf(e)
	if t == nil {
		return ""
	}
	return types.TypeString(types.Default(t), func(p *types.Package) string {
		if p == f.pkg {
			return ""
		}
		for _, i := range f.file.tree.Imports {
			if strings.Trim(i.Path.Value, `"`) == p.Path() && i.Name != nil {
				return i.Name.Name
			}
		}
		return p.Name()
	})
}

// number tells the value of a constant expression that is a whole number.
func (f *finder) number(e ast.Expr) (string, bool) {
	v := f.info.Types[e].Value
	if v == nil {
		return "", false
	}
	basic, ok := f.info.TypeOf(e).Underlying().(*types.Basic)
	if !ok || basic.Info()&types.IsInteger == 0 || v.Kind() != constant.Int {
		return "", false
	}
	return f.source(e), true
}
