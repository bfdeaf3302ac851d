package http

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
)

// cellsOf reads a table with its line ends kept, whole or byte by byte.
func cellsOf(text string, t table, single bool) (string, error) {
	src := newLineEnds(strings.NewReader(text), t)
	if single {
		src = newLineEnds(iotest.OneByteReader(strings.NewReader(text)), t)
	}
	r := csv.NewReader(src)
	r.Comma, r.Comment, r.LazyQuotes, r.TrimLeadingSpace, r.FieldsPerRecord = t.comma, t.comment, t.relaxed, t.trim, -1
	rows, err := r.ReadAll()
	return fmt.Sprintf("%q", rows), err
}

func TestLineEnds(t *testing.T) {
	for _, test := range []struct {
		text  string
		table table
		want  [][]string
	}{
		{"a,b\r\n\"1\r\n2\",x\r\n", table{comma: ','}, [][]string{{"a", "b"}, {"1\r\n2", "x"}}},
		{"\"\r\n\"\"\r\n\"\r\n\"\r\n\"", table{comma: ','}, [][]string{{"\r\n\"\r\n"}, {"\r\n"}}},
		{"\"\r\r\n\n\r\",\"\"\r\nx\r\n", table{comma: ','}, [][]string{{"\r\r\n\n\r", ""}, {"x"}}},
		{"\"1\r\n\"¦\"2\r\n\"\r\nx¦\"3\r\n\"\r\n", table{comma: '¦'}, [][]string{{"1\r\n", "2\r\n"}, {"x", "3\r\n"}}},
		{"#\"\r\n\"1\r\n\"\r\n#\"\r\n2\r\n", table{comma: ',', comment: '#'}, [][]string{{"1\r\n"}, {"2"}}},
		{"5\" x,\"5\" \r\ny\"\r\n6\"\r\n7\r\n", table{comma: ',', relaxed: true}, [][]string{{"5\" x", "5\" \r\ny"}, {"6\""}, {"7"}}},
		{"1, \t\"2\r\n\"\r\n", table{comma: ',', trim: true}, [][]string{{"1", "2\r\n"}}},
	} {
		for _, single := range []bool{false, true} {
			if got, err := cellsOf(test.text, test.table, single); err != nil || got != fmt.Sprintf("%q", test.want) {
				t.Errorf("%q\ngot  %s, %v\nwant %q", test.text, got, err, test.want)
			}
		}
	}
}

// Any table arrives as it was written.
func TestLineEndsOfAnyTable(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 0))
		rows := make([][]string, 1+r.IntN(20))
		for i := range rows {
			for range 1 + r.IntN(4) {
				var field strings.Builder
				for range r.IntN(9) {
					field.WriteString([]string{"\r\n", "\n", "\r", `"`, ",", "x", " ", "é"}[r.IntN(8)])
				}
				rows[i] = append(rows[i], field.String()+"x") // no row is an empty line
			}
		}
		var b bytes.Buffer
		for _, row := range rows {
			for i, field := range row {
				if i > 0 {
					b.WriteByte(',')
				}
				if r.IntN(2) == 0 || strings.ContainsAny(field, "\r\n\",") || field[0] == ' ' {
					field = `"` + strings.ReplaceAll(field, `"`, `""`) + `"`
				}
				b.WriteString(field)
			}
			b.WriteString([]string{"\n", "\r\n"}[r.IntN(2)])
		}
		for _, single := range []bool{false, true} {
			for _, relaxed := range []bool{false, true} { // which takes the other way
				if got, err := cellsOf(b.String(), table{comma: ',', relaxed: relaxed}, single); err != nil || got != fmt.Sprintf("%q", rows) {
					t.Fatalf("seed %d: %q\ngot  %s, %v\nwant %q", seed, b.String(), got, err, rows)
				}
			}
		}
	}
}
