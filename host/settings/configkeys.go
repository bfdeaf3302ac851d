package settings

import (
	"slices"
	"strings"
)

// ConfigKey is a key of config.json, as it is described to people.
type ConfigKey struct {
	// Of is what has the key: "connection.type", or "a setting".
	Of   string `json:"of"`
	Name string `json:"name"`
	// Types are the types of settings that may have it; empty for all.
	Types []Type `json:"types,omitempty"`
	// About says what it is, in one sentence without its full stop.
	About string `json:"about"`
}

// What has keys in a config.json.
const (
	ofConnector = "connection.type"
	ofSetting   = "a setting"
)

// connectorKeys are the keys of connection.type.
func connectorKeys() []ConfigKey {
	return []ConfigKey{
		{Of: ofConnector, Name: "type", About: `"` + connectorType + `"`},
		{Of: ofConnector, Name: "displayName", About: "name of the connector for people"},
		{Of: ofConnector, Name: "group", About: "family of data sources that it belongs to"},
		{Of: ofConnector, Name: "version", About: "version of the connector, such as 1.4.0"},
		{Of: ofConnector, Name: hostsKey,
			About: `list of the only hosts that it connects to: "api.example.com", "api.example.com:443", "*.example.com", ` +
				`an address or a range of addresses, and settings in braces, "{url}" or "{region}.example.com"; ` +
				`a setting's URL stands for its host and port`},
	}
}

// ConfigKeys are the keys that a config.json can have below the names of its settings and groups.
func ConfigKeys() []ConfigKey {
	types := []string{}
	for _, t := range fieldTypes {
		types = append(types, string(t))
	}
	keys := append(connectorKeys(), ConfigKey{Of: ofSetting, Name: "type",
		About: "one of " + strings.Join(types, ", ") + `; a group of settings has "` + groupType + `"`})
	for _, name := range attributeNames() {
		keys = append(keys, ConfigKey{Of: ofSetting, Name: name, Types: slices.Clone(attributes[name].types), About: attributes[name].about})
	}
	return keys
}
