package main

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"carjs/host/author/scaffold"
	"carjs/host/author/types"
	"carjs/host/settings"
)

// initCommand is carjs init: a new connector.
func (env environment) initCommand() *cli.Command {
	var list strings.Builder
	for _, t := range scaffold.Templates() {
		fmt.Fprintf(&list, "  %-9s%s\n", t.Name, t.About)
	}
	return &cli.Command{
		Name:            "init",
		Usage:           "create a connector that runs, type-checks and passes its tests right away",
		UsageText:       "carjs init [-template TEMPLATE] [-dir DIR] NAME",
		Description:     "Creates the folder NAME. Templates:\n" + strings.TrimRight(list.String(), "\n"),
		HideHelpCommand: true,
		OnUsageError:    usageError,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "template", Value: scaffold.Templates()[0].Name, Usage: "`TEMPLATE` to start from"},
			&cli.StringFlag{Name: "dir", Value: ".", Usage: "`DIR` to create the folder in"},
		},
		Action: env.init,
	}
}

func (env environment) init(c *cli.Context) error {
	if c.Args().Len() != 1 {
		return usage("init takes one name, not %d", c.Args().Len()).WithHint("carjs init NAME [-template TEMPLATE] [-dir DIR]")
	}
	name, template := c.Args().First(), c.String("template")
	dir := filepath.Join(c.String("dir"), name)
	if err := scaffold.CheckName(name); err != nil {
		return initFailure(err)
	}
	typings, err := typingsOf(template)
	if err != nil {
		return initFailure(err)
	}
	if err := scaffold.Write(dir, template, name, typings); err != nil {
		return initFailure(err)
	}
	shown := filepath.ToSlash(dir)
	if !filepath.IsAbs(dir) && !strings.HasPrefix(shown, ".") {
		shown = "./" + shown
	}
	fmt.Fprintf(env.Stdout, "Created %s from the template %s. It runs right away, on recorded responses:\n\n", shown, template)
	for _, line := range [][2]string{
		{"run " + shown + " -replay " + path.Join(shown, "recordings/first"), "import once"},
		{"dev " + shown, "re-import on every save and show what changed"},
		{"test " + shown, "run its tests and the acceptance checks"},
		{"check " + shown, "check types, settings and common mistakes"},
	} {
		fmt.Fprintf(env.Stdout, "  carjs %-60s  %s\n", line[0], line[1])
	}
	fmt.Fprintf(env.Stdout, "\nStart with %s.\n", path.Join(shown, "README.md"))
	return nil
}

// typingsOf are the typings of a connector that is not written yet. None of the templates extends
// the data model.
func typingsOf(template string) (map[string]string, error) {
	connector, err := scaffold.FS(template)
	if err != nil {
		return nil, err
	}
	declaration, err := settings.ReadDeclaration(connector)
	if err != nil {
		return nil, err
	}
	typings, err := types.Files(declaration, nil)
	below := map[string]string{}
	for file, text := range typings {
		below[path.Join(types.Folder, file)] = text
	}
	return below, err
}

// initFailure says why there is no new connector.
func initFailure(err error) error {
	f := usage("%v", err).WithCause(err)
	var badName *scaffold.NameError
	var exists *scaffold.ExistsError
	switch {
	case errors.As(err, &badName) && badName.Dir != "":
		return f.WithHint("carjs init %s -dir %s", badName.Better, badName.Dir)
	case errors.As(err, &badName) && badName.Better != "":
		return f.WithHint("carjs init %s", badName.Better)
	case errors.As(err, &badName):
		return f.WithHint("carjs init my-connector")
	case errors.As(err, &exists):
		return f.WithHint("carjs init never overwrites files: choose another name, or another folder with -dir")
	}
	return f
}
