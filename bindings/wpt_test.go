package bindings

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"carjs/bindings/carjs"
	"carjs/host/bundle"
	"carjs/host/script"

	"github.com/dop251/goja"
)

var update = flag.Bool("update", false, "write testdata/wpt anew")

// wptFolders are the folders of web-platform-tests that say something of carjs.
var wptFolders = []string{
	"FileAPI/blob", "FileAPI/file", "WebCryptoAPI", "compression", "console", "dom/abort", "dom/events", "encoding",
	"fetch/api/abort", "fetch/api/body", "fetch/api/headers", "fetch/api/request", "fetch/api/response", "fetch/data-urls",
	"hr-time", "html/webappapis", "streams", "url", "user-timing", "webmessaging/message-channels", "xhr/formdata",
}

// wptFailure begins a line of testdata/wpt/failures.txt; what follows is the file and the test.
const wptFile, wptCounts = "testdata/wpt/failures.txt", "testdata/wpt/counts.txt"

// wptTest is a file of tests, or one of its variants.
type wptTest struct{ file, variant string }

func (t wptTest) name() string { return t.file + t.variant }

// wptResult is what came of one test in a file.
type wptResult struct {
	Name    string `json:"name"`
	Status  int    `json:"status"` // 0 is right
	Message string `json:"message"`
	Stack   string `json:"stack"`
}

// TestWebPlatform runs the web platform's own tests and compares those that fail with the list.
func TestWebPlatform(t *testing.T) {
	dir := os.Getenv("CARJS_WPT")
	if dir == "" {
		t.Skip("CARJS_WPT names no folder of web-platform-tests; make wpt fetches them")
	}
	server := wptServer(t, dir)
	known := readWPT(t)
	counts := map[string][2]int{}
	failed := map[string]string{}
	for _, test := range wptTests(t, dir) {
		results := runWPT(t, dir, server, test)
		count := counts[wptFolder(test.file)]
		for _, result := range results {
			count[1]++
			if result.Status == 0 {
				count[0]++
				continue
			}
			failed[test.name()+" | "+result.Name] = result.Message
			if os.Getenv("CARJS_WPT_SHOW") != "" {
				t.Logf("fails: %s | %s: %s\n%s", test.name(), result.Name, result.Message, result.Stack)
			}
		}
		counts[wptFolder(test.file)] = count
	}
	compareWPT(t, known, failed, counts)
}

// wptFolder is the folder under which a file is counted.
func wptFolder(file string) string {
	i := slices.IndexFunc(wptFolders, func(folder string) bool { return strings.HasPrefix(file, folder+"/") })
	return wptFolders[i]
}

var wptVariant = regexp.MustCompile(`(?m)^// META: variant=(.*)$`)

