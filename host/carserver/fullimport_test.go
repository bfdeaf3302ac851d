package carserver

import (
	"strings"
	"testing"
)

const full = "/v2/source/s/full-import-in-progress"

// graphIs compares the ids in the source's graph.
func (c *client) graphIs(when, want string) {
	c.tb.Helper()
	empty := Graph{}
	var ids []string
	for _, line := range empty.Diff(c.graph()) {
		id, _, _ := strings.Cut(strings.TrimPrefix(line, "+ "), " {")
		ids = append(ids, id)
	}
	if got := strings.Join(ids, ", "); got != want {
		c.tb.Errorf("%s: %s\nwant %s", when, got, want)
	}
}

func TestFullImportRetires(t *testing.T) {
	c := start(t, Config{Prepared: true})
	c.loadAs("other", assets)
	c.load(assets + `,"ipaddress":[{"_key":"10.0.0.1"}],` + edges)
	c.job("DELETE", full, "") // without a full import there is nothing to leave
	c.graphIs("before", "asset/1, asset/2, asset_ipaddress/1 -> 10.0.0.1, ipaddress/10.0.0.1")

	c.job("POST", full, "")
	c.load(`"asset":[{"external_id":"1","name":"a"},{"external_id":"3","name":"c"}]`)
	c.graphIs("not left yet", "asset/1, asset/2, asset/3, asset_ipaddress/1 -> 10.0.0.1, ipaddress/10.0.0.1")
	c.job("DELETE", full, "")
	c.graphIs("left", "asset/1, asset/3")
	c.job("DELETE", full, "")
	c.graphIs("left twice", "asset/1, asset/3")
	if g, err := c.carsrv.Graph(t.Context(), "other"); err != nil || len(g.Vertices) != 2 {
		t.Errorf("another source: %v %v", g, err)
	}

	c.load(`"asset":[{"external_id":"4","name":"d"}]`)
	c.job("DELETE", full, "")
	c.graphIs("incremental", "asset/1, asset/3, asset/4")
}

// A full import that died leaves what it reported; after entering again, only the new import
// counts.
func TestFullImportIsEnteredTwice(t *testing.T) {
	c := start(t, Config{Prepared: true})
	c.job("POST", full, "")
	c.load(`"asset":[{"external_id":"1","name":"a"}]`)
	c.job("POST", full, "")
	c.load(`"asset":[{"external_id":"2","name":"b"}]`)
	c.job("DELETE", full, "")
	c.graphIs("left", "asset/2")
}

// Jobs run in the order in which they were accepted, so there is no need to wait between the steps.
func TestFullImportWithoutWaiting(t *testing.T) {
	c := start(t, Config{Prepared: true})
	c.load(assets)
	c.ok("POST", full, "")
	c.post(envelope("s", `"asset":[{"external_id":"2","name":"b"}]`))
	c.job("DELETE", full, "")
	c.graphIs("left", "asset/2")
}

func TestEmptyFullImport(t *testing.T) {
	c := start(t, Config{Prepared: true})
	c.load(assets)
	c.job("POST", full, "")
	c.load("")
	c.job("DELETE", full, "")
	c.graphIs("left", "")
	if counts, err := c.carsrv.Counts(t.Context(), "s"); err != nil || len(counts) != 0 {
		t.Errorf("%v %v", counts, err)
	}
}

func TestDelete(t *testing.T) {
	const setup = `"asset":[{"external_id":"1","name":"a"},{"external_id":"2","name":"b"},{"external_id":"x,y","name":"c"},{"external_id":"ä&=","name":"d"}],
		"ipaddress":[{"_key":"10.0.0.1"},{"_key":"fe80::1"}],
		"asset_ipaddress":[{"_from_external_id":"1","_to":"ipaddress/10.0.0.1"},{"_from_external_id":"2","_to":"ipaddress/fe80::1"}],
		"ipaddress_port":[{"_from":"ipaddress/10.0.0.1","_to_external_id":"p"}]`
	const edge1, edge2, port = ", asset_ipaddress/1 -> 10.0.0.1", ", asset_ipaddress/2 -> fe80::1", ", ipaddress_port/10.0.0.1 -> p"
	for _, test := range []struct{ name, path, want string }{
		{"one", "asset?external_ids=1", "asset/2, asset/x,y, asset/ä&=" + edge2 + ", ipaddress/10.0.0.1, ipaddress/fe80::1" + port},
		{"several", "asset?external_ids=1,2,9", "asset/x,y, asset/ä&=, ipaddress/10.0.0.1, ipaddress/fe80::1" + port},
		{"list escaped as a whole", "asset?external_ids=1%2C2", "asset/x,y, asset/ä&=, ipaddress/10.0.0.1, ipaddress/fe80::1" + port},
		{
			"an id with a comma", "asset?external_ids=x%2Cy",
			"asset/1, asset/2, asset/ä&=" + edge1 + edge2 + ", ipaddress/10.0.0.1, ipaddress/fe80::1" + port,
		},
		{"a comma among several", "asset?external_ids=x%2Cy,1", "asset/2, asset/ä&=" + edge2 + ", ipaddress/10.0.0.1, ipaddress/fe80::1" + port},
		{"escaped", "asset?external_ids=%C3%A4%26%3D,1", "asset/2, asset/x,y" + edge2 + ", ipaddress/10.0.0.1, ipaddress/fe80::1" + port},
		{"keys", "ipaddress?keys=10.0.0.1,fe80::1", "asset/1, asset/2, asset/x,y, asset/ä&="},
		{
			"none", "asset?external_ids=",
			"asset/1, asset/2, asset/x,y, asset/ä&=" + edge1 + edge2 + ", ipaddress/10.0.0.1, ipaddress/fe80::1" + port,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := start(t, Config{Prepared: true})
			c.load(setup)
			c.loadAs("other", setup)
			before, err := c.carsrv.Graph(t.Context(), "other")
			if err != nil {
				t.Fatal(err)
			}
			c.ok("DELETE", "/v2/source/s/"+test.path, "")
			c.graphIs(test.name, test.want)
			after, err := c.carsrv.Graph(t.Context(), "other")
			if err != nil || !before.Equal(after) || len(after.Edges) != 3 {
				t.Errorf("another source: %q %v", before.Diff(after), err)
			}
		})
	}
}
