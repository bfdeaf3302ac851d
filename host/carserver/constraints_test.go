package carserver

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
)

// rackExtension uses everything that extensions can say about properties.
const rackExtension = `{"key":"8e6ebbde-0000-4000-8000-000000000003","owner":"racks","version":"1","schema":{
	"vertices":[{"name":"rack","properties":{
		"room":{"type":"text","unique":true,"required":true,"default":"none","validation":[{"pattern":"^[a-z]+[0-9]*$","error_message":"no room: %"}]},
		"units":{"type":"integer","default":42,"validation":[{"minimum":1,"maximum":60}]},
		"serial":{"type":"bigserial","required":true},
		"asset":{"type":"bigint","unique":true},
		"gateway":{"type":"inet"},"uplink":{"type":"macaddr"},"built":{"type":"timestamp"}},
		"validation":[{"oneOf":{"pattern":[{"required":["gateway"]},{"required":["uplink"]}],"error_message":"a gateway or an uplink"}}]}],
	"edges":[{"end1":"rack","end2":"asset","properties":{"slot":{"type":"integer","unique":true,"default":1}}}]}}`

// racks returns what queries show of the racks, ordered by id.
func (c *client) racks(fields string) string {
	c.tb.Helper()
	_, got := c.query(`{rack(order_by:{external_id:asc}){`+fields+`}}`, nil)
	return strings.TrimSuffix(strings.TrimPrefix(got, `{"data":{"rack":`), `}}`)
}

// fails posts an import that must fail with status 422 and a message that contains the text.
func (c *client) fails(collections, text string) {
	c.tb.Helper()
	failed := c.finished(c.post(envelope("s", collections)))
	if len(failed) != 1 {
		c.tb.Fatalf("%s: %v", collections, failed)
	}
	failure := failed[0].(map[string]any)
	if message, _ := failure["error"].(string); failure["statusCode"] != 422.0 || !strings.Contains(message, text) {
		c.tb.Errorf("%s: %v\nwant %s", collections, failure, text)
	}
}

