package submit

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"carjs/host/esjson"
	"carjs/host/model"
)

var nan = math.NaN()

func raw(text string) json.RawMessage { return json.RawMessage(text) }

func TestVertexOutcomes(t *testing.T) {
	tests := []struct {
		name       string
		collection string
		properties pairs
		want       Outcome
		faults     string
		sent       string // the object's JSON
	}{
		{"asset", "asset", pairs{"external_id", "1", "name", "a", "risk", 2.5}, Added, "", `{"external_id":"1","name":"a","risk":2.5}`},
		{"unknown property", "asset", pairs{"external_id", "1", "name", "a", "mine", nil, "x<y", true}, Added, "",
			`{"external_id":"1","name":"a","mine":null,"x<y":true}`},
		{
			"not a number outside the model", "asset", pairs{"external_id", "1", "name", "a", "mine", nan}, Added, "",
			`{"external_id":"1","name":"a","mine":null}`,
		},
		{"missing", "asset", pairs{"external_id", "1"}, Skipped, "name is required", ""},
		{"nothing at all", "asset", nil, Skipped, "external_id is required; name is required", ""},
		{"all that is wrong", "asset", pairs{"risk", 11, "name", 7, "tag", raw(`["a",1]`)}, Skipped,
			"external_id is required; name must be a string, not a number; " +
				"risk must be at most 10, not 11; tag must be an array of strings, not of anything else", ""},
		{"null", "asset", pairs{"external_id", "1", "name", "a", "description", nil}, Added, "", `{"external_id":"1","name":"a"}`},
		{"null as JSON", "asset", pairs{"external_id", "1", "name", "a", "tag", raw(` null `), "description", raw(`null`)}, Added, "",
			`{"external_id":"1","name":"a"}`},
		{
			"null where a value is required", "asset", pairs{"external_id", nil, "name", nil}, Skipped,
			"external_id is required; name is required", "",
		},
		{"empty id", "asset", pairs{"external_id", "", "name", "a"}, Skipped, "external_id must not be empty", ""},
		{"written tags", "asset", pairs{"external_id", "1", "name", "a", "tag", written(`[]`), "untag", written(`["x"]`)}, Added, "",
			`{"external_id":"1","name":"a","tag":[],"untag":["x"]}`},
		{"written tags that are no texts", "asset", pairs{"external_id", "1", "name", "a", "tag", written(`["x",1]`)}, Skipped,
			"tag must be an array of strings, not of anything else", ""},
		{"not a number", "asset", pairs{"external_id", "1", "name", "a", "risk", nan}, Skipped, "risk must be a finite number, not NaN", ""},
		{"array for an object", "vulnerability", pairs{"external_id", "1", "name", "v", "xref_properties", raw(`[{"a":1}]`)}, Skipped,
			"xref_properties must be an object, not an array", ""},
		{"object", "vulnerability", pairs{"external_id", "1", "name", "v", "xref_properties", raw(` { "a" : [ 1 , "x" ] } `)}, Added, "",
			`{"external_id":"1","name":"v","xref_properties":{"a":[1,"x"]}}`},
		{"written object", "vulnerability", pairs{"external_id", "1", "name", "v", "xref_properties", written(`{"a":[1,"x"]}`)}, Added, "",
			`{"external_id":"1","name":"v","xref_properties":{"a":[1,"x"]}}`},
		{"written array for an object", "vulnerability", pairs{"external_id", "1", "name", "v", "xref_properties", written(`[{"a":1}]`)}, Skipped,
			"xref_properties must be an object, not an array", ""},
		{
			"written outside the model", "asset", pairs{"external_id", "1", "name", "a", "mine", written(`[]`)}, Added,
			"", `{"external_id":"1","name":"a","mine":[]}`,
		},
		{"no JSON", "vulnerability", pairs{"external_id", "1", "name", "v", "links", raw(`{"a":}`)}, Skipped, "links is not JSON", ""},
		{"no JSON outside the model", "asset", pairs{"external_id", "1", "name", "v", "mine", raw(`]`)}, Skipped, "mine is not JSON", ""},
		{"scalars as JSON", "port", pairs{"external_id", raw(`"p\u0031"`), "port_number", raw(`443`), "protocol", raw(`"tcp"`)}, Added, "",
			`{"external_id":"p1","port_number":443,"protocol":"tcp"}`},
		{"bad scalars as JSON", "port", pairs{"external_id", raw(`12`), "port_number", raw(`1e999`), "protocol", raw(`true`)}, Skipped,
			"port_number is a number out of range; protocol must be a string, not a boolean; external_id must be a string, not a number", ""},
		{
			"fraction", "port", pairs{"external_id", "p", "port_number", 1.5, "protocol", "tcp"}, Skipped,
			"port_number must be a whole number, not 1.5", "",
		},
		{"hostname", "hostname", pairs{"_key", "h.example"}, Added, "", `{"_key":"h.example"}`},
		{"hostname of bad characters", "hostname", pairs{"_key", "a<b"}, Skipped, `external_id does not match ^[^&#^|?<>\[\]]+$: "a<b"`, ""},
		{
			"hostname with its own external id", "hostname", pairs{"_key", "a<b", "external_id", "ab"}, Added, "",
			`{"_key":"a<b","external_id":"ab"}`,
		},
		{"hostname without key", "hostname", pairs{"host_name", "h"}, Skipped, "_key is required", ""},
		{"hostname of a number", "hostname", pairs{"_key", 5}, Skipped,
			"external_id must be a string, not a number; host_name must be a string, not a number; _key must be a string, not a number", ""},
		{"address", "ipaddress", pairs{"_key", "10.0.0.1"}, Added, "", `{"_key":"10.0.0.1"}`},
		{"no address", "ipaddress", pairs{"_key", "ten"}, Skipped, `name does not match ^[a-fA-F0-9:\.]+$: "ten"`, ""},
		{"empty address", "ipaddress", pairs{"_key", ""}, Skipped, "name must not be empty", ""},
		{"hardware address", "macaddress", pairs{"_key", "00:11:22:aa:bb:cc"}, Added, "", `{"_key":"00:11:22:aa:bb:cc"}`},
		{"no hardware address", "macaddress", pairs{"_key", "0011"}, Skipped, `name does not match`, ""},
		{"region", "geolocation", pairs{"external_id", "g", "region", "EU"}, Added, "", `{"external_id":"g","region":"EU"}`},
		{"region and coordinates", "geolocation", pairs{"external_id", "g", "region", "EU", "longitude", 1, "latitude", 2}, Skipped,
			"must have exactly one of: longitude and latitude, or region", ""},
		{"nowhere", "geolocation", pairs{"external_id", "g"}, Skipped, "must have exactly one of: longitude and latitude, or region", ""},
		{"geolocation without key", "geolocation", pairs{"region", "EU"}, Skipped, "external_id is required", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			sender := newRecorder(t)
			config := testConfig(t, sender)
			var skips []Skip
			config.Skipped = func(s Skip) { skips = append(skips, s) }
			s := newSubmission(t, config)
			result := add(t, s, test.collection, test.properties...)
			if result.Outcome != test.want {
				t.Errorf("outcome %v, want %v (%v)", result.Outcome, test.want, result.Faults)
			}
			if got := model.Faults(result.Faults); got != test.faults && (test.faults == "" || !strings.HasPrefix(got, test.faults)) {
				t.Errorf("faults %q, want %q", got, test.faults)
			}
			if (test.want == Skipped) != (len(skips) == 1) {
				t.Errorf("told of %d skips", len(skips))
			}
			if err := s.SendVertices(t.Context()); err != nil {
				t.Fatal(err)
			}
			sent := sender.objects(test.collection)
			if test.want == Skipped {
				if len(sent) != 0 {
					t.Errorf("sent %v", sent)
				}
				return
			}
			want, err := esjson.Decode([]byte(test.sent))
			if err != nil || len(sent) != 1 || !reflect.DeepEqual(sent[0], want) {
				t.Errorf("sent %v, want %v", sent, want)
			}
			if !strings.Contains(string(sender.bodies[0]), test.sent) {
				t.Errorf("the page does not spell the object as %s:\n%s", test.sent, sender.bodies[0])
			}
		})
	}
}

