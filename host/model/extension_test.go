package model

import (
	"os"
	"reflect"
	"slices"
	"testing"
)

// extensionOfTest is an extension with all that one can do.
func extensionOfTest(t *testing.T) Extension {
	t.Helper()
	data, err := os.ReadFile("testdata/extension.json")
	if err != nil {
		t.Fatal(err)
	}
	e, err := ParseExtension(data)
	if err != nil {
		t.Fatal(err)
	}
	return *e
}

func TestExtend(t *testing.T) {
	before := CAR().TypeScript()
	extended, err := CAR().Extend(extensionOfTest(t))
	if err != nil {
		t.Fatal(err)
	}
	if CAR().TypeScript() != before || CAR() == extended {
		t.Error("the published model changed")
	}
	if _, there := CAR().Collection("site"); there {
		t.Error("the published model has the extension's collection")
	}

	site, ok := extended.Collection("site")
	if !ok || site.Kind != Vertex || site.KeyedBy != ByExternalID || !site.Extension {
		t.Fatalf("site is %+v", site)
	}
	var names []string
	for _, i := range site.Required() {
		names = append(names, site.Properties[i].Name)
	}
	// name is required too, but CAR fills it in.
	if want := []string{ByExternalID, "address"}; !reflect.DeepEqual(names, want) {
		t.Errorf("site requires %v, want %v", names, want)
	}
	types := map[string]Type{
		"opened": Timestamp, "details": Any, "rooms": Integer, "hardware": String, "floors": Integer, "open": Boolean,
		"area": Number, "gateway": String, "tag": Strings,
	}
	for name, want := range types {
		if p, ok := site.Property(name); !ok || p.Type != want {
			t.Errorf("site.%s is %+v, want type %s", name, p, want)
		}
	}
	if p, _ := site.Property("name"); !p.Indexed || p.Description != "name of the site" {
		t.Errorf("site.name is %+v", p)
	}

	edge, ok := extended.Collection("site_asset")
	if !ok || edge.FromProperty() != "_from_external_id" || edge.ToProperty() != "_to_external_id" || !edge.Extension {
		t.Errorf("site_asset is %+v", edge)
	}
	address, ok := extended.Collection("site_ipaddress")
	if !ok || address.ToProperty() != "_to" {
		t.Errorf("site_ipaddress is %+v", address)
	}
	var at []string
	for _, c := range extended.EdgesAt("site") {
		at = append(at, c.Name)
	}
	if want := []string{"site_asset", "site_ipaddress", "site_site"}; !reflect.DeepEqual(at, want) {
		t.Errorf("edges at site: %v, want %v", at, want)
	}

	asset, _ := extended.Collection("asset")
	if p, ok := asset.Property("initial_value"); !ok || p.Type != Number || asset.Extension {
		t.Errorf("asset.initial_value is %+v", p)
	}
	if p, _ := asset.Property("description"); !p.Required || p.Description != "now required" {
		t.Errorf("asset.description is %+v", p)
	}
	joined, _ := extended.Collection("asset_ipaddress")
	if p, ok := joined.Property("since"); !ok || p.Type != Timestamp || joined.Extension {
		t.Errorf("asset_ipaddress.since is %+v", p)
	}
	if faults := site.Validate(map[string]any{
		"external_id": "1", "address": "x", "floors": 1.5, "gateway": "::1",
	}); Faults(faults) != "floors must be a whole number, not 1.5" {
		t.Errorf("faults %v", faults)
	}
}

// An extension may name the key among its properties; it stays what it is.
func TestExtensionKeepsKeys(t *testing.T) {
	extended, err := CAR().Extend(Extension{Key: "11111111-2222-3333-4444-555555555555", Owner: "o", Version: "1", Schema: ExtensionSchema{
		Vertices: []ExtensionVertex{{Name: "asset", Properties: map[string]ExtensionProperty{ByExternalID: {Type: "text"}}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	asset, _ := extended.Collection("asset")
	if p, _ := asset.Property(ByExternalID); !p.Required || !p.Indexed {
		t.Errorf("external_id is %+v", p)
	}
}

// Extending twice is extending with both; the ends of edges are not doubled.
func TestExtendTwice(t *testing.T) {
	once, err := CAR().Extend(extensionOfTest(t))
	if err != nil {
		t.Fatal(err)
	}
	second := Extension{Key: "11111111-2222-3333-4444-555555555555", Owner: "o", Version: "1", Schema: ExtensionSchema{
		Edges: []ExtensionEdge{{End1: "site", End2: "asset", Properties: map[string]ExtensionProperty{"row": {Type: "text"}}}},
	}}
	twice, err := once.Extend(second)
	if err != nil {
		t.Fatal(err)
	}
	edge, _ := twice.Collection("site_asset")
	if edge.PropertyIndex("_from_external_id") != 0 || edge.PropertyIndex("_to_external_id") != 1 || edge.PropertyIndex("row") < 0 {
		t.Errorf("site_asset has %+v", edge.Properties)
	}
	if len(twice.Vertices()) != len(once.Vertices()) || len(twice.Edges()) != len(once.Edges()) {
		t.Error("collections came or went")
	}
}

func TestExtensionTypes(t *testing.T) {
	got := ExtensionTypes()
	if !slices.IsSorted(got) || len(got) != 11 || !slices.Contains(got, "jsonb") {
		t.Errorf("types %v", got)
	}
}

// What CAR took by other rules is merged all the same, without what is not understood.
func TestAdopt(t *testing.T) {
	e, err := ReadExtension([]byte(`{"key":"k","version":"1","schema":{"vertices":[{"name":"my_site2","properties":{
		"a1":{"type":"text","validation":[{"pattern":"("},{"pattern":"^x","error_message":"no x"},{"minimum":1}]},"b":{"type":"geometry"},"c":{"type":"jsonb","validation":{"any":1}}},
		"validation":[{"oneOf":{"pattern":[{"required":["a1"]},{"required":["nothing"]}]}},{"oneOf":{"pattern":[{"required":["a1"]},{"required":["c"]}]}}]}],
		"edges":[{"end1":"my_site2","end2":"asset"}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := CAR().Extend(*e); err == nil {
		t.Error("it has no mistake")
	}
	adopted, err := CAR().Adopt(*e)
	if err != nil {
		t.Fatal(err)
	}
	site, _ := adopted.Collection("my_site2")
	if _, there := site.Property("b"); there || site.PropertyIndex("c") < 0 {
		t.Errorf("my_site2 has %+v", site.Properties)
	}
	if got, want := Faults(site.Validate(map[string]any{"external_id": "1", "a1": "y", "c": true})),
		"a1 is not valid: no x; must have exactly one of: a1, or c"; got != want {
		t.Errorf("faults %s, want %s", got, want)
	}
	if _, ok := adopted.Collection("my_site2_asset"); !ok {
		t.Error("the edge is not there")
	}
	again, err := adopted.Adopt(*e)
	if site, _ := again.Collection("my_site2"); err != nil || len(site.Properties) == 0 {
		t.Errorf("once more: %v", err)
	}
}
