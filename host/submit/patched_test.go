package submit

import "testing"

// What the run changed in CAR by another call is sent whatever Replace was told of it.
func TestPatchedObjectsAreSent(t *testing.T) {
	s := newSubmission(t, testConfig(t, newRecorder(t)))
	for collection, objects := range map[string][]Existing{
		"hostname": {
			{Key: "h", Content: hashOf(t, "hostname", `{"_key":"h"}`)},
			{Key: "i", Content: hashOf(t, "hostname", `{"_key":"i"}`)},
		},
		"asset_hostname": {
			{From: "1", To: "h", Content: hashOf(t, "asset_hostname", `{}`)},
			{From: "1", To: "i", Content: hashOf(t, "asset_hostname", `{}`)},
		},
	} {
		if err := s.Replace(collection, objects); err != nil {
			t.Fatal(err)
		}
	}
	s.PatchedVertex("hostname", "hostname/h")
	s.PatchedEdge("asset_hostname", "1", "h")
	s.PatchedEdge("hostname", "1", "i")
	s.PatchedVertex("nothing", "i")
	for name, test := range map[string]struct {
		got  Result
		want Outcome
	}{
		"vertex":       {add(t, s, "hostname", "_key", "h"), Added},
		"other vertex": {add(t, s, "hostname", "_key", "i"), Unchanged},
		"edge":         {link(t, s, "asset_hostname", "1", "h"), Added},
		"other edge":   {link(t, s, "asset_hostname", "1", "i"), Unchanged},
	} {
		if test.got.Outcome != test.want {
			t.Errorf("%s: %v, want %v", name, test.got.Outcome, test.want)
		}
	}
}