// wptTests lists the tests below a folder that run without a document. CARJS_WPT_ONLY names a part
// of their names.
func wptTests(t *testing.T, dir string) []wptTest {
	t.Helper()
	var tests []wptTest
	only := os.Getenv("CARJS_WPT_ONLY")
	for _, folder := range wptFolders {
		err := filepath.WalkDir(filepath.Join(dir, folder), func(file string, d os.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(file, ".any.js") {
				return err
			}
			text, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			name, err := filepath.Rel(dir, file)
			if err != nil {
				return err
			}
			name = filepath.ToSlash(name)
			if _, skipped := wptSkipped(name); skipped || !strings.Contains(name, only) {
				return nil
			}
			variants := wptVariant.FindAllStringSubmatch(string(text), -1)
			if len(variants) == 0 {
				variants = [][]string{{"", ""}}
			}
			for _, variant := range variants {
				tests = append(tests, wptTest{name, strings.TrimSpace(variant[1])})
			}
			return nil
		})
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
	if len(tests) == 0 {
		t.Fatalf("there are no tests in %s", dir)
	}
	return tests
}

// wptNot are files, or folders, that are not run, each with the reason.
var wptNot = []struct{ prefix, why string }{
	{"WebCryptoAPI/historical.any.js", "pages without TLS: a connector is no page"},
	{"WebCryptoAPI/derive_bits_keys/cfrg_curves_bits_curve448", "X448, which carjs lacks"},
	{"WebCryptoAPI/derive_bits_keys/cfrg_curves_keys_curve448", "X448, which carjs lacks"},
	{"WebCryptoAPI/generateKey/failures_Ed448", "Ed448, which carjs lacks"},
	{"WebCryptoAPI/generateKey/failures_X448", "X448, which carjs lacks"},
	{"WebCryptoAPI/generateKey/successes_Ed448", "Ed448, which carjs lacks"},
	{"WebCryptoAPI/generateKey/successes_X448", "X448, which carjs lacks"},
	{"WebCryptoAPI/import_export/okp_importKey_Ed448", "Ed448, which carjs lacks"},
	{"WebCryptoAPI/import_export/okp_importKey_X448", "X448, which carjs lacks"},
	{"WebCryptoAPI/import_export/okp_importKey_failures_Ed448", "Ed448, which carjs lacks"},
	{"WebCryptoAPI/import_export/okp_importKey_failures_X448", "X448, which carjs lacks"},
	{"WebCryptoAPI/sign_verify/eddsa_curve448", "Ed448, which carjs lacks"},
	{"streams/readable-streams/owning-type", "a proposal that is in no standard yet"},
	{"user-timing/buffered-flag", "PerformanceObserver, which carjs lacks"},
	{"encoding/replacement-encodings.any.js", "XMLHttpRequest, which carjs lacks"},
	{"encoding/unsupported-encodings.any.js", "XMLHttpRequest, which carjs lacks"},
	{"fetch/api/abort/cache", "the caches of service workers"},
	{"fetch/api/request/request-cache", "the cache of a browser"},
	{"fetch/api/request/request-headers.any.js", "headers that a browser keeps from pages, and a connector may send"},
	{"fetch/api/request/request-keepalive", "pages that are left"},
	{"fetch/api/headers/header-values", "values with control characters, which carjs does not send"},
	{"fetch/api/headers/headers-no-cors.any.js", "pages of other origins: a connector is no page"},
}

// wptNoTest are the beginnings of the names of tests that are not counted, because they are of
// something else in a file that has tests of the platform too.
var wptNoTest = []string{"XMLHttpRequest"}

// wptSkipped tells why a file is not run.
func wptSkipped(file string) (why string, skipped bool) {
	for _, not := range wptNot {
		if strings.HasPrefix(file, not.prefix) {
			return not.why, true
		}
	}
	return "", false
}

// wptFunction finds the functions of a script, which are globals of a page.
var wptFunction = regexp.MustCompile(`(?m)^(?:async )?function\*? (\w+)`)

var wptScript = regexp.MustCompile(`(?m)^// META: script=(.*)$`)

// wptSource is one script of all that a test needs.
func wptSource(dir, server string, test wptTest) (string, error) {
	text, err := os.ReadFile(filepath.Join(dir, test.file))
	if err != nil {
		return "", err
	}
	files := []string{"resources/testharness.js"}
	for _, match := range wptScript.FindAllStringSubmatch(string(text), -1) {
		name := strings.TrimSpace(match[1])
		if absolute, ok := strings.CutPrefix(name, "/"); ok {
			name = absolute
		} else {
			name = path.Join(path.Dir(test.file), name)
		}
		if name == "resources/WebIDLParser.js" {
			name = "resources/webidl2/lib/webidl2.js"
		}
		files = append(files, name)
	}
	var source strings.Builder
	page, err := url.Parse(server + "/" + test.file + test.variant)
	if err != nil {
		return "", err
	}
	search := ""
	if page.RawQuery != "" {
		search = "?" + page.RawQuery
	}
	// Scripts look for the modules of others, which there are none of.
	source.WriteString("(function (module, exports, define) {\n")
	fmt.Fprintf(&source, wptPrelude, page, page.Host, page.Path, search)
	if strings.Contains(test.file, "idlharness") {
		source.WriteString(wptWindow)
	}
	for i, name := range append(files, test.file) {
		part, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return "", err
		}
		source.WriteString(wptSubstitute(string(part), page))
		source.WriteString("\n")
		for _, match := range wptFunction.FindAllStringSubmatch(string(part), -1) {
			fmt.Fprintf(&source, "if (typeof %[1]s !== \"undefined\") globalThis.%[1]s = %[1]s;\n", match[1])
		}
		if i == 0 {
			source.WriteString(wptReport)
		}
	}
	source.WriteString("})();\n")
	return source.String(), nil
}

// wptPrelude makes what tests expect beside the platform itself.
const wptPrelude = `
// Intervals alone keep no run alive.
setTimeout(() => {}, 120_000);
globalThis["self"] = globalThis;
globalThis.FileReader = class extends EventTarget {
	#read(blob, convert) {
		blob.arrayBuffer().then((buffer) => {
			this.result = convert(buffer);
			const event = new Event("load");
			this.onload?.(event);
			this.dispatchEvent(event);
			this.onloadend?.(event);
		});
	}
	readAsText(blob) { this.#read(blob, (buffer) => new TextDecoder().decode(buffer)); }
	readAsArrayBuffer(blob) { this.#read(blob, (buffer) => buffer); }
};
globalThis.GLOBAL = { isWindow: () => false, isWorker: () => false, isShadowRealm: () => false };
globalThis.location = { href: %[1]q, origin: "http://%[2]s", host: %[2]q, protocol: "http:", pathname: %[3]q, search: %[4]q, hash: "" };
`

// wptWindow has the harness of interfaces take the global object for that of a page, as most
// interfaces are those of pages. It also makes all globals, which are getters until they are asked
// for.
const wptWindow = `
globalThis.Window = Object;
for (const name of Object.getOwnPropertyNames(globalThis)) void globalThis[name];
`

// wptReport has the results told to the runner.
const wptReport = `
globalThis.wptTold = [];
add_result_callback((t) => { wptTold.push({ name: t.name, status: t.status, message: t.message }); });
add_completion_callback((tests, status) => {
	globalThis.wptDone(JSON.stringify({
		status: status.status, message: status.message,
		tests: tests.map((t) => ({ name: t.name, status: t.status, message: t.message, stack: t.stack })),
	}));
});
`

