package settings

import (
	"maps"
	"slices"
	"testing"
	"testing/fstest"
)

// What texts say is all that counts, and what a connector sees of carjs's own settings is the
// table.
func TestGatherTexts(t *testing.T) {
	t.Setenv("CONFIGURATION_AUTH_URL", "http://of-the-environment")
	t.Setenv("CONNECTION_NAME", "of-the-environment")
	declaration, err := ReadDeclaration(fstest.MapFS{ConfigFile: {Data: []byte(`{
		"connection": {"type": {"type": "connectorType", "displayName": "C", "group": "c"}},
		"configuration": {"auth": {"type": "fields", "url": {"type": "text"}, "limit": {"type": "number", "default": 5}}}}`)}})
	if err != nil {
		t.Fatal(err)
	}
	missing, err := GatherTexts(declaration, nil)
	if err != nil || missing.Check() == nil {
		t.Errorf("no setting is missing: %v", err)
	}
	values, err := GatherTexts(declaration,
		map[string]string{"CONFIGURATION_AUTH_URL": "http://h", "CONNECTION_NAME": "office", "CARJS_TIMEOUT": "1s"})
	if err == nil {
		err = values.Check()
	}
	if err != nil {
		t.Fatal(err)
	}
	args := values.Connector()
	for name, want := range map[string]any{
		"url": "http://h", "CONFIGURATION_AUTH_LIMIT": 5.0, "source": "office", "CONNECTION_NAME": "office", "debug": false,
	} {
		if args[name] != want {
			t.Errorf("%s is %v, want %v", name, args[name], want)
		}
	}
	if values.Value("CARJS_TIMEOUT") != nil {
		t.Error("a setting of runs alone is there")
	}
	var shown []string
	for _, row := range ConnectorTable() {
		shown = append(shown, row.Env)
	}
	if want := []string{
		"CONNECTION_NAME", "CONNECTOR_NAME", "CONNECTOR_VERSION", "DEBUG",
	}; !slices.Equal(slices.Sorted(slices.Values(shown)), want) {
		t.Errorf("the table has %v of %v", shown, slices.Collect(maps.Keys(args)))
	}
}
