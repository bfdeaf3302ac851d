package carserver

import (
	"database/sql"
	"strings"
	"testing"
)

// version1 returns the path of a state of version 1, made by the program of commit 7bfb5b1.
func version1(tb testing.TB) string {
	tb.Helper()
	return unpacked(tb, "version1")
}

// migrated is the graph of the source s in that state after the upgrade.
func migrated() Graph {
	return Graph{
		Vertices: map[VertexID]string{
			{"asset", "1"}: `{"floor":4,"name":"one more"}`, {"asset", "2"}: `{"name":"two"}`, {"asset", "k"}: `{"name":"k"}`,
			{"ipaddress", "10.0.0.1"}:           `{"name":"10.0.0.1"}`,
			{"ipaddress", "west/10.0.0.2"}:      `{"name":"10.0.0.2","region_id":"west"}`,
			{"ipaddress", "fe80::1"}:            `{"name":"fe80::1"}`,
			{"hostname", "h.example"}:           `{"host_name":"h.example"}`,
			{"hostname", "i.example"}:           `{"host_name":"I"}`,
			{"macaddress", "00:00:5e:00:53:01"}: `{"interface":"eth0","name":"00:00:5e:00:53:01"}`,
			{"site", "s1"}:                      `{"name":"here"}`,
		},
		Edges: map[EdgeID]string{
			{"asset_ipaddress", "1", "10.0.0.1", ""}:                 `{"properties":{"a":1}}`,
			{"asset_ipaddress", "1", "west/10.0.0.2", ""}:            `{}`,
			{"asset_hostname", "1", "h.example", ""}:                 `{}`,
			{"ipaddress_ipaddress", "10.0.0.1", "west/10.0.0.2", ""}: `{}`,
			{"site_asset", "s1", "1", ""}:                            `{}`,
		},
		Tags: map[VertexID]string{
			{"asset", "1"}: `["green","red"]`, {"asset", "2"}: `["red"]`, {"ipaddress", "10.0.0.1"}: `["net"]`,
		},
	}
}

func TestMigration(t *testing.T) {
	path := version1(t)
	for _, when := range []string{"opened", "opened again"} {
		c := start(t, Config{Path: path})
		if d := migrated().Diff(c.graph()); len(d) > 0 {
			t.Errorf("%s: %s", when, strings.Join(d, "\n"))
		}
		if got := text(t, c.ok("GET", "/v2/source/s", "")); got != `{"_key":"s","model_state_id":"42","name":"a source"}` {
			t.Errorf("%s: source: %s", when, got)
		}
		if d := c.seen(); d["ready"] != true {
			t.Errorf("%s: database: %v", when, d)
		}
		for table, want := range map[string]string{
			"e_asset_ipaddress WHERE source = 's' AND _t2 IS NOT NULL": "2 0/fe80::1, 2 0/10.0.0.1, gone 0/10.0.0.9, 2 0/fe80::1",
			"e_asset_hostname WHERE _t2 IS NOT NULL":                   "1 h.example, 1 h.example",
			"e_tag_asset WHERE _t2 IS NOT NULL":                        "red 1, blue 1, blue gone",
			"e_asset_ipaddress WHERE source = 'other'":                 "1 0/10.0.0.2",
		} {
			if got := strings.Join(c.history(table, "from_key, to_key"), ", "); got != want {
				t.Errorf("%s: %s: %s\nwant %s", when, table, got, want)
			}
		}
		c.stop()
	}

	c := start(t, Config{Path: path})
	// An edge that was switched off comes back with its properties.
	c.ok("PATCH", "/v2/asset_ipaddress?source=s&from=2&to=0/fe80::1", `{"active":true}`)
	c.ok("PATCH", "/v2/asset_ipaddress?source=s&from=2&to=10.0.0.1", `{"active":true}`)
	want := migrated()
	want.Edges[EdgeID{"asset_ipaddress", "2", "fe80::1", ""}] = `{"created":5}`
	want.Edges[EdgeID{"asset_ipaddress", "2", "10.0.0.1", ""}] = `{"created":6}`
	if d := want.Diff(c.graph()); len(d) > 0 {
		t.Errorf("switched on again: %s", strings.Join(d, "\n"))
	}
	// Reporting the same again creates no new versions.
	count := func() []string { return c.history("v_ipaddress", "key, doc") }
	before := strings.Join(count(), "\n")
	c.load(`"ipaddress":[{"_key":"10.0.0.1"},{"_key":"10.0.0.2","region_id":"west"},{"_key":"fe80::1","name":"fe80::2"}]`)
	if after := strings.Join(count(), "\n"); after != before {
		t.Errorf("reported again: %s\nwant %s", after, before)
	}
	c.job("POST", full, "")
	c.job("DELETE", full, "")
	c.graphIs("an empty full import", "")
}

