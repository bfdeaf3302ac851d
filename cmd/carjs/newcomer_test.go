package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"carjs/connectors/reference/server"
	"carjs/host"
	"carjs/host/carserver"
)

// The sample data that is embedded in carjs gets into no CAR service of another machine, nor where one
// is required: carjs run reference asks for the settings of a data source then, and starts nothing.
func TestSampleDataStaysLocal(t *testing.T) {
	var requests atomic.Int64
	service, err := carserver.Open(carserver.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close()
	car := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		service.Handler().ServeHTTP(w, r)
	}))
	defer car.Close()
	basic := []string{"CAR_SERVICE_URL=" + car.URL + "/api/car/v2", "CAR_SERVICE_KEY=k", "CAR_SERVICE_PASSWORD=p", "CONNECTION_NAME=office"}
	// The service of another machine, which every request would reach: through the service as a proxy.
	far := []string{"CAR_SERVICE_URL=http://car.example.com/api/car/v2", "CAR_SERVICE_KEY=k", "CAR_SERVICE_PASSWORD=p",
		"CONNECTION_NAME=office", "HTTP_PROXY=" + car.URL}
	for _, test := range []struct {
		name string
		env  []string
		args []string
		says []string
	}{
		{"key and password", far, nil, nil},
		{"token", []string{"CAR_SERVICE_URL_FOR_AUTHTOKEN=http://car.example.com", "CAR_SERVICE_AUTHTOKEN=t", "CONNECTION_NAME=office",
			"HTTP_PROXY=" + car.URL}, nil, nil},
		{"required on this machine", append([]string{"CARJS_CAR=required"}, basic...), nil, nil},
		{"required", []string{"CARJS_CAR=required"}, nil, []string{"CAR_SERVICE_URL"}},
		{"incomplete", []string{"CAR_SERVICE_URL=" + car.URL}, nil, []string{"CAR_SERVICE_KEY"}},
		{"connection test", far, []string{"-connection-test"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t)
			d.env = test.env
			r := d.run(append([]string{"run", "reference", "-log-format", "text"}, test.args...)...)
			if r.code != 2 {
				t.Errorf("want exit code 2: %s", r)
			}
			contains(t, r.stderr, append(test.says, "-url (CONFIGURATION_AUTH_URL)", "-password (CONFIGURATION_AUTH_PASSWORD)",
				"the embedded data source is only used with a CAR service on this machine", "carjs run reference -help lists them")...)
			if _, err := os.Stat(filepath.Join(d.dir, ".carjs")); err == nil {
				t.Error("the state folder was made")
			}
		})
	}
	if n := requests.Load(); n > 0 {
		t.Errorf("CAR got %d requests", n)
	}
	// On this machine, as with carjs car, nobody else's data is at stake.
	near := newDesk(t)
	near.env = basic
	if r := near.run("run", "reference", "-source", "laptop"); r.code != 0 || requests.Load() == 0 {
		t.Errorf("%d requests to CAR, %s", requests.Load(), r)
	}
	// With a data source that is named, the same import works.
	source := newDesk(t)
	source.env = far
	rows, err := server.Open(server.Config{Size: 3})
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	api := httptest.NewServer(rows.Handler())
	defer api.Close()
	if r := source.run("run", "reference", "-url", api.URL, "-username", "admin", "-password", "admin"); r.code != 0 || requests.Load() == 0 {
		t.Errorf("%d requests to CAR, %s", requests.Load(), r)
	}
}

// A settings mistake is said in a few lines, the message first; -help has the flags.
func TestSettingsMistakeIsShort(t *testing.T) {
	d := newDesk(t)
	d.write("connectors/small/configurations/config.json", `{"configuration":{"auth":{"type":"fields","url":{"type":"text"}}}}`)
	d.small(addOne)
	for name, test := range map[string]struct {
		args []string
		says string
	}{
		"missing": {nil, "carjs: missing setting: -url (CONFIGURATION_AUTH_URL)\n"},
		"wrong":   {[]string{"-url", "x", "-timeout", "soon"}, "carjs: -timeout (CARJS_TIMEOUT) must be"},
	} {
		r := d.run(append([]string{"run", "small", "-log-format", "text"}, test.args...)...)
		text := r.stderr[strings.Index(r.stderr, "carjs: "):]
		if r.code != 2 || !strings.HasPrefix(text, test.says) || strings.Count(text, "\n") > 8 {
			t.Errorf("%s: %s", name, r)
		}
		contains(t, text, "carjs run small -help", "next run   not affected: this run imported nothing")
	}
}

// On a laptop, the settings of the reference connector may be left out: its help says so.
func TestHelpOfReference(t *testing.T) {
	d := newDesk(t)
	for command, says := range map[string]string{
		"run": "required with a CAR service; with the embedded one, the embedded data source is used unless -url is set",
		"dev": "not required: the embedded data source is used unless -url is set",
	} {
		r := d.run(command, "reference", "-help")
		contains(t, r.stdout, says, "(CONFIGURATION_AUTH_URL)")
		if r.code != 0 || strings.Contains(r.stdout, "CONFIGURATION_AUTH_URL; required") {
			t.Error(r)
		}
	}
}

