package bundle

import (
	"encoding/json"
	"testing"
)

// FuzzCached reads cached bundles of any content, with the checksum that they should have and with
// any: none is taken that is of another fingerprint.
func FuzzCached(f *testing.F) {
	encoded, err := json.Marshal(head{[]byte("print"), "demo", "src/main.ts", []string{"src/main.ts"}, []Message{{Text: "x"}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(string(encoded)+"\nx()"), []byte("print"), "")
	f.Add([]byte(`{"Fingerprint":"cHJpbnQ="}`), []byte("print"), "")
	f.Add([]byte("\n\n"), []byte{}, "sum")
	f.Fuzz(func(t *testing.T, content, fingerprint []byte, sum string) {
		if sum == "" {
			sum = checksum(content)
		}
		b := decode([]byte(sum+"\n"+string(content)), fingerprint)
		if sum != checksum(content) && b != nil {
			t.Errorf("%q was taken with the checksum %q", content, sum)
		}
		if other := decode([]byte(sum+"\n"+string(content)), append(fingerprint, 'x')); other != nil {
			t.Errorf("%q was taken for another fingerprint", content)
		}
	})
}
