package sbom

import (
	"bytes"
	"encoding/json"
	"testing"
)

// A component that two others need is there once, and the same parts are the same bytes.
func TestBill(t *testing.T) {
	write := func() []byte {
		b := New(Part{Type: "container", Ref: "image", Name: "image"}, "1.0", "sha256:0")
		b.Add("image", Part{Type: "application", Ref: "one", Name: "one"})
		b.Add("image", Part{Type: "application", Ref: "two", Name: "two"})
		for _, by := range []string{"one", "two", "two"} {
			b.Add(by, Library("golang", "example/x", "v1.0.0+incompatible"))
		}
		data, err := b.JSON()
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	text := write()
	if !bytes.Equal(text, write()) {
		t.Error("the same parts are another bill")
	}
	var got Bill
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Components) != 3 || got.Components[2].PURL != "pkg:golang/example/x@v1.0.0%2Bincompatible" {
		t.Errorf("%+v", got.Components)
	}
	want := map[string]int{"image": 2, "one": 1, "two": 1}
	for _, e := range got.Uses {
		if len(e.Needs) != want[e.Ref] {
			t.Errorf("%+v", e)
		}
		delete(want, e.Ref)
	}
	if len(want) > 0 {
		t.Errorf("no row for %v", want)
	}
}
