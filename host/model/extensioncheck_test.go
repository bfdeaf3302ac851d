package model

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// badExtension wraps the inside of a schema.
func badExtension(schema string) string {
	return `{"key":"11111111-2222-3333-4444-555555555555","owner":"o","version":"1","schema":{` + schema + `}}`
}

// ofProperty is the extension with one property of the vertex site.
func ofProperty(property string) string {
	return badExtension(`"vertices":[{"name":"site","properties":{"a":` + property + `}}]`)
}

var badExtensions = []struct{ name, json, at, want string }{
	{"no JSON", `{`, "", "read schema extension"},
	{"something behind", badExtension("") + ` {}`, "", "unexpected data after"},
	{"no object", `[]`, "", "must be an object, not an array"},
	{"no UUID", `{"key":"1","owner":"o","version":"1"}`, "key", "is not a UUID"},
	{"no owner", `{"key":"11111111-2222-3333-4444-555555555555","version":"1"}`, "owner", "owner is missing"},
	{"no version", `{"key":"11111111-2222-3333-4444-555555555555","owner":"o","version":"1.2"}`, "version", "not a whole number"},
	{"unknown key", `{"shcema":{}}`, "shcema", `unknown key "shcema", did you mean "schema"?`},
	{"unknown key of a schema", badExtension(`"vertexes":[]`), "schema/vertexes", `did you mean "vertices"?`},
	{"unknown key of a vertex", badExtension(`"vertices":[{"name":"site","comment":1}]`), "schema/vertices/0/comment",
		`vertex "site": unknown key "comment"; use one of name, properties, validation`},
	{
		"unknown key of an edge", badExtension(`"edges":[{"end1":"asset","end2":"user","emd1":"x"}]`),
		"schema/edges/0/emd1", `did you mean "end1"?`,
	},
	{"unknown key of a property", ofProperty(`{"type":"text","index":true}`), "schema/vertices/0/properties/a/index",
		`vertex "site": property "a": unknown key "index", did you mean "indexed"?`},
	{
		"unknown key of a rule", ofProperty(`{"type":"text","validation":[{"regex":"a"}]}`),
		"schema/vertices/0/properties/a/validation/0/regex", "unknown key",
	},
	{
		"a key of another type", ofProperty(`{"type":"text","required":"yes"}`),
		"schema/vertices/0/properties/a/required", "required must be true or false, not text",
	},
	{"vertices are no array", badExtension(`"vertices":{}`), "schema/vertices", "vertices must be an array, not an object"},
	{"validation is no array", ofProperty(`{"type":"text","validation":{"pattern":"a"}}`), "schema/vertices/0/properties/a/validation",
		"validation must be an array of rules, not an object"},
	{"a regular expression that is no text", ofProperty(`{"type":"text","validation":[{"pattern":{}}]}`),
		"schema/vertices/0/properties/a/validation/0/pattern", "pattern must be text, not an object"},
	{"a name with a space", badExtension(`"vertices":[{"name":"My Site"}]`), "schema/vertices/0/name", `not "My Site"`},
	{
		"a name with an underscore", badExtension(`"vertices":[{"name":"my_site"}]`), "schema/vertices/0/name",
		`the name must have only lower-case letters, not "my_site"`,
	},
	{"a name that is taken", badExtension(`"vertices":[{"name":"report"}]`), "schema/vertices/0/name", "the name is reserved by CAR"},
	{"an end with a digit", badExtension(`"edges":[{"end1":"asset","end2":"site2"}]`), "schema/edges/0/end2", `not "site2"`},
	{"a property with a hyphen", badExtension(`"vertices":[{"name":"site","properties":{"a-b":{"type":"text"}}}]`),
		"schema/vertices/0/properties/a-b", `property "a-b": the name must begin with a letter`},
	{"a property that begins like CAR's own",
		badExtension(`"edges":[{"end1":"asset","end2":"user","properties":{"_from_external_id":{"type":"text"}}}]`),
		"schema/edges/0/properties/_from_external_id", "the name must begin with a letter"},
	{"no type", ofProperty(`{}`), "schema/vertices/0/properties/a/type", `unknown type ""`},
	{
		"unknown type", ofProperty(`{"type":"string"}`), "schema/vertices/0/properties/a/type",
		`unknown type "string"; use one of bigint, bigserial,`,
	},
	{"a default of another type", ofProperty(`{"type":"integer","default":"1"}`), "schema/vertices/0/properties/a/default",
		"the default must be a whole number, not a string"},
	{"a default out of range", ofProperty(`{"type":"bigint","default":9223372036854775808}`), "schema/vertices/0/properties/a/default",
		"the default must be from -9223372036854775808 to 9223372036854775807, not 9223372036854775808"},
	{"a default that breaks a rule",
		ofProperty(`{"type":"text","default":"b","validation":[{"pattern":"^a$","error_message":"a or nothing, not %"}]}`),
		"schema/vertices/0/properties/a/default", "the default is not valid: a or nothing, not b"},
	{
		"a pattern that is none", ofProperty(`{"type":"text","validation":[{"pattern":"("}]}`),
		"schema/vertices/0/properties/a/validation/0/pattern", `pattern "("`,
	},
	{"a pattern on a number", ofProperty(`{"type":"integer","validation":[{"pattern":"1"}]}`),
		"schema/vertices/0/properties/a/validation/0/pattern",
		"a pattern applies to text, not to type integer"},
	{"a range on a text", ofProperty(`{"type":"text","validation":[{"minimum":1,"maximum":2}]}`),
		"schema/vertices/0/properties/a/validation/0",
		"a range applies to numbers, not to type text"},
	{"a range that is empty", ofProperty(`{"type":"bigint","validation":[{"minimum":9007199254740993,"maximum":9007199254740992}]}`),
		"schema/vertices/0/properties/a/validation/0", "minimum 9007199254740993 is greater than maximum 9007199254740992"},
	{
		"a range with one end", ofProperty(`{"type":"float","validation":[{"minimum":1}]}`),
		"schema/vertices/0/properties/a/validation/0", "the range has no maximum",
	},
	{
		"a pattern and a range", ofProperty(`{"type":"text","validation":[{"pattern":"a","minimum":1}]}`),
		"schema/vertices/0/properties/a/validation/0", "not both",
	},
	{
		"a rule of nothing", ofProperty(`{"type":"text","validation":[{}]}`),
		"schema/vertices/0/properties/a/validation/0", "a rule needs a pattern",
	},
	{"alternatives on a property", ofProperty(`{"type":"text","validation":[{"oneOf":{"pattern":[]}}]}`),
		"schema/vertices/0/properties/a/validation/0/oneOf", "not to a property"},
	{"a pattern on a vertex", badExtension(`"vertices":[{"name":"site","validation":[{"pattern":"a"}]}]`), "schema/vertices/0/validation/0",
		"must have only the key oneOf"},
	{"one alternative", badExtension(`"vertices":[{"name":"site","validation":[{"oneOf":{"pattern":[{"required":["a"]}]}}]}]`),
		"schema/vertices/0/validation/0/oneOf/pattern", "needs at least two groups"},
	{"an empty alternative", badExtension(`"vertices":[{"name":"site","validation":[{"oneOf":{"pattern":[{"required":["external_id"]},{"required":[]}]}}]}]`),
		"schema/vertices/0/validation/0/oneOf/pattern/1", "names no property"},
	{"an alternative of nothing", badExtension(
		`"edges":[{"end1":"asset","end2":"user","validation":[{"oneOf":{"pattern":[{"required":["created"]},{"required":["x"]}]}}]}]`),
		"schema/edges/0/validation/0/oneOf/pattern/1", `edge "asset_user": oneOf names the unknown property "x"`},
	{
		"an end of nothing", badExtension(`"edges":[{"end1":"asset","end2":"site"}]`), "schema/edges/0/end2",
		`"site" is not a vertex collection`,
	},
	{"a key as a number", badExtension(`"vertices":[{"name":"asset","properties":{"external_id":{"type":"integer"}}}]`),
		"schema/vertices/0/properties/external_id/type", "CAR defines this property"},
}

