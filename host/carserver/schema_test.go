package carserver

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/dlclark/regexp2/v2"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"carjs/host/model"
)

// samples are values for a property; the first is valid.
func samples(p *model.Property) []any {
	odd := []any{nil, "", "x", "00:00:5e:00:53:01", strings.Repeat("9", 300), "a|b<", 0, -1, 3, 10, 10.5, 1e30, true, false,
		[]any{}, []any{"a"}, []any{1}, map[string]any{}, map[string]any{"a": nil}}
	valid := map[model.Type]any{
		model.String: "00:00:5e:00:53:01", model.Number: 1, model.Integer: 1, model.Boolean: true,
		model.Object: map[string]any{"a": 1}, model.Strings: []any{"a"}, model.Any: "x",
	}
	return append([]any{valid[p.Type]}, odd...)
}

type ecmaRegexp struct{ *regexp2.Regexp }

func (r ecmaRegexp) MatchString(s string) bool {
	ok, err := r.Regexp.MatchString(s)
	return err == nil && ok
}

// servedSchema compiles the import schema that the service serves.
func servedSchema(c *client) *jsonschema.Schema {
	c.tb.Helper()
	_, answer := c.do("GET", "/v3/importSchema?version=v2", "")
	served, err := jsonschema.UnmarshalJSON(strings.NewReader(answer))
	if err != nil {
		c.tb.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.UseRegexpEngine(func(pattern string) (jsonschema.Regexp, error) {
		re, err := regexp2.Compile(pattern, regexp2.ECMAScript)
		return ecmaRegexp{re}, err
	})
	if err := compiler.AddResource("mem:/import", served.(map[string]any)["schema"]); err != nil {
		c.tb.Fatal(err)
	}
	schema, err := compiler.Compile("mem:/import")
	if err != nil {
		c.tb.Fatal(err)
	}
	return schema
}

// TestVerdictsEqualServedSchema holds the service to the schema that it serves: what the one
// refuses, the other does, for objects of all collections made at random from good and bad values.
func TestVerdictsEqualServedSchema(t *testing.T) {
	c := start(t, Config{Prepared: true})
	c.ok("POST", "/v3/carSchema", siteExtension)
	schema, catalog := servedSchema(c), c.carsrv.catalog.Load()
	random := rand.New(rand.NewPCG(1, 2))
	seen := map[bool]int{}
	for _, table := range catalog.tables {
		if table.OfTags {
			continue
		}
		for range 150 {
			object := randomObject(random, table.Collection)
			// The ends and the key of an object are more than the schema asks for; with these there
			// is no difference.
			if table.Kind == model.Edge {
				object[table.FromProperty()] = endValue(table.FromProperty(), table.From, "f")
				object[table.ToProperty()] = endValue(table.ToProperty(), table.To, "t")
			} else if key, _ := object[table.KeyedBy].(string); key == "" {
				object[table.KeyedBy] = "00:00:5e:00:53:01"
			}
			delete(object, "source")
			normal := model.Normalize(table.Collection, object)
			body := func(object map[string]any) string {
				return envelope("s", text(t, table.Collection.Name)+":["+text(t, object)+"]")
			}
			value, err := jsonschema.UnmarshalJSON(strings.NewReader(body(normal)))
			if err != nil {
				t.Fatal(err)
			}
			want := schema.Validate(value)
			_, got := parseEnvelope(catalog, []byte(body(object)))
			seen[want == nil]++
			if (want == nil) != (got == nil) {
				t.Errorf("%s\nschema: %v\nservice: %v", body(object), want, got)
			}
		}
	}
	if seen[true] < 500 || seen[false] < 500 {
		t.Errorf("one-sided: %v", seen)
	}
}

func randomObject(random *rand.Rand, c *model.Collection) map[string]any {
	object := map[string]any{}
	for i := range c.Properties {
		p := &c.Properties[i]
		values := samples(p)
		switch n := random.IntN(20); {
		case n < 12 || p.Required && n < 19:
			object[p.Name] = values[0]
		case n == 19:
			object[p.Name] = values[random.IntN(len(values))]
		}
	}
	return object
}

// TestHeadsEqualServedSchema does the same for the envelope's source and report.
func TestHeadsEqualServedSchema(t *testing.T) {
	c := start(t, Config{Prepared: true})
	schema, catalog := servedSchema(c), c.carsrv.catalog.Load()
	for _, body := range []string{
		envelope("s", ""), envelope("a b", ""), envelope("a/b", ""), envelope("", ""), envelope("ä", ""), envelope("a:b@c=d;!'%-.()+,$*", ""),
		`{"source":{"_key":"s","name":1},"report":{"timestamp":1}}`,
		`{"source":{"_key":"s","properties":{}},"report":{"timestamp":1.5,"_key":"r","type":"t"}}`,
		`{"source":{"_key":"s"},"report":{"timestamp":"1"}}`,
		`{"source":{"_key":"s"},"report":{"timestamp":1,"_key":""}}`,
		`{"source":{"_key":"s"},"report":{"timestamp":1,"_key":"` + strings.Repeat("k", 255) + `"}}`,
		`{"source":[],"report":{"timestamp":1}}`,
	} {
		var value any
		if err := json.Unmarshal([]byte(body), &value); err != nil {
			t.Fatal(err)
		}
		want := schema.Validate(value)
		if _, got := parseEnvelope(catalog, []byte(body)); (want == nil) != (got == nil) {
			t.Errorf("%s\nschema: %v\nservice: %v", body, want, got)
		}
	}
}
