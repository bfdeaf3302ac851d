package submit

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"carjs/host/model"
)

func hashOf(t *testing.T, collection, object string) uint64 {
	t.Helper()
	c, ok := model.CAR().Collection(collection)
	if !ok {
		t.Fatalf("no collection %q", collection)
	}
	var properties map[string]any
	if err := json.Unmarshal([]byte(object), &properties); err != nil {
		t.Fatal(err)
	}
	return ContentHash(c, properties)
}

func TestContentHash(t *testing.T) {
	tests := []struct {
		collection, a, b string
		same             bool
	}{
		{"asset", `{"name":"a","risk":1}`, `{"risk":1.0,"name":"a"}`, true},
		{"asset", `{"name":"a","risk":10}`, `{"name":"a","risk":1e1}`, true},
		{"asset", `{"name":"a"}`, `{"name":"a","external_id":"1","_key":"k","source":"s","tag":["t"],"untag":[],"description":null}`, true},
		{"asset", `{"name":"a"}`, `{"name":"a","reported_at":5,"mine":true}`, true},
		{"asset", `{"name":"a"}`, `{"name":"b"}`, false},
		{"asset", `{"name":"a"}`, `{"name":"a","description":""}`, false},
		{"asset", `{"name":"a","description":"b"}`, `{"name":"b","description":"a"}`, false},
		{"asset", `{"name":"1"}`, `{"name":1}`, false},
		{"vulnerability", `{"xref_properties":{"a":1,"b":{"c":[1,2],"d":null}}}`, `{"xref_properties":{"b":{"d":null,"c":[1.0,2]},"a":1}}`, true},
		{"vulnerability", `{"xref_properties":{"a":[1,2]}}`, `{"xref_properties":{"a":[2,1]}}`, false},
		{"vulnerability", `{"xref_properties":{"a":[1,2]}}`, `{"xref_properties":{"a":[12]}}`, false},
		{"vulnerability", `{"xref_properties":{"a":"1"}}`, `{"xref_properties":{"a":1}}`, false},
		{"vulnerability", `{"xref_properties":{"a":{}}}`, `{"xref_properties":{"a":[]}}`, false},
		{"hostname", `{"_key":"h"}`, `{"_key":"h","host_name":"h","external_id":"h"}`, true},
		{"hostname", `{"_key":"h"}`, `{"_key":"h","host_name":"other"}`, false},
		{"ipaddress", `{"_key":"::1"}`, `{"_key":"::1","name":"::1","external_id":"::1"}`, true},
		{"ipaddress", `{"_key":"::1","region_id":"r","name":"x"}`, `{"_key":"::1"}`, true}, // the key is another
		{"macaddress", `{"_key":"00:AA:00:00:00:01"}`, `{"_key":"00:AA:00:00:00:01","name":"00:aa:00:00:00:01"}`, true},
		{"account", `{"name":"a","modified":1}`, `{"name":"a","modified":2}`, false},
		{"user", `{"active":true}`, `{"active":false}`, false},
		{
			"asset_ipaddress", `{"_from_external_id":"1","_to":"x"}`,
			`{"source":"s","report":"r","active":true,"timestamp":1,"created":1,"modified":2}`, true,
		},
		{"asset_ipaddress", `{"active":true}`, `{"active":false}`, false},
		{"asset_ipaddress", `{"external_id":"1"}`, `{"external_id":"2"}`, false},
		{"asset_vulnerability", `{"risk_score":1}`, `{}`, false},
	}
	for _, test := range tests {
		if got := hashOf(t, test.collection, test.a) == hashOf(t, test.collection, test.b); got != test.same {
			t.Errorf("%s %s and %s: same %v", test.collection, test.a, test.b, got)
		}
	}
}

// Values that no JSON decoder makes are taken as encoding/json writes them.
func TestContentHashOfGoValues(t *testing.T) {
	c, _ := model.CAR().Collection("vulnerability")
	want := hashOf(t, "vulnerability", `{"name":"v","base_score":7,"links":{"a":["x"]}}`)
	got := ContentHash(c, map[string]any{"name": "v", "base_score": 7, "links": map[string][]string{"a": {"x"}}})
	number := ContentHash(c, map[string]any{"name": "v", "base_score": json.Number("7.0"), "links": map[string]any{"a": []any{"x"}}})
	if got != want || number != want {
		t.Errorf("hashes %x, %x and %x", want, got, number)
	}
}

