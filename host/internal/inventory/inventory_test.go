package inventory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"carjs/host/failure"
	"carjs/host/model"
	"carjs/host/submit"
)

// scripted answers queries one after another and keeps what it was asked.
type scripted struct {
	asked   []string
	answers []string // "" is CAR's 404
	err     error    // after the answers
}

func (s *scripted) Query(_ context.Context, query string, variables map[string]any) (json.RawMessage, error) {
	if variables != nil {
		return nil, errors.New("a query has variables")
	}
	s.asked = append(s.asked, query)
	n := len(s.asked)
	switch {
	case n <= len(s.answers) && s.answers[n-1] == "":
		return nil, nil
	case n <= len(s.answers):
		return json.RawMessage(s.answers[n-1]), nil
	case s.err != nil:
		return nil, s.err
	}
	return nil, fmt.Errorf("an answer too few for %s", query)
}

func collection(t *testing.T, m *model.Model, name string) *model.Collection {
	t.Helper()
	c, ok := m.Collection(name)
	if !ok {
		t.Fatalf("there is no collection %s", name)
	}
	return c
}

// racks is CAR's model with a collection that is joined to itself.
func racks(t *testing.T) *model.Model {
	t.Helper()
	m, err := model.CAR().Extend(model.Extension{
		Key: "0d1f3c1e-5f0e-4a73-8f0e-2f6d8e1f9a12", Owner: "office", Version: "1",
		Schema: model.ExtensionSchema{
			Vertices: []model.ExtensionVertex{{Name: "rack",
				Properties: map[string]model.ExtensionProperty{"height": {Type: "integer"}}}},
			Edges: []model.ExtensionEdge{{End1: "rack", End2: "rack",
				Properties: map[string]model.ExtensionProperty{"cable": {Type: "text"}}}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func equal(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got\n  %s\nwant\n  %s", what, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// names shows existing objects without their contents.
func names(objects []submit.Existing) []string {
	var shown []string
	for _, o := range objects {
		shown = append(shown, o.Key+o.From+strings.Repeat(">", min(len(o.To), 1))+o.To)
	}
	return shown
}

// Vertices are asked for by their keys, and their edges by the ids that CAR has given them.
func TestEdgesAt(t *testing.T) {
	m := racks(t)
	c := collection(t, m, "rack")
	car := &scripted{answers: []string{
		`{"w0":[{"id":"s/a","external_id":"a"},{"id":"s/ids are CAR's own","external_id":"c"}]}`,
		`{"w0":[]}`,
		`{"w0":[{"from_rack_id":"s/a","from_rack":[{"external_id":"a"}],"to_rack_id":"s/b","to_rack":[{"external_id":"b"}]},
			{"from_rack_id":"s/x","from_rack":[],"to_rack_id":"s/a","to_rack":{"external_id":"a"}}]}`,
		`{"w0":[]}`,
	}}
	found, err := New(car, m, "s").EdgesAt(context.Background(), c, []string{"a", "c", "d"})
	if err != nil {
		t.Fatal(err)
	}
	want := `w0: rack_rack(where: {_and: [{source: {_eq: "s"}}, ` +
		`{_or: [{from_rack_id: {_in: ["s/a","s/ids are CAR's own"]}}, {to_rack_id: {_in: ["s/a","s/ids are CAR's own"]}}]}]}, ` +
		`order_by: [{from_rack_id: asc}, {to_rack_id: asc}], limit: 1000) ` +
		`{ from_rack_id to_rack_id from_rack { external_id } to_rack { external_id } }`
	if !strings.Contains(car.asked[2], want) {
		t.Errorf("asked %s", car.asked[2])
	}
	equal(t, "there", found.Keys, []string{"a", "c"})
	if len(found.Edges) != 1 || found.Edges[0].Collection.Name != "rack_rack" {
		t.Fatalf("%+v", found.Edges)
	}
	equal(t, "edges", names(found.Edges[0].Edges), []string{"a>b", "x>a"})
	if e := found.Edges[0].Edges[1]; e.FromID != "s/x" || e.ToID != "s/a" {
		t.Errorf("ids %q, %q", e.FromID, e.ToID)
	}
	equal(t, "unlinked", found.Unlinked(), []string{"c"})
	equal(t, "there, still", found.Keys, []string{"a", "c"})
}

// Every edge collection that has an end there is asked in the same request.
func TestEdgesAtAsksTogether(t *testing.T) {
	m := model.CAR()
	at := m.EdgesAt("ipaddress")
	var empty []string
	for n := range len(at) {
		empty = append(empty, fmt.Sprintf(`"w%d":[]`, n))
	}
	vertex := `{"w0":[{"id":"s/0/10.0.0.1","name":"10.0.0.1","region_id":"0","external_id":"0/10.0.0.1"}]}`
	car := &scripted{answers: []string{vertex, `{"w0":[]}`, "{" + strings.Join(empty, ",") + "}"}}
	found, err := New(car, m, "s").EdgesAt(context.Background(), collection(t, m, "ipaddress"), []string{"10.0.0.1"})
	if err != nil || len(found.Edges) != len(at) || len(found.Keys) != 1 || len(found.Unlinked()) != 1 {
		t.Errorf("%+v, %v", found, err)
	}
	for _, e := range at {
		if !strings.Contains(car.asked[2], ": "+e.Name+"(") {
			t.Errorf("%s was not asked", e.Name)
		}
	}
	// Without the vertex there is nothing to ask.
	car = &scripted{answers: []string{`{"w0":[]}`}}
	found, err = New(car, m, "s").EdgesAt(context.Background(), collection(t, m, "ipaddress"), []string{"10.0.0.1"})
	if err != nil || len(found.Edges) != len(at) || found.Keys != nil {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestUnusableAnswers(t *testing.T) {
	row := `{"id":"s/1","external_id":"1","height":1,"properties":null}`
	key := func(text string) string { return strings.Replace(`{"w0":[`+row+`]}`, `"1",`, text+",", 1) }
	const right = `"to_rack_id":"s/1","to_rack":[]`
	edge := func(ends string) []string {
		return []string{`{"w0":[{"cable":"","external_id":"","properties":null,` + ends + `}]}`}
	}
	for name, test := range map[string]struct {
		collection string
		answers    []string
		message    string
	}{
		"not an object":      {"rack", []string{`"w0"`}, "about rack"},
		"no list":            {"rack", []string{`{"w0":{"id":"1"}}`}, "about rack"},
		"other names":        {"rack", []string{`{"x":[]}`}, "no list of rows"},
		"fewer fields":       {"rack", []string{`{"w0":[{"id":"s/1","external_id":"1","properties":null}]}`}, "without the field height"},
		"no id":              {"rack", []string{`{"w0":[{}]}`}, `without the field id`},
		"no key":             {"rack", []string{key(`""`)}, "external_id of rack is , which is not a key"},
		"a key is a number":  {"rack", []string{key(`1`)}, "external_id of rack is 1, which is not a key"},
		"never an end":       {"rack", []string{`{"w0":[` + row + `]}`, `{"w0":[` + row + `]}`}, "the same rows came twice"},
		"an end is a number": {"rack_rack", edge(`"from_rack_id":1,"from_rack":[],"to_rack_id":"s/1","to_rack":[]`), "from_rack_id is 1"},
		"a relation is text": {
			"rack_rack", edge(`"from_rack_id":"s/1","from_rack":"1","to_rack_id":"s/1","to_rack":[]`),
			"is not a list of vertices",
		},
		"of texts":      {"rack_rack", edge(`"from_rack_id":"s/1","from_rack":["1"],` + right), "is not a list of vertices"},
		"without a key": {"rack_rack", edge(`"from_rack_id":"s/1","from_rack":[{"id":"1"}],` + right), "without the field external_id"},
	} {
		t.Run(name, func(t *testing.T) {
			m := racks(t)
			_, err := New(&scripted{answers: test.answers}, m, "s").Read(context.Background(), collection(t, m, test.collection), Part{})
			var f *failure.Failure
			if !errors.As(err, &f) || f.Kind != failure.Recoverable || f.Hint == "" || !strings.Contains(f.Message, test.message) {
				t.Errorf("%#v", err)
			}
		})
	}
}

// What ends a query is told as it is, and nothing that was read so far is returned with it.
func TestQueryFails(t *testing.T) {
	m := racks(t)
	c := collection(t, m, "rack")
	broken := errors.New("broken")
	first := `{"w0":[{"id":"s/1","external_id":"1","height":1,"properties":null}]}`
	for name, test := range map[string]struct {
		car  *scripted
		want func(error) bool
	}{
		"an error":           {&scripted{err: broken}, func(err error) bool { return errors.Is(err, broken) }},
		"an error later":     {&scripted{answers: []string{first}, err: broken}, func(err error) bool { return errors.Is(err, broken) }},
		"no answer":          {&scripted{answers: []string{""}}, isNoAnswer},
		"no answer any more": {&scripted{answers: []string{first, ""}}, isNoAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := New(test.car, m, "s").Read(context.Background(), c, Part{})
			if found != nil || !test.want(err) {
				t.Errorf("%v, %v", found, err)
			}
		})
	}
	around, err := New(&scripted{answers: []string{""}}, m, "s").EdgesAt(context.Background(), c, []string{"1"})
	if !isNoAnswer(err) || around.Keys != nil || around.Edges != nil {
		t.Errorf("%+v, %v", around, err)
	}
}

func isNoAnswer(err error) bool {
	var noAnswer *NoAnswerError
	return errors.As(err, &noAnswer) && noAnswer.Collection == "rack"
}
