package main

import (
	"fmt"
	"strings"
	"testing"

	"carjs/host"
	"carjs/host/carserver"
	"carjs/host/esjson"
)

// Numbers with exponents of any size arrive as they are where objects are passed on, and are told
// where a number of JavaScript takes their place: they are different numbers in CAR as well.
func TestExponents(t *testing.T) {
	numbers := []string{"1e99999999999999999999", "1e99999999999999999998", "-1.50e99999999999999999999", "1e-99999999999999999999", "1e400",
		"-1E+400", "1e-400", "1E+30", "0e99999999999999999999", "123456789012345678901234567890e-5", "1e00000000000000000000000000005",
		"1e2147483648", "1e9223372036854775808"}
	var rows []string
	for i, n := range numbers {
		rows = append(rows, fmt.Sprintf(`{"id":"%d","v":%s,"in":{"v":[%s]}}`, i, n, n))
	}
	list := "[" + strings.Join(rows, ",") + "]"
	url := answers(t, map[string]string{"/hosts": list, "/page": `{"items":` + list + `}`, "/lines": strings.Join(rows, "\n")})
	for name, loop := range map[string]string{
		"paginate": `for await (const page of client.paginate.nextURL<any>("/page", { items: "items" })) for (const row of page) `,
		"records":  `for await (const row of client.records<any>("/hosts")) `,
		"lines":    `for await (const row of client.records<any>("/lines", { format: "ndjson" })) `,
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.reads(url, loop+`handler.addCollection("asset", { external_id: row.id, name: "x", properties: row });`)
			for range 2 { // the second finds all of them unchanged
				d.ok(host.ModeFull, "small", "-full")
				g := d.graph("small")
				for i, n := range numbers {
					written := string(esjson.AppendDecimal(nil, n))
					want := fmt.Sprintf(`{"id":"%d","in":{"v":[%s]},"v":%s}`, i, written, written)
					if got := g.Vertices[carserver.VertexID{Collection: "asset", Key: fmt.Sprint(i)}]; !strings.Contains(got, want) {
						t.Errorf("%s arrives in %s, want %s", n, got, want)
					}
				}
			}
		})
	}
	t.Run("get", func(t *testing.T) {
		d := newDesk(t)
		d.reads(url, `for (const row of await client.get<any[]>("/hosts")) handler.addCollection("asset", { external_id: row.id, name: "x", properties: row });`)
		r := d.imports("small", "-max-skipped", "off")
		if r.code != 0 || r.report.Collections["asset"].Skipped != 7 {
			t.Error(r)
		}
		contains(t, r.stderr, "numbers have more digits than a JavaScript number holds")
		contains(t, r.stdout, "5 × properties.v is Infinity", "2 × properties.v is -Infinity")
	})
}
