package bundle

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// marked puts a mark into the one file of the cache, in the way that a cached bundle is written, so
// that it shows where a bundle comes from.
func marked(t *testing.T, c Cache, src Source) {
	t.Helper()
	known, err := c.fingerprint(src)
	if err != nil || known == nil {
		t.Fatalf("no fingerprint: %v", err)
	}
	file := filepath.Join(c.Dir, known.name())
	bundle := load(file, known.sum)
	if bundle == nil {
		t.Fatal("the bundle is not in the cache")
	}
	bundle.Code = "mark"
	if err := save(file, known.sum, bundle); err != nil {
		t.Fatal(err)
	}
}

// fromCache tells whether a bundle comes from the cache, which marked has marked.
func fromCache(t *testing.T, c Cache, src Source) bool {
	t.Helper()
	b, err := c.Build(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	return b.Code == "mark"
}

var cachedConnector = files(
	"src/main.ts", `import config from "../configurations/config.json"; import { part } from "./part"; import "carjs"; export default config.name + part;`,
	"src/part.ts", `export const part: string = "part";`,
	"configurations/config.json", `{"name": "demo"}`,
	"tsconfig.json", `{"extends": "./base.json"}`, "base.json", `{"compilerOptions": {"strict": true}}`,
)

func TestCache(t *testing.T) {
	for _, where := range []string{"disk", "memory"} {
		t.Run(where, func(t *testing.T) {
			src := Source{FS: cachedConnector, Name: "demo", Modules: modules}
			if where == "disk" {
				src = Source{Dir: write(t, cachedConnector), Name: "demo", Modules: modules}
			}
			c := Cache{Dir: filepath.Join(t.TempDir(), "state", "bundles"), Version: "1"}
			if where == "disk" {
				// Kept beside the caller or not, it is the same file.
				var kept sync.WaitGroup
				c.Later = func(keep func()) { kept.Go(keep); kept.Wait() }
			}
			want, err := Build(t.Context(), src)
			if err != nil {
				t.Fatal(err)
			}
			for _, time := range []string{"first", "second"} {
				got, err := c.Build(t.Context(), src)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("the %s time: %s", time, diff)
				}
			}
			marked(t, c, src)
			if !fromCache(t, c, src) {
				t.Error("nothing has changed, but it is made anew")
			}
			for name, other := range map[string]func() (Cache, Source){
				"version":  func() (Cache, Source) { return Cache{Dir: c.Dir, Version: "2"}, src },
				"modules":  func() (Cache, Source) { s := src; s.Modules = []string{"carjs"}; return c, s },
				"name":     func() (Cache, Source) { s := src; s.Name = "other"; return c, s },
				"entry":    func() (Cache, Source) { s := src; s.Entry = "src/part.ts"; return c, s },
				"no cache": func() (Cache, Source) { return Cache{Version: "1"}, src },
			} {
				if c, src := other(); fromCache(t, c, src) {
					t.Errorf("another %s is not seen", name)
				}
			}
		})
	}
}

