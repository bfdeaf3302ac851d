package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"carjs/host"
	"carjs/host/carserver"
	"carjs/host/failure"
)

// alteration makes another import schema of the one that the embedded CAR serves.
type alteration func(schema []byte) []byte

// startServed serves a CAR that answers importSchema with what alter makes of it, unless that is
// nil. seen is shown the collections of every import.
func startServed(t *testing.T, alter alteration, seen func(envelope map[string]json.RawMessage)) (car *carserver.Server, flags []string) {
	t.Helper()
	service, err := carserver.Open(carserver.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { service.Close() })
	if alter == nil {
		alter = func(schema []byte) []byte { return schema }
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/imports") {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return // the client went away
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			var envelope map[string]json.RawMessage
			if err := json.Unmarshal(body, &envelope); err != nil {
				t.Errorf("an import on loopback is not plain JSON: %v", err)
			}
			seen(envelope)
		}
		if !strings.HasSuffix(r.URL.Path, "/importSchema") {
			service.Handler().ServeHTTP(w, r)
			return
		}
		answer := httptest.NewRecorder()
		service.Handler().ServeHTTP(answer, r)
		var wrapped struct {
			Schema json.RawMessage `json:"schema"`
		}
		if err := json.Unmarshal(answer.Body.Bytes(), &wrapped); err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(`{"schema": ` + string(alter(wrapped.Schema)) + `}`))
	}))
	t.Cleanup(server.Close)
	return service, []string{"-car-service-url", server.URL + "/api/car/v2", "-car-service-key", "k", "-car-service-password", "p",
		"-source", "small"}
}

// alterCollections changes the JSON of a schema.
func alterCollections(t *testing.T, change func(collections map[string]any)) alteration {
	return func(schema []byte) []byte {
		var v map[string]any
		if err := json.Unmarshal(schema, &v); err != nil {
			t.Error(err)
			return schema
		}
		change(v["properties"].(map[string]any))
		schema, err := json.Marshal(v)
		if err != nil {
			t.Error(err)
		}
		return schema
	}
}

// alterProperty changes what a schema says of a property.
func alterProperty(t *testing.T, collection, property, schema string) alteration {
	return alterCollections(t, func(collections map[string]any) {
		items := collections[collection].(map[string]any)["items"].(map[string]any)
		items["properties"].(map[string]any)[property] = json.RawMessage(schema)
	})
}

// document serves one of CAR's own documents, which are not part of the project.
func document(t *testing.T, file string) alteration {
	shared := os.Getenv("CARJS_SHARED")
	if shared == "" {
		shared = "../../../shared"
	}
	data, err := os.ReadFile(filepath.Join(shared, "data", file))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("CAR's import schema is not there (%v); name the folder that has data/%s in CARJS_SHARED", err, file)
	}
	if err != nil {
		t.Fatal(err)
	}
	return func([]byte) []byte {
		var wrapped struct {
			Schema json.RawMessage `json:"schema"`
		}
		if json.Unmarshal(data, &wrapped) == nil && wrapped.Schema != nil {
			return wrapped.Schema
		}
		return data
	}
}

// someAssets adds two valid assets and one that the model refuses.
const someAssets = `  handler.addCollection("asset", { external_id: "1", name: "one", asset_type: "server", risk: 3 });
  handler.addCollection("asset", { external_id: "2", name: "two", business_value: 7 });
  handler.addCollection("asset", { external_id: "3", name: "three", risk: 11 });
  handler.addCollection("ipaddress", { _key: "10.0.0.1" });
  handler.addEdge("asset_ipaddress", "1", "10.0.0.1");`

