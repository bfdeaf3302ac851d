package carjs

import (
	"context"
	"fmt"

	"carjs/bindings/args"
	"carjs/host/failure"
	"carjs/host/model"
	"carjs/host/script"
	"carjs/host/submit"

	"github.com/dop251/goja"
)

// addCollection is BaseDataHandler.addCollection(name, object, key?).
func (m *Module) addCollection(call goja.FunctionCall) goja.Value {
	m.site = m.rt.Site()
	draft, err := m.submission("addCollection").Vertex(m.collection("addCollection", call.Argument(0)))
	return m.report(draft, err, func() {
		m.keyedBy(draft, call.Argument(2))
		m.pushProperties(draft, m.object("addCollection", call.Argument(1)))
	})
}

// addEdge is BaseDataHandler.addEdge(name, from, to, properties?) and addEdge(name, object).
func (m *Module) addEdge(call goja.FunctionCall) goja.Value {
	properties := call.Argument(3)
	_, objectForm := call.Argument(1).(*goja.Object)
	if objectForm {
		properties = call.Argument(1)
	}
	hasProperties := !goja.IsUndefined(properties) && !goja.IsNull(properties)
	if hasProperties {
		m.site = m.rt.Site()
	}
	draft, err := m.edgeDraft(objectForm, call.Argument(0), call.Argument(1), call.Argument(2))
	return m.report(draft, err, func() {
		if hasProperties {
			m.pushProperties(draft, m.object("addEdge", properties))
		}
	})
}

// edgeRecord begins an edge, with its ends unless they are among its properties.
func (m *Module) edgeDraft(objectForm bool, name, from, to goja.Value) (*submit.Draft, error) {
	submission, collection := m.submission("addEdge"), m.collection("addEdge", name)
	if objectForm {
		return submission.Edge(collection)
	}
	return submission.Link(collection, m.end(collection, "from", from), m.end(collection, "to", to))
}

// collection reads the name of a collection.
func (m *Module) collection(function string, name goja.Value) string {
	if text, ok := name.(goja.String); ok {
		return text.String()
	}
	return m.argument(function, "the name of the collection", name).Text() // refuses it
}

// keyedBy names the property that identifies a vertex, where the connector does.
func (m *Module) keyedBy(draft *submit.Draft, key goja.Value) {
	text, ok := key.(goja.String)
	switch {
	case ok:
		draft.KeyedBy(text.String())
	case !args.Absent(key):
		m.argument("addCollection", "key", key).Text() // refuses it
	}
}

// report fills a draft that was begun, or not, and ends it.
func (m *Module) report(draft *submit.Draft, err error, fill func()) goja.Value {
	if err != nil {
		m.rt.Throw(err)
	}
	m.walking = true
	defer m.walked()
	fill()
	return m.commit(draft)
}

// add takes one object of sendData: a vertex or an edge, as the collection is.
func (m *Module) add(call goja.FunctionCall) goja.Value {
	if m.edge(call.Argument(0)) {
		return m.addEdge(call)
	}
	return m.addCollection(goja.FunctionCall{This: call.This, Arguments: call.Arguments[:min(2, len(call.Arguments))]})
}

// isEdge tells whether a collection holds edges.
func (m *Module) isEdge(call goja.FunctionCall) goja.Value {
	return m.rt.VM().ToValue(m.edge(call.Argument(0)))
}

func (m *Module) edge(name goja.Value) bool {
	if goja.IsUndefined(name) || goja.IsNull(name) {
		return false
	}
	m.submission("sendData")
	c, ok := m.host.Model().Collection(name.String())
	return ok && c.Kind == model.Edge
}

// end reads one end of an edge: an id, or one that is missing in the data, null or an empty text, of
// which the submission says what is wrong with the edge.
func (m *Module) end(collection, name string, v goja.Value) string {
	if text, ok := v.(goja.String); ok {
		return script.Text(text)
	}
	if args.Absent(v) {
		return ""
	}
	id, ok := args.ID(v)
	if !ok {
		m.argument(fmt.Sprintf("addEdge(%q)", collection), name, v).ID() // refuses it
	}
	return id
}

func (m *Module) object(function string, v goja.Value) *goja.Object {
	object, ok := v.(*goja.Object)
	if !ok {
		m.argument(function, "the object to add", v).MustBe("an object")
	}
	if message := script.UnfitObject(object); message != "" { // all of its properties would be missing
		m.argument(function, "the object to add", v).Misuse("%s", message)
	}
	return object
}

