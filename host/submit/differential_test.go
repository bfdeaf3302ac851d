package submit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/dlclark/regexp2/v2"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"carjs/host/esjson"
	"carjs/host/model"
)

// extended is the published model with an extension that has every type of property.
func extended(t testing.TB) *model.Model {
	t.Helper()
	properties := map[string]model.ExtensionProperty{}
	for i, name := range model.ExtensionTypes() {
		properties["p_"+name] = model.ExtensionProperty{Type: name, Required: i%3 == 0}
	}
	properties["code"] = model.ExtensionProperty{
		Type: "text", Validation: []model.Validation{{Pattern: "^te", ErrorMessage: "not te: %"}, {Pattern: "t$"}},
	}
	properties["rooms"] = model.ExtensionProperty{
		Type: "bigint", Validation: []model.Validation{{Minimum: "0", Maximum: "10", ErrorMessage: "% rooms"}},
	}
	m, err := model.CAR().Extend(model.Extension{
		Key: "0d3aa69b-4b65-4f5c-9f57-0f7d4d2f1c11", Owner: "test", Version: "1",
		Schema: model.ExtensionSchema{
			Vertices: []model.ExtensionVertex{
				{Name: "site", Properties: properties, Validation: []model.Validation{{OneOf: &model.OneOfValidation{
					Pattern: []model.RequiredGroup{{Required: []string{"p_text"}}, {Required: []string{"p_inet", "code"}}}, ErrorMessage: "p_text it is",
				}}}},
				{Name: "asset", Properties: map[string]model.ExtensionProperty{"initial_value": {Type: "numeric"}}},
			},
			Edges: []model.ExtensionEdge{{End1: "site", End2: "asset", Properties: properties}, {End1: "ipaddress", End2: "site"}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// schemas compiles the import schema of a model with a general library.
type schemas struct {
	compiler *jsonschema.Compiler
	t        testing.TB
}

// ecmascript lets the library take patterns with back references, as JSON Schema has them.
func ecmascript(pattern string) (jsonschema.Regexp, error) {
	re, err := regexp2.Compile(pattern, regexp2.ECMAScript)
	return matcher{re}, err
}

type matcher struct{ *regexp2.Regexp }

func (m matcher) MatchString(s string) bool {
	ok, err := m.Regexp.MatchString(s)
	return err == nil && ok
}

const schemaURL = "https://car.example/import.json"

func newSchemas(t testing.TB, m *model.Model) schemas {
	t.Helper()
	text, err := json.Marshal(m.ImportSchema())
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(bytes.Replace(text, []byte(`"$id":"car.asset/schemas/schema.json",`), nil, 1)))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.UseRegexpEngine(ecmascript)
	if err := compiler.AddResource(schemaURL, doc); err != nil {
		t.Fatal(err)
	}
	return schemas{compiler, t}
}

func (s schemas) of(collection string) *jsonschema.Schema {
	s.t.Helper()
	schema, err := s.compiler.Compile(schemaURL + "#/properties/" + collection + "/items")
	if err != nil {
		s.t.Fatal(err)
	}
	return schema
}

// generator makes objects of a collection, some good, some bad.
type generator struct{ *rand.Rand }

// object makes an object in which a share of the properties is wrong; bad is that share in percent.
func (g generator) object(c *model.Collection, bad int) pairs {
	var properties pairs
	for i := range c.Properties {
		p := &c.Properties[i]
		keep := 40
		if p.Required || p.Name == c.KeyedBy || c.Kind == model.Edge && i < 2 {
			keep = 100 - bad/3
		}
		if g.IntN(100) >= keep {
			continue
		}
		v := g.good(c, p)
		if g.IntN(100) < bad {
			v = g.any()
		}
		properties = append(properties, p.Name, v)
	}
	if g.IntN(4) == 0 {
		properties = append(properties, "unknown", g.any())
	}
	g.Shuffle(len(properties)/2, func(i, j int) {
		properties[2*i], properties[2*j] = properties[2*j], properties[2*i]
		properties[2*i+1], properties[2*j+1] = properties[2*j+1], properties[2*i+1]
	})
	return properties
}

// good makes a value that the property admits, mostly.
func (g generator) good(c *model.Collection, p *model.Property) any {
	switch p.Column {
	case "inet":
		return g.pick("10.0.0.0/8", "fe80::1")
	case "macaddr":
		return g.pick("08:00:2b:01:02:03", "08002b010203")
	case "integer", "bigserial":
		return g.pick(0, -3, 65535)
	case "bigint":
		return g.pick(0, 3, raw(`10`), raw(`9007199254740993`))
	case "timestamp":
		return g.pick("2024-02-29T12:00:00Z", 1.7e12)
	}
	switch p.Type {
	case model.Number:
		return g.pick(0, 10, 5.5, 7)
	case model.Integer:
		return g.pick(0, -3, 65535, 1e20)
	case model.Boolean:
		return g.IntN(2) == 0
	case model.Object:
		return g.pick(raw(`{}`), raw(`{"a":[1,{"b":null}],"c":"d"}`))
	case model.Strings:
		return g.pick(raw(`[]`), raw(`["a","b"]`))
	case model.Any:
		return g.pick(raw(`[1]`), raw(`{}`), "text", 5, true)
	}
	switch c.Name {
	case "ipaddress":
		return g.pick("10.0.0.1", "fe80::1", "::")
	case "macaddress":
		return g.pick("00:11:22:33:44:55", "0011:2233:4455:6677", "00:11:22:33:44:55:66:77")
	}
	return g.pick("text", "h-1.example", "ünïcode", "with \"quotes\"", "")
}

// any makes a value that may be anything.
func (g generator) any() any {
	return g.pick("", "text", "10.0.0.1", "a<b", strings.Repeat("1", 255), 0, -1, 10.5, 11, 1e21, true, false, nil,
		raw(`{}`), raw(`[]`), raw(`["a"]`), raw(`["a",1]`), raw(`[[]]`), raw(`null`), raw(`"text"`), raw(`1.0`), raw(`9223372036854775808`), raw(`false`))
}

func (g generator) pick(values ...any) any { return values[g.IntN(len(values))] }

// asMap is the object as encoding/json decodes it, without the nulls by which it has no value.
func (p pairs) asMap(t testing.TB) map[string]any {
	t.Helper()
	object := map[string]any{}
	for i := 0; i < len(p); i += 2 {
		object[p[i].(string)] = p[i+1]
	}
	text, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	v, err := esjson.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	decoded := v.(map[string]any)
	maps.DeleteFunc(decoded, func(name string, v any) bool { return v == nil && name != "unknown" })
	return decoded
}

// The validator in the push, the one on maps and a general JSON Schema library say the same of
// every object, and the two of ours in the same words.
func TestValidatorsAgree(t *testing.T) {
	m := extended(t)
	library := newSchemas(t, m)
	config := testConfig(t, newRecorder(t))
	config.Model = m
	s := newSubmission(t, config)
	for _, c := range slices.Concat(m.Vertices(), m.Edges()) {
		schema := library.of(c.Name)
		random := generator{rand.New(rand.NewPCG(7, uint64(len(c.Name))))}
		verdicts := map[bool]int{}
		for i := range 400 {
			properties := random.object(c, []int{0, 10, 40}[i%3])
			object := properties.asMap(t)
			normal := model.Normalize(c, object)
			want := c.Validate(normal)
			if err := schema.Validate(normal); (err == nil) != (len(want) == 0) {
				t.Fatalf("%s %v: the library says %v, the model %v", c.Name, object, err, want)
			}
			got := add(t, s, c.Name, properties...).Faults
			if missing := missingKey(c, object, want); len(missing) > 0 {
				got = slices.DeleteFunc(got, func(f model.Fault) bool { return slices.Contains(missing, f) })
			}
			got = slices.DeleteFunc(got, func(f model.Fault) bool { // only a run knows its source
				return f.Property == "source" && strings.HasPrefix(f.Message, "must be that of this run")
			})
			if len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
				t.Fatalf("%s %v:\npushed    %v\nvalidated %v", c.Name, object, got, want)
			}
			verdicts[len(want) == 0]++
		}
		if verdicts[true] < 40 || verdicts[false] < 40 {
			t.Errorf("%s: %d good and %d bad objects prove little", c.Name, verdicts[true], verdicts[false])
		}
	}
}

// missingKey is what the submission demands beyond the import schema: that an object can be told
// from others, and the ends of an edge be found.
func missingKey(c *model.Collection, object map[string]any, faults []model.Fault) []model.Fault {
	var missing []model.Fault
	demanded := []string{c.KeyedBy}
	if c.Kind == model.Edge {
		demanded = []string{c.FromProperty(), c.ToProperty()}
	}
	for _, name := range demanded {
		fault := model.Fault{Property: name, Message: "is required"}
		id, there := object[name]
		if there {
			fault.Message = "must not be empty"
		}
		if (!there || id == "") && !slices.Contains(faults, fault) {
			missing = append(missing, fault)
		}
		if object[name] == "" && (name == "_from" || name == "_to") {
			missing = append(missing, model.Fault{Property: name, Message: "must not be empty"})
		}
	}
	return missing
}

// What is pushed arrives: every object that is not skipped is in a page with the values that were
// pushed.
func TestObjectsArrive(t *testing.T) {
	m := extended(t)
	sender := newRecorder(t)
	config := testConfig(t, sender)
	config.Model, config.PageSize = m, 7
	s := newSubmission(t, config)
	want := map[string]map[string]any{}
	for _, c := range slices.Concat(m.Vertices(), m.Edges()) {
		random := generator{rand.New(rand.NewPCG(9, uint64(len(c.Name))))}
		for i := range 60 {
			properties := append(random.object(c, i%2*20), "serial", fmt.Sprint(c.Name, i))
			if add(t, s, c.Name, properties...).Outcome == Added {
				want[fmt.Sprint(c.Name, i)] = properties.asMap(t)
			}
		}
	}
	if err := s.SendEdges(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, c := range slices.Concat(m.Vertices(), m.Edges()) {
		for _, object := range sender.objects(c.Name) {
			serial := object["serial"].(string)
			pushed, ok := want[serial]
			if !ok {
				t.Errorf("%s arrived twice, or should not have", serial)
				continue
			}
			delete(want, serial)
			if c.Kind == model.Edge {
				for property, vertex := range map[string]string{"_from": c.From, "_to": c.To} {
					if key, ok := pushed[property].(string); ok && key != "" && !strings.Contains(key, "/") &&
						(property == c.FromProperty() || property == c.ToProperty()) {
						pushed[property] = vertex + "/" + key // named by the key alone
					}
				}
				for name, v := range map[string]any{"report": "rep", "source": "src", "active": true, "timestamp": json.Number("1700000000000")} {
					if _, own := pushed[name]; !own {
						pushed[name] = v
					}
				}
			}
			if !reflect.DeepEqual(object, pushed) {
				t.Errorf("%s arrived as %v\nwant %v", serial, object, pushed)
			}
		}
	}
	for serial := range want {
		t.Errorf("%s did not arrive", serial)
	}
}
