package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"carjs/cmd/carjs/internal/app"
	"carjs/connectors"
	"carjs/host/deploy/image"
	"carjs/host/deploy/merge"
	"carjs/host/lazyregexp"
	"carjs/host/settings"
)

// imageCommand is carjs image: a connector as a container image.
func (env environment) imageCommand() *cli.Command {
	return &cli.Command{
		Name:            "image",
		Usage:           "make a container image of a connector, without a container engine",
		UsageText:       "carjs image [flags] CONNECTOR [flags]",
		SkipFlagParsing: true,
		Action: func(c *cli.Context) error {
			return env.image(c.Context, c.Args().Slice())
		},
	}
}

const aboutImage = `
The image has nothing in it but certificates, carjs and the built connector, and is the same, byte for byte, wherever it is made. It
runs as user 1001 in group 0, in the working folder /usr/src/app. The digest that is printed is what to deploy.
`

func (env environment) image(ctx context.Context, args []string) error {
	line, err := app.ReadFilesLine("image", settings.ImageTable(), args)
	if err != nil {
		return err
	}
	if line.Help {
		fmt.Fprint(env.Stdout, line.Usage(), aboutImage)
		return nil
	}
	values, err := line.Checked()
	if err != nil {
		return err
	}
	return stoppedAs(env.makeImage(ctx, line.Connector, values), "the image is not complete")
}

func (env environment) makeImage(ctx context.Context, connector connectors.Connector, values settings.Values) error {
	spec, err := imageSpec(connector, values)
	if err != nil {
		return err
	}
	if err := checkOutputs(values, connector.Name); err != nil {
		return err
	}
	// What cannot be pushed is known before the work is done.
	var target *image.Target
	if reference := values.Text(settings.EnvImagePush); reference != "" {
		if target, err = image.OpenTarget(ctx, reference); err != nil {
			return err
		}
	}
	if err := env.addConnector(ctx, connector, &spec); err != nil {
		return err
	}
	made, err := image.Build(ctx, spec)
	if err != nil {
		return err
	}
	return env.deliver(ctx, made, target, values, connector.Name)
}

// versionTag are the versions that a tag can be called.
var versionTag = lazyregexp.New(`^\w[\w.-]{0,127}$`)

// imageSpec reads the settings of an image.
func imageSpec(connector connectors.Connector, values settings.Values) (image.Spec, error) {
	declaration, err := settings.ReadDeclaration(connector.FS)
	if err != nil {
		return image.Spec{}, err
	}
	spec := image.Spec{
		Name: connector.Name, Title: declaration.Name, Carjs: version(), Base: values.Text(settings.EnvImageBase),
		Version: values.Text(settings.EnvImageVersion), Release: values.Text(settings.EnvImageRelease),
		Vendor: values.Text(settings.EnvImageVendor),
	}
	if spec.Version == "" {
		spec.Version = declaration.Version
	}
	if spec.Version != "" && !versionTag().MatchString(spec.Version) {
		return spec, usage("invalid version %q", spec.Version).WithHint("use letters, digits, dots and dashes, as in 1.4.0-rc.1")
	}
	if spec.Labels, err = pairs(values, settings.EnvImageLabel, "-label", "NAME=VALUE"); err != nil {
		return spec, err
	}
	if path := values.Text(settings.EnvImageCA); path != "" {
		if spec.Authorities, err = os.ReadFile(path); err != nil {
			return spec, usage("cannot read the certificate authorities: %v", err).WithCause(err).WithHint("set -ca to a file in PEM form")
		}
	}
	if spec.Configurations, err = imageConfigurations(connector, values.Text(settings.EnvBase)); err != nil {
		return spec, err
	}
	spec.Binaries, err = imageBinaries(values)
	return spec, err
}

// pairs reads a setting of the form NAME=VALUE,NAME=VALUE.
func pairs(values settings.Values, env, flag, form string) (map[string]string, error) {
	out := map[string]string{}
	for _, item := range listed(values.Text(env)) {
		name, value, ok := strings.Cut(item, "=")
		if !ok || name == "" || value == "" {
			return nil, usage("invalid %s %q", flag, item).WithHint("write %s, and commas between several", form)
		}
		if _, twice := out[name]; twice {
			return nil, usage("%s sets %s twice", flag, name).WithHint("leave one of them out")
		}
		out[name] = value
	}
	return out, nil
}

// listed are the items of a list with commas.
func listed(text string) []string {
	var out []string
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			out = append(out, item)
		}
	}
	return out
}

// imageBinaries finds a carjs for each platform.
func imageBinaries(values settings.Values) (map[image.Platform]string, error) {
	given, err := pairs(values, settings.EnvImageBinary, "-binary", "PLATFORM=FILE")
	if err != nil {
		return nil, err
	}
	wanted := listed(values.Text(settings.EnvImagePlatform))
	if len(wanted) == 0 {
		wanted = slices.Sorted(maps.Keys(given))
	}
	if len(wanted) == 0 {
		wanted = []string{string(image.Here())}
	}
	out := map[image.Platform]string{}
	for _, name := range wanted {
		platform, err := image.ParsePlatform(name)
		if err != nil {
			return nil, err
		}
		path, ok := given[name]
		delete(given, name)
		switch {
		case ok:
		case runtime.GOOS == "linux" && platform == image.Here():
			if path, err = os.Executable(); err != nil {
				return nil, usage("cannot find the file of this program: %v", err).WithHint("set -binary %s=FILE", name)
			}
		default:
			return nil, usage("there is no carjs for %s: this one is for %s/%s", name, runtime.GOOS, runtime.GOARCH).
				WithHint("set -binary %s=FILE to a carjs of that platform", name)
		}
		out[platform] = path
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		return nil, usage("-binary names %s, but -platform does not", name).WithHint("add %s to -platform, or remove it from -binary", name)
	}
	return out, nil
}

// addConnector adds the artifact to the spec, with what is told of it.
func (env environment) addConnector(ctx context.Context, connector connectors.Connector, spec *image.Spec) error {
	sourceMap := []byte(nil)
	if connector.Built() {
		spec.Artifact = connector.Artifact()
		made, err := app.Bundle(ctx, connector)
		if err != nil {
			return err
		}
		sourceMap = made.Map
	} else {
		made, encoded, err := env.encode(ctx, connector)
		if err != nil {
			return err
		}
		apart, err := made.MapApart()
		if err != nil {
			return err
		}
		spec.Artifact, sourceMap = encoded, apart.Map
	}
	spec.Packages = image.Packages(sourceMap, connector.Dir)
	return nil
}

// imageConfigurations are the files that the platform reads, by their path below the working
// folder: those of the connector over those of the base, because the platform merges nothing.
func imageConfigurations(connector connectors.Connector, base string) (map[string][]byte, error) {
	below, err := merge.ReadBase(base)
	if err != nil {
		return nil, err
	}
	merged, err := merge.Merge(connector.FS, connector.Name, below)
	if err != nil {
		return nil, err
	}
	return map[string][]byte{settings.ConfigFile: merged.Config, settings.LanguageFile: merged.Language}, nil
}
