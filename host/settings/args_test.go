package settings

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"carjs/host/failure"
)

// finder knows two connectors; "broken" is one that cannot be read, and "./data" a folder that is
// one as well.
func finder(t testing.TB) Finder {
	full := readFull(t).Fields
	return func(name string) ([]Field, bool) {
		switch name {
		case "harbour", "./data":
			return full, true
		case "broken":
			return nil, true
		}
		return nil, false
	}
}

func TestSplit(t *testing.T) {
	tests := []struct{ line, name, rest string }{
		{"harbour", "harbour", ""},
		{"-full harbour", "harbour", "-full"},
		{"harbour -full", "harbour", "-full"},
		{"--source x harbour -d", "harbour", "--source x -d"},
		{"-source=x harbour", "harbour", "-source=x"},
		{"-source harbour harbour", "harbour", "-source harbour"},
		{"-port 8443 harbour", "harbour", "-port 8443"},
		{"-port 8443 -clientId a harbour -clientSecret b", "harbour", "-port 8443 -clientId a -clientSecret b"},
		{"-confirm harbour", "harbour", "-confirm"},
		{"-deep harbour -port 1", "harbour", "-deep -port 1"},
		{"-confirm false harbour", "harbour", "-confirm false"},
		{"-clientId harbour harbour", "harbour", "-clientId harbour"},
		{"-clientId ./data harbour", "harbour", "-clientId ./data"},
		{"-deep ./data -clientId harbour", "./data", "-deep -clientId harbour"},
		{"-clientId ./data -deep harbour", "harbour", "-clientId ./data -deep"},
		{"-full true harbour", "harbour", "-full true"},
		{"-h harbour", "harbour", "-h"},
		{"-- harbour", "harbour", "--"},
		{"-full -- harbour", "harbour", "-full --"},
		{"-port -5 harbour", "harbour", "-port -5"},
		{"-nonsense 1 harbour", "harbour", "-nonsense 1"},
		{"broken -nonsense 1", "broken", "-nonsense 1"},
		{"-nonsense 1 broken", "broken", "-nonsense 1"},
		{"harbor -port 1", "harbor", "-port 1"},
		{"-port 1 harbor", "harbor", "-port 1"},
		{"-clientSecret hunter2", "", "-clientSecret hunter2"},
		{"-full", "", "-full"},
		{"-source", "", "-source"},
		{"", "", ""},
		{"harbour other", "harbour", "other"},
		{"other harbour", "harbour", "other"},
	}
	for _, test := range tests {
		name, rest := RunTable().Split(strings.Fields(test.line), finder(t))
		if name != test.name || strings.Join(rest, " ") != test.rest {
			t.Errorf("%s\n got %q and %q\nwant %q and %q", test.line, name, rest, test.name, test.rest)
		}
	}
}

func TestParse(t *testing.T) {
	tests := []struct {
		line string
		want map[string]string
	}{
		{"", map[string]string{}},
		{"--", map[string]string{}},
		{"-full --", map[string]string{"CARJS_FULL": "true"}},
		{"-full -d", map[string]string{"CARJS_FULL": "true", "DEBUG": "true"}},
		{"--debug=false", map[string]string{"DEBUG": "false"}},
		{"-d FALSE", map[string]string{"DEBUG": "FALSE"}},
		{"-source a --source=b", map[string]string{"CONNECTION_NAME": "b"}},
		{"-source=", map[string]string{"CONNECTION_NAME": ""}},
		{"-source=a=b", map[string]string{"CONNECTION_NAME": "a=b"}},
		{"-Source a", map[string]string{"CONNECTION_NAME": "a"}},
		{"-connection-test true", map[string]string{"DATASOURCE_CONNECTION_TEST": "true"}},
		{"-state-dir -x", map[string]string{"CARJS_STATE_DIR": "-x"}},
		{
			"-clientid a --CLIENTSECRET=-source",
			map[string]string{"CONFIGURATION_AUTH_CLIENTID": "a", "CONFIGURATION_AUTH_CLIENTSECRET": "-source"},
		},
		{"-configuration-auth-clientId a", map[string]string{"CONFIGURATION_AUTH_CLIENTID": "a"}},
		{"-retention-days 7", map[string]string{"CONNECTION_OPTIONS_RETENTION_DAYS": "7"}},
		{"-retention_days -7", map[string]string{"CONNECTION_OPTIONS_RETENTION_DAYS": "-7"}},
		{"-deep -port 1", map[string]string{"CONNECTION_OPTIONS_DEEP": "true", "CONNECTION_PORT": "1"}},
		{"-connection-host a -configuration-parameter-host b", map[string]string{"CONNECTION_HOST": "a", "CONFIGURATION_PARAMETER_HOST": "b"}},
		{"-timeout 1h -connection-options-timeout 5", map[string]string{"CARJS_TIMEOUT": "1h", "CONNECTION_OPTIONS_TIMEOUT": "5"}},
	}
	for _, test := range tests {
		flags, err := RunTable().Parse(strings.Fields(test.line), readFull(t).Fields)
		if err != nil {
			t.Errorf("%s: %v", test.line, err)
			continue
		}
		got := make(map[string]string)
		for env, text := range flags.given {
			got[env] = *text
		}
		if diff := cmp.Diff(test.want, got); diff != "" || flags.Help {
			t.Errorf("%s: help %v (-want +got):\n%s", test.line, flags.Help, diff)
		}
	}
}

func TestParseHelp(t *testing.T) {
	for line, want := range map[string]bool{"-h": true, "--help": true, "-d -help": true, "-help=false": false} {
		flags, err := RunTable().Parse(strings.Fields(line), nil)
		if err != nil || flags.Help != want {
			t.Errorf("%s: %v, %v", line, flags, err)
		}
	}
}

