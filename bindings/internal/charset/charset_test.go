package charset

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestDecode(t *testing.T) {
	tests := []struct {
		name, data string
		source     Source
		want       string // or the error, behind "!"
	}{
		{"UTF-8", "Zürich", Source{}, "Zürich"},
		{"a mark", "\xef\xbb\xbfZürich", Source{}, "Zürich"},
		{"a mark against the label", "\xef\xbb\xbfZürich", Source{Label: "iso-8859-1"}, "Zürich"},
		{"a mark against the type", "\xff\xfeZ\x00\xfc\x00", Source{ContentType: "text/csv; charset=utf-8"}, "Zü"},
		{"nothing", "", Source{}, ""},
		{"nothing but a mark", "\xef\xbb\xbf", Source{}, ""},
		{"U+FFFD itself", "a\ufffdb", Source{}, "a\ufffdb"},
		{"no UTF-8", "Z\xfcrich", Source{}, "!not valid UTF-8: byte 0xFC at offset 1"},
		{"no UTF-8 behind a mark", "\xef\xbb\xbfZ\xfcrich", Source{}, "!not valid UTF-8: byte 0xFC at offset 4"},
		{"no UTF-8, replaced", "\xef\xbb\xbfZ\xfcrich", Source{Replace: true}, "Z\ufffdrich"},
		{"parts of a character, replaced", "\xf0\x9f\x98A\xed\xa0\x80", Source{Replace: true}, "\ufffdA\ufffd\ufffd\ufffd"},
		{"cut off", "abc\xe2\x82", Source{}, "!not valid UTF-8: byte 0xE2 at offset 3 begins a character that is cut off at the end"},
		{"cut off, replaced", "abc\xe2\x82", Source{Replace: true}, "abc\ufffd"},

		{"ISO-8859-1", "Z\xfcrich", Source{Label: "ISO-8859-1"}, "Zürich"},
		{"ISO-8859-1 is windows-1252", "\x80 5 \x81", Source{Label: "latin1"}, "€ 5 \u0081"},
		{"windows-1251", "\xcc\xe8\xf0", Source{Label: "windows-1251"}, "Мир"},
		{"windows-1253 has a gap", "a\xd2", Source{Label: "windows-1253"}, "!not valid windows-1253: byte 0xD2 at offset 1"},
		{"windows-1253 has a gap, replaced", "a\xd2", Source{Label: "windows-1253", Replace: true}, "a\ufffd"},
		{"Shift_JIS", "\x93\xfa\x96\x7b", Source{Label: "Shift_JIS"}, "日本"},
		{"Shift_JIS, cut off", "ab\x93\xfa\x96", Source{Label: "sjis"},
			"!not valid shift_jis: byte 0x96 at offset 4 begins a character that is cut off at the end"},
		{"Shift_JIS, invalid", "ab\x93\xfa\xfd\xfdcd", Source{Label: "sjis"}, "!not valid shift_jis: byte 0xFD at offset 4"},
		{"ISO-2022-JP", "a\x1b$BF|K\\\x1b(Bb", Source{Label: "iso-2022-jp"}, "a日本b"},
		{"GB 18030", "\xd6\xd0\x84\x31\xa4\x37", Source{Label: "gb18030"}, "中\ufffd"},
		{"Big5, two characters for one", "\x88\x62", Source{Label: "big5"}, "Ê̄"},

		{"UTF-16, little end first", "\xff\xfeZ\x00\xfc\x00", Source{}, "Zü"},
		{"UTF-16, big end first", "\xfe\xff\x00Z\x00\xfc", Source{}, "Zü"},
		{"UTF-16 without a mark", "\xfc\x00Z\x00", Source{Label: "utf-16le"}, "üZ"},
		{"UTF-16 whose label leaves the order open", "\x00Z\x00\xfc", Source{ContentType: "text/xml; charset=UTF-16"}, "Zü"},
		{"UTF-16 without a label", "[\x00]\x00", Source{}, "[]"},
		{"UTF-16 without a label, big end first", "\x00[\x00]", Source{}, "[]"},
		{"UTF-16, a pair", "\xff\xfe\x3d\xd8\x00\xde", Source{}, "😀"},
		{"UTF-16, half a pair", "\xff\xfea\x00\x3d\xd8b\x00", Source{}, "!not valid UTF-16LE: byte 0x3D at offset 4"},
		{"UTF-16, half a character", "Z\x00\xfc", Source{Label: "utf-16le"},
			"!not valid UTF-16LE: byte 0xFC at offset 2 begins a character that is cut off at the end"},
		{"UTF-16, half a character, replaced", "Z\x00\xfc", Source{Label: "utf-16le", Replace: true}, "Z\ufffd"},
		{"UTF-32, little end first", "\xff\xfe\x00\x00Z\x00\x00\x00\x00\xf6\x01\x00", Source{}, "Z😀"},
		{"UTF-32, big end first", "\x00\x00\xfe\xff\x00\x00\x00Z", Source{}, "Z"},
		{"UTF-32, no character", "\xff\xfe\x00\x00\x00\xd8\x00\x00", Source{}, "!not valid UTF-32LE: byte 0x00 at offset 4"},
		{"UTF-32 without a mark", "\x00\x00\x00[\x00\x00\x00]", Source{}, "[]"},

		{"a type", "Z\xfc", Source{ContentType: "application/json;charset=ISO-8859-1"}, "Zü"},
		{"a type in capitals and quotes", "Z\xfc", Source{ContentType: `Application/JSON; Charset="ISO-8859-1"; q=1`}, "Zü"},
		{"a type in other quotes", "Z\xfc", Source{ContentType: `text/plain; charset='latin1'`}, "Zü"},
		{"a type with quotes before", "Z\xfc", Source{ContentType: `text/plain; a="; charset=utf-8"; charset=latin1`}, "Zü"},
		{"a type twice", "Z\xfc", Source{ContentType: `text/plain; charset=latin1; charset=utf-8`}, "Zü"},
		{"a type that says nothing", "Zü", Source{ContentType: `text/plain; charset=; q`}, "Zü"},
		{"ASCII that is UTF-8", "Zü", Source{ContentType: `text/plain; charset=US-ASCII`}, "Zü"},
		{"ASCII that is not", "Z\xfc", Source{ContentType: `text/plain; charset=us-ascii`}, "!not valid UTF-8: byte 0xFC at offset 1"},
		{"a declaration of ASCII that is not", `<?xml version="1.0" encoding="ascii"?>` + "\xfc", Source{}, "!not valid UTF-8: byte 0xFC at offset 38"},
		{"ASCII by the author", "Z\xfc", Source{Label: "us-ascii", ContentType: "text/plain; charset=utf-8"}, "Zü"},
		{"utf8", "Zü", Source{ContentType: `text/plain; charset=utf8`}, "Zü"},
		{"an unknown type", "Zü", Source{ContentType: `text/plain; charset=klingon`}, `!there is no encoding "klingon"`},
		{"an unsafe type", "Zü", Source{ContentType: `text/plain; charset=hz-gb-2312`}, `!there is no encoding "hz-gb-2312"`},
		{"the author overrules the type", "Z\xfc", Source{Label: "latin1", ContentType: `text/plain; charset=klingon`}, "Zü"},

		{"a declaration", `<?xml version="1.0" encoding="ISO-8859-1"?>` + "\xfc", Source{}, `<?xml version="1.0" encoding="ISO-8859-1"?>ü`},
		{"a declaration against the type", `<?xml version="1.0" encoding="ISO-8859-1"?>ü`, Source{ContentType: "text/xml; charset=utf-8"},
			`<?xml version="1.0" encoding="ISO-8859-1"?>ü`},
		{"a declaration that cannot be", `<?xml version="1.0" encoding="UTF-16"?>ü`, Source{}, `<?xml version="1.0" encoding="UTF-16"?>ü`},
		{"an unknown declaration", `<?xml version="1.0" encoding="klingon"?>`, Source{}, `!there is no encoding "klingon"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := outcome(test.source.Decode([]byte(test.data))); got != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
			if strings.HasPrefix(test.data, "<?xml") {
				return // which Reader does not look at
			}
			for name, reader := range map[string]io.Reader{
				"at once": strings.NewReader(test.data), "byte by byte": iotest.OneByteReader(strings.NewReader(test.data)),
			} {
				text, err := io.ReadAll(test.source.Reader(reader))
				if err == nil { // what was UTF-8 before is checked by who reads it
					text, err = Source{Label: UTF8}.Decode(text)
				}
				if got := outcome(text, err); got != test.want {
					t.Errorf("%s: got  %q\nwant %q", name, got, test.want)
				}
			}
		})
	}
}

func outcome(text []byte, err error) string {
	if err != nil {
		return "!" + err.Error()
	}
	return string(text)
}

// UTF-8 under the name of another encoding is read as that, because it may be, and told.
func TestDoubt(t *testing.T) {
	for text, want := range map[string]string{"Zürich": "windows-1252", "Zurich": "", "Z\xfcrich": "", "\ufeffZürich": ""} {
		for label, want := range map[string]string{"": want, "latin1": ""} {
			doubt := ""
			s := Source{Label: label, ContentType: "text/csv; charset=iso-8859-1", Doubt: func(name string) { doubt = name }}
			if _, err := s.Decode([]byte(text)); err != nil || doubt != want {
				t.Errorf("%q, label %q: doubt %q, %v", text, label, doubt, err)
			}
		}
	}
}

// Every encoding of the standard is there under its name, reads ASCII as such, and is told from the
// others.
func TestEncodings(t *testing.T) {
	for name := range strings.FieldsSeq(`utf-8 ibm866 iso-8859-2 iso-8859-3 iso-8859-4 iso-8859-5 iso-8859-6 iso-8859-7 iso-8859-8
		iso-8859-8-i iso-8859-10 iso-8859-13 iso-8859-14 iso-8859-15 iso-8859-16 koi8-r koi8-u macintosh windows-874 windows-1250
		windows-1251 windows-1252 windows-1253 windows-1254 windows-1255 windows-1256 windows-1257 windows-1258 x-mac-cyrillic gbk
		gb18030 big5 euc-jp iso-2022-jp shift_jis euc-kr x-user-defined`) {
		if got, err := Lookup(" " + strings.ToUpper(name) + "\n"); got != name {
			t.Errorf("%s is %q, %v", name, got, err)
		}
		if got := outcome(Source{Label: name}.Decode([]byte("Hosts [1, {}]"))); got != "Hosts [1, {}]" {
			t.Errorf("%s: %q", name, got)
		}
		if got := outcome(Source{Label: name, Replace: true}.Decode([]byte("a\xff\xff"))); got == "a" || !strings.HasPrefix(got, "a") {
			t.Errorf("%s: %q", name, got)
		}
	}
	for label, want := range map[string]string{
		"latin1": "windows-1252", "us-ascii": "windows-1252", "utf-16": "utf-16le", "ucs-2": "utf-16le", "unicodefffe": "utf-16be",
		"cp932": "", "ms932": "shift_jis", "": "", "utf-7": "", "replacement": "", "iso-2022-cn": "", "unicode-1-1-utf-8": "utf-8",
	} {
		if got, _ := Lookup(label); got != want {
			t.Errorf("%s is %q", label, got)
		}
	}
}

// A fault of the connection is that, and not the end of the text.
func TestReaderFails(t *testing.T) {
	broken := errors.New("broken")
	for _, text := range []string{"", "[1", "[1,2,3", "\xff\xfe[\x00", "\xff\xfe["} {
		_, err := io.ReadAll(Source{}.Reader(io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken))))
		if !errors.Is(err, broken) {
			t.Errorf("%q: %v", text, err)
		}
		_, err = io.ReadAll(Source{}.Reader(io.MultiReader(strings.NewReader(text), iotest.ErrReader(io.ErrUnexpectedEOF))))
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Whatever the bytes and the label are, there is text or an error with a place in it; the text is
// the same however it comes.
func FuzzDecode(f *testing.F) {
	for _, label := range []string{
		"", "utf-8", "latin1", "windows-1253", "utf-16", "utf-16be", "utf-32", "shift_jis", "iso-2022-jp", "gb18030",
		"big5", "euc-kr", "x",
	} {
		f.Add([]byte("a\xfc\xff\x00b\x1b$BF|\x84\x31\xa4\x37"), label, false, 1)
		f.Add([]byte("\xff\xfea\x00\x3d\xd8"), label, true, 3)
		f.Add([]byte("abc\xe2\x82"), label, true, 4)
	}
	f.Fuzz(func(t *testing.T, data []byte, label string, replace bool, at int) {
		s := Source{ContentType: "text/plain; charset=" + label, Replace: replace}
		text, err := s.Decode(bytes.Clone(data))
		var invalid *InvalidError
		switch {
		case errors.As(err, &invalid):
			if replace || invalid.Offset < 0 || invalid.Offset >= int64(len(data)) || data[invalid.Offset] != invalid.Byte {
				t.Fatalf("%q as %q: %v", data, label, err)
			}
		case err != nil && !errors.As(err, new(*UnknownError)):
			t.Fatalf("%q as %q: %v", data, label, err)
		case err == nil && strings.ToValidUTF8(string(text), "") != string(text):
			t.Fatalf("%q as %q: %q", data, label, text)
		}
		if valid := string(data); strings.ToValidUTF8(valid, "") == valid {
			if got := ReplaceInvalid(valid); got != valid {
				t.Fatalf("%q became %q", valid, got)
			}
		}
		if d, unknown := NewDecoder(label, !replace); unknown == nil {
			at = max(0, min(at, len(data)))
			whole, wholeErr := d.Decode(data, false)
			first, err := d.Decode(data[:at], true)
			if err == nil {
				var last string
				last, err = d.Decode(data[at:], false)
				first += last
			}
			if (err == nil) != (wholeErr == nil) || err == nil && first != whole {
				t.Fatalf("%q as %q: whole %q, %v; in parts %q, %v", data, label, whole, wholeErr, first, err)
			}
		}
	})
}
