//go:build linux

package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"carjs/host"
)

// attack is TypeScript that takes more than it may.
type attack struct {
	name, body string
	// says is what the failure's message has: one of the limits below, or the error of the language.
	says string
	// sample tells that the ordinary tests run it, too.
	sample bool
}

const (
	memoryLimit  = "-max-memory"
	stretchLimit = "without a pause"
	stackLimit   = "call stack is deeper"
	stringLimit  = "RangeError: Invalid string length"
	bufferLimit  = "RangeError: Array buffer allocation failed"
	arrayLimit   = "RangeError: Invalid array length"
	anything     = ""
)

// attacks are what the table in docs/security.md shows, in its order.
var attacks = []attack{
	// Strings.
	{name: "repeat", body: `const s = "x".repeat(2**29); console.log(s.length);`, says: stringLimit, sample: true},
	{name: "padEnd beyond all memory", body: `console.log("ab".padEnd(2**40, "xyz").length);`, says: stringLimit},
	{name: "a string doubled", body: `let s = "0123456789abcdef"; for (;;) s += s;`, says: anything},
	{name: "a string doubled as a template", body: "let s = 'é'; for (;;) s = `${s}${s}`;", says: memoryLimit},
	{name: "join of holes", body: `console.log(Array(1e9).join("xy").length);`, says: stringLimit},
	{name: "join without separators", body: `console.log(Array(4e9).join("").length);`, says: anything},
	{name: "replace that multiplies", body: `let s = "aaaaaaaa"; for (;;) s = s.replace(/a/g, "aaaaaaaaaaaaaaaa");`, says: anything},
	{name: "strings of strings kept", body: `const all = []; for (let i = 0;; i++) all.push(String(i).padEnd(1000, "é"));`, says: memoryLimit},
	{name: "an error with a huge message", body: `throw new Error("x".repeat(2**27));`, says: anything},
	// Buffers.
	{name: "an ArrayBuffer beyond all memory", body: `console.log(new ArrayBuffer(2**40).byteLength);`, says: bufferLimit, sample: true},
	{name: "typed arrays kept", body: `const all = []; for (;;) all.push(new Float64Array(1e6).fill(1));`, says: memoryLimit},
	{name: "a typed array beyond the limit", body: `console.log(new Uint8Array(2**31).fill(1).length);`, says: memoryLimit},
	// Arrays and maps.
	{name: "fill of the longest array", body: `console.log(new Array(2**32-1).fill(1).length);`, says: anything},
	{name: "sort of the longest array", body: `const a: number[] = []; a[2**32-2] = 1; a.sort(); console.log(a.length);`, says: arrayLimit},
	{name: "reverse of the longest array", body: `const a: number[] = []; a[4e9] = 1; a.reverse(); console.log(a.length);`, says: anything},
	{name: "an array that grows", body: `const a = []; for (;;) a.push({ a: a.length });`, says: memoryLimit},
	{name: "a Map that grows", body: `const m = new Map(); for (let i = 0;; i++) m.set(i, "v" + i);`, says: anything},
	{name: "an object that grows", body: `const o: any = {}; for (let i = 0;; i++) o["k" + i] = i;`, says: anything},
	{name: "closures kept", body: `const all = []; for (;;) { const b = new Array(100).fill(all.length); all.push(() => b); }`, says: memoryLimit},
	{name: "a generator without end", body: `function* g() { for (let i = 0;; i++) yield { i }; } console.log([...g()].length);`, says: memoryLimit},
	{name: "Array.from of a lie", body: `console.log(Array.from({ length: 2**32-1 }, (_, i) => ({ i })).length);`, says: anything},
	{name: "concat that doubles", body: `let a: any[] = [1, 2, 3]; for (;;) a = a.concat(a);`, says: memoryLimit},
	// Depth.
	{name: "recursion", body: `const f = (n: number): number => f(n + 1) + 1; f(0);`, says: stackLimit},
	{name: "recursion of toString", body: `const o = { toString(): string { return "" + o; } }; String(o);`, says: stackLimit},
	{name: "recursion of a getter", body: `const o = { get a(): number { return o.a; } }; o.a;`, says: stackLimit},
	{name: "recursion of a comparator", body: `const f = (): number => { [2, 1, 3].sort(f); return 0; }; f();`, says: stackLimit},
	{name: "recursion of a replacer", body: `const f = (): string => "x".replace(/x/, f); f();`, says: stackLimit},
	{name: "recursion of toJSON", body: `const o = { toJSON(): string { return JSON.stringify(o); } }; JSON.stringify(o);`, says: stackLimit},
	{name: "recursion of a proxy", body: `const p: any = new Proxy({}, { get(_t, k) { return p[k]; } }); p.a;`, says: stackLimit},
	{name: "proxies of proxies", body: `let p: any = {}; for (let i = 0; i < 3e6; i++) p = new Proxy(p, {}); console.log(p.a);`, says: anything},
	{name: "functions bound again and again", body: `let f: any = () => 1; for (let i = 0; i < 3e6; i++) f = f.bind(null); console.log(f());`, says: anything},
	{name: "a deep chain of prototypes", body: `let o: any = {}; for (let i = 0; i < 5e6; i++) o = Object.create(o); console.log(o.a);`, says: anything},
	{name: "JSON nested deep, read", body: `JSON.parse("[".repeat(5e6) + "]".repeat(5e6));`, says: anything},
	{name: "JSON nested deep, written", body: `let a: any = []; for (let i = 0; i < 3e6; i++) a = [a]; console.log(JSON.stringify(a).length);`, says: anything},
	{name: "flat of a deep array", body: `let a: any = []; for (let i = 0; i < 3e6; i++) a = [a]; console.log(a.flat(Infinity).length);`, says: anything},
	{name: "toString of a deep array", body: `let a: any = []; for (let i = 0; i < 3e6; i++) a = [a]; console.log(String(a).length);`, says: anything},
	{name: "eval of deep parentheses", body: `(0, eval)("(".repeat(4e6) + ")".repeat(4e6));`, says: anything},
	{name: "a regular expression nested deep", body: `new RegExp("(".repeat(4e6) + ")".repeat(4e6)).test("x");`, says: anything},
	// Time.
	{name: "a loop", body: `for (;;);`, says: stretchLimit},
	{name: "microtasks", body: `for (;;) await null;`, says: stretchLimit},
	{name: "promises without end", body: `const f = (): Promise<void> => Promise.resolve().then(f); await f();`, says: anything},
	{name: "timers without end", body: `for (;;) setTimeout(() => {}, 1e6);`, says: anything},
	{name: "a regular expression that backtracks", body: `console.log(/^(a+)+\1$/.test("a".repeat(40) + "b"));`, says: stretchLimit},
	{name: "a replace that backtracks", body: `console.log(("a".repeat(40) + "b").replace(/(?=(a+)+b\1c)x/g, ""));`, says: anything},
	{name: "a comparator that never agrees", body: `const a = Array.from({ length: 1e6 }, (_, i) => i); for (;;) a.sort(() => Math.random() - 0.5);`, says: stretchLimit},
	{name: "indexOf in the longest array", body: `const a: number[] = []; a[4e9] = 1; console.log(a.indexOf(7));`, says: anything},
	{name: "a power of BigInts", body: `console.log(String(2n ** (2n ** 40n)).length);`, says: anything},
	{name: "a BigInt that squares itself", body: `let n = 3n; for (;;) n *= n;`, says: anything},
	{name: "a shift of a BigInt", body: `console.log(String(1n << (2n ** 40n)).length);`, says: anything},
	{name: "a text of a large BigInt", body: `console.log(String(3n ** 30000000n).length);`, says: anything},
	{name: "JSON of a graph that is shared", body: `let a: any = "x"; for (let i = 0; i < 60; i++) a = [a, a]; console.log(JSON.stringify(a).length);`, says: anything, sample: true},
	{name: "traps without end", body: `const p = new Proxy({}, { ownKeys() { for (;;); } }); Object.keys(p);`, says: stretchLimit},
	{name: "eval of much code", body: `(0, eval)("x = 1;\n".repeat(3e7));`, says: anything},
	// Bodies, from SOURCE.
	{name: "a body without end", body: `await (await fetch("SOURCE/endless")).arrayBuffer();`, says: memoryLimit},
	{name: "many bodies at once", body: `await Promise.all(Array.from({ length: 40 }, async () => (await fetch("SOURCE/large")).text()));`, says: memoryLimit, sample: true},
	{name: "many bodies, kept", body: `const all = []; for (;;) all.push(await (await fetch("SOURCE/large")).arrayBuffer());`, says: memoryLimit},
	{name: "a gzip bomb", body: `await (await fetch("SOURCE/gzip")).text();`, says: memoryLimit, sample: true},
	{name: "a zstd bomb", body: `await (await fetch("SOURCE/zstd")).text();`, says: anything},
	{name: "JSON nested deep, fetched", body: `await (await fetch("SOURCE/nested")).json();`, says: anything},
	{name: "a header without end", body: `await fetch("SOURCE/header");`, says: anything},
	{name: "a large body as JSON", body: `const all = []; for (;;) all.push(await (await fetch("SOURCE/list")).json());`, says: memoryLimit},
	{name: "a log without end", body: `for (;;) console.log("x".repeat(10000));`, says: stretchLimit},
	// What crosses to Go.
	{name: "an object with a gigabyte", body: `handler.addCollection("asset", { external_id: "1", name: "é".repeat(2**28) + "x".repeat(2**28) });`, says: anything},
	{name: "an object with a million properties", body: `const o: any = { external_id: "1", name: "n" }; for (let i = 0; i < 1e6; i++) o["p" + i] = { i }; handler.addCollection("asset", o);`, says: anything},
	{name: "an object of a shared graph", body: `let a: any = "x"; for (let i = 0; i < 60; i++) a = [a, a]; handler.addCollection("asset", { external_id: "1", name: a });`, says: anything},
}

