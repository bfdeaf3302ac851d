package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"unicode/utf8"

	"carjs/host"
)

// lastWord is the termination log of a desk, which must be one line of at most 4 KiB.
func (d *desk) lastWord() host.Result {
	d.Helper()
	text := d.read("termination.log")
	if len(text) > 4096 || strings.Count(text, "\n") != 1 || !strings.HasSuffix(text, "\n") || !utf8.ValidString(text) {
		d.Fatalf("%d bytes: %q", len(text), text)
	}
	var result host.Result
	if err := json.Unmarshal([]byte(text), &result); err != nil {
		d.Fatalf("%v in %s", err, text)
	}
	return result
}

// withTermination is a desk with a file for the last word, which has something in it from before.
func withTermination(t *testing.T) *desk {
	d := newDesk(t)
	d.write("termination.log", strings.Repeat("from before ", 1000))
	d.env = append(d.env, "CARJS_TERMINATION_LOG="+filepath.Join(d.dir, "termination.log"))
	return d
}

func TestTerminationLog(t *testing.T) {
	d := withTermination(t)
	d.small(`handler.addCollection("asset", { external_id: "1", name: "one" });`)
	r := d.ok(host.ModeFull, "small")
	got := d.lastWord()
	if got.Result != "success" || got.ExitCode != 0 || got.Mode != host.ModeFull || got.Source != "small" || got.SavePoint != "1" ||
		got.Counts.Sent != 1 || got.Requests != r.report.Requests || got.Seconds != r.report.Seconds || got.Failure != nil {
		t.Errorf("%+v", got)
	}
}

func TestTerminationLogOfFailures(t *testing.T) {
	const long = "一个非常长的错误 "
	for _, test := range []struct {
		name, body string
		args       []string
		env        string
		code       int
		says       string
	}{
		{"the data source", `throw new DatasourceFailure("` + strings.Repeat(long, 2000) + `");`, nil, "", 50, long + long},
		{"a bug", `handler.addCollection("asset", { external_id: "1", name: "one" }); throw new Error("oh");`, nil, "", 1, "oh"},
		{"an unknown flag", "", []string{"-nonsense"}, "", 2, "-nonsense"},
		{"two connectors", "", []string{"nowhere"}, "", 2, "too many arguments"},
		{"a bad setting", "", []string{"-progress-interval", "soon"}, "", 2, "-progress-interval"},
		{"missing settings", "", nil, "CARJS_CAR=required", 2, "missing setting"},
		{"a report that cannot be written", "", []string{"-report", "nowhere/report.json"}, "", 2, "cannot write the report"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := withTermination(t)
			d.small(test.body)
			if test.env != "" {
				d.env = append(d.env, test.env)
			}
			r := d.run(append([]string{"run", "small"}, test.args...)...)
			got := d.lastWord()
			if r.code != test.code || got.Result != "failure" || got.ExitCode != test.code || got.Failure == nil ||
				!strings.Contains(got.Failure.Message, test.says) || strings.ContainsRune(got.Failure.Message, utf8.RuneError) {
				t.Errorf("%+v %+v\n%.3000s", got, got.Failure, r)
			}
		})
	}
}

func TestTerminationLogOfASignal(t *testing.T) {
	d := withTermination(t)
	d.small(`console.log("now"); await new Promise((r) => setTimeout(r, 60000));`)
	r := d.interrupt(syscall.SIGTERM, "small")
	if got := d.lastWord(); r.code != 10 || got.ExitCode != 10 || got.Failure == nil || !strings.Contains(got.Failure.Detail, "SIGTERM") {
		t.Errorf("%+v %+v", got, got.Failure)
	}
}

// The file is neither made nor anything else than a file written to, and a run that cannot write it
// goes on.
func TestTerminationLogThatIsNone(t *testing.T) {
	for name, make := range map[string]func(path string) error{
		"nothing":  func(string) error { return nil },
		"a folder": func(path string) error { return os.Mkdir(path, 0o755) },
		"a device": func(path string) error { return os.Symlink(os.DevNull, path) },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			path := filepath.Join(d.dir, "termination.log")
			if err := make(path); err != nil {
				t.Skip(err)
			}
			before, _ := os.Lstat(path)
			d.env = append(d.env, "CARJS_TERMINATION_LOG="+path)
			d.small("")
			d.ok(host.ModeFull, "small")
			if after, _ := os.Lstat(path); (before == nil) != (after == nil) || before != nil && before.Mode() != after.Mode() {
				t.Errorf("%v became %v", before, after)
			}
		})
	}
}
