package inventory

import (
	"encoding/json"
	"testing"
)

// Half of a surrogate pair in an id is read and asked for as it is: as U+FFFD it would be another
// id.
func TestHalvesOfPairsInIDs(t *testing.T) {
	const half = "a\xed\xa0\x80" // as the program has "a\ud800"
	rows, err := rowsOf([]byte(`{"w0": [{"id": "demo/a\ud800", "n": 9007199254740993, "tags": [{"tag_id": "\ud83d\ude00"}]}], "w1": null, "w2": []}`))
	if err != nil || len(rows) != 3 || len(rows["w1"]) > 0 || len(rows["w0"]) != 1 {
		t.Fatalf("%v %v", rows, err)
	}
	row := rows["w0"][0]
	if row["id"] != "demo/"+half || row["n"] != json.Number("9007199254740993") {
		t.Errorf("%q", row)
	}
	if got, want := compare("id", "_in", []string{half, `"b"`}), `{id: {_in: ["a\ud800","\"b\""]}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, text := range []string{`[]`, `{"w0": {"id": "\ud800"}}`, `{"w0": ["\ud800"]}`, `{"w0": [{"id": "\ud800"}]`} {
		if rows, err := rowsOf([]byte(text)); err == nil {
			t.Errorf("%s is read as %v", text, rows)
		}
	}
}
