package served

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"carjs/host/model"
)

// identical is the import schema that says what the model says.
func identical(t testing.TB, m *model.Model) []byte {
	t.Helper()
	raw, err := json.Marshal(m.ImportSchema())
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// altered is the import schema of the published model with changes: each is the JSON of what to put
// at a path, or empty to take it away. The members of a path are separated by dots.
func altered(t testing.TB, changes map[string]string) []byte {
	t.Helper()
	var schema map[string]any
	if err := json.Unmarshal(identical(t, model.CAR()), &schema); err != nil {
		t.Fatal(err)
	}
	for path, change := range changes {
		at := schema
		names := strings.Split(path, ".")
		for _, name := range names[:len(names)-1] {
			next, ok := at[name].(map[string]any)
			if !ok {
				t.Fatalf("the schema has no %s of %s", name, path)
			}
			at = next
		}
		var v any
		if change == "" {
			delete(at, names[len(names)-1])
			continue
		}
		if err := json.Unmarshal([]byte(change), &v); err != nil {
			t.Fatalf("%s: %v", change, err)
		}
		at[names[len(names)-1]] = v
	}
	raw, err := json.Marshal(schema)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func amendments(t testing.TB, raw []byte, m *model.Model) *Amendments {
	t.Helper()
	schema, err := Read(raw)
	if err != nil {
		t.Fatal(err)
	}
	a, err := schema.Amend(m)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// published reads one of CAR's documents, which are not part of the project.
func published(t testing.TB, file string) []byte {
	t.Helper()
	shared := os.Getenv("CARJS_SHARED")
	if shared == "" {
		shared = "../../../../shared"
	}
	data, err := os.ReadFile(filepath.Join(shared, "data", file))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("CAR's import schema is not there (%v); name the folder that has data/%s in CARJS_SHARED", err, file)
	}
	if err != nil {
		t.Fatal(err)
	}
	var wrapped struct {
		Schema json.RawMessage `json:"schema"`
	}
	if err := json.Unmarshal(data, &wrapped); err != nil {
		t.Fatal(err)
	}
	if wrapped.Schema != nil {
		return wrapped.Schema
	}
	return data
}

// What is the same leaves the model itself, in whatever form it is written.
func TestIdentical(t *testing.T) {
	raw := identical(t, model.CAR())
	var indented bytes.Buffer
	if err := json.Indent(&indented, raw, " ", "\t"); err != nil {
		t.Fatal(err)
	}
	described := altered(t, map[string]string{
		"properties.asset.items.properties.risk": `{"type": "number", "allOf": [{"minimum": 0, "maximum": 10.0, "error_message": "no %"}], "title": "r",
			"description": "a \"quoted\\\" one", "graphql_name": "risk", "format": "float"}`,
		"properties.asset.items.properties.properties": `{"type": "object", "properties": {}, "required": [ ], "additionalProperties": true}`,
		"properties.asset.items.additionalProperties":  `true`,
		"properties.geolocation.items.oneOf":           ``,
		"properties.geolocation.items.allOf": `[{"oneOf": [{"required": ["region"]}, {"required": ["latitude", "longitude"]}],
			"error_message": "%"}]`,
		"properties.hostname.items.properties.external_id": `{"type": "string", "allOf": [{"pattern": "^[^&#^|?<>\\[\\]]+$", "error_message": "x"}]}`,
	})
	for name, raw := range map[string][]byte{"own": raw, "indented": indented.Bytes(), "described": described} {
		t.Run(name, func(t *testing.T) {
			a := amendments(t, raw, model.CAR())
			if a.Model != model.CAR() || len(a.Changed)+len(a.Added)+len(a.Absent)+len(a.Unusable) > 0 {
				t.Errorf("%v changed, %v added, %v absent, %v unusable", a.Changed, a.Added, a.Absent, a.Unusable)
			}
		})
	}
}

// The documents of CAR differ from the model in what is described in package model, and nowhere is
// a validator compiled for it.
func TestPublished(t *testing.T) {
	for file, want := range map[string][]string{
		"importSchema_v2.json":        {"ipregion", "vulnerability"},
		"importSchema_v2_served.json": {"ipregion"},
	} {
		t.Run(file, func(t *testing.T) {
			a := amendments(t, published(t, file), model.CAR())
			if len(a.Added)+len(a.Absent)+len(a.Unusable) > 0 {
				t.Errorf("%v added, %v absent, %v unusable", a.Added, a.Absent, a.Unusable)
			}
			var differ []string
			for _, c := range slices.Concat(a.Model.Vertices(), a.Model.Edges()) {
				if ours, _ := model.CAR().Collection(c.Name); ours != c {
					differ = append(differ, c.Name)
				}
				if c.Whole != nil || len(c.Foreign) > 0 || slices.ContainsFunc(c.Properties, func(p model.Property) bool { return p.Validate != nil }) {
					t.Errorf("%s has a compiled validator, or properties that the model lacks", c.Name)
				}
			}
			if slices.Sort(differ); !slices.Equal(differ, want) {
				t.Errorf("%v differ, want %v", differ, want)
			}
		})
	}
}

func TestNewCollections(t *testing.T) {
	object := func(required string, properties ...string) string {
		for i, p := range properties {
			properties[i] = `"` + p + `": {"type": "string"}`
		}
		return `{"type": "array", "items": {"type": "object", "required": [` + required + `], "properties": {` + strings.Join(properties,
			", ") + `}}}`
	}
	a := amendments(t, altered(t, map[string]string{
		"properties.edge_first_asset": object(``, "_from", "_to_external_id"),
		"properties.edge_first":       object(``, "_key", "name"),
		"properties.cluster":          object(``, "_key", "external_id"),
		"properties.zone":             object(`"_key"`, "_key", "external_id"),
		"properties.cluster_zone":     object(``, "_from_external_id", "_to"),
		"properties.zone_zone":        object(``, "_from", "_to"),
		"properties.asset_zone":       object(``, "_from_external_id", "_from", "_to", "_to_external_id"),
		"properties.asset_nothing":    object(``, "_from_external_id", "_to"),
	}), model.CAR())
	if want := []string{"asset_zone", "cluster", "cluster_zone", "edge_first", "edge_first_asset", "zone",
		"zone_zone"}; !slices.Equal(a.Added, want) {
		t.Errorf("added %v, want %v", a.Added, want)
	}
	if len(a.Unusable) != 1 || !strings.Contains(a.Unusable[0].Error(), "asset_nothing: its name does not say") {
		t.Errorf("unusable: %v", a.Unusable)
	}
	for name, key := range map[string]string{"edge_first": "_key", "cluster": "external_id", "zone": "_key"} {
		if c, ok := a.Model.Collection(name); !ok || c.Kind != model.Vertex || c.KeyedBy != key {
			t.Errorf("%s: %+v", name, c)
		}
	}
	for name, ends := range map[string][4]string{
		"edge_first_asset": {"edge_first", "asset", "_from", "_to_external_id"},
		"cluster_zone":     {"cluster", "zone", "_from_external_id", "_to"},
		"zone_zone":        {"zone", "zone", "_from", "_to"},
		"asset_zone":       {"asset", "zone", "_from_external_id", "_to"},
	} {
		c, ok := a.Model.Collection(name)
		if !ok || c.Kind != model.Edge || [4]string{c.From, c.To, c.FromProperty(), c.ToProperty()} != ends {
			t.Errorf("%s: %+v", name, c)
		}
		if !slices.Contains(a.Model.EdgesAt(ends[1]), c) {
			t.Errorf("%s is not among the edges at %s", name, ends[1])
		}
	}
	if c, _ := model.CAR().Collection("cluster"); c != nil {
		t.Error("the published model has changed")
	}
	if len(model.CAR().EdgesAt("asset")) == len(a.Model.EdgesAt("asset")) {
		t.Error("the edges at asset lack the new ones")
	}
}

// The connector's own extension counts as it was given to CAR, whatever is served of it.
func TestExtension(t *testing.T) {
	text, err := os.ReadFile("../../model/testdata/extension.json")
	if err != nil {
		t.Fatal(err)
	}
	extension, err := model.ReadExtension(text)
	if err != nil {
		t.Fatal(err)
	}
	extended, err := model.CAR().Extend(*extension)
	if err != nil {
		t.Fatal(err)
	}
	if a := amendments(t, identical(t, extended), extended); a.Model != extended || len(a.Changed)+len(a.Added) > 0 {
		t.Errorf("served as it is: %v changed, %v added", a.Changed, a.Added)
	}
	a := amendments(t, identical(t, model.CAR()), extended)
	if a.Model != extended || len(a.Absent) == 0 {
		t.Errorf("not served: changed %v, added %v, absent %v", a.Changed, a.Added, a.Absent)
	}
	// CAR demands more of a collection that the extension adds to: both count.
	a = amendments(t, altered(t, map[string]string{"properties.asset.items.required": `["external_id", "name", "asset_type"]`}), extended)
	c, _ := a.Model.Collection("asset")
	before, _ := extended.Collection("asset")
	for i := range before.Properties {
		if p := &before.Properties[i]; p.Column != "" && (c.Properties[i].Column != p.Column || len(c.Properties[i].Rules()) != len(p.Rules())) {
			t.Errorf("%s has lost what the extension says of it", p.Name)
		}
	}
	if p, _ := c.Property("asset_type"); !p.Required || len(c.OneOf) != len(before.OneOf) {
		t.Errorf("asset_type: %+v, rules %v", p, c.OneOf)
	}
}

// Parts of a schema that make no sense leave the model in their place.
func TestUnusable(t *testing.T) {
	for name, test := range map[string]struct {
		changes    map[string]string
		unusable   string
		collection string
		object     string
		want       string
	}{
		"a pattern": {map[string]string{"properties.asset.items.properties.name.pattern": `"("`}, "asset.name: ", "asset",
			`{"external_id": "1", "name": 1}`, "name must be a string, not a number"},
		"a type": {map[string]string{"properties.asset.items.properties.name.type": `"text"`}, "asset.name: ", "asset",
			`{"external_id": "1", "name": 1}`, "name must be a string, not a number"},
		"an object": {map[string]string{"properties.asset.items.if": `5`}, "asset: ", "asset", `{"external_id": "1"}`, "name is required"},
		"a collection": {map[string]string{"properties.asset": `{"type": "array"}`}, "asset: ", "asset", `{"external_id": "1"}`,
			"name is required"},
		"a reference": {map[string]string{"properties.asset.items.properties.name": `{"$ref": "file:///etc/passwd"}`},
			"carjs does not load schemas",
			"asset", `{"external_id": "1", "name": 1}`, "name must be a string, not a number"},
		"a keyword": {map[string]string{"properties.asset.items.properties.name": `{"unevaluatedProperties": false}`},
			"carjs does not support it",
			"asset", `{"external_id": "1", "name": 1}`, "name must be a string, not a number"},
	} {
		t.Run(name, func(t *testing.T) {
			a := amendments(t, altered(t, test.changes), model.CAR())
			if len(a.Unusable) != 1 || !strings.Contains(a.Unusable[0].Error(), test.unusable) {
				t.Errorf("unusable: %v", a.Unusable)
			}
			c, _ := a.Model.Collection(test.collection)
			v, err := decoded([]byte(test.object))
			if err != nil {
				t.Fatal(err)
			}
			if got := model.Faults(c.Validate(v.(map[string]any))); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestGarbage(t *testing.T) {
	for _, raw := range []string{"", "null", "[]", "{}", `{"properties": {}}`, `{"properties": []}`, `{"properties": {"asset"`,
		`{"properties": {"asset":`,
		`{"properties": {"source": {}}}`, `{"properties": {"asset": {"items": {"properties": {"a": {"type": "str`, "\x00\x01",
		`{"properties"`, `{"`, `{"a":}`} {
		if schema, err := Read([]byte(raw)); err == nil {
			t.Errorf("%q was read: %+v", raw, schema)
		}
	}
}

// Whatever CAR serves, reading it ends, and without a panic.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"properties": {"asset": {"type": "array", "items": {"type": "object", "properties": {"a\"": {"type": ["string"], "allOf": [true]}}}}}}`))
	f.Add(altered(f, verdicts["unknown properties"].changes))
	f.Fuzz(func(t *testing.T, raw []byte) {
		schema, err := Read(raw)
		if err != nil {
			return
		}
		if _, err := schema.Amend(model.CAR()); err != nil && json.Valid(raw) {
			t.Error(err)
		}
	})
}

func BenchmarkAmend(b *testing.B) {
	for name, raw := range map[string][]byte{
		"identical": identical(b, model.CAR()), "served": published(b, "importSchema_v2_served.json"), "published": published(b,
			"importSchema_v2.json"),
		"changed": altered(b, verdicts["unknown properties"].changes),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				amendments(b, raw, model.CAR())
			}
		})
	}
}
