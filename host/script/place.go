package script

import (
	"strings"

	"github.com/dop251/goja"
)

// PlaceOf is where a function of the author is written, no position for one that is native or was
// made at run time. The engine does not tell; of two functions of the same text it is the first.
func (rt *Runtime) PlaceOf(function goja.Value) Position {
	object, ok := function.(*goja.Object)
	if !ok || object.ClassName() != "Function" {
		return Position{}
	}
	text := object.String()
	if len(text) < len("()=>0") || strings.Contains(text, "[native code]") {
		return Position{}
	}
	for _, p := range rt.programs {
		if at := p.placeOf(text); at.File != "" {
			return at
		}
	}
	return Position{}
}

// placeOf is where a text of the bundle is in the TypeScript.
func (p *Program) placeOf(text string) Position {
	offset := strings.Index(p.code, text)
	if offset < 0 {
		return Position{}
	}
	before := p.code[:offset]
	line, column := strings.Count(before, "\n")+1, offset-strings.LastIndexByte(before, '\n')
	places := p.places()
	if places == nil {
		return Position{File: p.name, Line: line, Column: column}
	}
	// The map is one that counts columns from 1 on both sides, as the engine does.
	file, _, line, column, ok := places.Source(line, column)
	if !ok {
		return Position{}
	}
	return Position{File: file, Line: line, Column: column}
}
