package carserver

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// All spellings of an address name one vertex: in imports, ends of edges, queries and calls.
func TestSpellingsOfAddresses(t *testing.T) {
	for _, plain := range []bool{false, true} {
		c := start(t, Config{Prepared: true, PlainAddressIDs: plain})
		c.load(`"asset":[{"external_id":"1","name":"a"}],
			"ipaddress":[{"_key":"2001:DB8:0:0::1","name":"2001:db8::0001"},{"_key":"2001:db8::1"},{"_key":"010.0.0.1"},
				{"_key":"2001:DB8::1","region_id":"west"},{"_key":"::FFFF:10.0.0.1"}],
			"asset_ipaddress":[{"_from_external_id":"1","_to":"ipaddress/2001:db8:0:0:0:0:0:1"},
				{"_from_external_id":"1","_to":"ipaddress/0/2001:DB8::1"},
				{"_from_external_id":"1","_to":"10.00.0.1"},{"_from_external_id":"1","_to":"west/2001:0db8::1"},
				{"_from_external_id":"1","_to":"ipaddress/::ffff:a00:1"}]`)
		c.graphIs("imported", "asset/1, asset_ipaddress/1 -> 10.0.0.1, asset_ipaddress/1 -> 2001:db8::1, asset_ipaddress/1 -> ::ffff:10.0.0.1, "+
			"asset_ipaddress/1 -> west/2001:db8::1, ipaddress/10.0.0.1, ipaddress/2001:db8::1, ipaddress/::ffff:10.0.0.1, "+
			"ipaddress/west/2001:db8::1")
		if dangling := c.answer(`{asset_ipaddress(where:{_not:{ipaddress:{}}}){ipaddress_id}}`); dangling != `{"asset_ipaddress":[]}` {
			t.Errorf("dangling: %s", dangling)
		}
		prefix := "0/"
		if plain {
			prefix = ""
		}
		for query, want := range map[string]string{
			`{ipaddress(where:{name:{_in:["2001:DB8::1","10.9.9.9"]}}){id name external_id region_id}}`: `{"ipaddress":[` +
				`{"id":"s/` + prefix + `2001:db8::1","name":"2001:db8::1","external_id":"` + prefix + `2001:db8::1","region_id":"0"},` +
				`{"id":"s/west/2001:db8::1","name":"2001:db8::1","external_id":"west/2001:db8::1","region_id":"west"}]}`,
			`{ipaddress(where:{name:{_eq:"010.0.0.1/32"}}){name}}`:             `{"ipaddress":[{"name":"10.0.0.1"}]}`,
			`{ipaddress(where:{external_id:{_eq:"west/2001:DB8::1"}}){name}}`:  `{"ipaddress":[]}`, // a text, no address
			`{ipaddress(where:{region_id:{_eq:"west"}}){assets{asset{name}}}}`: `{"ipaddress":[{"assets":[{"asset":[{"name":"a"}]}]}]}`,
			`{ipaddress(where:{region_id:{_eq:"west"}}){instances{id}}}`: `{"ipaddress":[{"instances":[` +
				`{"id":"s/` + prefix + `2001:db8::1"},{"id":"s/west/2001:db8::1"}]}]}`,
			`{ipaddress(where:{name:{_eq:"::ffff:10.0.0.1"}}){name connecting_id}}`: `{"ipaddress":[` +
				`{"name":"::ffff:10.0.0.1","connecting_id":"::ffff:10.0.0.1"}]}`,
		} {
			if got := c.answer(query); got != want {
				t.Errorf("%s: %s\nwant %s", query, got, want)
			}
		}
		for _, path := range []string{
			"ipaddress?name=2001:DB8::1", "ipaddress?_key=2001:DB8::1&region_id=0", "asset_ipaddress?_to=ipaddress/2001:DB8::1",
		} {
			if _, got := c.do("GET", "/v2/"+path, ""); !strings.Contains(got, "2001:db8::1") {
				t.Errorf("%s: %s", path, got)
			}
		}
		if _, got := c.do("GET", "/v2/ipaddress/2001:DB8::1/graph", ""); !strings.Contains(got, `"asset":[`) {
			t.Errorf("around the address: %s", got)
		}
		c.ok("PATCH", "/v2/asset_ipaddress?source=s&from=1&to=west/2001:DB8:0::1", `{"active":false}`)
		c.ok("PATCH", "/v2/ipaddress?external_id=west/2001:DB8:0::1", `{"pending_update":true}`)
		c.ok("DELETE", "/v2/source/s/ipaddress?keys=2001:DB8:0::1,0/010.0.0.1", "")
		c.graphIs("deleted", "asset/1, asset_ipaddress/1 -> ::ffff:10.0.0.1, ipaddress/::ffff:10.0.0.1, ipaddress/west/2001:db8::1")
		c.job("POST", full, "")
		c.load(`"ipaddress":[{"_key":"2001:0DB8::1","region_id":"west"}],"asset_ipaddress":[{"_from_external_id":"1","_to":"::FFFF:a00:1"}]`)
		c.job("DELETE", full, "")
		c.graphIs("reported in another spelling", "ipaddress/west/2001:db8::1")
	}
}

