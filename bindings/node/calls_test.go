package node_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"carjs/bindings"
	"carjs/bindings/carjs"
	"carjs/host/script"
)

// callsScript evaluates expressions, of which a line may have several, and returns what each is, or
// what it throws, as JSON.
const callsScript = `
const names = ["util", "querystring", "url", "path", "events", "string_decoder", "assert", "punycode", "os", "buffer"];
const modules = names.map((name) => require("node:" + name));
const { Buffer } = modules[9];
const plain = (key, v) => v === undefined ? "%undefined" : Object.is(v, -0) ? "%-0" : typeof v === "number" && !Number.isFinite(v) ? "%" + v : v;
return JSON.stringify(lines.map((line) => line.split(" ; ").map((code) => {
	try {
		return [JSON.stringify(new Function(...names.slice(0, 9), "Buffer", "return " + code)(...modules.slice(0, 9), Buffer), plain) ?? "undefined"];
	} catch (e) {
		return [e.name, e.code ?? "", String(e.message).split("\n")[0]];
	}
})));`

// differences are calls of which carjs says something else, and what.
var differences = map[string]string{
	// A Buffer has less room.
	`Buffer.alloc(-1)`: `RangeError | ERR_OUT_OF_RANGE | The value of "size" is out of range. It must be >= 0 && <= 2147483647. Received -1`,
}

// Node's modules return what they return in Node, and throw what they throw there.
func TestCallsOfNode(t *testing.T) {
	text, err := os.ReadFile("testdata/calls.txt")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "# ") {
			lines = append(lines, line)
		}
	}
	list, err := json.Marshal(lines)
	if err != nil {
		t.Fatal(err)
	}
	ours := inCarjs(t, string(list))
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node is not installed")
	}
	command := exec.Command(node, "--no-deprecation", "-e",
		"console.log((() => { const lines = "+string(list)+";"+callsScript+" })())")
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var theirs [][][]string
	if err := json.Unmarshal(out, &theirs); err != nil {
		t.Fatal(err)
	}
	for i, line := range lines {
		for j, code := range strings.Split(line, " ; ") {
			got, want := strings.Join(ours[i][j], " | "), strings.Join(theirs[i][j], " | ")
			if got != want && differences[code] != got {
				t.Errorf("%s\n is   %s\n Node %s", code, got, want)
			}
		}
	}
}

func inCarjs(t *testing.T, list string) (results [][][]string) {
	t.Helper()
	rt, err := bindings.NewRuntime(carjs.New(nil), bindings.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	program, err := script.Compile("main.js", "exports.got = (() => { const lines = "+list+";"+callsScript+" })();")
	if err != nil {
		t.Fatal(err)
	}
	exports, err := rt.Load(t.Context(), program)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(exports.Get("got").String()), &results); err != nil {
		t.Fatal(err)
	}
	return results
}
