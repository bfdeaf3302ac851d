package bindings

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"carjs/bindings/carjs"
	"carjs/host/bundle"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// npmCase is one program that uses a package and returns what JSON can hold.
type npmCase struct{ name, code string }

// npmCases reads the programs of the list, and with CARJS_NPM those of the longer one: its packages
// are large, and take a minute to install and to bundle.
func npmCases(t *testing.T) []npmCase {
	t.Helper()
	text, err := os.ReadFile("testdata/npm/cases.js")
	if err == nil && os.Getenv("CARJS_NPM") != "" {
		var more []byte
		more, err = os.ReadFile("testdata/npm/more.js")
		text = append(text, more...)
	}
	if err != nil {
		t.Fatal(err)
	}
	var cases []npmCase
	for _, part := range regexp.MustCompile(`(?m)^// == `).Split(string(text), -1)[1:] {
		name, code, _ := strings.Cut(part, "\n")
		cases = append(cases, npmCase{name, code})
	}
	return cases
}

// npmFolder is a folder with the packages: that of CARJS_NPM, or one that npm fills in CI.
func npmFolder(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("Node is not installed")
	}
	dir := os.Getenv("CARJS_NPM")
	if dir == "" && os.Getenv("CI") != "true" {
		t.Skip("the packages of npm are compared in CI, or with CARJS_NPM=FOLDER, which keeps them")
	}
	if dir == "" {
		dir = t.TempDir()
	}
	if err := os.WriteFile(filepath.Join(dir, "package.json"), npmPackages(t), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules")); err == nil {
		return dir
	}
	install := exec.Command("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund")
	install.Dir = dir
	if out, err := install.CombinedOutput(); err != nil {
		t.Skipf("npm cannot install the packages: %v\n%s", err, out)
	}
	return dir
}

// npmPackages is the package.json of the packages, with CARJS_NPM those of the longer list too.
func npmPackages(t *testing.T) []byte {
	t.Helper()
	list := struct {
		Private      bool              `json:"private"`
		Type         string            `json:"type"`
		Dependencies map[string]string `json:"dependencies"`
	}{}
	for i, name := range []string{"package.json", "more.json"} {
		if i > 0 && os.Getenv("CARJS_NPM") == "" {
			break
		}
		text, err := os.ReadFile("testdata/npm/" + name)
		if err == nil {
			err = json.Unmarshal(text, &list) // adds to the dependencies
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	text, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// knownFailures are the programs that do not give what Node gives, each with what happens in its
// place. None may be wrong without an error.
var knownFailures = map[string]string{
	"object-hash": "fails", // its build for browsers has no SHA-256
	"undici":      "fails", // it is Node's own client, on sockets, and asks for Node's version when it loads
	"got":         "fails", // is a client on sockets, and makes one when it loads
	// Asks for a date in the Indian calendar when it loads; temporal-polyfill does not.
	"@js-temporal/polyfill": "fails",
}

// TestPackages compares packages of npm with Node. It logs how many are right.
func TestPackages(t *testing.T) {
	dir, cases := npmFolder(t), npmCases(t)
	writeKeys(t, dir)
	only := os.Getenv("CARJS_NPM_ONLY")
	var runner strings.Builder
	runner.WriteString("const out = {};\n")
	for i, c := range cases {
		file := filepath.Join(dir, fmt.Sprintf("case%d.mjs", i))
		if err := os.WriteFile(file, []byte(c.code), 0o600); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&runner, "try { out[%[2]q] = JSON.stringify(await (await import('./case%[1]d.mjs')).default()) ?? null; } "+
			"catch (e) { out[%[2]q] = 'error: ' + e.message; }\n", i, c.name)
	}
	runner.WriteString("process.stdout.write(JSON.stringify(out), () => process.exit());\n")
	if err := os.WriteFile(filepath.Join(dir, "runner.mjs"), []byte(runner.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	node := exec.Command("node", "runner.mjs")
	node.Dir, node.Stderr, node.Env = dir, os.Stderr, append(os.Environ(), "NODE_ENV=production", "TZ=UTC")
	text, err := node.Output()
	if err != nil {
		t.Fatal(err)
	}
	var expected map[string]string
	if err := json.Unmarshal(text, &expected); err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for i, c := range cases {
		if only != "" && !strings.Contains(","+only+",", ","+c.name+",") {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			if strings.HasPrefix(expected[c.name], "error: ") {
				t.Errorf("fails in Node: %s", expected[c.name])
				return
			}
			got, outcome := runPackage(t, dir, fmt.Sprintf("case%d.mjs", i))
			if outcome == "" && got == expected[c.name] {
				outcome = "right"
			} else if outcome == "" {
				outcome = "wrong"
				got += "\nwant " + expected[c.name]
			}
			counts[outcome]++
			if known, ok := knownFailures[c.name]; ok && outcome == known {
				t.Skipf("known: %s: %s", outcome, got)
			}
			if outcome != "right" || knownFailures[c.name] != "" {
				t.Errorf("%s: %s", outcome, got)
			}
		})
	}
	t.Logf("%d programs: %v", len(cases), counts)
	if share := float64(counts["right"]) / float64(len(cases)); only == "" && share < 0.9 {
		t.Errorf("%.0f %% are right, want 90 %%", share*100)
	}
}

// runPackage runs one program, and returns the JSON of its result, or how it fails and why.
func runPackage(t *testing.T, dir, entry string) (got, outcome string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	b, err := bundle.Build(ctx, bundle.Source{Dir: dir, Entry: entry, Name: "demo", Modules: Modules()})
	var built *bundle.BuildError
	if errors.As(err, &built) {
		return err.Error(), "does not bundle"
	}
	if err != nil {
		t.Fatal(err)
	}
	program, err := script.Compile(b.Name, b.Code)
	if err != nil {
		return err.Error(), "does not compile"
	}
	core := carjs.New(nil)
	rt, err := NewRuntime(core, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	exports, err := rt.Load(ctx, program)
	if err != nil {
		return fmt.Sprintf("%v\n%s", err, stackOf(err)), "fails"
	}
	result, err := rt.Do(ctx, func(vm *goja.Runtime) (goja.Value, error) {
		run, err := vm.RunString(`(async (f) => JSON.stringify(await f()))`)
		if err != nil {
			return nil, err
		}
		call, _ := goja.AssertFunction(run)
		return call(goja.Undefined(), exports.Get("default"))
	})
	if err != nil {
		return fmt.Sprintf("%v\n%s", err, stackOf(err)), "fails"
	}
	return result.String(), ""
}

func stackOf(err error) string {
	var e *script.Error
	if !errors.As(err, &e) {
		return ""
	}
	var lines []string
	for _, frame := range e.Stack[:min(6, len(e.Stack))] {
		lines = append(lines, "  at "+frame.String())
	}
	return strings.Join(lines, "\n")
}

// writeKeys writes the file of keys that the programs import.
func writeKeys(t *testing.T, dir string) {
	t.Helper()
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for name, key := range map[string]any{"rsa": rsaKey, "ec": ecKey} {
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	}
	for name, key := range map[string]any{"rsaPublic": &rsaKey.PublicKey, "ecPublic": &ecKey.PublicKey} {
		der, err := x509.MarshalPKIXPublicKey(key)
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	}
	text, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "keys.js"), []byte("export const KEYS = "+string(text)+";\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}
