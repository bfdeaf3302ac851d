package source

import (
	"encoding/json"
	"testing"
)

func mapOf(t testing.TB, mappings string) []byte {
	t.Helper()
	data, err := json.Marshal(map[string]any{"version": 3, "sources": []string{"a.ts", "b.ts"}, "mappings": mappings})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestReadMap(t *testing.T) {
	// Line 2: column 0 is a.ts 1:0, column 4 is b.ts 3:2; line 3: column 2 is b.ts 3:1.
	consumer := Map(mapOf(t, ";AAAA,ICEE;EAAD"))
	if consumer == nil {
		t.Fatal("no map")
	}
	// The engine asks for columns from 1 and wants them from 1.
	for _, c := range []struct {
		line, column int
		file         string
		wantLine     int
		wantColumn   int
	}{{2, 1, "a.ts", 1, 1}, {2, 4, "a.ts", 1, 1}, {2, 5, "b.ts", 3, 3}, {3, 3, "b.ts", 3, 2}, {3, 40, "b.ts", 3, 2}} {
		file, _, line, column, ok := consumer.Source(c.line, c.column)
		if !ok || file != c.file || line != c.wantLine || column != c.wantColumn {
			t.Errorf("%d:%d is %s:%d:%d, want %s:%d:%d", c.line, c.column, file, line, column, c.file, c.wantLine, c.wantColumn)
		}
	}
	for _, broken := range []string{"AEAA", "ADAA", "AAA", "AAAAAAAA", "!", "ggggggggggA", "g", ""} {
		if Map(mapOf(t, broken)) != nil {
			t.Errorf("the mappings %q were taken", broken)
		}
	}
}

func FuzzReadMap(f *testing.F) {
	f.Add(";AAAA,ICEE;EAAD")
	f.Add("AAAAA,CACCA;;ACDDD")
	f.Fuzz(func(t *testing.T, mappings string) {
		consumer := Map(mapOf(t, mappings))
		if consumer == nil {
			return
		}
		for line := range 4 {
			for column := range 8 {
				consumer.Source(line+1, column+1)
			}
		}
	})
}
