package submit

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"carjs/host/model"
)

// checking is a submission that checks ends, of an incremental import where CAR is given: its
// vertices as "collection/key". asked are the keys that it is asked for.
func checking(t *testing.T, car []string) (s *Submission, sender *recorder, asked *[]string) {
	sender, asked = newRecorder(t), new([]string)
	config := testConfig(t, sender)
	config.CheckEnds, config.PageSize = true, 3
	if car != nil {
		config.InCAR = func(_ context.Context, c *model.Collection, keys []string) ([]string, error) {
			if len(keys) > MaxAsked {
				t.Errorf("asked for %d at once", len(keys))
			}
			var found []string
			for _, key := range keys {
				*asked = append(*asked, c.Name+"/"+key)
				if slices.Contains(car, c.Name+"/"+key) {
					found = append(found, key)
				}
			}
			return found, nil
		}
	}
	return newSubmission(t, config), sender, asked
}

// ends are the edges of a collection that were sent.
func ends(sender *recorder, collection, from, to string) string {
	var got []string
	for _, o := range sender.objects(collection) {
		got = append(got, fmt.Sprint(o[from], ">", o[to]))
	}
	slices.Sort(got)
	return strings.Join(got, " ")
}

func send(t *testing.T, f func(context.Context) error) {
	t.Helper()
	if err := f(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// An edge whose vertex was not added is left out, whenever it came, and told.
func TestEdgesWithoutVertices(t *testing.T) {
	for _, first := range []string{"edges", "vertices"} {
		t.Run(first+" first", func(t *testing.T) {
			s, sender, _ := checking(t, nil)
			line := 0
			s.config.Place = func() string { return fmt.Sprintf("src/main.ts:%d:1", line) }
			steps := []func(){
				func() {
					for i := range 10 {
						add(t, s, "asset", "external_id", fmt.Sprint("a", i), "name", "x")
					}
					add(t, s, "asset", "external_id", "bad", "name", 1)
					add(t, s, "ipaddress", "_key", "10.0.0.1")
				},
				func() {
					for i := range 12 { // a10 and a11 are not there
						line = 10 + i
						link(t, s, "asset_ipaddress", fmt.Sprint("a", i), "10.0.0.1")
					}
					line = 30
					link(t, s, "asset_ipaddress", "a0", "10.0.0.2")
					line = 31
					link(t, s, "asset_ipaddress", "bad", "10.0.0.3")
				},
			}
			if first == "edges" {
				slices.Reverse(steps)
			}
			for _, step := range steps {
				step()
			}
			send(t, s.SendLast)
			var want []string
			for i := range 10 {
				want = append(want, fmt.Sprintf("a%d>ipaddress/10.0.0.1", i))
			}
			if got := ends(sender, "asset_ipaddress", "_from_external_id", "_to"); got != strings.Join(want, " ") {
				t.Errorf("sent %s", got)
			}
			if got := s.Counts()["asset_ipaddress"]; got != (Count{Sent: 10, Dangling: 4}) {
				t.Errorf("counts %+v", got)
			}
			at := func(line int) string { return fmt.Sprintf("src/main.ts:%d:1", line) }
			dangling := []Dangling{
				{"asset_ipaddress", "from", "asset", NotAdded, 2, "a10", "a10 → 10.0.0.1", at(20)},
				{"asset_ipaddress", "to", "ipaddress", NotAdded, 2, "10.0.0.2", "a0 → 10.0.0.2", at(30)},
				{"asset_ipaddress", "from", "asset", LeftOut, 1, "bad", "bad → 10.0.0.3", at(31)},
			}
			if diff := cmp.Diff(dangling, s.Dangling()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// An edge that is sent before the last vertices waits for them.
func TestEdgesWaitForTheLastVertices(t *testing.T) {
	s, sender, _ := checking(t, nil)
	add(t, s, "asset", "external_id", "1", "name", "x")
	add(t, s, "ipaddress", "_key", "::1")
	link(t, s, "asset_ipaddress", "1", "::1")
	link(t, s, "asset_ipaddress", "2", "::1")
	link(t, s, "asset_ipaddress", "3", "::1")
	for range 2 {
		send(t, s.SendEdges)
		if got := ends(sender, "asset_ipaddress", "_from_external_id", "_to"); got != "1>ipaddress/::1" {
			t.Errorf("sent %s", got)
		}
	}
	add(t, s, "asset", "external_id", "2", "name", "x")
	if got := link(t, s, "asset_ipaddress", "2", "::1").Outcome; got != Duplicate {
		t.Errorf("the edge that waits is not known: %v", got)
	}
	send(t, s.SendLast)
	if got := ends(sender, "asset_ipaddress", "_from_external_id", "_to"); got != "1>ipaddress/::1 2>ipaddress/::1" {
		t.Errorf("sent %s", got)
	}
	if got := s.Counts()["asset_ipaddress"]; got != (Count{Sent: 2, Duplicate: 1, Dangling: 1}) {
		t.Errorf("counts %+v", got)
	}
}

// In an incremental import CAR is asked once for each vertex that was not added, and not for those
// that it is known to have and to lose.
func TestEdgesAtVerticesInCAR(t *testing.T) {
	car := []string{"ipaddress/10.0.0.1", "asset/skipped", "asset/going"}
	for i := range 450 {
		car = append(car, fmt.Sprint("asset/a", i))
	}
	s, sender, asked := checking(t, car)
	if err := s.Replace("asset", []Existing{{Key: "going"}, {Key: "staying", Content: 1}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Replace("asset_ipaddress", []Existing{
		{From: "gone", To: "10.0.0.1", FromID: "f", ToID: "t", Dangling: true, Content: hashOf(t, "asset_ipaddress", `{}`)},
		{From: "a1", To: "10.0.0.1", Content: hashOf(t, "asset_ipaddress", `{}`)},
	}); err != nil {
		t.Fatal(err)
	}
	add(t, s, "asset", "external_id", "skipped", "name", 1)
	add(t, s, "asset", "external_id", "staying", "name", "x")
	for i := range 450 {
		link(t, s, "asset_ipaddress", fmt.Sprint("a", i), "10.0.0.1")
	}
	for _, key := range []string{"gone", "gone too", "going", "staying", "skipped"} {
		link(t, s, "asset_ipaddress", key, "10.0.0.1")
	}
	for range 2 {
		send(t, s.SendEdges)
	}
	send(t, s.SendLast)
	want := Count{Sent: 449 + 2, Unchanged: 1, Dangling: 3}
	if got := s.Counts()["asset_ipaddress"]; got != want || len(sender.objects("asset_ipaddress")) != want.Sent {
		t.Errorf("counts %+v, want %+v", got, want)
	}
	distinct := slices.Compact(slices.Sorted(slices.Values(*asked)))
	if len(distinct) != len(*asked) || len(distinct) != 449+len("g2s")+1 || slices.Contains(distinct, "asset/going") {
		t.Errorf("asked for %d, %d of them distinct: %v", len(*asked), len(distinct), distinct[max(0, len(distinct)-5):])
	}
	if got := leftovers(s, "asset_ipaddress"); got != "gone10.0.0.1" {
		t.Errorf("left over: %s", got)
	}
}

// A vertex is found by every key that an edge may name it by.
func TestEndsNameVertices(t *testing.T) {
	long := strings.Repeat("k", 70_000)
	for _, test := range []struct {
		name       string
		collection string
		vertex     pairs
		key        string // which of its edge's ends names it
		edges      string // the other end is asset 1
		there      bool
	}{
		{"external id", "vulnerability", pairs{"external_id", "v", "name", "x"}, "v", "asset_vulnerability", true},
		{
			"external id with escapes", "vulnerability", pairs{"external_id", "a\"\\\n\u2028ü", "name", "x"},
			"a\"\\\n\u2028ü", "asset_vulnerability", true,
		},
		{"long", "vulnerability", pairs{"external_id", long, "name", "x"}, long, "asset_vulnerability", true},
		{"another one", "vulnerability", pairs{"external_id", "v", "name", "x"}, "w", "asset_vulnerability", false},
		{"in another case", "vulnerability", pairs{"external_id", "v", "name", "x"}, "V", "asset_vulnerability", false},
		{"begins alike", "vulnerability", pairs{"external_id", "v1", "name", "x"}, "v", "asset_vulnerability", false},
		{"host name", "hostname", pairs{"_key", "h"}, "h", "asset_hostname", true},
		{"host name with its collection", "hostname", pairs{"_key", "h"}, "hostname/h", "asset_hostname", true},
		{"external id of a host name", "hostname", pairs{"_key", "h", "external_id", "e"}, "e", "asset_hostname", true},
		{"address", "ipaddress", pairs{"_key", "10.0.0.1"}, "10.0.0.1", "asset_ipaddress", true},
		{"address with its region", "ipaddress", pairs{"_key", "10.0.0.1"}, "0/10.0.0.1", "asset_ipaddress", true},
		{"address with collection and region", "ipaddress", pairs{"_key", "10.0.0.1"}, "ipaddress/0/10.0.0.1", "asset_ipaddress", true},
		{"address in a region", "ipaddress", pairs{"_key", "10.0.0.1", "region_id", "plant"}, "plant/10.0.0.1", "asset_ipaddress", true},
		{"address in the default region", "ipaddress", pairs{"_key", "10.0.0.1", "region_id", "0"}, "10.0.0.1", "asset_ipaddress", true},
		{"address in another region", "ipaddress", pairs{"_key", "10.0.0.1", "region_id", "plant"}, "10.0.0.1", "asset_ipaddress", false},
		{"address in another spelling", "ipaddress", pairs{"_key", "2001:DB8::0001"}, "2001:db8:0::1", "asset_ipaddress", true},
		{"vertex told by a property", "vulnerability", pairs{"name", "n", "external_id", "v", "by", "name"}, "v", "asset_vulnerability", true},
		{"the property", "vulnerability", pairs{"name", "n", "external_id", "v", "by", "name"}, "n", "asset_vulnerability", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, first := range []bool{true, false} {
				s, sender, _ := checking(t, nil)
				add(t, s, "asset", "external_id", "1", "name", "x")
				if !first {
					link(t, s, test.edges, "1", test.key)
				}
				d, err := s.Vertex(test.collection)
				if err != nil {
					t.Fatal(err)
				}
				push(d, test.vertex)
				if len(test.vertex) == 6 && test.vertex[4] == "by" {
					d.KeyedBy(test.vertex[5].(string))
				}
				if result, err := d.Commit(); err != nil || result.Outcome != Added {
					t.Fatal(result, err)
				}
				if first {
					link(t, s, test.edges, "1", test.key)
				}
				send(t, s.SendLast)
				if there := len(sender.objects(test.edges)) == 1; there != test.there || (s.Counts()[test.edges].Dangling == 1) == there {
					t.Errorf("vertex first: %v, the edge is sent: %v, counted %+v", first, there, s.Counts()[test.edges])
				}
			}
		})
	}
}

// Whatever the order in which objects are added and parts of them sent, the edges arrive whose
// vertices were added or are in CAR, and no others.
func TestEndsOfRandomEdges(t *testing.T) {
	for seed := range uint64(6) {
		random := rand.New(rand.NewPCG(seed, 3))
		var car []string
		if seed%2 == 1 {
			car = []string{}
			for i := range 400 {
				car = append(car, fmt.Sprint("asset/", i*3), fmt.Sprint("vulnerability/", i*5))
			}
		}
		s, sender, _ := checking(t, car)
		s.config.PageSize = 50
		if seed >= 4 {
			s.hashMask = 0xFF << 56 // so that many hashes are alike; without doubt none is exact
			for _, cs := range s.order {
				cs.checks[0].exact, cs.checks[1].exact = true, true
			}
		}
		there := map[string]bool{}
		for _, key := range car {
			there[key] = true
		}
		edges := map[[2]string]bool{}
		for range 6000 {
			n := fmt.Sprint(random.IntN(1500))
			switch random.IntN(6) {
			case 0, 1:
				collection := []string{"asset", "vulnerability"}[random.IntN(2)]
				there[collection+"/"+n] = true
				add(t, s, collection, "external_id", n, "name", "x")
			case 2, 3, 4:
				to := fmt.Sprint(random.IntN(1500))
				edges[[2]string{n, to}] = true
				link(t, s, "asset_vulnerability", n, to)
			case 5:
				if random.IntN(200) == 0 {
					send(t, s.SendEdges)
				}
			}
		}
		send(t, s.SendLast)
		maps.DeleteFunc(edges, func(ends [2]string, _ bool) bool { return !there["asset/"+ends[0]] || !there["vulnerability/"+ends[1]] })
		got := map[[2]string]bool{}
		for _, o := range sender.objects("asset_vulnerability") {
			got[[2]string{o["_from_external_id"].(string), o["_to_external_id"].(string)}] = true
		}
		if diff := cmp.Diff(edges, got); diff != "" {
			t.Fatalf("seed %d: %s", seed, diff)
		}
		if n := len(sender.objects("asset_vulnerability")); n != len(edges) {
			t.Errorf("seed %d: %d edges were sent, %d of them distinct", seed, n, len(edges))
		}
	}
}

// Edges between two vertices that differ are told, unless they have an external_id each.
func TestDifferingEdges(t *testing.T) {
	s, _, _ := checking(t, nil)
	var told []Differing
	s.config.Differing = func(d Differing) { told = append(told, d) }
	for i := range 100 {
		from := fmt.Sprint(i)
		for _, values := range []pairs{
			nil, nil, {"active", false}, // nothing of its own
			{"risk_score", 1}, {"risk_score", 1, "active", true},
			{"risk_score", 2, "external_id", "a"}, {"risk_score", 3, "external_id", "b"},
		} {
			link(t, s, "asset_vulnerability", from, "v", values...)
		}
	}
	if len(told) != 0 || s.Counts()["asset_vulnerability"].Differing != 0 {
		t.Errorf("%+v", told)
	}
	link(t, s, "asset_vulnerability", "x", "v", "risk_score", 1)
	link(t, s, "asset_vulnerability", "x", "v", "risk_score", 2)
	if got := s.Counts()["asset_vulnerability"].Differing; got != 1 {
		t.Errorf("%d differ", got)
	}
	want := []Differing{{Collection: "asset_vulnerability", Key: "x → v", Edge: true}}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Error(diff)
	}
}

// The second of two vertices with one key is told when it says something else, with both lines.
func TestDifferingVertices(t *testing.T) {
	s, _, _ := checking(t, nil)
	line := 0
	var told []Differing
	s.config.Place = func() string { return fmt.Sprintf("src/main.ts:%d:1", line) }
	s.config.Site = func() int { return line }
	s.config.SiteAt = func(site int) string { return fmt.Sprintf("src/main.ts:%d:1", site) }
	s.config.Differing = func(d Differing) { told = append(told, d) }
	for i := range 3000 {
		line = 1
		add(t, s, "asset", "external_id", fmt.Sprint(i), "name", "x", "risk", 1)
		line = 2
		add(t, s, "asset", "external_id", fmt.Sprint("b", i), "name", "x")
	}
	line = 3
	for _, same := range []pairs{
		{"external_id", "7", "name", "x", "risk", 1}, {"name", "x", "risk", 1, "external_id", "7"}, {"name", "x", "external_id", "b2999"},
	} {
		if got := add(t, s, "asset", same...).Outcome; got != Duplicate {
			t.Errorf("%v: %v", same, got)
		}
	}
	if len(told) != 0 || s.Counts()["asset"].Differing != 0 {
		t.Errorf("equal objects are told: %+v", told)
	}
	line = 4
	add(t, s, "asset", "external_id", "b5", "name", "y")
	add(t, s, "asset", "external_id", "b5", "name", "x", "risk", 1)
	add(t, s, "asset", "external_id", "5", "name", "x")
	want := []Differing{{Collection: "asset", Key: "b5", First: "src/main.ts:2:1", At: "src/main.ts:4:1"}}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Error(diff)
	}
	if got := s.Counts()["asset"]; got.Duplicate != 6 || got.Differing != 3 {
		t.Errorf("counts %+v", got)
	}
	for i := range 300 {
		add(t, s, "vulnerability", "external_id", fmt.Sprint(i), "name", "x", strings.Repeat("p", i+1), 1)
		add(t, s, "vulnerability", "external_id", fmt.Sprint(i), "name", "y")
	}
	if got := s.Counts()["vulnerability"]; got.Differing != 300 || len(told) != 2 {
		t.Errorf("counts %+v, told %+v", got, told)
	}
}
