package main

import (
	"encoding/json"
	"testing"

	"carjs/host"
)

// Times of a data source become the times they are, in the zone of the process.
func TestDatesInZone(t *testing.T) {
	url := answers(t, map[string]string{"/times": `["2024-10-27T02:30:00","2024-11-06T10:00:00+01:00","Wed, 06 Nov 2024 12:00:00 GMT",` +
		`"2024/11/06 10:00","Nov 6, 2024","1730894400","2024-11-06T10:00+02","10.0.0.7"]`})
	d := newDesk(t)
	d.env = append(d.env, "TZ=Europe/Berlin")
	d.reads(url, `
	for (const text of await client.get<string[]>("/times")) {
		const at = new Date(text);
		handler.addCollection("asset", { external_id: text, name: Number.isNaN(at.getTime()) ? "no date" : at.toISOString(), properties: { at: Date.parse(text) || undefined } });
	}`)
	d.ok(host.ModeFull, "small")
	want := map[string]string{
		"2024-10-27T02:30:00": "2024-10-27T00:30:00.000Z", "2024-11-06T10:00:00+01:00": "2024-11-06T09:00:00.000Z",
		"Wed, 06 Nov 2024 12:00:00 GMT": "2024-11-06T12:00:00.000Z", "2024/11/06 10:00": "2024-11-06T09:00:00.000Z",
		"Nov 6, 2024": "2024-11-05T23:00:00.000Z", "1730894400": "no date", "2024-11-06T10:00+02": "no date", "10.0.0.7": "no date",
	}
	seen := 0
	for id, vertex := range d.graph("small").Vertices {
		if id.Collection != "asset" {
			continue
		}
		seen++
		encoded, err := json.Marshal(vertex)
		if err != nil {
			t.Fatal(err)
		}
		contains(t, string(encoded), want[id.Key])
	}
	if seen != len(want) {
		t.Errorf("%d of %d assets", seen, len(want))
	}
}
