package carjs

import (
	"carjs/host/script"
	"carjs/host/submit"

	"github.com/dop251/goja"
)

// LiteralMethods are the names of the methods that take object literals by their values: those that
// run for every record.
func LiteralMethods() []string { return []string{"addCollection", "addEdge"} }

// addCollectionLiteral is addCollection(name, {literal}, key?).
func (m *Module) addCollectionLiteral(call script.LiteralCall) goja.Value {
	if call.At != 1 {
		return m.addCollection(goja.FunctionCall{Arguments: call.AsWritten(m.rt)})
	}
	m.site = call.Site
	draft, err := m.submission("addCollection").Vertex(m.collection("addCollection", call.Before(0)))
	return m.report(draft, err, func() {
		m.keyedBy(draft, call.After(0))
		m.pushLiteral(draft, call)
	})
}

// addEdgeLiteral is addEdge(name, from, to, {literal}) and addEdge(name, {literal}).
func (m *Module) addEdgeLiteral(call script.LiteralCall) goja.Value {
	_, objectForm := call.Before(1).(*goja.Object)
	if call.At != 1 && call.At != 3 || objectForm {
		return m.addEdge(goja.FunctionCall{Arguments: call.AsWritten(m.rt)})
	}
	m.site = call.Site
	draft, err := m.edgeDraft(call.At == 1, call.Before(0), call.Before(1), call.Before(2))
	return m.report(draft, err, func() { m.pushLiteral(draft, call) })
}

func (m *Module) pushLiteral(draft *submit.Draft, call script.LiteralCall) {
	for i, v := range call.Values() {
		m.pushProperty(draft, call.Names[i], v)
	}
}
