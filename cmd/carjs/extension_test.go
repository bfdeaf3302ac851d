package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"carjs/host"
	"carjs/host/carserver"
)

// wholeExtension uses everything that an extension can say.
const wholeExtension = `new SchemaExtension({
    key: "6c1d2f5e-0b0a-4a86-9a4e-6f1f2d3c4b5a", owner: "small", version: "1",
    schema: {
      vertices: [
        {
          name: "rack",
          properties: {
            room: {
              type: "text", description: "where it stands", required: true, unique: true, indexed: true,
              validation: [{ pattern: "^[A-Z]\\d+$", error_message: "% is no room: a room is like B12" }],
            },
            units: { type: "integer", required: true, default: 42, validation: [{ minimum: 1, maximum: 60 }] },
            depth: { type: "float", validation: [{ minimum: 0.5, maximum: 1.5, error_message: "no rack is % metres deep" }] },
            load: { type: "numeric" }, locked: { type: "boolean", default: false }, barcode: { type: "bigint" },
            serial: { type: "bigserial", required: true }, built: { type: "timestamp" }, gateway: { type: "inet" },
            uplink: { type: "macaddr" }, notes: { type: "jsonb" },
          },
          validation: [{ oneOf: { pattern: [{ required: ["gateway"] }, { required: ["uplink"] }], error_message: "a rack has a gateway or an uplink" } }],
        },
        { name: "asset", properties: { slot: { type: "integer", default: 0 } } },
      ],
      edges: [
        {
          end1: "rack", end2: "asset", properties: { low: { type: "integer" }, high: { type: "integer" }, side: { type: "text" } },
          validation: [{ oneOf: { pattern: [{ required: ["low", "high"] }, { required: ["side"] }] } }],
        },
      ],
    },
  })`

// extended is small with an extension.
func (d *desk) extended(extension, body string) {
	d.Helper()
	d.small(body)
	path := filepath.Join(d.dir, "connectors", "small", "main.ts")
	text, err := os.ReadFile(path)
	if err != nil {
		d.Fatal(err)
	}
	d.write("connectors/small/main.ts", `import { SchemaExtension } from "carjs";
`+strings.Replace(string(text), "assetServer = new Server();", `assetServer = new Server();
  getSchemaExtension() { return `+extension+`; }`, 1))
}

// A connector whose extension uses everything: what is valid is in CAR with what CAR fills in, and
// what is not is left out with its line and the author's words.
func TestExtensionWhole(t *testing.T) {
	d := newDesk(t)
	d.extended(wholeExtension, `const add = (id: string, more: object) => handler.addCollection("rack", { external_id: id, room: "A" + id, gateway: "10.0.0.0/8", ...more });
  add("1", { built: "2024-02-29T12:00:00Z", notes: { a: [1, null] }, barcode: 9007199254740991, depth: 1.5, load: 0.1, units: 60, locked: true });
  add("2", { built: 1700000000000, gateway: undefined, uplink: "0800.2b01.0203", notes: "x" });
  add("3", { room: "cellar" });
  add("4", { depth: 2 });
  add("5", { units: 0 });
  add("6", { units: 2147483648 });
  add("7", { barcode: 9223372036854775808 });
  add("8", { built: "2023-02-29" });
  add("9", { gateway: "10.0.0.0/33" });
  add("10", { gateway: undefined, uplink: "08:00" });
  add("11", { uplink: "08002b010203" });
  add("12", { room: "A1" });
  add("13", { room: undefined });
  add("14", { serial: 1.5, load: "heavy", locked: "no" });
  handler.addCollection("asset", { external_id: "1", name: "one" });
  handler.addEdge("rack_asset", "1", "1", { low: 1, high: 2 });
  handler.addEdge("rack_asset", "2", "1", { low: 1, high: 2, side: "left" });`)
	r := d.ok(host.ModeFull, "small", "-max-skipped", "off")
	contains(t, strings.ReplaceAll(r.stderr, `\`, ""), // the quotes of the log apart
		"room is not valid: cellar is no room: a room is like B12", "depth is not valid: no rack is 2 metres deep",
		"units must be from 1 to 60, not 0",
		"units must be from -2147483648 to 2147483647, not 2147483648",
		"barcode must be from -9223372036854775808 to 9223372036854775807, not 9223372036854776000",
		`built must be an ISO 8601 time such as "2024-02-29T12:00:00Z", not "2023-02-29"`,
		`gateway must be an IP address`, `uplink must be a MAC address, not "08:00"`,
		"is not valid: a rack has a gateway or an uplink", `room must be unique: "1" has "A1" already`, "room is required",
		"load must be a number, not a string", "locked must be a boolean, not a string", "serial must be a whole number, not 1.5",
		"must have exactly one of: low and high, or side", "main.ts:")
	rack, edge := r.report.Collections["rack"], r.report.Collections["rack_asset"]
	if rack.Sent != 2 || rack.Skipped != 12 || edge.Sent != 1 || edge.Skipped != 1 {
		t.Errorf("counts %+v", r.report.Collections)
	}
	graph := d.graph("small")
	for id, want := range map[string]string{
		"1": `{"barcode":9007199254740991,"built":"2024-02-29T12:00:00Z","depth":1.5,"gateway":"10.0.0.0/8","load":0.1,"locked":true,"notes":{"a":[1,null]},"room":"A1","serial":1,"units":60}`,
		"2": `{"built":1700000000000,"locked":false,"notes":"x","room":"A2","serial":2,"units":42,"uplink":"08:00:2b:01:02:03"}`,
	} {
		if got := graph.Vertices[carserver.VertexID{Collection: "rack", Key: id}]; got != want {
			t.Errorf("rack %s is %s\nwant %s", id, got, want)
		}
	}
	if got := graph.Vertices[carserver.VertexID{Collection: "asset", Key: "1"}]; got != `{"name":"one","slot":0}` {
		t.Errorf("the asset is %s", got)
	}
	if len(graph.Vertices) != 3 || len(graph.Edges) != 1 {
		t.Errorf("graph %+v", graph)
	}
	// What CAR filled in stays when the same is reported again.
	d.ok(host.ModeIncremental, "small", "-max-skipped", "off")
	if diff := graph.Diff(d.graph("small")); len(diff) > 0 {
		t.Errorf("after a second run %v", diff)
	}
}

// A mistake in an extension ends the run before anything is asked for or sent.
func TestExtensionWithMistakes(t *testing.T) {
	d := newDesk(t)
	for mistake, want := range map[string][2]string{
		"an unknown type":        {`type: "bigint"`, `type: "long"`},
		"a bad pattern":          {`^[A-Z]`, `^[A-Z`},
		"a default":              {`default: 42`, `default: "42"`},
		"an unknown alternative": {`required: ["side"]`, `required: ["sides"]`},
		"an empty range":         {`minimum: 1,`, `minimum: 61,`},
		"a name":                 {`name: "rack"`, `name: "Rack"`},
	} {
		d.extended(strings.Replace(wholeExtension, want[0], want[1], 1), `throw new Error("the import began");`)
		r := d.imports("small")
		if r.code == 0 || r.report.Failure == nil || r.report.Failure.Fault != "connector" || strings.Contains(r.stderr, "the import began") ||
			!strings.Contains(r.report.Failure.Message, "schema extension") {
			t.Errorf("%s: %s", mistake, r)
		}
	}
}
