package submit

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// An address is one vertex in all of its spellings: a second one is a duplicate, and edges find it.
func TestSpellings(t *testing.T) {
	s, sender, asked := checking(t, []string{})
	add(t, s, "asset", "external_id", "1", "name", "a")
	var told []Differing
	s.config.Differing = func(d Differing) { told = append(told, d) }
	for i, test := range []struct {
		got  Result
		want Outcome
	}{
		{add(t, s, "ipaddress", "_key", "2001:DB8::1"), Added},
		{add(t, s, "ipaddress", "_key", "2001:db8:0:0:0:0:0:1"), Duplicate},
		{add(t, s, "ipaddress", "_key", "2001:db8::1"), Duplicate},
		{add(t, s, "ipaddress", "region_id", "0", "_key", "2001:db8::1"), Duplicate},
		{add(t, s, "ipaddress", "_key", "2001:db8::1", "region_id", "west"), Added},
		{add(t, s, "ipaddress", "region_id", "west", "_key", "2001:DB8::1"), Duplicate},
		{add(t, s, "ipaddress", "_key", "10.0.0.1"), Added},
		{add(t, s, "ipaddress", "_key", "010.0.0.1"), Duplicate},
		{add(t, s, "ipaddress", "_key", "::ffff:10.0.0.1"), Added},
		{link(t, s, "asset_ipaddress", "1", "2001:db8:0::1"), Added},
		{link(t, s, "asset_ipaddress", "1", "ipaddress/2001:DB8::1"), Duplicate},
		{link(t, s, "asset_ipaddress", "1", "0/2001:db8::1"), Duplicate},
		{link(t, s, "asset_ipaddress", "1", "west/2001:DB8:0::1"), Added},
		{link(t, s, "asset_ipaddress", "1", "west/2001:db8::1"), Duplicate},
		{link(t, s, "asset_ipaddress", "1", "10.0.00.1"), Added},
		{link(t, s, "asset_ipaddress", "1", "::FFFF:a00:1"), Added},
		{link(t, s, "asset_ipaddress", "1", "2001:DB8::2"), Added}, // it dangles
		// No region, an empty one and null are the default one.
		{add(t, s, "ipaddress", "_key", "10.0.0.3", "region_id", nil), Added},
		{add(t, s, "ipaddress", "_key", "10.0.0.3", "region_id", json.RawMessage("null")), Duplicate},
		{add(t, s, "ipaddress", "_key", "10.0.0.3", "region_id", ""), Duplicate},
		{link(t, s, "asset_ipaddress", "1", "0/10.0.0.3"), Added},
		{link(t, s, "asset_ipaddress", "1", "/10.0.0.3"), Duplicate},
		{link(t, s, "asset_ipaddress", "1", "10.0.0.3"), Duplicate},
	} {
		if test.got.Outcome != test.want {
			t.Errorf("%d: %v, want %v", i, test.got.Outcome, test.want)
		}
	}
	// The objects are sent as they were given; of two the first one counts.
	send(t, s.SendLast)
	if got := sortedKeys(sender, "ipaddress", "_key"); got != "10.0.0.1 10.0.0.3 2001:DB8::1 2001:db8::1 ::ffff:10.0.0.1" {
		t.Errorf("sent %s", got)
	}
	want := "ipaddress/0/10.0.0.3 ipaddress/10.0.00.1 ipaddress/2001:db8:0::1 ipaddress/::FFFF:a00:1 ipaddress/west/2001:DB8:0::1"
	if got := sortedKeys(sender, "asset_ipaddress", "_to"); got != want {
		t.Errorf("sent %s\nwant %s", got, want)
	}
	if got := s.Counts()["asset_ipaddress"]; got != (Count{Sent: 5, Duplicate: 5, Dangling: 1}) {
		t.Errorf("counts %+v", got)
	}
	// Spelling is not content: a region that is written out is.
	if got := s.Counts()["ipaddress"]; got != (Count{Sent: 5, Duplicate: 7, Differing: 2}) || len(told) != 1 {
		t.Errorf("counts %+v, told %v", got, told)
	}
	if got := strings.Join(*asked, " "); got != "ipaddress/2001:DB8::2" {
		t.Errorf("asked for %s", got)
	}
}

func sortedKeys(sender *recorder, collection, property string) string {
	keys := strings.Fields(keysOf(sender.objects(collection), property))
	slices.Sort(keys)
	return strings.Join(keys, " ")
}

// Edges that CAR has between two vertices are told apart by their external ids.
func TestReplaceEdgesBetweenTheSameVertices(t *testing.T) {
	existing := func(from, own string) Existing {
		properties := `{}`
		if own != "" {
			properties = `{"external_id":"` + own + `"}`
		}
		return Existing{From: from, To: "v", Own: own, FromID: from, ToID: "v", Content: hashOf(t, "asset_vulnerability", properties)}
	}
	for _, test := range []struct {
		name             string
		there            []string // external ids
		added            []string
		outcomes         string
		superseded, left string
	}{
		{"the same one", []string{"e"}, []string{"e"}, "unchanged", "", ""},
		{"another one", []string{"e"}, []string{"f"}, "added", "e", ""},
		{"one with an id", []string{""}, []string{"f"}, "added", "-", ""},
		{"one without an id", []string{"e"}, []string{""}, "added", "e", ""},
		{"none", []string{"e", "f"}, nil, "", "", "e f"},
		{"one more", []string{"e"}, []string{"e", "f"}, "unchanged added", "", ""},
		{"one more before it", []string{"e"}, []string{"f", "e"}, "added unchanged", "", ""},
		{"one less", []string{"e", "f"}, []string{"e"}, "unchanged", "f", ""},
		{"one of two is another", []string{"e", "f"}, []string{"e", "g"}, "unchanged added", "f", ""},
		{"all of several", []string{"e", "f", ""}, []string{"", "f", "e"}, "unchanged unchanged unchanged", "", ""},
		{"read twice", []string{"e", "e"}, []string{"e"}, "unchanged", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSubmission(t, testConfig(t, newRecorder(t)))
			var there []Existing
			for _, own := range test.there {
				there = append(there, existing("a", own))
			}
			if err := s.Replace("asset_vulnerability", append(there, existing("b", "e"))); err != nil {
				t.Fatal(err)
			}
			var outcomes []string
			for _, own := range test.added {
				var properties []any
				if own != "" {
					properties = []any{"external_id", own}
				}
				word := map[Outcome]string{Added: "added", Unchanged: "unchanged"}[link(t, s, "asset_vulnerability", "a", "v", properties...).Outcome]
				outcomes = append(outcomes, word)
			}
			link(t, s, "asset_vulnerability", "b", "v", "external_id", "e")
			owns := func(edges []Existing) string {
				var texts []string
				for _, e := range edges {
					if texts = append(texts, e.Own); e.Own == "" {
						texts[len(texts)-1] = "-"
					}
				}
				return strings.Join(texts, " ")
			}
			if got := strings.Join(outcomes, " "); got != test.outcomes {
				t.Errorf("outcomes %s, want %s", got, test.outcomes)
			}
			if got := owns(s.Superseded("asset_vulnerability")); got != test.superseded {
				t.Errorf("superseded %s, want %s", got, test.superseded)
			}
			if got := owns(s.Leftovers("asset_vulnerability")); got != test.left {
				t.Errorf("left over %s, want %s", got, test.left)
			}
		})
	}
}
