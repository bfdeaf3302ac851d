package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"carjs/cmd/carjs/internal/app"
	"carjs/connectors"
	"carjs/host/deploy/manifest"
	"carjs/host/deploy/merge"
	"carjs/host/files"
	"carjs/host/settings"
)

// manifestCommand is carjs manifest: the objects with which a cluster runs connectors.
func (env environment) manifestCommand() *cli.Command {
	return &cli.Command{
		Name:            "manifest",
		Usage:           "write the Kubernetes objects that run a connector on a schedule",
		UsageText:       "carjs manifest [flags] CONNECTOR [flags]\n   carjs manifest -connections FILE [flags]",
		SkipFlagParsing: true,
		Action: func(c *cli.Context) error {
			return env.manifest(c.Args().Slice())
		},
	}
}

const aboutManifest = `
Writes YAML for kubectl apply: a CronJob for each connection. The settings of the connector are flags, except for passwords: the pod
reads them from Secrets, and the manifest says which keys they must have. With -with-secrets it has the Secrets, too, with the values that
a file of connections names by their environment variables and files. docs/deploy.md describes the file of connections.
`

func (env environment) manifest(args []string) error {
	line, values, err := env.flagsOf("manifest", settings.ManifestTable(), aboutManifest, args)
	if err != nil || line.Help {
		return err
	}
	output := values.Text(settings.EnvOutput)
	if withSecrets(values) && output == "" {
		return usage("manifest: -with-secrets needs -o, so that no secret is printed by accident").
			WithHint("set -o to a file, or to - for a pipe: carjs manifest ... -with-secrets -o - | kubectl apply --server-side -f -")
	}
	text, err := env.manifestText("manifest", line, values)
	if err != nil {
		return err
	}
	return env.writeManifest(output, text, withSecrets(values))
}

// flagsOf reads the line of a command that writes settings down. Where it asks for help, that is
// printed.
func (env environment) flagsOf(command string, table settings.Table, about string, args []string) (*app.Line, settings.Values, error) {
	line, err := app.ReadOptionalLine(command, table, args)
	if err != nil {
		return nil, settings.Values{}, err
	}
	if line.Help {
		fmt.Fprint(env.Stdout, line.Usage(), about)
		return line, settings.Values{}, nil
	}
	values, err := line.GatherFlags()
	if err == nil {
		err = values.Malformed()
	}
	return line, values, err
}

// manifestText is the manifest that the line of a command describes.
func (env environment) manifestText(command string, line *app.Line, values settings.Values) ([]byte, error) {
	if err := fitting(command, line, values); err != nil {
		return nil, err
	}
	base, err := merge.ReadBase(values.Text(settings.EnvBase))
	if err != nil {
		return nil, err
	}
	switch {
	case values.Text(settings.EnvConnections) != "":
		return env.manyConnections(values, base)
	case values.Text(settings.EnvKind) == settings.KindConnector:
		return customResource(command, line, values, base)
	}
	return oneConnection(line, values, base)
}

// fitting tells whether what is given goes together: each form of the command has flags that mean
// nothing to the others.
func fitting(command string, line *app.Line, values settings.Values) error {
	many := values.Text(settings.EnvConnections) != ""
	resource := values.Text(settings.EnvKind) == settings.KindConnector
	named := line.Connector.Name != ""
	switch {
	case many && named:
		return usage("%s: a connector and -connections are both given", command).WithHint("name the connectors in the file")
	case many && resource:
		return usage("%s: -kind connector is for one connector, and -connections for many", command).WithHint("leave one of them out")
	case !many && !named:
		return usage("%s: no connector given", command).WithHint("carjs %s CONNECTOR, or carjs %s -connections FILE", command, command)
	}
	refuse := func(what string, envs ...string) error {
		for _, name := range envs {
			if row, ok := settings.ManifestTable().Lookup(name); ok && line.HasFlag(name) {
				return usage("%s: -%s has no meaning %s", command, row.Flag, what).
					WithHint("leave it out; carjs %s -help lists the flags", command)
			}
		}
		return nil
	}
	if !many && withSecrets(values) {
		return usage("%s: -with-secrets has no meaning without -connections", command).
			WithHint("leave it out, and create the Secret with kubectl; a file of connections says where values are")
	}
	switch {
	case many:
		return refuse("with -connections: the file says it", settings.EnvImage, settings.EnvVersion, settings.EnvCreator,
			settings.EnvSource, settings.EnvSchedule, settings.EnvSecretName)
	case resource:
		var envs []string
		for _, row := range settings.ManifestTable().Groups(settings.GroupDeploy, settings.GroupScheduled) {
			if row.Env != settings.EnvNamespace {
				envs = append(envs, row.Env)
			}
		}
		return refuse("with -kind connector: the operator decides it", envs...)
	}
	return refuse("with -kind cronjob", settings.EnvCreator)
}

