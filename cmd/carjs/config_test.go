package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// newDeployed is a desk with a connector that declares all that a deployment looks at.
func newDeployed(t testing.TB) *desk {
	d := newDesk(t)
	d.write("connectors/harbour/src/main.ts", "export default 1;\n")
	d.write("connectors/harbour/configurations/config.json", `{
  "connection": {
    "type": {"type": "connectorType", "displayName": "Harbour", "group": "harbour"},
    "schedule": {"type": "cron", "default": "15 */3 * * *"},
    "host": {"type": "text", "regex": "[a-z0-9.-]+"},
    "port": {"type": "number", "default": 8443, "min": 1, "max": 65535},
    "proxy": {"type": "text", "optional": true}
  },
  "configuration": {
    "auth": {
      "type": "fields",
      "username": {"type": "text"},
      "token": {"type": "password"},
      "pin": {"type": "password", "optional": true}
    }
  }
}
`)
	d.write("connectors/harbour/configurations/lang_en.json", `{"connection": {"host": {"label": "Host"}}}`)
	return d
}

func TestConfigMerge(t *testing.T) {
	d := newDeployed(t)
	r := d.run("config", "merge", "harbour", "-o", "merged/configurations")
	if r.code != 0 {
		t.Fatal(r)
	}
	var printed map[string]json.RawMessage
	if r := d.run("config", "merge", "-o=", "harbour"); r.code != 0 || json.Unmarshal([]byte(r.stdout), &printed) != nil || len(printed) != 2 {
		t.Fatal(r)
	}
	for _, name := range []string{"config.json", "lang_en.json"} {
		got, err := os.ReadFile(filepath.Join(d.dir, "merged/configurations", name))
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "testdata/merged-"+name+".golden", string(got))
		var one, two any
		if json.Unmarshal(got, &one) != nil || json.Unmarshal(printed[name], &two) != nil || !equalJSON(one, two) {
			t.Errorf("printed %s, written %s", printed[name], got)
		}
	}

	// The connector with merged files is a connector, with the base's settings among its own.
	d.write("connectors/merged/src/main.ts", "export default 1;\n")
	if r := d.run("config", "merge", "harbour", "-o", "connectors/merged/configurations"); r.code != 0 {
		t.Fatal(r)
	}
	contains(t, d.run("run", "merged", "-help").stdout, "CONNECTION_HELP; default harbour.html", "CONNECTION_HOST; required")
}

func equalJSON(a, b any) bool {
	one, _ := json.Marshal(a)
	two, _ := json.Marshal(b)
	return string(one) == string(two)
}

func TestConfigMergeBadInput(t *testing.T) {
	d := newDeployed(t)
	d.write("base/config.json", "{\n  \"connection\": {\n    \"schedule\": {\"type\": \"corn\"}\n  }\n}\n")
	d.write("other/config.json", "{\"configuration\": {\"auth\": {\"type\": \"fields\", \"token\": {\"type\": \"text\"}}}}")
	d.write("connectors/broken/src/main.ts", "export default 1;\n")
	d.write("connectors/broken/configurations/config.json", "{\n  \"connection\": {\n    \"x\": 1\n  }\n}\n")
	d.write("file", "")
	for _, test := range []struct {
		name string
		args []string
		says []string
	}{
		{"nothing", []string{"config"}, []string{"config: no subcommand given", "carjs config merge CONNECTOR"}},
		{"another word", []string{"config", "split", "harbour"}, []string{`unknown subcommand "split"`}},
		{"no connector", []string{"config", "merge"}, []string{"config merge: no connector given"}},
		{"mistake in the base", []string{"config", "merge", "harbour", "-base", "base/config.json"},
			[]string{"base/config.json:3:26: connection.schedule has the unknown type \"corn\""}},
		{"no base", []string{"config", "merge", "harbour", "-base", "nothing.json"}, []string{"cannot read the base", "nothing.json"}},
		{
			"mistake in the base's folder", []string{"config", "merge", "harbour", "-base-config", "base"},
			[]string{"base/config.json:3:26: connection.schedule has the unknown type \"corn\""},
		},
		{
			"a folder without a base", []string{"config", "merge", "harbour", "-base-config", "connectors"},
			[]string{"cannot read the base configuration", "set -base-config to a folder with a config.json"},
		},
		{"mistake in the connector", []string{"config", "merge", "broken"}, []string{"configurations/config.json:3:10"}},
		{"its own folder", []string{"config", "merge", "harbour", "-o", "connectors/harbour/configurations"},
			[]string{"holds the connector's own configuration files"}},
		{"a file as folder", []string{"config", "merge", "harbour", "-o", "file"}, []string{"cannot write the configuration", "set -o"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := d.run(test.args...)
			if r.code != 2 || r.stdout != "" {
				t.Error(r)
			}
			contains(t, r.stderr, test.says...)
		})
	}
	file := d.run("config", "merge", "harbour", "-base", "other/config.json")
	if folder := d.run("config", "merge", "harbour", "-base-config", "other"); file.code != 0 ||
		folder != file && folder.stdout != file.stdout {
		t.Errorf("%s\n%s", file, folder)
	}
}

// A setting that config.json calls required is asked for before anything runs, whatever its type.
func TestRequiredSettings(t *testing.T) {
	for setting, missing := range map[string]bool{
		`"type": "link", "optional": false`:                        true,
		`"type": "link"`:                                           false, // the platform reads it
		`"type": "password", "optional": false`:                    true,
		`"type": "number", "optional": false`:                      true,
		`"type": "link", "optional": true`:                         false,
		`"type": "link", "optional": false, "default": "http://a"`: false,
	} {
		d := newDesk(t)
		d.small(addOne)
		d.write("connectors/small/configurations/config.json", `{"configuration":{"auth":{"type":"fields","endpoint":{`+setting+`}}}}`)
		r := d.run("run", "small", "-log-format", "text")
		if missing != (r.code == 2) || missing != strings.Contains(r.stderr, "missing setting: -endpoint (CONFIGURATION_AUTH_ENDPOINT)") {
			t.Errorf("%s: %s", setting, r)
		}
	}
}