// An address with a null, empty or missing region is in the default region, and edges may name it
// in any of these ways.
func TestAddressesWithoutRegion(t *testing.T) {
	for _, region := range []string{``, `,"region_id":null`, `,"region_id":""`, `,"region_id":"0"`} {
		c := start(t, Config{Prepared: true})
		c.load(`"asset":[{"external_id":"1","name":"a"},{"external_id":"2","name":"b"},{"external_id":"3","name":"c"}],
			"ipaddress":[{"_key":"10.0.0.1"` + region + `}],"asset_ipaddress":[{"_from_external_id":"1","_to":"10.0.0.1"},
			{"_from_external_id":"2","_to":"ipaddress/0/10.0.0.1"},{"_from_external_id":"3","_to":"ipaddress//10.0.0.1"}]`)
		if got := c.answer(`{ipaddress{id region_id assets(order_by:{asset_id:asc}){asset_id}}}`); got !=
			`{"ipaddress":[{"id":"s/0/10.0.0.1","region_id":"0","assets":[{"asset_id":"s/1"},{"asset_id":"s/2"},{"asset_id":"s/3"}]}]}` {
			t.Errorf("%s: %s", region, got)
		}
	}
}

// Columns of extensions hold addresses by value, too.
func TestSpellingsInExtensions(t *testing.T) {
	c := start(t, Config{Prepared: true})
	c.ok("POST", "/v3/carSchema", rackExtension)
	c.load(`"rack":[{"external_id":"a","room":"a","gateway":"2001:DB8::/32"}]`)
	c.ok("PATCH", "/v2/rack?external_id=a", `{"gateway":"2001:DB8:0::/48"}`)
	if got := c.answer(`{rack(where:{gateway:{_eq:"2001:db8:0:0::/48"}}){gateway}}`); got != `{"rack":[{"gateway":"2001:db8::/48"}]}` {
		t.Errorf("patched: %s", got)
	}
	got := c.answer(`mutation{update_rack(where:{},_set:{gateway:"::FFFF"}){returning{gateway}}}`)
	if got != `{"update_rack":{"returning":[{"gateway":"::ffff"}]}}` {
		t.Errorf("updated: %s", got)
	}
}

