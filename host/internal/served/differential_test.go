package served

import (
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"carjs/host/model"
)

// library compiles a schema with the library.
func library(t testing.TB, schema string) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.UseRegexpEngine(func(text string) (jsonschema.Regexp, error) {
		match, err := model.MatchPattern(text)
		return &regexp{text, match}, err
	})
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	if err := compiler.AddResource("schema", v); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("schema")
	if err != nil {
		t.Fatalf("%s: %v", schema, err)
	}
	return compiled
}

type regexp struct {
	text  string
	match func(string) bool
}

func (r *regexp) MatchString(s string) bool { return r.match(s) }
func (r *regexp) String() string            { return r.text }

// differentialSchemas use every keyword that is compiled.
var differentialSchemas = []string{
	`true`, `false`, `{}`, `{"type": "integer"}`, `{"type": ["string", "null"]}`, `{"type": "number"}`,
	`{"type": ["integer", "boolean", "array"]}`,
	`{"enum": [1, "a", null, [1, {"b": 2}], 1e2]}`, `{"const": {"a": [1.0, "b"]}}`, `{"const": null}`, `{"pattern": "^[a-c]+$"}`,
	`{"minLength": 1, "maxLength": 2}`, `{"minItems": 1, "maxItems": 2}`, `{"minProperties": 1, "maxProperties": 1}`, `{"minLength": 0}`,
	`{"minimum": 1, "maximum": 5}`, `{"exclusiveMinimum": 1, "exclusiveMaximum": 5}`, `{"multipleOf": 0.1}`, `{"multipleOf": 3}`,
	`{"minimum": 9007199254740993}`,
	`{"required": ["a", "b"]}`, `{"dependentRequired": {"a": ["b"]}}`, `{"dependentSchemas": {"a": {"required": ["c"]}}}`,
	`{"propertyNames": {"maxLength": 1}}`, `{"properties": {"a": {"type": "string"}, "b": false}}`,
	`{"properties": {"a": true}, "additionalProperties": false}`, `{"additionalProperties": {"type": "integer"}}`,
	`{"patternProperties": {"^a": {"type": "integer"}}, "additionalProperties": {"type": "string"}}`,
	`{"properties": {"a": {"type": "integer"}}, "patternProperties": {"a": {"minimum": 3}}}`,
	`{"items": {"type": "integer"}}`, `{"prefixItems": [{"type": "string"}], "items": {"type": "integer"}}`,
	`{"prefixItems": [{"type": "integer"}, true]}`,
	`{"items": false}`, `{"contains": {"type": "integer"}}`, `{"contains": {"minimum": 2}, "minContains": 0, "maxContains": 1}`,
	`{"contains": {"type": "string"}, "minContains": 2}`, `{"uniqueItems": true}`, `{"uniqueItems": false}`,
	`{"allOf": [{"minimum": 2}, {"type": "number"}]}`, `{"anyOf": [{"type": "string"}, {"minimum": 3}]}`,
	`{"oneOf": [{"type": "integer"}, {"minimum": 2}]}`,
	`{"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}`, `{"not": {"type": "string"}}`, `{"not": {"required": ["a"]}}`,
	`{"if": {"type": "string"}, "then": {"minLength": 2}, "else": {"type": "array"}}`, `{"if": {"type": "number"}, "else": false}`,
	`{"then": false}`,
	`{"$defs": {"n": {"type": "integer"}, "a/b~c": {"type": "string"}}, "properties": {"a": {"$ref": "#/$defs/n"}, "b": {"$ref": "#/$defs/a~1b~0c"}}}`,
	`{"anyOf": [{"$ref": "#/anyOf/1/allOf/0"}, {"allOf": [{"type": "array"}]}]}`,
	`{"type": ["object", "integer"], "properties": {"a": {"$ref": "#"}}, "additionalProperties": {"$ref": "#/properties/a"}}`,
	`{"$ref": "#/$defs/n", "maximum": 3, "$defs": {"n": {"minimum": 1, "description": "with a neighbour"}}}`,
	`{"description": "only", "default": 5, "examples": [1], "title": "words", "error_message": "%", "indexed": true, "format": "email"}`,
}

