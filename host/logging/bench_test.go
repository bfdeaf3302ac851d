package logging

import (
	"io"
	"testing"

	"carjs/host/redact"
)

func BenchmarkLine(b *testing.B) {
	for _, format := range []string{Text, JSON} {
		b.Run(format, func(b *testing.B) {
			log := New(Options{Format: format, Output: io.Discard, Redactor: redact.New("a-password-of-some-length", "another/one")}).Named("car")
			b.ReportAllocs()
			for b.Loop() {
				log.Info("imported a page", "collection", "asset", "objects", 2000)
			}
		})
	}
}

func BenchmarkSilentLine(b *testing.B) {
	log := New(Options{Output: io.Discard})
	b.ReportAllocs()
	for b.Loop() {
		log.Debug("imported a page", "collection", "asset")
	}
}
