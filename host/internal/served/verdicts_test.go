package served

import (
	"slices"
	"testing"

	"carjs/host/model"
)

// verdicts are tables of what is wrong with objects where CAR serves other than the model.
var verdicts = map[string]struct {
	changes map[string]string
	// objects by what is wrong with them.
	collection string
	objects    map[string]string
	silent     bool // CAR only takes more
}{
	"one more required": {
		changes:    map[string]string{"properties.asset.items.required": `["external_id", "name", "asset_type", "owner"]`},
		collection: "asset",
		objects: map[string]string{
			`{"external_id": "1", "name": "a"}`:                                   "asset_type is required; owner is required",
			`{"external_id": "1", "name": "a", "asset_type": "b", "owner": 1}`:    "",
			`{"external_id": "1", "name": 5, "asset_type": "b", "owner": [1, 2]}`: "name must be a string, not a number",
		},
	},
	"fewer required": {
		changes:    map[string]string{"properties.asset.items.required": `["external_id"]`},
		collection: "asset", silent: true,
		objects: map[string]string{`{"external_id": "1"}`: "", `{"name": "a"}`: "external_id is required"},
	},
	"narrower pattern": {
		changes:    map[string]string{"properties.ipaddress.items.properties.name.pattern": `"^10\\."`},
		collection: "ipaddress",
		objects: map[string]string{
			`{"_key": "10.0.0.1"}`: "", `{"_key": "11.0.0.1"}`: `name does not match ^10\.: "11.0.0.1"`,
		},
	},
	"wider range": {
		changes:    map[string]string{"properties.asset.items.properties.risk.maximum": `100`},
		collection: "asset",
		objects: map[string]string{
			`{"external_id": "1", "name": "a", "risk": 50}`:  "",
			`{"external_id": "1", "name": "a", "risk": 101}`: "risk must be at most 100, not 101",
		},
	},
	"other type": {
		changes: map[string]string{
			"properties.asset.items.properties.business_value": `{"type": "string"}`,
			"properties.asset.items.properties.description":    `{"type": ["string", "null"]}`,
		},
		collection: "asset",
		objects: map[string]string{
			`{"external_id": "1", "name": "a", "business_value": "high", "description": null}`: "",
			`{"external_id": "1", "name": "a", "business_value": 5, "description": 5}`: "business_value must be a string, not a number; " +
				"description must be a string or null, not a number",
		},
	},
	"no word of a property": {
		changes:    map[string]string{"properties.asset.items.properties.asset_type": ``},
		collection: "asset", silent: true,
		objects: map[string]string{`{"external_id": "1", "name": "a", "asset_type": {"kind": 1}}`: ""},
	},
	"no word of a key": {
		changes:    map[string]string{"properties.asset.items.properties.external_id": ``},
		collection: "asset", silent: true,
		objects: map[string]string{`{"external_id": 1, "name": "a"}`: "external_id must be a string, not a number"},
	},
	"unknown properties": {
		changes: map[string]string{
			"properties.asset.items.properties.criticality": `{"type": "string", "enum": ["low", "high"]}`,
			"properties.asset.items.properties.weight":      `{"type": "number", "exclusiveMinimum": 0}`,
			"properties.asset.items.properties.place": `{"type": "object", "required": ["floor"], "properties": {
				"floor": {"type": "integer"}, "rooms": {"type": "array", "maxItems": 2, "items": {"type": "string", "minLength": 1}}}}`,
			"properties.asset.items.properties.plain": `{"type": "boolean"}`,
		},
		collection: "asset",
		objects: map[string]string{
			`{"external_id": "1", "name": "a", "criticality": "low", "weight": 0.5, "place": {"floor": 3, "rooms": ["b"]}, "plain": true}`: "",
			`{"external_id": "1", "name": "a", "criticality": "middling", "weight": 0, "plain": "yes", "place": {"rooms": ["", 1]}}`: `criticality must be one of "low", "high", not "middling"; ` +
				"place is not valid at floor: is required; is not valid at rooms.0: must not be empty; " +
				"is not valid at rooms.1: must be a string, not a number; " +
				"plain must be a boolean, not a string; weight must be greater than 0, not 0",
			`{"external_id": "1", "name": "a", "place": [1]}`: "place must be an object, not an array",
		},
	},
	"no rule": {
		changes:    map[string]string{"properties.geolocation.items.oneOf": ``},
		collection: "geolocation", silent: true,
		objects: map[string]string{`{"external_id": "1"}`: ""},
	},
	"other rule": {
		changes: map[string]string{"properties.geolocation.items": `{"type": "object", "properties": {"external_id": {"type": "string"}}, "allOf": [
			{"oneOf": [{"required": ["region"]}, {"required": ["plus_code"]}], "error_message": "% needs a region or a plus code"}]}`},
		collection: "geolocation",
		objects: map[string]string{
			`{"external_id": "1", "plus_code": 5}`:                      "",
			`{"external_id": "1", "longitude": 1, "latitude": 2}`:       "is not valid: the object needs a region or a plus code",
			`{"external_id": "1", "region": "north", "plus_code": "5"}`: "is not valid: the object needs a region or a plus code",
		},
	},
	"demands on the whole": {
		changes: map[string]string{
			"properties.asset.items.dependentRequired": `{"risk": ["business_value"]}`,
			"properties.asset.items.propertyNames":     `{"pattern": "^[a-z_]+$"}`,
		},
		collection: "asset",
		objects: map[string]string{
			`{"external_id": "1", "name": "a", "risk": 5, "business_value": 1}`: "",
			`{"external_id": "1", "name": "a", "risk": 5}`:                      "needs business_value beside risk",
			`{"external_id": "1", "risk": 15, "business_value": 1}`:             "name is required; risk must be at most 10, not 15",
		},
	},
	"references": {
		changes: map[string]string{
			"$defs": `{"level": {"type": "integer", "minimum": 1, "maximum": 5}}`,
			"properties.asset.items.properties.business_value": `{"$ref": "#/$defs/level"}`,
		},
		collection: "asset",
		objects: map[string]string{
			`{"external_id": "1", "name": "a", "business_value": 5}`:   "",
			`{"external_id": "1", "name": "a", "business_value": 5.5}`: "business_value must be a whole number, without a fraction; must be at most 5, not 5.5",
		},
	},
	"alternatives": {
		changes:    map[string]string{"properties.asset.items.properties.risk": `{"anyOf": [{"type": "number", "maximum": 10}, {"const": "unknown"}]}`},
		collection: "asset",
		objects: map[string]string{
			`{"external_id": "1", "name": "a", "risk": "unknown"}`: "",
			`{"external_id": "1", "name": "a", "risk": 11}`: "risk matches none of CAR's alternatives: must be at most 10, not 11, or " +
				`must be "unknown", not 11`,
		},
	},
	"an edge that says more": {
		changes: map[string]string{
			"properties.asset_ipaddress.items.required":              `["report", "source", "active", "timestamp", "_from_external_id", "_to", "since"]`,
			"properties.asset_ipaddress.items.properties.since":      `{"type": "integer"}`,
			"properties.asset_ipaddress.items.properties.timestamp":  `{"type": "number"}`,
			"properties.asset_ipaddress.items.properties._from":      `{"type": "string"}`,
			"properties.asset_ipaddress.items.properties.properties": ``,
		},
		collection: "asset_ipaddress",
		objects: map[string]string{
			`{"_from_external_id": "1", "_to": "ipaddress/10.0.0.1", "since": 5, "properties": 1}`: "",
			`{"_from_external_id": "1", "_to": "ipaddress/10.0.0.1"}`:                              "since is required",
		},
	},
	"new vertices": {
		changes: map[string]string{"properties.cluster": `{"type": "array", "items": {"type": "object", "required": ["_key", "size"], "properties": {
			"_key": {"type": "string", "pattern": "^c"}, "external_id": {"type": "string"}, "size": {"type": "integer", "multipleOf": 2}}}}`},
		collection: "cluster", silent: true,
		objects: map[string]string{
			`{"_key": "c1", "size": 4, "what": "ever"}`: "",
			`{"_key": "d1", "size": 3}`:                 `_key does not match ^c: "d1"; size must be a multiple of 2, not 3`,
			`{}`:                                        "_key is required; size is required",
		},
	},
}

func TestVerdicts(t *testing.T) {
	for name, test := range verdicts {
		t.Run(name, func(t *testing.T) {
			a := amendments(t, altered(t, test.changes), model.CAR())
			if len(a.Unusable) > 0 {
				t.Errorf("unusable: %v", a.Unusable)
			}
			if want := !test.silent; want != slices.Contains(a.Changed, test.collection) {
				t.Errorf("changed: %v", a.Changed)
			}
			c, ok := a.Model.Collection(test.collection)
			if !ok {
				t.Fatal("no such collection")
			}
			for object, want := range test.objects {
				v, err := decoded([]byte(object))
				if err != nil {
					t.Fatal(err)
				}
				if got := model.Faults(c.Validate(model.Normalize(c, v.(map[string]any)))); got != want {
					t.Errorf("%s\n got %s\nwant %s", object, got, want)
				}
			}
		})
	}
}