// Whatever changes on disk, the cache does not answer with what was before.
func TestCacheSeesChanges(t *testing.T) {
	put := func(name, text string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			path := filepath.Join(dir, filepath.FromSlash(name))
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, change := range map[string]func(t *testing.T, dir string){
		"an input":                               put("src/part.ts", `export const part: string = "new";`),
		"a JSON file":                            put("configurations/config.json", `{"name":"DEMO"}`),
		"a file that takes its place":            put("src/part.tsx", `export const part = "x";`),
		"tsconfig.json":                          put("tsconfig.json", `{"compilerOptions": {"useDefineForClassFields": false}}`),
		"package.json":                           put("package.json", `{"sideEffects": false}`),
		"package.json above":                     put("../package.json", `{"type": "commonjs"}`),
		"tsconfig.json above":                    put("../../tsconfig.json", `{}`),
		"packages":                               put("node_modules/x/index.js", ``),
		"packages above":                         put("../node_modules/x/index.js", ``),
		"a file that tsconfig.json extends":      put("base.json", `{"compilerOptions": {"useDefineForClassFields": false}}`),
		"a tsconfig.json that extends one above": put("tsconfig.json", `{"extends": "../base.json"}`),
		"a tsconfig.json that extends a package": put("tsconfig.json", `{"extends": "@tsconfig/strictest"}`),
		"a tsconfig.json that extends itself":    put("tsconfig.json", `{"extends": "./tsconfig.json"}`),
		"much":                                   put("data/much.bin", strings.Repeat("x", maxBytes)),
		"a link": func(t *testing.T, dir string) {
			if err := os.Symlink(filepath.Join(dir, "src"), filepath.Join(dir, "linked")); err != nil {
				t.Skip(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "above", "connector")
			for name, file := range cachedConnector {
				put(name, string(file.Data))(t, dir)
			}
			c, src := Cache{Dir: t.TempDir(), Version: "1"}, Source{Dir: dir, Modules: modules}
			if fromCache(t, c, src) {
				t.Fatal("from an empty cache")
			}
			marked(t, c, src)
			put(".carjs/car.db", "state")(t, dir)
			if !fromCache(t, c, src) {
				t.Error("what carjs keeps there counts as a change")
			}
			change(t, dir)
			if fromCache(t, c, src) {
				t.Error("the change is not seen")
			}
		})
	}
}

func TestCacheDamaged(t *testing.T) {
	c, src := Cache{Dir: t.TempDir(), Version: "1"}, Source{FS: cachedConnector, Name: "demo", Modules: modules}
	want, err := c.Build(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	known, err := c.fingerprint(src)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(c.Dir, known.name())
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"empty": "", "half": string(whole[:len(whole)/2]), "longer": string(whole) + " ", "no sum": strings.SplitN(string(whole), "\n", 2)[1],
		"changed": strings.Replace(string(whole), `"part"`, `"evil"`, 1), "nothing in it": checksum(nil) + "\n",
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if load(file, known.sum) != nil {
			t.Errorf("%s: it is trusted", name)
		}
		got, err := c.Build(t.Context(), src)
		if err != nil || got.Code != want.Code || load(file, known.sum) == nil {
			t.Errorf("%s: it is not made anew: %v", name, err)
		}
	}
}

// A secret in the sources is not copied to the cache, also when it is in a comment.
func TestCacheKeepsNoSecret(t *testing.T) {
	for source, cached := range map[string]bool{
		`export default "none";`: true, `export default "hush";`: false, "// the password is hush\nexport default 1;": false,
	} {
		c := Cache{Dir: t.TempDir(), Version: "1", Private: func(text []byte) bool { return strings.Contains(string(text), "hush") }}
		if _, err := c.Build(t.Context(), Source{FS: files("src/main.ts", source), Name: "demo"}); err != nil {
			t.Fatal(err)
		}
		entries, err := os.ReadDir(c.Dir)
		if err != nil || len(entries) == 1 != cached {
			t.Errorf("%s: %v, %v", source, entries, err)
		}
	}
}

// What cannot be cached is bundled, and errors are those of Build.
func TestCacheWithout(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := (Cache{Dir: filepath.Join(file, "below"), Version: "1"}).Build(t.Context(),
		Source{FS: cachedConnector, Name: "demo"}); err != nil {
		t.Errorf("the cache cannot be written: %v", err)
	}
	c := Cache{Dir: t.TempDir(), Version: "1"}
	var buildErr *BuildError
	for _, broken := range []fstest.MapFS{files("src/main.ts", `import "./gone"`), files("readme.md", "")} {
		if _, err := c.Build(t.Context(), Source{FS: broken, Name: "demo"}); !errors.As(err, &buildErr) {
			t.Errorf("got %v", err)
		}
	}
	dir := write(t, files("src/main.ts", `import { x } from "./.hidden/x"; export default x;`, "src/.hidden/x.ts", `export const x = 1;`))
	if _, err := c.Build(t.Context(), Source{Dir: dir}); err != nil {
		t.Fatal(err)
	}
	if entries, err := os.ReadDir(c.Dir); err != nil || len(entries) != 0 {
		t.Errorf("what is not seen is cached: %v, %v", entries, err)
	}
}
