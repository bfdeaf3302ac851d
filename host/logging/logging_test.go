package logging

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/go-hclog"

	"carjs/host/redact"
)

var update = flag.Bool("update", false, "write the golden files anew")

func clock() time.Time {
	return time.Date(2026, 1, 2, 4, 4, 5, 6789, time.FixedZone("somewhere", 3600))
}

func options(out *bytes.Buffer, format string, colour bool) Options {
	return Options{
		Level: hclog.Trace, Format: format, Output: out, Colour: colour, Now: clock,
		Connector: "Reference", Source: "demo", Version: "1.2.3",
		Redactor: redact.New("s3cret", `quo"te\back`, "first line\nsecond line"),
	}
}

type thing struct {
	Name string
	Tags []string `json:"tags"`
}

type silent struct{}

func (*silent) Error() string { panic("no receiver") }

type explosive struct{}

func (explosive) MarshalJSON() ([]byte, error) { panic("never log me") }

// write logs a line of every kind there is.
func write(log hclog.Logger) {
	log.Info("imported a page", "collection", "asset", "objects", 2000, "took", 1234567891*time.Nanosecond)
	log.Debug("level by level")
	log.Trace("deepest")
	log.Warn("left out an object", "key", "a b", "reason", `value "x" is too long`, "empty", "")
	log.Error("stopped", "error", errors.New("connection refused"))
	log.Named("car").Info("named")
	log.Named("car").Named("jobs").With("job", "17").Info("named twice, with an implied pair", "status", "COMPLETE")
	log.Info("structured", "thing", thing{"x<y", []string{"a b", "c"}}, "list", []int{1, 2}, "map", map[string]bool{"b": true, "a": false})
	log.Info("typed", "nil", nil, "hex", hclog.Hex(255), "octal", hclog.Octal(8), "binary", hclog.Binary(5), "bytes", []byte("raw"),
		"format", hclog.Fmt("%d of %d", 1, 2), "quote", hclog.Quote("q"), "float", 1.5, "time", clock())
	log.Info("one message\nof two lines")
	log.Info("a block", "after", "it", "frame", "src/main.ts:7:8\n  throw new Error()\n        ^\n", "last", 1)
	log.Info("escapes \x1b[2J and \r are not passed on", "value", "\x1b]0;title\a")
	log.Info("umlauts äöü and 漢字 stay", "name", "größe")
	log.Info("names of the platform", "message", "mine", "source", 1, "source", 2, "twice", 1, "twice", 2)
	log.Info("odd number of arguments", "alone")
	log.Info("no key", 5, 6)
	log.Info("", "only", "pairs")
	log.Info("a panic in a value", "error", (*silent)(nil), "json", explosive{})
	log.Info("log of s3cret", "s3cret", "s3cret", "url", "https://user:pw@host/", "Authorization", "Basic YTpi", "inside", `say quo"te\back!`)
	log.Info("headers", "authorization", "custom abc", "headers", map[string][]string{"Authorization": {"Bearer abc"}})
	log.Info("secret of two lines", "text", "x first line\nsecond line y")
	log.Named("s3cret").Info("as a name")
}

