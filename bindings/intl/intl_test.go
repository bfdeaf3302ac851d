package intl_test

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones of the tests, wherever they run

	"carjs/bindings/intl"
	"carjs/host/script"

	"github.com/dop251/goja"
)

var update = flag.Bool("update", false, "ask Node for testdata/node.txt anew")

// run runs a program and returns its value as text.
func run(t testing.TB, code string) (string, error) {
	t.Helper()
	rt, err := script.New(script.Options{Globals: []script.Global{intl.Global()}})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	value, err := rt.Do(t.Context(), func(vm *goja.Runtime) (goja.Value, error) { return vm.RunScript("cases.js", code) })
	if err != nil {
		return "", err
	}
	return value.String(), nil
}

const cases = "testdata/cases.js"

// askNode runs a program in Node and returns its value.
func askNode(t *testing.T, code string) string {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("Node is not installed")
	}
	node := exec.CommandContext(t.Context(), "node", "-e", `process.stdout.write(String((0, eval)(require("fs").readFileSync(0, "utf8"))))`)
	node.Stdin, node.Stderr, node.Env = strings.NewReader(code), os.Stderr, append(os.Environ(), "TZ=UTC")
	text, err := node.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// inUTC has the process in the time zone in which Node answered.
func inUTC(t *testing.T) {
	before := time.Local
	time.Local = time.UTC
	t.Cleanup(func() { time.Local = before })
}

// compare tells where lines of answers, behind what was asked, differ from others.
func compare(t *testing.T, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("there are %d cases, want %d: run the test with -update", len(got), len(want))
	}
	wrong := 0
	for i, line := range got {
		asked, answer, _ := strings.Cut(line, " => ")
		if answer == want[i] {
			continue
		}
		if wrong++; wrong <= 40 {
			t.Errorf("%s\nis   %s\nwant %s", asked, answer, want[i])
		}
	}
	t.Logf("%d of %d cases are as in Node", len(want)-wrong, len(want))
}

// answers are the lines of what cases.js returns, without what was asked.
func answers(text string) []string {
	var all []string
	for line := range strings.Lines(text) {
		_, answer, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " => ")
		all = append(all, answer)
	}
	return all
}

// TestLikeNode compares what Intl says in some thousand cases with what Node said. It takes some
// seconds because it makes as many formatters.
func TestLikeNode(t *testing.T) {
	const file = "testdata/node.txt"
	code, err := os.ReadFile(cases)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		text := strings.Join(answers(askNode(t, string(code))), "\n") + "\n"
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	inUTC(t)
	text, err := run(t, string(code))
	if err != nil {
		t.Fatal(err)
	}
	compare(t, strings.Split(strings.TrimSuffix(text, "\n"), "\n"), strings.Split(strings.TrimSuffix(string(golden), "\n"), "\n"))
}

// TestNode compares with the Node that is installed, in cases that are drawn by another lot: that of
// CARJS_INTL, a number.
func TestNode(t *testing.T) {
	seed, err := strconv.Atoi(os.Getenv("CARJS_INTL"))
	if err != nil {
		t.Skip("set CARJS_INTL to a number to compare other cases with the Node that is installed")
	}
	if icu := askNode(t, "process.versions.icu"); !strings.HasPrefix(icu, "78.") {
		t.Skipf("this Node has version %s of ICU, and the data of carjs is that of 78", icu)
	}
	code, err := os.ReadFile(cases)
	if err != nil {
		t.Fatal(err)
	}
	program := fmt.Sprintf("globalThis.seed = %d; globalThis.share = 1;\n%s", seed, code)
	inUTC(t)
	text, err := run(t, program)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, strings.Split(strings.TrimSuffix(text, "\n"), "\n"), answers(askNode(t, program)))
}
