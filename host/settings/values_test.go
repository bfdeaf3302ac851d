package settings

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"carjs/host/failure"
	"carjs/host/redact"
)

var update = flag.Bool("update", false, "write the golden files anew")

// gather reads a command line, an environment and, when dir is not empty, mounted secrets.
func gather(t testing.TB, line string, vars map[string]string, dir string) Values {
	t.Helper()
	full := readFull(t)
	flags, err := RunTable().Parse(strings.Fields(line), full.Fields)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{"CARJS_SECRETS_DIR": dir}
	for name, text := range vars {
		all[name] = text
	}
	if dir == "" {
		all["CARJS_SECRETS_DIR"] = filepath.Join(t.TempDir(), "none")
	}
	values, err := Gather(Input{Table: RunTable(), Declaration: full, Flags: flags, LookupEnv: env(all)})
	if err != nil {
		t.Fatal(err)
	}
	return values
}

func TestPrecedence(t *testing.T) {
	const name, older, oldest = "CONFIGURATION_AUTH_CLIENTID", "CONFIGURATION_AUTH_CLIENT_ID", "CONFIGURATION_AUTH_APP"
	m := newMount(t)
	m.add(name, "from secret")
	previous := newMount(t)
	previous.add(oldest, "from an older secret")
	environment := map[string]string{name: "from environment", older: "from older", oldest: "from oldest"}
	tests := []struct {
		what   string
		line   string
		vars   map[string]string
		dir    string
		text   string
		origin Origin
	}{
		{"secret", "-clientId flag", environment, m.dir, "from secret", FromSecret},
		{"older secret", "-clientId flag", environment, previous.dir, "from an older secret", FromSecret},
		{"flag", "-clientId flag", environment, "", "flag", FromFlag},
		{"empty flag", "-clientId=", environment, "", "", FromFlag},
		{"environment", "", environment, "", "from environment", FromEnvironment},
		{"older name", "", map[string]string{name: "", older: "from older", oldest: "from oldest"}, "", "from older", FromPrevious},
		{"oldest name", "", map[string]string{oldest: "from oldest"}, "", "from oldest", FromPrevious},
		{"nothing", "", nil, "", "", Unset},
	}
	for _, test := range tests {
		values := gather(t, test.line, test.vars, test.dir)
		if got := values.Text(name); got != test.text || values.Origin(name) != test.origin {
			t.Errorf("%s: %q from %q, want %q from %q", test.what, got, values.Origin(name), test.text, test.origin)
		}
	}
	values := gather(t, "", nil, "")
	if values.Value("CONNECTION_PORT") != 8443.0 || values.Origin("CONNECTION_PORT") != FromDefault || values.Given("CONNECTION_PORT") {
		t.Errorf("default: %v from %q", values.Value("CONNECTION_PORT"), values.Origin("CONNECTION_PORT"))
	}
}

func TestRunSettings(t *testing.T) {
	defaults := RunOptions{Name: "Harbour Scanner", MaxDeletions: Limit{Percent: 50}, MaxSkipped: Limit{Percent: 10},
		StateDir: ".carjs", Timeout: 6 * time.Hour, CARRetryWait: 10 * time.Second,
		RetryWait: time.Second, RequestTimeout: time.Minute,
		JobTimeout: time.Hour, PageSize: 2000, PagesInFlight: 4, LogFormat: "auto", MaxMemory: 2 << 30, MaxStack: 1500, MaxTurn: 2 * time.Minute,
		Progress: ProgressAuto, ProgressInterval: 30 * time.Second, TerminationLog: TerminationLog}
	if diff := cmp.Diff(defaults, gather(t, "", nil, "").Run()); diff != "" {
		t.Errorf("defaults (-want +got):\n%s", diff)
	}
	line := "-source s -name n -version 1 -full -connection-test -report r.json -state-dir st -timeout 90 " +
		"-car-retry-wait 5ms -request-timeout 1.5s " +
		"-job-timeout 2m -export-data-dir ex -keep-export-data-dir -export-data-page-size 10 -d " +
		"-log-format json -max-memory 512MB -max-stack 9 -max-stretch 1s " +
		"-max-deletions 100 -max-skipped 2.5% -progress log -progress-interval 5m"
	want := RunOptions{MaxDeletions: Limit{Count: 100}, MaxSkipped: Limit{Percent: 2.5}, Source: "s", Name: "n",
		Version: "1", Full: true, ConnectionTest: true, Report: "r.json",
		StateDir: "st", Timeout: 90 * time.Second,
		CARRetryWait: 5 * time.Millisecond, RetryWait: time.Second, RequestTimeout: 1500 * time.Millisecond,
		JobTimeout: 2 * time.Minute, ExportDataDir: "ex", KeepExportData: true,
		PageSize: 10, PagesInFlight: 4, Debug: true, LogFormat: "json", MaxMemory: 512 << 20, MaxStack: 9, MaxTurn: time.Second,
		Progress: ProgressLog, ProgressInterval: 5 * time.Minute, TerminationLog: TerminationLog}
	if diff := cmp.Diff(want, gather(t, line, nil, "").Run()); diff != "" {
		t.Errorf("flags (-want +got):\n%s", diff)
	}
	vars := map[string]string{"DEBUG": "app:*", "DATASOURCE_CONNECTION_TEST": "false", "CARJS_FULL": "1", "CONNECTOR_NAME": "env"}
	got := gather(t, "", vars, "").Run()
	if !got.Debug || got.ConnectionTest || !got.Full || got.Name != "env" {
		t.Errorf("environment: %+v", got)
	}
}