// limits of the attacks.
const (
	attackMemory  = 256 // MiB
	attackStretch = 2 * time.Second
	// attackRoom is how much more than -max-memory the process may have resident, in MiB.
	attackRoom = 64
)

// TestAttacks has the built binary run what takes more than it may. It ends in a bounded time as a
// failure that says why, with a report, within its memory, without a word of Go. An attack may also
// come to nothing, where the engine is equal to it.
//
// Short of CARJS_ATTACKS it runs a sample.
func TestAttacks(t *testing.T) {
	all := os.Getenv("CARJS_ATTACKS") != ""
	if len(raceFlag) > 0 {
		t.Skip("the race detector takes a multiple of the memory")
	}
	server := httptest.NewServer(hostileSource())
	t.Cleanup(server.Close)
	rows := []string{"| attempt | exit code | peak, MiB | seconds | failure | at |", "|---|--:|--:|--:|---|---|"}
	if all && *update {
		t.Cleanup(func() { writeTable(t, "limits", rows) })
	}
	for _, a := range attacks {
		if !all && !a.sample {
			continue
		}
		t.Run(a.name, func(t *testing.T) {
			if !all {
				t.Parallel()
			}
			d := newDesk(t)
			d.small(strings.ReplaceAll(a.body, "SOURCE", server.URL))
			stretch := attackStretch
			if a.says == memoryLimit { // whichever comes first on a slow machine
				stretch *= 20
			}
			attempt := func() attackEnd {
				return d.attacked(t.Context(), "-max-memory", fmt.Sprintf("%dMB", attackMemory), "-max-stretch", stretch.String())
			}
			got := attempt()
			// What watches the memory from outside must get its turn: where many processes share two
			// processors, it comes late now and then.
			for tries := 1; got.peak > attackMemory+attackRoom && tries < 3; tries++ {
				t.Logf("%d MiB resident for a limit of %d, tried again", got.peak, attackMemory)
				got = attempt()
			}
			said, at := "nothing", ""
			if f := got.report.Failure; f != nil {
				said, at = f.Message, f.At
			}
			if len(said) > 100 {
				said = said[:100] + "…"
			}
			shown := strings.ReplaceAll(said, server.URL, "http://HOST")
			if len(shown) > 75 {
				shown = shown[:75] + "…"
			}
			measured := row(a.name, fmt.Sprint(got.code), fmt.Sprint(got.peak), fmt.Sprintf("%.1f", got.took.Seconds()), shown, at)
			t.Log(measured)
			if all {
				rows = append(rows, measured)
			}
			if got.peak > attackMemory+attackRoom {
				t.Errorf("%d MiB resident for a limit of %d", got.peak, attackMemory)
			}
			if !strings.Contains(said, a.says) {
				t.Errorf("%q is missing in %q", a.says, said)
			}
			// The process may be lost before anybody can ask for the place.
			lost := strings.HasPrefix(said, "the run needs") || strings.HasPrefix(said, "the connector overflowed")
			if at == "" && !lost && said != "nothing" {
				t.Errorf("no place: %q", said)
			}
			if got.code == 2 || got.report.SavePoint != "" && got.code != 0 {
				t.Errorf("exit code %d, save point %q", got.code, got.report.SavePoint)
			}
		})
	}
}

