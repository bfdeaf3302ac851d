package main

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"carjs/host"
	"carjs/host/carserver"
	"carjs/host/failure"
)

// changes are the requests to a CAR that change single objects.
type changes struct {
	mu   sync.Mutex
	made []string
}

// startChanges serves a CAR of its own, of which the flags are returned.
func startChanges(t *testing.T) (c *changes, flags []string) {
	t.Helper()
	service, err := carserver.Open(carserver.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { service.Close() })
	c = &changes{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete || r.Method == http.MethodPatch {
			query, _ := url.QueryUnescape(r.URL.RawQuery)
			c.mu.Lock()
			c.made = append(c.made, r.Method+" "+r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]+" "+query)
			c.mu.Unlock()
		}
		service.Handler().ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return c, []string{"-car-service-url", server.URL + "/api/car/v2", "-car-service-key", "k", "-car-service-password", "p",
		"-source", "office"}
}

// take returns the requests that came since it was asked last, without those for the source itself.
func (c *changes) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	made := slices.DeleteFunc(c.made, func(request string) bool {
		return !strings.Contains(request, " asset") // the save point's, for one
	})
	c.made = nil
	return made
}

// Ids that are numbers or BigInts reach CAR with all of their digits, from every call that takes
// ids.
func TestNumbersAsIDs(t *testing.T) {
	car, flags := startChanges(t)
	d := newDesk(t)
	d.small(`for (const id of [12345678, 9007199254740993n, "text"] as any[]) handler.addCollection("asset", { external_id: id, name: "asset " + id });
  handler.addCollection("vulnerability", { external_id: "7", name: "seven", description: "", disclosed_on: 1, published_on: 1 });
  handler.addEdge("asset_vulnerability", 12345678, 7);
  handler.addEdge("asset_vulnerability", 9007199254740993n, 7n);`)
	d.ok(host.ModeFull, "small", flags...)
	if made := car.take(); len(made) != 0 {
		t.Errorf("the full import changed %q", made)
	}

	d.small(`const car = context().carService;
  await car.databasePatchValue({ resource_type: "asset", resource_id: 12345678, name: "patched" });
  await car.edgePatch("office", { edge_type: "asset_vulnerability", from: 12345678, to: 7 }, { active: false });
  await car.edgePatch("office", { edge_type: "asset_vulnerability", from: 9007199254740993n, to: 7n }, { active: false });
  await car.delete("asset", new Set([12345678, 9007199254740993n, "text"]));`)
	d.ok(host.ModeIncremental, "small", flags...)
	want := []string{
		"PATCH asset external_id=12345678",
		"PATCH asset_vulnerability from=12345678&source=office&to=7",
		"PATCH asset_vulnerability from=9007199254740993&source=office&to=7",
		"DELETE asset external_ids=12345678,9007199254740993,text",
	}
	if made := car.take(); !slices.Equal(made, want) {
		t.Errorf("requests to CAR:\n%s\nwant:\n%s", strings.Join(made, "\n"), strings.Join(want, "\n"))
	}
}