// A skipped object between others leaves no trace in the page, neither does one that was never
// committed.
func TestRollBack(t *testing.T) {
	sender := newRecorder(t)
	s := newSubmission(t, testConfig(t, sender))
	add(t, s, "asset", "external_id", "1", "name", "a")
	add(t, s, "asset", "external_id", "2")
	d, err := s.Vertex("asset")
	if err != nil {
		t.Fatal(err)
	}
	d.String("external_id", "3")
	add(t, s, "asset", "external_id", "4", "name", "d")
	link(t, s, "asset_ipaddress", "1", "10.0.0.1")
	if _, err = s.Link("asset_ipaddress", "2", "10.0.0.2"); err != nil {
		t.Fatal(err)
	}
	link(t, s, "asset_ipaddress", "4", "10.0.0.4")
	if err := s.SendEdges(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := keysOf(sender.objects("asset"), "external_id"); got != "1 4" {
		t.Errorf("assets %s", got)
	}
	if got := keysOf(sender.objects("asset_ipaddress"), "_to"); got != "ipaddress/10.0.0.1 ipaddress/10.0.0.4" {
		t.Errorf("edges %s", got)
	}
}

// Committing twice must not spoil the page.
func TestCommitTwice(t *testing.T) {
	sender := newRecorder(t)
	s := newSubmission(t, testConfig(t, sender))
	d, err := s.Vertex("asset")
	if err != nil {
		t.Fatal(err)
	}
	push(d, pairs{"external_id", "1", "name", "a"})
	for _, want := range []error{nil, errCommitted} {
		if _, err := d.Commit(); err != want {
			t.Errorf("got %v, want %v", err, want)
		}
	}
	d.String("name", "too late")
	if err := s.SendVertices(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := keysOf(sender.objects("asset"), "name"); got != "a" {
		t.Errorf("sent %s", got)
	}
}

func keysOf(objects []map[string]any, name string) string {
	var keys []string
	for _, o := range objects {
		keys = append(keys, fmt.Sprint(o[name]))
	}
	return strings.Join(keys, " ")
}

func TestEdges(t *testing.T) {
	const stamps = `"report":"rep","source":"src","active":true,"timestamp":1700000000000`
	tests := []struct {
		name string
		add  func(s *Submission) Result
		want string // the object's JSON, or the faults
	}{
		{"short", func(s *Submission) Result { return link(t, s, "asset_ipaddress", "a\"1", "10.0.0.1") },
			`{"_from_external_id":"a\"1","_to":"ipaddress/10.0.0.1",` + stamps + `}`},
		{"short with the collection", func(s *Submission) Result { return link(t, s, "asset_ipaddress", "a1", "ipaddress/10.0.0.1") },
			`{"_from_external_id":"a1","_to":"ipaddress/10.0.0.1",` + stamps + `}`},
		{"short with properties", func(s *Submission) Result { return link(t, s, "asset_vulnerability", "a", "v", "risk_score", 7) },
			`{"_from_external_id":"a","_to_external_id":"v","risk_score":7,` + stamps + `}`},
		{"object", func(s *Submission) Result {
			return add(t, s, "ipaddress_port", "_to_external_id", "p", "_from", "ipaddress/::1")
		}, `{"_to_external_id":"p","_from":"ipaddress/::1",` + stamps + `}`},
		{"object with plain keys", func(s *Submission) Result {
			return add(t, s, "ipaddress_port", "_from", "0/10.0.0.1", "_to_external_id", "p")
		}, `{"_from":"ipaddress/0/10.0.0.1","_to_external_id":"p",` + stamps + `}`},
		{"object with a key as JSON", func(s *Submission) Result {
			return add(t, s, "ipaddress_port", "_from", raw(`"10.0.0.\u0031"`), "_to_external_id", raw(`"p"`))
		}, `{"_from":"ipaddress/10.0.0.1","_to_external_id":"p",` + stamps + `}`},
		{"ends in the other property", func(s *Submission) Result {
			return add(t, s, "account_hostname", "_from", "account/1", "_to", "hostname/h")
		}, "_from is the wrong property: name the account in _from_external_id; _to is the wrong property: name the hostname in _to_external_id"},
		{"an external id where a key is due", func(s *Submission) Result {
			return add(t, s, "asset_ipaddress", "_from_external_id", "1", "_to_external_id", "10.0.0.1")
		}, "_to_external_id is the wrong property: name the ipaddress in _to"},
		{"both properties", func(s *Submission) Result {
			return add(t, s, "asset_ipaddress", "_from", "asset/1", "_from_external_id", "1", "_to", "::1")
		}, `{"_from":"asset/1","_from_external_id":"1","_to":"ipaddress/::1",` + stamps + `}`},
		{"object with another collection", func(s *Submission) Result {
			return add(t, s, "asset_ipaddress", "_from_external_id", "1", "_to", "hostname/h")
		}, `_to must name a vertex of ipaddress, not of hostname: "hostname/h"`},
		{"short with another collection", func(s *Submission) Result { return link(t, s, "asset_ipaddress", "1", "hostname/h") },
			`_to must name a vertex of ipaddress, not of hostname: "hostname/h"`},
		{"short without a key", func(s *Submission) Result { return link(t, s, "asset_ipaddress", "1", "") }, `_to must not be empty`},
		{"the collection alone", func(s *Submission) Result {
			return add(t, s, "asset_ipaddress", "_from_external_id", "1", "_to", "ipaddress/")
		}, `_to must not be empty`},
		{"short where a host name is reached by external id", func(s *Submission) Result { return link(t, s, "account_hostname", "1", "h") },
			`{"_from_external_id":"1","_to_external_id":"h",` + stamps + `}`},
		{"the same with the collection", func(s *Submission) Result { return link(t, s, "account_hostname", "account/1", "hostname/h") },
			`{"_from_external_id":"account/1","_to_external_id":"h",` + stamps + `}`},
		{"an end that is no text", func(s *Submission) Result { return add(t, s, "account_hostname", "_from", 1, "_to", "hostname/h") },
			"_from must be a string, not a number; _from is the wrong property: name the account in _from_external_id; " +
				"_to is the wrong property: name the hostname in _to_external_id"},
		{"own stamps", func(s *Submission) Result {
			return add(t, s, "asset_account", "source", "src", "_from_external_id", "1", "_to_external_id", "2",
				"active", false, "timestamp", 5, "report", "r")
		}, `{"source":"src","_from_external_id":"1","_to_external_id":"2","active":false,"timestamp":5,"report":"r"}`},
		{"without an end", func(s *Submission) Result { return add(t, s, "asset_account", "_from_external_id", "1", "source", 3) },
			"_to_external_id is required; source must be a string, not a number"},
		{"bad property", func(s *Submission) Result { return link(t, s, "asset_vulnerability", "a", "v", "port", 443) },
			"port must be an object, not a number"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			sender := newRecorder(t)
			s := newSubmission(t, testConfig(t, sender))
			result := test.add(s)
			if err := s.SendEdges(t.Context()); err != nil {
				t.Fatal(err)
			}
			if result.Outcome == Skipped {
				if got := model.Faults(result.Faults); got != test.want || sender.posted() != 0 {
					t.Errorf("faults %q, want %q; %d pages", got, test.want, sender.posted())
				}
				return
			}
			if sender.posted() != 1 || !strings.Contains(string(sender.bodies[0]), "[\n"+test.want+"\n]}") {
				t.Errorf("posted %s, want %s", sender.bodies, test.want)
			}
		})
	}
}

func TestUnknownCollections(t *testing.T) {
	s := newSubmission(t, testConfig(t, newRecorder(t)))
	for name, err := range map[string]error{
		"no vertex collection \"assets\"":      second(s.Vertex("assets")),
		"no vertex collection \"asset_user\"":  second(s.Vertex("asset_user")),
		"no edge collection \"asset\"":         second(s.Edge("asset")),
		"no edge collection \"user_asset\"":    second(s.Link("user_asset", "1", "2")),
		"no collection \"nothing\"":            s.Replace("nothing", nil),
		"no vertex collection \"asset_asset\"": second(s.Vertex("asset_asset")),
	} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("got %v, want %s", err, name)
		}
	}
}

func second(_ *Draft, err error) error { return err }

func TestSkipNamesTheObject(t *testing.T) {
	config := testConfig(t, newRecorder(t))
	var skips []Skip
	config.Skipped = func(s Skip) { skips = append(skips, s) }
	s := newSubmission(t, config)
	add(t, s, "asset", "external_id", "1", "description", strings.Repeat("ü", 400))
	add(t, s, "asset", "external_id", 12)
	add(t, s, "asset", "name", 12)
	link(t, s, "asset_vulnerability", "a", "v", "port", 443)
	add(t, s, "asset_ipaddress", "_to", "ipaddress/::1")
	var got []string
	for _, skip := range skips {
		got = append(got, skip.Collection+" "+skip.Key)
		if len(skip.Object) > shownObject+len("…") || !strings.HasPrefix(skip.Object, `{"`) {
			t.Errorf("object %q", skip.Object)
		}
	}
	want := []string{"asset 1", "asset 12", "asset ", "asset_vulnerability a → v", "asset_ipaddress  → ::1"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if counts := s.Counts(); counts["asset"].Skipped != 3 || counts["asset_vulnerability"].Skipped != 1 {
		t.Errorf("counts %+v", counts)
	}
}