// A MAC address is shown as PostgreSQL writes one, and its key is the text that was imported.
func TestSpellingsOfMACAddresses(t *testing.T) {
	c := start(t, Config{Prepared: true})
	c.ok("POST", "/v3/carSchema", rackExtension)
	c.load(`"asset":[{"external_id":"1","name":"a"}],"macaddress":[{"_key":"AA:BB:CC:00:11:22"}],
		"asset_macaddress":[{"_from_external_id":"1","_to":"macaddress/AA:BB:CC:00:11:22"}],
		"rack":[{"external_id":"a","room":"a","uplink":"0800.2B01.0203"}]`)
	const shown = `"name":"aa:bb:cc:00:11:22"`
	for query, want := range map[string]string{
		`{macaddress{id external_id name connecting_id}}`: `{"macaddress":[{"id":"s/AA:BB:CC:00:11:22","external_id":"AA:BB:CC:00:11:22",` +
			shown + `,"connecting_id":"aa:bb:cc:00:11:22"}]}`,
		`{macaddress(where:{name:{_eq:"aabb.cc00.1122"}}){name}}`:         `{"macaddress":[{` + shown + `}]}`,
		`{macaddress(where:{name:{_in:["AA-BB-CC-00-11-22"]}}){name}}`:    `{"macaddress":[{` + shown + `}]}`,
		`{macaddress(where:{external_id:{_eq:"aa:bb:cc:00:11:22"}}){id}}`: `{"macaddress":[]}`, // a text, no address
		`{asset{macaddresses{macaddress{name}}}}`:                         `{"asset":[{"macaddresses":[{"macaddress":[{` + shown + `}]}]}]}`,
		`{rack{uplink}}`: `{"rack":[{"uplink":"08:00:2b:01:02:03"}]}`,
		`{rack(where:{uplink:{_eq:"8:0:2B:1:2:3"}}){uplink}}`: `{"rack":[{"uplink":"08:00:2b:01:02:03"}]}`,
	} {
		if got := c.answer(query); got != want {
			t.Errorf("%s: %s\nwant %s", query, got, want)
		}
	}
	c.ok("PATCH", "/v2/rack?external_id=a", `{"uplink":"08-00-2B-FF-FF-FF"}`)
	if got := c.answer(`{rack{uplink}}`); got != `{"rack":[{"uplink":"08:00:2b:ff:ff:ff"}]}` {
		t.Errorf("patched: %s", got)
	}
	if _, got := c.do("GET", "/v2/rack?uplink=08002bffffff", ""); !strings.Contains(got, "08:00:2b:ff:ff:ff") {
		t.Errorf("searched: %s", got)
	}
}

// answer returns the data of a response.
func (c *client) answer(query string) string {
	c.tb.Helper()
	_, got := c.query(query, nil)
	return strings.TrimSuffix(strings.TrimPrefix(got, `{"data":`), "}")
}

// unpacked returns the path of a copy of a state in testdata.
func unpacked(tb testing.TB, name string) string {
	tb.Helper()
	packed, err := os.Open("testdata/" + name + ".db.gz")
	if err != nil {
		tb.Fatal(err)
	}
	defer packed.Close()
	reader, err := gzip.NewReader(packed)
	if err != nil {
		tb.Fatal(err)
	}
	data, err := io.ReadAll(reader)
	if err != nil {
		tb.Fatal(err)
	}
	path := filepath.Join(tb.TempDir(), "car.db")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		tb.Fatal(err)
	}
	return path
}

// A file of version 2, made by the program of commit 0b5c1d3, has addresses and ends of edges as
// they were sent, and one edge per pair of vertices.
func TestMigrationOfSpellings(t *testing.T) {
	path := unpacked(t, "version2")
	for _, plain := range []bool{false, true, false} {
		c := start(t, Config{Path: path, PlainAddressIDs: plain})
		c.graphIs("opened", "asset/1, asset/2, asset_ipaddress/1 -> 10.0.0.1 (e3), asset_ipaddress/1 -> 2001:db8::1 (e1), "+
			"asset_ipaddress/1 -> 2001:db8::1 (e2), asset_ipaddress/2 -> 2001:db8::1, asset_ipaddress/2 -> north/2001:db8::2, "+
			"ipaddress/10.0.0.1, ipaddress/10.0.0.2, ipaddress/2001:db8::1, "+
			`ipaddress/2001:db8::1 tags ["blue","red"], ipaddress/north/2001:db8::2`)
		if got := c.answer(`{ipaddress(where:{name:{_eq:"2001:DB8::1"}}){name tags{tag_id}}}`); got !=
			`{"ipaddress":[{"name":"2001:db8::1","tags":[{"tag_id":"s/blue"},{"tag_id":"s/red"}]}]}` {
			t.Errorf("plain %v: %s", plain, got)
		}
		if got := c.history("v_ipaddress WHERE _t2 IS NOT NULL", "doc ->> 'name'"); len(got) != 1 || got[0] != "2001:db8::1" {
			t.Errorf("plain %v: history: %q", plain, got)
		}
		c.stop()
	}
	c := start(t, Config{Path: path})
	c.load(`"asset_ipaddress":[{"_from_external_id":"1","_to":"10.0.0.1"},
		{"_from_external_id":"1","_to":"2001:DB8::1","external_id":"e1","active":false}]`)
	if got := len(c.graph().Edges); got != 5 {
		t.Errorf("%d edges: %v", got, c.graph().Edges)
	}
}
