package embedded

import (
	"path/filepath"

	"github.com/hashicorp/go-hclog"

	"carjs/connectors/reference/server"
	"carjs/host/settings"
)

// Connector is the connector whose data source is embedded.
const Connector = "reference"

// SettingURL is the setting that says where the reference connector's data source is.
const SettingURL = "CONFIGURATION_AUTH_URL"

// SomeURL is a valid URL in place of that of the embedded data source, to check settings before it
// is started.
const SomeURL = "http://127.0.0.1"

// StandsIn tells whether the embedded data source stands in for one that is not named: for the
// reference connector, when neither its URL nor a recording is given.
func StandsIn(connector string, values settings.Values) bool {
	return connector == Connector && !values.Given(SettingURL) && values.Text(settings.EnvReplay) == ""
}

// StartSource starts the embedded data source that is kept in a folder. broken, when set, is called
// when it cannot use its files any more.
func StartSource(stateDir string, log hclog.Logger, broken func(error)) (*Running, error) {
	s, err := OpenSource(stateDir, server.Config{Logger: log.Named("source"), Broken: broken})
	if err != nil {
		return nil, err
	}
	running, err := Start(s)
	if err != nil {
		return nil, err
	}
	log.Info("using the embedded data source, because no URL is set", "kept_in", filepath.Join(stateDir, "source.db"))
	return running, nil
}

// SourceSettings are the settings of the reference connector for the embedded data source that
// answers at a URL, by environment variable.
func SourceSettings(url string) map[string]string {
	return map[string]string{
		SettingURL: url, "CONFIGURATION_AUTH_USERNAME": "admin", "CONFIGURATION_AUTH_PASSWORD": "admin",
	}
}
