package artifact

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"carjs/host/bundle"
)

// demo is a connector of two files.
var demo = fstest.MapFS{
	"src/main.ts":                  {Data: []byte("import { add } from \"./add\";\nexport default add(1, 2);\n")},
	"src/add.ts":                   {Data: []byte("export function add(a: number, b: number): number { return a + b; }\n")},
	"configurations/config.json":   {Data: []byte(`{"configuration": {}}`)},
	"configurations/lang_en.json":  {Data: []byte(`{}`)},
	"configurations/something.txt": {Data: []byte("not a part")},
}

func encode(t testing.TB, source bundle.Source, files fs.FS) []byte {
	t.Helper()
	b, err := bundle.Build(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	data, err := Encode(b, files, "1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// The same files are the same artifact, in memory and in whatever folder.
func TestEncodeIsReproducible(t *testing.T) {
	want := encode(t, bundle.Source{FS: demo, Name: "demo"}, demo)
	for _, where := range []string{"one", "a/longer/way/to two"} {
		dir := filepath.Join(t.TempDir(), filepath.FromSlash(where))
		for name, file := range demo {
			path := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, file.Data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := encode(t, bundle.Source{Dir: dir, Name: "demo"}, os.DirFS(dir)); !bytes.Equal(got, want) {
			t.Errorf("from %s it is another one", where)
		}
	}
	changed := fstest.MapFS{}
	for name, file := range demo {
		changed[name] = file
	}
	changed["configurations/config.json"] = &fstest.MapFile{Data: []byte(`{"configuration": { }}`)}
	if bytes.Equal(encode(t, bundle.Source{FS: changed, Name: "demo"}, changed), want) {
		t.Error("another config.json gives the same artifact")
	}
}

func TestOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "demo.carjs")
	if err := Write(path, encode(t, bundle.Source{FS: demo, Name: "demo"}, demo)); err != nil {
		t.Fatal(err)
	}
	a, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if a.Connector != "demo" || a.Entry != "src/main.ts" || a.Carjs != "1.2.3" || a.Format != Format {
		t.Errorf("manifest %+v", a.Manifest)
	}
	b := a.Bundle()
	if !strings.Contains(b.Code, "a + b") || strings.Contains(b.Code, "sourceMappingURL") || !strings.Contains(string(b.Map), `"src/add.ts"`) {
		t.Errorf("code:\n%s\nmap:\n%s", b.Code, b.Map)
	}
	for name := range demo {
		got, err := fs.ReadFile(a.FS(), name)
		if isPart := strings.HasSuffix(name, ".json"); isPart != (err == nil) || isPart && !bytes.Equal(got, demo[name].Data) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if strings.Contains(string(encode(t, bundle.Source{FS: demo, Name: "demo"}, fstest.MapFS{})), "config.json") {
		t.Error("a connector without configurations has some")
	}
}

// repack changes the parts of an artifact and packs them again.
func repack(t *testing.T, data []byte, change func(names []string, parts map[string][]byte) []string) []byte {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	parts := map[string][]byte{}
	for _, file := range archive.File {
		names = append(names, file.Name)
		if parts[file.Name], err = fs.ReadFile(archive, file.Name); err != nil {
			t.Fatal(err)
		}
	}
	out, err := pack(change(names, parts), parts)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// What is not as it was built is told before anything of it is used.
func TestOpenDamaged(t *testing.T) {
	whole := encode(t, bundle.Source{FS: demo, Name: "demo"}, demo)
	manifest := func(change func(*Manifest)) []byte {
		return repack(t, whole, func(names []string, parts map[string][]byte) []string {
			var m Manifest
			if err := json.Unmarshal(parts[manifestPart], &m); err != nil {
				t.Fatal(err)
			}
			change(&m)
			parts[manifestPart], _ = json.Marshal(m)
			return names
		})
	}
	for _, test := range []struct {
		name string
		data []byte
		want string
	}{
		{"nothing", nil, "is damaged: it is incomplete"},
		{"half", whole[:len(whole)/2], "is damaged: it is incomplete"},
		{"another zip", repack(t, whole, func(names []string, _ map[string][]byte) []string { return names[1:] }), "it has no carjs.json"},
		{
			"a part less",
			repack(t, whole, func(names []string, _ map[string][]byte) []string { return names[:len(names)-1] }),
			"it contains 3 files, but carjs.json lists 4",
		},
		{"a part more", repack(t, whole, func(names []string, parts map[string][]byte) []string {
			parts["more.txt"] = []byte("more")
			return append(names, "more.txt")
		}), "it contains 5 files, but carjs.json lists 4"},
		{"changed code", repack(t, whole, func(names []string, parts map[string][]byte) []string {
			parts[codePart] = bytes.Replace(parts[codePart], []byte("a + b"), []byte("a - b"), 1)
			return names
		}), "connector.js has a wrong checksum"},
		{"longer code", repack(t, whole, func(names []string, parts map[string][]byte) []string {
			parts[codePart] = append(parts[codePart], ' ')
			return names
		}), "connector.js in it has 1043 bytes, but carjs.json says 1042"},
		{"a manifest that is none", repack(t, whole, func(names []string, parts map[string][]byte) []string {
			parts[manifestPart] = []byte("{")
			return names
		}), "cannot read carjs.json"},
		{"no format", manifest(func(m *Manifest) { m.Format = 0 }), "carjs.json has no format"},
		{"another name", manifest(func(m *Manifest) { m.Parts[0].Name = "../connector.js" }), "connector.js is not listed in carjs.json"},
		{"no code", manifest(func(m *Manifest) { m.Parts[0] = m.Parts[1] }), "connector.js.map is listed twice"},
		{
			"a later format", manifest(func(m *Manifest) { m.Format, m.Carjs = 7, "9.0" }),
			"is an artifact of format 7, built by carjs 9.0; this carjs reads format 1",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "demo.carjs")
			if err := os.WriteFile(path, test.data, 0o644); err != nil {
				t.Fatal(err)
			}
			_, err := Open(path)
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), path) {
				t.Errorf("%v, want %q", err, test.want)
			}
			var damaged *DamagedError
			var later *LaterError
			if !errors.As(err, &damaged) && !errors.As(err, &later) {
				t.Errorf("%T", err)
			}
		})
	}
}

