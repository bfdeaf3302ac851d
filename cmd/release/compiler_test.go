package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The archive with the real TypeScript compiler checks types where nothing else is installed. make
// typecheck has built the compiler, which takes many minutes; the other tests have a stand-in.
func TestRealCompiler(t *testing.T) {
	root, err := projectRoot()
	if err != nil {
		t.Fatal(err)
	}
	real, err := os.ReadFile(filepath.Join(root, "bin", "tools", here.program("tsgo")))
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("the compiler is not built: make bin/tools/tsgo does that, in many minutes")
	} else if err != nil {
		t.Fatal(err)
	}
	r := &release{root: root, version: testVersion, out: filepath.Join(t.TempDir(), "dist"), platforms: []platform{here}, compilers: []platform{here}}
	r.build = func(ctx context.Context, p platform, to, program string, flags ...string) error {
		if program == compiler {
			return errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, real, 0o755))
		}
		return r.goBuild(ctx, p, to, program, flags...)
	}
	if err := r.assemble(t.Context()); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	unpack(t, dir, r.read(t, r.archiveFile(here, "-typescript")))
	folder := filepath.Join(dir, r.archiveName(here, "-typescript"))
	run := func(code int, args ...string) string {
		t.Helper()
		c := exec.Command(filepath.Join(folder, here.program("carjs")), args...)
		c.Dir, c.Env = dir, []string{"HOME=" + dir, "PATH=/nowhere", "TMPDIR=" + t.TempDir()}
		out, err := c.CombinedOutput()
		if c.ProcessState == nil || c.ProcessState.ExitCode() != code {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	run(0, "init", "inventory")
	if out := run(0, "check", "inventory"); !strings.Contains(out, "no problems found") || strings.Contains(out, "TypeScript compiler") {
		t.Errorf("the types of a new connector are not checked, or wrong\n%s", out)
	}
	main := filepath.Join(dir, "inventory", "src", "main.ts")
	text, err := os.ReadFile(main)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(main, append(text, "\nexport const port: number = \"80\";\n"...), 0o644); err != nil {
		t.Fatal(err)
	}
	if out := run(2, "check", "inventory"); !strings.Contains(out, "Type 'string' is not assignable to type 'number'") ||
		!strings.Contains(out, "src/main.ts:") {
		t.Errorf("a wrong type is not found\n%s", out)
	}
}