func TestGolden(t *testing.T) {
	for _, test := range []struct {
		name, format string
		colour       bool
	}{{"text", Text, false}, {"colour", Text, true}, {"json", JSON, false}} {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			write(New(options(&out, test.format, test.colour)))
			golden(t, test.name+".golden", out.Bytes())
			for _, secret := range []string{"s3cret", "back", "first line", "second line", "pw@", "YTpi", "abc"} {
				if strings.Contains(out.String(), secret) {
					t.Errorf("%q is in the log", secret)
				}
			}
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// The platform's fields come first, in its order, and are texts; no field behind them has the name
// of another.
func TestJSONBeginsWithThePlatformsFields(t *testing.T) {
	var out bytes.Buffer
	write(New(options(&out, JSON, false)))
	write(New(Options{Level: hclog.Trace, Format: JSON, Output: &out}))
	want := []string{"ibm_datetime", "level", "label", "message", "connector", "source", "version"}
	for line := range strings.Lines(out.String()) {
		decoder := json.NewDecoder(strings.NewReader(line))
		if _, err := decoder.Token(); err != nil {
			t.Fatal(err)
		}
		var keys []string
		seen := map[any]bool{}
		for decoder.More() {
			key, err := decoder.Token()
			if err != nil {
				t.Fatal(err)
			}
			if seen[key] {
				t.Errorf("%v is there twice in %s", key, line)
			}
			seen[key] = true
			var value any
			if err := decoder.Decode(&value); err != nil {
				t.Fatal(err)
			}
			if len(keys) == len(want) {
				continue
			}
			text, ok := value.(string)
			if !ok {
				t.Errorf("%v is no text in %s", key, line)
			}
			if key == "ibm_datetime" {
				if _, err := time.Parse("2006-01-02T15:04:05.000000Z", text); err != nil || len(text) != len("2026-01-02T03:04:05.000006Z") {
					t.Errorf("ibm_datetime %q", text)
				}
			}
			keys = append(keys, key.(string))
		}
		if diff := cmp.Diff(want, keys); diff != "" {
			t.Fatalf("fields of %s (-want +got):\n%s", line, diff)
		}
	}
}

// A secret must not pass in a field, whatever its type and wherever in it the secret is.
func TestFieldsHaveNoSecrets(t *testing.T) {
	const secret = "hunter2-and-more"
	number := int64(8812345678)
	for _, test := range []struct {
		name, want string
		key        string
		value      any
	}{
		{"text", `"error":"refused for [redacted]"`, "error", "refused for " + secret},
		{"error", `"error":"refused for [redacted]"`, "error", errors.New("refused for " + secret)},
		{"quoted text", `"error":"say \"[redacted]\""`, "error", `say "` + secret + `"`},
		{"URL", `"url":"https://user:[redacted]@host/"`, "url", "https://user:pw@host/"},
		{"member", `"thing":{"Name":"[redacted]","tags":null}`, "thing", thing{Name: secret}},
		{"list", `"list":["a","[redacted]"]`, "list", []string{"a", secret}},
		{"key of a map", `"map":{"[redacted]":1}`, "map", map[string]int{secret: 1}},
		{"name of the field", `"[redacted]":1`, secret, 1},
		{"name that says so", `"authorization":"[redacted]"`, "authorization", "custom abc"},
		{"header", `"headers":{"Authorization":["Bearer [redacted]"]}`, "headers", map[string][]string{"Authorization": {"Bearer abc"}}},
		{"several lines", `"stack":"one\n[redacted]\ntwo"`, "stack", "one\n" + secret + "\ntwo"},
		{"bytes", `"bytes":"[redacted]"`, "bytes", []byte(secret)},
		{"Stringer", `"at":"https://user:[redacted]@host/"`, "at", &url.URL{Scheme: "https", Host: "host", Path: "/", User: url.UserPassword("user", secret)}},
		{"number in a list", `"ids":["[redacted]",1]`, "ids", []int64{number, 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			New(Options{Format: JSON, Output: &out, Redactor: redact.New(secret, "8812345678")}).Info("x", test.key, test.value)
			if !json.Valid(out.Bytes()) || !strings.HasSuffix(out.String(), ","+test.want+"}\n") {
				t.Errorf("got %s, want a line that ends in %s", out.String(), test.want)
			}
			var line Line
			New(Options{Lines: func(l Line) { line = l }, Redactor: redact.New(secret, "8812345678")}).Info("x", test.key, test.value)
			if string(line.Fields) != "{"+test.want+"}" || strings.Contains(line.Pairs, secret) {
				t.Errorf("got the fields %s and the pairs %s, want %s", line.Fields, line.Pairs, test.want)
			}
		})
	}
}

// Names that differ in an unpaired surrogate alone can be told apart.
func TestUnpairedSurrogates(t *testing.T) {
	const half = "a\xed\xa0\x80b" // as carjs has one in its strings
	for _, format := range []string{"text", "json"} {
		var out bytes.Buffer
		log := New(options(&out, format, false))
		log.Info(half, half+"key", "v", "value", half, "error", errors.New(half), "lines", half+"\nsecond")
		if got := out.String(); strings.Count(got, `\ud800`) != 5 || strings.Contains(got, "\ufffd") || strings.Contains(got, `\ufffd`) {
			t.Errorf("%s: %s", format, got)
		}
	}
}

func TestLevels(t *testing.T) {
	var out bytes.Buffer
	log := New(Options{Output: &out, Now: clock})
	child := log.Named("child")
	log.Debug("not this")
	log.Info("this")
	if log.IsDebug() || !child.IsInfo() {
		t.Error("the default level is not info")
	}
	log.SetLevel(hclog.Debug)
	child.Debug("this too")
	log.SetLevel(hclog.Off)
	child.Error("nor this")
	if want := "04:04:05 info  this\n04:04:05 debug child: this too\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

func TestStandardLogger(t *testing.T) {
	var out bytes.Buffer
	log := New(options(&out, Text, false))
	log.Named("http").StandardLogger(&hclog.StandardLoggerOptions{ForceLevel: hclog.Warn}).Printf("TLS handshake with s3cret")
	if want := "04:04:05 warn  http: TLS handshake with [redacted]\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

// whole fails the test when a line comes in pieces.
type whole struct {
	t     *testing.T
	mu    sync.Mutex
	lines int
}

func (w *whole) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lines++
	if bytes.Count(p, []byte("\n")) != 1 || p[len(p)-1] != '\n' {
		w.t.Errorf("%q is no whole line", p)
	}
	return len(p), nil
}

func TestConcurrently(t *testing.T) {
	out := &whole{t: t}
	secrets := redact.New()
	log := New(Options{Format: JSON, Output: out, Redactor: secrets})
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			mine := log.Named("worker").With("number", i)
			for j := range 50 {
				secrets.Add(strings.Repeat("x", 5+j))
				mine.Info("line", "j", j)
			}
		})
	}
	wg.Wait()
	if out.lines != 400 {
		t.Errorf("%d lines, want 400", out.lines)
	}
}