// runWPT runs a file, and returns what came of its tests.
func runWPT(t *testing.T, dir, server string, test wptTest) []wptResult {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	source, err := wptSource(dir, server, test)
	if err != nil {
		t.Fatal(err)
	}
	wrong := func(err error) []wptResult {
		return []wptResult{{Name: "*", Status: 1, Message: err.Error() + "\n" + stackOf(err)}}
	}
	b, err := bundle.Build(ctx, bundle.Source{FS: fstest.MapFS{"src/main.js": {Data: []byte(source)}}, Entry: "src/main.js", Name: "wpt"})
	if err != nil {
		return wrong(err)
	}
	// Some set variables that nobody declared.
	const strict = `"use strict";`
	program, err := script.Compile(b.Name, strings.Replace(b.Code, strict, strings.Repeat(" ", len(strict)), 1))
	if err != nil {
		return wrong(err)
	}
	clock := script.NewClock()
	clock.SkipWaits()
	rt, err := NewRuntime(carjs.New(nil), Options{base: server + "/" + test.file, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	var done string
	var unended []wptResult
	if err := rt.VM().Set("wptDone", func(call goja.FunctionCall) goja.Value {
		done = call.Argument(0).String()
		cancel()
		return goja.Undefined()
	}); err != nil {
		t.Fatal(err)
	}
	_, problem := rt.Load(ctx, program)
	for i := 0; i < 50 && done == "" && ctx.Err() == nil; i++ {
		// What a callback throws ends the loop; the tests go on.
		if err := rt.Drain(ctx); err == nil {
			break
		} else {
			problem = cmp.Or(problem, err)
		}
	}
	if done == "" {
		// The results so far, and that there are no more.
		if problem == nil {
			problem = errors.New("the tests do not come to an end")
		}
		told, err := rt.VM().RunString(`JSON.stringify({ status: 0, message: "", tests: globalThis.wptTold ?? [] })`)
		if err != nil {
			return wrong(problem)
		}
		done, unended = told.String(), wrong(problem)
	}
	var told struct {
		Status  int
		Message string
		Tests   []wptResult
	}
	if err := json.Unmarshal([]byte(done), &told); err != nil {
		t.Fatal(err)
	}
	if told.Status != 0 {
		unended = append(unended, wptResult{Name: "*", Status: told.Status, Message: told.Message})
	}
	told.Tests = slices.DeleteFunc(told.Tests, func(result wptResult) bool {
		return slices.ContainsFunc(wptNoTest, func(prefix string) bool { return strings.HasPrefix(result.Name, prefix) })
	})
	seen := map[string]int{}
	for i := range told.Tests {
		name := strings.NewReplacer("\n", `\n`, "\r", `\r`).Replace(told.Tests[i].Name)
		if seen[name]++; seen[name] > 1 {
			name = fmt.Sprintf("%s #%d", name, seen[name])
		}
		told.Tests[i].Name = strings.TrimSpace(fmt.Sprintf("%q", name))
	}
	return append(told.Tests, unended...)
}

// readWPT reads the list of the tests that are known to fail, each with the reason of its group.
func readWPT(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(wptFile)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	known, reason := map[string]string{}, ""
	for line := range strings.SplitSeq(string(text), "\n") {
		if why, ok := strings.CutPrefix(line, "# "); ok {
			reason = why
		} else if line != "" {
			known[line] = reason
		}
	}
	return known
}

// compareWPT says which tests fail that are not on the list, and the other way round.
func compareWPT(t *testing.T, known, failed map[string]string, counts map[string][2]int) {
	t.Helper()

	var table strings.Builder
	for _, folder := range wptFolders {
		if count := counts[folder]; count[1] > 0 {
			fmt.Fprintf(&table, "%s %d of %d\n", folder, count[0], count[1])
		}
	}
	t.Logf("right:\n%s", table.String())
	if *update {
		writeWPT(t, known, failed, table.String())
		return
	}
	for name, message := range failed {
		if _, ok := known[name]; !ok {
			t.Errorf("fails: %s: %s", name, message)
		}
	}
	if os.Getenv("CARJS_WPT_ONLY") == "" {
		for name := range known {
			if _, ok := failed[name]; !ok {
				t.Errorf("is on the list and does not fail: %s", name)
			}
		}
	}
}

// writeWPT writes the list anew. Reasons stay; whoever adds to it says why.
func writeWPT(t *testing.T, known, failed map[string]string, counts string) {
	t.Helper()
	groups := map[string][]string{}
	for name := range failed {
		reason := cmp.Or(known[name], "TODO: say why")
		groups[reason] = append(groups[reason], name)
	}
	var text strings.Builder
	reasons := make([]string, 0, len(groups))
	for reason := range groups {
		reasons = append(reasons, reason)
	}
	slices.Sort(reasons)
	for _, reason := range reasons {
		slices.Sort(groups[reason])
		fmt.Fprintf(&text, "# %s\n%s\n\n", reason, strings.Join(groups[reason], "\n"))
	}
	for file, content := range map[string]string{wptFile: text.String(), wptCounts: counts} {
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