func TestParseMistakes(t *testing.T) {
	tests := []struct{ line, want string }{
		{"-ful", "unknown flag -ful, did you mean -full?"},
		{"--porta=hunter2", "unknown flag -porta, did you mean -port?"},
		{"-car-service", "unknown flag -car-service, did you mean -car-service-url, -car-service-key or -car-service-token?"},
		{"-soruce x", "unknown flag -soruce, did you mean -source?"},
		{"-zzzzzzzz hunter2", "unknown flag -zzzzzzzz"},
		{"-source", "the flag -source needs a value"},
		{"-source -full", "the flag -source needs a value, but is followed by -full"},
		{"-clientSecret hunter2 hunter2", "too many arguments after the flag -clientSecret"},
		{"hunter2", "too many arguments"},
		{"-- hunter2", "too many arguments"},
		{"-", "too many arguments"},
		{"-host x", "unknown flag -host"}, // two settings end in it
	}
	for _, test := range tests {
		_, err := RunTable().Parse(strings.Fields(test.line), readFull(t).Fields)
		var f *failure.Failure
		if !errors.As(err, &f) || f.Code != 2 {
			t.Errorf("%s: no failure: %v", test.line, err)
			continue
		}
		if !strings.HasPrefix(f.Message, test.want) {
			t.Errorf("%s:\n got %s\nwant %s", test.line, f.Message, test.want)
		}
		if strings.Contains(fmt.Sprintf("%+v", *f), "hunter2") {
			t.Errorf("%s: a value is in %+v", test.line, *f)
		}
	}
}

func TestCommandsExtendTheTable(t *testing.T) {
	own := Setting{Flag: "addr", Env: "CARJS_ADDR", Type: Text, Default: "127.0.0.1:3000", Group: "Service"}
	table := RunTable().Groups(GroupLog).With(own)
	flags, err := table.Parse([]string{"-addr", ":1", "-d"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	values, err := Resolve(Input{Table: table, Flags: flags, LookupEnv: none})
	if err != nil {
		t.Fatal(err)
	}
	if values.Text("CARJS_ADDR") != ":1" || !values.Run().Debug || values.Origin("CARJS_ADDR") != FromFlag {
		t.Errorf("%v", values)
	}
	if _, err := table.Parse([]string{"-full"}, nil); err == nil {
		t.Error("a flag of a group that was left out is accepted")
	}
	if len(RunTable()) != len(RunTable().With(own))-1 {
		t.Error("the run's table has changed")
	}
}

func TestTableIsConsistent(t *testing.T) {
	flags, envs := make(map[string]bool), make(map[string]bool)
	for _, s := range RunTable() {
		if s.Env == "" || envs[s.Env] || s.Help == "" || s.Group == "" || s.Type == "" {
			t.Errorf("%+v is incomplete, or its variable is another's", s)
		}
		envs[s.Env] = true
		for _, name := range s.Names() {
			if flags[canonical(name)] || slices.Contains(helpFlags, name) {
				t.Errorf("the flag -%s is there twice", name)
			}
			flags[canonical(name)] = true
			if found, ok := RunTable().Lookup(name); !ok || found.Env != s.Env {
				t.Errorf("Lookup(%q) is %+v", name, found)
			}
		}
		if s.Default != "" {
			if _, fault := ruleOfSetting(&s).parse(s.Default); fault != "" {
				t.Errorf("the default of -%s %s", s.Flag, fault)
			}
		}
	}
	// The names of the existing framework, which deployments use.
	for flag, env := range map[string]string{
		"car-service-url": "CAR_SERVICE_URL", "car-service-key": "CAR_SERVICE_KEY", "car-service-password": "CAR_SERVICE_PASSWORD",
		"car-service-url-for-token": "CAR_SERVICE_URL_FOR_AUTHTOKEN", "car-service-token": "CAR_SERVICE_AUTHTOKEN",
		"source": "CONNECTION_NAME", "name": "CONNECTOR_NAME", "version": "CONNECTOR_VERSION", "d": "DEBUG",
		"connection-test": "DATASOURCE_CONNECTION_TEST",
	} {
		if s, ok := RunTable().Lookup(env); !ok || s.Flag != flag {
			t.Errorf("%s is the flag -%s, want -%s", env, s.Flag, flag)
		}
	}
}

func FuzzSplit(f *testing.F) {
	for _, line := range []string{
		"-full harbour", "-port 1 harbour -clientSecret=x", "-- harbour", "-source -full", "-nonsense harbour -",
		"--=x ---y",
	} {
		f.Add(line)
	}
	table, find := RunTable(), finder(f)
	f.Fuzz(func(t *testing.T, line string) {
		args := strings.Split(line, " ")
		name, rest := table.Split(args, find)
		if name == "" && !slices.Contains(args, "") {
			if !slices.Equal(rest, args) {
				t.Errorf("no name, but %q of %q", rest, args)
			}
		} else if len(rest) != len(args)-1 && name != "" {
			t.Errorf("%q and %q of %q", name, rest, args)
		}
		// Where the connector stands must not matter: a line with its name at the end is parsed
		// alike.
		fields, _ := find(name)
		before, errBefore := table.Parse(rest, fields)
		if errBefore != nil {
			var fail *failure.Failure
			if !errors.As(errBefore, &fail) || fail.Code != 2 {
				t.Errorf("no failure: %v", errBefore)
			}
			return
		}
		if name == "" || slices.Contains(rest, "--") {
			return
		}
		again, restAgain := table.Split(append([]string{name}, rest...), find)
		after, err := table.Parse(restAgain, fields)
		if again != name || err != nil || len(after.given) != len(before.given) {
			t.Errorf("%q in front: %q, %v", name, again, err)
		}
	})
}

func none(string) (string, bool) { return "", false }