func TestParseTexts(t *testing.T) {
	number := func(n float64) *float64 { return &n }
	tests := []struct {
		rule rule
		text string
		want any
	}{
		{rule{kind: Boolean}, "YES", true}, {rule{kind: Boolean}, " off ", false}, {rule{kind: Boolean}, "maybe", nil},
		{rule{kind: Boolean}, "", nil},
		{rule{kind: Number}, "1.5", 1.5}, {rule{kind: Number}, " -2e3\n", -2000.0}, {rule{kind: Number}, "0x10", nil},
		{rule{kind: Number}, "1_000", nil},
		{rule{kind: Number}, "inf", nil}, {rule{kind: Number}, "1e999", nil}, {rule{kind: Number}, "NaN", nil}, {rule{kind: Number}, "", nil},
		{rule{kind: Number, max: number(5)}, "6", nil}, {rule{kind: Number, options: []string{"1.0", "2"}}, "1", 1.0},
		{rule{kind: Number, options: []string{"1", "2"}}, "3", nil},
		{rule{kind: Integer}, "7", 7}, {rule{kind: Integer}, "7.5", nil}, {rule{kind: Integer}, "9e99", nil},
		{rule{kind: Integer, min: number(1)}, "0", nil},
		{rule{kind: Duration}, "2", 2 * time.Second}, {rule{kind: Duration}, "1.5", 1500 * time.Millisecond},
		{rule{kind: Duration}, "1h30m", 90 * time.Minute},
		{rule{kind: Duration, min: number(0)}, "-1s", nil}, {rule{kind: Duration}, "soon", nil}, {rule{kind: Duration}, "99999999999h", nil},
		{rule{kind: Bound}, "50%", Limit{Percent: 50}}, {rule{kind: Bound}, " 12.5% ", Limit{Percent: 12.5}},
		{rule{kind: Bound}, "0", Limit{}}, {rule{kind: Bound}, "100", Limit{Count: 100}}, {rule{kind: Bound}, "OFF", Limit{Off: true}},
		{rule{kind: Bound}, "0%", nil}, {rule{kind: Bound}, "101%", nil}, {rule{kind: Bound}, "NaN%", nil}, {rule{kind: Bound}, "-1", nil},
		{rule{kind: Bound}, "1.5", nil}, {rule{kind: Bound}, "5 %", nil}, {rule{kind: Bound}, "1e1%", nil},
		{rule{kind: Bound}, "0x1p3%", nil}, {rule{kind: Bound}, "+5", nil}, {rule{kind: Bound}, "50%%", nil}, {rule{kind: Bound}, "%", nil},
		{rule{kind: Bound}, "5\u00a0%", nil}, {rule{kind: Bound}, "half", nil}, {rule{kind: Bound}, "", nil},
		{rule{kind: Size}, "0", uint64(0)}, {rule{kind: Size}, "10", uint64(10)},
		{rule{kind: Size}, "1.5k", uint64(1536)}, {rule{kind: Size}, "2 GiB", uint64(2 << 30)},
		{rule{kind: Size}, "1TB", uint64(1 << 40)}, {rule{kind: Size}, "10B", uint64(10)},
		{rule{kind: Size}, "-1", nil}, {rule{kind: Size}, "1PB", nil}, {rule{kind: Size}, "99999999999TB", nil},
		{rule{kind: Link}, " https://h/p ", "https://h/p"}, {rule{kind: Link}, "http://a b", nil},
		{rule{kind: Link}, "http://[", nil}, {rule{kind: Link}, "page.html", "page.html"},
		{
			rule{kind: Text, options: []string{"a", "b"}}, "a", "a",
		}, {rule{kind: Text, options: []string{"a", "b"}}, "c", nil}, {rule{kind: Text, options: []string{"a"}}, "", ""},
		{rule{kind: Text}, " as it is\n", " as it is\n"}, {rule{kind: Cron}, "4h", "4h"},
	}
	for _, test := range tests {
		got, fault := test.rule.parse(test.text)
		if got != test.want || (fault == "") != (test.want != nil) {
			t.Errorf("%s %q: %v (%T), %q, want %v", test.rule.kind, test.text, got, got, fault, test.want)
		}
	}
}

