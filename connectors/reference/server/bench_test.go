package server

import (
	"io"
	"net/http"
	"testing"
)

const benchSize = 10_000

// BenchmarkRead reads a whole collection of a model with 10,000 assets over HTTP.
func BenchmarkRead(b *testing.B) {
	s := open(b, benchSize)
	for _, c := range s.schema.collections {
		b.Run(c.name, func(b *testing.B) { benchmarkGet(b, s, "/"+c.name) })
	}
}

// BenchmarkReadPage reads one page of 2,000 assets from the middle.
func BenchmarkReadPage(b *testing.B) {
	benchmarkGet(b, open(b, benchSize), "/assets?limit=2000&offset=5000")
}

func benchmarkGet(b *testing.B, s *source, path string) {
	req, err := http.NewRequest("GET", s.url+path, nil)
	if err != nil {
		b.Fatal(err)
	}
	req.SetBasicAuth("admin", "admin")
	b.ReportAllocs()
	for b.Loop() {
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			b.Fatal(err)
		}
		n, err := io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK {
			b.Fatalf("%s: %v", resp.Status, err)
		}
		b.SetBytes(n)
	}
}

// BenchmarkGenerate replaces a model of 10,000 assets by another one.
func BenchmarkGenerate(b *testing.B) {
	s := open(b, Empty)
	for b.Loop() {
		if err := s.Generate(b.Context(), benchSize); err != nil {
			b.Fatal(err)
		}
	}
}