var differentialValues = []string{
	`null`, `true`, `false`, `0`, `1`, `1.0`, `2`, `3`, `4.5`, `5`, `6`, `-1`, `0.3`, `0.30000000000000004`, `100`, `1e2`,
	`9007199254740992`, `9007199254740993`,
	`1e300`, `""`, `"a"`, `"é"`, `"éé"`, `"abc"`, `"abcd"`, `"10"`, `[]`, `[1]`, `["a"]`, `["a", 1]`, `["a", "b"]`, `[1, 2]`,
	`[1, 1.0]`, `[2, 3, 4]`,
	`[{"a": 1, "b": 2}, {"b": 2, "a": 1}]`, `[[], {}]`, `[1, {"b": 2}]`, `{}`, `{"a": 1}`, `{"a": "x"}`, `{"b": 1}`, `{"b": "x"}`,
	`{"a": 1, "b": 2}`,
	`{"a": [1, "b"]}`, `{"a": 3, "c": null}`, `{"ab": 5}`, `{"ab": "x", "c": "y"}`, `{"a": {"a": {"a": 5}}}`,
	`{"a": {"a": {"a": "x"}}}`, `{"a": {"c": 1.5}}`,
}

// The verdicts are those of a library for JSON Schema.
func TestVerdictsOfLibrary(t *testing.T) {
	for _, schema := range differentialSchemas {
		theirs := library(t, schema)
		ours, err := (&amender{schema: &Schema{raw: []byte(schema)}}).compile([]byte(schema))
		if err != nil {
			t.Errorf("%s: %v", schema, err)
			continue
		}
		for _, text := range differentialValues {
			v, err := decoded([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			found := ours.faults(v)
			if invalid := theirs.Validate(v); (invalid != nil) != (len(found) > 0) {
				t.Errorf("%s of %s: %v\nwant %v", text, schema, found, invalid)
			}
		}
	}
	for _, keyword := range keywords() {
		if used := strings.Contains(strings.Join(differentialSchemas, ""), `"`+keyword.name+`"`); !used && keyword.name != "dependencies" {
			if _, err := keyword.compile(nil, nil, nil); err == nil {
				t.Errorf("%s is compared with nothing", keyword.name)
			}
		}
	}
}

// A schema that makes no sense is refused, and one that leads into itself without end does not end
// the process.
func TestSchemasThatMakeNoSense(t *testing.T) {
	for _, schema := range []string{
		`5`, `{"type": 5}`, `{"type": []}`, `{"type": "text"}`, `{"enum": 5}`, `{"pattern": "("}`, `{"pattern": 5}`, `{"minLength": -1}`,
		`{"minLength": 1.5}`,
		`{"minimum": "1"}`, `{"minimum": 1e999999999}`, `{"multipleOf": 0}`, `{"required": [1]}`, `{"dependentRequired": []}`,
		`{"properties": []}`,
		`{"patternProperties": {"(": true}}`, `{"items": 5}`, `{"prefixItems": 5}`, `{"contains": 5}`, `{"contains": true, "minContains": "1"}`,
		`{"uniqueItems": 1}`, `{"allOf": []}`, `{"anyOf": {}}`, `{"not": null}`, `{"if": 5}`, `{"$ref": 5}`, `{"$ref": "#/nowhere"}`,
		`{"$ref": "#anchor"}`, `{"$ref": "https://car.test/schema"}`, `{"$ref": "file:///etc/passwd"}`, `{"unevaluatedItems": false}`,
		`{"$dynamicRef": "#a"}`,
	} {
		if n, err := (&amender{schema: &Schema{raw: []byte(schema)}}).compile([]byte(schema)); err == nil {
			t.Errorf("%s was compiled: %v", schema, n)
		}
	}
	endless := []byte(`{"$ref": "#"}`)
	n, err := (&amender{schema: &Schema{raw: endless}}).compile(endless)
	if err != nil {
		t.Fatal(err)
	}
	if found := n.faults("x"); len(found) != 1 || !strings.Contains(found[0].message, "nested too deeply") {
		t.Errorf("%v", found)
	}
}
