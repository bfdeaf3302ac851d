package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"carjs/host"
)

// lineOf is where a text stands in the connector that [desk.small] writes.
func (d *desk) lineOf(text string) string {
	d.Helper()
	data, err := os.ReadFile(filepath.Join(d.dir, "connectors", "small", "main.ts"))
	if err != nil {
		d.Fatal(err)
	}
	before, _, found := strings.Cut(string(data), text)
	if !found {
		d.Fatalf("%q is not in the connector", text)
	}
	line := before[strings.LastIndex(before, "\n")+1:]
	return fmt.Sprintf("main.ts:%d:%d", strings.Count(before, "\n")+1, len(line)+len("handler.")+1)
}

// The object form of addEdge takes ends in every right form, and says what is wrong with the
// others.
func TestEdgesAsObjects(t *testing.T) {
	d := newDesk(t)
	edges := []struct{ object, fault string }{
		{`"ipaddress_vulnerability", { _from: "ipaddress/10.0.0.1", _to_external_id: "v1" }`, ""},
		{`"ipaddress_vulnerability", { _from: "10.0.0.1", _to_external_id: "v2" }`, ""},
		{`"ipaddress_vulnerability", { _from: "0/10.0.0.1", _to_external_id: "v3" }`, ""},
		{
			`"ipaddress_vulnerability", { _from: "ipaddress/10.0.0.1", _to: "v1" }`,
			"_to is the wrong property: name the vulnerability in _to_external_id",
		},
		{`"ipaddress_vulnerability", { _from_external_id: "10.0.0.1", _to_external_id: "v1" }`,
			"_from_external_id is the wrong property: name the ipaddress in _from"},
		{`"ipaddress_vulnerability", { _from: "hostname/a", _to_external_id: "v1" }`,
			`_from must name a vertex of ipaddress, not of hostname: \"hostname/a\"`},
		{`"ipaddress_vulnerability", { _from: "", _to_external_id: "v1" }`, "_from must not be empty"},
		{`"ipaddress_vulnerability", { _to_external_id: "v1" }`, "_from is required"},
	}
	body := `  handler.addCollection("ipaddress", { _key: "10.0.0.1" });
  for (const id of ["v1", "v2", "v3"]) handler.addCollection("vulnerability", { external_id: id, name: id });
`
	for _, e := range edges {
		body += "  console.log(\"kept\", handler.addEdge(" + e.object + "));\n"
	}
	d.small(body)
	r := d.ok(host.ModeFull, "small", "-log-format", "text")
	skipped := 0
	for _, e := range edges {
		if e.fault != "" {
			skipped++
			contains(t, r.stderr, e.fault, "at="+d.lineOf(`handler.addEdge(`+e.object))
		}
	}
	if c := r.report.Collections["ipaddress_vulnerability"]; c.Sent != 3 || c.Skipped != skipped {
		t.Errorf("%+v\n%s", c, r)
	}
	if strings.Count(r.stderr, "kept false") != skipped || strings.Count(r.stderr, "kept true") != 3 {
		t.Error(r)
	}
	if g := d.graph("small"); len(g.Edges) != 3 {
		t.Errorf("edges %v", g.Edges)
	}
}

// A row of the data source without the id of one end costs that edge, in both forms, and no more.
func TestEdgesWithoutEnds(t *testing.T) {
	d := newDesk(t)
	d.small(`for (let n = 0; n < 60; n++) {
    handler.addCollection("asset", { external_id: "h" + n, name: "host" });
    handler.addCollection("hostname", { _key: "h" + n });
    handler.addEdge("asset_hostname", "h" + n, "h" + n);
  }
  const row: any = { id: null };
  handler.addEdge("asset_hostname", row.id, "h1");
  handler.addEdge("asset_hostname", "h1", row.name, {});
  handler.addEdge("asset_hostname", "h1", "");
  handler.addEdge("asset_hostname", { _from_external_id: row.id, _to: "h1" });
  handler.addEdge("asset_hostname", { _from_external_id: "h1", _to: row.name });`)
	r := d.ok(host.ModeFull, "small")
	for i, want := range []string{
		`2 × _to must not be empty, "h1 → " at main.ts:`, `1 × _from_external_id must not be empty, " → h1" at main.ts:`,
		`1 × _from_external_id is required, " → h1" at main.ts:`, `1 × _to is required, "h1 → " at main.ts:`,
	} {
		if i >= len(r.report.SkippedReasons) {
			t.Fatal(r)
		}
		reason := r.report.SkippedReasons[i]
		if got := fmt.Sprintf("%d × %s, %q at %s", reason.Count, reason.Reason, reason.FirstKey, reason.At); !strings.HasPrefix(got, want) {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if c := r.report.Collections["asset_hostname"]; c.Sent != 60 || c.Skipped != 5 {
		t.Errorf("%+v\n%s", c, r)
	}
}