// hostileSource answers with what is larger than it looks.
func hostileSource() http.Handler {
	const megabyte = 1 << 20
	zeros := make([]byte, megabyte)
	repeat := func(w io.Writer, part []byte, times int) {
		for range times {
			if _, err := w.Write(part); err != nil {
				return
			}
		}
	}
	packed := func(pack io.WriteCloser, out *bytes.Buffer) []byte {
		repeat(pack, zeros, 1000)
		_ = pack.Close()
		return out.Bytes()
	}
	coded := func(coding string, open func(io.Writer) io.WriteCloser) http.HandlerFunc {
		data := sync.OnceValue(func() []byte {
			var out bytes.Buffer
			return packed(open(&out), &out)
		})
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", coding)
			_, _ = w.Write(data())
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/endless", func(w http.ResponseWriter, _ *http.Request) { repeat(w, zeros, 100_000) })
	mux.HandleFunc("/large", func(w http.ResponseWriter, _ *http.Request) { repeat(w, bytes.Repeat([]byte("x"), megabyte), 20) })
	mux.HandleFunc("/nested", func(w http.ResponseWriter, _ *http.Request) { repeat(w, bytes.Repeat([]byte("["), megabyte), 20) })
	mux.HandleFunc("/list", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "[0")
		repeat(w, []byte(`,{"name":"a","n":1}`), 100_000)
		_, _ = io.WriteString(w, "]")
	})
	mux.HandleFunc("/header", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Long", strings.Repeat("x", 20*megabyte))
	})
	mux.HandleFunc("/gzip", coded("gzip", func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }))
	mux.HandleFunc("/zstd", coded("zstd", func(w io.Writer) io.WriteCloser {
		pack, _ := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(megabyte))
		return pack
	}))
	return mux
}