func TestConnectorArgs(t *testing.T) {
	m := newMount(t)
	m.add("UNDECLARED", "token of another kind")
	m.add("CAR_SERVICE_PASSWORD", "not the connector's")
	m.add("CONFIGURATION_AUTH_APP", "an older name")
	got := gather(t, "-source demo -clientSecret x -connection-host h.example -deep", nil, m.dir).Connector()
	want := Args{
		"CONNECTION_NAME": "demo", "source": "demo", "CONNECTOR_NAME": "Harbour Scanner", "name": "Harbour Scanner",
		"CONNECTOR_VERSION": "", "version": "", "debug": false, "UNDECLARED": "token of another kind",
		"CONNECTION_SCHEDULE": "15 */3 * * *", "schedule": "15 */3 * * *", "CONNECTION_HELP": "harbour-{CONNECTOR}.html",
		"CONNECTION_IMAGE": "{image}", "image": "{image}", "CONNECTION_HOST": "h.example",
		"CONNECTION_PORT": 8443.0, "port": 8443.0, "CONNECTION_OPTIONS_CONFIRM": true, "confirm": true,
		"CONNECTION_OPTIONS_DEEP": true, "deep": true, "CONNECTION_OPTIONS_TIMEOUT": 30.0,
		"CONFIGURATION_AUTH_CLIENTID": "an older name", "clientId": "an older name",
		"CONFIGURATION_AUTH_CLIENTSECRET": "x", "clientSecret": "x",
	}
	if diff := cmp.Diff(map[string]any(want), map[string]any(got)); diff != "" {
		t.Errorf("args (-want +got):\n%s", diff)
	}
}

func TestCheck(t *testing.T) {
	const good = "-connection-host h -clientId i -clientSecret s "
	tests := []struct {
		name, line string
		vars       map[string]string
		needs      []Need
		want       string
	}{
		{"all there", good, nil, nil, ""},
		{
			"all missing", "", nil, nil,
			"missing settings: -connection-host (CONNECTION_HOST), " +
				"-clientId (CONFIGURATION_AUTH_CLIENTID) and -clientSecret (CONFIGURATION_AUTH_CLIENTSECRET)",
		},
		{"one missing", "-connection-host h -clientId i", nil, nil, "missing setting: -clientSecret (CONFIGURATION_AUTH_CLIENTSECRET)"},
		{"given empty", good + "-clientSecret=", nil, nil, "missing setting: -clientSecret (CONFIGURATION_AUTH_CLIENTSECRET)"},
		{"missing and malformed", "-connection-host H! -clientSecret s -port x", nil, nil,
			`missing setting: -clientId (CONFIGURATION_AUTH_CLIENTID); -connection-host (CONNECTION_HOST) must match the pattern [a-z0-9.-]+, not "H!"; -port (CONNECTION_PORT) must be a number from 1 to 65535, not "x"`},
		{"bounds", good + "-port 65536 -retention_days 0", nil, nil,
			`-port (CONNECTION_PORT) must be a number from 1 to 65535, not "65536"; -retention_days (CONNECTION_OPTIONS_RETENTION_DAYS) must be a number of at least 0.5, not "0"`},
		{"option", good + "-region west", nil, nil, `-region (CONNECTION_REGION) must be "north" or "south", not "west"`},
		{
			"pattern of JavaScript", good + "-code ab", nil, nil,
			`-code (CONFIGURATION_PARAMETER_CODE) must match the pattern (?!x)(\w)\1, not "ab"`,
		},
		{
			"switch", good, map[string]string{"CONNECTION_OPTIONS_DEEP": "deep"}, nil,
			`-deep (CONNECTION_OPTIONS_DEEP) must be true or false, not "deep"`,
		},
		{"carjs's own", good + "-timeout 0 -max-memory lots -log-format xml -export-data-page-size 0", nil, nil,
			`-timeout (CARJS_TIMEOUT) must be a duration such as 90s or 1h30m of at least 0.001s, not "0"; ` +
				`-export-data-page-size (CARJS_EXPORT_DATA_PAGE_SIZE) must be a whole number of at least 1, not "0"; ` +
				`-log-format (CARJS_LOG_FORMAT) must be "auto", "text" or "json", not "xml"; -max-memory (CARJS_MAX_MEMORY) must be a size such as 512MB or 2GB, not "lots"`},
		{"a schedule does not stop a run", good, map[string]string{"CONNECTION_INTERVAL": "4h"}, nil, ""},
		{"a long value is shortened", good + "-port " + strings.Repeat("9", 200), nil, nil,
			`-port (CONNECTION_PORT) must be a number from 1 to 65535, not "` + strings.Repeat("9", maxShown) + `…"`},
		{"CAR as well", "-connection-host h -clientId i", map[string]string{"CARJS_CAR": "required"}, []Need{NeedCAR},
			"missing settings: -clientSecret (CONFIGURATION_AUTH_CLIENTSECRET) and -source (CONNECTION_NAME); no CAR service is configured: set " +
				"-car-service-url (CAR_SERVICE_URL), -car-service-key (CAR_SERVICE_KEY) and -car-service-password (CAR_SERVICE_PASSWORD), or " +
				"-car-service-url-for-token (CAR_SERVICE_URL_FOR_AUTHTOKEN) and -car-service-token (CAR_SERVICE_AUTHTOKEN)"},
		{"CAR not needed", good, map[string]string{"CARJS_CAR": "required"}, nil, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			checkFailure(t, gather(t, test.line, test.vars, "").Check(test.needs...), test.want)
		})
	}
}

