package main

import (
	"fmt"
	"strings"

	"carjs/cmd/carjs/internal/app"
	"carjs/host/artifact"
	"carjs/host/settings"
)

// describedConnector is what a connector says about itself, before anything of it runs.
type describedConnector struct {
	Name        string `json:"name"`
	DisplayName string `json:"display_name,omitempty"`
	Version     string `json:"version,omitempty"`
	// Carjs is the version that built an artifact, SHA256 its checksum; both are empty for a
	// folder.
	Carjs  string `json:"carjs,omitempty"`
	SHA256 string `json:"sha256,omitempty"`
	// Hosts are where it connects; nil when it does not say, and so may connect anywhere.
	Hosts    []string           `json:"hosts"`
	Settings []describedSetting `json:"settings"`
}

type describedSetting struct {
	Name     string        `json:"name"`
	Env      string        `json:"env"`
	Type     settings.Type `json:"type"`
	Required bool          `json:"required"`
}

func describeConnector(word string) (describedConnector, error) {
	if word == "" {
		return describedConnector{}, usage("describe connector: no connector given").WithHint("carjs describe connector CONNECTOR")
	}
	line, err := app.ReadFilesLine("describe connector", settings.Table{}, []string{word})
	if err != nil {
		return describedConnector{}, err
	}
	declaration, err := settings.ReadDeclaration(line.Connector.FS)
	if err != nil {
		return describedConnector{}, err
	}
	d := describedConnector{
		Name: line.Connector.Name, DisplayName: declaration.Name, Version: declaration.Version, Hosts: declaration.Hosts,
		Settings: []describedSetting{},
	}
	if manifest := line.Connector.Manifest(); manifest != nil {
		d.Carjs, d.SHA256 = manifest.Carjs, artifact.Checksum(line.Connector.Artifact())
	}
	for _, f := range declaration.Fields {
		d.Settings = append(d.Settings, describedSetting{f.Path, f.Env, f.Type, f.Required()})
	}
	return d, nil
}

func describedConnectorOf(word string) (any, error) { return describeConnector(word) }

func (env environment) printConnector(word string) error {
	d, err := describeConnector(word)
	if err != nil {
		return err
	}
	return env.columns(func(row func(...string)) {
		row("connector", d.Name, d.DisplayName)
		for _, fact := range [][2]string{{"version", d.Version}, {"built by", d.Carjs}, {"SHA-256", d.SHA256}} {
			if fact[1] != "" {
				row(fact[0], fact[1])
			}
		}
		row("connects to", shownHosts(d.Hosts))
		heading := "settings"
		for _, s := range d.Settings {
			required := ""
			if s.Required {
				required = "required"
			}
			row(heading, s.Name, string(s.Type), required)
			heading = ""
		}
	})
}

// shownHosts are the hosts that a connector declares, for people.
func shownHosts(hosts []string) string {
	switch {
	case hosts == nil:
		return "anywhere: config.json declares no hosts"
	case len(hosts) == 0:
		return "nothing"
	}
	return strings.Join(hosts, ", ")
}

func describedConfig(string) (any, error) { return settings.ConfigKeys(), nil }

func (env environment) printConfig(string) error {
	return env.columns(func(row func(...string)) {
		of := ""
		for _, k := range settings.ConfigKeys() {
			if k.Of != of {
				of = k.Of
				row(of)
			}
			types := ""
			if len(k.Types) > 0 {
				types = " (" + strings.Trim(fmt.Sprint(k.Types), "[]") + ")"
			}
			row("  "+k.Name, k.About+types)
		}
	})
}
