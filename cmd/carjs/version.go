package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/urfave/cli/v2"

	"carjs/cmd/carjs/internal/licenses"
	"carjs/host/model"
)

// What the linker says of a release, which is built without looking at version control:
// -ldflags "-X main.released=1.0.0 -X main.commit=... -X main.modified=true".
var released, commit, modified string

// origin is what a binary knows of what it was built from.
type origin struct {
	// Version is a release's number, or what else tells where the binary comes from.
	Version string `json:"version"`
	// Commit is empty where the build knows none. Dirty tells of changes that are in no commit.
	Commit string `json:"commit"`
	Dirty  bool   `json:"dirty"`
	// Go, Goja and ESBuild are the versions of the compiler, the engine and the bundler.
	Go      string `json:"go"`
	Goja    string `json:"goja"`
	ESBuild string `json:"esbuild"`
	// Model is the version of CAR's import schema that the data model states.
	Model int `json:"model"`
	// Platform is the system and the processor, as in "linux/amd64".
	Platform string `json:"platform"`
}

// readOrigin puts together what the linker and Go's build information say.
func readOrigin() origin {
	o := origin{Version: released, Commit: commit, Dirty: modified == "true", Go: runtime.Version(),
		Model: model.SchemaVersion, Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	for _, setting := range info.Settings {
		switch {
		case setting.Key == "vcs.revision" && commit == "":
			o.Commit = setting.Value
		case setting.Key == "vcs.modified" && commit == "":
			o.Dirty = setting.Value == "true"
		}
	}
	for _, dependency := range info.Deps {
		switch dependency.Path {
		case "github.com/dop251/goja":
			o.Goja = dependency.Version
		case "github.com/evanw/esbuild":
			o.ESBuild = dependency.Version
		}
	}
	if o.Version == "" {
		o.Version = versionOf(info.Main.Version, o.Commit)
	}
	return o
}

// versionOf is the version of a binary that is no release: that of the module, as "go install"
// makes it, or the commit.
func versionOf(module, commit string) string {
	switch {
	case module != "" && module != "(devel)":
		return strings.TrimPrefix(module, "v")
	case commit != "":
		return "commit " + commit[:min(12, len(commit))]
	}
	return "development"
}

// version is what the build knows of its origin: a release's number, or the commit.
func version() string {
	if released != "" {
		return released
	}
	return readOrigin().Version
}

// versionCommand is carjs version.
func (env environment) versionCommand() *cli.Command {
	return &cli.Command{
		Name:            "version",
		Usage:           "show the version and what carjs is built of",
		UsageText:       "carjs version [-json | -licenses]",
		HideHelpCommand: true,
		OnUsageError:    usageError,
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "json", Usage: "print one JSON object"},
			&cli.BoolFlag{Name: "licenses", Usage: "print the licenses of carjs and of all that is linked into it"},
		},
		Action: env.version,
	}
}

func (env environment) version(c *cli.Context) error {
	switch {
	case c.Args().Present():
		return usage("version takes no arguments, but got %q", c.Args().First())
	case c.Bool("json") && c.Bool("licenses"):
		return usage("version: -json and -licenses are both given").WithHint("leave one of them out")
	case c.Bool("licenses"):
		return licenses.Write(env.Stdout)
	}
	o := readOrigin()
	if c.Bool("json") {
		return printJSON(env.Stdout, o)
	}
	from := o.Commit
	switch {
	case from == "":
		from = "unknown"
	case o.Dirty:
		from += ", with changes that are not committed"
	}
	fmt.Fprintf(env.Stdout, "carjs %s\n", o.Version)
	for _, row := range [][2]string{
		{"commit", from}, {"platform", o.Platform}, {"Go", strings.TrimPrefix(o.Go, "go")}, {"goja", o.Goja}, {"esbuild", o.ESBuild},
		{"data model", fmt.Sprintf("CAR import schema %d", o.Model)},
	} {
		fmt.Fprintf(env.Stdout, "  %-11s %s\n", row[0], row[1])
	}
	return nil
}

// identity tells this program from every other carjs, also from others of the same version; empty
// when that cannot be told.
func identity() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	file, err := os.Stat(path)
	build, ok := debug.ReadBuildInfo()
	if err != nil || !ok {
		return ""
	}
	return fmt.Sprint(file.Size(), file.ModTime().UnixNano(), build)
}
