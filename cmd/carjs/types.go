package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"carjs/cmd/carjs/internal/app"
	"carjs/connectors"
	"carjs/host/author/types"
	"carjs/host/settings"
)

// typesCommand is carjs types: typings for the editor.
func (env environment) typesCommand() *cli.Command {
	return &cli.Command{
		Name:            "types",
		Usage:           "write typings for the editor: modules, settings, and collections of the extension",
		UsageText:       "carjs types [flags] CONNECTOR",
		SkipFlagParsing: true,
		Action: func(c *cli.Context) error {
			return env.types(c.Context, c.Args().Slice())
		},
	}
}

const aboutTypes = `usage: carjs types [-allow-read DIR,…] CONNECTOR

Writes the folder types in the connector's folder: the typings of all modules, those of the settings that config.json declares, and
those of the connector's schema extension. A tsconfig.json is written where there is none. Files that carjs did not write stay as
they are.
`

func (env environment) types(ctx context.Context, args []string) error {
	line, err := app.ReadSourceLine("types", settings.TypesTable(), args)
	if err != nil {
		return err
	}
	if line.Help {
		fmt.Fprint(env.Stdout, aboutTypes)
		return nil
	}
	if _, err := line.Checked(); err != nil {
		return err
	}
	connector := line.Connector
	if connector.Dir == "" {
		return usage("the connector %s is built in: there is no folder to write into", connector.Name).
			WithHint("create a connector of your own with carjs init NAME")
	}
	declaration, err := settings.ReadDeclaration(connector.FS)
	if err != nil {
		return err
	}
	files, keep, err := env.typesOf(ctx, connector, declaration)
	if err != nil {
		return usage("%v", err).WithCause(err)
	}
	written, err := types.Write(connector.Dir, files, keep...)
	if err != nil {
		return usage("%v", err).WithCause(err)
	}
	for _, name := range written.Foreign {
		fmt.Fprintf(env.Stderr, "carjs: %s was not changed, because carjs did not write it\n", filepath.Join(types.Folder, name))
	}
	fmt.Fprintf(env.Stdout, "%s: %d written, %d up to date, %d removed\n", fromHere(filepath.Join(connector.Dir, types.Folder)),
		len(written.Changed), len(written.Same), len(written.Gone))
	return env.writeTSConfig(connector.Dir)
}

// fromHere is a path as a person in the working folder writes it; one outside of it stays as it is.
func fromHere(path string) string {
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	if relative, err := filepath.Rel(here, path); err == nil && filepath.IsLocal(relative) {
		return relative
	}
	return path
}

// typesOf are the files for a connector, and those that stay as they were written before, because
// what they are made of is not to be had at present.
func (env environment) typesOf(
	ctx context.Context, connector connectors.Connector, declaration *settings.Declaration,
) (files map[string]string, keep []string, err error) {
	extension, failed := app.SchemaExtension(ctx, connector, declaration)
	reason := "the connector does not start"
	if standIns := (*settings.StandInError)(nil); errors.As(failed, &standIns) {
		reason += " with placeholders as settings (" + strings.Join(standIns.Read, ", ") + ")"
	}
	if failed == nil {
		if files, failed = types.Files(declaration, extension); failed != nil {
			reason = "it does not fit CAR's data model"
		}
	}
	if failed != nil {
		fmt.Fprintf(env.Stderr, "carjs: the types of the schema extension were not updated, because %s: %s\n"+
			"  next step  run carjs check %s\n", reason, firstLine(failed.Error()), connector.Name)
		keep = []string{types.ExtensionFile}
		if files, err = types.Files(declaration, nil); err != nil {
			return nil, nil, err
		}
	}
	byHand, err := types.ByHand(connector.FS)
	for _, name := range slices.Sorted(maps.Keys(byHand)) {
		if _, there := files[name]; there {
			delete(files, name)
			fmt.Fprintf(env.Stderr, "carjs: %s was not written, because %s declares the same by hand; "+
				"remove that to have it generated\n", filepath.Join(types.Folder, name), byHand[name])
		}
	}
	return files, keep, err
}

// tsconfig is that of a connector with its own typings.
const tsconfig = `{
  "extends": "./types/tsconfig.json",
  "include": ["src", "tests", "types"]
}
`

// writeTSConfig writes a tsconfig.json where there is none.
func (env environment) writeTSConfig(dir string) error {
	path := filepath.Join(dir, "tsconfig.json")
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if os.IsExist(err) {
		return nil
	}
	if err == nil {
		_, err = file.WriteString(tsconfig)
		if closeErr := file.Close(); err == nil {
			err = closeErr
		}
	}
	if err != nil {
		return usage("cannot write %s: %v", path, err).WithCause(err)
	}
	fmt.Fprintf(env.Stdout, "%s: written\n", path)
	return nil
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