// A file is known by how it begins, and only such a one is replaced.
func TestWrite(t *testing.T) {
	whole := encode(t, bundle.Source{FS: demo, Name: "demo"}, demo)
	otherZip := repack(t, whole, func(names []string, _ map[string][]byte) []string { return names[1:] })
	dir := t.TempDir()
	for name, test := range map[string]struct {
		before   []byte
		replaced bool
	}{
		"artifact.zip": {whole, true},
		"half":         {whole[:100], true},
		"letter.carjs": {[]byte("dear all"), false},
		"other.zip":    {otherZip, false},
		"empty.carjs":  {[]byte{}, false},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, test.before, 0o644); err != nil {
			t.Fatal(err)
		}
		err := Write(path, whole)
		after, readErr := os.ReadFile(path)
		if readErr != nil {
			t.Fatal(readErr)
		}
		want := test.before
		if test.replaced {
			want = whole
		}
		if test.replaced != (err == nil) || !bytes.Equal(after, want) {
			t.Errorf("%s: %v; replaced: %v", name, err, !bytes.Equal(after, test.before))
		}
	}
	if err := Write(dir, whole); err == nil || !strings.Contains(err.Error(), "is a folder") {
		t.Errorf("to a folder: %v", err)
	}
	if err := Write(filepath.Join(dir, "nowhere", "a.carjs"), whole); err == nil ||
		!strings.Contains(err.Error(), "cannot write the artifact") {
		t.Errorf("into no folder: %v", err)
	}
}

