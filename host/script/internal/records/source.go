package records

import (
	"context"

	"github.com/dop251/goja"
)

// MaxScriptDepth is how deep arrays and objects of a text may lie in one another for JSON.parse.
// They are read by calls of calls, and a text from a data source must not be able to use up the
// stack.
const MaxScriptDepth = 100_000

// Source is a value of a JSON text with the text that it was made of, for revivers of JSON.parse.
type Source struct {
	Value goja.Value
	// Text is that of a value that is neither object nor array.
	Text string
	// Items are those of an array, Members those of an object.
	Items   []*Source
	Members map[string]*Source
}

// Script makes values of a text as JSON.parse does: of a string of a script, which may hold halves
// of surrogate pairs, and with every number as a Number. The number of integers that are rounded by
// that is told.
func (in *Values) Script(ctx context.Context, text string) (value goja.Value, rounded int, err error) {
	p := in.scriptParser(ctx, text)
	p.build, p.list = (*parser).plainObject, (*parser).plainArray
	v, err := p.whole()
	if err != nil {
		return nil, 0, err
	}
	return v.(goja.Value), len(p.lost), nil
}

// Sourced is [Values.Script] that returns the sources of the values as well.
func (in *Values) Sourced(ctx context.Context, text string) (source *Source, rounded int, err error) {
	p := in.scriptParser(ctx, text)
	p.sourced, p.build, p.list = true, (*parser).sourcedObject, (*parser).sourcedArray
	v, err := p.whole()
	if err != nil {
		return nil, 0, err
	}
	return v.(*Source), len(p.lost), nil
}

func (in *Values) scriptParser(ctx context.Context, text string) *parser {
	p := in.parser(ctx, []byte(text))
	p.UTF8, p.script, p.rounds, p.maxDepth = false, true, true, MaxScriptDepth
	return p
}

func (p *parser) sourcedScalar() (any, error) {
	start := p.Pos
	value, err := p.scalar()
	if err != nil {
		return nil, err
	}
	return &Source{Value: value, Text: string(p.Data[start:p.Pos])}, nil
}

func (p *parser) sourcedObject(depth int) (any, error) {
	object, members := p.vm.NewObject(), map[string]*Source{}
	err := p.members(depth, func(name string, value any) error {
		members[name] = value.(*Source)
		return p.in.set(object, name, members[name].Value)
	})
	return &Source{Value: object, Members: members}, err
}

func (p *parser) sourcedArray(depth int) (any, error) {
	var items []*Source
	var values []any
	err := p.items(depth, func(item any) {
		items = append(items, item.(*Source))
		values = append(values, item.(*Source).Value)
	})
	return &Source{Value: p.vm.NewArray(values...), Items: items}, err
}
