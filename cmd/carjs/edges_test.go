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
