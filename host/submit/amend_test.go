package submit

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"carjs/host/model"
)

// amended is the published model as a newer CAR might have it.
func amended(t *testing.T) *model.Model {
	t.Helper()
	old, _ := model.CAR().Collection("asset")
	asset := *old
	asset.Properties = append([]model.Property(nil), old.Properties...)
	asset.Properties[asset.PropertyIndex("description")] = model.Property{Name: "description", Type: model.Foreign}
	asset.Properties[asset.PropertyIndex("asset_type")] = model.Property{Name: "asset_type", Type: model.String, Required: true, MaxLength: 6}
	asset.Foreign = []model.Property{
		{Name: "owner", Type: model.Foreign, Required: true},
		{Name: "level", Type: model.Foreign, Validate: func(v any) string { return fmt.Sprintf("is checked as %T %v", v, v) }},
		{Name: "weight", Type: model.Number},
	}
	asset.Whole = func(object map[string]any) []model.Fault {
		if object["name"] == "bad" {
			return []model.Fault{{Property: "name", Message: "is bad"}, {Message: "is bad as a whole"}}
		}
		return nil
	}
	hostname, _ := model.CAR().Collection("hostname")
	derived := *hostname
	derived.Whole = func(object map[string]any) []model.Fault {
		if object["host_name"] != object["_key"] {
			return []model.Fault{{Message: "is checked without what CAR derives"}}
		}
		return nil
	}
	rack := model.NewVertex("rack", model.ByKey)
	edges := model.NewEdge("asset_rack", "asset", "rack", "", "")
	edges.Foreign = []model.Property{{Name: "slot", Type: model.Integer, Required: true}}
	m, err := model.CAR().Amend(&asset, &derived, rack, edges)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A model can be amended in the middle of a submission: what came before stays and is known, and
// what comes is checked by the amended model.
func TestAmend(t *testing.T) {
	recorder := newRecorder(t)
	config := testConfig(t, recorder)
	config.Keep = true
	for _, collection := range []string{"asset", "rack"} {
		folder := filepath.Join(config.Dir, collection)
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "7.json"), []byte("of an earlier run"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := newSubmission(t, config)
	if r := add(t, s, "asset", "external_id", "before", "name", "a"); r.Outcome != Added {
		t.Fatalf("%+v", r)
	}
	if _, err := s.Vertex("rack"); err == nil {
		t.Error("rack is known before")
	}
	if err := s.SendVertices(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Amend(amended(t)); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		collection string
		object     []any
		want       string // what is wrong; "duplicate" for that
	}{
		{"asset", []any{"external_id", "before", "name", "a", "asset_type", "x", "owner", 1.0}, "duplicate"},
		{"asset", []any{"external_id", "1", "name", "a", "asset_type", "x", "owner", 1.0, "weight", 1.5}, ""},
		{"asset", []any{"owner", raw(`["me"]`), "external_id", "2", "description", raw(`{"any": null}`), "asset_type", "x", "name", "a"}, ""},
		{"asset", []any{"external_id", "3", "name", "a", "description", nil, "risk", 11.0},
			"risk must be at most 10, not 11; asset_type is required; owner is required"},
		{"asset", []any{"external_id", "4", "name", "a", "asset_type", "too long", "owner", true, "weight", "5"},
			"asset_type must have at most 6 characters, has 8; weight must be a number, not a string"},
		{"asset", []any{"external_id", "5", "name", "a", "asset_type", "x", "owner", "me", "level", "high"}, "level is checked as string high"},
		{"asset", []any{"external_id", "5", "name", "a", "asset_type", "x", "owner", "me", "level", 5.0}, "level is checked as float64 5"},
		{"asset", []any{"external_id", "5", "name", "a", "asset_type", "x", "owner", "me", "level", true}, "level is checked as bool true"},
		{"asset", []any{"external_id", "5", "name", "a", "asset_type", "x", "owner", "me", "level", nil}, ""},
		{"asset", []any{"external_id", "5", "name", "a", "asset_type", "x", "owner", "me", "level", raw(`{"a": [1]}`)},
			"level is checked as map[string]interface {} map[a:[1]]"},
		{"asset", []any{"external_id", "5", "name", "a", "asset_type", "x", "owner", "me", "level", raw(`9007199254740993`)},
			"level is checked as json.Number 9007199254740993"},
		{"asset", []any{"external_id", "6", "name", "bad", "asset_type", "x", "owner", "me"}, "name is bad; is bad as a whole"},
		{"hostname", []any{"_key", "h.example"}, ""},
		{"rack", []any{"_key", "r1", "what", "ever"}, ""},
		{"rack", []any{"_key", "r1"}, "duplicate"},
		{"rack", []any{"external_id", "r1"}, "_key is required"},
		{"asset_rack", []any{"_from_external_id", "1", "_to", "r1", "slot", 4.0}, ""},
		{"asset_rack", []any{"_from_external_id", "1", "_to", "rack/r1"}, "slot is required"},
	} {
		r := add(t, s, test.collection, test.object...)
		got := model.Faults(r.Faults)
		if r.Outcome == Duplicate {
			got = "duplicate"
		}
		if got != test.want {
			t.Errorf("%s %v: %s\nwant %s", test.collection, test.object, got, test.want)
		}
	}
	if err := s.SendEdges(t.Context()); err != nil {
		t.Fatal(err)
	}
	counts := s.Counts()
	if asset, rack, edge := counts["asset"], counts["rack"], counts["asset_rack"]; asset.Sent != 4 || rack.Sent != 1 ||
		edge.Sent != 1 || asset.Skipped != 8 {
		t.Errorf("counts %+v", counts)
	}
	for path, want := range map[string]bool{"asset/1.json": true, "asset/2.json": true, "asset/7.json": false, "rack/1.json": true,
		"rack/7.json": false} {
		if _, err := os.Stat(filepath.Join(config.Dir, path)); (err == nil) != want {
			t.Errorf("%s: %v", path, err)
		}
	}
	last := string(recorder.bodies[len(recorder.bodies)-1])
	if !strings.Contains(last, `"_to":"rack/r1"`) || !strings.Contains(last, `"_from_external_id":"1"`) {
		t.Errorf("the edge was sent as %s", last)
	}
}

// What only CAR knows cannot be compared with what CAR has: an object that says such a thing is
// sent whenever it comes.
func TestReplaceWithForeignProperties(t *testing.T) {
	s := newSubmission(t, testConfig(t, newRecorder(t)))
	m := amended(t)
	if err := s.Amend(m); err != nil {
		t.Fatal(err)
	}
	rack, _ := m.Collection("asset_rack")
	content := ContentHash(rack, map[string]any{})
	if err := s.Replace("asset_rack", []Existing{{From: "1", To: "r1", Content: content}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Replace("rack", []Existing{{Key: "r1"}, {Key: "r2", Content: contentOf(t, m, "rack")}}); err != nil {
		t.Fatal(err)
	}
	if r := add(t, s, "asset_rack", "_from_external_id", "1", "_to", "r1", "slot", 1.0); r.Outcome != Added {
		t.Errorf("an edge with a property that cannot be compared: %v", r.Outcome)
	}
	if r := add(t, s, "rack", "_key", "r2"); r.Outcome != Unchanged {
		t.Errorf("a vertex that says nothing more: %v", r.Outcome)
	}
	if left := s.Leftovers("rack"); len(left) != 1 || left[0].Key != "r1" {
		t.Errorf("left are %v", left)
	}
}

// contentOf is the content of an object of which nothing but the key is known.
func contentOf(t *testing.T, m *model.Model, collection string) uint64 {
	t.Helper()
	c, ok := m.Collection(collection)
	if !ok {
		t.Fatalf("there is no %s", collection)
	}
	return ContentHash(c, map[string]any{})
}
