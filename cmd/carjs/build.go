package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"carjs/cmd/carjs/internal/app"
	"carjs/connectors"
	"carjs/host/artifact"
	"carjs/host/bundle"
	"carjs/host/settings"
)

// buildCommand is carjs build: a connector in one file.
func (env environment) buildCommand() *cli.Command {
	return &cli.Command{
		Name:            "build",
		Usage:           "build a connector into one file to deploy",
		UsageText:       "carjs build [flags] CONNECTOR [flags]",
		SkipFlagParsing: true,
		Action: func(c *cli.Context) error {
			return env.build(c.Context, c.Args().Slice())
		},
	}
}

func (env environment) build(ctx context.Context, args []string) error {
	line, err := app.ReadFilesLine("build", settings.BuildTable(), args)
	if err != nil {
		return err
	}
	if line.Help {
		fmt.Fprint(env.Stdout, line.Usage())
		return nil
	}
	name := line.Connector.Name
	if line.Connector.Built() {
		return usage("%s is already an artifact", name).WithHint("carjs build takes a connector's folder; just copy the artifact")
	}
	if _, err := settings.ReadDeclaration(line.Connector.FS); err != nil {
		return err
	}
	values, err := line.Gather()
	if err != nil {
		return err
	}
	sign := func(data []byte) ([]byte, error) { return data, nil }
	signed := ""
	if file := values.Text(settings.EnvSign); file != "" {
		key, err := artifact.ReadPrivateKey(file)
		if err != nil {
			return err
		}
		sign = func(data []byte) ([]byte, error) { return artifact.Sign(data, key) }
		signed = " and signed"
	}
	made, encoded, err := env.encode(ctx, line.Connector)
	if err != nil {
		return err
	}
	if encoded, err = sign(encoded); err != nil {
		return err
	}
	path := values.Text(settings.EnvOutput)
	if path == "" {
		path = name + artifact.Extension
	}
	if err := artifact.Write(path, encoded); err != nil {
		return err
	}
	fmt.Fprintf(env.Stdout, "%s is built%s: %s in %d kB, SHA-256 %s\nnext: carjs run %s\n",
		path, signed, counted(len(made.Inputs), "file"), (len(encoded)+999)/1000, artifact.Checksum(encoded), path)
	return nil
}

// encode bundles a connector and makes its artifact.
func (env environment) encode(ctx context.Context, connector connectors.Connector) (*bundle.Bundle, []byte, error) {
	made, err := app.Bundle(ctx, connector)
	var buildErr *bundle.BuildError
	if errors.As(err, &buildErr) {
		fmt.Fprintf(env.Stderr, "%s\n", buildErr.Format(hasColour(env.Stderr)))
		return nil, nil, app.BuildFailure(connector.Name, buildErr)
	}
	if err != nil {
		return nil, nil, err
	}
	for _, warning := range made.Warnings {
		fmt.Fprintf(env.Stderr, "%s\n", warning.Frame)
	}
	if err := app.Compiles(made); err != nil {
		return nil, nil, err
	}
	encoded, err := artifact.Encode(made, connector.FS, version())
	return made, encoded, err
}
