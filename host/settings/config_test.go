package settings

import (
	"errors"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"carjs/host/failure"
)

func readFull(t testing.TB) *Declaration {
	t.Helper()
	d, err := ReadDeclaration(os.DirFS("testdata/full"))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestReadDeclaration(t *testing.T) {
	number := func(n float64) *float64 { return &n }
	want := &Declaration{Name: "Harbour Scanner", Group: "harbour", Fields: []Field{
		{Path: "connection.schedule", Env: "CONNECTION_SCHEDULE", Flag: "connection-schedule", Short: "schedule",
			Type: Cron, Default: "15 */3 * * *",
			Previous: []string{"CONNECTION_INTERVAL", "CONNECTION_CLOCK"}, Options: []string{"15 */3 * * *", "mm HH * * *"}},
		{Path: "connection.help", Env: "CONNECTION_HELP", Flag: "connection-help", Type: Link, Default: "harbour-{CONNECTOR}.html"},
		{
			Path: "connection.image", Env: "CONNECTION_IMAGE", Flag: "connection-image", Short: "image", Type: Text,
			Hidden: true, Default: "{image}",
		},
		{Path: "connection.host", Env: "CONNECTION_HOST", Flag: "connection-host", Type: Text, Regex: "[a-z0-9.-]+",
			Previous: []string{"CONFIGURATION_AUTH_SERVER"}, Label: "Host", Description: "Host name of the scanner", Placeholder: "scanner.example"},
		{Path: "connection.port", Env: "CONNECTION_PORT", Flag: "connection-port", Short: "port", Type: Number, Default: 8443.0,
			Min: number(1), Max: number(65535), Label: "Port"},
		{
			Path: "connection.region", Env: "CONNECTION_REGION", Flag: "connection-region", Short: "region", Type: Text,
			Optional: true, Options: []string{"north", "south"},
		},
		{Path: "connection.options.retention_days", Env: "CONNECTION_OPTIONS_RETENTION_DAYS",
			Flag: "connection-options-retention_days", Short: "retention_days",
			Type: Number, Optional: true, Min: number(0.5), Description: "Days for which\nfindings are kept"},
		{
			Path: "connection.options.confirm", Env: "CONNECTION_OPTIONS_CONFIRM", Flag: "connection-options-confirm",
			Short: "confirm", Type: Boolean, Default: true,
		},
		{Path: "connection.options.deep", Env: "CONNECTION_OPTIONS_DEEP", Flag: "connection-options-deep", Short: "deep", Type: Boolean},
		{Path: "connection.options.timeout", Env: "CONNECTION_OPTIONS_TIMEOUT", Flag: "connection-options-timeout", Type: Number, Default: 30.0},
		{Path: "configuration.auth.clientId", Env: "CONFIGURATION_AUTH_CLIENTID", Flag: "configuration-auth-clientId",
			Short: "clientId", Type: Text,
			Previous: []string{"CONFIGURATION_AUTH_CLIENT_ID", "CONFIGURATION_AUTH_APP"}},
		{Path: "configuration.auth.clientSecret", Env: "CONFIGURATION_AUTH_CLIENTSECRET",
			Flag: "configuration-auth-clientSecret", Short: "clientSecret",
			Type: Password, Previous: []string{"CONFIGURATION_AUTH_CLIENT_SECRET"}, Label: "Secret of the client"},
		{Path: "configuration.parameter.code", Env: "CONFIGURATION_PARAMETER_CODE",
			Flag: "configuration-parameter-code", Short: "code", Type: Text,
			Optional: true, Regex: `(?!x)(\w)\1`},
		{
			Path: "configuration.parameter.host", Env: "CONFIGURATION_PARAMETER_HOST",
			Flag: "configuration-parameter-host", Type: Text, Optional: true,
		},
	}}
	if diff := cmp.Diff(want, readFull(t), cmpopts.IgnoreUnexported(Field{}), cmpopts.IgnoreFields(Field{}, "Line", "Column")); diff != "" {
		t.Errorf("declaration (-want +got):\n%s", diff)
	}
}

func TestFieldByAnyName(t *testing.T) {
	d := readFull(t)
	for _, name := range []string{"connection.port", "CONNECTION_PORT", "connection-port", "Connection_Port", "port"} {
		if f, ok := d.Field(name); !ok || f.Path != "connection.port" {
			t.Errorf("%s: %v, %v", name, f, ok)
		}
	}
	if _, ok := d.Field("host"); ok {
		t.Error("host is a short name, though two settings end in it")
	}
	if _, ok := (*Declaration)(nil).Field("port"); ok {
		t.Error("no declaration has a field")
	}
}

func TestReferenceConnector(t *testing.T) {
	d, err := ReadDeclaration(os.DirFS("../../connectors/reference"))
	if err != nil {
		t.Fatal(err)
	}
	if url, ok := d.Field("url"); !ok || url.Env != "CONFIGURATION_AUTH_URL" || url.Flag != "configuration-auth-url" {
		t.Errorf("the reference connector's url: %+v", url)
	}
}

func TestNoConfigIsNoSettings(t *testing.T) {
	d, err := ReadDeclaration(fstest.MapFS{})
	if err != nil || len(d.Fields) != 0 {
		t.Errorf("%v, %v", d, err)
	}
}

func TestMistakesAreNamedWithTheirPlace(t *testing.T) {
	tests := []struct{ name, config, at, want string }{
		{"empty", "", "1:1", "unexpected end of JSON input"},
		{"cut off", "{\n  \"connection\": {", "2:17", "unexpected end of JSON input"},
		{"syntax", "{\n  \"connection\" {}\n}", "2:16", "invalid character"},
		{"comma", "{\n  \"connection\": {},\n}", "3:1", "invalid character '}'"},
		{"text after", "{} x", "1:4", "after top-level value"},
		{"no object", "[]", "1:1", "must contain an object"},
		{"inside a token", "{\n \"a\": tru }", "2:10", "in literal true"},
		{"nested", strings.Repeat(`{"a":`, 60) + "1" + strings.Repeat("}", 60), "1:161", "nested too deeply"},
		{"unknown section", "{\n \"conection\": {}}", "2:2", `unknown key "conection", did you mean "connection"?`},
		{"section no object", `{"connection": 5}`, "1:16", "connection must be an object"},
		{"twice", "{\"connection\": {\n\"a\":{\"type\":\"text\"},\n \"a\":{\"type\":\"text\"}}}", "3:2", `"a" occurs twice`},
		{"name", `{"connection": {"<name>": {"type":"text"}}}`, "1:17", `invalid setting name "<name>"`},
		{"setting no object", `{"connection": {"host": "text"}}`, "1:25", "connection.host must be an object"},
		{"no type", `{"connection": {"host": {}}}`, "1:17", `connection.host has no "type"`},
		{"type no text", `{"connection": {"host": {"type": 1}}}`, "1:34", "the type of connection.host must be text"},
		{"unknown type", "{\"connection\": {\"größe\": 1,\n \"host\": {\"type\": \"string\"}}}", "1:17", "invalid setting name"},
		{
			"unknown type by line", "{\"connection\": {\n \"host\": {\"type\": \"string\"}}}", "2:19",
			`connection.host has the unknown type "string": the types are text, password, number, boolean, cron, link, and "fields" for a group`,
		},
		{"unknown key", `{"connection": {"host": {"type": "text", "defualt": "x"}}}`, "1:42", `unknown key "defualt", did you mean "default"?`},
		{
			"quite unknown key", `{"connection": {"host": {"type": "text", "zzz": "x"}}}`, "1:42",
			"unknown key \"zzz\"; the keys are default, hidden, max, min, optional, options, previous, regex",
		},
		{
			"key of another type", `{"connection": {"host": {"type": "text", "min": 1}}}`, "1:42",
			`connection.host is a text and cannot have "min"`,
		},
		{
			"default of a number", `{"connection": {"port": {"type": "number", "default": "443"}}}`, "1:55",
			`"default" of connection.port must be a number`,
		},
		{"default of a text", `{"connection": {"host": {"type": "text", "default": 443}}}`, "1:53", "must be text"},
		{"default of a cron", `{"connection": {"at": {"type": "cron", "default": "daily"}}}`, "1:51", "five fields"},
		{"default of a boolean", `{"connection": {"on": {"type": "boolean", "default": "yes"}}}`, "1:54", "must be true or false"},
		{
			"default out of bounds", `{"connection": {"port": {"type": "number", "min": 1, "default": 0}}}`, "1:65",
			"the default of connection.port must be a number of at least 1",
		},
		{"default no option", `{"connection": {"r": {"type": "text", "options": ["a"], "default": "b"}}}`, "1:68", `must be "a"`},
		{
			"default against the pattern", `{"connection": {"r": {"type": "text", "default": "b", "regex": "a"}}}`,
			"1:50", "must match the pattern a",
		},
		{"bounds crossed", `{"connection": {"port": {"type": "number", "min": 2, "max": 1}}}`, "1:17", "greater than max"},
		{"min", `{"connection": {"port": {"type": "number", "min": "2"}}}`, "1:51", "must be a number"},
		{"optional", `{"connection": {"a": {"type": "text", "optional": "yes"}}}`, "1:51", "must be true or false"},
		{"regex no text", `{"connection": {"a": {"type": "text", "regex": 1}}}`, "1:48", "must be text"},
		{"regex", `{"connection": {"a": {"type": "text", "regex": "a("}}}`, "1:48", "is not a regular expression"},
		{"regex whole by accident", `{"connection": {"a": {"type": "text", "regex": ")("}}}`, "1:48", "is not a regular expression"},
		{"previous", `{"connection": {"a": {"type": "text", "previous": [true]}}}`, "1:51", "must be a list of strings"},
		{"options", `{"connection": {"a": {"type": "text", "options": {}}}}`, "1:50", "must be a list of strings"},
		{"connector type", `{"connection": {"type": {"displayname": "x"}}}`, "1:26", `did you mean "displayName"?`},
		{"connector type no object", `{"connection": {"type": "x"}}`, "1:25", "connection.type must be an object"},
		{"connector type of another", `{"connection": {"type": {"type": "x"}}}`, "1:34", `must be "connectorType"`},
		{"connector name", `{"connection": {"type": {"group": 1}}}`, "1:35", "must be text"},
		{"connector version", `{"connection": {"type": {"version": "latest"}}}`, "1:37", `invalid version "latest"`},
		{"the same variable", "{\"configuration\": {\"auth\": {\"type\": \"fields\", \"a_b\": {\"type\": \"text\"},\n\"a-b\": {\"type\": \"text\"}}}}",
			"2:1",
			"configuration.auth.a-b and configuration.auth.a_b map to the same environment variable CONFIGURATION_AUTH_A_B"},
		{"carjs's variable", `{"connection": {"name": {"type": "text"}}}`, "1:17", "CONNECTION_NAME, which carjs uses itself"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := ReadDeclaration(fstest.MapFS{ConfigFile: {Data: []byte(test.config)}})
			checkMistake(t, err, ConfigFile, test.at, test.want)
		})
	}
}

