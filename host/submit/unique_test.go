package submit

import (
	"fmt"
	"strings"
	"testing"

	"carjs/host/model"
)

// A value that is to be unique stays with the object that brought it first, whatever the size of
// the run; an edge that is reported anew keeps its own.
func TestUniqueValues(t *testing.T) {
	m, err := model.CAR().Extend(model.Extension{
		Key: "0d3aa69b-4b65-4f5c-9f57-0f7d4d2f1c11", Owner: "test", Version: "1", Schema: model.ExtensionSchema{
			Vertices: []model.ExtensionVertex{{Name: "site", Properties: map[string]model.ExtensionProperty{
				"code": {Type: "text", Unique: true}, "number": {Type: "bigint", Unique: true},
			}}},
			Edges: []model.ExtensionEdge{{End1: "site", End2: "asset", Properties: map[string]model.ExtensionProperty{
				"slot": {Type: "integer", Unique: true}, "note": {Type: "text"},
			}}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	config := testConfig(t, newRecorder(t))
	config.Model = m
	s := newSubmission(t, config)
	const many = 5000
	for i := range many {
		if r := add(t, s, "site", "external_id", fmt.Sprint(i), "code", fmt.Sprint("code ", i)); r.Outcome != Added {
			t.Fatalf("%d: %+v", i, r)
		}
	}
	for _, test := range []struct {
		collection string
		object     []any
		outcome    Outcome
		want       string
	}{
		{"site", []any{"external_id", "3", "code", "code 3"}, Duplicate, ""},
		{"site", []any{"external_id", "a", "code", "code 3"}, Skipped, `code must be unique: "3" has "code 3" already`},
		{"site", []any{"external_id", "a", "code", "code 4999", "number", raw(`9007199254740993`)}, Skipped, `"4999" has "code 4999" already`},
		{"site", []any{"external_id", "a", "number", raw(`9007199254740993`)}, Added, ""}, // what was left out took nothing
		{
			"site", []any{"external_id", "b", "number", raw(`9007199254740993`)}, Skipped,
			`number must be unique: "a" has 9007199254740993 already`,
		},
		{"site", []any{"external_id", "b", "number", raw(`9007199254740994`)}, Added, ""},
		{"site", []any{"external_id", "c"}, Added, ""},
		{"site", []any{"external_id", "d"}, Added, ""},
		{"site_asset", []any{"_from_external_id", "a", "_to_external_id", "x", "slot", 1.0}, Added, ""},
		{"site_asset", []any{"_from_external_id", "a", "_to_external_id", "x", "slot", 1.0}, Duplicate, ""},
		{"site_asset", []any{"_from_external_id", "a", "_to_external_id", "x", "slot", 1.0, "note", "n"}, Added, ""},
		{
			"site_asset", []any{"_from_external_id", "a", "_to_external_id", "y", "slot", 1.0}, Skipped,
			`slot must be unique: "a → x" has 1 already`,
		},
	} {
		r := add(t, s, test.collection, test.object...)
		if text := model.Faults(r.Faults); r.Outcome != test.outcome || !strings.Contains(text, test.want) {
			t.Errorf("%v: %v %q, want %v %q", test.object, r.Outcome, text, test.outcome, test.want)
		}
	}
}