func TestConstraintsOfExtensions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "car.db")
	c := start(t, Config{Prepared: true, Path: path})
	c.ok("POST", "/v3/carSchema", rackExtension)

	// Missing values are filled in: defaults, and numbers that stay with their object.
	c.load(`"rack":[{"external_id":"a","gateway":"::1","room":"a1"},{"external_id":"b","uplink":"08002b010203","serial":7,"asset":9007199254740993}]`)
	if got, want := c.racks("external_id room units serial asset"), `[{"external_id":"a","room":"a1","units":42,"serial":1,"asset":null},`+
		`{"external_id":"b","room":"none","units":42,"serial":7,"asset":9007199254740993}]`; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	c.load(`"rack":[{"external_id":"a","gateway":"10.0.0.0/8","room":"a2","units":1},{"external_id":"c","gateway":"::","room":"c"}]`)
	if got, want := c.racks("external_id room units serial"), `[{"external_id":"a","room":"a2","units":1,"serial":1},`+
		`{"external_id":"b","room":"none","units":42,"serial":7},{"external_id":"c","room":"c","units":42,"serial":2}]`; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}

	// Unique values are unique within their source; the error names the objects that share one.
	c.fails(`"rack":[{"external_id":"d","gateway":"::","room":"c"}]`, `rack "d": room must be unique: "c" and "d" have "c"`)
	c.fails(`"rack":[{"external_id":"d","gateway":"::","room":"d","asset":9007199254740993}],"asset":[{"external_id":"1","name":"n"}]`,
		`asset must be unique: "b" and "d" have 9007199254740993; the other collections were imported`)
	c.fails(`"rack":[{"external_id":"d","gateway":"::","room":"d"},{"external_id":"e","gateway":"::","room":"d"}]`,
		`rack was not imported: 2 of 2 objects are invalid: rack "d": room must be unique: "d" and "e" have "d"; rack "e":`)
	c.fails(`"asset":[{"external_id":"2","name":"n"}],"rack_asset":[{"_from_external_id":"a","_to_external_id":"1"},{"_from_external_id":"a","_to_external_id":"2"}]`,
		`rack_asset "a -> 1": slot must be unique: "a -> 1" and "a -> 2" have 1`)
	c.load(`"rack":[{"external_id":"a","gateway":"::","room":"c"},{"external_id":"c","gateway":"::","room":"a2"}]`) // they exchange theirs
	c.refused("PATCH", "/v2/rack?external_id=a&source=s", `{"room":"a2"}`, 422, "room must be unique")
	c.ok("PATCH", "/v2/rack?external_id=a&source=s", `{"room":"c1"}`)
	c.load(`"rack":[{"external_id":"d","gateway":"::","room":"c"}]`)
	c.ok("DELETE", "/v2/source/s/rack?external_ids=d", "")
	c.load(`"rack":[{"external_id":"e","gateway":"::","room":"c"}]`)
	c.loadAs("t", `"rack":[{"external_id":"a","gateway":"::","room":"c"}]`)

	// The extension's validation rules apply, with its error messages.
	for object, text := range map[string]string{
		`"room":"7"`:                   `rack "x": room is not valid: no room: 7`,
		`"units":61`:                   "units must be from 1 to 60, not 61",
		`"asset":9223372036854775808`:  "asset must be from -9223372036854775808 to 9223372036854775807",
		`"built":"yesterday"`:          "built must be an ISO 8601 time",
		`"uplink":"08:00:2b:01:02:03"`: "is not valid: a gateway or an uplink",
	} {
		c.fails(`"rack":[{"external_id":"x","gateway":"::",`+object+`}]`, text)
	}

	schema := text(t, c.ok("GET", "/v3/importSchema?version=v2", ""))
	for _, part := range []string{
		`"error_message":"no room: %"`, `"unique":true`, `"default":42`, `"minimum":1`, `"maximum":2147483647`,
		`"error_message":"a gateway or an uplink"`,
	} {
		if !strings.Contains(schema, part) {
			t.Errorf("the import schema lacks %s", part)
		}
	}
	c.stop()
	c = start(t, Config{Path: path})
	c.load(`"rack":[{"external_id":"z","gateway":"::","room":"z"}]`)
	if got := c.racks("external_id serial"); !strings.HasSuffix(got, `{"external_id":"z","serial":6}]`) {
		t.Errorf("after a start: %s", got)
	}
}

// An extension that an earlier version accepted under other rules must not keep the service from
// opening its state.
func TestStoredExtensionOfOtherRules(t *testing.T) {
	path := filepath.Join(t.TempDir(), "car.db")
	c := start(t, Config{Path: path, Prepared: true})
	err := c.carsrv.store.update(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec("INSERT INTO extensions (key, doc) VALUES (?, ?)", "old", `{"key":"old","owner":"o","version":"1","schema":{"vertices":[
			{"name":"my_rack2","properties":{"u1":{"type":"text","validation":{"any":"thing"}}}}]}}`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	c.stop()
	c = start(t, Config{Path: path, Prepared: true})
	c.load(`"my_rack2":[{"external_id":"1","u1":"x"}]`)
	c.ok("POST", "/v3/carSchema", rackExtension)
	c.graphIs("with both", "my_rack2/1")
}

// In a full import, a value is free if the object that had it has not been reported: values may
// move in the data source between two full imports.
func TestUniqueValuesInAFullImport(t *testing.T) {
	c := start(t, Config{Prepared: true})
	c.ok("POST", "/v3/carSchema", rackExtension)
	c.loadAs("t", `"rack":[{"external_id":"a","gateway":"::","room":"c"}]`)
	c.job("POST", "/v2/source/t/full-import-in-progress", "")
	c.loadAs("t", `"rack":[{"external_id":"b","gateway":"::","room":"c"}]`)
	failed := c.finished(c.post(envelope("t", `"rack":[{"external_id":"a","gateway":"::","room":"c"}]`)))
	if text := text(t, failed); !strings.Contains(text, "room must be unique") {
		t.Errorf("two racks in one room: %s", text)
	}
	c.job("DELETE", "/v2/source/t/full-import-in-progress", "")
	if got, want := c.racks("external_id room"), `[{"external_id":"b","room":"c"}]`; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}
