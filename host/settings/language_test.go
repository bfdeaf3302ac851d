package settings

import (
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// What lang_en.json lacks, and what it has too much, each with its place.
func TestLanguageMistakes(t *testing.T) {
	const config = `{"connection": {"type": {"type": "connectorType"}, "host": {"type": "text"}, "quiet": {"type": "text", "hidden": true}},
		"configuration": {"auth": {"type": "fields", "user": {"type": "text"}, "password": {"type": "password"}}}}`
	const complete = `"type": {"label": "T"}, "host": {"label": "Host", "description": "d", "placeholder": "p"}}`
	for _, c := range []struct {
		name, language string
		want           []string
	}{
		{"all is there", `{"connection": {` + complete + `, "configuration": {"auth": {"user": {"label": "U"}, "password": {"label": "P"}}}}`, nil},
		{"no file", "", []string{"1:1 the file is missing: the settings have no labels"}},
		{"labels are missing", "{\n \"connection\": {\n  \"host\": {\"description\": \"d\"}},\n \"configuration\": {}}", []string{
			"3:11 connection.host has no label", "4:19 configuration.auth.user has no label", "4:19 configuration.auth.password has no label"}},
		{"two strangers side by side", `{"connection": {"elsewhere": {"label": "E"}, "nowhere": {"label": "N"}, ` + complete +
			`, "configuration": {"auth": {"user": {"label": "U"}, "password": {"label": "P"}}}}`, []string{
			"1:17 config.json has no connection.elsewhere", "1:46 config.json has no connection.nowhere"}},
		{"two texts that are none", `{"title": "t", "connection": {"host": {"label": "L", "help": "h", "lable": "x"}}, "configuration": {"auth": {"label": "A",
"user": {"label": "U"}, "password": {"label": "P"}}}}`, []string{
			"1:54 connection.host.help is not a label, description or placeholder", "1:67 connection.host.lable is not a label, description or placeholder"}},
		{"a stranger below a group", `{"connection": {` + complete + `, "configuration": {"auth": {"token": {"label": "T"}, "user": {"label": "U"}, ` +
			`"password": {"label": "P"}}}}`, []string{"1:136 config.json has no configuration.auth.token"}},
	} {
		files := fstest.MapFS{"configurations/config.json": {Data: []byte(config)}}
		if c.language != "" {
			files[LanguageFile] = &fstest.MapFile{Data: []byte(c.language)}
		}
		declaration, err := ReadDeclaration(files)
		if err != nil {
			t.Fatal(err)
		}
		mistakes, err := LanguageMistakes(files, declaration)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		var got []string
		for _, m := range mistakes {
			got = append(got, fmt.Sprintf("%d:%d %s", m.Line, m.Column, m.Message))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s:\n%s", c.name, diff)
		}
	}
	none := fstest.MapFS{}
	declaration, err := ReadDeclaration(none)
	if err != nil {
		t.Fatal(err)
	}
	if mistakes, err := LanguageMistakes(none, declaration); err != nil || mistakes != nil {
		t.Errorf("a connector without settings: %v, %v", mistakes, err)
	}
	for name, file := range map[string]*fstest.MapFile{"no JSON": {Data: []byte("{")}, "a folder": {Mode: 0o755 | 1<<31}} {
		if _, err := LanguageMistakes(fstest.MapFS{LanguageFile: file}, declaration); err == nil {
			t.Errorf("%s is taken for labels", name)
		}
	}
}
