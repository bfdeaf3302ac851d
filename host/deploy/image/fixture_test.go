package image

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"carjs/host/failure"
)

// programs is a folder of small programs that look like carjs to who reads their build information:
// by platform, and "pie", which is linked dynamically. "stranger" is another program.
var programs string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "carjs-image-*")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		if err := buildPrograms(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		programs = dir
		return m.Run()
	}())
}

func buildPrograms(dir string) error {
	for name, text := range map[string]string{
		"go.mod":               "module carjs\n\ngo 1.26\n",
		"cmd/carjs/main.go":    "package main\n\nfunc main() { println(\"carjs\") }\n",
		"cmd/stranger/main.go": "package main\n\nfunc main() { println(\"stranger\") }\n",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			return err
		}
	}
	for _, b := range []struct{ name, arch, from, mode string }{
		{"amd64", "amd64", "carjs", "exe"}, {"arm64", "arm64", "carjs", "exe"}, {"pie", "amd64", "carjs", "pie"},
		{"stranger", "amd64", "stranger", "exe"},
	} {
		build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-buildmode", b.mode, "-o", b.name, "./cmd/"+b.from)
		build.Dir = dir
		build.Env = append(os.Environ(), "GOOS=linux", "GOARCH="+b.arch, "CGO_ENABLED=0", "GOWORK=off")
		if out, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("build %s: %w\n%s", b.name, err, out)
		}
	}
	return nil
}

func programPath(name string) string { return filepath.Join(programs, name) }

// demo is what an image of a connector is made of.
func demo(platforms ...Platform) Spec {
	spec := Spec{
		Name: "demo", Title: "Demo Connector", Version: "1.4.0", Release: "7", Vendor: "Example", Carjs: "0.1",
		Artifact:       []byte("an artifact"),
		Configurations: map[string][]byte{"configurations/config.json": []byte("{}"), "configurations/lang_en.json": []byte("{ }")},
		Labels:         map[string]string{"team": "assets"},
		Packages:       []Package{{"left-pad", "1.3.0"}, {"@scope/x", ""}},
		Binaries:       map[Platform]string{},
	}
	for _, p := range platforms {
		spec.Binaries[p] = programPath(p.Architecture())
	}
	return spec
}

func build(t *testing.T, spec Spec) *Image {
	t.Helper()
	i, err := Build(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// fails checks that an error is a failure with an exit code, and what it and its next step say.
func fails(t *testing.T, err error, code int, says ...string) {
	t.Helper()
	var f *failure.Failure
	if !errors.As(err, &f) {
		t.Fatalf("%v is no failure", err)
	}
	if f.Code != code || f.Hint == "" {
		t.Errorf("exit code %d, want %d; next step %q", f.Code, code, f.Hint)
	}
	for _, part := range says {
		if !strings.Contains(f.Message+"\n"+f.Hint, part) {
			t.Errorf("%q is missing in\n%s\n%s", part, f.Message, f.Hint)
		}
	}
}

// dockerConfig writes a docker configuration with the logins NAME:PASSWORD by registry, and has
// this process use it.
func dockerConfig(t *testing.T, logins map[string]string) string {
	t.Helper()
	auths := map[string]any{}
	for host, login := range logins {
		auths[host] = map[string]string{"auth": base64.StdEncoding.EncodeToString([]byte(login))}
	}
	data, err := json.Marshal(map[string]any{"auths": auths})
	if err != nil {
		t.Fatal(err)
	}
	return dockerConfigText(t, string(data))
}

func dockerConfigText(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "config.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DOCKER_CONFIG", dir)
	return path
}
