package merge

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"carjs/host/failure"
)

func connector(config, language string) fstest.MapFS {
	files := fstest.MapFS{}
	if config != "" {
		files["configurations/config.json"] = &fstest.MapFile{Data: []byte(config)}
	}
	if language != "" {
		files["configurations/lang_en.json"] = &fstest.MapFile{Data: []byte(language)}
	}
	return files
}

func base(config, language string) Base {
	return Base{Config: []byte(config), Language: []byte(language), ConfigName: "base.json", LanguageName: "base_lang.json"}
}

func TestMerge(t *testing.T) {
	for _, test := range []struct {
		name                     string
		base                     Base
		config, language         string
		wantConfig, wantLanguage string
	}{
		{
			"the connector's key replaces the base's whole",
			base(`{"connection": {"schedule": {"type": "cron", "default": "0 * * * *", "options": ["0 * * * *"]}}}`, `{}`),
			`{"connection": {"schedule": {"type": "cron"}}}`, "",
			"{\n  \"connection\": {\n    \"schedule\": {\n      \"type\": \"cron\"\n    }\n  }\n}\n", "{}\n",
		},
		{
			"the base's order first, the connector's new keys behind",
			base(`{"configuration": {"a": {"type": "text"}, "b": {"type": "text"}}, "connection": {}}`, `{"connection": {"x": {"label": "X <1>"}}}`),
			`{"connection": {"port": {"type": "number", "default": 1.50e1}}, "configuration": {"c": {"type": "link"}, "a": {"type": "link"}}}`,
			`{"app": {"title": "T"}, "connection": {"port": {"label": "Port"}}}`,
			"{\n  \"configuration\": {\n    \"a\": {\n      \"type\": \"link\"\n    },\n    \"b\": {\n      \"type\": \"text\"\n    },\n" +
				"    \"c\": {\n      \"type\": \"link\"\n    }\n  },\n  \"connection\": {\n    \"port\": {\n" +
				"      \"type\": \"number\",\n      \"default\": 1.50e1\n    }\n  }\n}\n",
			"{\n  \"connection\": {\n    \"x\": {\n      \"label\": \"X <1>\"\n    },\n    \"port\": {\n      \"label\": \"Port\"\n    }\n  },\n" +
				"  \"app\": {\n    \"title\": \"T\"\n  }\n}\n",
		},
		{
			"the name is put into the base, and into nothing of the connector's",
			base(`{"connection": {"help": {"type": "link", "default": "{CONNECTOR}.html"}}}`, `{"connection": {"help": {"label": "{CONNECTOR}"}}}`),
			"\ufeff" + `{"connection": {"note": {"type": "text", "default": "{CONNECTOR}"}}}`, "",
			"{\n  \"connection\": {\n    \"help\": {\n      \"type\": \"link\",\n      \"default\": \"harbour.html\"\n    },\n" +
				"    \"note\": {\n      \"type\": \"text\",\n      \"default\": \"{CONNECTOR}\"\n    }\n  }\n}\n",
			"{\n  \"connection\": {\n    \"help\": {\n      \"label\": \"harbour\"\n    }\n  }\n}\n",
		},
		{"a connector without files", base(`{"configuration": {}}`, `{"x": 1}`), "", "", "{\n  \"configuration\": {}\n}\n", "{\n  \"x\": 1\n}\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := Merge(connector(test.config, test.language), "harbour", test.base)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.wantConfig, string(got.Config)); diff != "" {
				t.Errorf("config.json (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.wantLanguage, string(got.Language)); diff != "" {
				t.Errorf("lang_en.json (-want +got):\n%s", diff)
			}
		})
	}
}

// What is merged once more with the same base stays as it is.
func TestMergeAgain(t *testing.T) {
	files, err := Merge(os.DirFS("../../../connectors/reference"), "reference", BuiltIn())
	if err != nil {
		t.Fatal(err)
	}
	again, err := Merge(connector(string(files.Config), string(files.Language)), "reference", BuiltIn())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(files.Config, again.Config) || !bytes.Equal(files.Language, again.Language) {
		t.Errorf("merged once\n%s\nand again\n%s", files.Config, again.Config)
	}
	if field, ok := files.Declaration.Field("connection.image"); !ok || field.Default != "isc-car-connector-reference" {
		t.Errorf("image: %+v", field)
	}
}

func TestMergeMistakes(t *testing.T) {
	good := BuiltIn()
	for _, test := range []struct {
		name             string
		base             Base
		connector        string
		config, language string
		says             string
	}{
		{
			"base: type", base("{\"connection\": {\n  \"schedule\": {\"type\": \"crom\"}}}", "{}"), "a", "", "",
			`base.json:2:24: connection.schedule has the unknown type`,
		},
		{"base: no JSON", base("{", "{}"), "a", "", "", "base.json:1:"},
		{"base: language", base("{}", "{\n\"connection\": 1}"), "a", "", "", "base_lang.json:2:15: connection must be an object"},
		{"connector: key", good, "a", "{\n \"connections\": {}}", "", `configurations/config.json:2:2: unknown key "connections"`},
		{
			"connector: language", good, "a", "{}", "{\n \"configuration\": []}",
			"configurations/lang_en.json:2:19: configuration must be an object",
		},
		{"connector: list", good, "a", "{}", "[]", "configurations/lang_en.json:1:1: the file must contain an object"},
		{"one variable, two settings", good, "a", `{"connection": {"Image": {"type": "text"}}}`, "",
			"configurations/config.json of the connector and the built-in base conflict: " +
				"connection.Image and connection.image map to the same environment variable CONNECTION_IMAGE"},
		{"name", good, "My Connector", "{}", "", `the connector name "My Connector" cannot be used for a deployment`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Merge(connector(test.config, test.language), test.connector, test.base)
			var f *failure.Failure
			if !errors.As(err, &f) || f.Code != failure.CodeInvalidParameter || !strings.Contains(err.Error(), test.says) {
				t.Errorf("%v, want %q", err, test.says)
			}
		})
	}
}

func TestReadBase(t *testing.T) {
	dir := t.TempDir()
	if _, err := ReadBase(filepath.Join(dir, "config.json")); err == nil || !strings.Contains(err.Error(), "cannot read the base") {
		t.Error(err)
	}
	if _, err := ReadBase(dir); err == nil || !strings.Contains(err.Error(), "cannot read the base") {
		t.Error(err)
	}
	config := filepath.Join(dir, "config.json")
	if err := os.WriteFile(config, []byte(`{}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if b, err := ReadBase(config); err != nil || string(b.Language) != "{}" {
		t.Error(b, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "lang_en.json"), []byte(`{"a": }`), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadBase(config); err == nil || !strings.Contains(err.Error(), "lang_en.json:1:7") {
		t.Error(err)
	}
	language := filepath.Join(dir, "lang_en.json")
	if err := errors.Join(os.Remove(language), os.Mkdir(language, 0o755)); err != nil {
		t.Fatal(err)
	}
	var f *failure.Failure
	if _, err := ReadBase(config); !errors.As(err, &f) || !strings.Contains(f.Message, "cannot read the texts") || f.Hint == "" {
		t.Error(err)
	}
}