func TestMigrationOfAnyOtherVersion(t *testing.T) {
	path := version1(t)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("PRAGMA user_version = 4"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	if _, err := Open(Config{Path: path}); err == nil || !strings.Contains(err.Error(), "has version 4, this program reads versions 1 to 3") {
		t.Errorf("%v", err)
	}
}

// A service with PlainAddressIDs leaves out the default region, whatever the form of the file.
func TestPlainAddressIDs(t *testing.T) {
	path := version1(t)
	for _, plain := range []bool{true, false, true} {
		c := start(t, Config{Path: path, PlainAddressIDs: plain})
		if d := migrated().Diff(c.graph()); len(d) > 0 {
			t.Errorf("plain %v: %s", plain, strings.Join(d, "\n"))
		}
		prefix := "0/"
		if plain {
			prefix = ""
		}
		_, got := c.query(`{ipaddress(where:{source:{_eq:"s"}}){id external_id} asset_ipaddress(where:{source:{_eq:"s"}}){ipaddress_id}}`, nil)
		for _, want := range []string{
			`"id":"s/` + prefix + `10.0.0.1","external_id":"` + prefix + `10.0.0.1"`, `"id":"s/west/10.0.0.2"`,
			`"ipaddress_id":"s/` + prefix + `10.0.0.1"`, `"ipaddress_id":"s/west/10.0.0.2"`,
		} {
			if !strings.Contains(got, want) {
				t.Errorf("plain %v: %s lacks %s", plain, got, want)
			}
		}
		c.stop()
	}
}

// A file may have an edge whose end names a region, which meant nothing then, next to the edge at
// the same address without one.
func TestMigrationOfEdgesThatMeet(t *testing.T) {
	path := version1(t)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{"0/10.0.0.1", "west/10.0.0.2"} {
		_, err := db.Exec(`INSERT INTO e_asset_ipaddress (source, from_key, to_key, active, doc, report, reported_at, generation, _t1)
			VALUES ('s', '1', ?, 1, '{}', 'r', 1, 0, 1)`, to)
		if err != nil {
			t.Fatal(err)
		}
	}
	db.Close()
	c := start(t, Config{Path: path})
	want := migrated()
	want.Edges[EdgeID{"asset_ipaddress", "1", "10.0.0.1", ""}] = "{}"
	if d := want.Diff(c.graph()); len(d) > 0 {
		t.Errorf("%s", strings.Join(d, "\n"))
	}
	if got := c.history("e_asset_ipaddress WHERE source = 's' AND from_key = '1' AND _t2 IS NULL", "to_key"); len(got) != 2 {
		t.Errorf("current edges: %q", got)
	}
}

// A database that was not complete stays so.
func TestMigrationOfStates(t *testing.T) {
	for state, indexed := range map[string]bool{
		`{"created":false}`: false, `{"created":true}`: false, `{"created":true,"collections":true,"graph":"assets"}`: true,
	} {
		path := version1(t)
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec("UPDATE state SET value = ? WHERE name = 'database'", state); err != nil {
			t.Fatal(err)
		}
		if !indexed {
			dropIndexes(t, db)
		}
		db.Close()
		c := start(t, Config{Path: path})
		if state == `{"created":false}` {
			c.refused("GET", "/v2/databases", "", 400, "not created")
			c.job("POST", "/v2/databases", "")
		} else if got := c.seen(); got["ready"] != indexed || got["unindexed"] == indexed {
			t.Errorf("%s: %v", state, got)
		} else {
			c.complete()
		}
		if got := c.seen(); got["ready"] != true {
			t.Errorf("%s: completed: %v", state, got)
		}
	}
}

// dropIndexes drops the indexes that an incomplete database lacks.
func dropIndexes(t *testing.T, db *sql.DB) {
	t.Helper()
	var names string
	err := db.QueryRow(`SELECT group_concat(name) FROM sqlite_schema WHERE type = 'index' AND name LIKE '%\_by\_%' ESCAPE '\'`).Scan(&names)
	if err != nil {
		t.Fatal(err)
	}
	for name := range strings.SplitSeq(names, ",") {
		if _, err := db.Exec(`DROP INDEX "` + name + `"`); err != nil {
			t.Fatal(err)
		}
	}
}
