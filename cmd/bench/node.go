package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/evanw/esbuild/pkg/api"

	"carjs/connectors"
)

// nodeFiles are the modules of carjs for Node, as far as the reference connector needs them, and
// the program that runs it.
//
//go:embed node
var nodeFiles embed.FS

// installTime bounds the installation of packages.
const installTime = 2 * time.Minute

// nodeScript bundles the reference connector, the same TypeScript that carjs runs, with modules for
// Node, and returns the script's file. The error is a missingError when something is not there that
// this needs.
func (b *bench) nodeScript(ctx context.Context) (string, error) {
	if _, err := exec.LookPath("node"); err != nil {
		return "", missingError("node is not installed")
	}
	packages, err := b.nodePackages(ctx)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(b.dir, "node")
	connector, err := connectors.Find(b.dir, "reference")
	if err != nil {
		return "", err
	}
	for name, files := range map[string]fs.FS{"connector": connector.FS, "shim": nodeFiles} {
		if err := os.CopyFS(filepath.Join(dir, name), files); err != nil {
			return "", err
		}
	}
	shim := filepath.Join(dir, "shim", "node")
	script := filepath.Join(dir, "run.cjs")
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{filepath.Join(shim, "run.ts")},
		Outfile:     script,
		Write:       true,
		Bundle:      true,
		Platform:    api.PlatformNode,
		Format:      api.FormatCommonJS,
		Target:      api.ES2022,
		NodePaths:   []string{packages},
		Alias: map[string]string{
			"carjs":      filepath.Join(shim, "carjs.ts"),
			"carjs/http": filepath.Join(shim, "http.ts"),
			"connector":  filepath.Join(dir, "connector", "src", "main.ts"),
		},
		LogLevel: api.LogLevelSilent,
	})
	if len(result.Errors) > 0 {
		return "", fmt.Errorf("bundle the connector for node: %s", result.Errors[0].Text)
	}
	return script, nil
}

// nodePackages installs the packages that the variant needs in the user's cache folder, unless they
// are there, and returns their folder.
func (b *bench) nodePackages(ctx context.Context) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", missingError("there is no folder for caches: " + err.Error())
	}
	wanted, err := nodeFiles.ReadFile("node/package.json")
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "carjs-bench", "node")
	packages := filepath.Join(dir, "node_modules")
	installed := filepath.Join(packages, "installed.json") // what was asked for when they were installed
	if there, err := os.ReadFile(installed); err == nil && string(there) == string(wanted) {
		return packages, nil
	}
	if !b.install {
		return "", missingError("its packages are not installed; make bench installs them")
	}
	if _, err := exec.LookPath("npm"); err != nil {
		return "", missingError("npm is not installed")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(dir, "package.json"), wanted, 0o644); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, installTime)
	defer cancel()
	install := exec.CommandContext(ctx, "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
	install.Dir = dir
	if _, err := install.Output(); err != nil {
		return "", missingError("npm cannot install its packages: " + firstLine(err))
	}
	return packages, os.WriteFile(installed, wanted, 0o644)
}

// firstLine is the first line of what a program said when it failed.
func firstLine(err error) string {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return err.Error()
	}
	for i, c := range exit.Stderr {
		if c == '\n' {
			return string(exit.Stderr[:i])
		}
	}
	return err.Error()
}
