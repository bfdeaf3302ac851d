package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"carjs/host/deploy/image/imagetest"
)

// here is the platform of the tests, whose carjs is built and run.
var here = platform{runtime.GOOS, runtime.GOARCH}

// compilerText is a stand-in for the TypeScript compiler, which takes many minutes to build.
const compilerText = `package main

import (
	"fmt"
	"os"
)

func main() {
	if os.Args[1] == "--version" {
		fmt.Println("Version 7.0.2")
		return
	}
	fmt.Println("src/main.ts(1,1): error TS1: the compiler of the archive ran")
	os.Exit(2)
}
`

// builder builds carjs once, for this platform, and takes it for the others too: how archives are
// made does not depend on what is in them.
func builder(t *testing.T, r *release) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(compilerText), 0o644); err != nil {
		t.Fatal(err)
	}
	built := map[string][]byte{}
	r.build = func(ctx context.Context, p platform, to, program string, flags ...string) error {
		if built[program] == nil {
			path := filepath.Join(dir, filepath.Base(program))
			if program == compiler {
				program = filepath.Join(dir, "main.go")
			}
			if err := r.goBuild(ctx, here, path, program, flags...); err != nil {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if program != "./cmd/carjs" {
				program = compiler
			}
			built[program] = data
		}
		return errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, built[program], 0o755))
	}
}

const testVersion = "1.2.3-rc.1"

// made is a release for this platform and, in name, for Windows.
func made(t *testing.T) *release {
	t.Helper()
	root, err := projectRoot()
	if err != nil {
		t.Fatal(err)
	}
	windows := platform{"windows", "amd64"}
	r := &release{root: root, version: testVersion, url: "https://example.com/carjs/", out: filepath.Join(t.TempDir(), "dist"),
		platforms: []platform{here, windows}, compilers: []platform{here, windows}}
	builder(t, r)
	if err := r.assemble(t.Context()); err != nil {
		t.Fatal(err)
	}
	return r
}

// sums are the checksums of a release, after a comparison with its files.
func sums(t *testing.T, dir string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, sumsFile))
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]string{}
	for line := range strings.Lines(string(text)) {
		hash, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || fmt.Sprintf("%x", sha256.Sum256(data)) != hash {
			t.Errorf("%s: %v, or another checksum", name, err)
		}
		listed[name] = hash
	}
	return listed
}

// A release has all its files, what is in them runs, and the same commit makes the same bytes.
func TestRelease(t *testing.T) {
	if here.os != "linux" {
		t.Skip("the packages and the image of this test are for Linux")
	}
	r := made(t)
	listed := sums(t, r.out)
	for _, name := range []string{
		"carjs-1.2.3-rc.1-" + here.name() + ".tar.gz", "carjs-1.2.3-rc.1-" + here.name() + "-typescript.tar.gz",
		"carjs-1.2.3-rc.1-windows-amd64.zip", "carjs-1.2.3-rc.1-windows-amd64-typescript.zip",
		"carjs_1.2.3~rc.1-1_" + here.arch + ".deb", "carjs-1.2.3~rc.1-1." + rpmArch[here.arch] + ".rpm",
		"npm/carjs-1.2.3-rc.1.tgz", "npm/carjs-linux-" + nodeArch[here.arch] + "-1.2.3-rc.1.tgz", "npm/carjs-win32-x64-1.2.3-rc.1.tgz",
		"carjs-1.2.3-rc.1-oci.tar", "carjs-1.2.3-rc.1.cdx.json", "carjs.rb",
	} {
		if listed[name] == "" {
			t.Errorf("%s is missing in %v", name, listed)
		}
	}
	if len(listed) != 12 {
		t.Errorf("%d files: %v", len(listed), listed)
	}
	t.Run("archives", func(t *testing.T) { checkArchives(t, r) })
	t.Run("deb", func(t *testing.T) { checkDeb(t, r) })
	t.Run("rpm", func(t *testing.T) { checkRPM(t, r) })
	t.Run("foreign", func(t *testing.T) { checkForeign(t, r) })
	t.Run("npm", func(t *testing.T) { checkNPM(t, r) })
	t.Run("formula", func(t *testing.T) { checkFormula(t, r, listed) })
	t.Run("image", func(t *testing.T) { checkImage(t, r) })
	t.Run("bill", func(t *testing.T) { checkBill(t, r) })
	t.Run("again", func(t *testing.T) {
		again := &release{root: r.root, version: r.version, url: r.url, out: filepath.Join(t.TempDir(), "dist"),
			platforms: r.platforms, compilers: r.compilers, build: r.build}
		if err := again.assemble(t.Context()); err != nil {
			t.Fatal(err)
		}
		for name, hash := range sums(t, again.out) {
			if listed[name] != hash {
				t.Errorf("%s is not the same", name)
			}
		}
	})
}

// untar reads a compressed tar.
func untar(t *testing.T, data []byte) (map[string][]byte, map[string]*tar.Header) {
	t.Helper()
	compressed, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	files, headers := map[string][]byte{}, map[string]*tar.Header{}
	for archive := tar.NewReader(compressed); ; {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return files, headers
		}
		if err != nil {
			t.Fatal(err)
		}
		if files[h.Name], err = io.ReadAll(archive); err != nil {
			t.Fatal(err)
		}
		headers[h.Name] = h
	}
}

