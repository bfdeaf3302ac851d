package http

import (
	"bytes"
	"encoding/csv"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"
)

// However a text arrives, it is the same text, and a byte that is none has its place.
func TestTableText(t *testing.T) {
	for text, want := range map[string]string{
		"a,b\n1,2\n": "a,b\n1,2\n", "a\r\nb\r\n": "a\r\nb\r\n", "a\rb\r": "a\nb\n", "\"x\r\ny\"\r\nü€😀": "\"x\r\ny\"\r\nü€😀",
		"\"a\"\"\r\"\r1": "\"a\"\"\r\"\n1", "": "", "\r": "\n",
	} {
		for name, slow := range map[string]func(io.Reader) io.Reader{
			"whole": func(r io.Reader) io.Reader { return r }, "byte by byte": iotest.OneByteReader, "with its end": iotest.DataErrReader,
		} {
			got, err := io.ReadAll(&tableText{src: slow(strings.NewReader(text)), mends: true})
			if err != nil || string(got) != want {
				t.Errorf("%s of %q: got %q, %v; want %q", name, text, got, err, want)
			}
		}
	}
	for text, want := range map[string]string{"ab\xffc": "ab", "ü\xc3": "ü", "\xe2\x82": "", "€\xe2\x82x": "€"} {
		got, err := io.ReadAll(&tableText{src: iotest.OneByteReader(strings.NewReader(text)), mends: true})
		if err == nil || string(got) != want || !strings.Contains(err.Error(), "offset") {
			t.Errorf("%q: got %q, %v; want %q", text, got, err, want)
		}
	}
}

var defaultTable = table{comma: ','}

// Tables come out as they went in, whatever is in them.
func FuzzTableText(f *testing.F) {
	f.Add("a,b", "x\r\ny")
	f.Add("\"", "\r")
	f.Fuzz(func(t *testing.T, one, other string) {
		if !utf8.ValidString(one) || !utf8.ValidString(other) {
			return
		}
		var table bytes.Buffer
		for _, field := range []string{one, other} {
			if table.Len() > 0 {
				table.WriteByte(',')
			}
			table.WriteString(`"` + strings.ReplaceAll(field, `"`, `""`) + `"`)
		}
		table.WriteString("\r\n")
		row, err := csv.NewReader(newLineEnds(&tableText{src: iotest.HalfReader(&table), mends: true}, defaultTable)).Read()
		if err != nil || row[0] != one || row[1] != other {
			t.Fatalf("got %q, %v; want %q", row, err, []string{one, other})
		}
	})
}

// Packed files of any kind end in records or in an error, and never hang.
func FuzzUnpack(f *testing.F) {
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte("\x1f\x8b\x08\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_ = unpack(bytes.NewReader(data), 0, "", func(_ string, file io.Reader) error {
			_, err := io.Copy(io.Discard, io.LimitReader(file, 1<<20))
			return err
		})
	})
}
