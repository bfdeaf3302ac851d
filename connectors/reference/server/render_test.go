package server

import (
	"bytes"
	"testing"
)

// What is rendered without a database is, byte for byte, what a new data source answers.
func TestRenderedRows(t *testing.T) {
	const size = 20
	s := open(t, size)
	rendered := map[string]*bytes.Buffer{}
	for name, row := range Rows(size, s.url) {
		b := rendered[name]
		if b == nil {
			b = bytes.NewBufferString("[")
			rendered[name] = b
		} else {
			b.WriteByte(',')
		}
		b.Write(row)
	}
	for _, c := range s.schema.collections {
		want := s.must("GET", "/"+c.name, "").body
		if got := rendered[c.name].String() + "]"; got != want {
			t.Errorf("%s:\n got %.500s\nwant %.500s", c.name, got, want)
		}
	}
}

// A loop over rows may end early.
func TestRenderedRowsBreak(t *testing.T) {
	for range Rows(3, "http://host") {
		break
	}
}
