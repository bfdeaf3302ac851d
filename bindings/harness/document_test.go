package harness

import (
	"encoding/json"
	"testing"

	"carjs/host/carserver"
	"carjs/host/model"
)

func TestDocuments(t *testing.T) {
	asset, _ := model.CAR().Collection("asset")
	key := carserver.VertexID{Collection: "asset", Key: `a "1"`}
	for _, test := range []struct{ name, doc, want string }{
		{"nothing of its own", `{}`, `{"external_id":"a \"1\""}`},
		{"spaces", " { } ", `{"external_id":"a \"1\""}`},
		{"order and numbers stay", `{"z": 12345678901234567890, "a": [1, {"b": null}]}`,
			`{"external_id":"a \"1\"","z":12345678901234567890,"a":[1,{"b":null}]}`},
		{"its own key counts", `{"name": "n", "external_id": "own"}`, `{"external_id":"own","name":"n"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := withKey(asset, key, test.doc)
			if err != nil || string(got) != test.want {
				t.Errorf("%s, %v, want %s", got, err, test.want)
			}
		})
	}
	for _, doc := range []string{`[]`, `{"a":`, ``, `7`} {
		if got, err := withKey(asset, key, doc); err == nil {
			t.Errorf("%s became %s", doc, got)
		}
	}
	got, err := array(map[string]json.RawMessage{"b": json.RawMessage(`{"n":2}`), "a": json.RawMessage(`{"n":1}`)})
	if err != nil || string(got) != `[{"n":1},{"n":2}]` {
		t.Errorf("%s, %v", got, err)
	}
}