func (r *release) read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(r.out, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// unpack writes the files of an archive, as tar does.
func unpack(t *testing.T, dir string, data []byte) {
	t.Helper()
	files, headers := untar(t, data)
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, content, os.FileMode(headers[name].Mode))); err != nil {
			t.Fatal(err)
		}
	}
}

func checkArchives(t *testing.T, r *release) {
	dir := t.TempDir()
	unpack(t, dir, r.read(t, r.archiveFile(here, "-typescript")))
	carjs := filepath.Join(dir, r.archiveName(here, "-typescript"), "carjs")
	run := func(code int, args ...string) string {
		t.Helper()
		c := exec.Command(carjs, args...)
		c.Dir, c.Env = dir, []string{"HOME=" + dir, "PATH=/nowhere"}
		out, err := c.CombinedOutput()
		if c.ProcessState == nil || c.ProcessState.ExitCode() != code {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	if out := run(0, "-version"); out != "carjs version 1.2.3-rc.1\n" {
		t.Error(out)
	}
	var version struct{ Version, Commit string }
	err := json.Unmarshal([]byte(run(0, "version", "-json")), &version)
	if err != nil || version.Version != testVersion || version.Commit != r.commit {
		t.Errorf("%v %+v", err, version)
	}
	run(0, "init", "inventory")
	if out := run(2, "check", "inventory"); !strings.Contains(out, "the compiler of the archive ran") {
		t.Error(out)
	}
	plain, headers := untar(t, r.read(t, r.archiveFile(here, "")))
	folder := r.archiveName(here, "") + "/"
	licenses := string(plain[folder+"LICENSES.txt"])
	if len(plain) != 5 || !strings.Contains(licenses, "github.com/dop251/goja") || headers[folder+"carjs"].Mode != 0o755 {
		t.Errorf("%v", headers)
	}
	windows := platform{"windows", "amd64"}
	data := r.read(t, r.archiveFile(windows, "-typescript"))
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"carjs.exe", "tsgo.exe", "LICENSES-typescript.txt"} {
		file, err := archive.Open(r.archiveName(windows, "-typescript") + "/" + name)
		if err != nil {
			t.Error(err)
			continue
		}
		if content, err := io.ReadAll(file); err != nil || len(content) == 0 {
			t.Errorf("%s: %d bytes, %v", name, len(content), err)
		}
	}
}

func checkFormula(t *testing.T, r *release, listed map[string]string) {
	text := string(r.read(t, "carjs.rb"))
	name := r.archiveFile(here, "")
	for _, part := range []string{
		"class Carjs < Formula", `url "https://example.com/carjs/` + name + `"`, `sha256 "` + listed[name] + `"`, "on_linux do",
		`version "1.2.3-rc.1"`,
	} {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in\n%s", part, text)
		}
	}
	begun, ended := strings.Count(text, "do\n")+2, strings.Count(text, "end\n") // the class and install begin otherwise
	if strings.Contains(text, "windows") || strings.Contains(text, "on_macos") || begun != ended {
		t.Error(text)
	}
}

func checkImage(t *testing.T, r *release) {
	files, err := imagetest.Archive(bytes.NewReader(r.read(t, "carjs-1.2.3-rc.1-oci.tar")))
	if err != nil {
		t.Fatal(err)
	}
	source, roots, err := imagetest.Layout(files)
	if err != nil {
		t.Fatal(err)
	}
	images, err := imagetest.Read(source, roots[0])
	if err != nil {
		t.Fatal(err)
	}
	config := images[here.String()].Config.Config
	if len(images) != 1 || len(config.Entrypoint) != 1 || config.Labels["version"] != testVersion {
		t.Errorf("%+v", images)
	}
}

func checkBill(t *testing.T, r *release) {
	var b struct {
		BomFormat  string
		Components []struct{ Name, Version, PURL string }
	}
	if err := json.Unmarshal(r.read(t, "carjs-1.2.3-rc.1.cdx.json"), &b); err != nil || b.BomFormat != "CycloneDX" {
		t.Fatal(err, b)
	}
	names := map[string]bool{}
	for _, c := range b.Components {
		names[c.Name] = true
	}
	for _, name := range []string{"carjs for " + here.String(), "tsgo for windows/amd64", "github.com/dop251/goja", "stdlib"} {
		if !names[name] {
			t.Errorf("%s is missing in %v", name, names)
		}
	}
}

// The licenses that are embedded in carjs are those of what is linked.
func TestEmbeddedLicenses(t *testing.T) {
	if err := run(t.Context(), []string{"licenses", "-check"}); err != nil {
		t.Error(err)
	}
}

func TestBadInput(t *testing.T) {
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "letter"), []byte("dear all"), 0o644); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "dist")
	for _, test := range []struct {
		args []string
		says string
	}{
		{nil, "no command"},
		{[]string{"build", "-platform", "linux/vax"}, `unknown platform "linux/vax"`},
		{[]string{"build", "-version", "v1.0", "-o", out}, `invalid version "v1.0"`},
		{[]string{"build", "-version", "1.0.0", "-o", full}, "is there and is no release"},
		{[]string{"build", "1.0.0"}, `release build takes flags only, but got "1.0.0"`},
	} {
		if err := run(t.Context(), test.args); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%v: %v, want %q", test.args, err, test.says)
		}
	}
	if left, err := os.ReadDir(filepath.Dir(out)); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}