// All mistakes are told at once, and none that only follows from another.
func TestSeveralMistakes(t *testing.T) {
	_, err := ReadDeclaration(fstest.MapFS{ConfigFile: {Data: []byte(`{
  "conection": {"host": {"type": "text"}},
  "connection": {"type": {"displayname": "x", "group": 1}, "a": {"type": "txt"}},
  "configuration": {
    "auth": {
      "type": "fields",
      "url": {"type": "text", "regexp": "^https?://.+", "min": 3},
      "9a": {"type": "text"},
      "port": {"type": "number", "min": "1", "default": 0},
      "token": {"type": "password"}
    }
  }
}`)}})
	var mistakes Mistakes
	if !errors.As(err, &mistakes) {
		t.Fatal(err)
	}
	var got []string
	for _, m := range mistakes {
		got = append(got, strings.TrimPrefix(m.Error(), ConfigFile+":"))
	}
	want := []string{
		`2:3: unknown key "conection", did you mean "connection"?`,
		`3:27: unknown key "displayname", did you mean "displayName"?`,
		`3:56: "group" of connection.type must be text`,
		`3:74: connection.a has the unknown type "txt": the types are text, password, number, boolean, cron, link, and "fields" for a group`,
		`7:31: unknown key "regexp", did you mean "regex"?`,
		`7:57: configuration.auth.url is a text and cannot have "min"`,
		`8:7: invalid setting name "9a": use letters, digits, _ and -, starting with a letter`,
		`9:41: "min" of configuration.auth.port must be a number`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
	var f *failure.Failure
	if !errors.As(err, &f) || f.At != ConfigFile+":2:3" {
		t.Errorf("the failure is at %v", err)
	}
}

func TestMistakesInTexts(t *testing.T) {
	for config, want := range map[string]string{"[]": "1:1", "{\n\"a\"}": "2:4", "{}{}": "1:3"} {
		_, err := ReadDeclaration(fstest.MapFS{ConfigFile: {Data: []byte("{}")}, LanguageFile: {Data: []byte(config)}})
		checkMistake(t, err, LanguageFile, want, "")
	}
}

func checkMistake(t *testing.T, err error, file, at, want string) {
	t.Helper()
	var f *failure.Failure
	if !errors.As(err, &f) {
		t.Fatalf("no failure: %v", err)
	}
	if f.Kind != failure.InvalidParameter || f.Code != 2 || f.Fault != failure.FaultConnector {
		t.Errorf("kind %s, code %d, fault %s", f.Kind, f.Code, f.Fault)
	}
	if !strings.Contains(f.Message, want) {
		t.Errorf("got %q, want %q in it", f.Message, want)
	}
	if f.At != file+":"+at {
		t.Errorf("at %s, want %s:%s (%s)", f.At, file, at, f.Message)
	}
}

func TestByteOrderMark(t *testing.T) {
	d, err := ReadDeclaration(fstest.MapFS{ConfigFile: {Data: []byte("\ufeff{\"connection\": {\"a\": {\"type\": \"text\"}}}")}})
	if err != nil || len(d.Fields) != 1 {
		t.Errorf("%v, %v", d, err)
	}
}

func TestPatterns(t *testing.T) {
	tests := []struct {
		pattern, value string
		want           bool
	}{
		{"[a-z]+", "abc", true}, {"[a-z]+", "abc1", false}, {"[a-z]+", "abc\n", false},
		{"a|ab", "ab", true}, {"^a|b$", "b", true}, {"^https?://.+", "http://x", true}, {"^https?://.+", "ftp://x", false},
		{"(?!x)\\w+", "abc", true}, {"(?!x)\\w+", "xbc", false}, {"(?!x)\\w+", "abc\n", false},
		{"(\\w)\\1", "aa", true}, {"(\\w)\\1", "ab", false},
		{"(?=a)a|ab(?!c)", "ab", true},
		{"(?!z)(a+)+", strings.Repeat("a", 40) + "!", false}, // would take for ever, and is given up
	}
	for _, test := range tests {
		fits, err := compilePattern(test.pattern)
		if err != nil {
			t.Errorf("%s: %v", test.pattern, err)
			continue
		}
		if got := fits(test.value); got != test.want {
			t.Errorf("%s on %q: %v", test.pattern, test.value, got)
		}
	}
}

func FuzzDeclaration(f *testing.F) {
	for _, file := range []string{ConfigFile, LanguageFile} {
		data, err := os.ReadFile("testdata/full/" + file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, []byte(`{"connection":{"host":{"label":"x"}}}`))
	}
	f.Add([]byte(`{"connection":{"a":{"type":"text","regex":"("}}}`), []byte("["))
	f.Fuzz(func(t *testing.T, config, language []byte) {
		d, err := ReadDeclaration(fstest.MapFS{ConfigFile: {Data: config}, LanguageFile: {Data: language}})
		if err != nil {
			var fail *failure.Failure
			if !errors.As(err, &fail) || fail.Code != 2 || fail.At == "" {
				t.Errorf("not a failure with a place: %v", err)
			}
			return
		}
		names := make(map[string]bool)
		for _, f := range d.Fields {
			for _, name := range append(f.Names(), f.Env) {
				if name = canonical(name); names[name] && name != canonical(f.Flag) {
					t.Errorf("two settings are called %s", name)
				}
				names[canonical(name)] = true
			}
		}
		values, err := Gather(Input{Table: RunTable().Groups(GroupCAR), Declaration: d,
			LookupEnv: func(string) (string, bool) { return "", false }})
		if err != nil {
			t.Fatal(err)
		}
		_, faults := values.faults()
		if len(faults) > 0 {
			t.Errorf("defaults are malformed: %v", faults)
		}
		_ = Usage("x", RunTable(), d, "")
	})
}

// What the platform reads and what is off unless it is on need no value; a link that says that it
// is not optional does.
func TestRequired(t *testing.T) {
	for attributes, want := range map[string]bool{
		`"type": "text"`:                                      true,
		`"type": "text", "optional": true`:                    false,
		`"type": "text", "default": "x"`:                      false,
		`"type": "link"`:                                      false,
		`"type": "link", "optional": true`:                    false,
		`"type": "link", "optional": false`:                   true,
		`"type": "link", "optional": false, "default": "x:y"`: false,
		`"type": "boolean", "optional": false`:                false,
		`"type": "cron", "optional": false`:                   false,
	} {
		d, err := ReadDeclaration(fstest.MapFS{ConfigFile: {Data: []byte(`{"configuration": {"a": {` + attributes + `}}}`)}})
		if err != nil {
			t.Errorf("%s: %v", attributes, err)
		} else if got := d.Fields[0].Required(); got != want {
			t.Errorf("%s: %v", attributes, got)
		}
	}
}