func FuzzNoSecretNoForgedLine(f *testing.F) {
	f.Add("s3cret", "message", "key", "value")
	f.Add(`quo"te\`, "a\nb", "k=", "v\r\n")
	f.Add("line\nline", "", "", "\x1b[2J")
	f.Fuzz(func(t *testing.T, secret, message, key, value string) {
		if len(strings.TrimSpace(secret)) < redact.MinLength*4 || strings.ToValidUTF8(secret, "") != secret {
			t.Skip("the secret is too short to be looked for everywhere, or no text")
		}
		for _, format := range []string{Text, JSON} {
			var out bytes.Buffer
			log := New(Options{Format: format, Output: &out, Redactor: redact.New(secret), Now: clock})
			log.Info(message+secret, key, value+secret, "query", url.QueryEscape(secret),
				"encoded", base64.StdEncoding.EncodeToString([]byte(secret)))
			got := out.String()
			for _, form := range []string{secret, url.QueryEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret))} {
				if strings.Contains(strings.ReplaceAll(got, redact.Marker, "\x00"), form) {
					t.Errorf("%q survives in %q", form, got)
				}
			}
			if strings.ContainsAny(got, "\x1b\r\x00") {
				t.Errorf("control characters pass: %q", got)
			}
			if format == JSON && (strings.Count(got, "\n") != 1 || !json.Valid([]byte(got))) {
				t.Errorf("no JSON line: %q", got)
			}
		}
	})
}