// Objects are validated by the import schema that CAR serves, whatever the model of carjs says:
// what is left out is told with its line, and what CAR takes is sent.
func TestValidatedAsServed(t *testing.T) {
	const one, two, three = "main.ts:12:11", "main.ts:13:11", "main.ts:14:11"
	tooHigh := []string{"risk must be at most 10, not 11", three}
	for name, test := range map[string]struct {
		alter func(t *testing.T) alteration
		sent  int // of three assets
		log   []string
		not   []string
		// refused tells that the embedded CAR, which goes by the model, does not take what is sent.
		refused bool
	}{
		"identical": {
			alter: func(t *testing.T) alteration { return nil },
			sent:  2, log: tooHigh, not: []string{"import schema"},
		},
		"published": {
			alter: func(t *testing.T) alteration { return document(t, "importSchema_v2.json") },
			sent:  2, log: append(tooHigh, `"names":["ipregion"]`), not: []string{"unusable"}, // whose id it requires
		},
		"served": {
			alter: func(t *testing.T) alteration { return document(t, "importSchema_v2_served.json") },
			sent:  2, log: tooHigh, not: []string{"import schema"},
		},
		"one more required": {
			alter: func(t *testing.T) alteration {
				return alterCollections(t, func(collections map[string]any) {
					collections["asset"].(map[string]any)["items"].(map[string]any)["required"] = []string{"external_id", "name", "asset_type"}
				})
			},
			sent: 1, log: append(tooHigh, "asset_type is required", two, "validating their objects against it", `"names":["asset"]`),
		},
		"narrower pattern": {
			alter: func(t *testing.T) alteration {
				return alterProperty(t, "asset", "name", `{"type": "string", "pattern": "^o"}`)
			},
			sent: 1, log: append(tooHigh, `name does not match ^o: "two"`, two),
		},
		"other type": {
			alter: func(t *testing.T) alteration {
				return alterProperty(t, "asset", "business_value", `{"type": "string"}`)
			},
			sent: 1, log: append(tooHigh, "business_value must be a string, not a number", two),
		},
		"wider range": {
			alter: func(t *testing.T) alteration {
				return alterProperty(t, "asset", "risk", `{"type": "number", "maximum": 100}`)
			},
			sent: 3, not: []string{"left out"}, refused: true,
		},
		"rule for the library": {
			alter: func(t *testing.T) alteration {
				return alterProperty(t, "asset", "asset_type", `{"type": "string", "enum": ["desktop", "printer"]}`)
			},
			sent: 1, log: append(tooHigh, `asset_type must be one of "desktop", "printer", not "server"`, one),
		},
		"unreadable": {
			alter: func(t *testing.T) alteration { return func([]byte) []byte { return []byte(`{"what": "ever"}`) } },
			sent:  2, log: append(tooHigh, "CAR's import schema is unreadable"),
		},
		"part of it unusable": {
			alter: func(t *testing.T) alteration { return alterProperty(t, "asset", "risk", `{"$ref": "#/nowhere"}`) },
			sent:  2, log: append(tooHigh, "part of CAR's import schema is unusable", "asset.risk"),
		},
		"without the collection": {
			alter: func(t *testing.T) alteration {
				return alterCollections(t, func(collections map[string]any) { delete(collections, "asset") })
			},
			sent: 2, log: append(tooHigh, "CAR's import schema lacks collections of this connector"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var posted atomic.Int64 // assets
			car, flags := startServed(t, test.alter(t), func(envelope map[string]json.RawMessage) {
				var assets []json.RawMessage
				if json.Unmarshal(envelope["asset"], &assets) == nil {
					posted.Add(int64(len(assets)))
				}
			})
			d := newDesk(t)
			d.small(someAssets)
			r := d.imports("small", flags...)
			if asset := r.report.Collections["asset"]; int(posted.Load()) != test.sent || asset.Skipped != 3-test.sent {
				t.Errorf("%d posted, %d left out\n%s", posted.Load(), asset.Skipped, r)
			}
			contains(t, strings.ReplaceAll(r.stderr, `\`, ""), test.log...) // the quotes of the log apart
			for _, text := range test.not {
				if strings.Contains(r.stderr, text) {
					t.Errorf("%q is in what a user sees\n%s", text, r)
				}
			}
			if test.refused {
				return
			}
			edges := 1
			if slices.Contains(test.log, one) {
				edges = 0 // its asset is left out
			}
			if g, err := car.Graph(t.Context(), "small"); err != nil || r.code != 0 || len(g.Vertices) != test.sent+1 || len(g.Edges) != edges {
				t.Errorf("graph %+v, %v\n%s", g, err, r)
			}
		})
	}
}

// rackExtension is an extension that CAR has, and the connector does not bring.
const rackExtension = `{"key": "6c1d2f5e-0b0a-4a86-9a4e-6f1f2d3c4b5a", "owner": "another", "version": "1", "schema": {
	"vertices": [
		{"name": "rack", "properties": {"room": {"type": "text", "required": true, "validation": [{"pattern": "^[A-Z]\\d+$"}]}, "units": {"type": "integer"}}},
		{"name": "asset", "properties": {"slot": {"type": "integer"}}}],
	"edges": [{"end1": "rack", "end2": "asset", "properties": {"side": {"type": "text", "required": true}}}]}}`

// A connector can add to collections and properties that CAR alone knows.
func TestCollectionsThatOnlyCARKnows(t *testing.T) {
	car, flags := startServed(t, nil, func(map[string]json.RawMessage) {})
	answer := httptest.NewRecorder()
	request := httptest.NewRequest("POST", "/api/car/v3/carSchema", bytes.NewReader([]byte(rackExtension)))
	request.Header.Set("Content-Type", "application/json")
	if car.Handler().ServeHTTP(answer, request); answer.Code/100 != 2 {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	d := newDesk(t)
	d.small(`  const report = handler as any;
  report.addCollection("rack", { external_id: "r1", room: "B12", units: 42 });
  report.addCollection("rack", { external_id: "r1", room: "B13" });
  report.addCollection("rack", { external_id: "r2", room: "cellar", units: 2147483648 });
  report.addCollection("rack", { external_id: "r3" });
  report.addCollection("asset", { external_id: "1", name: "one", slot: 4 });
  report.addCollection("asset", { external_id: "2", name: "two", slot: "four" });
  report.addEdge("rack_asset", "r1", "1", { side: "left" });
  report.addEdge("rack_asset", "r1", "1");`)
	r := d.imports("small", flags...)
	if r.code != 0 {
		t.Fatal(r)
	}
	contains(t, strings.ReplaceAll(r.stderr, `\`, ""),
		`room does not match ^[A-Z]d+$: "cellar"`, "units must be at most 2147483647, not 2147483648", "room is required",
		"slot must be a whole number, not a string", "side is required", "main.ts:15:10", "main.ts:18:10",
		"that this version of carjs does not know")
	for collection, want := range map[string][3]int{"rack": {1, 2, 1}, "asset": {1, 1, 0}, "rack_asset": {1, 1, 0}} {
		if c := r.report.Collections[collection]; [3]int{c.Sent, c.Skipped, c.Duplicate} != want {
			t.Errorf("%s: %+v, want %v", collection, c, want)
		}
	}
	g, err := car.Graph(t.Context(), "small")
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[carserver.VertexID]string{
		{Collection: "rack", Key: "r1"}: `{"room":"B12","units":42}`, {Collection: "asset", Key: "1"}: `{"name":"one","slot":4}`,
	} {
		if got := g.Vertices[id]; got != want {
			t.Errorf("%v is %s, want %s", id, got, want)
		}
	}
	if len(g.Vertices) != 2 || len(g.Edges) != 1 {
		t.Errorf("graph %+v", g)
	}
	// The next run begins with the model of carjs again, and comes to the same.
	if r = d.imports("small", flags...); r.code != 0 || r.report.Mode != host.ModeIncremental {
		t.Fatal(r)
	}
	again, err := car.Graph(t.Context(), "small")
	if diff := g.Diff(again); err != nil || len(diff) > 0 {
		t.Errorf("after a second run %v, %v", diff, err)
	}
	// So does a full import into which an incremental one turns.
	d.small(`  const report = handler as any, global = globalThis as any;
  report.addCollection("rack", { external_id: "r1", room: "B12", units: 42 });
  global.bodies = (global.bodies ?? 0) + 1;
  if (global.bodies === 1) throw new IncrementalImportNotPossible("meant to be");
  report.addCollection("asset", { external_id: "1", name: "one", slot: 4 });
  report.addEdge("rack_asset", "r1", "1", { side: "left" });`)
	if r = d.imports("small", flags...); r.code != 0 || r.report.Mode != host.ModeFull || r.report.Collections["rack"].Sent != 2 {
		t.Fatal(r)
	}
	again, err = car.Graph(t.Context(), "small")
	if diff := g.Diff(again); err != nil || len(diff) > 0 {
		t.Errorf("after a full import %v, %v", diff, err)
	}
	// What CAR has of such collections can be reported anew: what is not reported is gone.
	d.small(`  const report = handler as any;
  await report.replaces("rack");
  await report.replaces("rack_asset");
  report.addCollection("rack", { external_id: "r4", room: "B14" });
  report.addCollection("asset", { external_id: "1", name: "one", slot: 4 });
  report.addEdge("rack_asset", "r4", "1", { side: "left" });`)
	if r = d.imports("small", flags...); r.code != 0 || r.report.Mode != host.ModeIncremental || r.report.Collections["rack"].Deleted != 1 {
		t.Fatal(r)
	}
	again, err = car.Graph(t.Context(), "small")
	if _, there := again.Vertices[carserver.VertexID{Collection: "rack", Key: "r4"}]; err != nil || !there ||
		len(again.Vertices) != 2 || len(again.Edges) != 1 {
		t.Errorf("after racks were reported anew %+v, %v", again, err)
	}
	// A collection that nobody knows is the connector's mistake still.
	d.small(`  (handler as any).addCollection("shelf", { external_id: "1" });`)
	if r = d.imports("small", flags...); r.code != failure.CodeGeneral || !strings.Contains(r.report.Failure.Message,
		`no vertex collection "shelf"`) ||
		!strings.Contains(r.report.Failure.Hint, "rack") {
		t.Error(r)
	}
}
