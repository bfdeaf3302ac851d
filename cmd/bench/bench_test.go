package main

import (
	"encoding/json"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// size is that of the model in the tests.
const size = 20

// The programs are built once for all that runs them.
func TestPrograms(t *testing.T) {
	b := &bench{dir: t.TempDir()}
	if err := b.build(t.Context()); err != nil {
		t.Fatal(err)
	}
	r, err := newRig(size)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := r.close(); err != nil {
			t.Error(err)
		}
	}()
	t.Run("agree", func(t *testing.T) { testAgree(t, b, r) })
	t.Run("measures", func(t *testing.T) { testMeasures(t, b, r) })
	t.Run("minds", func(t *testing.T) { testMinds(t, b, r) })
}

// testAgree says that every variant sends the same objects, in whatever way it does it.
func testAgree(t *testing.T, b *bench, r *rig) {
	var want []string
	for _, name := range names() {
		t.Run(name, func(t *testing.T) {
			v, err := b.variant(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			if v.missing != "" {
				t.Skip(v.missing)
			}
			var sent []string
			_, err = r.check(t.Context(), v, size, func(collection string, object json.RawMessage) error {
				text, err := canonical(object)
				sent = append(sent, collection+" "+text)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			extension, err := canonical(extensionOf(r.service))
			if err != nil {
				t.Fatal(err)
			}
			sent = append(sent, "extension "+extension)
			slices.Sort(sent)
			if want == nil { // carjs, the first
				want = sent
			}
			compareObjects(t, sent, want)
		})
	}
}

// extensionOf is the schema extension that was brought last.
func extensionOf(s *service) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.extension
}

// canonical is an object without what differs from run to run, its properties in order.
func canonical(object json.RawMessage) (string, error) {
	var properties map[string]any
	if err := json.Unmarshal(object, &properties); err != nil {
		return "", err
	}
	delete(properties, "timestamp")
	delete(properties, "report")
	text, err := json.Marshal(properties)
	return string(text), err
}

func compareObjects(t *testing.T, got, want []string) {
	t.Helper()
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Fatalf("object %d:\n got %s\nwant %s", i, got[i], want[i])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d objects, want %d", len(got), len(want))
	}
}

func testMeasures(t *testing.T, b *bench, r *rig) {
	v, err := b.variant(t.Context(), "go")
	if err != nil {
		t.Fatal(err)
	}
	s, err := r.sample(t.Context(), v, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.Wall <= 0 || s.CPU <= 0 || s.Requests == 0 || s.Bytes == 0 || s.asked == 0 || s.AllocatedBytes == 0 || s.AllocatedObjects == 0 {
		t.Errorf("nothing was measured: %+v", s)
	}
	asked, whole, err := v.start(t.Context(), r)
	if err != nil || asked <= 0 || whole < asked {
		t.Errorf("start: first request after %d ns, end after %d ns, %v", asked, whole, err)
	}
}

// testMinds says that a variant that fails, or leaves something out, gives no figures.
func testMinds(t *testing.T, b *bench, r *rig) {
	v, err := b.variant(t.Context(), "go")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.check(t.Context(), v, size+1, nil); err == nil ||
		!strings.Contains(err.Error(), "503 objects of a model of size 21, not 528") {
		t.Errorf("objects are missing: %v", err)
	}
	v.more = []string{"-connection-test"}
	if _, err := r.sample(t.Context(), v, nil); err == nil || !strings.Contains(err.Error(), "not entered") {
		t.Errorf("no import was made: %v", err)
	}
	v.more = []string{"-url", "http://127.0.0.1:1"}
	if _, err := r.sample(t.Context(), v, nil); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("the data source cannot be reached: %v", err)
	}
}

func TestTally(t *testing.T) {
	const head = `{"source":{"_key":"s"},"report":{"_key":"r"}`
	many := strings.Repeat(`{},`, pageSize) + `{}`
	for page, want := range map[string]string{
		`[`:                               "not JSON",
		`{}`:                              "no source",
		head + `}`:                        "",
		head + `,"asset":{}}`:             "asset",
		head + `,"asset":[` + many + `]}`: "2001 objects",
		head + `,"asset":[{}],"hostname":[{},{}]}`: "",
	} {
		seen := newTally()
		if err := seen.page([]byte(page)); want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%.60s: %v, want %q", page, err, want)
		}
	}
	seen := newTally()
	if err := seen.page([]byte(head + `,"site_asset":[{}]}`)); err != nil {
		t.Error(err)
	}
	if err := seen.page([]byte(head + `,"asset":[{}]}`)); err == nil {
		t.Error("a vertex behind an edge passes")
	}
}

func TestMarkdown(t *testing.T) {
	f := findings{
		results: []result{
			{
				variant: "carjs", size: 1000, runs: 5, wall: 400 * time.Millisecond, cpu: 500 * time.Millisecond,
				peak: 40 << 20, allocated: 50 << 20, allocations: 777, sent: 3 << 20, toCAR: 35, toSource: 13,
			},
			{variant: "go", size: 1000, runs: 5, wall: 80 * time.Millisecond, cpu: 100 * time.Millisecond},
			{variant: "python", size: 1000, runs: 1, wall: 4 * time.Second, cpu: 3 * time.Second},
		},
		missing: []variant{{name: "node", missing: "node is not installed"}},
		starts:  []start{{"carjs", 20 * time.Millisecond, 30 * time.Millisecond}},
	}
	text := f.markdown("a machine.")
	for _, part := range []string{
		"The variant node is skipped: node is not installed.", "| 1000 | carjs   |    5 |     400 |",
		"|       40 |            50 |         777 |      62508 |          19997 |",
		"| 1000 |          5.00 |         5.00 |               – |              – |             10.00 |             6.00 |",
		"| carjs   |             20.0 |   30.0 |",
	} {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in\n%s", part, text)
		}
	}
}

func TestOptions(t *testing.T) {
	all := options{sizes: []int{1, 2}, changes: []int{10_000}, runs: 2, variants: []string{"go", "carjs"},
		latency: 20 * time.Millisecond, python: 5, output: "file"}
	for line, want := range map[string]string{
		"-sizes 0": "no size", "-sizes 1,x": "no size", "-variants perl": "no variant", "-runs 0": "one run",
		"-python 0": "at least 1", "more": "too many",
		"-sizes 1,2 -runs 2 -variants go,carjs -latency 20ms -python 5 -o file": "",
	} {
		o, err := readOptions(strings.Fields(line), io.Discard)
		if want == "" && (err != nil || !reflect.DeepEqual(o, all)) || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, %v", line, o, err)
		}
	}
}
