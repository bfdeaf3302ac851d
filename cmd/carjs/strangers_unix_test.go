//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestStrangeFiles has a connector's folder hold links that lead out of it, pipes and devices where
// carjs looks for its own files: none is followed, none keeps a command, and the message says which
// file it is.
func TestStrangeFiles(t *testing.T) {
	t.Parallel()
	const first = "acme/recordings/first"
	pipe := func(name string) func(*desk) {
		return func(d *desk) {
			if err := os.Remove(filepath.Join(d.dir, name)); err != nil && !os.IsNotExist(err) {
				d.Fatal(err)
			}
			if err := syscall.Mkfifo(filepath.Join(d.dir, name), 0o644); err != nil {
				d.Fatal(err)
			}
		}
	}
	link := func(name, target string) func(*desk) {
		return func(d *desk) {
			if err := os.RemoveAll(filepath.Join(d.dir, name)); err != nil {
				d.Fatal(err)
			}
			if !filepath.IsAbs(target) {
				target = filepath.Join(d.dir, target)
			}
			d.link(name, target)
		}
	}
	const outside, irregular = "outside the folder: copy the file into the folder", "it is not a regular file"
	made := newDesk(t)
	if r := made.run("init", "acme"); r.code != 0 {
		t.Fatal(r)
	}
	replay := []string{"run", "acme", "-replay", first, "-timeout", "20s"}
	for _, test := range []struct {
		name string
		make func(*desk)
		line []string
		want string // "" for a command that is not kept from anything
	}{
		{".env that is a pipe", pipe("acme/.env"), []string{"check", "acme"}, ""},
		{".env that leads to a secret", link("acme/.env", "outside/.env"), []string{"check", "acme"}, ""},
		{".env that is a device", link("acme/.env", "/dev/zero"), []string{"check", "acme"}, ""},
		{".env that is a pipe, in a test", pipe("acme/.env"), []string{"test", "acme"}, ""},
		{"recorded answer that is a pipe", pipe(first + "/0001-get-api-hosts.json"), replay, irregular},
		{"recorded answer that is a device", link(first+"/0001-get-api-hosts.json", "/dev/zero"), replay, outside},
		{"recorded answer that leads out", link(first+"/0001-get-api-hosts.json", "outside/answer.json"), replay, outside},
		{"recorded answer that leads out, in a test", link(first+"/0001-get-api-hosts.json", "outside/answer.json"),
			[]string{"test", "acme"}, outside},
		{"recorded answer that is a pipe, in a request", pipe(first + "/0001-get-api-hosts.json"),
			[]string{"request", "acme", "/api/hosts", "-replay", first}, irregular},
		{"description of a recording that is a pipe", pipe(first + "/recording.json"), replay, irregular},
		{"description of a recording that leads out", link(first+"/recording.json", "outside/recording.json"), replay, outside},
		{"recording of a test that leads out", link(first, "outside"), []string{"test", "acme"}, "outside the folder"},
		{"recording of a test by a path that leads out", func(d *desk) {
			d.write("acme/tests/out.test.ts", `import { connector, recorded, test } from "carjs/test";
				test("out", async () => { await connector({ source: recorded("../outside") }).full(); });`)
		}, []string{"test", "acme"}, "it leads out of the folder"},
		{"test that is a pipe", pipe("acme/tests/other.test.ts"), []string{"test", "acme"}, "named pipe"},
		{"tsconfig.json that is a pipe", pipe("acme/tsconfig.json"), []string{"check", "acme"}, "tsconfig.json"},
		{"configuration that is a pipe", pipe("acme/configurations/config.json"), []string{"check", "acme"}, irregular},
		{"names that are a pipe", pipe("acme/configurations/lang_en.json"), []string{"check", "acme"}, irregular},
		{"typings that lead out", link("acme/types", "outside"), []string{"types", "acme"}, "outside the folder"},
		{"typing that leads out", link("acme/types/carjs.d.ts", "outside/carjs.d.ts"), []string{"types", "acme"}, outside},
		{"typing that is a pipe", pipe("acme/types/carjs.d.ts"), []string{"types", "acme"}, irregular},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			if err := os.CopyFS(d.dir, os.DirFS(made.dir)); err != nil {
				t.Fatal(err)
			}
			for name, text := range map[string]string{
				".env": "API_TOKEN=" + secretText, "answer.json": `{"` + secretText + `": 1}`, "recording.json": `{"` + secretText + `": 1}`,
				"carjs.d.ts": "// " + secretText,
			} {
				d.write("outside/"+name, text)
			}
			test.make(d)
			r := d.run(test.line...)
			if r.took > time.Minute {
				t.Errorf("took %v", r.took)
			}
			if strings.Contains(r.stdout+r.stderr, secretText) {
				t.Errorf("the message quotes what is outside:\n%s", r)
			}
			if (r.code != 0) != (test.want != "") || !strings.Contains(r.stdout+r.stderr, test.want) {
				t.Errorf("want %q\n%s", test.want, r)
			}
			for _, name := range []string{"answer.json", "recording.json", "carjs.d.ts"} {
				if !strings.Contains(d.read("outside/"+name), secretText) {
					t.Errorf("outside/%s was written", name)
				}
			}
			if entries, err := os.ReadDir(filepath.Join(d.dir, "outside")); err != nil || len(entries) != 4 {
				t.Errorf("%d files outside: %v", len(entries), err)
			}
		})
	}
}
