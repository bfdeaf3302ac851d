package terminal

import (
	"bytes"
	"strings"
	"sync"
	"testing"
)

func TestFit(t *testing.T) {
	for _, test := range []struct {
		text    string
		columns int
		want    string
	}{
		{"short", 10, "short"},
		{"short", 5, "short"},
		{"short", 4, "sho…"},
		{"short", 1, "…"},
		{"short", 0, ""},
		{"short", -1, ""},
		{"", 0, ""},
		{"日本語", 6, "日本語"},
		{"日本語", 5, "日本…"},
		{"日本語", 4, "日…"}, // half a character does not fit
		{"日本語", 1, "…"},
		{"e\u0301t\u0301", 2, "e\u0301t\u0301"}, // accents of their own take no column
		{"naïve, größer", 7, "naïve,…"},
	} {
		if got := Fit(test.text, test.columns); got != test.want {
			t.Errorf("%q in %d columns: %q, want %q", test.text, test.columns, got, test.want)
		}
	}
}

func TestLive(t *testing.T) {
	var out bytes.Buffer
	columns := 80
	l := &Live{Out: &out, Width: func() int { return columns }}
	says := func(what, want string) {
		t.Helper()
		if out.String() != want {
			t.Errorf("%s: %q, want %q", what, out.String(), want)
		}
		out.Reset()
	}
	l.Write([]byte("before\n")) //nolint:errcheck // a buffer
	says("before the first line", "before\n")
	l.Show(" read", " 0:01")
	says("a line", "\r\x1b[J read 0:01\r")
	l.Write([]byte("a log line\n")) //nolint:errcheck // a buffer
	says("above the line", "\r\x1b[Ja log line\n read 0:01\r")
	columns = 8
	l.Show(" vertices", " 0:02")
	says("a narrow window", "\r\x1b[J verti…\r")
	columns = 80
	l.Colour = true
	l.Show(" read", " 0:03\x1b[2J\n")
	says("colours, and codes of others", "\r\x1b[J\x1b[1m read\x1b[0m 0:03 [2J \r")
	l.Close()
	says("the end", "\r\x1b[J")
	l.Show(" read", " 0:04")
	l.Write([]byte("after\n")) //nolint:errcheck // a buffer
	l.Close()
	says("after the end", "after\n")
}

// Each log line stays whole, whoever draws meanwhile.
func TestLiveFromManyGoroutines(t *testing.T) {
	var out bytes.Buffer
	l := &Live{Out: &out, Width: func() int { return 80 }}
	var work sync.WaitGroup
	for range 4 {
		work.Go(func() {
			for range 100 {
				l.Show(" read", " 0:01")
				l.Write([]byte("a log line\n")) //nolint:errcheck // a buffer
			}
		})
	}
	work.Wait()
	l.Close()
	if n := strings.Count(out.String(), "\r\x1b[Ja log line\n read 0:01\r"); n != 400 {
		t.Errorf("%d whole lines, want 400", n)
	}
}