// An id that is missing, or that lost digits on its way, ends the run where it was passed, before
// anything is asked of CAR.
func TestWrongIDs(t *testing.T) {
	car, flags := startChanges(t)
	d := newDesk(t)
	d.small(addOne)
	d.ok(host.ModeFull, "small", flags...)
	car.take()
	const want = " must be an id (a text, a whole number or a BigInt), not "
	for call, says := range map[string]string{
		`delete("asset", ["1", undefined])`:   "carService.delete: ids[1]" + want + "undefined",
		`delete("asset", [9007199254740993])`: "carService.delete: ids[0]" + want + "the number 9007199254740992",
		`delete("asset", "12")`:               "carService.delete: ids must be an array of ids, not a text",
		`delete("asset")`:                     "carService.delete: ids must be an array of ids, not undefined",
		`edgePatch("office", { edge_type: "asset_ipaddress", from: 1 }, { active: false })`: "carService.edgePatch: edge.to" + want + "undefined",
		`edgePatch("office", { edge_type: "asset_ipaddress", from: null, to: 1 }, {})`:      "carService.edgePatch: edge.from" + want + "null",
		`databasePatchValue({ resource_type: "asset", name: "x" })`:                         "carService.databasePatchValue: change.resource_id" + want + "undefined",
		`databasePatchValue({ resource_type: "asset", resource_id: 1, nmae: "x" })`:         `carService.databasePatchValue: change has an unknown property "nmae", did you mean "name"?`,
		`searchCollection("asset", undefined, "x", ["name"])`:                               "carService.searchCollection: attribute must be a text, not undefined",
		`edgesAt("asset_ipaddress", {})`:                                                    "carService.edgesAt: ends must have from or to",
		`edgesAt("asset_ipaddress", { from: [{}] })`:                                        "carService.edgesAt: ends.from[0]" + want + "an object",
		`queryGraphql(undefined)`:                                                           "carService.queryGraphql: query must be a text, not undefined",
		`graphAttributeSearch("asset", "name")`:                                             "carService.graphAttributeSearch: value must be a text, a number, a boolean or a BigInt, not undefined",
		`saveModelStateId({})`:                                                              "carService.saveModelStateId: id" + want + "an object",
		`getExtension()`:                                                                    "carService.getExtension: key must be a text, not undefined",
		`setExtension("x")`:                                                                 "carService.setExtension: extension must be an object, not a text",
	} {
		d.small(`await (context().carService as any).` + call + `;`)
		r := d.imports("small", flags...)
		f := r.report.Failure
		if r.code != 1 || f == nil || f.Fault != failure.FaultConnector {
			t.Errorf("%s: %s", call, r)
			continue
		}
		if f.Message != says || !strings.Contains(f.At, "main.ts:12:") || f.Hint == "" {
			t.Errorf("%s:\n got %q at %q, hint %q\nwant %q at main.ts:12", call, f.Message, f.At, f.Hint, says)
		}
		if made := car.take(); len(made) != 0 {
			t.Errorf("%s: asked CAR for %q", call, made)
		}
	}
}

// Of two ids that a number has made one, none is imported as the other.
func TestRoundedIDs(t *testing.T) {
	d := newDesk(t)
	d.small(`for (let n = 0; n < 20; n++) handler.addCollection("asset", { external_id: n as any, name: "host" });
  handler.addCollection("asset", { external_id: JSON.parse("9007199254740993"), name: "rounded" });
  handler.addCollection("asset", { external_id: 1.5 as any, name: "no id" });`)
	r := d.ok(host.ModeFull, "small")
	if reasons := r.report.SkippedReasons; len(reasons) != 1 || reasons[0].Count != 2 ||
		reasons[0].Reason != "external_id must be a text, a BigInt or a whole number up to 9007199254740991, not 9007199254740992" {
		t.Errorf("%+v\n%s", reasons, r)
	}
}

// Tests of a connector name vertices and edges by the same ids.
func TestIDsInTests(t *testing.T) {
	d := newDesk(t)
	d.small(`for (const id of [12345678, 9007199254740993n] as any[]) handler.addCollection("asset", { external_id: id, name: "asset " + id });
  handler.addCollection("ipaddress", { _key: "10.0.0.1" });
  handler.addEdge("asset_ipaddress", 9007199254740993n, "10.0.0.1");`)
	d.write("connectors/small/tests/ids.test.ts", `import { connector, dataSource, expect, test } from "carjs/test";
test("by number", async () => {
  const subject = connector({ source: dataSource() });
  await subject.import();
  expect(subject.graph.vertex("asset", 12345678)).toMatchObject({ name: "asset 12345678" });
  expect(subject.graph.edge("asset_ipaddress", 9007199254740993n, "10.0.0.1")).toBeDefined();
  expect(() => subject.graph.vertex("asset", undefined as any)).toThrow("graph.vertex: key must be an id");
  expect(() => connector({ source: dataSource(), settings: { point: undefined as any } })).toThrow('connector: settings["point"] must be');
});
`)
	if r := d.run("test", "small"); r.code != 0 {
		t.Error(r)
	}
}