// argument is an argument of a function that runs for every record, once it is found to be wrong.
func (m *Module) argument(function, name string, v goja.Value) args.Arg {
	return args.Of(m.rt, goja.FunctionCall{}, function).Of(name, v)
}

// submission returns where objects go, or throws when no import is under way. A submission serves
// one goroutine at a time, so nothing can be reported while it is being sent: a connector that does
// not await sending is told so.
func (m *Module) submission(function string) *submit.Submission {
	if m.sending != "" {
		m.rt.Throw(failure.New(failure.General, "%s was called during %s", function, m.sending).
			WithHint("await %s first", m.sending))
	}
	if m.walking {
		m.rt.Throw(failure.New(failure.General, "%s was called by a getter or toJSON of an object that is being added", function).
			WithHint("add objects one after the other"))
	}
	if m.host != nil {
		if s := m.host.Submission(); s != nil {
			return s
		}
	}
	m.rt.Throw(failure.New(failure.General, "%s was called outside an import", function).
		WithHint("add objects in importVertices and importEdges, not in constructors or testConnection"))
	return nil
}

// walked marks that an object is not being read any more, however that ended.
func (m *Module) walked() { m.walking = false }

// commit ends a draft. It waits when CAR is slower than the script.
func (m *Module) commit(draft *submit.Draft) goja.Value {
	result, err := draft.Commit()
	if err != nil {
		m.rt.Throw(err)
	}
	return m.rt.VM().ToValue(result.Outcome != submit.Skipped)
}

// replaces is BaseDataHandler.replaces(name, scope?).
func (m *Module) replaces(call goja.FunctionCall) goja.Value {
	m.submission("replaces")
	in := args.Of(m.rt, call, "replaces")
	name, given := in.Arg(0, "name").Filled(), in.Arg(1, "scope").FieldsOr("keys", "orphans", "from", "to")
	scope := Scope{
		Keys: given.Get("keys").IDs(), Orphans: given.Get("orphans").BoolOr(false),
		From: given.Get("from").IDs(), To: given.Get("to").IDs(),
	}
	run := m.host
	m.sending = "replaces"
	return m.rt.Async(func(ctx context.Context) (func(*goja.Runtime) (goja.Value, error), error) {
		replace, err := run.ReadExisting(ctx, name, scope)
		return func(*goja.Runtime) (goja.Value, error) {
			m.sending = ""
			if err == nil {
				err = replace()
			}
			return goja.Undefined(), err
		}, nil
	})
}

// sendVertices is BaseDataHandler.sendCollections().
func (m *Module) sendVertices(goja.FunctionCall) goja.Value {
	m.submission("sendCollections")
	return m.exclusive("sendCollections", m.host.SendVertices)
}

// sendEdges is BaseDataHandler.sendEdges().
func (m *Module) sendEdges(goja.FunctionCall) goja.Value {
	m.submission("sendEdges")
	return m.exclusive("sendEdges", m.host.SendEdges)
}

// timestamp is BaseDataHandler.timestamp.
func (m *Module) timestamp(goja.FunctionCall) goja.Value {
	if m.host == nil {
		m.rt.Throw(fmt.Errorf("no run is in progress"))
	}
	return m.rt.VM().ToValue(m.host.Timestamp())
}

// exclusive runs work beside the script, which cannot use the submission until it ends.
func (m *Module) exclusive(function string, work func(ctx context.Context) error) goja.Value {
	m.sending = function
	return m.rt.Async(func(ctx context.Context) (func(*goja.Runtime) (goja.Value, error), error) {
		err := work(ctx)
		return func(*goja.Runtime) (goja.Value, error) {
			m.sending = ""
			return goja.Undefined(), err
		}, nil
	})
}

// async runs work beside the script and returns a promise of nothing.
func (m *Module) async(work func(ctx context.Context) error) goja.Value {
	return m.rt.Async(func(ctx context.Context) (func(*goja.Runtime) (goja.Value, error), error) {
		if err := work(ctx); err != nil {
			return nil, err
		}
		return func(*goja.Runtime) (goja.Value, error) { return goja.Undefined(), nil }, nil
	})
}