// checkFailure compares the message of a failure that ends in exit code 2; an empty one stands for
// no failure.
func checkFailure(t *testing.T, err error, want string) {
	t.Helper()
	if want == "" {
		if err != nil {
			t.Errorf("unexpected failure: %v", err)
		}
		return
	}
	var f *failure.Failure
	if !errors.As(err, &f) {
		t.Fatalf("got %v, want the failure %s", err, want)
	}
	if f.Kind != failure.InvalidParameter || f.Code != 2 || f.Fault != failure.FaultSettings || f.Hint == "" {
		t.Errorf("kind %s, code %d, fault %s, hint %q", f.Kind, f.Code, f.Fault, f.Hint)
	}
	if diff := cmp.Diff(want, f.Message); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
}

func TestWithDefaults(t *testing.T) {
	values := gather(t, "-clientId given", nil, "")
	provided := values.WithDefaults(map[string]string{"CONFIGURATION_AUTH_CLIENTID": "host", "CONFIGURATION_AUTH_CLIENTSECRET": "admin",
		"CONNECTION_HOST": "localhost", "CONNECTION_PORT": "8000", "CONNECTION_NAME": "demo"})
	if err := provided.Check(); err != nil {
		t.Error(err)
	}
	if provided.Text("CONFIGURATION_AUTH_CLIENTID") != "given" || provided.Value("CONNECTION_PORT") != 8000.0 ||
		provided.Run().Source != "demo" {
		t.Errorf("%v", provided)
	}
	if provided.Given("CONNECTION_HOST") || !provided.Given("CONFIGURATION_AUTH_CLIENTID") || provided.Origin("CONNECTION_HOST") != FromHost {
		t.Error("what the host provides counts as given")
	}
	if values.Check() == nil || values.Text("CONNECTION_HOST") != "" {
		t.Error("the values it was made from have changed")
	}
}

