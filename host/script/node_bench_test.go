package script

import (
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// slowWork is what the engine takes long for, apart from [manyPieces].
var slowWork = map[string]string{
	"join of 50 million characters": `return new Array(1_000_000).fill("x".repeat(50)).join("").length;`,
	"push and join":                 `const a = []; for (let i = 0; i < 100_000; i++) a.push("y"); return a.join("").length;`,
	"Map of a million texts":        `const m = new Map(); for (let i = 0; i < 1_000_000; i++) m.set("key" + i, i); let n = 0; for (let i = 0; i < 1_000_000; i++) n += m.get("key" + i); return n;`,
	"Map of a million numbers":      `const m = new Map(); for (let i = 0; i < 1_000_000; i++) m.set(i, i); let n = 0; for (let i = 0; i < 1_000_000; i++) n += m.get(i); return n;`,
	"Map of 300,000 objects":        `const m = new Map(); for (let i = 0; i < 300_000; i++) m.set("host-" + i, { id: i, name: "n" + i }); return m.size;`,
}

// BenchmarkAgainstNode reports how many times as long as Node carjs takes for what the engine is
// slow at: the metric times-node, which should be 20 at most.
func BenchmarkAgainstNode(b *testing.B) {
	work := map[string]string{}
	for name, body := range slowWork {
		work[name] = body
	}
	for _, c := range manyPieces {
		if !strings.Contains(c.body, "string)") && !strings.Contains(c.body, ": any") { // Node takes no types
			work["text of "+c.name] = c.body
		}
	}
	for name, body := range work {
		b.Run(name, func(b *testing.B) {
			node := inNode(b, body)
			program, err := Compile("main.js", "exports.run = () => { "+body+" };")
			if err != nil {
				b.Fatal(err)
			}
			rt, exports := start(b, Options{MaxTurn: time.Hour}, program)
			for b.Loop() {
				if _, err := call(b.Context(), rt, exports, "run"); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/node.Seconds(), "times-node")
		})
	}
}

// inNode is how long Node takes for the body of a function, called once, as it would be in a run.
func inNode(b *testing.B, body string) time.Duration {
	b.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		b.Skip("Node is not installed")
	}
	out, err := exec.Command(node, "-e", fmt.Sprintf(`const run = () => { %s };
		const at = performance.now(); run(); console.log(performance.now() - at);`, body)).Output()
	if err != nil {
		b.Fatal(err)
	}
	milliseconds, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
	if err != nil {
		b.Fatal(err)
	}
	return time.Duration(milliseconds * float64(time.Millisecond))
}