// attackEnd is how an attack ended.
type attackEnd struct {
	result
	peak int64 // resident size in MiB
}

// beginningOf keeps the beginning of what is written. The test must stay small itself: the kernel
// counts the resident size of who starts a process as one that the process has had. So it is not a
// bytes.Buffer, which would read everything by itself.
type beginningOf struct{ kept []byte }

func (b *beginningOf) Write(p []byte) (int, error) {
	const most = 1 << 20
	b.kept = append(b.kept, p[:min(len(p), max(most-len(b.kept), 0))]...)
	return len(p), nil
}

func (b *beginningOf) String() string { return string(b.kept) }

// traces are what a word of Go looks like.
var traces = regexp.MustCompile(`goroutine \d|panic:|fatal error:|runtime: |\.go:\d`)

// attacked runs a small connector to its end and checks what holds for every one.
func (d *desk) attacked(ctx context.Context, args ...string) attackEnd {
	d.Helper()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	path := filepath.Join(d.dir, "report.json")
	c := d.command(ctx, append([]string{"run", "small", "-report", path, "-full"}, args...)...)
	var stdout, stderr beginningOf
	c.Stdout, c.Stderr = &stdout, &stderr
	began := time.Now()
	_ = c.Run()
	got := attackEnd{result: result{code: c.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String(), took: time.Since(began)}}
	usage, _ := c.ProcessState.SysUsage().(*syscall.Rusage)
	got.peak = usage.Maxrss >> 10
	if word := traces.FindString(got.stdout + got.stderr); word != "" {
		d.Errorf("%q in what a user sees", word)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		d.Fatalf("no report: %v, exit code %d after %v, %d MiB\n%.2000s", err, got.code, got.took, got.peak, got.stderr)
	}
	got.report = &host.Report{}
	if err := json.Unmarshal(data, got.report); err != nil || got.report.ExitCode != got.code {
		d.Errorf("%v; exit code %d in the report, %d outside", err, got.report.ExitCode, got.code)
	}
	return got
}
