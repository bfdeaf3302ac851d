package esjson

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func FuzzDecode(f *testing.F) {
	for _, text := range strangeJSON {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := Decode(text)
		if (err == nil) != json.Valid(text) {
			t.Fatalf("%q: %v", text, err)
		}
		if err != nil {
			return
		}
		if s, ok := got.([]any); ok && IsStrings([]byte(strings.TrimSpace(string(text)))) != (kindOf(s) == Strings) {
			t.Errorf("%q: not told for what it is", text)
		}
		out, _, _ := Append(nil, text)
		if strings.Contains(string(out), `\ud`) {
			return // which other decoders do not keep
		}
		if want, err := decode(text); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %#v, want %#v", text, got, want)
		}
	})
}

func TestDecodeKeepsHalves(t *testing.T) {
	got, err := Decode([]byte(`{"\ud800":"\udfff","\ud801":9007199254740993}`))
	want := map[string]any{"\xed\xa0\x80": "\xed\xbf\xbf", "\xed\xa0\x81": json.Number("9007199254740993")}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%q, %v", got, err)
	}
}
