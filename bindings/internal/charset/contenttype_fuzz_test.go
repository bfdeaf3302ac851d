package charset

import (
	"bytes"
	"io"
	"testing"
	"unicode/utf8"
)

// FuzzContentType reads bodies with headers that say anything about them: the whole body and a
// reader of it make the same text, which is UTF-8, or fail both.
func FuzzContentType(f *testing.F) {
	for _, header := range []string{
		"text/csv", `text/csv; charset="utf-16"`, "text/xml;;charset='latin1';charset=x", `a; b="; charset=utf-8"; charset=shift_jis`, "; charset=", "charset=utf-8",
		`text/plain; CHARSET=US-ASCII`, "x; charset=\"", "x; charset=utf-32;\x00", `x; a="\`,
	} {
		f.Add(header, []byte("a,b\n\xfc,\xff\xfe"))
		f.Add(header, []byte("\xfe\xff\x00a"))
	}
	f.Fuzz(func(t *testing.T, header string, data []byte) {
		s := Source{ContentType: header}
		text, err := s.Decode(bytes.Clone(data))
		if err == nil && !utf8.Valid(text) {
			t.Fatalf("%q as %q is %q", data, header, text)
		}
		if bytes.HasPrefix(data, []byte("<?xml")) {
			return // a reader does not look for the declaration
		}
		read, readErr := io.ReadAll(s.Reader(bytes.NewReader(data)))
		if (err == nil) != (readErr == nil && utf8.Valid(read)) || err == nil && !bytes.Equal(bytes.TrimPrefix(read, []byte(utf8Mark)), text) {
			t.Fatalf("%q as %q: whole %q, %v; read %q, %v", data, header, text, err, read, readErr)
		}
	})
}
