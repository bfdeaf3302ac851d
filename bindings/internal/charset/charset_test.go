package charset

import "testing"

func TestDecode(t *testing.T) {
	tests := []struct{ name, data, label, want string }{
		{"UTF-8", "Zürich", "utf-8", "Zürich"},
		{"a mark", "\xef\xbb\xbfZürich", "utf-8", "Zürich"},
		{"a mark against the label", "\xef\xbb\xbfZürich", "iso-8859-1", "Zürich"},
		{"ISO-8859-1", "Z\xfcrich", "ISO-8859-1", "Zürich"},
		{"windows-1252", "\x80 5", "windows-1252", "€ 5"},
		{"windows-1251", "\xcc\xe8\xf0", "windows-1251", "Мир"},
		{"Shift_JIS", "\x93\xfa\x96\x7b", "Shift_JIS", "日本"},
		{"UTF-16, little end first", "\xff\xfeZ\x00\xfc\x00", "utf-8", "Zü"},
		{"UTF-16, big end first", "\xfe\xff\x00Z\x00\xfc", "utf-8", "Zü"},
		{"UTF-16 without a mark", "Z\x00\xfc\x00", "utf-16le", "Zü"},
		{"half a character", "Z\x00\xfc", "utf-16le", "Z\ufffd"},
		{"nothing", "", "utf-8", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := Decode([]byte(test.data), test.label)
			if err != nil || string(got) != test.want {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
	if _, err := Decode([]byte("x"), "klingon"); err == nil || err.Error() != `unknown encoding "klingon"` {
		t.Errorf("an unknown label: %v", err)
	}
}