func TestReplace(t *testing.T) {
	sender := newRecorder(t)
	s := newSubmission(t, testConfig(t, sender))
	existing := func(collection, key, object string) Existing {
		return Existing{Key: key, Content: hashOf(t, collection, object)}
	}
	if err := s.Replace("asset", []Existing{
		existing("asset", "same", `{"name":"a","risk":1}`),
		existing("asset", "changed", `{"name":"a"}`),
		existing("asset", "gone", `{"name":"a"}`),
		existing("asset", "tagged", `{"name":"a"}`),
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Replace("asset", []Existing{
		existing("asset", "same", `{"name":"a","risk":1}`), // scopes may overlap
		existing("asset", "skipped", `{"name":"a"}`),
		existing("asset", "twofold", `{"name":"a"}`),
		existing("asset", "twofold", `{"name":"b"}`),
	}); err != nil {
		t.Fatal(err)
	}
	for i, test := range []struct {
		got  Result
		want Outcome
	}{
		{add(t, s, "asset", "external_id", "same", "risk", 1, "name", "a"), Unchanged},
		{add(t, s, "asset", "external_id", "same", "risk", 2, "name", "a"), Duplicate},
		{add(t, s, "asset", "external_id", "changed", "name", "b"), Added},
		{add(t, s, "asset", "external_id", "new", "name", "a"), Added},
		{add(t, s, "asset", "external_id", "tagged", "name", "a", "tag", raw(`["t"]`)), Added},
		{add(t, s, "asset", "external_id", "skipped", "name", 1), Skipped},
		{add(t, s, "asset", "external_id", "twofold", "name", "a"), Added},
	} {
		if test.got.Outcome != test.want {
			t.Errorf("%d: %v, want %v", i, test.got.Outcome, test.want)
		}
	}
	if got := leftovers(s, "asset"); got != "gone skipped" {
		t.Errorf("left over: %s", got)
	}
	if err := s.SendVertices(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := keysOf(sender.objects("asset"), "external_id"); got != "changed new tagged twofold" {
		t.Errorf("sent %s", got)
	}
	if got := s.Counts()["asset"]; got != (Count{Sent: 4, Skipped: 1, Duplicate: 1, Differing: 1, Unchanged: 1}) {
		t.Errorf("counts %+v", got)
	}
	if err := s.Replace("asset", nil); err == nil || !strings.Contains(err.Error(), "cannot replace objects of asset") {
		t.Errorf("Replace after the first object: %v", err)
	}
	if got := s.Leftovers("ipaddress"); got != nil {
		t.Errorf("left over without Replace: %v", got)
	}
}

func leftovers(s *Submission, collection string) string {
	var keys []string
	for _, e := range s.Leftovers(collection) {
		keys = append(keys, fmt.Sprint(e.Key+e.From+e.To))
	}
	return strings.Join(keys, " ")
}

func TestReplaceEdges(t *testing.T) {
	sender := newRecorder(t)
	s := newSubmission(t, testConfig(t, sender))
	existing := func(from, to, object string) Existing {
		return Existing{From: from, To: to, Content: hashOf(t, "asset_vulnerability", object)}
	}
	if err := s.Replace("asset_vulnerability", []Existing{
		existing("a", "same", `{"active":true}`),
		existing("a", "scored", `{"risk_score":2}`),
		existing("a", "gone", `{}`),
		existing("b", "same", `{}`),
		existing("b", "timed", `{}`),
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Replace("asset_ipaddress", []Existing{
		{From: "a", To: "ipaddress/::1", Content: hashOf(t, "asset_ipaddress", `{}`)}, // both spellings of an end
		{From: "a", To: "::2", Content: hashOf(t, "asset_ipaddress", `{}`)},
		{From: "a", To: "::3", Content: hashOf(t, "asset_ipaddress", `{}`)},
	}); err != nil {
		t.Fatal(err)
	}
	for i, test := range []struct {
		got  Result
		want Outcome
	}{
		{link(t, s, "asset_vulnerability", "a", "same"), Unchanged},
		{link(t, s, "asset_vulnerability", "a", "same"), Duplicate},
		// CAR has score 2, but will have 1 after the first of these: the second must be sent again.
		{link(t, s, "asset_vulnerability", "a", "scored", "risk_score", 1), Added},
		{link(t, s, "asset_vulnerability", "a", "scored", "risk_score", 2), Added},
		{link(t, s, "asset_vulnerability", "a", "new"), Added},
		{link(t, s, "asset_vulnerability", "b", "same", "active", false), Added},
		// CAR does not show when an edge came to be.
		{link(t, s, "asset_vulnerability", "b", "timed", "created", 5), Added},
		{link(t, s, "asset_ipaddress", "a", "::1"), Unchanged},
		{add(t, s, "asset_ipaddress", "_to", "ipaddress/::2", "_from_external_id", "a"), Unchanged},
	} {
		if test.got.Outcome != test.want {
			t.Errorf("%d: %v, want %v", i, test.got.Outcome, test.want)
		}
	}
	if got := leftovers(s, "asset_vulnerability") + " " + leftovers(s, "asset_ipaddress"); got != "agone a::3" {
		t.Errorf("left over: %s", got)
	}
	if err := s.SendEdges(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := keysOf(sender.objects("asset_vulnerability"), "_to_external_id"); got != "scored scored new same timed" {
		t.Errorf("sent %s", got)
	}
	if got := s.Counts()["asset_ipaddress"]; !reflect.DeepEqual(got, Count{Unchanged: 2}) {
		t.Errorf("counts %+v", got)
	}
}

// The same address in two regions is two vertices, with a region that is named "0" or not at all it
// is one, and CAR may show an address in another spelling than it was sent.
func TestReplaceAddresses(t *testing.T) {
	sender := newRecorder(t)
	s := newSubmission(t, testConfig(t, sender))
	content := hashOf(t, "ipaddress", `{"_key":"x"}`)
	if err := s.Replace("ipaddress", []Existing{
		{Key: "10.0.0.1", Content: content}, {Key: "r/10.0.0.1", Content: content},
		{Key: "2001:db8::1", Content: content}, {Key: "r/10.0.0.2", Content: content},
	}); err != nil {
		t.Fatal(err)
	}
	edge := hashOf(t, "asset_ipaddress", `{}`)
	if err := s.Replace("asset_ipaddress", []Existing{
		{From: "a", To: "10.0.0.1", Content: edge}, {From: "a", To: "r/2001:db8::1", Content: edge},
	}); err != nil {
		t.Fatal(err)
	}
	for i, test := range []struct {
		got  Result
		want Outcome
	}{
		{add(t, s, "ipaddress", "_key", "10.0.0.1", "region_id", "0"), Unchanged},
		{add(t, s, "ipaddress", "_key", "10.0.0.1"), Duplicate},
		{add(t, s, "ipaddress", "_key", "10.0.0.1", "region_id", "r"), Unchanged},
		{add(t, s, "ipaddress", "region_id", "q", "_key", "10.0.0.1"), Added},
		{add(t, s, "ipaddress", "_key", "2001:DB8:0::1"), Unchanged},
		{link(t, s, "asset_ipaddress", "a", "0/10.0.0.1"), Unchanged},
		{link(t, s, "asset_ipaddress", "a", "r/2001:DB8::0:1"), Unchanged},
	} {
		if test.got.Outcome != test.want {
			t.Errorf("%d: %v, want %v", i, test.got.Outcome, test.want)
		}
	}
	if got := leftovers(s, "ipaddress"); got != "r/10.0.0.2" || leftovers(s, "asset_ipaddress") != "" {
		t.Errorf("left over: %s", got)
	}
	for key, want := range map[string]bool{
		"10.0.0.1": true, "r/10.0.0.1": true, "q/10.0.0.1": true, "2001:db8::1": true, "r/10.0.0.2": false, "r/2001:db8::1": false,
	} {
		if has, err := s.Has("ipaddress", key); has != want || err != nil {
			t.Errorf("has %s: %t, %v", key, has, err)
		}
	}
}

// The landmarks of a page are its first and its last object, whatever their texts are.
func TestLandmarks(t *testing.T) {
	sender := newRecorder(t)
	s := newSubmission(t, testConfig(t, sender))
	for _, name := range []string{`a],[{"`, "b\n]}", ",\n"} {
		add(t, s, "asset", "external_id", name, "name", name)
	}
	if err := s.SendVertices(t.Context()); err != nil {
		t.Fatal(err)
	}
	collection, first, last := Landmarks(sender.bodies[0])
	const wantFirst, wantLast = `{"external_id":"a],[{\"","name":"a],[{\""}`, `{"external_id":",\n","name":",\n"}`
	if collection != "asset" || string(first) != wantFirst || string(last) != wantLast {
		t.Errorf("%s: %s and %s", collection, first, last)
	}
	if collection, _, _ := Landmarks([]byte(`{"source":{},"report":{}}`)); collection != "" {
		t.Errorf("of a head: %s", collection)
	}
}

// Of several edges between two vertices only what differs is sent. When one of them is gone, all
// are switched off, because CAR's calls name an edge by its ends, so that the others are sent.
func TestReplaceSeveralEdges(t *testing.T) {
	type edge struct {
		own   string
		score int
	}
	for _, test := range []struct {
		name                   string
		report                 []edge
		sent, superseded, left string
		unchanged              int
	}{
		{"all as they were", []edge{{"1", 1}, {"2", 2}, {"", 3}}, "", "", "", 3},
		{"one is changed", []edge{{"1", 1}, {"2", 5}, {"", 3}}, "2", "", "", 2},
		{"one more", []edge{{"1", 1}, {"2", 2}, {"", 3}, {"4", 4}}, "4", "", "", 3},
		{"one more, first", []edge{{"4", 4}, {"1", 1}, {"2", 2}, {"", 3}}, "4", "", "", 3},
		{"one is gone", []edge{{"1", 1}, {"", 3}}, "1 <nil>", "2", "", 0},
		{"one is gone, one changed, one more", []edge{{"9", 9}, {"2", 2}, {"", 8}}, "9 <nil> 2", "1", "", 0},
		{"all are gone", nil, "", "", "1 2 ", 0},
		{"twice", []edge{{"1", 1}, {"2", 2}, {"1", 1}, {"", 3}}, "", "", "", 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			sender := newRecorder(t)
			config := testConfig(t, sender)
			s := newSubmission(t, config)
			var there []Existing
			for _, e := range []edge{{"1", 1}, {"2", 2}, {"", 3}} {
				object := fmt.Sprintf(`{"external_id":%q,"risk_score":%d}`, e.own, e.score)
				if e.own == "" {
					object = fmt.Sprintf(`{"risk_score":%d}`, e.score)
				}
				there = append(there, Existing{From: "a", To: "v", Own: e.own, Content: hashOf(t, "asset_vulnerability", object)})
			}
			if err := s.Replace("asset_vulnerability", there); err != nil {
				t.Fatal(err)
			}
			for _, e := range test.report {
				properties := []any{"risk_score", e.score}
				if e.own != "" {
					properties = append(properties, "external_id", e.own)
				}
				link(t, s, "asset_vulnerability", "a", "v", properties...)
			}
			owns := func(edges []Existing) string {
				var names []string
				for _, e := range edges {
					names = append(names, e.Own)
				}
				return strings.Join(names, " ")
			}
			if got := owns(s.Superseded("asset_vulnerability")); got != test.superseded {
				t.Errorf("superseded %q, want %q", got, test.superseded)
			}
			if got := owns(s.Leftovers("asset_vulnerability")); got != test.left {
				t.Errorf("left over %q, want %q", got, test.left)
			}
			if err := s.SendLast(t.Context()); err != nil {
				t.Fatal(err)
			}
			// Pages are sent side by side.
			sent := strings.Fields(keysOf(sender.objects("asset_vulnerability"), "external_id"))
			slices.Sort(sent)
			if want := slices.Sorted(slices.Values(strings.Fields(test.sent))); !slices.Equal(sent, want) {
				t.Errorf("sent %q, want %q", sent, want)
			}
			if got := s.Counts()["asset_vulnerability"].Unchanged; got != test.unchanged {
				t.Errorf("%d unchanged, want %d", got, test.unchanged)
			}
		})
	}
}
