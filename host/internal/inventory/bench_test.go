package inventory

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"carjs/host/model"
	"carjs/host/submit"
)

// pageOf answers a walk with a page of rows, and then with none.
type pageOf struct {
	page json.RawMessage
	n    int
}

func (p *pageOf) Query(context.Context, string, map[string]any) (json.RawMessage, error) {
	if p.n++; p.n > 1 {
		return json.RawMessage(`{"w0":[]}`), nil
	}
	return p.page, nil
}

// BenchmarkRead reads what CAR has of a collection, with its contents.
func BenchmarkRead(b *testing.B) {
	m := model.CAR()
	for _, name := range []string{"asset", "ipaddress", "vulnerability", "asset_ipaddress", "asset_vulnerability"} {
		c, _ := m.Collection(name)
		i := New(nil, m, "s")
		s := i.shapeOf(c)
		fields := append(append([]field{}, s.identities()...), s.contents()...)
		var rows []string
		for n := range rowPage {
			var row []string
			for _, f := range s.order() {
				row = append(row, fmt.Sprintf(`%q:"s/%05d"`, f, n))
			}
			for k, f := range fields {
				switch {
				case f.of != nil:
					row = append(row, fmt.Sprintf(`%q:[{"external_id":"%d","name":"10.0.0.%d","region_id":"0"}]`, f.name, n, n%250))
				case strings.HasSuffix(f.name, "name"), f.name == model.ByExternalID:
					row = append(row, fmt.Sprintf(`%q:"10.0.%d.%d"`, f.name, n/250, n%250))
				case k%3 == 0:
					row = append(row, fmt.Sprintf(`%q:null`, f.name))
				default:
					row = append(row, fmt.Sprintf(`%q:%d`, f.name, n))
				}
			}
			rows = append(rows, "{"+strings.Join(row, ",")+"}")
		}
		page := json.RawMessage(`{"w0":[` + strings.Join(rows, ",") + `]}`)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var found []submit.Existing
			for b.Loop() {
				var err error
				if found, err = New(&pageOf{page: page}, m, "s").Read(b.Context(), c, Part{}); err != nil {
					b.Fatal(err)
				}
			}
			if len(found) != rowPage {
				b.Fatalf("%d rows", len(found))
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rowPage, "ns/row")
			b.ReportMetric(float64(len(page))/rowPage, "bytes/row")
		})
	}
}
