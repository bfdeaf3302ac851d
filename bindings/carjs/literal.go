package carjs

import (
	"carjs/host/pages"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// LiteralMethods are the names of the methods that take object literals by their values: those that run for every record.
func LiteralMethods() []string { return []string{"addCollection", "addEdge"} }

// addCollectionLiteral is addCollection(name, {literal}, key?).
func (m *Module) addCollectionLiteral(call script.LiteralCall) goja.Value {
	if call.At != 1 {
		return m.addCollection(goja.FunctionCall{Arguments: m.withObject(call)})
	}
	record, err := m.submission("addCollection").Vertex(call.Before(0).String())
	if err != nil {
		m.rt.Throw(err)
	}
	m.walking = true
	defer m.walked()
	if key := call.After(0); !goja.IsUndefined(key) {
		record.KeyedBy(key.String())
	}
	m.pushLiteral(record, call)
	return m.commit(record)
}

// addEdgeLiteral is addEdge(name, from, to, {literal}) and addEdge(name, {literal}).
func (m *Module) addEdgeLiteral(call script.LiteralCall) goja.Value {
	_, objectForm := call.Before(1).(*goja.Object)
	if call.At != 1 && call.At != 3 || objectForm {
		return m.addEdge(goja.FunctionCall{Arguments: m.withObject(call)})
	}
	submission := m.submission("addEdge")
	name := call.Before(0).String()
	var record *pages.Record
	var err error
	if call.At == 1 {
		record, err = submission.Edge(name)
	} else {
		record, err = submission.Link(name, m.end(name, call.Before(1)), m.end(name, call.Before(2)))
	}
	if err != nil {
		m.rt.Throw(err)
	}
	m.walking = true
	defer m.walked()
	m.pushLiteral(record, call)
	return m.commit(record)
}

func (m *Module) pushLiteral(record *pages.Record, call script.LiteralCall) {
	for i, v := range call.Values() {
		m.pushProperty(record, call.Names[i], v)
	}
}

// withObject are the arguments of a call with its literal as an object, for calls that are mistakes.
func (m *Module) withObject(call script.LiteralCall) []goja.Value {
	object := m.rt.VM().NewObject()
	for i, v := range call.Values() {
		must(script.SetProperty(object, call.Names[i], v))
	}
	behind := call.Arguments[call.At+len(call.Names):]
	return append(append(append([]goja.Value{}, call.Arguments[:call.At]...), object), behind...)
}
