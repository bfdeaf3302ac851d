package main

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"carjs/host"
)

// Halves of surrogate pairs, of which text in other languages often has none: ids and values that
// have them are never those of another object, in any call to CAR.
func TestHalvesOfPairs(t *testing.T) {
	d := newDesk(t)
	d.small(`handler.addCollection("asset", { external_id: "a\ud800", name: "one" });
  handler.addCollection("asset", { external_id: "a\ud801", name: "two" });
  handler.addCollection("asset", { external_id: "a\udfff", name: "three" });
  handler.addCollection("asset", { external_id: "a\ufffd", name: "none of them" });
  handler.addCollection("ipaddress", { _key: "10.0.0.1" });
  for (const id of ["a\ud800", "a\ud801", "a\udfff", "a\ufffd"]) handler.addEdge("asset_ipaddress", id, "10.0.0.1");`)
	d.ok(host.ModeFull, "small")
	d.small(`const car = context().carService;
  const show = (name: string, value: unknown) => console.log("did " + name + " = " + JSON.stringify(value));
  show("search", await car.searchCollection("asset", "external_id", "a\ud801", ["external_id", "name"]));
  show("query", await car.queryGraphql("query($id: String) { asset(where: {external_id: {_eq: $id}}) { name } }", { id: "a\udfff" }));
  show("older", (await car.graphAttributeSearch("asset", "external_id", "a\ud800")).map((row: any) => row.name));
  await car.databasePatchValue({ resource_type: "asset", resource_id: "a\ud801", name: "two\ud83d" });
  await car.edgePatch("small", { edge_type: "asset_ipaddress", from: "a\udfff", to: "10.0.0.1" }, { active: false });
  await car.delete("asset", ["a\ud800"]);`)
	r := d.ok(host.ModeIncremental, "small", "-log-format", "json")
	did := map[string]string{}
	for _, line := range logLines(t, r.stderr) {
		if text, ok := strings.CutPrefix(fmt.Sprint(line["message"]), "did "); ok {
			name, value, _ := strings.Cut(text, " = ")
			did[name] = value
		}
	}
	for name, want := range map[string]string{
		"search": `{"asset":[{"external_id":"a\ud801","name":"two"}]}`, "query": `{"data":{"asset":[{"name":"three"}]}}`, "older": `["one"]`,
	} {
		if did[name] != want {
			t.Errorf("%s: %s, want %s", name, did[name], want)
		}
	}
	vertices, edges := map[string]string{}, map[string]bool{}
	g := d.graph("small")
	for id, text := range g.Vertices {
		if id.Collection == "asset" {
			vertices[id.Key] = text
		}
	}
	for id := range g.Edges {
		edges[id.From] = true
	}
	if want := map[string]string{"a\xed\xa0\x81": `{"name":"two\ud83d"}`, "a\xed\xbf\xbf": `{"name":"three"}`, "a\ufffd": `{"name":"none of them"}`}; !maps.Equal(vertices, want) {
		t.Errorf("vertices %q", vertices)
	}
	if want := map[string]bool{"a\xed\xa0\x81": true, "a\ufffd": true}; !maps.Equal(edges, want) {
		t.Errorf("edges %v", edges)
	}
	if n := r.report.Collections["asset"].Deleted; n != 1 {
		t.Errorf("%d assets were deleted", n)
	}
}
