package carserver

import (
	"bytes"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"carjs/host/carserver/internal/graphql"
	"carjs/host/carserver/internal/tables"
)

// benchPages returns the envelopes of n assets, n addresses and n edges between them, 2,000 objects
// per page.
func benchPages(n int) [][]byte {
	const page = 2000
	var pages [][]byte
	for _, collection := range []string{"asset", "ipaddress", "asset_ipaddress"} {
		for from := 0; from < n; from += page {
			var b bytes.Buffer
			fmt.Fprintf(&b, `{"source":{"_key":"bench","name":"bench"},"report":{"_key":"r","timestamp":1700000000000},%q:[`, collection)
			for i := from; i < min(from+page, n); i++ {
				if i > from {
					b.WriteByte(',')
				}
				switch collection {
				case "asset":
					fmt.Fprintf(&b, `{"external_id":"asset-%d","name":"host%d.example.com","asset_type":"server","description":"rack %d, row %d","business_value":%d}`, i, i, i%40, i%7, i%10)
				case "ipaddress":
					fmt.Fprintf(&b, `{"_key":"10.%d.%d.%d"}`, i>>16, i>>8&255, i&255)
				default:
					fmt.Fprintf(&b, `{"_from_external_id":"asset-%d","_to":"ipaddress/10.%d.%d.%d","report":"r","source":"bench","active":true,"timestamp":1700000000000}`, i, i>>16, i>>8&255, i&255)
				}
			}
			b.WriteString("]}")
			pages = append(pages, b.Bytes())
		}
	}
	return pages
}

// BenchmarkImport imports 30,000 objects over HTTP: new ones, and again unchanged.
func BenchmarkImport(b *testing.B) {
	const n = 10_000
	pages := benchPages(n)
	for _, kind := range []string{"file", "memory"} {
		for _, again := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/again=%v", kind, again), func(b *testing.B) {
				for b.Loop() {
					b.StopTimer()
					path := ""
					if kind == "file" {
						path = filepath.Join(b.TempDir(), "car.db")
					}
					s, err := Open(Config{Path: path, Prepared: true})
					if err != nil {
						b.Fatal(err)
					}
					c := &client{tb: b, server: httptest.NewServer(s.Handler())}
					if again {
						c.importAll(pages)
					}
					b.StartTimer()
					c.importAll(pages)
					b.StopTimer()
					c.server.Close()
					if err := s.Close(); err != nil {
						b.Fatal(err)
					}
					b.StartTimer()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(3*n), "ns/object")
			})
		}
	}
}

// BenchmarkQuery lists 10,000 edges, then as many vertices with their edges and the vertices at the
// other ends.
func BenchmarkQuery(b *testing.B) {
	const n = 10_000
	c := start(b, Config{Path: filepath.Join(b.TempDir(), "car.db"), Prepared: true})
	c.importAll(benchPages(n))
	for name, query := range map[string]string{
		"flat":   `{asset_ipaddress(where:{source:{_eq:"bench"}}){asset_id ipaddress_id}}`,
		"all":    `{asset(where:{source:{_eq:"bench"}}){external_id name asset_type description business_value risk properties}}`,
		"nested": `{asset(where:{source:{_eq:"bench"}}){id ipaddresses{ipaddress{name}}}}`,
		"one":    `{asset(where:{name:{_eq:"host77.example.com"}}){id ipaddresses{ipaddress{name}}}}`,
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if status, answer := c.query(query, nil); status != 200 {
					b.Fatal(answer)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/row")
		})
	}
}

// BenchmarkLeaveFullImport retires half of 20,000 objects.
func BenchmarkLeaveFullImport(b *testing.B) {
	pages := benchPages(10_000)
	for b.Loop() {
		b.StopTimer()
		c := start(b, Config{Path: filepath.Join(b.TempDir(), "car.db"), Prepared: true})
		c.importAll(pages[:10])
		c.job("POST", "/v2/source/bench/full-import-in-progress", "")
		c.importAll(pages[:5])
		b.StartTimer()
		c.job("DELETE", "/v2/source/bench/full-import-in-progress", "")
		b.StopTimer()
		c.stop()
		b.StartTimer()
	}
}

// BenchmarkFirstQuery compiles the first query of a service, which every incremental run waits for.
func BenchmarkFirstQuery(b *testing.B) {
	query := graphql.Request{Query: `{asset(where: {source: {_eq: "a"}}, order_by: {id: asc}, limit: 10) {id name}}`}
	for b.Loop() {
		c, err := newCatalog(nil, nil, tables.Keys{})
		if err != nil {
			b.Fatal(err)
		}
		schema, err := c.graphql()
		if err != nil {
			b.Fatal(err)
		}
		if _, err := schema.Compile(query); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpen opens a service in memory, and one on an existing file.
func BenchmarkOpen(b *testing.B) {
	path := filepath.Join(b.TempDir(), "car.db")
	for name, cfg := range map[string]Config{"memory": {Prepared: true}, "file": {Path: path, Prepared: true}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				s, err := Open(cfg)
				if err != nil {
					b.Fatal(err)
				}
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkChanged imports 2,000 assets with other contents than before.
func BenchmarkChanged(b *testing.B) {
	c := start(b, Config{Path: filepath.Join(b.TempDir(), "car.db"), Prepared: true})
	const n = 2000
	round := 0
	pages := func() (all [][]byte) {
		round++
		return [][]byte{[]byte(envelope("s", changing(n, round)))}
	}
	c.importAll(pages())
	for b.Loop() {
		c.importAll(pages())
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/object")
}
