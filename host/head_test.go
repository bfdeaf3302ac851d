package host_test

import (
	"encoding/json"
	"regexp"
	"testing"

	"carjs/host"
)

// heads are the heads of the pages that CAR was sent.
func heads(t *testing.T, f *fixture) []host.Head {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	var found []host.Head
	for i, request := range f.requests {
		if request != "POST imports report source" {
			continue
		}
		var h host.Head
		if err := json.Unmarshal(f.bodies[i], &h); err != nil {
			t.Fatal(err)
		}
		found = append(found, h)
	}
	f.requests, f.bodies = nil, nil
	return found
}

func TestHead(t *testing.T) {
	f := ready(t)
	c := &tabular{states: []graph{{}}, noIncremental: true}
	keys := map[any]bool{}
	for range 3 {
		f.ok(c, host.ModeFull)
		h := heads(t, f)[0]
		if h.Source["_key"] != source || h.Source["name"] != source {
			t.Errorf("source: %v", h.Source)
		}
		key, _ := h.Report["_key"].(string)
		if !regexp.MustCompile(`^\d{13}-[A-Z2-7]{8}$`).MatchString(key) || keys[key] {
			t.Errorf("key of the report: %q", key)
		}
		keys[key] = true
		if at, _ := h.Report["timestamp"].(float64); int64(at) != c.run.Timestamp() {
			t.Errorf("timestamp of the report: %v", h.Report["timestamp"])
		}
	}

	c.head = host.Head{
		Source: map[string]any{"_key": "another", "name": "The office", "description": "d", "product_link": "https://x"},
		Report: map[string]any{"_key": "r", "timestamp": 5, "type": "scan", "floor": 3},
	}
	f.ok(c, host.ModeFull)
	head := heads(t, f)[0]
	properties, _ := json.Marshal(head.Source["properties"])
	if !regexp.MustCompile(`^\{"full_import":\{"at":\d{13},"report":"r","run":"[A-Z2-7]+"\}\}$`).Match(properties) {
		t.Errorf("mark: %s", properties)
	}
	delete(head.Source, "properties")
	got, _ := json.Marshal(head)
	want := `{"source":{"_key":"my+office","description":"d","name":"The office","product_link":"https://x"},"report":{"_key":"r","floor":3,"timestamp":5,"type":"scan"}}`
	if string(got) != want {
		t.Errorf("head: %s", got)
	}
	if c.head.Source["_key"] != "another" {
		t.Error("the connector's own object was changed")
	}
}

func TestHeadMistakes(t *testing.T) {
	f := ready(t)
	for name, head := range map[string]host.Head{
		"key is a number": {Report: map[string]any{"_key": 5}},
		"not JSON":        {Source: map[string]any{"f": func() {}}},
	} {
		if r := f.run(&tabular{states: []graph{{}}, head: head}); r.ExitCode != 1 || r.Failure.Fault != "connector" {
			t.Errorf("%s: %+v", name, r.Failure)
		}
	}
}