// What an artifact says of itself is bounded before anything is unpacked.
func TestOpenBounded(t *testing.T) {
	whole := encode(t, bundle.Source{FS: demo, Name: "demo"}, demo)
	change := func(from, to string) []byte {
		return repack(t, whole, func(names []string, parts map[string][]byte) []string {
			parts[manifestPart] = []byte(strings.Replace(string(parts[manifestPart]), from, to, 1))
			return names
		})
	}
	many := repack(t, whole, func(names []string, parts map[string][]byte) []string {
		for i := range 1000 {
			name := fmt.Sprintf("x%d", i)
			parts[name] = []byte("x")
			names = append(names, name)
		}
		return names
	})
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"long":           {change(`"bytes": `, `"bytes": 999999999999`), "256 MB"},
		"negative":       {change(`"bytes": `, `"bytes": -`), "256 MB"},
		"another length": {change(`"bytes": `, `"bytes": 1`), "says 1"},
		"other hosts":    {change(`"hosts": null`, `"hosts": ["evil.example"]`), "names other hosts"},
		"listed twice":   {change(`"connector.js.map"`, `"connector.js"`), "listed twice"},
		"many":           {many, "more files"},
		"a comment":      {append(append([]byte{}, whole[:len(whole)-2]...), "\x01\x00x"...), "more files"},
	} {
		if _, err := decode("file", c.data); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	sparse := filepath.Join(t.TempDir(), "large.carjs")
	if err := os.WriteFile(sparse, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(sparse, 1<<40); err != nil {
		t.Skip(err) // not every file system has such files
	}
	if _, err := Open(sparse); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("a large file: %v", err)
	}
}

// FuzzParts makes artifacts whose parts say anything of each other. It gets past the form of a zip,
// at which nearly all that [FuzzOpen] makes ends.
func FuzzParts(f *testing.F) {
	sum := Checksum([]byte("x"))
	f.Add([]byte(`{"format":1,"parts":[{"name":"connector.js","bytes":1,"sha256":"`+sum+`"},`+
		`{"name":"connector.js.map","bytes":1,"sha256":"`+sum+`"}]}`), []byte("x"), []byte("x"), "")
	f.Add([]byte(`{"format":2,"parts":[{"name":"../x","bytes":-1}]}`), []byte("x"), []byte(""), "../x")
	f.Fuzz(func(t *testing.T, manifest, code, sourceMap []byte, more string) {
		contents := map[string][]byte{manifestPart: manifest, codePart: code, mapPart: sourceMap}
		order := []string{manifestPart, codePart, mapPart}
		if more != "" {
			contents[more], order = append(contents[more], "more"...), append(order, more)
		}
		data, err := pack(order, contents)
		if err != nil {
			return // a name that no zip takes
		}
		a, err := decode("file", data)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "file ") {
				t.Errorf("%v does not name the file", err)
			}
			return
		}
		if a.Bundle().Code != string(contents[codePart]) || len(a.Parts) != len(order)-1 {
			t.Errorf("read %d parts of %d", len(a.Parts), len(order)-1)
		}
	})
}

// Whatever is in a file, reading it ends with an artifact or with what is wrong with it.
//
// Run it with make fuzz, or with -fuzzminimizetime 10x: the fuzzer otherwise spends its whole time, up
// to a minute for each find, on making a zip shorter, which breaks it, and counts none of that as
// executions.
func FuzzOpen(f *testing.F) {
	whole, err := Encode(&bundle.Bundle{Name: "demo", Entry: "src/main.ts", Code: "x()", Map: []byte(`{"version":3}`)}, demo, "1")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:len(whole)-10])
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := decode("file", data)
		if err == nil && (a.Bundle().Code == "" || a.Bundle().Map == nil) {
			t.Error("an artifact without a bundle")
		}
		if err != nil && !strings.HasPrefix(err.Error(), "file ") {
			t.Errorf("%v does not name the file", err)
		}
	})
}