func TestNothingShowsASecret(t *testing.T) {
	secrets := map[string]string{
		"CAR_SERVICE_KEY": "key-of-car", "CAR_SERVICE_PASSWORD": "password of car", "CAR_SERVICE_AUTHTOKEN": "token-of-car",
		"CAR_SERVICE_URL": "https://me:in-the-url@car.example", "CAR_SERVICE_URL_FOR_AUTHTOKEN": "no url with hunter2",
		"CONFIGURATION_AUTH_CLIENTSECRET": "secret-of-client", "CONNECTION_PORT": "not-a-port-but-a-secret", "UNDECLARED": "nobody-declared-me",
		"CONNECTION_REGION": "north-by-northwest", "CONFIGURATION_PARAMETER_CODE": "a-code-that-does-not-fit",
	}
	m := newMount(t)
	for name, text := range secrets {
		m.add(name, text)
	}
	mounted := gather(t, "-source demo", nil, m.dir)
	delete(secrets, "UNDECLARED")
	environment := gather(t, "-source demo", secrets, "")
	delete(secrets, "CONNECTION_PORT") // no secret when it is given openly
	delete(secrets, "CONNECTION_REGION")
	delete(secrets, "CONFIGURATION_PARAMETER_CODE")

	for _, test := range []struct {
		name   string
		values Values
		hidden []string
	}{
		{"mounted", mounted, []string{"key-of-car", "password of car", "token-of-car", "in-the-url", "hunter2", "secret-of-client",
			"not-a-port-but-a-secret", "nobody-declared-me", "north-by-northwest", "a-code-that-does-not-fit", "car.example"}},
		{"environment", environment, []string{"key-of-car", "password of car", "token-of-car", "in-the-url", "secret-of-client"}},
	} {
		values := test.values
		car := CARSettings{Mode: CARBasic, Key: NewSecret("key-of-car"), Password: NewSecret("password of car"), Token: NewSecret("token-of-car")}
		inside := struct {
			hidden Values
			Shown  *Values
			car    CARSettings
			secret Secret
			in     Input
		}{values, &values, car, NewSecret("token-of-car"), Input{Flags: &Flags{given: map[string]*string{"X": pointer("token-of-car")}}}}
		var shown strings.Builder
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
			for _, value := range []any{values, &values, car, &car, car.Key, inside, &inside, inside.in.Flags, values.Connector(), values.Run()} {
				fmt.Fprintf(&shown, verb+"\n", value)
			}
		}
		for _, value := range []any{values, car} {
			text, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			shown.Write(text)
		}
		slog.New(slog.NewTextHandler(&shown, nil)).Info("x", "values", values, "car", car, "secret", car.Key, "args", values.Connector())
		fmt.Fprintf(&shown, "%v %+v", values.Check(NeedCAR), values.Check(NeedCAR))
		_, err := values.CAR()
		fmt.Fprintf(&shown, "%v %#v", err, failure.From(err))
		r := redact.New()
		values.Redact(r)
		for _, secret := range test.hidden {
			if strings.Contains(shown.String(), secret) {
				at := strings.Index(shown.String(), secret)
				t.Errorf("%s: %q is shown: %s", test.name, secret, shown.String()[max(0, at-200):at+len(secret)])
			}
		}
		for _, secret := range values.Secrets() {
			if got := r.String("x " + secret); got != "x "+redact.Marker {
				t.Errorf("%s: the redactor makes %q of %q", test.name, got, secret)
			}
		}
		if !strings.Contains(values.String(), `CONNECTION_NAME="demo" (flag)`) {
			t.Errorf("%s: what is no secret is not shown: %v", test.name, values)
		}
	}
}

func pointer(text string) *string { return &text }

func TestSecrets(t *testing.T) {
	m := newMount(t)
	for name, text := range map[string]string{
		"DEBUG": "true", "CARJS_MAX_STACK": "1234", "CONNECTION_HOST": "h.example", "OTHER": "other",
		"CONFIGURATION_AUTH_CLIENTSECRET": "pw",
	} {
		m.add(name, text)
	}
	got := gather(t, "-source demo -clientId https://a:b@h", nil, m.dir).Secrets()
	if want := []string{"b", "h.example", "other", "pw"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := gather(t, "-source demo -clientId me", nil, "").Secrets(); len(got) > 0 {
		t.Errorf("nothing is secret, but %q", got)
	}
}

func TestRedactKnowsLogins(t *testing.T) {
	r := redact.New()
	gather(t, "-clientId me -clientSecret pw1 -car-service-key k -car-service-password p", nil, "").Redact(r)
	for _, login := range []string{"bWU6cHcx", "me:pw1"} { // the base64 of the pair: the password alone is too short to be looked for
		if got := r.String("sent " + login); got != "sent "+redact.Marker {
			t.Errorf("%s: %s", login, got)
		}
	}
}

func TestZeroValuesAreHarmless(t *testing.T) {
	var v Values
	if v.Check(NeedCAR) != nil || v.Run() != (RunOptions{}) || len(v.Connector()) > 0 || len(v.Secrets()) > 0 ||
		v.SecretsMounted() || v.String() != "settings{}" {
		t.Error("the zero value holds something")
	}
	v.Redact(redact.New())
}

func TestUsage(t *testing.T) {
	for name, text := range map[string]string{
		"usage_connector.golden": Usage("carjs run [flags] CONNECTOR [flags]", RunTable(), readFull(t), ""),
		"usage_plain.golden":     Usage("carjs check [flags]", RunTable().Groups(GroupLog), nil, ""),
	} {
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), text); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