// deployable is a connector as a manifest sees it, with the base's settings among its own.
func deployable(connector connectors.Connector, base merge.Base) (manifest.Connector, error) {
	merged, err := merge.Merge(connector.FS, connector.Name, base)
	return manifest.Connector{Name: connector.Name, Declaration: merged.Declaration}, err
}

func oneConnection(line *app.Line, values settings.Values, base merge.Base) ([]byte, error) {
	connector, err := deployable(line.Connector, base)
	if err != nil {
		return nil, err
	}
	connection, err := manifest.FromValues(connector, values)
	if err != nil {
		return nil, err
	}
	return (&manifest.Fleet{Connections: []manifest.Connection{connection}}).Write()
}

func customResource(command string, line *app.Line, values settings.Values, base merge.Base) ([]byte, error) {
	connector, err := deployable(line.Connector, base)
	if err != nil {
		return nil, err
	}
	for _, f := range line.Declaration.Fields {
		if values.Given(f.Env) {
			return nil, usage("%s: -%s has no meaning with -kind connector: "+
				"connections are made on the platform's pages", command, f.Names()[0])
		}
	}
	cluster, err := manifest.NewCluster(values)
	if err != nil {
		return nil, err
	}
	image, err := manifest.ParseImage(values.Text(settings.EnvImage))
	if err != nil {
		return nil, err
	}
	version := values.Text(settings.EnvVersion)
	if version == "" {
		version = image.Tag
	}
	if version == "" {
		return nil, usage("%s: no version given", command).WithHint("set -version, or name the image with its tag: REF:VERSION@sha256:...")
	}
	return manifest.WriteResource(manifest.Resource{Connector: connector.Name, Namespace: cluster.Namespace, Version: version,
		Creator: values.Text(settings.EnvCreator), Image: image})
}

// manyConnections reads the file of connections. Connectors are looked for from its folder, so that
// the manifest does not depend on where carjs runs.
func (env environment) manyConnections(values settings.Values, base merge.Base) ([]byte, error) {
	if _, err := manifest.NewCluster(values); err != nil {
		return nil, err
	}
	path := values.Text(settings.EnvConnections)
	fleet, err := manifest.ReadConnections(manifest.File{Path: path, Values: values, WithSecrets: withSecrets(values),
		Find: func(name string) (manifest.Connector, error) {
			dir, err := filepath.Abs(filepath.Dir(path))
			if err != nil {
				return manifest.Connector{}, err
			}
			connector, err := connectors.Find(dir, name)
			if err != nil {
				return manifest.Connector{}, err
			}
			return deployable(connector, base)
		}})
	var mistakes settings.Mistakes
	if errors.As(err, &mistakes) {
		for _, mistake := range mistakes {
			fmt.Fprintf(env.Stderr, "%s\n", mistake.Error())
		}
		return nil, manifest.Explain(path, err)
	}
	if err != nil {
		return nil, err
	}
	return fleet.Write()
}

// withSecrets tells whether the manifest will have Secrets with their values.
func withSecrets(values settings.Values) bool { return values.Value(settings.EnvWithSecrets) == true }

// writeManifest writes to the file, or prints. A file that is something else is never replaced. One
// with secrets is for its owner alone.
func (env environment) writeManifest(path string, text []byte, secret bool) error {
	if path == "" || path == "-" {
		_, err := env.Stdout.Write(text)
		return err
	}
	old, err := os.ReadFile(path)
	switch info, statErr := os.Stat(path); {
	case statErr == nil && info.IsDir():
		return usage("%s is a folder", path).WithHint("set -o to a file")
	case err == nil && len(old) > 0 && !bytes.HasPrefix(old, []byte(manifest.Head)):
		return usage("%s exists and is not a manifest of carjs", path).WithHint("set -o to another file, or remove this one")
	}
	write := files.Write
	if secret {
		write = files.WritePrivate
	}
	if err := write(path, text); err != nil {
		return usage("cannot write the manifest: %s", files.Reason(err)).WithCause(err).WithHint("set -o to a file in a writable folder")
	}
	objects := strings.Count(string(text), "\n---\n") + 1
	also := ""
	if secret {
		also = ", with secrets; only you can read it"
	}
	fmt.Fprintf(env.Stdout, "%s is written: %s%s\nnext: carjs deploy -f %s, or kubectl apply --server-side -f %s\n",
		path, counted(objects, "object"), also, path, path)
	return nil
}