func TestBadExtensions(t *testing.T) {
	for _, test := range badExtensions {
		t.Run(test.name, func(t *testing.T) {
			e, err := ParseExtension([]byte(test.json))
			if err == nil {
				_, err = CAR().Extend(*e)
			}
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v, want %s", err, test.want)
			}
			var mistakes ExtensionMistakes
			if !errors.As(err, &mistakes) {
				if test.at != "" {
					t.Errorf("%v has no place", err)
				}
				return
			}
			if at := strings.Join(mistakes[0].Path, "/"); at != test.at {
				t.Errorf("the mistake is at %s, want %s", at, test.at)
			}
		})
	}
}

// All mistakes of one kind are told at once.
func TestAllMistakes(t *testing.T) {
	_, err := ParseExtension([]byte(badExtension(`"vertices":[{"name":"a1","properties":{"x":{"type":"y"},"z":{"type":"integer","default":true}}}]`)))
	var mistakes ExtensionMistakes
	if !errors.As(err, &mistakes) || len(mistakes) != 3 {
		t.Errorf("got %v", err)
	}
}

// What a connector brings goes to CAR as it is, with both arrays, whatever is in it.
func TestExtensionIsWrittenAsItCame(t *testing.T) {
	for in, want := range map[string]string{
		badExtension(``): badExtension(`"vertices":[],"edges":[]`),
		badExtension(`"vertices":[{"name":"site"}]`):                                                           badExtension(`"vertices":[{"name":"site","properties":{}}],"edges":[]`),
		badExtension(`"vertices":[],"edges":[{"end1":"asset","end2":"user"}]`):                                 "",
		badExtension(`"vertices":[],"edges":[{"end1":"asset","end2":"user","properties":{},"validation":[]}]`): "",
		badExtension(`"vertices":[{"name":"site","properties":{"a":{"type":"text","description":"","indexed":false,"required":false,` +
			`"unique":false,"validation":[],"default":null},"b":{"type":"bigint","validation":[{"minimum":-9007199254740993,"maximum":9007199254740993,` +
			`"error_message":"%"}],"default":9007199254740993},"c":{"type":"jsonb","default":{"a":[1.50,null]}},"d":{"type":"text","default":""}},` +
			`"validation":[{"oneOf":{"pattern":[{"required":["a"]},{"required":["b","c"]}],"error_message":"e"}}]}],"edges":[]`): "",
	} {
		if want == "" {
			want = in
		}
		e, err := ParseExtension([]byte(in))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := json.Marshal(e); err != nil || string(got) != want {
			t.Errorf("%v %s\nwant %s", err, got, want)
		}
	}
}