// A run that somebody stopped shows no code: nothing is wrong with it.
func TestStoppedShowsNoCode(t *testing.T) {
	d := newDesk(t)
	d.small(addOne + ` console.log("now"); await new Promise((r) => setTimeout(r, 60000));`)
	r := d.interrupt(os.Interrupt, "small", "-log-format", "text")
	if r.code != 10 || strings.Contains(r.stderr, "main.ts") || strings.Contains(r.stderr, "await new Promise") {
		t.Error(r)
	}
	contains(t, r.stderr, "carjs: the run was stopped", "Ctrl-C")
}

// Every failure of the data source ends with a next step, one that the connector set itself first.
func TestDatasourceFailureHasNextStep(t *testing.T) {
	for throw, hint := range map[string]string{
		`new DatasourceFailure("gone")`:                                              "check the data source and its log",
		`new DatasourceFailure("gone", ErrorCode.DATASOURCE_FAILURE_CONNECT)`:        "check that the data source is running",
		`new DatasourceFailure("gone", ErrorCode.DATASOURCE_FAILURE_AUTH)`:           "check the credentials",
		`new DatasourceFailure("gone", ErrorCode.DATASOURCE_FAILURE_FORBIDDEN)`:      "the permissions it needs",
		`new DatasourceFailure("gone", ErrorCode.DATASOURCE_FAILURE_DATA_PROCESS)`:   "check the data",
		`new DatasourceFailure("gone", { code: 51, hint: "call the network team" })`: "call the network team",
	} {
		d := newDesk(t)
		d.small("throw " + throw)
		r := d.imports("small", "-log-format", "text")
		if !strings.HasPrefix(r.report.Failure.Hint, hint) && !strings.Contains(r.report.Failure.Hint, hint) {
			t.Errorf("%s: next step %q, want %q", throw, r.report.Failure.Hint, hint)
		}
		contains(t, r.stderr, "next step  "+r.report.Failure.Hint)
	}
}

// carjs dev rebuilds on every save, which an artifact cannot.
func TestDevTakesNoArtifact(t *testing.T) {
	d := newDesk(t)
	d.small(addOne)
	if r := d.run("build", "small"); r.code != 0 {
		t.Fatal(r)
	}
	r := d.run("dev", "small.carjs")
	if r.code != 2 || r.stdout != "" {
		t.Error(r)
	}
	contains(t, r.stderr, "small.carjs is an artifact", "carjs dev takes the connector's folder", "carjs run small.carjs")
}

// A name that is nearly right brings up the right one.
func TestDidYouMean(t *testing.T) {
	d := newDesk(t)
	for _, test := range []struct {
		args []string
		says string
	}{
		{[]string{"run", "referense"}, `unknown connector "referense", did you mean reference?`},
		{[]string{"run", "zzzz"}, `unknown connector "zzzz"; the connectors are: reference`},
		{[]string{"run", "reference", "-ful"}, "unknown flag -ful, did you mean -full?"},
		{[]string{"describe", "model", "hostnam"}, `no collection "hostnam", did you mean hostname`},
		{[]string{"describe", "modle"}, `unknown topic "modle", did you mean model?`},
		{[]string{"describe", "modules", "carjs/htp"}, `unknown module "carjs/htp", did you mean carjs/http`},
		{[]string{"describe", "-jsn"}, "unknown flag -jsn, did you mean -json?"},
		{[]string{"rnu"}, `unknown command "rnu", did you mean run?`},
		{[]string{"help", "chekc"}, `unknown command "chekc", did you mean check?`},
		{[]string{"car", "-adr", "x"}, "car: unknown flag -adr, did you mean -addr?"},
		{[]string{"init", "-tmplate", "rest", "x"}, "init: unknown flag -tmplate, did you mean -template?"},
	} {
		r := d.run(test.args...)
		if r.code != 2 {
			t.Errorf("%v: %s", test.args, r)
		}
		contains(t, r.stderr, test.says)
	}
}

// A build error is told once, with its place.
func TestBuildErrorOnce(t *testing.T) {
	d := newDesk(t)
	d.small(`const x = ;`)
	r := d.run("run", "small", "-log-format", "text")
	if r.code != 2 || strings.Count(r.stderr, `Unexpected ";"`) != 1 {
		t.Error(r)
	}
	contains(t, r.stderr, "carjs: the connector small does not build\n", "main.ts:12:11:", "const x = ;")
	r = d.imports("small")
	contains(t, r.report.Failure.Message, `Unexpected ";"`) // who reads no frame has it in the message
}

// import() takes what a static import takes: files of the connector and modules of carjs. What it
// cannot take is an error with its place.
func TestDynamicImport(t *testing.T) {
	d := newDesk(t)
	d.write("connectors/small/part.ts", `export const name = "part";`)
	d.small(`const { lastSegment } = await import("carjs/http"); const { name } = await import("./part");
		handler.addCollection("asset", { external_id: lastSegment("https://x.example/things/7"), name });`)
	d.ok(host.ModeFull, "small")
	if got := keys(d.graph("small"), "asset"); len(got) != 1 || got[0] != "7" {
		t.Errorf("assets: %v", got)
	}
	for source, says := range map[string]string{
		`const name = String(context().args.x); await import(name);`: "import() needs a string literal",
		`await import();`:             `Unexpected ")"`,
		`await import("carjs/nope");`: `unknown module "carjs/nope"`,
	} {
		d.small(source)
		r := d.imports("small")
		if r.code != 2 || !strings.Contains(r.report.Failure.At, "main.ts:12:") {
			t.Errorf("%s: %+v %s", source, r.report.Failure, r)
		}
		contains(t, r.report.Failure.Message, says)
	}
}
