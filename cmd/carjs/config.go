package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"carjs/cmd/carjs/internal/app"
	"carjs/host/deploy/merge"
	"carjs/host/files"
	"carjs/host/settings"
)

// configCommand is carjs config: the configuration files of a deployment.
func (env environment) configCommand() *cli.Command {
	return &cli.Command{
		Name:            "config",
		Usage:           "merge a connector's configuration files with those that all connectors share",
		UsageText:       "carjs config merge [flags] CONNECTOR [flags]",
		SkipFlagParsing: true,
		Action: func(c *cli.Context) error {
			return env.config(c.Args().Slice())
		},
	}
}

const aboutConfig = `
Lays config.json and lang_en.json of the connector over those of the base: in "connection" and in "configuration", a key of the
connector replaces the base's. {CONNECTOR} in the base becomes the connector's name. Without -o, both files are printed as one JSON
document, by their names.
`

func (env environment) config(args []string) error {
	if len(args) > 0 && args[0] == "merge" {
		return env.configMerge(args[1:])
	}
	if len(args) > 0 && !isHelp(args[0]) {
		return usage("config: unknown subcommand %q", args[0]).WithHint("carjs config merge CONNECTOR")
	}
	if len(args) == 0 {
		return usage("config: no subcommand given").WithHint("carjs config merge CONNECTOR")
	}
	return env.configMerge([]string{"-help"})
}

func isHelp(word string) bool {
	switch word {
	case "-h", "--h", "-help", "--help":
		return true
	}
	return false
}

func (env environment) configMerge(args []string) error {
	line, err := app.ReadFilesLine("config merge", settings.ConfigTable(), args)
	if err != nil {
		return err
	}
	if line.Help {
		fmt.Fprint(env.Stdout, line.Usage(), aboutConfig)
		return nil
	}
	values, err := line.Gather()
	if err != nil {
		return err
	}
	base, err := merge.ReadBase(values.Text(settings.EnvBase))
	if err != nil {
		return err
	}
	merged, err := merge.Merge(line.Connector.FS, line.Connector.Name, base)
	if err != nil {
		return err
	}
	dir := values.Text(settings.EnvOutput)
	if dir == "" {
		return printJSON(env.Stdout, struct {
			Config   json.RawMessage `json:"config.json"`
			Language json.RawMessage `json:"lang_en.json"`
		}{merged.Config, merged.Language})
	}
	if err := writeMerged(dir, line.Connector.Dir, merged); err != nil {
		return err
	}
	fmt.Fprintf(env.Stdout, "%s and %s are written\n", filepath.Join(dir, "config.json"), filepath.Join(dir, "lang_en.json"))
	return nil
}

// writeMerged writes both files. The connector's own are the input, and are never replaced.
func writeMerged(dir, connector string, merged merge.Files) error {
	cannot := func(err error) error {
		return usage("cannot write the configuration: %s", files.Reason(err)).WithCause(err).WithHint("set -o to a writable folder")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return cannot(err)
	}
	target, err := os.Stat(dir)
	if err != nil {
		return cannot(err)
	}
	own, err := os.Stat(filepath.Join(connector, filepath.Dir(filepath.FromSlash(settings.ConfigFile))))
	if connector != "" && err == nil && os.SameFile(target, own) {
		return usage("%s holds the connector's own configuration files", dir).WithHint("set -o to another folder")
	}
	if err := files.Write(filepath.Join(dir, "config.json"), merged.Config); err != nil {
		return cannot(err)
	}
	if err := files.Write(filepath.Join(dir, "lang_en.json"), merged.Language); err != nil {
		return cannot(err)
	}
	return nil
}