// CAR may answer with more than it was given, and in other types.
func TestReadExtension(t *testing.T) {
	for name, text := range map[string]string{
		"more keys": `{"key":"k","owner":"o","version":"7","created":1,"schema":{"vertices":[{"name":"Site9","id":1,"properties":{"a":{"type":"text","x":1}}}],"more":[]}}`,
		"a number":  `{"key":"k","owner":"o","version":7}`, "nothing but the version": `{"version":"7"}`,
		"the schema as text": `{"version":"7","schema":"{\"vertices\":[{\"name\":\"Site9\",\"properties\":{\"a\":{\"type\":\"text\"}}}]}"}`,
		"another schema":     `{"version":"7","schema":"none","owner":5}`,
	} {
		e, err := ReadExtension([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if n, err := e.VersionNumber(); err != nil || n != 7 {
			t.Errorf("%s: version %d %v", name, n, err)
		}
		if strings.Contains(text, "Site9") && (len(e.Schema.Vertices) != 1 || e.Schema.Vertices[0].Properties["a"].Type != "text") {
			t.Errorf("%s: %+v", name, e.Schema)
		}
	}
	for _, text := range []string{``, `null`, `[]`, `{}`, `{"version":"x"}`} {
		if e, err := ReadExtension([]byte(text)); err == nil {
			t.Errorf("%s is %+v", text, e)
		}
	}
}

func TestSameExtension(t *testing.T) {
	schema := func(text string) ExtensionSchema {
		e, err := ReadExtension([]byte(`{"version":"1","schema":{` + text + `}}`))
		if err != nil {
			t.Fatal(err)
		}
		return e.Schema
	}
	const site = `"vertices":[{"name":"site","properties":{"a":{"type":"text","required":true},"b":{"type":"text","validation":[{"pattern":"x","error_message":"y"}]}}}]`
	for other, want := range map[string]bool{
		site: true,
		`"edges":[],"vertices":[{"properties":{"b":{"validation":[{"error_message":"y","pattern":"x"}],"type":"text"},"a":{"required":true,"type":"text","unique":false}},"name":"site"}]`: true,
		strings.Replace(site, `"y"`, `"z"`, 1):         false,
		strings.Replace(site, `true`, `false`, 1):      false,
		strings.Replace(site, `"site"`, `"sites"`, 1):  false,
		site + `,"edges":[{"end1":"a","end2":"site"}]`: false,
	} {
		if got := schema(site).Same(schema(other)); got != want {
			t.Errorf("%s: %v", other, got)
		}
	}
}
